package parquetscan

import (
	"math"
	"strings"

	"parcours/report/dataset"
	"parcours/report/dataset/expression"
	"parcours/report/dataset/tally"
)

// converter turns vectors into keys, moments, labels and money. It serves one goroutine and one table.
type converter struct {
	table   *table
	clock   *clock
	money   money
	asOf    *dataset.Day // nil: not given
	instant []int64
	day     []dataset.Day
	verdict []uint8
	labels  map[string]string
	buf     []byte
}

func newConverter(w *worker, b *binding, unit string) *converter {
	s := w.scan
	return &converter{
		table:   b.table,
		clock:   newClock(location(b.table.files.Zone), s.req.Calendar.Location()),
		money:   money{currency: s.req.Currency, digits: s.req.Digits, minor: unit == "minor", rates: s.rates},
		asOf:    s.req.AsOf,
		instant: make([]int64, batchRows), day: make([]dataset.Day, batchRows), verdict: make([]uint8, batchRows),
		labels: map[string]string{},
	}
}

// val returns the values of a role in a batch, nil when it has none.
func (c *converter) val(b *batch, role string) *expression.Vector { return b.vals[c.table.index(role)] }

// key identifies a customer or an order; null when the value is null, empty or not a number.
func (c *converter) key(v *expression.Vector, i int) tally.Key {
	if v == nil || v.IsNull(i) || v.Type.Kind == expression.Null {
		return tally.Key{}
	}
	switch v.Type.Kind {
	case expression.Text:
		return textKey(textOf(v, i))
	case expression.Int:
		return tally.IntKey(v.Int[i])
	case expression.Float:
		if math.IsNaN(v.Float[i]) {
			return tally.Key{}
		}
		c.buf = expression.AppendFloat(c.buf[:0], v.Float[i])
	default:
		c.buf = v.AppendText(c.buf[:0], i)
	}
	return tally.KeyOf(c.buf)
}

// textOf returns a text, whether the vector holds it or a code.
func textOf(v *expression.Vector, i int) string {
	if v.Codes != nil {
		return v.Dict.Text[v.Codes[i]]
	}
	return v.Text[i]
}

// canonical is the form in which a text identifies: without spaces around it.
func canonical(s string) string { return integral(strings.TrimSpace(s)) }

// integral drops the ".0" that a detour by floating point leaves behind identifiers.
func integral(s string) string {
	digits, ok := strings.CutSuffix(s, ".0")
	if !ok || digits == "" {
		return s
	}
	for _, r := range digits {
		if r < '0' || r > '9' {
			return s
		}
	}
	return digits
}

// maxLabels bounds the memory of labels; a role with more different values is no dimension.
const maxLabels = 1 << 16

// label returns a value as text that does not hold on to the batch it came from; "" for null.
func (c *converter) label(v *expression.Vector, i int) string {
	if v == nil || v.IsNull(i) || v.Type.Kind == expression.Null {
		return ""
	}
	text := ""
	if v.Type.Kind == expression.Text {
		text = textOf(v, i)
	} else {
		c.buf = v.AppendText(c.buf[:0], i)
		text = string(c.buf)
	}
	if known, ok := c.labels[text]; ok {
		return known
	}
	if len(c.labels) >= maxLabels {
		clear(c.labels)
	}
	key := strings.Clone(text)
	c.labels[key] = strings.ToValidUTF8(strings.TrimSpace(key), "\uFFFD")
	return c.labels[key]
}

// times reads a time role of a batch into instant, day and verdict.
func (c *converter) times(b *batch, role string) {
	n := b.frame.N
	c.clock.read(c.val(b, role), n, c.instant, c.day, c.verdict)
	if b.task.watched {
		b.task.see(c.day, c.verdict, b.keep)
	}
}

// timely reports whether row i has a time up to a given end of observation, and counts it when not.
func (c *converter) timely(b *batch, i int) bool {
	switch c.verdict[i] {
	case isNull:
		b.drop(dataset.NoTime, i)
	case isBad:
		b.drop(dataset.BadTime, i)
	default:
		if c.asOf == nil || c.day[i] <= *c.asOf {
			return true
		}
		b.drop(dataset.AfterAsOf, i)
	}
	return false
}

// amount reads money in the currency of the row, and counts the row when it cannot.
func (c *converter) amount(b *batch, v, currency *expression.Vector, i int) (int64, bool) {
	if v.IsNull(i) || v.Type.Kind == expression.Null || blank(v, i) {
		b.drop(dataset.NoAmount, i)
		return 0, false
	}
	own := ""
	if currency != nil {
		own = strings.ToUpper(c.label(currency, i))
	}
	x, ok, known := c.money.convert(v, i, own, c.day[i])
	switch {
	case !known:
		b.drop(dataset.WrongCurrency, i)
		b.task.quality.currencies[own]++
	case !ok:
		b.drop(dataset.BadAmount, i)
	}
	return x, ok && known
}

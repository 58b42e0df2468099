package parquetscan

import (
	"slices"
	"strings"

	"parcours/report/dataset"
	"parcours/report/dataset/expression"
)

// maxMinor bounds one amount in minor units.
const maxMinor = 9e15

// minorOf converts a value to units of 10^−digits, halves away from zero, once a row: sums of such integers do not depend on
// the order of rows.
func minorOf(v *expression.Vector, i, digits int) (int64, bool) {
	var x int64
	ok := true
	switch v.Type.Kind {
	case expression.Int:
		x, ok = expression.Rescale(v.Int[i], 0, digits)
	case expression.Decimal:
		x, ok = expression.Rescale(v.Int[i], v.Type.Scale, digits)
	case expression.Float:
		x, ok = expression.Round(v.Float[i], digits)
	case expression.Text:
		var f float64
		if f, ok = expression.ParseNumber(textOf(v, i)); ok {
			x, ok = expression.Round(f, digits)
		}
	default:
		ok = false
	}
	return x, ok && x <= maxMinor && x >= -maxMinor
}

// minors converts n values as minorOf does; values that cannot be converted get the verdict badAmount, if theirs is good. The
// result may be the memory of the vector.
func minors(v *expression.Vector, n, digits int, mem []int64, verdict []uint8) []int64 {
	switch k := v.Type.Kind; {
	case k == expression.Float && digits < len(tens):
		floatMinors(v, n, digits, mem[:n], verdict)
		return mem[:n]
	case k == expression.Int && digits == 0, k == expression.Decimal && digits == v.Type.Scale:
		wide := false
		for _, x := range v.Int[:n] {
			wide = wide || x > maxMinor || x < -maxMinor
		}
		if !wide {
			return v.Int[:n]
		}
	case (k == expression.Int || k == expression.Decimal) && digits > v.Type.Scale && digits-v.Type.Scale < len(tens):
		by := int64(tens[digits-v.Type.Scale])
		most := int64(maxMinor) / by
		for i, x := range v.Int[:n] {
			mem[i] = x * by
			if (x > most || x < -most) && verdict[i] == good {
				eachMinor(v, i, digits, mem, verdict)
			}
		}
		return mem[:n]
	}
	v.Expand(n)
	for i := range n {
		if verdict[i] == good {
			eachMinor(v, i, digits, mem, verdict)
		}
	}
	return mem[:n]
}

func eachMinor(v *expression.Vector, i, digits int, mem []int64, verdict []uint8) {
	x, ok := minorOf(v, i, digits)
	if mem[i] = x; !ok {
		verdict[i] = badAmount
	}
}

// tens holds the powers of ten by which amounts are multiplied.
var tens = [...]float64{1, 1e1, 1e2, 1e3, 1e4}

// floatMinors rounds floats. Adding and taking away a large number rounds to the nearest integer; that is what
// expression.Round gives unless the value is near a half.
func floatMinors(v *expression.Vector, n, digits int, mem []int64, verdict []uint8) {
	const (
		shift = 3 << 51 // where doubles are whole numbers
		tie   = 0.49    // as far from an integer as one may be without asking for the rule for halves
		most  = 1 << 50
	)
	p := tens[digits]
	for i, x := range v.Float[:n] {
		y := float64(x * p)
		whole := float64(y+shift) - shift
		if d := y - whole; d > -tie && d < tie && y < most && y > -most {
			mem[i] = int64(whole)
			continue
		}
		if verdict[i] == good {
			eachMinor(v, i, digits, mem, verdict)
		}
	}
}

// majorOf is a value as a number of major units, to be converted at a rate.
func majorOf(v *expression.Vector, i int) (float64, bool) {
	switch v.Type.Kind {
	case expression.Int:
		return float64(v.Int[i]), true
	case expression.Decimal:
		text := expression.AppendDecimal(nil, v.Int[i], v.Type.Scale)
		return expression.ParseNumber(string(text))
	case expression.Float:
		return v.Float[i], true
	case expression.Text:
		return expression.ParseNumber(textOf(v, i))
	}
	return 0, false
}

// blank reports whether a text stands for no value.
func blank(v *expression.Vector, i int) bool {
	return v.Type.Kind == expression.Text && strings.TrimSpace(textOf(v, i)) == ""
}

// minorDigits is the number of minor digits of a currency in which exports count "minor units".
func minorDigits(currency string) int {
	switch currency {
	case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	}
	return 2
}

// rates holds exchange rates by currency, days ascending.
type rates map[string][]rate

type rate struct {
	day  dataset.Day
	rate float64
}

// on returns the rate of a day, or the latest earlier one; false when there is none.
func (r rates) on(currency string, d dataset.Day) (float64, bool) {
	list := r[currency]
	i, found := slices.BinarySearchFunc(list, d, func(x rate, d dataset.Day) int { return int(x.day) - int(d) })
	if !found {
		i--
	}
	if i < 0 {
		return 0, false
	}
	return list[i].rate, true
}

// money converts amounts of one table to minor units of the report's currency.
type money struct {
	currency string
	digits   int
	minor    bool // amounts are integers in minor units
	rates    rates
	others   map[string]*exchange
}

// own is the number of digits after which amounts in the report's currency are cut.
func (m *money) own() int {
	if m.minor {
		return 0
	}
	return m.digits
}

// exchange remembers the last rate of a currency.
type exchange struct {
	code  string
	list  rates
	day   dataset.Day
	rate  float64
	known bool
	asked bool
}

// other returns the currency of a row, nil for the report's own.
func (m *money) other(code string) *exchange {
	if code == "" || code == m.currency {
		return nil
	}
	x := m.others[code]
	if x == nil {
		if m.others == nil || len(m.others) > maxLabels {
			m.others = map[string]*exchange{}
		}
		x = &exchange{code: code, list: m.rates}
		m.others[code] = x
	}
	return x
}

func (x *exchange) on(d dataset.Day) (float64, bool) {
	if !x.asked || x.day != d {
		x.rate, x.known = x.list.on(x.code, d)
		x.day, x.asked = d, true
	}
	return x.rate, x.known
}

// convert returns one amount. own is the row's currency, "" or the report's when there is nothing to convert.
func (m *money) convert(v *expression.Vector, i int, own string, d dataset.Day) (x int64, ok, known bool) {
	if other := m.other(own); other != nil {
		return m.exchange(v, i, other, d)
	}
	x, ok = minorOf(v, i, m.own())
	return x, ok, true
}

// exchange returns one amount of another currency.
func (m *money) exchange(v *expression.Vector, i int, other *exchange, d dataset.Day) (x int64, ok, known bool) {
	r, known := other.on(d)
	if !known {
		return 0, false, false
	}
	major, ok := majorOf(v, i)
	if m.minor {
		for range minorDigits(other.code) {
			major /= 10
		}
	}
	if ok {
		x, ok = expression.Round(major*r, m.digits)
	}
	return x, ok && x <= maxMinor && x >= -maxMinor, true
}

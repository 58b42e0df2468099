package parquetscan

import (
	"bytes"
	"slices"
	"strings"

	"parcours/report/dataset"
	"parcours/report/dataset/expression"
	"parcours/report/dataset/tally"
)

// orders binds rows of orders, column by column, and adds them to the worker's place in the tally.
type orders struct {
	*labeler
	table     *dataset.Orders
	sink      orderSink
	dimension int // index of the role, −1 none
	hasRefund bool
	hasStatus bool
	hasItems  bool
	out       tally.OrderRows
	mem       orderColumns
	own       []int64 // amounts of a batch
	back      []int64
	sel       []int
	noOrder   []tally.Key // all null

	customers, ids resolved[tally.Key]
	dims, channels resolved[uint32]
	refunds        resolved[bool]
	currencies     resolved[*exchange]
	exchanges      []*exchange // of foreign rows
	timed          bool        // the times of the batch are read
	anyAbroad      bool        // in the dictionary of currencies
}

// orderSink takes rows of orders; they are used again after Add.
type orderSink interface {
	Add(r *tally.OrderRows)
	Flush() error
}

// orderColumns is the memory of a batch on its way to the tally.
type orderColumns struct {
	customer, order []tally.Key
	isRefund        []bool
	quantity        []int64
	dim, channel    []uint32
}

func newOrders(w *worker, b *binding) consumer {
	o := w.scan.req.Tables.Orders
	c := &orders{
		labeler: newLabeler(w, b, o.Unit), table: o, dimension: -1,
		sink: sinkOf(w, b, w.scan.orderSink),
		own:  make([]int64, batchRows), back: make([]int64, batchRows), noOrder: make([]tally.Key, batchRows), exchanges: make([]*exchange, batchRows),
		mem: orderColumns{
			customer: make([]tally.Key, batchRows), order: make([]tally.Key, batchRows), isRefund: make([]bool, batchRows),
			quantity: make([]int64, batchRows), dim: make([]uint32, batchRows), channel: make([]uint32, batchRows),
		},
	}
	if d := w.scan.req.Dimension; d != "" {
		c.dimension = b.table.index(d)
	}
	c.hasRefund, c.hasItems = b.has("refund"), b.has("quantity")
	c.hasStatus = b.has("status") && len(o.RefundStatus) > 0
	return c
}

// orderSink returns a new place to add orders.
func (s *scan) orderSink() orderSink {
	if s.orders != nil {
		return s.orders()
	}
	return s.tally.Orders()
}

func (c *orders) consume(b *batch) rows {
	n := b.frame.N
	currency := c.val(b, "currency")
	if !c.timed {
		c.times(b, "time")
	}
	c.timed = false
	own := c.amounts(c.val(b, "amount"), currency, n, c.own, noAmount)
	var back []int64
	if c.hasRefund {
		back = c.back[:n]
		for i, x := range c.amounts(c.val(b, "refund"), currency, n, back, absent) {
			back[i] = max(x, -x)
		}
	}
	sel := c.choose(b, currency)
	if len(sel) == 0 {
		return nil
	}
	out := &c.out
	out.Instant, out.Day, out.Amount, out.Refund = c.instant[:n], c.day[:n], own, back
	if len(sel) < n {
		out.Instant, out.Day = compact(out.Instant, c.instant, sel), compact(out.Day, c.day, sel)
		out.Amount, out.Refund = compact(own, c.own, sel), compact(back, c.back, sel)
	}
	c.identify(b, sel)
	c.describe(b, sel)
	c.sink.Add(out)
	return nil
}

// early implements the interface of that name: all rows of a part of the files may be after the end of observation.
func (c *orders) early(b *batch) bool {
	if c.asOf == nil {
		return false
	}
	c.times(b, "time")
	c.late(b.frame.N)
	for _, i := range b.keep {
		if c.verdict[i] == good {
			c.timed = true
			return false
		}
	}
	c.choose(b, nil)
	return true
}

// compact moves the chosen rows of a column to the front of memory that may be the column's own.
func compact[T any](from, to []T, sel []int) []T {
	if from == nil {
		return nil
	}
	for j, i := range sel {
		to[j] = from[i]
	}
	return to[:len(sel)]
}

// late gives rows after a given end of observation their verdict.
func (c *orders) late(n int) {
	last, verdict := *c.asOf, c.verdict[:n]
	for i, d := range c.day[:n] {
		if d > last && verdict[i] == good {
			verdict[i] = isLate
		}
	}
}

// amounts converts amounts in rows that are good so far to minor units. Rows without one get the verdict that is given;
// absent is none: their amount is 0. The result may be the memory of the vector.
func (c *orders) amounts(v, currency *expression.Vector, n int, mem []int64, missing uint8) []int64 {
	verdict := c.verdict[:n]
	v.Expand(n)
	special := false
	if v.Null != nil || v.Type.Kind == expression.Text || v.Type.Kind == expression.Null {
		for i := range n {
			if verdict[i] == good && (v.Type.Kind == expression.Null || v.IsNull(i) || blank(v, i)) {
				verdict[i] = missing
				special = special || missing == absent
			}
		}
	}
	special = c.abroad(currency, n) || special
	out := minors(v, n, c.money.own(), mem, verdict)
	if !special {
		return out
	}
	out = append(mem[:0], out...)
	for i := range out {
		switch verdict[i] {
		case absent:
			out[i], verdict[i] = 0, good
		case foreign:
			x, ok, known := c.money.exchange(v, i, c.exchanges[i], c.day[i])
			switch {
			case !known:
				verdict[i] = noRate
			case !ok:
				verdict[i] = badAmount
			default:
				out[i], verdict[i] = x, good
			}
		}
	}
	return out
}

// abroad gives good rows in another currency than the report's the verdict foreign, and reports whether there is one.
func (c *orders) abroad(v *expression.Vector, n int) bool {
	if v == nil {
		return false
	}
	verdict, found := c.verdict[:n], false
	mark := func(i int, x *exchange) {
		if x != nil && verdict[i] == good {
			verdict[i], c.exchanges[i], found = foreign, x, true
		}
	}
	if v.Codes == nil {
		for i := range n {
			mark(i, c.exchangeOf(v, i))
		}
		return found
	}
	if c.currencies.of != v.Dict {
		c.anyAbroad = false
		for _, x := range c.currencies.by(v, c.exchangeOf) {
			c.anyAbroad = c.anyAbroad || x != nil
		}
	}
	if c.anyAbroad {
		for i, code := range v.Codes[:n] {
			mark(i, c.currencies.entry[code])
		}
	}
	return found
}

func (c *orders) exchangeOf(v *expression.Vector, i int) *exchange {
	return c.money.other(c.currencyOf(v, i))
}

func (c *orders) currencyOf(v *expression.Vector, i int) string {
	return strings.ToUpper(c.label(v, i))
}

// choose returns the rows that can be used, and counts the others that passed the filter.
func (c *orders) choose(b *batch, currency *expression.Vector) []int {
	verdict := c.verdict[:b.frame.N]
	if bytes.Count(verdict, []byte{good}) == len(verdict) {
		return b.keep
	}
	c.sel = c.sel[:0]
	for _, i := range b.keep {
		switch verdict[i] {
		case good:
			c.sel = append(c.sel, i)
		case isNull:
			b.drop(dataset.NoTime, i)
		case isBad:
			b.drop(dataset.BadTime, i)
		case isLate:
			b.drop(dataset.AfterAsOf, i)
		case noAmount:
			b.drop(dataset.NoAmount, i)
		case badAmount:
			b.drop(dataset.BadAmount, i)
		case noRate:
			b.drop(dataset.WrongCurrency, i)
			b.task.quality.currencies[c.currencyOf(currency, i)]++
		}
	}
	return c.sel
}

// identify fills in the customers and the orders of the chosen rows.
func (c *orders) identify(b *batch, sel []int) {
	out := &c.out
	out.Customer = c.mem.customer[:len(sel)]
	b.task.used += int64(len(sel))
	if c.keys(c.val(b, "customer"), sel, out.Customer, &c.customers) {
		for j, k := range out.Customer {
			if k.Null() {
				b.drop(dataset.Unidentified, sel[j])
				b.task.used--
			}
		}
	}
	out.Order = c.noOrder[:len(sel)]
	if v := c.val(b, "order"); v != nil {
		out.Order = c.mem.order[:len(sel)]
		c.keys(v, sel, out.Order, &c.ids)
	}
}

// describe fills in what else is known of the chosen rows.
func (c *orders) describe(b *batch, sel []int) {
	out, n := &c.out, len(sel)
	if c.hasStatus {
		out.IsRefund = c.mem.isRefund[:n]
		c.refunded(c.val(b, "status"), sel)
	}
	if c.hasItems {
		out.Quantity = c.mem.quantity[:n]
		v := c.val(b, "quantity")
		v.Expand(b.frame.N)
		for j, i := range sel {
			out.Quantity[j] = items(v, i)
		}
	}
	if c.dimension >= 0 {
		out.Dim = c.mem.dim[:n]
		c.labelsOf(b.vals[c.dimension], sel, out.Dim, &c.dims)
	}
	out.Channel = nil
	if v := c.val(b, "channel"); v != nil {
		out.Channel = c.mem.channel[:n]
		c.labelsOf(v, sel, out.Channel, &c.channels)
	}
}

// refunded tells by their status which rows are refunds.
func (c *orders) refunded(v *expression.Vector, sel []int) {
	is := func(v *expression.Vector, i int) bool { return slices.Contains(c.table.RefundStatus, c.label(v, i)) }
	if v.Codes == nil {
		for j, i := range sel {
			c.out.IsRefund[j] = is(v, i)
		}
		return
	}
	entry := c.refunds.by(v, is)
	for j, i := range sel {
		c.out.IsRefund[j] = entry[v.Codes[i]]
	}
}

// items is the number of items of a row, 0 when it cannot be read.
func items(v *expression.Vector, i int) int64 {
	if v == nil || v.IsNull(i) || v.Type.Kind == expression.Null {
		return 0
	}
	if v.Type.Kind == expression.Int {
		return v.Int[i]
	}
	x, _ := minorOf(v, i, 0)
	return x
}

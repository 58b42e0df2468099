package parquetscan

import (
	"slices"
	"sync"

	"parcours/report/dataset"
	"parcours/report/dataset/expression"
	"parcours/report/dataset/tally"
)

// orders binds rows of orders.
type orders struct {
	*converter
	table     *dataset.Orders
	dimension int // index of the role, −1 none
	hasRefund bool
	hasStatus bool
	hasItems  bool
	labels0   *tally.Labels
	pool      *sync.Pool
}

func newOrders(w *worker, b *binding) consumer {
	o := w.scan.req.Tables.Orders
	c := &orders{converter: newConverter(w, b, o.Unit), table: o, dimension: -1, pool: &sync.Pool{}, labels0: w.scan.tally.Labels()}
	if d := w.scan.req.Dimension; d != "" {
		c.dimension = b.table.index(d)
	}
	c.hasRefund, c.hasItems = b.has("refund"), b.has("quantity")
	c.hasStatus = b.has("status") && len(o.RefundStatus) > 0
	return c
}

// orderRows is a batch for the tally; its slices go back to the pool.
type orderRows struct {
	tally.OrderRows
	pool *sync.Pool
}

func (r *orderRows) deliver(s *scan) { s.tally.Orders().Add(&r.OrderRows) }
func (r *orderRows) done()           { r.pool.Put(r) }

// begin empties the slices that the mapping uses; the others stay nil.
func (c *orders) begin(hasChannel bool) *orderRows {
	r, _ := c.pool.Get().(*orderRows)
	if r == nil {
		r = &orderRows{pool: c.pool}
	}
	r.Customer, r.Order, r.Instant, r.Day, r.Amount = r.Customer[:0], r.Order[:0], r.Instant[:0], r.Day[:0], r.Amount[:0]
	reset(&r.Refund, c.hasRefund)
	reset(&r.IsRefund, c.hasStatus)
	reset(&r.Quantity, c.hasItems)
	reset(&r.Dim, c.dimension >= 0)
	reset(&r.Channel, hasChannel)
	return r
}

// reset makes a slice empty but not nil when it is wanted.
func reset[T any](s *[]T, wanted bool) {
	switch {
	case !wanted:
		*s = nil
	case *s == nil:
		*s = make([]T, 0, batchRows)
	default:
		*s = (*s)[:0]
	}
}

func (c *orders) consume(b *batch) rows {
	amount, currency, refund := c.val(b, "amount"), c.val(b, "currency"), c.val(b, "refund")
	customer, order, status, quantity, channel := c.val(b, "customer"), c.val(b, "order"), c.val(b, "status"), c.val(b, "quantity"), c.val(b, "channel")
	c.times(b, "time")
	out := c.begin(channel != nil)
	for _, i := range b.keep {
		if !c.timely(b, i) {
			continue
		}
		a, ok := c.amount(b, amount, currency, i)
		if !ok {
			continue
		}
		var back int64
		if c.hasRefund {
			if back, ok = c.refunded(b, refund, currency, i); !ok {
				continue
			}
			out.Refund = append(out.Refund, back)
		}
		who := c.key(customer, i)
		if who.Null() {
			b.drop(dataset.Unidentified, i)
		} else {
			b.task.used++
		}
		out.Customer = append(out.Customer, who)
		out.Order = append(out.Order, c.key(order, i))
		out.Instant = append(out.Instant, c.instant[i])
		out.Day = append(out.Day, c.day[i])
		out.Amount = append(out.Amount, a)
		if c.hasStatus {
			out.IsRefund = append(out.IsRefund, slices.Contains(c.table.RefundStatus, c.label(status, i)))
		}
		if c.hasItems {
			out.Quantity = append(out.Quantity, items(quantity, i))
		}
		if c.dimension >= 0 {
			out.Dim = append(out.Dim, c.labels0.Of(c.label(b.vals[c.dimension], i)))
		}
		if channel != nil {
			out.Channel = append(out.Channel, c.labels0.Of(c.label(channel, i)))
		}
	}
	return out
}

// refunded is the amount of the refund column, whatever sign the export gives it; nothing when null.
func (c *orders) refunded(b *batch, v, currency *expression.Vector, i int) (int64, bool) {
	if v.IsNull(i) || v.Type.Kind == expression.Null || blank(v, i) {
		return 0, true
	}
	x, ok := c.amount(b, v, currency, i)
	return max(x, -x), ok
}

// items is the number of items of a row, 0 when it cannot be read.
func items(v *expression.Vector, i int) int64 {
	if v == nil || v.IsNull(i) || v.Type.Kind == expression.Null {
		return 0
	}
	x, _ := minorOf(v, i, 0)
	return x
}

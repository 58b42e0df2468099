package tally

import (
	"math"

	"parcours/report/dataset"
	"parcours/report/dataset/partition"
)

// rowStores hold the rows of orders of identified customers by partition: of those whose id is a number less than 2³² from
// the base in short records, of the others in long ones.
type rowStores struct {
	layouts [2]layout
	stores  [2]*shelf
}

// The two stores.
const (
	smallIDs = iota
	anyIDs
)

func newRowStores(req dataset.Request, plan Plan, pool *partition.Pool, parts int) rowStores {
	var r rowStores
	for i := range r.stores {
		r.layouts[i] = layoutOf(req, plan, i == smallIDs)
		r.stores[i] = newShelf(pool, r.layouts[i].width, parts, r.layouts[i].labels())
		r.stores[i].dated = true
	}
	return r
}

// Orders adds rows of orders. It serves one goroutine; several may add at the same time.
type Orders struct {
	t         *Tally
	writers   [2]*partition.Writer
	totals    dataset.Totals
	money     int64
	late      int64
	first     dataset.Day // of any row of a customer
	firstSale dataset.Day // of a customer
	last      dataset.Day // of any row
}

// Orders returns a new place to add rows of orders.
func (t *Tally) Orders() *Orders {
	o := &Orders{t: t, first: NoDay, firstSale: NoDay, last: NoDay}
	for i, s := range t.rows.stores {
		o.writers[i] = s.Writer()
	}
	return o
}

// Flush says that all rows were added. It comes before Finish; the place must not be used afterwards.
func (o *Orders) Flush() error {
	t := o.t
	t.mu.Lock()
	addRows(&t.totals, &o.totals)
	t.money, t.orderMoney = saturated(t.money, o.money), saturated(t.orderMoney, o.money)
	t.late += o.late
	t.first, t.firstSale, t.last = earlier(t.first, o.first), earlier(t.firstSale, o.firstSale), max(t.last, o.last)
	t.mu.Unlock()
	for _, w := range o.writers {
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// addRows adds what the rows of orders come to.
func addRows(to, from *dataset.Totals) {
	to.UnidentifiedRows += from.UnidentifiedRows
	to.UnidentifiedNet += from.UnidentifiedNet
	to.RowsUsed += from.RowsUsed
	to.Gross += from.Gross
	to.Refunds += from.Refunds
	to.Items += from.Items
}

// earlier returns the earlier of two days, either of which may be NoDay.
func earlier(a, b dataset.Day) dataset.Day {
	if a == NoDay || b != NoDay && b < a {
		return b
	}
	return a
}

// Add adds rows of orders.
func (o *Orders) Add(r *OrderRows) {
	if r.Refund == nil && r.IsRefund == nil && r.Dim == nil && r.Channel == nil && o.t.rows.layouts[smallIDs].plain() {
		o.addPlain(r)
		return
	}
	var l line
	for i := range r.Day {
		o.line(&l, r, i)
		o.add(&l, r, i)
	}
}

// line says what a row is: a sale, a refund or, with the refund column, both.
func (o *Orders) line(l *line, r *OrderRows, i int) {
	*l = line{customer: r.Customer[i], order: r.Order[i], instant: r.Instant[i], day: r.Day[i]}
	amount := r.Amount[i]
	switch {
	case r.IsRefund != nil && r.IsRefund[i]:
		l.refund = max(amount, -amount)
	case amount < 0 && o.t.refundsNegative:
		l.refund = -amount
	default:
		l.isSale, l.sale = true, amount
	}
	if r.Refund != nil {
		l.refund += r.Refund[i]
	}
	if r.Dim != nil {
		l.dim = r.Dim[i]
	}
	if r.Channel != nil {
		l.channel = r.Channel[i]
	}
}

func (o *Orders) add(l *line, r *OrderRows, i int) {
	if !o.count(l) {
		return
	}
	if l.isSale && r.Quantity != nil {
		o.totals.Items += r.Quantity[i]
	}
	o.put(l)
}

// put adds a row to the store of its customer.
func (o *Orders) put(l *line) {
	kind, ok := anyIDs, false
	if l.small, ok = o.t.places.small(l.customer); ok {
		kind = smallIDs
	}
	o.t.rows.layouts[kind].put(o.writers[kind].Room(o.t.places.of(l.customer)), l)
}

// count adds a row to the totals; false when that is all.
func (o *Orders) count(l *line) bool {
	if l.day > o.t.end {
		o.late++
		return false
	}
	o.last = max(o.last, l.day)
	o.spend(l.sale)
	o.spend(l.refund)
	if l.customer.Null() {
		o.totals.UnidentifiedRows++
		o.totals.UnidentifiedNet += l.sale - l.refund
		return false
	}
	o.totals.RowsUsed++
	o.totals.Gross += l.sale
	o.totals.Refunds += l.refund
	o.first = earlier(o.first, l.day)
	if l.isSale {
		o.firstSale = earlier(o.firstSale, l.day)
	}
	return true
}

// addPlain is Add for the most frequent kind of rows: nothing but customer, day and amount.
func (o *Orders) addPlain(r *OrderRows) {
	n := len(r.Day)
	customer, day, amounts := r.Customer[:n], r.Day[:n], r.Amount[:n]
	long, places := &o.t.rows.layouts[anyIDs], o.t.places
	small, any := o.writers[smallIDs], o.writers[anyIDs]
	end, first, last := o.t.end, dataset.Day(math.MaxInt32), NoDay
	used, gross := int64(0), int64(0)
	for i, d := range day {
		amount := amounts[i]
		k := customer[i]
		if d > end || k.Null() || amount < 0 {
			o.addOdd(r, i)
			continue
		}
		used++
		gross += amount // a batch is too short to overflow
		first, last = min(first, d), max(last, d)
		head := uint64(d-dayBase)<<headDay | headSale
		if id, ok := places.small(k); ok {
			part := int(uint64(id) >> (places.shift & 63))
			if uint64(id) >= places.dense {
				part = partOf(k, places.parts)
			}
			rec := small.Try(part)
			if rec == nil {
				rec = small.Room(part)
			}
			rec[0], rec[1] = head|uint64(id), uint64(amount)
			continue
		}
		part := places.of(k)
		rec := any.Try(part)
		if rec == nil {
			rec = any.Room(part)
		}
		rec[0], rec[1] = head, uint64(amount)
		rec[long.customer], rec[long.customer+1] = k[0], k[1]
	}
	if used > 0 {
		o.totals.RowsUsed += used
		o.totals.Gross += gross
		o.spend(gross)
		o.first, o.firstSale, o.last = earlier(o.first, first), earlier(o.firstSale, first), max(o.last, last)
	}
	if r.Quantity != nil {
		o.items(r)
	}
}

// addOdd is addPlain for a row that is not a plain sale.
func (o *Orders) addOdd(r *OrderRows, i int) {
	var l line
	o.line(&l, r, i)
	if o.count(&l) {
		o.put(&l)
	}
}

// items counts the items of the sales that count.
func (o *Orders) items(r *OrderRows) {
	for i, q := range r.Quantity {
		if r.Day[i] <= o.t.end && !r.Customer[i].Null() && (r.Amount[i] >= 0 || !o.t.refundsNegative) {
			o.totals.Items += q
		}
	}
}

// spend guards against overflow: beyond maxMoney it stays there and Finish fails.
func (o *Orders) spend(amount int64) { o.money = saturated(o.money, amount) }

package tally

import (
	"cmp"
	"slices"

	"parcours/report/dataset"
)

// line is a used row of an identified customer.
type line struct {
	order        Key
	instant      int64
	sale, refund int64
	day          dataset.Day
	customer     uint32
	dim, channel uint32
	isSale       bool
}

// Orders adds rows of orders. It serves one goroutine; several may add at the same time.
type Orders struct{ t *Tally }

// Orders returns a new place to add rows of orders.
func (t *Tally) Orders() *Orders { return &Orders{t} }

// Flush says that all rows were added. It is called before Finish.
func (o *Orders) Flush() error { return nil }

// Add adds rows of orders.
func (o *Orders) Add(r *OrderRows) {
	o.t.mu.Lock()
	defer o.t.mu.Unlock()
	o.t.addOrders(r)
}

func (t *Tally) addOrders(r *OrderRows) {
	for i, day := range r.Day {
		if t.req.AsOf != nil && day > *t.req.AsOf {
			t.late++
			continue
		}
		t.last = max(t.last, day)
		l := t.line(r, i)
		t.spent(l.sale)
		t.spent(l.refund)
		if r.Customer[i].Null() {
			t.totals.UnidentifiedRows++
			t.totals.UnidentifiedNet += l.sale - l.refund
			continue
		}
		t.totals.RowsUsed++
		t.totals.Gross += l.sale
		t.totals.Refunds += l.refund
		if l.isSale && (t.firstSale == NoDay || day < t.firstSale) {
			t.firstSale = day
		}
		if l.isSale && r.Quantity != nil {
			t.totals.Items += r.Quantity[i]
		}
		p := &t.lines[r.Customer[i].spread()%shardCount]
		l.customer = p.id(r.Customer[i])
		p.add(l)
	}
}

// line says what a row is: a sale, a refund or, with the refund column, both.
func (t *Tally) line(r *OrderRows, i int) line {
	l := line{order: r.Order[i], instant: r.Instant[i], day: r.Day[i]}
	amount := r.Amount[i]
	switch {
	case r.IsRefund != nil && r.IsRefund[i]:
		l.refund = max(amount, -amount)
	case amount < 0 && t.req.Negative() == dataset.NegativeRefund:
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
	return l
}

// spent guards against overflow: beyond maxMoney it stays there and Finish fails.
func (t *Tally) spent(amount int64) {
	if amount < 0 {
		amount = -amount
	}
	if amount < 0 || amount > maxMoney-t.money {
		t.money = maxMoney
		return
	}
	t.money += amount
}

// order is a distinct order of a customer, at its earliest sale row. Net is after the refunds that name it.
type order struct {
	day          dataset.Day
	instant      int64
	gross, net   int64
	dim, channel uint32
}

// refund is money given back. Named ones are already in the net of their order.
type refund struct {
	day    dataset.Day
	amount int64
	named  bool
}

// history is all that is known of one customer.
type history struct {
	orders   []order // by day, then instant
	refunds  []refund
	signUp   dataset.Day
	dim      uint32 // at the first order
	channel  uint32
	outDim   int32 // number of the dimension's value in the output
	first    int32 // period of the first order
	cohort   int32
	hasOrder bool
}

// byOrder sorts the rows of a customer so that those of an order are together, its earliest sale first.
func byOrder(a, b line) int {
	if c := cmp.Or(cmp.Compare(a.order[0], b.order[0]), cmp.Compare(a.order[1], b.order[1])); c != 0 {
		return c
	}
	if a.isSale != b.isSale {
		if a.isSale {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.instant, b.instant))
}

// read fills the history from a customer's rows, sorted by order.
func (h *history) read(lines []line, dims, channels *names) {
	*h = history{orders: h.orders[:0], refunds: h.refunds[:0], signUp: NoDay}
	for len(lines) > 0 {
		n := 1
		if !lines[0].order.Null() {
			for n < len(lines) && lines[n].order == lines[0].order {
				n++
			}
		}
		h.readOrder(lines[:n], dims, channels)
		lines = lines[n:]
	}
	slices.SortFunc(h.orders, func(a, b order) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.instant, b.instant))
	})
	for i, o := range h.orders {
		if i > 0 && (o.day != h.orders[0].day || o.instant != h.orders[0].instant) {
			break
		}
		h.dim, h.channel = dims.smaller(h.dim, o.dim), channels.smaller(h.channel, o.channel)
	}
	h.hasOrder = len(h.orders) > 0
}

// readOrder adds the rows of one order, or of refunds that name an order without a sale row.
func (h *history) readOrder(lines []line, dims, channels *names) {
	o := order{day: lines[0].day, instant: lines[0].instant}
	for _, l := range lines {
		o.gross += l.sale
		o.net += l.sale - l.refund
		if l.isSale && l.day == o.day && l.instant == o.instant {
			o.dim, o.channel = dims.smaller(o.dim, l.dim), channels.smaller(o.channel, l.channel)
		}
		if l.refund != 0 {
			h.refunds = append(h.refunds, refund{l.day, l.refund, lines[0].isSale})
		}
	}
	if lines[0].isSale {
		h.orders = append(h.orders, o)
	}
}

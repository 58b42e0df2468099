package tally

import (
	"math"

	"parcours/report/dataset"
)

// addRefunds counts refunds at their own day.
func (w *worker) addRefunds(h *history) {
	f := w.fold
	for _, r := range h.refunds {
		p := f.period(r.day)
		w.addRefund(h, 0, p, r.amount)
		if h.outDim > 0 {
			w.addRefund(h, h.outDim, p, r.amount)
		}
		if f.orphan(h, r) {
			w.totals.OrphanRefunds += r.amount
		}
	}
}

func (w *worker) addRefund(h *history, dim, period int32, amount int64) {
	c := &w.tables.periods[dim][period-w.fold.base]
	c.refunds += amount
	if h.hasOrder && period == h.first {
		c.newNet -= amount
	}
}

// orphan reports whether no cohort can hold a refund: it names no order of the customer, and the customer has none
// or had none in that period yet.
func (f *fold) orphan(h *history, r refund) bool {
	return !r.named && (!h.hasOrder || f.period(r.day) < h.first)
}

// addCustomer counts a customer who has an order, in the tables of all and in those of their value of the dimension.
func (w *worker) addCustomer(h *history) {
	w.totals.Customers++
	if h.outDim > 0 {
		w.tally(h, h.outDim)
	}
	if w.fold.channels {
		w.tables.acquired[acquiredKey{h.channel, h.first}]++
	}
	p := &w.past
	w.recall(p, h)
	w.totals.Orders += p.orders
	*w.tables.recency.at(p.recency)++
	*w.tables.frequency.at(uint64(p.orders))++
	w.tables.monetary[dataset.MonetaryBin(p.net)+binBase]++
	w.addWorth(p)
	w.keep(p)
}

// enrolled is a customer's place in the tables of a cohort.
type enrolled struct {
	cells    []cohortCell // by period since the first with a row, less shift
	shift    int32
	windows  []windowCell
	complete int32 // windows that had ended
	news     *periodCell
}

// enrol counts what a customer counts once in the tables of a value of the dimension.
func (w *worker) enrol(h *history, dim int32) enrolled {
	f := w.fold
	c := w.tables.cohorts.at(dim, h.cohort)
	c.customers++
	first := &h.orders[0]
	b := enrolled{shift: h.cohort - f.base, news: &w.tables.periods[dim][f.since(first.day)]}
	last := f.since(h.orders[len(h.orders)-1].day) - b.shift
	*c.lastSeen.at(last)++
	c.cells.at(last)
	for _, r := range h.refunds {
		if !r.named && !f.orphan(h, r) {
			c.cells.at(f.period(r.day) - h.cohort).net -= r.amount
		}
	}
	followed := f.asOf - first.day
	b.complete = f.windows[followed+1]
	*c.ended.at(b.complete)++ // their suffix sums are WindowRow.Complete
	// The window in progress has a row whether or not anyone was active in it: that it has begun cannot be told otherwise.
	c.windows.at(f.windows[followed])
	b.cells, b.windows = c.cells, c.windows
	b.news.newCustomers++
	w.addSecond(h, c)
	return b
}

// tally counts a customer in the tables of a value of the dimension, as walk does in those of all.
func (w *worker) tally(h *history, dim int32) {
	f, b := w.fold, w.enrol(h, dim)
	first := h.orders[0].day
	start, period, window := f.since(first), int32(-1), int32(-1)
	for i := range h.orders {
		o := &h.orders[i]
		p := f.since(o.day)
		cell := &b.cells[p-b.shift]
		if p != period {
			period = p
			cell.active++
		}
		cell.orders += int64(o.n)
		cell.gross += o.gross
		cell.net += o.net
		if p == start {
			b.news.newNet += o.gross
		}
		if n := f.windows[o.day-first]; n != window {
			window = n
			b.enter(n)
		}
	}
}

// enter counts a customer as active in a window.
func (b *enrolled) enter(window int32) {
	b.windows[window].active++
	if window < b.complete {
		b.windows[window].activeComplete++
	}
}

func (w *worker) addSecond(h *history, c *cohortTable) {
	first := h.orders[0].day
	followed := w.fold.asOf - first
	lag := int32(math.MaxInt32)
	switch {
	case h.orders[0].n > 1:
		lag = 0
	case len(h.orders) > 1:
		lag = h.orders[1].day - first
	}
	if lag < math.MaxInt32 {
		*c.second.at(lag)++
	} else {
		*c.censored.at(uint64(followed))++
	}
	for i, days := range dataset.RepeatDays {
		cell := &c.repeat[i]
		if lag <= days {
			cell.repeatedAll++
		}
		if followed >= days {
			cell.eligible++
			if lag <= days {
				cell.repeated++
			}
		}
	}
}

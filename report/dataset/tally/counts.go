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
	w.totals.Orders += int64(len(h.orders))
	w.tally(h, 0)
	if h.outDim > 0 {
		w.tally(h, h.outDim)
	}
	if w.fold.channels {
		w.tables.acquired[acquiredKey{h.channel, h.first}]++
	}
	p := &w.past
	w.recall(p, h)
	*w.tables.recency.at(p.recency)++
	*w.tables.frequency.at(uint64(p.orders))++
	w.tables.monetary[dataset.MonetaryBin(p.net)+binBase]++
	w.keep(p)
}

// tally counts a customer in the tables of a value of the dimension.
func (w *worker) tally(h *history, dim int32) {
	f := w.fold
	c := w.tables.cohorts.at(dim, h.cohort)
	c.customers++
	last := len(h.orders) - 1
	shift := f.base - h.cohort // from periods to ages
	lastAge := h.orders[last].period + shift
	*c.lastSeen.at(lastAge)++
	c.cells.at(lastAge)
	cells, windows := c.cells, w.window(h, c)
	first := &h.orders[0]
	complete := f.windows[f.asOf-first.day+1]
	age, window, newNet := int32(-1), int32(-1), int64(0)
	for i := range h.orders {
		o := &h.orders[i]
		cell := &cells[o.period+shift]
		if a := o.period + shift; a != age {
			age = a
			cell.active++
		}
		cell.orders++
		cell.gross += o.gross
		cell.net += o.net
		if o.period == first.period {
			newNet += o.gross
		}
		if n := f.windows[o.day-first.day]; n != window {
			window = n
			windows[n].active++
			if n < complete {
				windows[n].activeComplete++
			}
		}
	}
	news := &w.tables.periods[dim][first.period]
	news.newCustomers++
	news.newNet += newNet
	w.addSecond(h, c)
	for _, r := range h.refunds {
		if !r.named && !f.orphan(h, r) {
			c.cells.at(f.period(r.day) - h.cohort).net -= r.amount
		}
	}
}

// window counts the number of windows that had ended, once: the suffix sums are WindowRow.Complete. It returns the windows
// that have begun; the one in progress has a row whether or not anyone was active in it, since that it has begun cannot be
// told otherwise.
func (w *worker) window(h *history, c *cohortTable) []windowCell {
	f := w.fold
	followed := f.asOf - h.orders[0].day
	*c.ended.at(f.windows[followed+1])++
	c.windows.at(f.windows[followed])
	return c.windows
}

func (w *worker) addSecond(h *history, c *cohortTable) {
	first := h.orders[0].day
	followed := w.fold.asOf - first
	lag := int32(math.MaxInt32)
	if len(h.orders) > 1 {
		lag = h.orders[1].day - first
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

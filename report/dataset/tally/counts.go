package tally

import (
	"parcours/report/dataset"
)

// addPeriods counts a customer in the calendar: orders at their own day, refunds at theirs.
func (w *worker) addPeriods(h *history) {
	f := w.fold
	for _, dim := range w.dimsOf(h) {
		cells := w.tables.periods[dim]
		seen := f.before
		for i := range h.orders {
			o := &h.orders[i]
			p := f.period(o.day)
			c := &cells[p-f.before-1]
			c.orders++
			c.gross += o.gross
			if p == h.first {
				c.newNet += o.gross
			}
			if p != seen {
				c.customers++
				seen = p
			}
		}
		for _, r := range h.refunds {
			p := f.period(r.day)
			c := &cells[p-f.before-1]
			c.refunds += r.amount
			if h.hasOrder && p == h.first {
				c.newNet -= r.amount
			}
		}
		if h.hasOrder {
			cells[h.first-f.before-1].newCustomers++
		}
	}
	for _, r := range h.refunds {
		if f.orphan(h, r) {
			w.totals.OrphanRefunds += r.amount
		}
	}
}

// orphan reports whether no cohort can hold a refund: it names no order of the customer, and the customer has none
// or had none in that period yet.
func (f *fold) orphan(h *history, r refund) bool {
	return !r.named && (!h.hasOrder || f.period(r.day) < h.first)
}

// addCustomer counts a customer who has an order in the tables of cohorts and in the distributions.
func (w *worker) addCustomer(h *history) error {
	w.totals.Customers++
	w.totals.Orders += int64(len(h.orders))
	for _, dim := range w.dimsOf(h) {
		c := w.tables.cohorts.at(dim, h.cohort)
		c.customers++
		w.addCohort(h, c)
		w.addWindows(h, c)
		w.addSecond(h, c)
	}
	w.addRhythm(h)
	if w.fold.channels {
		w.tables.acquired[acquiredKey{h.channel, h.first}]++
	}
	net := w.fold.worth(h)
	recency := w.fold.asOf - h.orders[len(h.orders)-1].day
	*w.tables.recency.at(recency)++
	*w.tables.frequency.at(uint64(len(h.orders)))++
	w.tables.monetary[dataset.MonetaryBin(net)+binBase]++
	return w.addPurchases(h, net, recency)
}

// addRhythm counts the gaps between orders and between active periods.
func (w *worker) addRhythm(h *history) {
	f := w.fold
	period, first := h.first, int32(1)
	for i := 1; i < len(h.orders); i++ {
		day := h.orders[i].day
		*w.tables.gaps.at(day - h.orders[i-1].day)++
		if p := f.period(day); p != period {
			*w.tables.activity[2*(period-f.before-1)+first].at(p - period)++
			period, first = p, 0
		}
	}
	*w.tables.activity[2*(period-f.before-1)+first].at(0)++
}

// worth is the net value of a customer as their cohort holds it, so without orphan refunds.
func (f *fold) worth(h *history) int64 {
	var net int64
	for i := range h.orders {
		net += h.orders[i].net
	}
	for _, r := range h.refunds {
		if !r.named && !f.orphan(h, r) {
			net -= r.amount
		}
	}
	return net
}

func (w *worker) addCohort(h *history, c *cohortTable) {
	f := w.fold
	age := int32(-1)
	for i := range h.orders {
		o := &h.orders[i]
		a := f.period(o.day) - h.cohort
		cell := c.cells.at(a)
		if a != age {
			cell.active++
			age = a
		}
		cell.orders++
		cell.net += o.net
	}
	for _, r := range h.refunds {
		if !r.named && !f.orphan(h, r) {
			c.cells.at(f.period(r.day) - h.cohort).net -= r.amount
		}
	}
	*c.lastSeen.at(age)++
}

// addWindows counts the windows that a customer was active in, and once the number of windows that had ended: the suffix
// sums of the latter are WindowRow.Complete. The window in progress has a row whether or not anyone was active in it, since
// that it has begun cannot be told otherwise.
func (w *worker) addWindows(h *history, c *cohortTable) {
	f := w.fold
	first := h.orders[0].day
	complete := f.windowOf(f.asOf - first + 1)
	*c.ended.at(complete)++
	c.windows.at(f.windowOf(f.asOf - first))
	seen := int32(-1)
	for i := range h.orders {
		n := f.windowOf(h.orders[i].day - first)
		if n == seen {
			continue
		}
		seen = n
		c.windows[n].active++
		if n < complete {
			c.windows[n].activeComplete++
		}
	}
}

func (w *worker) addSecond(h *history, c *cohortTable) {
	first := h.orders[0].day
	followed := w.fold.asOf - first
	lag := int32(-1)
	if len(h.orders) > 1 {
		lag = h.orders[1].day - first
		*c.second.at(lag)++
	} else {
		*c.censored.at(uint64(followed))++
	}
	for i, days := range dataset.RepeatDays {
		cell := &c.repeat[i]
		repeated := lag >= 0 && lag <= days
		if repeated {
			cell.repeatedAll++
		}
		if followed >= days {
			cell.eligible++
			if repeated {
				cell.repeated++
			}
		}
	}
}

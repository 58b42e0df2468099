package tally

import (
	"slices"

	"parcours/report/dataset"
)

// counter is a table under construction.
type counter[K comparable, V any] map[K]*V

func (c counter[K, V]) at(k K) *V {
	v := c[k]
	if v == nil {
		v = new(V)
		c[k] = v
	}
	return v
}

type (
	// periodKey is a period of a value of the dimension.
	periodKey struct{ dim, period int32 }
	// cellKey is an age, a window or a number of days in a cohort.
	cellKey struct{ dim, cohort, age int32 }
	// secondKey is a lag or, when censored, a follow-up.
	secondKey struct {
		cellKey
		censored bool
	}
	activityKey struct {
		period int32
		first  bool
		gap    int32
	}
)

// tables are the tables of orders under construction. The sort fields of their values are filled at the end.
type tables struct {
	periods  counter[periodKey, dataset.PeriodRow]
	cohorts  counter[cellKey, dataset.CohortRow]
	windows  counter[cellKey, dataset.WindowRow]
	ended    counter[cellKey, ended] // age: number of windows that had ended
	lastSeen counter[cellKey, int64]
	second   counter[secondKey, int64]
	repeat   counter[cellKey, []dataset.RepeatRow] // of age 0: a row for each of dataset.RepeatDays
	gaps     counter[int32, int64]
	activity counter[activityKey, int64]
	acquired counter[acquiredKey, int64]
}

type ended struct{ customers int64 }

type acquiredKey struct {
	channel uint32
	period  int32
}

func newTables() tables {
	return tables{
		periods: counter[periodKey, dataset.PeriodRow]{}, cohorts: counter[cellKey, dataset.CohortRow]{},
		windows: counter[cellKey, dataset.WindowRow]{}, ended: counter[cellKey, ended]{},
		lastSeen: counter[cellKey, int64]{}, second: counter[secondKey, int64]{},
		repeat: counter[cellKey, []dataset.RepeatRow]{}, gaps: counter[int32, int64]{},
		activity: counter[activityKey, int64]{}, acquired: counter[acquiredKey, int64]{},
	}
}

// addPeriods counts a customer in the calendar: orders at their own day, refunds at theirs.
func (f *fold) addPeriods(h *history) {
	for _, dim := range f.dimsOf(h) {
		seen := h.first - 1
		for _, o := range h.orders {
			p := f.period(o.day)
			row := f.tables.periods.at(periodKey{dim, p})
			row.Orders++
			row.Gross += o.gross
			if p == h.first {
				row.NewNet += o.gross
			}
			if p != seen {
				row.Customers++
				seen = p
			}
		}
		for _, r := range h.refunds {
			p := f.period(r.day)
			row := f.tables.periods.at(periodKey{dim, p})
			row.Refunds += r.amount
			if h.hasOrder && p == h.first {
				row.NewNet -= r.amount
			}
		}
		if h.hasOrder {
			f.tables.periods.at(periodKey{dim, h.first}).NewCustomers++
		}
	}
	for _, r := range h.refunds {
		if f.orphan(h, r) {
			f.totals.OrphanRefunds += r.amount
		}
	}
}

// orphan reports whether no cohort can hold a refund: it names no order of the customer, and the customer has none
// or had none in that period yet.
func (f *fold) orphan(h *history, r refund) bool {
	return !r.named && (!h.hasOrder || f.period(r.day) < h.first)
}

// addCustomer counts a customer who has an order in the tables of cohorts and in the distributions.
func (f *fold) addCustomer(h *history) {
	f.totals.Customers++
	f.totals.Orders += int64(len(h.orders))
	periods := f.activePeriods(h)
	for _, dim := range f.dimsOf(h) {
		f.addCohort(h, dim, periods)
		f.addWindows(h, dim)
		f.addSecond(h, dim)
	}
	for i, p := range periods {
		gap := int32(0)
		if i+1 < len(periods) {
			gap = periods[i+1] - p
		}
		*f.tables.activity.at(activityKey{p, i == 0, gap})++
	}
	for i := 1; i < len(h.orders); i++ {
		*f.tables.gaps.at(h.orders[i].day - h.orders[i-1].day)++
	}
	*f.tables.acquired.at(acquiredKey{h.channel, h.first})++
	net := f.worth(h)
	f.values.add(f.asOf-h.orders[len(h.orders)-1].day, int64(len(h.orders)), net)
	f.addPurchases(h, net)
}

// activePeriods returns the periods in which the customer has an order, each once, ascending. The slice holds until
// the next customer.
func (f *fold) activePeriods(h *history) []int32 {
	f.active = f.active[:0]
	for _, o := range h.orders {
		f.active = append(f.active, f.period(o.day))
	}
	f.active = slices.Compact(f.active)
	return f.active
}

// worth is the net value of a customer as their cohort holds it, so without orphan refunds.
func (f *fold) worth(h *history) int64 {
	var net int64
	for _, o := range h.orders {
		net += o.net
	}
	for _, r := range h.refunds {
		if !r.named && !f.orphan(h, r) {
			net -= r.amount
		}
	}
	return net
}

func (f *fold) addCohort(h *history, dim int32, periods []int32) {
	f.tables.cohorts.at(cellKey{dim, h.cohort, dataset.SizeAge}).Active++
	for _, p := range periods {
		f.tables.cohorts.at(cellKey{dim, h.cohort, p - h.cohort}).Active++
	}
	for _, o := range h.orders {
		cell := f.tables.cohorts.at(cellKey{dim, h.cohort, f.period(o.day) - h.cohort})
		cell.Orders++
		cell.Net += o.net
	}
	for _, r := range h.refunds {
		if !r.named && !f.orphan(h, r) {
			f.tables.cohorts.at(cellKey{dim, h.cohort, f.period(r.day) - h.cohort}).Net -= r.amount
		}
	}
	*f.tables.lastSeen.at(cellKey{dim, h.cohort, periods[len(periods)-1] - h.cohort})++
}

// addWindows counts the windows that a customer was active in, and once the number of windows that had ended:
// the suffix sums of the latter are WindowRow.Complete. The window in progress has a row whether or not anyone was
// active in it, since that it has begun cannot be told otherwise.
func (f *fold) addWindows(h *history, dim int32) {
	first := h.orders[0].day
	complete := f.windowOf(f.asOf - first + 1)
	f.tables.ended.at(cellKey{dim, h.cohort, complete}).customers++
	f.tables.windows.at(cellKey{dim, h.cohort, f.windowOf(f.asOf - first)})
	seen := int32(-1)
	for _, o := range h.orders {
		w := f.windowOf(o.day - first)
		if w == seen {
			continue
		}
		seen = w
		row := f.tables.windows.at(cellKey{dim, h.cohort, w})
		row.Active++
		if w < complete {
			row.ActiveComplete++
		}
	}
}

// windowOf returns the window that holds a number of days after the first order; as a count, windowOf(n) windows end
// before day n.
func (f *fold) windowOf(days int32) int32 {
	widths := f.req.Window
	for i, w := range widths {
		if days < w {
			return int32(i)
		}
		if i == len(widths)-1 {
			return int32(i) + days/w
		}
		days -= w
	}
	return 0
}

func (f *fold) addSecond(h *history, dim int32) {
	first := h.orders[0].day
	followed := f.asOf - first
	lag := int32(-1)
	if len(h.orders) > 1 {
		lag = h.orders[1].day - first
	}
	key := secondKey{cellKey: cellKey{dim, h.cohort, lag}}
	if lag < 0 {
		key.censored, key.age = true, followed
	}
	*f.tables.second.at(key)++
	rows := f.tables.repeat.at(cellKey{dim, h.cohort, 0})
	if *rows == nil {
		*rows = make([]dataset.RepeatRow, len(dataset.RepeatDays))
	}
	for i, days := range dataset.RepeatDays {
		row := &(*rows)[i]
		row.Customers++
		repeated := lag >= 0 && lag <= days
		if repeated {
			row.RepeatedAll++
		}
		if followed >= days {
			row.Eligible++
			if repeated {
				row.Repeated++
			}
		}
	}
}

package clv

import (
	"math"
	"slices"

	"parcours/report/clv/btyd"
)

// layout says where the figures of a forecast stand in a vector, so that bootstrap draws of all of them can be treated
// alike.
type layout struct {
	purchases, value, discounted int // by horizon
	endless                      int
	curve                        int // of a new customer, discounted value of repeat purchases by month
	groups                       int // of each: alive, purchases, value; of cohorts then the value until the end of each period
	points                       int // number of these
	cohorts                      int
	size                         int
}

// The first figures; and the figures of a group.
const (
	sumAlive = iota // Σ P(alive)
	sumBuyers
	sumAtRisk
	newPurchases // of a new customer, within the chosen horizon
	firstHorizon

	groupAlive     = 0
	groupPurchases = 1
	groupValue     = 2
	groupPoints    = 3
)

func newLayout(h horizons, groups, cohorts int) layout {
	n := len(h.months)
	l := layout{purchases: firstHorizon, points: len(h.ends), cohorts: cohorts}
	l.value = l.purchases + n
	l.discounted = l.value + n
	l.endless = l.discounted + n
	l.curve = l.endless + 1
	l.groups = l.curve + len(h.curve)
	l.size = l.groups + groups*groupPoints + cohorts*l.points
	return l
}

// group is where the figures of a group begin.
func (l layout) group(g int) int { return l.groups + g*groupPoints + min(g, l.cohorts)*l.points }

// outlook is what is computed of an active customer: purchases until each of times, discounted ones until each of
// discounted, and the probability of none within the chosen horizon.
type outlook struct {
	times, discounted []float64
	months, ends      []int // where the horizons and the ends of periods are among times
}

func newOutlook(h horizons) outlook {
	o := outlook{times: slices.Concat(h.weeks, h.ends), discounted: slices.Clone(h.weeks)}
	slices.Sort(o.times)
	o.times = slices.Compact(o.times)
	place := func(of []float64) (at []int) {
		for _, t := range of {
			i, _ := slices.BinarySearch(o.times, t)
			at = append(at, i)
		}
		return at
	}
	o.months, o.ends = place(h.weeks), place(h.ends)
	if h.delta > 0 {
		o.discounted = append(o.discounted, math.Inf(1))
	}
	return o
}

func (o outlook) width() int { return len(o.times) + len(o.discounted) + 1 }

// function computes the outlook with a model, of a draw by the means that cost less.
func (o outlook) function(f btyd.Fitted, h horizons, draw bool) function {
	n := len(o.times) + len(o.discounted)
	expected, none := flowOf(draw)(f, h.delta, o.times, o.discounted), masses(f, h.weeks[h.chosen])
	return function{expected.phases, func(x int, t float64, phase int, out []float64) {
		expected.at(x, t, phase, out[:n])
		none.at(x, t, phase, out[n:])
	}}
}

func flowOf(draw bool) func(f btyd.Fitted, delta float64, times, discounted []float64) function {
	if draw {
		return quickFlow
	}
	return flow
}

// customer is what is kept of a cell, per customer, when details are asked for.
type customer struct{ alive, purchases, discounted float64 }

// evaluate computes all figures with a model and values. Details has a place for every cell; it is nil for a draw, which
// is computed with less precision.
func (l *ledger) evaluate(f btyd.Fitted, v prices, h horizons, details []customer) []float64 {
	draw, precision := details == nil, precision
	switch {
	case draw:
		precision = drawPrecision
	case erlang(f.Name): // a node is dear, and discounts are not exact anyway
		precision = erlangPrecision
	}
	lay := newLayout(h, len(l.groups), l.cohorts)
	o := newOutlook(h)
	parts := make([][]float64, chunks(len(l.cells)))
	for i := range parts {
		parts[i] = make([]float64, lay.size)
	}
	l.each(f, precision, o.width(), o.function(f, h, draw), func(n, cell int, alive float64, values []float64) {
		if scale := l.scale(cell); scale != 1 {
			for i := range values[:len(values)-1] { // the last is a probability
				values[i] *= scale
			}
		}
		l.addCell(parts[n], lay, o, h, cell, alive, values, v)
		if details != nil {
			details[cell] = customer{alive, alive * values[o.months[h.chosen]], alive * values[len(o.times)+h.chosen]}
		}
	})
	sum := make([]float64, lay.size)
	for _, part := range parts {
		for i, x := range part {
			sum[i] += x
		}
	}
	newCustomer(sum, lay, f, v, h, draw)
	return sum
}

// addCell adds the customers of a cell.
func (l *ledger) addCell(sum []float64, lay layout, o outlook, h horizons, cell int, alive float64, values []float64, price prices) {
	n := l.cells[cell].N
	level, slope := price.terms(l.cells[cell].X)
	worth := level*n + slope*l.spend[cell] // of one purchase of each customer
	later := values[len(o.times):]
	sum[sumAlive] += n * alive
	sum[sumBuyers] += n * alive * (1 - values[len(values)-1])
	sum[sumAtRisk] += (1 - alive) * later[h.chosen] * worth
	for i, at := range o.months {
		sum[lay.purchases+i] += n * alive * values[at]
		sum[lay.value+i] += alive * values[at] * worth
		sum[lay.discounted+i] += alive * later[i] * worth
	}
	if h.delta > 0 {
		sum[lay.endless] += alive * later[len(h.months)] * worth
	}
	for _, e := range l.entries[l.start[cell]:l.start[cell+1]] {
		at := sum[lay.group(int(e.group)):]
		worth := alive * (level*e.n + slope*e.spend)
		at[groupAlive] += e.n * alive
		at[groupPurchases] += e.n * alive * values[o.months[h.chosen]]
		at[groupValue] += later[h.chosen] * worth
		if int(e.group) < l.cohorts {
			for i, end := range o.ends {
				at[groupPoints+i] += values[end] * worth
			}
		}
	}
}

// newCustomer adds what a customer at the first purchase is expected to bring after it.
func newCustomer(sum []float64, lay layout, f btyd.Fitted, v prices, h horizons, draw bool) {
	values := make([]float64, 1+len(h.curve))
	flowOf(draw)(f, h.delta, h.weeks[h.chosen:h.chosen+1], h.curve).at(0, 0, 0, values)
	alive := f.Model.Alive(btyd.History{})
	sum[newPurchases] = alive * values[0]
	for i, e := range values[1:] {
		sum[lay.curve+i] = alive * e * v.of(0, 1, 0)
	}
}

package clv

import (
	"math"

	"parcours/report/clv/discrete"
	"parcours/report/dataset"
)

// Models of chances that come period by period foresee units: customers still there, or periods with a purchase. What a
// unit brings is read from the cohorts. This file turns units into money over calendar time.

// part is customers whose future is alike but for its size: after the first of the next periods, what is expected falls
// as a survival curve does.
type part struct {
	customers float64
	active    float64 // expected to be active in the next period
	units     float64 // expected in the next period
	ifActive  float64 // the same if all were active
	idle      float64 // expected active customers without a purchase within the chosen horizon
	skip      int     // next periods in which nothing is expected: those of a cohort that has only come
	stay      discrete.SBG
}

// unitPrice is what a unit brings, in minor units and in orders.
type unitPrice struct {
	net, orders float64
	se          float64 // standard error of net over net, from the differences between cohorts
}

// timeline cuts the time after a day into periods: period k lasts from starts[k] to ends[k], in weeks. The first may have
// begun before.
type timeline struct {
	starts, ends []float64
	length       float64 // mean, in weeks
	delta        float64 // continuous discount rate per week
}

// newTimeline covers the horizons with periods of the calendar, from the one that follows the last complete one.
func newTimeline(m dataset.Manifest, cal dataset.Calendar, h horizons) timeline {
	t := timeline{length: weeksAYear / float64(dataset.PerYear(m.Grain)), delta: h.delta}
	for p := h.period; ; p++ {
		start, end := cal.Start(m.Grain, p)-1-m.AsOf, cal.End(m.Grain, p)-m.AsOf
		t.starts = append(t.starts, float64(start)/daysAWeek)
		t.ends = append(t.ends, float64(end)/daysAWeek)
		if t.ends[len(t.ends)-1] >= h.weeks[len(h.weeks)-1] {
			return t
		}
	}
}

// fromMiddle is the timeline of a customer who buys for the first time in the middle of a period: the first period is the
// next one.
func (t timeline) fromMiddle(until float64) timeline {
	out := timeline{length: t.length, delta: t.delta}
	for at := t.length / 2; at < until; at += t.length {
		out.starts = append(out.starts, at)
		out.ends = append(out.ends, at+t.length)
	}
	return out
}

// elapsed is the share of the first period that has gone by.
func (t timeline) elapsed() float64 { return math.Max(0, -t.starts[0]) / (t.ends[0] - t.starts[0]) }

// weights are the shares of the periods that lie before a time, discounted at the rate delta from their middle.
func (t timeline) weights(until, delta float64) []float64 {
	w := make([]float64, len(t.starts))
	for k := range w {
		from, to := math.Max(0, t.starts[k]), math.Min(t.ends[k], until)
		if to > from {
			w[k] = (to - from) / (t.ends[k] - t.starts[k]) * math.Exp(-delta*(from+to)/2)
		}
	}
	return w
}

// course is the units of a part expected in each period.
func (p part) course(periods int) []float64 {
	out := make([]float64, periods)
	v := p.units
	for k := p.skip; k < periods; k++ {
		out[k] = v
		v *= p.stay.Retention(k - p.skip + 1)
	}
	return out
}

// endless is the discounted units of a part without end: those within the timeline, and after it by the closed form.
func (p part) endless(t timeline, course []float64) float64 {
	n := len(course)
	if n == 0 || n <= p.skip {
		return 0
	}
	sum := dot(course, t.weights(math.Inf(1), t.delta))
	tail := discrete.SBG{Alpha: p.stay.Alpha, Beta: p.stay.Beta + float64(n-p.skip-1)}
	rate := math.Expm1(t.delta * t.length)
	last := course[n-1] * math.Exp(-t.delta*(t.ends[n-1]+t.length/2))
	return sum + last*tail.DERL(1, rate, discrete.Endless)
}

func dot(a, b []float64) float64 {
	var sum float64
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

// pricing adds up what units brought, cohort by cohort.
type pricing struct {
	units, net, orders []float64
}

func (p *pricing) add(units, net, orders float64) {
	p.units, p.net, p.orders = append(p.units, units), append(p.net, net), append(p.orders, orders)
}

// price is the ratio of the sums, with the error of a ratio estimator over cohorts as clusters.
func (p pricing) price() unitPrice {
	var units, net, orders, square float64
	for i := range p.units {
		units, net, orders = units+p.units[i], net+p.net[i], orders+p.orders[i]
	}
	if units <= 0 {
		return unitPrice{}
	}
	u := unitPrice{net: net / units, orders: orders / units}
	n := float64(len(p.units))
	for i := range p.units {
		d := p.net[i] - u.net*p.units[i]
		square += d * d
	}
	if n > 1 && net > 0 {
		u.se = math.Sqrt(square*n/(n-1)) / net
	}
	return u
}

// stayAfter is the curve by which customers stay from a period on.
func stayAfter(alpha, beta float64, periods int) discrete.SBG {
	return discrete.SBG{Alpha: alpha, Beta: beta + float64(periods)}
}

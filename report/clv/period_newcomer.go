package clv

import (
	"math"

	"parcours/report/dataset"
)

// newCustomer is the value of a customer at the first purchase, made in the middle of a period.
func (p *periodic) newCustomer(f *Forecast, params []float64, u unitPrice) {
	n := &NewCustomer{First: p.first, Payback: -1, Curve: []Estimate{{Value: p.first}}}
	newcomer := p.newcomer(params)
	h := p.horizons
	t := p.timeline.fromMiddle(h.weeks[h.chosen])
	course := newcomer.course(len(t.starts))
	for _, until := range h.curve {
		rest := p.rest * math.Min(1, until/(t.length/2))
		n.Curve = append(n.Curve, Estimate{Value: p.first + rest + dot(course, t.weights(until, h.delta))*u.net})
	}
	n.Repeat.Value = dot(course, t.weights(h.weeks[h.chosen], 0)) * u.orders * p.merge
	n.Value = n.Curve[len(n.Curve)-1]
	if cost := costOf(p.report.CAC, ""); cost.Known {
		n.CAC, n.CACKnown = cost.Value, true
		n.Ratio = n.Value.times(p.report.Margin).per(cost.Value)
		n.Payback = paid(n.Curve, p.report.Margin, cost.Value)
	}
	f.New = n
}

// opening is what a customer brings with the first purchase and, after it, until the end of the period.
func opening(agg *dataset.Aggregates, all followed) (first, rest float64) {
	var customers, net, size float64
	rows, _ := known(agg)
	for _, r := range rows {
		first += float64(r.FirstSpend)
		customers += float64(r.Customers)
	}
	for _, c := range all.cohorts {
		if c.complete >= 0 && c.size > 0 {
			net += float64(c.on[0].Net)
			size += float64(c.size)
		}
	}
	if size > 0 {
		net /= size
	}
	if customers == 0 {
		return net, 0
	}
	first *= (1 - refundRate(rows)) / customers
	return first, math.Max(0, net-first)
}

package clv

import (
	"cmp"
	"slices"

	"parcours/report/dataset"
)

// byChannel is the value of the customers of each value of the dimension, most customers first.
func (o *outcome) byChannel(f *Forecast) []GroupForecast {
	var all []GroupForecast
	for i, g := range o.ledger.groups {
		if g.dim == "" || g.customers == 0 {
			continue
		}
		at, n := o.layout.group(i), float64(g.customers)
		c := GroupForecast{
			Dim: g.dim, Customers: g.customers, Small: g.customers < o.least, Age: float64(g.days) / n,
			Active:   o.estimate(at + groupAlive).most(n).per(n),
			Historic: float64(g.net) / n, Value: o.estimate(at + groupValue).per(n), Equity: o.estimate(at + groupValue), Payback: -1,
		}
		c.Total = c.Value.plus(c.Historic)
		o.cost(&c, f)
		all = append(all, c)
	}
	slices.SortStableFunc(all, func(a, b GroupForecast) int {
		return cmp.Or(cmp.Compare(rank(a.Dim), rank(b.Dim)), cmp.Compare(b.Customers, a.Customers))
	})
	return all
}

// rank puts what is no value of the dimension last.
func rank(dim string) int {
	switch dim {
	case dataset.OtherDim:
		return 1
	case dataset.NoDim:
		return 2
	}
	return 0
}

// cost compares value with what the customers of a channel cost. Its payback is read from the curve of a new customer,
// scaled to how much the channel's customers are worth compared with all.
func (o *outcome) cost(c *GroupForecast, f *Forecast) {
	if o.agg.Manifest.Dimension != "channel" || rank(c.Dim) > 0 {
		return
	}
	cost := costOf(o.report.CAC, c.Dim)
	if !cost.Known {
		return
	}
	c.CAC, c.CACKnown = cost.Value, true
	c.Ratio = c.Total.times(o.report.Margin).per(cost.Value)
	all := (float64(f.Historic) + f.Equity.Value) / float64(f.Customers)
	if all > 0 && c.Total.Value > 0 {
		c.Payback = paid(f.New.Curve, o.report.Margin*c.Total.Value/all, cost.Value)
	}
}

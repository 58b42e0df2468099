package clv

import (
	"math"

	"parcours/report/clv/btyd"
	"parcours/report/dataset"
)

// outcome is everything from which a forecast is written.
type outcome struct {
	agg      *dataset.Aggregates
	report   *Report
	least    int64 // smallest group shown
	fit      btyd.Fitted
	prices   prices
	horizons horizons
	ledger   *ledger
	layout   layout
	figures  intervals
	details  []customer
	factor   float64
}

// estimate is a figure with its interval.
func (o *outcome) estimate(i int) Estimate {
	return Estimate{o.figures.value[i], o.figures.low[i], o.figures.high[i]}
}

// per divides a sum by a number of customers.
func (e Estimate) per(n float64) Estimate {
	if n == 0 {
		return Estimate{}
	}
	return Estimate{e.Value / n, e.Low / n, e.High / n}
}

func (e Estimate) times(f float64) Estimate { return Estimate{e.Value * f, e.Low * f, e.High * f} }

func (e Estimate) plus(v float64) Estimate { return Estimate{e.Value + v, e.Low + v, e.High + v} }

// most caps a number of customers at those that there are.
func (e Estimate) most(n float64) Estimate {
	return Estimate{min(e.Value, n), min(e.Low, n), min(e.High, n)}
}

// others is what is left of n.
func (e Estimate) others(n float64) Estimate { return Estimate{n - e.Value, n - e.High, n - e.Low} }

// forecast writes the forecast.
func (o *outcome) forecast(set Settings) *Forecast {
	f := &Forecast{Months: set.HorizonMonths, Rate: set.DiscountRate, Bootstrap: o.figures.about}
	for _, g := range o.ledger.groups[:o.ledger.cohorts] {
		f.Customers += g.customers
		f.Historic += g.net
	}
	n := float64(f.Customers)
	f.Equity = o.estimate(o.layout.discounted + o.horizons.chosen)
	f.Purchases = o.estimate(o.layout.purchases + o.horizons.chosen)
	f.Horizons = o.byHorizon()
	if o.horizons.delta > 0 {
		f.Endless, f.EndlessKnown = o.estimate(o.layout.endless), true
	}
	f.Active = o.estimate(sumAlive).most(n)
	f.Gone = f.Active.per(n).others(1)
	f.Certain = certain(o.fit, o.ledger.cells)
	f.AtRisk = o.estimate(sumAtRisk)
	f.Buyers = o.estimate(sumBuyers).most(n)
	f.RefundRate = 1 - o.factor
	f.New = o.newCustomer()
	f.Cohorts, f.Segments, f.Channels = o.byCohort(), o.bySegment(), o.byChannel(f)
	f.Matrix = o.matrix()
	f.Distribution, f.TopShare = o.distribution()
	f.Single = o.single()
	return f
}

func (o *outcome) byHorizon() []Horizon {
	var all []Horizon
	for i, m := range o.horizons.months {
		all = append(all, Horizon{
			m, o.estimate(o.layout.purchases + i), o.estimate(o.layout.value + i), o.estimate(o.layout.discounted + i),
		})
	}
	return all
}

// outcome adds chance, customer by customer, to what is not known of the parameters.
func (o *outcome) outcome(merged *ledger) Outcome {
	purchases, equity := o.layout.purchases+o.horizons.chosen, o.layout.discounted+o.horizons.chosen
	if o.figures.variance == nil {
		return Outcome{}
	}
	v := newChance(o.fit, o.prices, o.horizons, o.agg.Spend).of(merged, merged.averages(o.ledger, o.details))
	if math.IsInf(v.value, 1) {
		return Outcome{}
	}
	return Outcome{
		Purchases: interval(o.figures.value[purchases], v.purchases+o.figures.variance[purchases]),
		Equity:    interval(o.figures.value[equity], v.value+o.figures.variance[equity]), Known: true,
	}
}

// certain is the share of customers whose P(alive) is 1 whatever the parameters: all of them without drop-out, and those
// without a repeat purchase where customers stop only after one.
func certain(f btyd.Fitted, cells []btyd.Cell) float64 {
	var sure, all float64
	for _, c := range cells {
		all += c.N
		switch f.Name {
		case btyd.NBD:
			sure += c.N
		case btyd.BGNBD, btyd.BGCNBD:
			if c.X == 0 {
				sure += c.N
			}
		}
	}
	if all == 0 {
		return 0
	}
	return sure / all
}

// refundRate is the share of what purchases were worth that refunds which name no order took away again.
func refundRate(rows []dataset.CellRow) float64 {
	var worth, net float64
	for _, r := range rows {
		worth += float64(r.FirstSpend) + float64(r.Spend)
		net += float64(r.Net)
	}
	if worth <= 0 {
		return 0
	}
	return min(max((worth-net)/worth, 0), 1)
}

// newCustomer is the value of a customer who buys for the first time at the end of observation.
func (o *outcome) newCustomer() *NewCustomer {
	var first, customers float64
	for _, r := range o.agg.Cells {
		if r.Dim == "" {
			first += float64(r.FirstSpend)
			customers += float64(r.Customers)
		}
	}
	n := &NewCustomer{First: o.factor * first / customers, Repeat: o.estimate(newPurchases), Payback: -1}
	n.Curve = []Estimate{{n.First, n.First, n.First}}
	for i := range o.horizons.curve {
		n.Curve = append(n.Curve, o.estimate(o.layout.curve+i).plus(n.First))
	}
	n.Value = n.Curve[len(n.Curve)-1]
	if cost := costOf(o.report.CAC, ""); cost.Known {
		n.CAC, n.CACKnown = cost.Value, true
		n.Ratio = n.Value.times(o.report.Margin).per(cost.Value)
		n.Payback = paid(n.Curve, o.report.Margin, cost.Value)
	}
	return n
}

// paid is the first month in which the curve times a factor covers a cost, −1 when none does.
func paid(curve []Estimate, factor, cost float64) int32 {
	for month, e := range curve {
		if e.Value*factor >= cost {
			return int32(month)
		}
	}
	return -1
}

func (o *outcome) byCohort() []CohortForecast {
	var all []CohortForecast
	sizes := observedSizes(o.report)
	for i, g := range o.ledger.groups[:o.ledger.cohorts] {
		at, n := o.layout.group(i), float64(g.customers)
		size := max(g.customers, sizes[g.cohort])
		c := CohortForecast{
			Cohort: g.cohort, Customers: g.customers, Size: size, Historic: g.net,
			Active: o.estimate(at + groupAlive).most(n).per(n), Value: o.estimate(at + groupValue),
		}
		for k := range o.horizons.ends {
			age := o.horizons.period + int32(k) - g.cohort
			c.Points = append(c.Points, ForecastPoint{age, o.estimate(at + groupPoints + k).plus(float64(g.net)).per(float64(size))})
		}
		all = append(all, c)
	}
	return all
}

// observedSizes are the customers that the observed curves of cohorts are per.
func observedSizes(r *Report) map[int32]int64 {
	sizes := make(map[int32]int64, len(r.Observed))
	for _, c := range r.Observed {
		sizes[c.Cohort] = c.Size
	}
	return sizes
}

func (o *outcome) bySegment() []SegmentForecast {
	var all []SegmentForecast
	for i, g := range o.ledger.groups {
		if g.segment == "" || g.customers == 0 {
			continue
		}
		at, n := o.layout.group(i), float64(g.customers)
		all = append(all, SegmentForecast{
			Name: g.segment, Customers: g.customers, Small: g.customers < o.least,
			Active:    o.estimate(at + groupAlive).most(n).per(n),
			Purchases: o.estimate(at + groupPurchases).per(n),
			Value:     o.estimate(at + groupValue).per(n), Equity: o.estimate(at + groupValue),
		})
	}
	return all
}

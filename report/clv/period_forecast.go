package clv

import (
	"cmp"
	"math"
	"slices"

	"parcours/report/clv/estimate"
	"parcours/report/dataset"
)

// periodic forecasts with a model of chances that come period by period.
type periodic struct {
	agg      *dataset.Aggregates
	report   *Report
	set      Settings // with the defaults in place
	least    int64
	horizons horizons
	timeline timeline
	weights  periodWeights
	fit      estimate.Result
	spread   float64 // of the covariance, see Renewal.Dispersion
	prices   []unitPrice
	groups   []periodGroup
	first    float64 // value of a first purchase
	rest     float64 // what a customer brings after it until the end of the same period
	cells    int     // rows that the model was fitted to
	sizes    map[int32]int64
	merge    float64 // purchases in an order: orders of the same day are one, and cancelled ones none
	// parts are the customers of every group, and newcomer one customer at the first purchase, for given parameters.
	parts    func(params []float64) [][]part
	newcomer func(params []float64) part
}

// periodGroup is a cohort, or with a dim a value of the dimension.
type periodGroup struct {
	cohort    int32
	dim       string
	customers int64
	net       int64
	price     int // in prices
}

// periodsAhead is the number of periods within the chosen horizon.
func (p *periodic) periodsAhead() int {
	return int(math.Round(p.horizons.weeks[p.horizons.chosen] / p.timeline.length))
}

// evaluate computes a forecast without intervals. Normal moves the prices by their error.
func (p *periodic) evaluate(params, normal []float64) *Forecast {
	f := &Forecast{Months: p.set.HorizonMonths, Rate: p.set.DiscountRate, EndlessKnown: p.horizons.delta > 0}
	f.Horizons = make([]Horizon, len(p.horizons.months))
	for i, m := range p.horizons.months {
		f.Horizons[i].Months = m
	}
	prices := make([]unitPrice, len(p.prices))
	for i, u := range p.prices {
		factor := math.Max(0, 1+u.se*normal[i])
		prices[i] = unitPrice{net: u.net * factor, orders: u.orders}
	}
	parts := p.parts(params)
	for i, g := range p.groups {
		s := p.sum(parts[i])
		if g.dim == "" {
			p.addCohort(f, g, s, prices[g.price])
		} else {
			p.addChannel(f, g, s, prices[g.price])
		}
	}
	p.finish(f)
	p.newCustomer(f, params, prices[0])
	for i := range f.Channels {
		(&outcome{agg: p.agg, report: p.report}).cost(&f.Channels[i], f)
	}
	slices.SortStableFunc(f.Channels, func(a, b GroupForecast) int {
		return cmp.Or(cmp.Compare(rank(a.Dim), rank(b.Dim)), cmp.Compare(b.Customers, a.Customers))
	})
	return f
}

// periodWeights are the weights of the periods by horizon, and by end of a period of the report.
type periodWeights struct{ plain, discounted, ends [][]float64 }

func newPeriodWeights(t timeline, h horizons) periodWeights {
	var w periodWeights
	for _, until := range h.weeks {
		w.plain = append(w.plain, t.weights(until, 0))
		w.discounted = append(w.discounted, t.weights(until, h.delta))
	}
	for _, until := range h.ends {
		w.ends = append(w.ends, t.weights(until, 0))
	}
	return w
}

// unitSums are the units of a group.
type unitSums struct {
	customers, active, idle float64
	plain, discounted       []float64 // by horizon
	endless, atRisk         float64
	course                  []float64 // by period
}

func (p *periodic) sum(parts []part) unitSums {
	n := len(p.horizons.months)
	s := unitSums{plain: make([]float64, n), discounted: make([]float64, n), course: make([]float64, len(p.timeline.starts))}
	for _, part := range parts {
		course := part.course(len(s.course))
		s.customers += part.customers
		s.active += part.active
		s.idle += part.idle
		for k, v := range course {
			s.course[k] += v
		}
		if p.horizons.delta > 0 {
			s.endless += part.endless(p.timeline, course)
		}
		lost := part
		lost.units = part.ifActive - part.units
		s.atRisk += dot(lost.course(len(course)), p.weights.discounted[p.horizons.chosen])
	}
	for i := range n {
		s.plain[i], s.discounted[i] = dot(s.course, p.weights.plain[i]), dot(s.course, p.weights.discounted[i])
	}
	return s
}

func (p *periodic) addCohort(f *Forecast, g periodGroup, s unitSums, u unitPrice) {
	chosen, n := p.horizons.chosen, float64(g.customers)
	f.Customers += g.customers
	f.Historic += g.net
	f.Active.Value += s.active
	f.AtRisk.Value += s.atRisk * u.net
	f.Buyers.Value += s.active - s.idle
	f.Endless.Value += s.endless * u.net
	for i := range f.Horizons {
		h := &f.Horizons[i]
		h.Purchases.Value += s.plain[i] * u.orders * p.merge
		h.Value.Value += s.plain[i] * u.net
		h.Discounted.Value += s.discounted[i] * u.net
	}
	c := CohortForecast{Cohort: g.cohort, Customers: g.customers, Size: max(g.customers, p.sizes[g.cohort]), Historic: g.net}
	c.Active.Value, c.Value.Value = s.active/n, s.discounted[chosen]*u.net
	for k, weights := range p.weights.ends {
		value := dot(s.course, weights) * u.net
		c.Points = append(c.Points, ForecastPoint{
			Age: p.horizons.period + int32(k) - g.cohort, Value: Estimate{Value: (float64(g.net) + value) / float64(c.Size)},
		})
	}
	f.Cohorts = append(f.Cohorts, c)
}

func (p *periodic) addChannel(f *Forecast, g periodGroup, s unitSums, u unitPrice) {
	n, value := float64(g.customers), s.discounted[p.horizons.chosen]*u.net
	c := GroupForecast{
		Dim: g.dim, Customers: g.customers, Historic: float64(g.net) / n, Small: g.customers < p.least, Payback: -1,
		Active: Estimate{Value: s.active / n}, Value: Estimate{Value: value / n}, Equity: Estimate{Value: value},
	}
	c.Total.Value = c.Historic + c.Value.Value
	c.Age = meanDays(p.agg.Cells, g.dim)
	f.Channels = append(f.Channels, c)
}

// meanDays is the mean time since the first purchase of the customers with a value of the dimension.
func meanDays(rows []dataset.CellRow, dim string) float64 {
	var days, customers float64
	for _, r := range rows {
		if r.Dim == dim {
			days += float64(r.SumT)
			customers += float64(r.Customers)
		}
	}
	if customers == 0 {
		return 0
	}
	return days / customers
}

func (p *periodic) finish(f *Forecast) {
	h := f.Horizons[p.horizons.chosen]
	f.Equity, f.Purchases = h.Discounted, h.Purchases
	if f.Customers > 0 {
		f.Gone.Value = 1 - f.Active.Value/float64(f.Customers)
	}
}

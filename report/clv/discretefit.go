package clv

import (
	"parcours/report/clv/discrete"
	"parcours/report/clv/estimate"
	"parcours/report/dataset"
)

// mostBars is the number of periods with a purchase from which customers are counted together.
const mostBars = 7

// discreteFit fits the beta-geometric/beta-binomial model to the periods with a purchase, and says what it expects of the
// same customers in the next periods; nil when too few bought again or nothing fits.
func discreteFit(agg *dataset.Aggregates, periods int32) *Discrete {
	patterns, repeaters := patternsOf(agg.Discrete)
	if repeaters < leastRepeaters || periods <= 0 {
		return nil
	}
	d := &Discrete{Periods: periods, Result: estimate.Fit(discrete.BGBBProblem(patterns))}
	if !d.Usable() {
		return nil
	}
	for _, r := range agg.Discrete {
		d.Customers += r.Customers
	}
	d.Expected = periodBars(discrete.NewBGBB(d.Params), patterns)
	next := func(params []float64) []float64 { return nextPeriods(discrete.NewBGBB(params), patterns, int(periods)) }
	values, errors := next(d.Params), deltaErrors(d.Result, 1, next)
	d.Next = positiveEstimate(values[0], errorAt(errors, 0))
	d.Active = shareEstimate(values[1], errorAt(errors, 1))
	return d
}

// patternsOf turns the table into that of the model, and counts customers who bought in a period after their first.
func patternsOf(rows []dataset.DiscreteRow) (patterns []discrete.Pattern, repeaters int64) {
	for _, r := range rows {
		patterns = append(patterns, discrete.Pattern{X: int(r.X), TX: int(r.TX), N: int(r.N), Count: float64(r.Customers)})
		if r.X > 0 {
			repeaters += r.Customers
		}
	}
	return patterns, repeaters
}

// nextPeriods are the expected number of the next periods with a purchase, and the share active in the next one, per
// customer.
func nextPeriods(m discrete.BGBB, patterns []discrete.Pattern, periods int) []float64 {
	var expected, active, n float64
	for _, g := range activeByAge(m, patterns) {
		expected += g.units * discrete.SBG{Alpha: m.Gamma, Beta: m.Delta + float64(g.n) + 1}.DEL(0, periods)
		active += g.alive
		n += g.customers
	}
	return []float64{expected / n, active / n}
}

// ageGroup is customers with the same number of periods after the first purchase: those who are expected to be active in
// the next period, and to buy in it, and what these would be if all were active.
type ageGroup struct {
	n                                 int
	customers, alive, units, ifActive float64
}

// activeByAge adds up patterns by N, in its order.
func activeByAge(m discrete.BGBB, patterns []discrete.Pattern) []ageGroup {
	var groups []ageGroup
	for _, p := range patterns {
		for len(groups) <= p.N {
			groups = append(groups, ageGroup{n: len(groups)})
		}
		g := &groups[p.N]
		alive, buy := m.Alive(p), (m.Alpha+float64(p.X))/(m.Alpha+m.Beta+float64(p.N))
		g.customers += p.Count
		g.alive += p.Count * alive
		g.units += p.Count * alive * buy
		g.ifActive += p.Count * buy
	}
	return groups
}

// periodBars compares customers by number of periods with a purchase with what the model expects of as many periods.
func periodBars(m discrete.BGBB, patterns []discrete.Pattern) []HistogramBar {
	var customers []float64 // by N
	bars := make([]HistogramBar, mostBars+1)
	for _, p := range patterns {
		for len(customers) <= p.N {
			customers = append(customers, 0)
		}
		customers[p.N] += p.Count
		bars[min(p.X, mostBars)].Observed += int64(p.Count)
	}
	for n, count := range customers {
		rest := count
		for x := range min(mostBars, n+1) {
			v := count * m.Mass(x, n)
			bars[x].Expected += v
			rest -= v
		}
		bars[mostBars].Expected += max(rest, 0)
	}
	for x := range bars {
		bars[x].X, bars[x].More = int32(x), x == mostBars
	}
	return bars[:min(len(bars), len(customers))]
}

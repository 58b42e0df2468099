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
	d := &Discrete{Periods: periods, Result: fitPatterns(patterns)}
	if !d.Usable() {
		return nil
	}
	table := discrete.NewTable(patterns)
	for _, p := range table.Patterns {
		d.Customers += int64(p.Count)
	}
	d.Expected = periodBars(discrete.NewBGBB(d.Params), table.Patterns)
	next := func(params []float64) []float64 { return nextPeriods(discrete.NewBGBB(params), table, int(periods)) }
	values, errors := next(d.Params), deltaErrors(d.Result, 1, next)
	d.Next = positiveEstimate(values[0], errorAt(errors, 0))
	d.Active = shareEstimate(values[1], errorAt(errors, 1))
	return d
}

// manyPatterns is the number from which patterns are first fitted to every fourth N, and draws become fewer.
const manyPatterns = 20_000

// fitPatterns looks for the maximum. Among many patterns it looks from all starts in a part of them, and from there in all.
func fitPatterns(patterns []discrete.Pattern) estimate.Result {
	all := discrete.BGBBProblem(patterns)
	if len(patterns) <= manyPatterns {
		return estimate.Fit(all)
	}
	var some []discrete.Pattern
	for _, p := range patterns {
		if p.N%4 == 0 {
			some = append(some, p)
		}
	}
	if r := estimate.Polish(all, estimate.Fit(discrete.BGBBProblem(some))); r.Usable() {
		return r
	}
	return estimate.Fit(all)
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
func nextPeriods(m discrete.BGBB, table discrete.Table, periods int) []float64 {
	var expected, active, n float64
	for _, g := range activeByAge(m, table, 0) {
		expected += g.units * discrete.SBG{Alpha: m.Gamma, Beta: m.Delta + float64(g.n) + 1}.DEL(0, periods)
		active += g.alive
		n += g.customers
	}
	return []float64{expected / n, active / n}
}

// ageGroup is customers with the same number of periods after the first purchase: those who are expected to be active in
// the next period, to buy in it, to buy in it if all were active, and to be active but buy in none of some next ones.
type ageGroup struct {
	n                                       int
	customers, alive, units, ifActive, idle float64
}

// activeByAge adds up patterns by N, in its order.
func activeByAge(m discrete.BGBB, table discrete.Table, ahead int) []ageGroup {
	var groups []ageGroup
	for i, s := range table.Standings(m, ahead) {
		p := table.Patterns[i]
		for len(groups) <= p.N {
			groups = append(groups, ageGroup{n: len(groups)})
		}
		g := &groups[p.N]
		g.customers += p.Count
		g.alive += p.Count * s.Alive
		g.units += p.Count * s.Alive * s.Buy
		g.ifActive += p.Count * s.Buy
		g.idle += p.Count * s.Idle
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

package clv

import (
	"math"

	"parcours/report/clv/discrete"
	"parcours/report/dataset"
)

// discreteForecast forecasts with the beta-geometric/beta-binomial model: a period with a purchase brings what such
// periods, after the first, brought on average. Nil when there is no model.
//
// The table of patterns knows the period of the first purchase but no dimension: there are no channels, and no cohorts
// where these are made of sign-ups.
func discreteForecast(agg *dataset.Aggregates, cal dataset.Calendar, report *Report, d *Discrete, set Settings, least int64) *Forecast {
	if d == nil || !d.Usable() {
		return nil
	}
	p := newPeriodic(agg, cal, report, d.Result, set, least)
	all := newFollowed(agg, cal, "")
	p.first, p.rest = opening(agg, all)
	p.prices = []unitPrice{priceActive(all).price()}
	patterns, _ := patternsOf(agg.Discrete)
	table := discrete.NewTable(patterns)
	p.cells = len(table.Patterns)
	p.foreseePatterns(table, p.ageCohorts(table.Patterns, all))
	if p.cells > manyPatterns {
		p.set.Draws = min(p.set.Draws, max(50, p.set.Draws*manyPatterns/p.cells))
	}
	f := p.forecast()
	if agg.Manifest.Cohort == dataset.BySignUp {
		f.Cohorts, f.Historic = nil, 0
		for _, c := range all.cohorts {
			f.Historic += c.net()
		}
	}
	return f
}

// priceActive is what customers with an order in a period brought, at the complete ages after the first.
func priceActive(f followed) pricing {
	var p pricing
	for _, c := range f.cohorts {
		var units, net, orders float64
		for age := 1; age <= c.complete; age++ {
			units += float64(c.on[age].Active)
			net += float64(c.on[age].Net)
			orders += float64(c.on[age].Orders)
		}
		if units > 0 {
			p.add(units, net, orders)
		}
	}
	return p
}

// ageCohort is a cohort as part of the customers with the same number of periods after the first purchase. Those without a
// period came in the last complete one, or in the one that goes on, which is not foreseen.
type ageCohort struct {
	n     int
	share float64
	skip  int
}

// ageCohorts makes the groups: one for each number of periods, two for none.
func (p *periodic) ageCohorts(patterns []discrete.Pattern, all followed) []ageCohort {
	var customers []float64
	for _, c := range patterns {
		for len(customers) <= c.N {
			customers = append(customers, 0)
		}
		customers[c.N] += c.Count
	}
	last := p.horizons.period - 1
	cohorts := map[int32]followedCohort{}
	for _, c := range all.cohorts {
		cohorts[c.cohort] = c
	}
	fresh := 0. // share of the customers without a period who came in the one that goes on
	if n := cohorts[last].size + cohorts[last+1].size; n > 0 {
		fresh = float64(cohorts[last+1].size) / float64(n)
	}
	var ages []ageCohort
	for n := len(customers) - 1; n > 0; n-- {
		ages = append(ages, ageCohort{n: n, share: 1})
	}
	ages = append(ages, ageCohort{share: 1 - fresh}, ageCohort{share: fresh, skip: 1})
	kept := ages[:0]
	for _, a := range ages {
		if of := customers[a.n] * a.share; of > 0 {
			at := last - int32(a.n) + int32(a.skip)
			p.groups = append(p.groups, periodGroup{cohort: at, customers: int64(math.Round(of)), net: cohorts[at].net()})
			kept = append(kept, a)
		}
	}
	return kept
}

// foreseePatterns makes the parts of every group for given parameters.
func (p *periodic) foreseePatterns(table discrete.Table, ages []ageCohort) {
	ahead := p.periodsAhead()
	p.parts = func(params []float64) [][]part {
		m := discrete.NewBGBB(params)
		groups := activeByAge(m, table, ahead)
		all := make([][]part, len(ages))
		for i, a := range ages {
			g := groups[a.n]
			all[i] = []part{{
				customers: g.customers * a.share, active: g.alive * a.share, units: g.units * a.share, ifActive: g.ifActive * a.share,
				idle: g.idle * a.share, skip: a.skip, stay: stayAfter(m.Gamma, m.Delta, a.n+1),
			}}
		}
		return all
	}
	p.newcomer = func(params []float64) part {
		m := discrete.NewBGBB(params)
		return part{customers: 1, units: m.Mean(1), stay: stayAfter(m.Gamma, m.Delta, 1)}
	}
}

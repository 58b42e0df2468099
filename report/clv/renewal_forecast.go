package clv

import (
	"math"

	"parcours/report/clv/discrete"
	"parcours/report/clv/estimate"
	"parcours/report/cohort"
	"parcours/report/dataset"
)

// leastUnits is the number of units from which a value of the dimension has a price of its own.
const leastUnits = 100

// renewalForecast forecasts with the shifted-beta-geometric model: a customer who is still there in a period brings what
// such customers brought on average in a period after their first. Nil when there is no model.
func renewalForecast(agg *dataset.Aggregates, cal dataset.Calendar, report *Report, r *Renewal, set Settings, least int64) *Forecast {
	if r == nil || !r.Usable() {
		return nil
	}
	p := newPeriodic(agg, cal, report, r.Result, set, least)
	p.spread = r.Dispersion
	all := newFollowed(agg, cal, "")
	p.first, p.rest = opening(agg, all)
	p.prices = []unitPrice{priceThere(all).price()}
	crowds := make([][]followedCohort, 0, len(all.cohorts))
	for _, c := range all.cohorts {
		p.cells += c.judged
		p.groups = append(p.groups, periodGroup{cohort: c.cohort, customers: c.size, net: c.net()})
		crowds = append(crowds, []followedCohort{c})
	}
	for _, d := range cohort.Dims(agg) {
		those := newFollowed(agg, cal, d.Value)
		g := periodGroup{dim: d.Value}
		for _, c := range those.cohorts {
			g.customers += c.size
			g.net += c.net()
		}
		g.price = p.own(priceThere(those))
		p.groups = append(p.groups, g)
		crowds = append(crowds, those.cohorts)
	}
	p.foreseeRenewals(crowds, all.activity())
	return p.forecast()
}

// newPeriodic prepares a forecast.
func newPeriodic(agg *dataset.Aggregates, cal dataset.Calendar, report *Report, fit estimate.Result, set Settings, least int64) *periodic {
	p := &periodic{agg: agg, report: report, set: set.withDefaults(), least: least, fit: fit, spread: 1}
	p.sizes, p.merge = observedSizes(report), purchasesPerOrder(agg)
	p.horizons = newHorizons(agg.Manifest, cal, p.set)
	p.timeline = newTimeline(agg.Manifest, cal, p.horizons)
	p.weights = newPeriodWeights(p.timeline, p.horizons)
	return p
}

// purchasesPerOrder is the number of purchases in an order. The tables of cohorts count orders, those of histories purchases:
// without it, the models by period would foresee another quantity than the other models.
func purchasesPerOrder(agg *dataset.Aggregates) float64 {
	var purchases int64
	for _, r := range agg.Cells {
		if r.Dim == "" {
			purchases += (int64(r.X) + 1) * r.Customers
		}
	}
	if purchases == 0 || agg.Totals.Orders == 0 {
		return 1
	}
	return math.Min(1, float64(purchases)/float64(agg.Totals.Orders))
}

// own adds the price of a group, or finds that it has too few units and takes that of all.
func (p *periodic) own(of pricing) int {
	var units float64
	for _, u := range of.units {
		units += u
	}
	if units < leastUnits {
		return 0
	}
	p.prices = append(p.prices, of.price())
	return len(p.prices) - 1
}

// priceThere is what customers still there brought, at the ages after the first of which it is known who was.
func priceThere(f followed) pricing {
	var p pricing
	for _, c := range f.cohorts {
		var units, net, orders float64
		for age := 1; age <= c.judged; age++ {
			units += float64(c.there[age])
			net += float64(c.on[age].Net)
			orders += float64(c.on[age].Orders)
		}
		if units > 0 {
			p.add(units, net, orders)
		}
	}
	return p
}

func (c followedCohort) net() (net int64) {
	for _, cell := range c.on {
		net += cell.Net
	}
	return net
}

// activity is the probability that a customer who is seen again later has an order in a period after the first: those
// last seen in the period itself, who have one for sure, are left out. It is 1 for subscriptions, and where nobody tells.
func (f followed) activity() float64 {
	var active, there float64
	for _, c := range f.cohorts {
		for age := 1; age <= c.complete && age+1 < len(c.there); age++ {
			active += float64(c.on[age].Active - c.lastSeen(age))
			there += float64(c.there[age+1])
		}
	}
	if there == 0 {
		return 1
	}
	return math.Min(math.Max(active/there, 1e-3), 1)
}

// foreseeRenewals makes the parts of every group for given parameters.
func (p *periodic) foreseeRenewals(crowds [][]followedCohort, activity float64) {
	ahead, longest, elapsed := p.periodsAhead(), 0, p.timeline.elapsed()
	for _, cohorts := range crowds {
		for _, c := range cohorts {
			longest = max(longest, c.complete, len(c.there))
		}
	}
	p.parts = func(params []float64) [][]part {
		m := discrete.NewSBG(params)
		logs := logSurvivals(m, longest+1)
		all := make([][]part, len(crowds))
		for i, cohorts := range crowds {
			for _, c := range cohorts {
				all[i] = append(all[i], c.part(m, logs, activity, elapsed, ahead))
			}
		}
		return all
	}
	p.newcomer = func(params []float64) part {
		m := discrete.NewSBG(params)
		return part{customers: 1, units: m.Retention(1), stay: stayAfter(m.Alpha, m.Beta, 1)}
	}
}

// logSurvivals are ln S(t) up to an age.
func logSurvivals(m discrete.SBG, ages int) []float64 {
	logs := make([]float64, ages+1)
	for t := 1; t <= ages; t++ {
		logs[t] = logs[t-1] + math.Log(m.Retention(t))
	}
	return logs
}

// contractual is the probability of an order in a period from which silence says that a customer has left.
const contractual = .8

// part foresees a cohort. Where customers who are there have an order in nearly every period, who is there is known up to
// the last complete one. Where they buy at will it is not: who was there at the last age that can be judged is, and the
// model tells how many of them still are. Counting likely returns one by one would count customers whom the retention row,
// and so what one who is there brings, leaves out.
func (c followedCohort) part(m discrete.SBG, logs []float64, activity, elapsed float64, ahead int) part {
	p, next := part{customers: float64(c.size)}, c.complete+1
	switch {
	case next == 0:
		p.active = p.customers
	case activity >= contractual:
		p.active = c.payers(m, logs, activity, elapsed)
	default:
		p.active = float64(c.there[c.judged]) * math.Exp(logs[next]-logs[c.judged])
	}
	p.units, p.ifActive = p.active, p.customers
	p.idle = p.active * math.Pow(1-activity, float64(ahead)) * m.ConditionalSurvival(next, ahead)
	if next == 0 { // the cohort has only come; the period after this one is the first that can be foreseen
		next, p.skip = 1, 1
		p.units *= m.Retention(1)
		p.ifActive = p.units
	}
	p.stay = stayAfter(m.Alpha, m.Beta, next)
	return p
}

// payers is the expected number of customers seen again after the last complete age: those who stayed beyond and, of the
// periods since they were last seen, had an order in none, nor yet in the elapsed share of the one that goes on, against
// those who left right then.
func (c followedCohort) payers(m discrete.SBG, logs []float64, activity, elapsed float64) (sum float64) {
	quiet := 1 - activity*elapsed
	for age := range c.there {
		n, silence := float64(c.lastSeen(age)), c.complete-age
		switch {
		case n == 0:
		case silence < 0:
			sum += n
		default:
			stayed := math.Exp(logs[c.complete+1]-logs[age]) * math.Pow(1-activity, float64(silence)) * quiet
			sum += n * stayed / (stayed + 1 - m.Retention(age+1))
		}
	}
	return sum
}

package clv

import (
	"math"

	"parcours/report/clv/discrete"
	"parcours/report/clv/estimate"
	"parcours/report/cohort"
	"parcours/report/dataset"
)

const (
	// leastRenewals is the number of ages that must be observed for the two parameters to be told apart.
	leastRenewals = 3
	// leastFollowed is the number of cohorts that stand for an age, and without which the truncated one is not left out.
	leastFollowed = 3
)

// fitRenewal fits the shifted-beta-geometric model to on-or-after retention and continues its row by the horizon of the
// settings; nil when too little was observed or nothing fits.
//
// "Still there at age t" means seen in period t or later. A customer who has not been seen for a while may come back, so
// a cohort followed for A complete periods says who left up to age A − FollowUp only, as the yearly churn of the simple
// formula does. The truncated first cohort, whose customers may be old ones, is left out when enough others are known.
func fitRenewal(agg *dataset.Aggregates, cal dataset.Calendar, set Settings) *Renewal {
	grain := agg.Manifest.Grain
	f := newFollowed(agg, cal, "")
	used := f.fitted()
	r := &Renewal{FollowUp: f.followUp, Cohorts: len(used)}
	var counts []discrete.Cohort
	for _, c := range used {
		r.Customers += c.size
		r.Renewals = max(r.Renewals, int32(c.judged))
		counts = append(counts, c.renewals())
	}
	if r.Customers < leastRepeaters || r.Renewals < leastRenewals {
		return nil
	}
	r.Result = estimate.Fit(discrete.SBGProblem(counts))
	if !r.Usable() {
		return nil
	}
	r.Dispersion = dispersion(discrete.NewSBG(r.Params), counts)
	last := f.oldest() + periodsWithin(grain, set.withDefaults().HorizonMonths)
	r.Points = renewalPoints(r, used, last)
	return r
}

// periodsWithin is the number of periods that a number of months holds, rounded up.
func periodsWithin(grain dataset.Grain, months int32) int32 {
	year := dataset.PerYear(grain)
	return (months*year + 11) / 12
}

// followed are the cohorts of all customers or of a value of the dimension, as periods went by.
type followed struct {
	cohorts  []followedCohort
	followUp int32
}

// followedCohort counts customers by the age of the period in which they were last seen.
type followedCohort struct {
	cohort    int32
	size      int64
	truncated bool
	complete  int           // greatest complete age, −1 when none
	judged    int           // greatest age at which it is known who is still there, 0 when none is
	there     []int64       // by age: seen then or later
	on        []cohort.Cell // what happened at each age
}

func newFollowed(agg *dataset.Aggregates, cal dataset.Calendar, dim string) followed {
	f := followed{followUp: followUp(agg, agg.Manifest.Grain)}
	later := cohort.Compute(agg, cal, cohort.OnOrAfter, dim, cohort.Options{})
	on := cohort.Compute(agg, cal, cohort.On, dim, cohort.Options{})
	for i, c := range later.Cohorts {
		one := followedCohort{cohort: c.Cohort, size: c.Size, truncated: c.Truncated, complete: -1, on: on.Cohorts[i].Cells}
		for age, cell := range c.Cells {
			one.there = append(one.there, cell.Active)
			if cell.State == dataset.Complete {
				one.complete = age
			}
		}
		one.judged = max(0, one.complete-int(f.followUp))
		f.cohorts = append(f.cohorts, one)
	}
	return f
}

// lastSeen is the number of customers last seen at an age.
func (c followedCohort) lastSeen(age int) int64 {
	if age+1 < len(c.there) {
		return c.there[age] - c.there[age+1]
	}
	return c.there[age]
}

// renewals counts who left at each age up to the one that can be judged.
func (c followedCohort) renewals() discrete.Cohort {
	out := discrete.Cohort{Active: float64(c.there[c.judged])}
	for t := 1; t <= c.judged; t++ {
		out.Lost = append(out.Lost, float64(c.there[t-1]-c.there[t]))
	}
	return out
}

// fitted are the cohorts that were followed for long enough.
func (f followed) fitted() []followedCohort {
	var all, others []followedCohort
	for _, c := range f.cohorts {
		// Everybody is there at age 0, unless cohorts are made of sign-ups: then some never came, which is no renewal.
		if c.judged < 1 || c.there[0] == 0 {
			continue
		}
		all = append(all, c)
		if !c.truncated {
			others = append(others, c)
		}
	}
	if len(others) >= leastFollowed {
		return others
	}
	return all
}

// oldest is the greatest complete age.
func (f followed) oldest() int32 {
	oldest := 0
	for _, c := range f.cohorts {
		oldest = max(oldest, c.complete)
	}
	return int32(oldest)
}

// dispersion compares how losses scatter between cohorts with what chance alone explains: Pearson's χ² over its degrees
// of freedom, at least 1. Cohorts differ by season and campaign, so that intervals from the likelihood alone would be far
// too narrow for large shops.
func dispersion(m discrete.SBG, cohorts []discrete.Cohort) float64 {
	sum, cells := 0., -2.
	for _, c := range cohorts {
		n := c.Active
		for _, lost := range c.Lost {
			n += lost
		}
		for t, lost := range c.Lost {
			rate := 1 - m.Retention(t+1)
			if variance := n * rate * (1 - rate); variance >= 1 {
				sum += (lost - n*rate) * (lost - n*rate) / variance
				cells++
			}
			n -= lost
		}
	}
	if cells < 1 {
		return 1
	}
	return math.Max(1, sum/cells)
}

// renewalPoints are the ages up to last. Where the share still there was observed the model is shown as fitted, so that
// a misfit can be seen. Beyond, the row goes on from the last share observed, by the share of those there that the model
// expects to stay: S(t)/S(T), not S(t), which would carry a misfit along.
func renewalPoints(r *Renewal, used []followedCohort, last int32) []RenewalPoint {
	points := make([]RenewalPoint, last+1)
	from, level, levelError := 0, 1., 0.
	for age := range points {
		points[age].Age = int32(age)
		share, n, known := observedThere(used, age)
		points[age].Observed, points[age].Known = share, known
		if known {
			from, level, levelError = age, share, math.Sqrt(r.Dispersion*share*(1-share)/n)
		}
	}
	curve := func(params []float64) []float64 {
		m := discrete.NewSBG(params)
		all := make([]float64, len(points))
		for age := range all {
			if all[age] = m.Survival(min(age, from)); age > from {
				all[age] = m.ConditionalSurvival(from, age-from)
			}
		}
		return all
	}
	expected, errors := curve(r.Params), deltaErrors(r.Result, r.Dispersion, curve)
	for age := range points {
		share, se := expected[age], errorAt(errors, age)
		if age > from {
			share, se = level*share, math.Hypot(level*se, levelError*share)
		}
		points[age].Expected = shareEstimate(share, se)
	}
	return points
}

// observedThere pools the share still there at an age over the cohorts of which it is known, n customers.
func observedThere(used []followedCohort, age int) (share, n float64, known bool) {
	var there, size int64
	cohorts := 0
	for _, c := range used {
		if age <= c.judged {
			there, size, cohorts = there+c.there[age], size+c.there[0], cohorts+1
		}
	}
	if size == 0 || cohorts < min(leastFollowed, len(used)) {
		return 0, 0, false
	}
	return float64(there) / float64(size), float64(size), true
}

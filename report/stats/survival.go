package stats

import (
	"cmp"
	"math"
	"slices"
)

// Observation counts subjects whose event, or whose end of observation when Censored, came after Time.
type Observation struct {
	Time     int32
	Censored bool
	Count    int64
}

// Survival is a Kaplan–Meier estimate.
type Survival struct {
	steps []step
	n     int64
	last  int32 // longest observed time
	// exits are times at which subjects leave, with the number still under observation just before.
	exits []exit
}

type step struct {
	time     int32
	s        float64 // probability of no event up to and including time
	sum      float64 // Greenwood's Σ d ÷ (n (n − d))
	degraded bool    // s is 0: the sum is infinite
}

type exit struct {
	time   int32
	atRisk int64
}

// KaplanMeier estimates the time to an event from right-censored observations, S(t) = Π (1 − d/n) over event times
// up to t. Censored subjects are at risk at their own time. Kaplan and Meier, "Nonparametric estimation from
// incomplete observations", JASA 53 (1958).
func KaplanMeier(observations []Observation) Survival {
	sorted := slices.Clone(observations)
	slices.SortFunc(sorted, func(a, b Observation) int { return cmp.Compare(a.Time, b.Time) })
	var k Survival
	for _, o := range sorted {
		k.n += o.Count
		if o.Count > 0 {
			k.last = o.Time
		}
	}
	atRisk, s, sum := k.n, 1.0, 0.0
	for i := 0; i < len(sorted); {
		time := sorted[i].Time
		var events, leaving int64
		for ; i < len(sorted) && sorted[i].Time == time; i++ {
			leaving += sorted[i].Count
			if !sorted[i].Censored {
				events += sorted[i].Count
			}
		}
		if leaving == 0 {
			continue
		}
		k.exits = append(k.exits, exit{time, atRisk})
		if events > 0 {
			n, d := float64(atRisk), float64(events)
			s *= 1 - d/n
			if events < atRisk {
				sum += d / (n * (n - d))
			}
			k.steps = append(k.steps, step{time, s, sum, events == atRisk})
		}
		atRisk -= leaving
	}
	return k
}

// N is the number of subjects.
func (k Survival) N() int64 { return k.n }

// At returns S(t) with its 95 % interval; ok is false when nobody was observed as long as t and events are still
// possible, since the estimate is then undefined.
//
// The interval is exp(−exp(ln(−ln S) ± z √v ÷ ln S)) with v Greenwood's sum: Kalbfleisch and Prentice, "The
// Statistical Analysis of Failure Time Data" (1980), section 1.4; it stays within 0…1. Where S is 0 or 1 it has no
// width, and Wilson's interval over those still at risk stands in for it.
func (k Survival) At(t int32) (s float64, i Interval, ok bool) {
	if k.n == 0 {
		return 0, Interval{0, 1}, false
	}
	last := k.before(t)
	switch {
	case last != nil && last.degraded:
		w := Wilson(0, k.AtRisk(last.time))
		return 0, w, true
	case t > k.last:
		return 0, Interval{0, 1}, false
	case last == nil:
		n := k.AtRisk(t)
		return 1, Wilson(n, n), true
	}
	width := Z95 * math.Sqrt(last.sum) / math.Abs(math.Log(last.s))
	loglog := math.Log(-math.Log(last.s))
	return last.s, Interval{math.Exp(-math.Exp(loglog + width)), math.Exp(-math.Exp(loglog - width))}, true
}

// before returns the last step at or before t, nil when there is none.
func (k Survival) before(t int32) *step {
	i, found := slices.BinarySearchFunc(k.steps, t, func(s step, t int32) int { return cmp.Compare(s.time, t) })
	if found {
		return &k.steps[i]
	}
	if i == 0 {
		return nil
	}
	return &k.steps[i-1]
}

// AtRisk is the number of subjects without an event and under observation just before t.
func (k Survival) AtRisk(t int32) int64 {
	i, _ := slices.BinarySearchFunc(k.exits, t, func(e exit, t int32) int { return cmp.Compare(e.time, t) })
	if i == len(k.exits) {
		return 0
	}
	return k.exits[i].atRisk
}

// rounding bounds the error of S, a product of up to some thousands of factors.
const rounding = 1e-12

// Median is the first time at which S is at most one half, ok false when it never is. Without the allowance for
// rounding, a product such as 23/24 × 22/23 × … × 12/13 is a little more than the half that it is.
func (k Survival) Median() (t int32, ok bool) {
	for _, s := range k.steps {
		if s.s <= .5+rounding {
			return s.time, true
		}
	}
	return 0, false
}

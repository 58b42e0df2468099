package discrete

import (
	"math"

	"parcours/report/clv/estimate"
	"parcours/report/clv/special"
)

// Cohort is customers followed over renewals 1, 2, …: Lost[t−1] left at renewal t, and Active were still there after
// len(Lost) of them. Numbers need not be whole.
type Cohort struct {
	Lost   []float64
	Active float64
}

// SBG is the shifted-beta-geometric model of Fader and Hardie 2007: at each renewal a customer leaves with a probability
// that differs as Beta(Alpha, Beta). Retention rises with age because those who stay are more loyal, not because
// anybody becomes so.
type SBG struct{ Alpha, Beta float64 }

// NewSBG makes a model of parameters in the order α, β.
func NewSBG(params []float64) SBG { return SBG{params[0], params[1]} }

// LogLikelihood is that of a cohort.
func (m SBG) LogLikelihood(c Cohort) float64 {
	sum := c.Active * m.logSurvival(len(c.Lost))
	for i, lost := range c.Lost {
		sum += lost * (m.logSurvival(i) + math.Log(m.Alpha) - math.Log(m.Alpha+m.Beta+float64(i)))
	}
	return sum
}

func (m SBG) logSurvival(t int) float64 {
	return special.LogRising(m.Beta, float64(t)) - special.LogRising(m.Alpha+m.Beta, float64(t))
}

// Survival is the share of customers still there after t renewals, S(t) = B(α, β+t)/B(α, β).
func (m SBG) Survival(t int) float64 { return math.Exp(m.logSurvival(t)) }

// Retention is the share of the customers there before renewal t ≥ 1 who are so after it.
func (m SBG) Retention(t int) float64 {
	stay := m.Beta + float64(t-1)
	return stay / (m.Alpha + stay)
}

// ConditionalSurvival is the share still there after t more renewals of the customers there after T of them,
// S(T+t)/S(T). The unconditional S(T+t) is another thing: it is what is left of all who ever came.
func (m SBG) ConditionalSurvival(T, t int) float64 {
	return SBG{m.Alpha, m.Beta + float64(T)}.Survival(t)
}

// DEL is the discounted expected lifetime of a new customer in periods: Σ S(t)(1+rate)^−t over 0 ≤ t < periods, a rate
// ≥ 0 a period. Endless periods are ₂F₁(1, β; α+β; 1/(1+rate)), +Inf with rate 0 and Alpha ≤ 1.
func (m SBG) DEL(rate float64, periods int) float64 {
	return discounted(m.Alpha, m.Beta, 1/(1+rate), periods)
}

// DERL is the discounted expected residual lifetime just before renewal n ≥ 1 of a customer who is there: the periods
// that renewals n, n+1, … bring, the first not discounted (Fader and Hardie 2010).
func (m SBG) DERL(n int, rate float64, periods int) float64 {
	if periods <= 0 {
		return 0
	}
	return m.Retention(n) * discounted(m.Alpha, m.Beta+float64(n), 1/(1+rate), periods)
}

// SBGProblem is the likelihood of the model for cohorts, which may have different ages. Only the numbers of customers
// lost and kept at each renewal matter, over all cohorts.
func SBGProblem(cohorts []Cohort) estimate.Problem {
	lost, kept, weight := renewals(cohorts)
	mean := func(theta, grad []float64) float64 {
		m := SBG{math.Exp(theta[0]), math.Exp(theta[1])}
		var sum, a, b float64
		for i := range lost {
			t, both := float64(i), lost[i]+kept[i]
			all := m.Alpha + m.Beta + t
			// ln α/(α+β+t) and ln (β+t)/(α+β+t), exact for shares near 1 as well.
			sum -= lost[i]*math.Log1p((m.Beta+t)/m.Alpha) + kept[i]*math.Log1p(m.Alpha/(m.Beta+t))
			a += lost[i]/m.Alpha - both/all
			b += kept[i]/(m.Beta+t) - both/all
		}
		value := -sum / weight
		if weight == 0 || math.IsNaN(value) || math.IsInf(value, 0) {
			return math.Inf(1)
		}
		if grad != nil {
			grad[0], grad[1] = -a*m.Alpha/weight, -b*m.Beta/weight
		}
		return value
	}
	return estimate.Problem{Names: []string{"alpha", "beta"}, Weight: weight, Mean: mean, Starts: sbgStarts(lost, kept)}
}

// renewals counts the customers lost and kept at each renewal, and all of them; those who never came to a renewal say
// nothing and do not count.
func renewals(cohorts []Cohort) (lost, kept []float64, weight float64) {
	for _, c := range cohorts {
		for len(lost) < len(c.Lost) {
			lost, kept = append(lost, 0), append(kept, 0)
		}
		stay := c.Active
		for i := len(c.Lost) - 1; i >= 0; i-- {
			lost[i] += c.Lost[i]
			kept[i] += stay
			stay += c.Lost[i]
		}
		if len(c.Lost) > 0 {
			weight += stay
		}
	}
	return lost, kept, weight
}

// sbgStarts are around the loss at the first renewal, and the α+β by which it falls at the second: with
// h₁ = α/(α+β) and h₂ = α/(α+β+1), α+β = h₂/(h₁−h₂).
func sbgStarts(lost, kept []float64) [][]float64 {
	first, total := .3, 3.
	if len(lost) > 0 && lost[0]+kept[0] > 0 {
		first = math.Min(math.Max(lost[0]/(lost[0]+kept[0]), .01), .99)
	}
	if len(lost) > 1 && lost[1]+kept[1] > 0 {
		if second := lost[1] / (lost[1] + kept[1]); second > 0 && second < first {
			total = math.Min(math.Max(second/(first-second), .1), 1000)
		}
	}
	var starts [][]float64
	for _, all := range []float64{total, 1, 3, 30} {
		starts = append(starts, []float64{math.Log(all * first), math.Log(all * (1 - first))})
	}
	return append(starts, []float64{0, 0})
}

package btyd

import (
	"math"

	"parcours/report/clv/special"
)

var paretoNames = []string{"r", "alpha", "s", "beta"}

// pareto is the Pareto/NBD model of Schmittlein, Morrison and Colombo 1987: rates of purchase differ as Gamma(r, α), and
// at any moment a customer may stop, at a rate that differs as Gamma(s, β).
//
// Its likelihood is written without the difference of two hypergeometric functions. Let S(u) be the likelihood of the x
// purchases and of being active at u, α^r β^s Γ(r+x)/Γ(r) (α+u)^−(r+x) (β+u)^−s, and q(u) the probability that one who
// is active at u stops before the next purchase. Then the customer either is active at T and buys again, which has the
// likelihood S(T)(1 − q(T)), or stopped after t_x before the next purchase, S(t_x) q(t_x): two positive terms.
type pareto struct{ r, alpha, s, beta float64 }

func newPareto(_ int, p []float64) Model { return pareto{p[0], p[1], p[2], p[3]} }

func (m pareto) Name() Name        { return ParetoNBD }
func (m pareto) Names() []string   { return paretoNames }
func (m pareto) Params() []float64 { return []float64{m.r, m.alpha, m.s, m.beta} }

// active is ln S(u) without the factor Γ(r+x)/Γ(r).
func (m pareto) active(x, u float64) float64 {
	return -m.r*math.Log1p(u/m.alpha) - m.s*math.Log1p(u/m.beta) - x*math.Log(m.alpha+u)
}

// stop is q(u) after x purchases.
func (m pareto) stop(x, u float64) float64 {
	return newRace(m.r+x, m.s, m.alpha, m.beta).probability(m.alpha+u, m.beta+u)
}

// history returns ln S(t_x) and, as multiples of S(t_x), S(T) and the likelihood.
func (m pareto) history(h History) (log, end, all float64) {
	x := float64(h.X)
	log = m.active(x, h.TX)
	if h.T <= h.TX {
		return log, 1, 1
	}
	end = math.Exp(m.active(x, h.T) - log)
	return log, end, end*(1-m.stop(x, h.T)) + m.stop(x, h.TX)
}

// LogLikelihood is eq. A10 of Fader and Hardie, "A note on deriving the Pareto/NBD model" (2005), as said at the type.
func (m pareto) LogLikelihood(h History) float64 {
	log, _, all := m.history(h)
	return special.LogRising(m.r, float64(h.X)) + log + math.Log(all)
}

// Alive is eq. 11–13 of Schmittlein et al.: the share of S(T) in the likelihood.
func (m pareto) Alive(h History) float64 {
	_, end, all := m.history(h)
	return min(end/all, 1)
}

package btyd

import (
	"math"

	"parcours/report/clv/special"
)

// Mass is P(X(t) = x): x purchases and still active, or stopped at the x-th, which came before t (eq. 8 of Fader, Hardie
// and Lee 2005, whose sum is an incomplete beta function).
func (m betaGeometric) Mass(x int, t float64) float64 {
	if t <= 0 {
		if x == 0 {
			return 1
		}
		return 0
	}
	n := float64(x)
	mass := math.Exp(m.staying(n+m.shift) + special.LogRising(m.r, n) - special.LogGamma(n+1) -
		m.r*math.Log1p(t/m.alpha) - n*math.Log1p(m.alpha/t))
	if !m.tossed(x) {
		return mass
	}
	stopped := m.stopping(n + m.shift)
	if x > 0 {
		stopped += special.LogIncompleteBeta(n, m.r, t/(m.alpha+t), m.alpha/(m.alpha+t))
	}
	return min(1, mass+math.Exp(stopped))
}

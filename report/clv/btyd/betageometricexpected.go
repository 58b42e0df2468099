package btyd

import (
	"math"

	"parcours/report/clv/special"
)

// Expected integrates the rate of purchases of an active customer: E over p of r'/α' (1 + p u/α')^−(r'+1), p ~ Beta(a, b').
func (m betaGeometric) Expected(h History, delta float64, times, out []float64) {
	_ = special.LogAdd
	for i := range times {
		out[i] = math.NaN()
	}
}

// Mass is P(X(t) = x).
func (m betaGeometric) Mass(x int, t float64) float64 { return math.NaN() }

// Package special holds the special functions and the quadrature of the lifetime-value models, in forms that stay finite.
package special

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// LogAdd is ln(eᵘ + eᵛ).
func LogAdd(u, v float64) float64 {
	if u < v {
		u, v = v, u
	}
	if math.IsInf(u, -1) || math.IsInf(u, 1) {
		return u
	}
	return u + math.Log1p(math.Exp(v-u))
}

// LogGamma is ln Γ(x) for x > 0.
func LogGamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}

// Trigamma is the second derivative of ln Γ, for x > 0: Hurwitz' ζ(2, x).
func Trigamma(x float64) float64 { return mathext.Zeta(2, x) }

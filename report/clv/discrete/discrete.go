// Package discrete holds the models of customers whose chances to buy or to leave come period by period:
// beta-geometric/beta-binomial and shifted-beta-geometric.
package discrete

import "math"

// Endless stands for a number of periods without bound.
const Endless = math.MaxInt

// rising holds, for a parameter a, the sums over i < n of ln(a+i) and of 1/(a+i) by n: ln Γ(a+n)/Γ(a) and its
// derivative. They stay exact where differences of ln Γ cancel.
type rising struct{ log, slope []float64 }

func newRising(a float64, n int) rising {
	r := rising{make([]float64, n+1), make([]float64, n+1)}
	for i := range n {
		v := a + float64(i)
		r.log[i+1] = r.log[i] + math.Log(v)
		r.slope[i+1] = r.slope[i] + 1/v
	}
	return r
}

// discounted is Σ zⁱ S(i) over 0 ≤ i < periods, where S(i) is Π (b+j)/(a+b+j) over j < i and 0 < z ≤ 1. For Endless it is
// ₂F₁(1, b; a+b; z), +Inf where the sum has no bound: z = 1 with a ≤ 1.
func discounted(a, b, z float64, periods int) float64 {
	if periods == Endless {
		return endless(a, b, z)
	}
	sum, term := 0., 1.
	for i := range periods {
		sum += term
		term *= z * (b + float64(i)) / (a + b + float64(i))
		if term < 1e-18*sum*(1-z) { // what follows is at most term/(1−z)
			break
		}
	}
	return sum
}

// peeled is the number of terms that endless sums one by one, so that the fraction need not divide small parameters.
const peeled = 8

// endless is ₂F₁(1, b; a+b; z). After its first terms the rest, itself such a function of b and c with the same
// difference, is Gauss' continued fraction: no term changes sign, unlike in transformations of the series, and it takes
// about 1/√(1−z) steps where the series takes 1/(1−z).
func endless(a, b, z float64) float64 {
	if z >= 1 {
		if a <= 1 {
			return math.Inf(1)
		}
		return (a + b - 1) / (a - 1)
	}
	sum, term := 0., 1.
	for range peeled {
		sum += term
		term *= z * b / (a + b)
		b++
	}
	return sum + term*fraction(a, b, z)
}

// fraction is ₂F₁(1, b; c; z) = 1/(1 − k₁z/(1 − k₂z/(1 − …))) with c = a+b, k₂ₙ₋₁ = (b+n−1)(c+n−2)/((c+2n−3)(c+2n−2)) and
// k₂ₙ = n(a+n−1)/((c+2n−2)(c+2n−1)), from the end; all k lie between 0 and 1.
func fraction(a, b, z float64) float64 {
	c, tail := a+b, 1.
	for i := 40 + int(math.Min(20/math.Sqrt(1-z), 1e6)); i >= 1; i-- {
		n := float64(i)
		even := n * (a + n - 1) / ((c + 2*n - 2) * (c + 2*n - 1))
		odd := (b + n - 1) / (c + 2*n - 3) * (c + n - 2) / (c + 2*n - 2)
		tail = 1 - z*odd/(1-z*even/tail)
	}
	return 1 / tail
}

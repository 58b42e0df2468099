package btyd

import (
	"math"

	"parcours/report/clv/special"
)

// Mass is the probability of x purchases while the customer lives, to t or to the end of life before. The closed form of
// Fader and Hardie's note ("Deriving an expression for P(X(t) = x) under the Pareto/NBD model", 2006) has sums that
// cancel; this is the integral over the end of life that they start from, all of it positive.
func (m pareto) Mass(x int, t float64) float64 {
	if t <= 0 {
		if x == 0 {
			return 1
		}
		return 0
	}
	if x == 0 { // what the likelihood of a customer without a repeat purchase says, without a quadrature
		return math.Exp(m.LogLikelihood(History{T: t}))
	}
	stays := -m.s * math.Log1p(t/m.beta)
	whole := negativeBinomial(x, m.r, m.alpha, t) * math.Exp(stays)
	n := float64(x)
	scale := special.LogRising(m.r, n) - special.LogGamma(n+1)
	ended := concave{
		log: func(v float64) float64 {
			u := math.Exp(v)
			return scale - n*math.Log1p(m.alpha/u) - m.r*math.Log1p(u/m.alpha) -
				m.s*math.Log1p(u/m.beta) + math.Log(m.s) - math.Log1p(m.beta/u)
		},
		slope: func(v float64) float64 {
			u := math.Exp(v)
			return (n*m.alpha-m.r*u)/(m.alpha+u) + (m.beta-m.s*u)/(m.beta+u)
		},
	}
	return min(1, whole+ended.integrate(math.Log(t)))
}

// concave is an integrand with a concave logarithm that rises at −∞.
type concave struct{ log, slope func(v float64) float64 }

// integrate is the integral from −∞ to a bound, left out what is less than e^−42 of the largest value, and cut at the peak
// and into panels that a rule of 32 nodes integrates exactly.
func (c concave) integrate(to float64) float64 {
	low := to - 1
	for step := 2.; c.slope(low) < 1e-3 && step < 1e4; step *= 2 {
		low -= step
	}
	peak := bisect(low, to, func(v float64) bool { return c.slope(v) > 0 })
	goal := c.log(peak) - drop
	for step := 2.; c.log(low) > goal && step < 1e4; step *= 2 {
		low -= step
	}
	from := bisect(low, peak, func(v float64) bool { return c.log(v) < goal })
	to = bisect(peak, to, func(v float64) bool { return c.log(v) > goal })
	sum := 0.
	for _, part := range [][2]float64{{from, peak}, {peak, to}} {
		if n := int(math.Ceil((part[1] - part[0]) / 4)); n > 0 {
			sum += special.Integrate(func(v float64) float64 { return math.Exp(c.log(v)) }, part[0], part[1], n)
		}
	}
	return sum
}

// bisect is where the condition, true at the lower end, becomes false; the upper end when it does not.
func bisect(low, high float64, holds func(float64) bool) float64 {
	if holds(high) {
		return high
	}
	for range 60 {
		middle := (low + high) / 2
		if high-low < 1e-6*(1+math.Abs(middle)) {
			break
		}
		if holds(middle) {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

package btyd

import "math"

// flow is the rate at which purchases are expected from an active customer, u weeks on:
//
//	ρ(u) = r/α E[(1 + p u/α)^−(r+1)] = r/α ₂F₁(r+1, a; a+b; −u/α),  p ~ Beta(a, b),
//
// with the parameters brought up to date by the customer's history. In v = ln(1 + u/α) it is as smooth as can be, with no
// singularity nearer than 2πi, so that both ways to integrate it walk along v. What they integrate is e^(v − κ(e^v − 1))
// times the expectation, κ = δα: the discounted rate for a step of v, but for the factor r.
type flow struct{ r, alpha, a, b, kappa float64 }

// settled is the κ(e^v − 1) beyond which nothing is left to count.
const settled = 32

// flow is that of an active customer with a history.
func (m betaGeometric) flow(h History, delta float64) flow {
	x := float64(h.X)
	f := flow{r: m.r + x, alpha: m.alpha + h.T, a: m.a, b: m.b + x + m.shift}
	f.kappa = delta * f.alpha
	return f
}

// Expected is P(alive) × ∫ e^(−δu) ρ(u) du. It needs no ₂F₁ and knows no singularity at a = 1 or a + b = 1.
func (m betaGeometric) Expected(h History, delta float64, times, out []float64) {
	alive, f := m.Alive(h), m.flow(h, delta)
	if last := len(times) - 1; delta == 0 && last >= 0 && math.IsInf(times[last], 1) {
		out[last] = alive * f.endless()
		times = times[:last]
	}
	out = out[:len(times)]
	f.integrate(times, out)
	for i := range out {
		out[i] *= alive * f.r
	}
}

// quickFraction is the r beyond which mix needs few terms a probability and is quicker than sample.
const quickFraction = 50

// integrate sets out[i] to the integral up to times[i].
func (f flow) integrate(times, out []float64) {
	place := func() {
		for i, t := range times {
			out[i] = f.position(t)
		}
	}
	if place(); f.expand(out) {
		return
	}
	place()
	if f.kappa == 0 || f.r > quickFraction {
		f.mix(out)
	} else {
		f.sample(out)
	}
}

// position is the v of a time, at most where the discount leaves nothing.
func (f flow) position(t float64) float64 {
	if f.kappa > 0 {
		return math.Log1p(min(t/f.alpha, settled/f.kappa))
	}
	return math.Log1p(t / f.alpha)
}

// endless is E[1/p], the expected purchases of an active customer for ever: infinite for a ≤ 1.
func (f flow) endless() float64 {
	if f.a <= 1 {
		return math.Inf(1)
	}
	return (f.a + f.b - 1) / (f.a - 1)
}

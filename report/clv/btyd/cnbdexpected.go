package btyd

import (
	"math"

	"parcours/report/clv/special"
)

// Expected is P(alive) times the expected purchases of an active customer, averaged over the rate of events λ. Of λ and
// of j, the number of events since the last purchase, it is known that
//
//	λ, j | active ∝ λ^(R−1) e^(−λ(α+T)) (λ(T−t_x))^j / j!,  j < k
//
// The n-th purchase from now takes nk−j events, and is made by one who stays after the n−1 before it, with the mean
// probability S(n) = B(a, b'+n−1)/B(a, b'), b' = b+x+m. With φ = λ/(λ+δ) its discounted expectation until t is
// S(n) φ^(nk−j) P(nk−j events at the rate λ+δ until t). The sum over n is exact (see count), that over λ a quadrature of
// positive terms.
func (m cnbd) Expected(h History, delta float64, times, out []float64) {
	clear(out[:len(times)])
	p := newPosterior(m, h)
	near := 0
	f := newWaves(p, delta)
	for near < len(times) && f.reach(times[near]) {
		near++
	}
	f.expect(times[:near], out)
	p.expect(delta, times[near:], out[near:])
	alive := m.Alive(h)
	for i := range times {
		out[i] *= alive
	}
}

// expect adds the expected purchases of an active customer until each time to out.
func (p posterior) expect(delta float64, times, out []float64) {
	if len(times) == 0 {
		return
	}
	horizon := times[len(times)-1]
	if delta > 0 {
		horizon = min(horizon, 1/delta)
	}
	if horizon == 0 {
		return
	}
	c := newCount(p, delta)
	p.each(horizon, func(rate, weight float64) {
		c.add(rate, weight, times, out)
	})
}

// posterior is what is known of an active customer.
type posterior struct {
	k              int
	a, b           float64 // of the coin from now on
	shape, time    float64 // R, α + T
	silent         float64 // T − t_x
	scale, typical float64 // of log and of v
}

func newPosterior(m cnbd, h History) posterior {
	x := float64(h.X)
	p := posterior{
		k: m.k, a: m.a, b: m.b + x + m.shift,
		shape: m.r + m.events(x), time: m.alpha + h.T, silent: h.T - h.TX,
	}
	p.typical = math.Log(p.shape / p.time)
	p.scale = logGammaPeak(p.shape) - m.active(h)
	return p
}

// logGammaPeak is R ln R − R − ln Γ(R), the logarithm of the density of ln λ at its peak, for Gamma(R).
func logGammaPeak(r float64) float64 {
	if r < 1000 {
		return r*math.Log(r) - r - special.LogGamma(r)
	}
	return .5*math.Log(r/(2*math.Pi)) - (1-1/(30*r*r))/(12*r)
}

// log is the logarithm of the density of v = ln λ; it is concave.
func (p posterior) log(v float64) float64 {
	value := p.scale + p.shape*(v-p.typical-math.Expm1(v-p.typical))
	if p.k > 1 && p.silent > 0 {
		z := math.Exp(v) * p.silent
		term, sum := 1., 1.
		for j := 1; j < p.k; j++ {
			term *= z / float64(j)
			sum += term
		}
		value += math.Log(sum)
	}
	return value
}

// fade is the fall of the logarithm of an integrand over λ beyond which it is left out.
const fade = 32

// each calls f with rates λ and their weights in an integral over λ of what is bought by a time, which grows like λ up
// to about 1 ÷ horizon and more slowly beyond. The nodes are those of the trapezoid rule in ln λ: of an analytic function
// that vanishes at both ends its error is as small as the part of frequency 2π/step and more.
func (p posterior) each(horizon float64, f func(rate, weight float64)) {
	step, knee := p.step(horizon), -math.Log(horizon)
	top := math.Inf(-1)
	for _, side := range []float64{1, -1} {
		before := math.Inf(-1)
		for i := (1 - side) / 2; ; i++ {
			v := p.typical + side*i*step
			log := p.log(v)
			size := log + min(0, v-knee)
			top = max(top, size)
			if size < top-fade && size < before {
				break
			}
			before = size
			f(math.Exp(v), step*math.Exp(log))
		}
	}
}

// step is small enough for an error of 10⁻¹⁰. The spectrum of the density of ln λ, λ^j times a Gamma density at most, is
// |Γ(R+j+iω)/Γ(R+j)| ≈ exp(−ω atan(ω/(R+j)) + (R+j)/2 ln(1 + ω²/(R+j)²)), whose width Newton's method finds. What is bought
// by a time comes in waves of amplitude e^(−λt(1−c)) and frequency λt√(1−c²), with c = cos 2π/k.
func (p posterior) step(horizon float64) float64 {
	shape := p.shape + float64(p.k)
	frequency := max(16, 7*math.Sqrt(shape))
	for range 6 {
		x := frequency / shape
		slope := math.Atan(x)
		frequency += (25 - frequency*slope + shape/2*math.Log1p(x*x)) / slope
	}
	if p.k > 1 {
		sin, cos := math.Sincos(2 * math.Pi / float64(p.k))
		events := horizon * (p.shape + 9*math.Sqrt(p.shape) + 40) / p.time
		frequency += min(events, 23/(1-cos)) * max(sin, 0)
	}
	return 2 * math.Pi / frequency
}

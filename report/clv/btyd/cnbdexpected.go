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
	if len(times) == 0 {
		return
	}
	p := newPosterior(m, h)
	horizon := times[len(times)-1]
	if delta > 0 {
		horizon = min(horizon, 1/delta)
	}
	count := newCount(p, delta)
	p.each(horizon, func(rate, weight float64) {
		count.add(rate, weight, times, out)
	})
	alive := m.Alive(h)
	for i := range times {
		out[i] *= alive
	}
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

// log is the logarithm of the density of v = ln λ, and its slope; it is concave.
func (p posterior) log(v float64) (value, slope float64) {
	e := math.Expm1(v - p.typical)
	value, slope = p.scale+p.shape*(v-p.typical-e), -p.shape*e
	if p.k > 1 && p.silent > 0 {
		z := math.Exp(v) * p.silent
		term, sum, moment := 1., 1., 0.
		for j := 1.; j < float64(p.k); j++ {
			term *= z / j
			sum += term
			moment += term * j
		}
		value += math.Log(sum)
		slope += moment / sum
	}
	return value, slope
}

// each calls f with rates λ and their weights in an integral over λ of a function that grows like λ up to about
// 1 ÷ horizon and more slowly beyond.
func (p posterior) each(horizon float64, f func(rate, weight float64)) {
	knee := -math.Log(horizon)
	log := func(v float64) float64 {
		value, _ := p.log(v)
		return value + min(0, v-knee)
	}
	low, high := p.typical-1, p.typical+1+math.Log1p(float64(p.k)/p.shape)
	if v := knee - 1; p.shape < 1 && v < low {
		low = v
	}
	peak := bisect(low, high, func(v float64) bool {
		_, slope := p.log(v)
		return slope > 0 || v < knee && slope > -1
	})
	goal := log(peak) - drop
	for step := 1.; log(low) > goal; step *= 2 {
		low -= step
	}
	for step := 1.; log(high) > goal; step *= 2 {
		high += step
	}
	from := bisect(low, peak, func(v float64) bool { return log(v) < goal })
	to := bisect(peak, high, func(v float64) bool { return log(v) > goal })
	p.cut(from, peak, knee, f)
	p.cut(peak, to, knee, f)
}

// cut integrates over [from, to]. The number of purchases swings with λ, k events at a time, as long as there are few of
// them: the more regular, the shorter the panels.
func (p posterior) cut(from, to, knee float64, f func(rate, weight float64)) {
	fine := min(4, 12/float64(p.k))
	for lo := from; lo < to; {
		hi := lo + 4
		switch {
		case lo >= knee:
			hi = lo + fine
		case hi > knee:
			hi = max(knee, lo+fine)
		}
		hi = min(hi, to)
		half, middle := (hi-lo)/2, (hi+lo)/2
		special.EachNode(func(node, weight float64) {
			v := middle + half*node
			log, _ := p.log(v)
			f(math.Exp(v), weight*half*math.Exp(log))
		})
		lo = hi
	}
}

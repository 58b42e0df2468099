package clv

import (
	"math"

	"parcours/report/clv/btyd"
	"parcours/report/clv/special"
)

// clock is an active customer of the beta-geometric family: events at a rate Gamma(shape, scale), every k-th of them a
// purchase, phase of them since the last purchase; after each purchase the customer stops with a probability that is
// Beta(a, b) by now. The plain models have k = 1 and no phase.
type clock struct {
	shape, scale, a, b float64
	k, phase           int
}

// clockOf is the clock of a customer known to be active at t with x repeat purchases.
func clockOf(f btyd.Fitted, x int, t float64, phase int) clock {
	p, k := f.Params, max(f.K, 1)
	c := clock{shape: p[0] + float64(k*x+phase), scale: p[1] + t, a: p[2], b: p[3] + float64(x), k: k, phase: phase}
	if f.Name == btyd.MBGNBD || f.Name == btyd.MBGCNBD {
		c.b++
	}
	return c
}

// phases fills w with the probabilities of 0 … k−1 events since the last purchase of an active customer: w_j is
// proportional to (T−t_x)^j/j! Γ(r+kx+j)/(α+T)^j. The future depends on the history by X, T and the phase alone.
func phases(f btyd.Fitted, h btyd.History, w []float64) {
	start := clockOf(f, h.X, h.T, 0)
	ratio := (h.T - h.TX) / start.scale
	top, sum := 0., 0.
	w[0] = 0
	for j := 1; j < len(w); j++ { // ln w, from the one before
		w[j] = w[j-1] + math.Log(ratio*(start.shape+float64(j-1))/float64(j))
		top = max(top, w[j])
	}
	for j := range w {
		w[j] = math.Exp(w[j] - top)
		sum += w[j]
	}
	for j := range w {
		w[j] /= sum
	}
}

// stays is E(1−p)ⁿ for p ~ Beta(a, b).
func (c clock) stays(n float64) float64 {
	return math.Exp(special.LogRising(c.b, n) - special.LogRising(c.a+c.b, n))
}

// mostEvents bounds the number of events that a sum goes through.
const mostEvents = 1 << 18

// tinyMass is the probability of a number of events, next to that of the likeliest, from which it does not count.
const tinyMass = 1e-14

// expected fills out with the expected purchases until each of times: Σ over the number of events e, negative binomial, of
// the purchases expected of e events, Σ over m ≤ (e+phase)/k of E(1−p)^(m−1).
func (c clock) expected(times, out []float64) {
	table := bought{clock: c, of: []float64{0}, stay: 1}
	for i, t := range times {
		out[i] = c.sum(t, &table)
	}
}

// bought is the expected purchases by number of events, as far as they were asked for.
type bought struct {
	clock
	of      []float64
	stay, n float64
}

// reach fills the table up to a number of events.
func (b *bought) reach(events int) {
	for e := len(b.of); e <= events; e++ {
		v := b.of[e-1]
		if (e+b.phase)%b.k == 0 {
			v += b.stay
			b.stay *= (b.b + b.n) / (b.a + b.b + b.n)
			b.n++
		}
		b.of = append(b.of, v)
	}
}

// sum is the mean of the table over the number of events until t, from the mode to both sides.
func (c clock) sum(t float64, table *bought) float64 {
	if t <= 0 {
		return 0
	}
	q := t / (c.scale + t)
	mode := 0
	if c.shape > 1 {
		mode = int(min((c.shape-1)*t/c.scale, mostEvents))
	}
	at := float64(mode)
	mass := math.Exp(special.LogRising(c.shape, at) - special.LogGamma(at+1) + c.shape*math.Log1p(-q) + at*math.Log(q))
	table.reach(mode)
	sum, all, p := mass*table.of[mode], mass, mass
	for e := mode; p > tinyMass*mass && e < mode+mostEvents; e++ {
		if len(table.of) <= e+1 {
			table.reach(2*e + 64)
		}
		p *= q * (c.shape + float64(e)) / float64(e+1)
		sum += p * table.of[e+1]
		all += p
	}
	p = mass
	for e := mode; e > 0 && p > tinyMass*mass; e-- {
		p *= float64(e) / (q * (c.shape + float64(e-1)))
		sum += p * table.of[e-1]
		all += p
	}
	return sum / all
}

// even is the same customer buying at random at the same rate: a BG/NBD at its start. It tells how purchases go on between
// times and after the last one, and what changes from draw to draw; only when the next purchase is due is beyond it.
func (c clock) even() (btyd.Model, error) {
	return btyd.New(btyd.BGNBD, 1, []float64{c.shape, c.scale * float64(c.k), c.a, c.b})
}

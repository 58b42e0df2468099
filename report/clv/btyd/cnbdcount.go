package btyd

import (
	"math"

	"parcours/report/clv/special"
)

// plenty is the expected number of events up to which a sum over their number is cheap.
const plenty = 400

// count works out the expected purchases of an active customer whose events have a known rate.
type count struct {
	posterior
	delta   float64
	most    float64   // expected events beyond which purchases come evenly, at every k-th of them
	stays   []float64 // S(n) at n−1
	phase   []float64 // probability of j events since the last purchase, j < k
	bought  []float64 // at N: Σ over events e ≤ N of the discounted probability that e is a purchase
	inverse []float64 // 1/n
	coins   []coinNode
}

// newCount chooses most so that the waves of purchases, e^(−events (1 − cos 2π/k)), are below 10⁻¹⁷ there.
func newCount(p posterior, delta float64) *count {
	most := float64(plenty)
	if p.k > 1 {
		most = max(most, 40/(1-math.Cos(2*math.Pi/float64(p.k))))
	}
	return &count{posterior: p, delta: delta, most: most, stays: []float64{1}, phase: make([]float64, p.k)}
}

// add adds weight times the expected purchases until each time at a rate of events.
func (c *count) add(rate, weight float64, times, out []float64) {
	if weight == 0 {
		return
	}
	c.fillPhase(rate)
	c.bought = append(c.bought[:0], 0)
	both, begun := rate+c.delta, -1.
	for i, t := range times {
		switch mean := both * t; {
		case math.IsInf(t, 1):
			out[i] += weight * c.endless(rate)
		case mean <= c.most:
			out[i] += weight * c.poisson(rate, mean)
		default:
			if begun < 0 {
				begun = c.poisson(rate, c.most)
			}
			out[i] += weight * (begun + c.even(rate, rate*(c.most/both), rate*t))
		}
	}
}

// fillPhase works out the probability of j events since the last purchase: Poisson, cut at k.
func (c *count) fillPhase(rate float64) {
	z, term, sum := rate*c.silent, 1., 0.
	for j := range c.phase {
		if j > 0 {
			term *= z / float64(j)
		}
		c.phase[j] = term
		sum += term
	}
	for j := range c.phase {
		c.phase[j] /= sum
	}
}

// staying is S(n), from a table that grows.
func (c *count) staying(n int) float64 {
	for len(c.stays) < n {
		i := float64(len(c.stays))
		c.stays = append(c.stays, c.stays[len(c.stays)-1]*(c.b+i-1)/(c.a+c.b+i-1))
	}
	return c.stays[n-1]
}

// fill makes bought reach up to events. Event e is the n-th purchase when e = nk − j.
func (c *count) fill(rate float64, events int) {
	first := len(c.bought)
	if first > events {
		return
	}
	keep := rate / (rate + c.delta)
	power := math.Pow(keep, float64(first))
	n := (first + c.k - 1) / c.k
	j := n*c.k - first
	for e := first; e <= events; e++ {
		c.bought = append(c.bought, c.bought[e-1]+c.staying(n)*c.phase[j]*power)
		power *= keep
		if j--; j < 0 {
			j, n = c.k-1, n+1
		}
	}
}

// poisson is the mean of bought when the number of events is Poisson.
func (c *count) poisson(rate, mean float64) float64 {
	middle := int(mean)
	reach := 9*math.Sqrt(mean) + 25
	low, high := max(0, int(mean-reach)), int(mean+reach)
	c.fill(rate, high)
	for n := len(c.inverse); n <= high; n++ {
		c.inverse = append(c.inverse, 1/float64(max(n, 1)))
	}
	at := math.Exp(-mean)
	if middle > 0 {
		at = math.Exp(float64(middle)*math.Log(mean) - mean - special.LogGamma(float64(middle+1)))
	}
	sum, p := at*c.bought[middle], at
	for n := middle + 1; n <= high && p > 1e-18; n++ {
		p *= mean * c.inverse[n]
		sum += p * c.bought[n]
	}
	p = at
	less := 1 / max(mean, 1e-300)
	for n := middle; n > low && p > 1e-18; n-- {
		p *= float64(n) * less
		sum += p * c.bought[n-1]
	}
	return sum
}

// even is what is bought while the expected number of events goes from one large number v to another. Of one with the
// probability p to stop after a purchase and θ = (1−p)^(1/k), purchases are the sum over the k-th roots ω of unity of
// ω^(j+1) θ^(j+1−k)/k e^(−v (1 − ωθ)) per event, of which only ω = 1 is left.
func (c *count) even(rate, from, to float64) (sum float64) {
	slow := c.delta / rate
	for _, n := range c.coin() {
		pull := n.fall + slow
		if pull*from > 600 {
			continue
		}
		power, share := math.Exp(float64(1-c.k)*n.log-pull*from), 0.
		for _, p := range c.phase {
			share += p * power
			power *= 1 - n.fall
		}
		length := to - from
		if pull*length > 1e-8 {
			length = -math.Expm1(-pull*length) / pull
		}
		sum += n.weight * share * length
	}
	return sum / float64(c.k)
}

// endless is what is bought without an end: Σ φ^(k−j) ÷ (1 − (1−p) φ^k).
func (c *count) endless(rate float64) float64 {
	log := -math.Log1p(c.delta / rate)
	first := 0.
	for j, p := range c.phase {
		first += p * math.Exp(float64(c.k-j)*log)
	}
	z, rest := math.Exp(float64(c.k)*log), -math.Expm1(float64(c.k)*log)
	sum := 0.
	for _, n := range c.coin() {
		sum += n.weight / (rest + n.p*z)
	}
	return first * sum
}

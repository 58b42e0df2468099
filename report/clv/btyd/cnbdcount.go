package btyd

import (
	"math"

	"parcours/report/clv/special"
)

// most is the expected number of events from which their spread is worked out by an expansion instead of a sum.
const most = 4096

// count works out the expected purchases of an active customer whose events have a known rate.
type count struct {
	posterior
	delta  float64
	stays  []float64 // S(n) at n−1
	phase  []float64 // probability of j events since the last purchase, j < k
	bought []float64 // at N: Σ over events e ≤ N of the discounted probability that e is a purchase
}

func newCount(p posterior, delta float64) *count {
	return &count{posterior: p, delta: delta, stays: []float64{1}, phase: make([]float64, p.k)}
}

// add adds weight times the expected purchases until each time at a rate of events.
func (c *count) add(rate, weight float64, times, out []float64) {
	if weight == 0 {
		return
	}
	c.fillPhase(rate)
	c.bought = append(c.bought[:0], 0)
	both := rate + c.delta
	for i, t := range times {
		switch mean := both * t; {
		case math.IsInf(t, 1):
			out[i] += weight * c.endless(rate)
		case mean <= most:
			out[i] += weight * c.poisson(rate, mean)
		default:
			from := most / both
			out[i] += weight * (c.poisson(rate, most) + c.tail(rate, rate*from, rate*t))
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
	log := -math.Log1p(c.delta / rate)
	for e := len(c.bought); e <= events; e++ {
		n := (e + c.k - 1) / c.k
		share := c.staying(n) * c.phase[n*c.k-e]
		if c.delta > 0 {
			share *= math.Exp(float64(e) * log)
		}
		c.bought = append(c.bought, c.bought[e-1]+share)
	}
}

// poisson is the mean of bought when the number of events is Poisson.
func (c *count) poisson(rate, mean float64) float64 {
	middle := int(mean)
	reach := 9*math.Sqrt(mean) + 25
	low, high := max(0, int(mean-reach)), int(mean+reach)
	c.fill(rate, high)
	at := math.Exp(float64(middle)*math.Log(math.Max(mean, 1e-300)) - mean - special.LogGamma(float64(middle+1)))
	if middle == 0 {
		at = math.Exp(-mean)
	}
	sum := at * c.bought[middle]
	p := at
	for n := middle + 1; n <= high; n++ {
		p *= mean / float64(n)
		sum += p * c.bought[n]
		if p < 1e-18 {
			break
		}
	}
	p = at
	for n := middle; n > low; n-- {
		p *= float64(n) / mean
		sum += p * c.bought[n-1]
	}
	return sum
}

// tail is what is bought while the expected number of events goes from one number to another, both large: purchases come
// at 1/k of the events then, discounted, for as long as the customer stays.
func (c *count) tail(rate, from, to float64) float64 {
	sum, slow := 0., c.delta/rate
	for lo := math.Log(from); lo < math.Log(to); {
		v := math.Exp(lo)
		here, slope := c.late(v)
		if here*v*math.Exp(-slow*v) < 1e-18 {
			break
		}
		hi := min(math.Log(to), lo+min(.5, 2/(math.Abs(slope)+math.E*slow)/v))
		half, middle := (hi-lo)/2, (hi+lo)/2
		for _, n := range legendre8 {
			w := math.Exp(middle + half*n[0])
			s, _ := c.late(w)
			sum += half * n[1] * w * s * math.Exp(-slow*w)
		}
		lo = hi
	}
	return sum / float64(c.k)
}

// late is the probability to be there after a Poisson number of events with a large mean, and the slope of its logarithm:
// S as a function of a real number is expanded about the mean, to an exponential with a curvature.
func (c *count) late(mean float64) (share, slope float64) {
	for j, p := range c.phase {
		if p < 1e-12 {
			continue
		}
		n := (mean + 1 + float64(j)) / float64(c.k)
		log := special.LogRising(c.b, n-1) - special.LogRising(c.a+c.b, n-1)
		g := (special.Digamma(c.b+n-1) - special.Digamma(c.a+c.b+n-1)) / float64(c.k)
		bend := (special.Trigamma(c.b+n-1) - special.Trigamma(c.a+c.b+n-1)) / float64(c.k*c.k)
		share += p * math.Exp(log+mean*(math.Expm1(g)-g)+mean*math.Exp(g)*bend/2)
		slope += p * g
	}
	return share, slope
}

// endless is what is bought without an end: Σ φ^(k−j) × E over the coin p of 1 ÷ (1 − (1−p) φ^k). That is
// 1 + z (1 − q) ÷ (1 − z) with z = φ^k and q the probability of a race.
func (c *count) endless(rate float64) float64 {
	log := -math.Log1p(c.delta / rate)
	first := 0.
	for j, p := range c.phase {
		first += p * math.Exp(float64(c.k-j)*log)
	}
	z, rest := math.Exp(float64(c.k)*log), -math.Expm1(float64(c.k)*log)
	q := race{a: c.b, s: c.a, wide: true}.at(z, math.Max(rest, 1e-300))
	return first * (1 + z*max(1-q, 0)/math.Max(rest, 1e-300))
}

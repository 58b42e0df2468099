package demo

import "math/rand/v2"

// A draw is the stream of random numbers of one subject on one occasion: customer 17's traits, its third order.
type draw struct{ pcg rand.PCG }

// The occasions. Changing a number changes every generated file.
const (
	onDay = iota + 1
	onTraits
	onOrder
	onSupport
	onMessages
	onVisits
	onSurvey
	onSpend
)

// start begins the stream of a subject; no memory of earlier draws remains.
func (d *draw) start(seed, subject uint64, occasion, ordinal uint32) {
	d.pcg.Seed(mix(seed^mix(subject)), mix(uint64(occasion)<<32|uint64(ordinal)))
}

// mix is the finaliser of splitmix64: neighbouring numbers become unrelated ones.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// unit is uniform on the open interval (0, 1), so that its logarithm exists.
func (d *draw) unit() float64 { return (float64(d.pcg.Uint64()>>12) + 0.5) / (1 << 52) }

// below is uniform on 0…n−1, with a bias under n ÷ 2³².
func (d *draw) below(n uint32) uint32 { return uint32(d.pcg.Uint64() >> 32 * uint64(n) >> 32) }

// chance is true perMille times in a thousand.
func (d *draw) chance(perMille uint32) bool { return d.below(1000) < perMille }

// exponential has mean 1.
func (d *draw) exponential() float64 { return -ln(d.unit()) }

// gauss is standard normal.
func (d *draw) gauss() float64 { return normal(d.unit()) }

// lognormal has the given median.
func (d *draw) lognormal(median, sigma float64) float64 {
	return float64(median * exp(float64(sigma*d.gauss())))
}

// weights is a discrete distribution in integers, ready to draw from.
type weights []uint32 // cumulative

func newWeights(w ...uint32) weights {
	c := make(weights, len(w))
	sum := uint32(0)
	for i, x := range w {
		sum += x
		c[i] = sum
	}
	return c
}

// pick draws an index in proportion to its weight.
func (w weights) pick(d *draw) int {
	x := d.below(w[len(w)-1])
	for i, c := range w {
		if x < c {
			return i
		}
	}
	return len(w) - 1
}

package estimate

import (
	"math"
	"math/rand/v2"
)

// Resample draws as many customers as counts hold, with replacement: how many of them fall in each cell. That is the
// multinomial law, drawn exactly, cell by cell, as binomials of those still to be drawn; the same in law as drawing the
// customers of a bootstrap one by one, at a cost that depends on the cells alone. Counts are whole numbers ≥ 0.
func Resample(rng *rand.Rand, counts []float64) []float64 {
	left := 0.
	for _, c := range counts {
		left += c
	}
	out := make([]float64, len(counts))
	todo := left
	for i, c := range counts {
		if todo <= 0 {
			break
		}
		if c <= 0 {
			continue
		}
		out[i] = todo
		if c < left {
			out[i] = binomial(rng, todo, c/left)
		}
		todo -= out[i]
		left -= c
	}
	return out
}

// few is the expected number of successes from which drawing by rejection is faster than by inversion.
const few = 10

// binomial draws the number of successes among n trials of probability 0 < p < 1.
func binomial(rng *rand.Rand, n, p float64) float64 {
	switch {
	case p > .5:
		return n - binomial(rng, n, 1-p)
	case n*p < few:
		return invert(rng, n, p)
	default:
		return reject(rng, n, p)
	}
}

// invert adds up the probabilities of 0, 1, 2 … until they exceed a uniform number.
func invert(rng *rand.Rand, n, p float64) float64 {
	odds := p / (1 - p)
	first := math.Exp(n * math.Log1p(-p))
	for {
		u, mass := rng.Float64(), first
		for k := 0.; k <= n; k++ {
			if u < mass {
				return k
			}
			u -= mass
			mass *= odds * (n - k) / (k + 1)
		}
	}
}

// reject is the transformed rejection with squeeze of Hörmann 1993 (BTRS), for n p ≥ 10 and p ≤ 1/2.
func reject(rng *rand.Rand, n, p float64) float64 {
	spread := math.Sqrt(n * p * (1 - p))
	b := 1.15 + 2.53*spread
	a := -.0873 + .0248*b + .01*p
	center := n*p + .5
	squeeze := .92 - 4.2/b
	alpha := (2.83 + 5.1/b) * spread
	odds := math.Log(p / (1 - p))
	mode := math.Floor((n + 1) * p)
	peak := logFactorial(mode) + logFactorial(n-mode)
	for {
		u, v := rng.Float64()-.5, rng.Float64()
		us := .5 - math.Abs(u)
		k := math.Floor((2*a/us+b)*u + center)
		if us >= .07 && v <= squeeze {
			return k
		}
		if k < 0 || k > n {
			continue
		}
		if math.Log(v*alpha/(a/(us*us)+b)) <= peak-logFactorial(k)-logFactorial(n-k)+(k-mode)*odds {
			return k
		}
	}
}

func logFactorial(n float64) float64 {
	v, _ := math.Lgamma(n + 1)
	return v
}

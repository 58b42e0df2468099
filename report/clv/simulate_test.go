package clv

import (
	"math"
	"math/rand/v2"

	"parcours/report/clv/btyd"
	"parcours/report/clv/spending"
	"parcours/report/dataset"
)

// truth is a simulated shop of known laws: customers arrive evenly over the first part of the history, buy and stop as
// their model says, and spend as the Gamma-Gamma model says.
type law struct {
	name             btyd.Name
	k                int
	params           []float64 // in weeks
	spend            spending.Model
	customers        int
	arrivals, length int32 // days
	calibration      int32 // days; 0 none
	dims             []string
}

func usualLaw() law {
	return law{
		name: btyd.MBGNBD, k: 1, params: []float64{.6, 6, .8, 2}, spend: spending.Model{P: 6, Q: 4, Gamma: 15},
		customers: 2000, arrivals: 365, length: 730, calibration: 365, dims: []string{"ads", "search", "shop"},
	}
}

func gammaOf(rng *rand.Rand, shape, rate float64) float64 {
	if shape < 1 {
		return gammaOf(rng, shape+1, rate) * math.Pow(rng.Float64(), 1/shape)
	}
	d := shape - 1./3 // Marsaglia and Tsang 2000
	c := 1 / math.Sqrt(9*d)
	for {
		x := rng.NormFloat64()
		v := math.Pow(1+c*x, 3)
		if v > 0 && math.Log(1-rng.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v / rate
		}
	}
}

func betaOf(rng *rand.Rand, a, b float64) float64 {
	x := gammaOf(rng, a, 1)
	return x / (x + gammaOf(rng, b, 1))
}

// life draws the weeks of the repeat purchases of a customer, up to an age.
func (l law) life(rng *rand.Rand, age float64) (weeks []float64) {
	p := l.params
	rate := gammaOf(rng, p[0], p[1])
	stop, coin := math.Inf(1), 0.
	switch l.name {
	case btyd.ParetoNBD:
		stop = rng.ExpFloat64() / gammaOf(rng, p[2], p[3])
	case btyd.NBD:
	default:
		coin = betaOf(rng, p[2], p[3])
		if (l.name == btyd.MBGNBD || l.name == btyd.MBGCNBD) && rng.Float64() < coin {
			return nil
		}
	}
	for t := 0.; ; {
		for range l.k {
			t += rng.ExpFloat64() / rate
		}
		if t > min(age, stop) {
			return weeks
		}
		if weeks = append(weeks, t); rng.Float64() < coin {
			return weeks
		}
	}
}

// simulate makes the shop, and what its customers bring in a number of days after the end of observation.
func (l law) simulate(seed uint64, after int32) (s *shop, purchases, value float64) {
	rng := rand.New(rand.NewPCG(seed, 1))
	s = &shop{first: 20000, asOf: 20000 + l.length, calibration: dataset.NoCalibration, resolution: 1, digits: 2}
	if l.calibration > 0 {
		s.calibration = s.first + l.calibration
	}
	for i := range l.customers {
		first := s.first + int32(int64(i)*int64(l.arrivals)/int64(l.customers))
		b := buyer{dim: l.dims[i%len(l.dims)]}
		mean := l.spend.P / gammaOf(rng, l.spend.Q, l.spend.Gamma)
		worth := func() int64 { return int64(math.Round(100*gammaOf(rng, l.spend.P, l.spend.P/mean))) + 1 }
		b.days, b.worth = []dataset.Day{first}, []int64{worth()}
		for _, w := range l.life(rng, float64(s.asOf+after-first)/7) {
			day, v := first+int32(math.Ceil(w*7)), worth()
			switch {
			case day > s.asOf+after:
			case day > s.asOf:
				purchases++
				value += float64(v)
			case day == b.days[len(b.days)-1]:
				b.worth[len(b.worth)-1] += v
			default:
				b.days, b.worth = append(b.days, day), append(b.worth, v)
			}
		}
		s.buyers = append(s.buyers, b)
	}
	return s, purchases, value
}

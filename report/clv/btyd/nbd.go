package btyd

import (
	"math"

	"parcours/report/clv/estimate"
	"parcours/report/clv/special"
)

var nbdNames = []string{"r", "alpha"}

// nbd is the negative binomial model of Ehrenberg 1959: rates differ as Gamma(r, α), and nobody ever stops.
type nbd struct{ r, alpha float64 }

func newNBD(_ int, p []float64) Model { return nbd{p[0], p[1]} }

func (m nbd) Name() Name             { return NBD }
func (m nbd) Names() []string        { return nbdNames }
func (m nbd) Params() []float64      { return []float64{m.r, m.alpha} }
func (m nbd) Alive(History) float64  { return 1 }
func (m nbd) rate(h History) float64 { return (m.r + float64(h.X)) / (m.alpha + h.T) }

func (m nbd) LogLikelihood(h History) float64 {
	x := float64(h.X)
	return special.LogGamma(m.r+x) - special.LogGamma(m.r) + m.r*math.Log(m.alpha) - (m.r+x)*math.Log(m.alpha+h.T)
}

func (m nbd) Mass(x int, t float64) float64 { return negativeBinomial(x, m.r, m.alpha, t) }

// negativeBinomial is the probability of x purchases in t weeks at rates that differ as Gamma(r, alpha).
func negativeBinomial(x int, r, alpha, t float64) float64 {
	if t <= 0 {
		if x == 0 {
			return 1
		}
		return 0
	}
	n := float64(x)
	return math.Exp(special.LogGamma(r+n) - special.LogGamma(r) - special.LogGamma(n+1) -
		r*math.Log1p(t/alpha) - n*math.Log1p(alpha/t))
}

// Expected is rate × ∫ e^(−δu) du.
func (m nbd) Expected(h History, delta float64, times, out []float64) {
	rate := m.rate(h)
	for i, t := range times {
		if delta == 0 {
			out[i] = rate * t
		} else {
			out[i] = rate * -math.Expm1(-delta*t) / delta
		}
	}
}

func nbdProblem(_ int, cells []Cell) estimate.Problem {
	var weight, purchases, time float64
	for _, c := range cells {
		weight += c.N
		purchases += c.N * float64(c.X)
		time += c.N * c.T
	}
	mean := func(theta, grad []float64) float64 {
		r, alpha := math.Exp(theta[0]), math.Exp(theta[1])
		var sum, dr, da float64
		for _, c := range cells {
			x := float64(c.X)
			sum += c.N * nbd{r, alpha}.LogLikelihood(c.History)
			dr += c.N * (special.Digamma(r+x) - special.Digamma(r) + math.Log(alpha) - math.Log(alpha+c.T))
			da += c.N * (r/alpha - (r+x)/(alpha+c.T))
		}
		if grad != nil {
			grad[0], grad[1] = -dr*r/weight, -da*alpha/weight
		}
		return -sum / weight
	}
	rate := purchases / math.Max(time, 1e-300)
	return estimate.Problem{Names: nbdNames, Weight: weight, Mean: mean, Starts: [][]float64{
		{0, -math.Log(math.Max(rate, 1e-6))}, {0, 0}, {-1, 2}, {1, 1},
	}}
}

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

// LogLikelihood is ln Γ(r+x)/Γ(r) + r ln α − (r+x) ln(α+T), as differences that keep their digits where r and α are large.
func (m nbd) LogLikelihood(h History) float64 {
	x := float64(h.X)
	return special.LogRising(m.r, x) - m.r*math.Log1p(h.T/m.alpha) - x*math.Log(m.alpha+h.T)
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
	return math.Exp(special.LogRising(r, n) - special.LogGamma(n+1) - r*math.Log1p(t/alpha) - n*math.Log1p(alpha/t))
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

// nbdTime is what customers seen for the same time have in common: how many they are and what they bought.
type nbdTime struct{ t, customers, purchases float64 }

// nbdCount is a number of purchases and the customers with it.
type nbdCount struct{ x, customers float64 }

// nbdData are the cells. The likelihood is a sum over x and a sum over T: no cell need be looked at again.
type nbdData struct {
	weight, purchases, time float64
	counts                  []nbdCount
	times                   []nbdTime
}

func newNBDData(cells []Cell) *nbdData {
	d := &nbdData{}
	countIndex, timeIndex := map[int]int{}, make(map[float64]int, 1024)
	for _, c := range cells {
		if c.N <= 0 {
			continue
		}
		i, ok := countIndex[c.X]
		if !ok {
			i = len(d.counts)
			countIndex[c.X] = i
			d.counts = append(d.counts, nbdCount{x: float64(c.X)})
		}
		j, ok := timeIndex[c.T]
		if !ok {
			j = len(d.times)
			timeIndex[c.T] = j
			d.times = append(d.times, nbdTime{t: c.T})
		}
		bought := c.N * float64(c.X)
		d.counts[i].customers += c.N
		d.times[j].customers += c.N
		d.times[j].purchases += bought
		d.weight += c.N
		d.purchases += bought
		d.time += c.N * c.T
	}
	return d
}

// mean is the function of estimate.Problem.
func (d *nbdData) mean(theta, grad []float64) float64 {
	r, alpha := math.Exp(theta[0]), math.Exp(theta[1])
	total := chunked(len(d.times), 3, func(from, to int, sum []float64) {
		for _, t := range d.times[from:to] {
			log, share := math.Log1p(t.t/alpha), alpha/(alpha+t.t)
			sum[0] -= t.customers*r*log + t.purchases*math.Log(alpha+t.t)
			sum[1] -= t.customers * r * log
			sum[2] += t.customers*r*(t.t/(alpha+t.t)) - t.purchases*share
		}
	})
	for _, c := range d.counts {
		total[0] += c.customers * special.LogRising(r, c.x)
		total[1] += c.customers * special.DigammaRising(r, c.x) * r
	}
	return settle(total, d.weight, grad)
}

func nbdProblem(_ int, cells []Cell) estimate.Problem {
	d := newNBDData(cells)
	rate := d.purchases / math.Max(d.time, 1e-300)
	return estimate.Problem{Names: nbdNames, Weight: d.weight, Mean: d.mean, Starts: [][]float64{
		{0, -math.Log(math.Max(rate, 1e-6))}, {0, 0}, {-1, 2}, {1, 1},
	}}
}

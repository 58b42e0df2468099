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
	return math.Exp(special.LogRising(r, n) - special.LogGamma(n+1) -
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

// nbdData are the customers by what the likelihood needs of them: it has a term for x and a term for T, so that the
// distinct values of each are enough.
type nbdData struct {
	weight    float64
	counts    []float64 // distinct x
	customers []float64 // with each
	times     []float64 // distinct T
	seen      []float64 // customers seen for each
	bought    []float64 // and their purchases
}

func newNBDData(cells []Cell) *nbdData {
	d := &nbdData{}
	countIndex, timeIndex := map[int]int{}, map[float64]int{}
	for _, c := range cells {
		if c.N <= 0 {
			continue
		}
		x, ok := countIndex[c.X]
		if !ok {
			x = len(d.counts)
			countIndex[c.X] = x
			d.counts, d.customers = append(d.counts, float64(c.X)), append(d.customers, 0)
		}
		t, ok := timeIndex[c.T]
		if !ok {
			t = len(d.times)
			timeIndex[c.T] = t
			d.times, d.seen, d.bought = append(d.times, c.T), append(d.seen, 0), append(d.bought, 0)
		}
		d.weight += c.N
		d.customers[x] += c.N
		d.seen[t] += c.N
		d.bought[t] += c.N * float64(c.X)
	}
	return d
}

// mean is the function of estimate.Problem.
func (d *nbdData) mean(theta, grad []float64) float64 {
	r, alpha := math.Exp(theta[0]), math.Exp(theta[1])
	var value, dr, dalpha float64
	for i, x := range d.counts {
		value += d.customers[i] * special.LogRising(r, x)
		dr += d.customers[i] * special.DigammaRising(r, x)
	}
	for i, t := range d.times {
		long, n, x := math.Log1p(t/alpha), d.seen[i], d.bought[i]
		value -= n*r*long + x*math.Log(alpha+t)
		dr -= n * long
		dalpha += (n*r*t - x*alpha) / (alpha + t)
	}
	if grad != nil {
		grad[0], grad[1] = -dr*r/d.weight, -dalpha/d.weight
	}
	return -value / d.weight
}

func nbdProblem(_ int, cells []Cell) estimate.Problem {
	d := newNBDData(cells)
	purchases, time := 0., 0.
	for i, t := range d.times {
		purchases += d.bought[i]
		time += d.seen[i] * t
	}
	rate := purchases / math.Max(time, 1e-300)
	return estimate.Problem{Names: nbdNames, Weight: d.weight, Mean: d.mean, Starts: [][]float64{
		{0, -math.Log(math.Max(rate, 1e-6))}, {0, 0}, {-1, 2}, {1, 1},
	}}
}

package btyd

import (
	"math"

	"parcours/report/clv/special"
)

var betaGeometricNames = []string{"r", "alpha", "a", "b"}

// betaGeometric is the BG/NBD and the MBG/NBD model: rates differ as Gamma(r, α), and after a purchase a customer stops
// with a probability that differs as Beta(a, b). In the MBG/NBD the coin is also tossed after the first purchase: every
// b + x of the BG/NBD is b + x + 1 there, which is all that shift says.
type betaGeometric struct {
	name           Name
	shift          float64 // 0 BG/NBD, 1 MBG/NBD
	r, alpha, a, b float64
}

func newBetaGeometric(name Name, shift float64, p []float64) betaGeometric {
	return betaGeometric{name, shift, p[0], p[1], p[2], p[3]}
}

func (m betaGeometric) Name() Name        { return m.name }
func (m betaGeometric) Names() []string   { return betaGeometricNames }
func (m betaGeometric) Params() []float64 { return []float64{m.r, m.alpha, m.a, m.b} }

// tossed reports whether a customer with x repeat purchases can have stopped.
func (m betaGeometric) tossed(x int) bool { return x > 0 || m.shift > 0 }

// odds is ln((1 − P(alive)) / P(alive)): ln a − ln(b+x−1) + (r+x) ln((α+T)/(α+t_x)) for the BG/NBD.
func (m betaGeometric) odds(h History) float64 {
	if !m.tossed(h.X) {
		return math.Inf(-1)
	}
	x := float64(h.X)
	return math.Log(m.a) - math.Log(m.b+(x+m.shift-1)) + (m.r+x)*math.Log1p((h.T-h.TX)/(m.alpha+h.TX))
}

// staying is ln of the probability to stay after each of n purchases: ln B(a, b+n) − ln B(a, b).
func (m betaGeometric) staying(n float64) float64 {
	if n == 1 {
		return -math.Log1p(m.a / m.b)
	}
	return special.LogRising(m.b, n) - special.LogRising(m.a+m.b, n)
}

// Alive is Fader, Hardie and Lee 2008 (note 021), in logistic form; BG/NBD without a repeat purchase: exactly 1.
func (m betaGeometric) Alive(h History) float64 { return special.Logistic(-m.odds(h)) }

// stopping is ln of the probability to stay n−1 times and then stop: ln B(a+1, b+n−1) − ln B(a, b).
func (m betaGeometric) stopping(n float64) float64 {
	if n == 1 {
		return -math.Log1p(m.b / m.a)
	}
	return m.staying(n) + math.Log(m.a) - math.Log(m.b+(n-1))
}

// LogLikelihood is eq. 6 of Fader, Hardie and Lee 2005 (BG/NBD) and of Batislam et al. 2007 (MBG/NBD), written as the
// greater of the likelihoods of having stopped and of being active, divided by its share of both: nothing cancels.
func (m betaGeometric) LogLikelihood(h History) float64 {
	x, odds := float64(h.X), m.odds(h)
	fate, until := m.staying(x+m.shift), h.T
	if odds > 0 {
		fate, until = m.stopping(x+m.shift), h.TX
	}
	return special.LogRising(m.r, x) - m.r*math.Log1p(until/m.alpha) - x*math.Log(m.alpha+until) +
		fate + special.Softplus(-math.Abs(odds))
}

package btyd

import (
	"math"

	"gonum.org/v1/gonum/mathext"

	"parcours/report/clv/special"
)

// cnbd is the BG/CNBD-k and MBG/CNBD-k model of Platzer and Reutterer ("Ticking away the moments", 2016): events come at
// a rate that differs as Gamma(r, α), and every k-th of them is a purchase, so that gaps between purchases are Erlang-k and
// more regular than chance. Customers stop as in the BG/NBD and the MBG/NBD model, which k = 1 is.
//
// Of a customer with x purchases, R = r + kx and m = 1 in the MBG variant, else 0:
//
//	L = Π gap^(k−1) / Γ(k)^x · Γ(R)/Γ(r) · α^r (α+T)^(−R) · B(a, b+x+m)/B(a, b) · (A + D)
//	A = Σ_{j<k} (R)_j / j! · ((T−t_x)/(α+T))^j      active: j < k events since the last purchase
//	D = a/(b+x+m−1) · ((α+T)/(α+t_x))^R             stopped after the last purchase, where there was a coin
type cnbd struct {
	betaGeometric
	k int
}

func newBGCNBD(k int, p []float64) Model  { return cnbd{newBetaGeometric(BGCNBD, 0, p), max(k, 1)} }
func newMBGCNBD(k int, p []float64) Model { return cnbd{newBetaGeometric(MBGCNBD, 1, p), max(k, 1)} }

// events is the number of events that x purchases take.
func (m cnbd) events(x float64) float64 { return float64(m.k) * x }

// active is ln A.
func (m cnbd) active(h History) float64 {
	r, silent := m.r+m.events(float64(h.X)), (h.T-h.TX)/(m.alpha+h.T)
	term, sum := 1., 1.
	for j := range m.k - 1 {
		term *= (r + float64(j)) * silent / float64(j+1)
		sum += term
	}
	return math.Log(sum)
}

// stopped is ln D.
func (m cnbd) stopped(h History) float64 {
	if !m.tossed(h.X) {
		return math.Inf(-1)
	}
	x := float64(h.X)
	return math.Log(m.a) - math.Log(m.b+(x+m.shift-1)) + (m.r+m.events(x))*math.Log1p((h.T-h.TX)/(m.alpha+h.TX))
}

// LogLikelihood is ln L.
func (m cnbd) LogLikelihood(h History) float64 {
	x := float64(h.X)
	return special.LogRising(m.r, m.events(x)) - m.r*math.Log1p(h.T/m.alpha) - m.events(x)*math.Log(m.alpha+h.T) +
		m.staying(x+m.shift) + special.LogAdd(m.active(h), m.stopped(h)) +
		float64(m.k-1)*h.LogGaps - x*special.LogGamma(float64(m.k))
}

// Alive is A/(A + D).
func (m cnbd) Alive(h History) float64 { return special.Logistic(m.active(h) - m.stopped(h)) }

// Mass is the probability to stay and to see from kx to kx+k−1 events, or to stop after x purchases and to see kx at
// least. The number of events by t is negative binomial.
func (m cnbd) Mass(x int, t float64) float64 {
	if t <= 0 && x > 0 {
		return 0
	}
	n := float64(x)
	events := 0.
	for j := range m.k {
		events += negativeBinomial(m.k*x+j, m.r, m.alpha, t)
	}
	p := math.Exp(m.staying(n+m.shift)) * events
	if m.tossed(x) {
		coins := n + m.shift - 1
		p += math.Exp(m.staying(coins)) * m.a / (m.a + m.b + coins) * m.atLeast(m.k*x, t)
	}
	return min(p, 1)
}

// atLeast is the probability of at least n events in t weeks.
func (m cnbd) atLeast(n int, t float64) float64 {
	if n == 0 {
		return 1
	}
	return mathext.RegIncBeta(float64(n), m.r, t/(m.alpha+t))
}

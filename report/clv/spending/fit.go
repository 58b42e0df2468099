package spending

import (
	"math"
	"slices"

	"parcours/report/clv/estimate"
	"parcours/report/clv/special"
)

// Problem is the likelihood of the model for bins.
//
// All of it is exact but Σ ln(γ+z), which is expanded around the mean of the bin: without the correction for the variance
// within bins, their spread would pass for that of a customer's purchases, and bias p.
func Problem(bins []Bin) estimate.Problem {
	all := groups(bins)
	var weight float64
	for _, g := range all {
		weight += g.n
	}
	mean := func(theta, grad []float64) float64 {
		m := Model{math.Exp(theta[0]), math.Exp(theta[1]), math.Exp(theta[2])}
		var s score
		for _, g := range all {
			s.add(m, g)
		}
		value := -s.sum / weight
		if weight == 0 || math.IsNaN(value) || math.IsInf(value, 0) {
			return math.Inf(1)
		}
		if grad != nil {
			grad[0], grad[1], grad[2] = -s.p*m.P/weight, -s.q*m.Q/weight, -s.gamma*m.Gamma/weight
		}
		return value
	}
	return estimate.Problem{Names: slices.Clone(names), Weight: weight, Mean: mean, Starts: starts(all)}
}

// score is a log-likelihood with its derivatives by p, q and γ.
type score struct{ sum, p, q, gamma float64 }

// add adds the customers of a group.
func (s *score) add(m Model, g group) {
	px := m.P * g.x
	var logs, slopes float64 // Σ ln(1+z/γ), Σ 1/(γ+z)
	for _, b := range g.bins {
		inverse := 1 / (m.Gamma + b.z)
		second, third := b.second*inverse*inverse, b.third*inverse*inverse*inverse
		fourth := b.fourth * inverse * inverse * inverse * inverse
		logs += b.n * (math.Log1p(b.z/m.Gamma) - second/2 + third/3 - fourth/4)
		slopes += b.n * inverse * (1 + second - third + fourth)
	}
	own := g.logSum - g.n*math.Log(m.Gamma) - logs // Σ ln z/(γ+z)
	s.sum += px*own - m.Q*logs - g.logSum + g.n*(math.Log(g.x)-logBeta(px, m.Q))
	s.p += g.x * (own + g.n*special.DigammaRising(px, m.Q))
	s.q += g.n*special.DigammaRising(m.Q, px) - logs
	s.gamma += g.n*m.Q/m.Gamma - (px+m.Q)*slopes
}

// Package spending holds the Gamma-Gamma model of what a repeat purchase is worth.
package spending

import (
	"math"

	"parcours/report/clv/special"
)

// Model is the Gamma-Gamma model of Fader, Hardie and Lee 2005 (Hardie's note 025): the value of a purchase is
// Gamma(P, ν) around its customer's mean P/ν, and ν differs between customers as Gamma(Q, Gamma). Values are in major
// units of the currency, and do not depend on how often a customer buys.
type Model struct{ P, Q, Gamma float64 }

// names are the parameters, in the order of Problem.
var names = []string{"p", "q", "gamma"}

// New makes a model of parameters in the order p, q, γ.
func New(params []float64) Model { return Model{params[0], params[1], params[2]} }

// LogLikelihood is that of one customer with x > 0 repeat purchases worth mean > 0 on average: note 025, equation 1a.
//
// With z = x mean it is written as −px ln(1+γ/z) − q ln(1+z/γ) − ln mean − ln B(px, q), where no term
// cancels another when γ is far from z.
func (m Model) LogLikelihood(x int, mean float64) float64 {
	n := float64(x)
	z := n * mean
	return -m.P*n*math.Log1p(m.Gamma/z) - m.Q*math.Log1p(z/m.Gamma) - math.Log(mean) - logBeta(m.P*n, m.Q)
}

// Prior is the expected value of a purchase of a customer of whom none was seen, pγ/(q−1); infinite, and finite false,
// for q ≤ 1, where too many customers spend without bound.
func (m Model) Prior() (mean float64, finite bool) {
	mean = m.Expected(0, 0)
	return mean, !math.IsInf(mean, 1)
}

// Expected is the expected value of a purchase of a customer whose x repeat purchases are worth total,
// p(γ+total)/(px+q−1): a mean between their own and Prior. It is +Inf where the model gives none.
func (m Model) Expected(x int, total float64) float64 {
	if d := m.shape(x) - 1; d > 0 {
		return m.P * (m.Gamma + total) / d
	}
	return math.Inf(1)
}

// Variance is that of the mean value P/ν of a customer whose x repeat purchases are worth total: how far one customer
// may lie from Expected, as opposed to how well Expected is known. It is +Inf where the model gives none.
func (m Model) Variance(x int, total float64) float64 {
	a := m.shape(x)
	if a <= 2 {
		return math.Inf(1)
	}
	mean := m.Expected(x, total)
	return mean * mean / (a - 2)
}

// shape is that of the posterior of ν, Gamma(px+q, γ+z).
func (m Model) shape(x int) float64 { return m.P*float64(x) + m.Q }

// logBeta is ln B(a, b), without the loss of digits that a difference of ln Γ of large numbers brings.
func logBeta(a, b float64) float64 {
	a, b = math.Min(a, b), math.Max(a, b)
	return special.LogGamma(a) - special.LogRising(b, a)
}

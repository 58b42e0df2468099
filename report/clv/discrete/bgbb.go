package discrete

import (
	"math"

	"parcours/report/clv/special"
)

// Pattern is Count customers who bought in X of N periods, the last of these being the TX-th: 0 ≤ X ≤ TX ≤ N, and X = 0
// with TX = 0. The zero Pattern is a new customer.
type Pattern struct {
	X, TX, N int
	Count    float64
}

func (p Pattern) valid() bool {
	return 0 <= p.X && p.X <= p.TX && p.TX <= p.N && (p.X == 0) == (p.TX == 0) && p.Count > 0
}

// BGBB is the beta-geometric/beta-binomial model of Fader, Hardie and Shang 2010: in each period a customer who is
// active buys with a probability that differs as Beta(Alpha, Beta), after stopping for good with a probability that
// differs as Beta(Gamma, Delta).
type BGBB struct{ Alpha, Beta, Gamma, Delta float64 }

// NewBGBB makes a model of parameters in the order α, β, γ, δ.
func NewBGBB(params []float64) BGBB { return BGBB{params[0], params[1], params[2], params[3]} }

// LogLikelihood is that of one customer.
func (m BGBB) LogLikelihood(p Pattern) float64 {
	x, n := float64(p.X), float64(p.N)
	return special.LogRising(m.Alpha, x) + special.LogRising(m.Beta, n-x) - special.LogRising(m.Alpha+m.Beta, n) +
		special.LogRising(m.Delta, n) - special.LogRising(m.Gamma+m.Delta, n) + m.logOdds(p)
}

// logOdds is the logarithm of 1 over the probability of being active in period N: the sum over the periods in which the
// customer may have stopped, each relative to not having stopped.
func (m BGBB) logOdds(p Pattern) float64 {
	s := m.stay(p.N)
	for j := p.N - 1; j >= p.TX; j-- {
		s.add(m.back(p.X, j))
	}
	return s.log()
}

// stay begins a sum at 1, not having stopped, with the weight of stopping right after period n as next term.
func (m BGBB) stay(n int) scaled {
	return scaled{sum: 1, term: m.Gamma / (m.Gamma + m.Delta + float64(n))}
}

// back is the weight of stopping after period j, with x purchases by then, over that of stopping after period j+1
// without one more.
func (m BGBB) back(x, j int) float64 {
	n := float64(j)
	return (m.Alpha + m.Beta + n) / (m.Beta + n - float64(x)) * (m.Gamma + m.Delta + n + 1) / (m.Delta + n)
}

// Alive is the probability that the customer has not stopped before period N+1.
func (m BGBB) Alive(p Pattern) float64 {
	stay := m.Delta + float64(p.N)
	return math.Exp(-m.logOdds(p)) * stay / (m.Gamma + stay)
}

// Expected is the number of periods with a purchase that are expected among the next ones.
func (m BGBB) Expected(p Pattern, periods int) float64 { return m.Discounted(p, 0, periods) }

// Discounted is Expected with the i-th next period weighted by (1+rate)^−i, rate ≥ 0 a period. Endless periods give the
// discounted expected residual transactions of the paper; +Inf with rate 0 and Gamma ≤ 1.
func (m BGBB) Discounted(p Pattern, rate float64, periods int) float64 {
	if periods <= 0 {
		return 0
	}
	buy := (m.Alpha + float64(p.X)) / (m.Alpha + m.Beta + float64(p.N))
	z := 1 / (1 + rate)
	return m.Alive(p) * buy * z * discounted(m.Gamma, m.Delta+float64(p.N)+1, z, periods)
}

// Mean is the expected number of periods with a purchase among a new customer's first n.
func (m BGBB) Mean(n int) float64 { return m.Expected(Pattern{}, n) }

// Mass is the probability of x periods with a purchase among a new customer's first n.
func (m BGBB) Mass(x, n int) float64 {
	if x < 0 || x > n {
		return 0
	}
	s := m.stay(n)
	for j := n - 1; j >= x; j-- {
		s.add(m.back(x, j) * float64(j+1-x) / float64(j+1)) // as many choices of x periods among j
	}
	active := m.LogLikelihood(Pattern{X: x, TX: n, N: n}) // of x given periods, without stopping
	return math.Exp(active + special.LogRising(float64(x+1), float64(n-x)) - special.LogGamma(float64(n-x+1)) + s.log())
}

// scaled is a sum of positive terms, each the last one times a ratio, that may leave the range of numbers:
// (sum, term) × e^scale.
type scaled struct{ sum, term, scale float64 }

// Rescaling keeps sums below; ratios are far smaller than the room that is left.
const (
	tooLarge = 1e200
	logLarge = 200 * math.Ln10
)

// add adds the next term and returns by how much everything so far was multiplied.
func (s *scaled) add(ratio float64) (factor float64) {
	s.term *= ratio
	s.sum += s.term
	if s.sum < tooLarge {
		return 1
	}
	s.sum /= tooLarge
	s.term /= tooLarge
	s.scale += logLarge
	return 1 / tooLarge
}

func (s *scaled) log() float64 { return math.Log(s.sum) + s.scale }

package clv

import (
	"math"

	"gonum.org/v1/gonum/mathext"

	"parcours/report/clv/btyd"
	"parcours/report/clv/special"
)

// masses is the function of the probabilities that a customer known to be active makes 0, 1, 2 … purchases in a time.
//
// Without a memory the future is that of a new customer with updated parameters. For the Pareto/NBD and the NBD that is a
// model of the same kind; for the beta-geometric family it is written out here, since surviving the first purchase takes
// the MBG/NBD to a BG/NBD and the Erlang models depend on the time since the last purchase.
func masses(f btyd.Fitted, horizon float64) function {
	p := f.Params
	switch f.Name {
	case btyd.ParetoNBD, btyd.NBD:
		return func(h btyd.History, out []float64) {
			next := []float64{p[0] + float64(h.X), p[1] + h.T}
			if f.Name == btyd.ParetoNBD {
				next = append(next, p[2], p[3]+h.T)
			}
			m, err := btyd.New(f.Name, 1, next)
			for k := range out {
				if err == nil {
					out[k] = m.Mass(k, horizon)
				}
			}
		}
	}
	shift := 0.
	if f.Name == btyd.MBGNBD || f.Name == btyd.MBGCNBD {
		shift = 1
	}
	return func(h btyd.History, out []float64) {
		clock{p[0], p[1], p[2], p[3] + float64(h.X) + shift, max(f.K, 1)}.masses(h, horizon, out)
	}
}

// clock is a customer of the beta-geometric family: events at a rate Gamma(r, α) at the first purchase, every k-th of
// them a purchase, after each of which the customer stops with a probability that is Beta(a, b) by now.
type clock struct {
	r, alpha, a, b float64
	k              int
}

// masses fills out[m] with the probability of m purchases in the horizon. An active customer has seen j < k events since
// the last purchase, with weights w_j ∝ (T−t_x)^j/j! Γ(r+kx+j)/(α+T)^j; given j the rate is Gamma(r+kx+j, α+T), and m
// purchases take mk−j events:
//
//	P(m) = E(1−p)^m P(mk−j ≤ events < (m+1)k−j) + E p(1−p)^(m−1) P(events ≥ mk−j), the second for m > 0.
func (c clock) masses(h btyd.History, horizon float64, out []float64) {
	clear(out)
	for j, w := range c.phases(h) {
		rate := c.r + float64(c.k*h.X+j)
		atLeast := func(events int) float64 {
			if events <= 0 {
				return 1
			}
			return mathext.RegIncBeta(float64(events), rate, horizon/(c.alpha+h.T+horizon))
		}
		for m := range out {
			n := float64(m)
			reached, passed := atLeast(m*c.k-j), atLeast((m+1)*c.k-j)
			p := c.stays(n) * (reached - passed)
			if m > 0 {
				p += c.a / (c.a + c.b + n - 1) * c.stays(n-1) * reached
			}
			out[m] += w * max(p, 0)
		}
	}
}

// stays is E(1−p)ⁿ for p ~ Beta(a, b).
func (c clock) stays(n float64) float64 {
	return math.Exp(special.LogRising(c.b, n) - special.LogRising(c.a+c.b, n))
}

// phases are the probabilities of 0 … k−1 events since the last purchase.
func (c clock) phases(h btyd.History) []float64 {
	out, sum := make([]float64, c.k), 0.
	top, logs := math.Inf(-1), make([]float64, c.k)
	for j := range out {
		n := float64(j)
		logs[j] = special.LogRising(c.r+float64(c.k*h.X), n) - special.LogGamma(n+1)
		if j > 0 {
			logs[j] += n * math.Log((h.T-h.TX)/(c.alpha+h.T))
		}
		top = max(top, logs[j])
	}
	for j := range out {
		out[j] = math.Exp(logs[j] - top)
		sum += out[j]
	}
	for j := range out {
		out[j] /= sum
	}
	return out
}

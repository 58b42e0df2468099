package clv

import (
	"gonum.org/v1/gonum/mathext"

	"parcours/report/clv/btyd"
)

// masses is the function of the probabilities that a customer known to be active makes 0, 1, 2 … purchases in a time.
//
// Without a memory the future is that of a new customer with updated parameters. For the Pareto/NBD and the NBD that is a
// model of the same kind; for the beta-geometric family it is written out, since surviving the first purchase takes the
// MBG/NBD to a BG/NBD and the Erlang models depend on the time since the last purchase.
func masses(f btyd.Fitted, horizon float64) function {
	if f.Name != btyd.ParetoNBD && f.Name != btyd.NBD {
		return function{max(f.K, 1), func(x int, t float64, phase int, out []float64) {
			clockOf(f, x, t, phase).masses(horizon, out)
		}}
	}
	return function{1, func(x int, t float64, _ int, out []float64) {
		p := f.Params
		next := []float64{p[0] + float64(x), p[1] + t}
		if f.Name == btyd.ParetoNBD {
			next = append(next, p[2], p[3]+t)
		}
		clear(out)
		m, err := btyd.New(f.Name, 1, next)
		for k := range out {
			if err == nil {
				out[k] = m.Mass(k, horizon)
			}
		}
	}}
}

// masses fills out[m] with the probability of m purchases in the horizon, which take mk − phase events:
//
//	P(m) = E(1−p)^m P(mk−phase ≤ events < (m+1)k−phase) + E p(1−p)^(m−1) P(events ≥ mk−phase), the second for m > 0.
func (c clock) masses(horizon float64, out []float64) {
	atLeast := func(events int) float64 {
		if events <= 0 {
			return 1
		}
		return mathext.RegIncBeta(float64(events), c.shape, horizon/(c.scale+horizon))
	}
	reached := 1.
	for m := range out {
		n := float64(m)
		passed := atLeast((m+1)*c.k - c.phase)
		p := c.stays(n) * (reached - passed)
		if m > 0 {
			p += c.a / (c.a + c.b + n - 1) * c.stays(n-1) * reached
		}
		out[m] = max(p, 0)
		reached = passed
	}
}

package btyd

import "math"

// oddsTable works out q at many times of one race; it holds what it works in.
type oddsTable struct {
	series series
	nodes  [knots]odds
}

// fill sets out[i] to q at moments[i]. Times ascend, so that arguments of the series descend: those that need quadrature
// come first.
func (o *oddsTable) fill(c race, moments []moment, times []paretoTime, out []odds) {
	z, rest := c.arguments(moments, times, 0)
	i := 0
	for z > healthy {
		next, panel := i, math.Floor(math.Log(rest))
		for next < len(moments) && z > healthy && math.Floor(math.Log(rest)) == panel {
			if next++; next < len(moments) {
				z, rest = c.arguments(moments, times, next)
			}
		}
		o.integrals(c, panel, moments[i:next], times, out[i:next])
		if i = next; i == len(moments) {
			return
		}
	}
	o.series.fill(c, terms(z))
	for ; i < len(moments); i++ {
		z, rest = c.arguments(moments, times, i)
		out[i] = o.series.at(c, z, rest)
	}
}

func (c race) arguments(moments []moment, times []paretoTime, i int) (z, rest float64) {
	t := &times[moments[i].t]
	return c.argument(t.w, t.y)
}

// knots is the number of points between which integrals are interpolated where there are more than enough of them. In the
// logarithm of 1 − z, q is analytic in a strip of ±π/2 at least, so that interpolation at 16 Chebyshev points of an
// interval of length 1 is exact to 10⁻¹².
const (
	knots  = 16
	enough = 24
)

// integrals sets out[i] to q at moments[i], with all ln(1 − z) in [panel, panel+1).
func (o *oddsTable) integrals(c race, panel float64, moments []moment, times []paretoTime, out []odds) {
	if len(moments) < enough {
		for i := range moments {
			_, rest := c.arguments(moments, times, i)
			out[i] = c.integral(rest)
		}
		return
	}
	var place, weight [knots]float64
	for k := range knots {
		sin, cos := math.Sincos((float64(k) + .5) * math.Pi / knots)
		place[k], weight[k] = panel+.5+.5*cos, sin
		if k%2 == 1 {
			weight[k] = -sin
		}
		o.nodes[k] = c.integral(math.Exp(place[k]))
	}
	for i := range moments {
		_, rest := c.arguments(moments, times, i)
		out[i] = o.between(&place, &weight, math.Log(rest))
	}
}

// between is the polynomial through the nodes, by the barycentric formula.
func (o *oddsTable) between(place, weight *[knots]float64, at float64) (v odds) {
	sum := 0.
	for k := range knots {
		distance := at - place[k]
		if distance == 0 {
			return o.nodes[k]
		}
		w, n := weight[k]/distance, &o.nodes[k]
		sum += w
		v.q += w * n.q
		v.a += w * n.a
		v.s += w * n.s
		v.ratio += w * n.ratio
	}
	return odds{v.q / sum, v.a / sum, v.s / sum, v.ratio / sum}
}

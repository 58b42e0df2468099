package btyd

import "math"

// healthy is the largest argument at which the hypergeometric series is used: 350 terms. Beyond, quadrature is cheaper.
const healthy = .9

// negligible is the size of a term of the series that no longer counts.
const negligible = 1e-18

// race is the race between stopping and the next purchase of customers who are active: with a = r + x and at the time u,
// w = α + u and y = β + u, the probability that stopping comes first is
//
//	q = s ∫ (w/(w+v))^a (y/(y+v))^s dv/(y+v)
//	  = s/(a+s) ₂F₁(1, a; a+s+1; 1 − y/w)             when w ≥ y,
//	  = s/(a+s) (w/y) ₂F₁(1, s+1; a+s+1; 1 − w/y)     when w < y,
//
// by Euler's transformation of the usual form: all terms of both series are positive.
type race struct {
	a, s, gap float64
	wide      bool // α ≥ β
}

func newRace(a, s, alpha, beta float64) race {
	return race{a: a, s: s, gap: math.Abs(alpha - beta), wide: alpha >= beta}
}

// argument is z of the series and 1 − z.
func (c race) argument(w, y float64) (z, rest float64) {
	if c.wide {
		return c.gap / w, y / w
	}
	return c.gap / y, w / y
}

// numerator is the second parameter of the series.
func (c race) numerator() float64 {
	if c.wide {
		return c.a
	}
	return c.s + 1
}

// probability is q.
func (c race) probability(w, y float64) float64 {
	return c.at(c.argument(w, y))
}

// at is q for an argument of the series and 1 less it.
func (c race) at(z, rest float64) float64 {
	if z > healthy {
		return c.integral(rest).q
	}
	top, bottom := c.numerator(), c.a+c.s+1
	term, sum := 1., 1.
	for k := 0.; term > negligible; k++ {
		term *= z * (top + k) / (bottom + k)
		sum += term
	}
	if !c.wide {
		sum *= rest
	}
	return sum * c.s / (c.a + c.s)
}

// odds is q with its derivatives with respect to a, to s and to ln(w/y).
type odds struct{ q, a, s, ratio float64 }

// series holds the coefficients of z^k in q for one a, and their derivatives with respect to a and to s. Without the factor
// w/y of a race that is not wide.
type series struct{ c, da, ds []float64 }

// fill computes n coefficients.
func (t *series) fill(c race, n int) {
	t.c, t.da, t.ds = t.c[:0], t.da[:0], t.ds[:0]
	total := c.a + c.s
	v := c.s / total
	da, ds := -1/total, c.a/(c.s*total) // of ln v
	for k := 0.; ; k++ {
		t.c, t.da, t.ds = append(t.c, v), append(t.da, v*da), append(t.ds, v*ds)
		if len(t.c) >= n {
			return
		}
		below := 1 / (total + 1 + k)
		if c.wide {
			v *= (c.a + k) * below
			da += 1/(c.a+k) - below
			ds -= below
		} else {
			v *= (c.s + 1 + k) * below
			da -= below
			ds += 1/(c.s+1+k) - below
		}
	}
}

// terms is the number of coefficients that z needs.
func terms(z float64) int {
	if z < 1e-18 {
		return 3
	}
	return int(math.Log(negligible)/math.Log(z)) + 3
}

// at sums the series.
func (t *series) at(c race, z, rest float64) odds {
	var o odds
	var slope float64
	power, before := 1., 0.
	n := len(t.c)
	da, ds := t.da[:n], t.ds[:n]
	for k, v := range t.c {
		o.q += v * power
		o.a += da[k] * power
		o.s += ds[k] * power
		slope += float64(k) * v * before
		before, power = power, power*z
		if before < negligible {
			break
		}
	}
	if c.wide {
		o.ratio = slope * rest // z = 1 − y/w: dz/d ln(w/y) = y/w
		return o
	}
	o.ratio = rest * (o.q - slope*rest) // z = 1 − w/y
	o.q, o.a, o.s = o.q*rest, o.a*rest, o.s*rest
	return o
}

package btyd

import (
	"math"

	"parcours/report/clv/special"
)

// drop is the fall of the logarithm of an integrand beyond which it is left out.
const drop = 42

// integral is q and its derivatives by quadrature in log-time of the smaller of w and y, of which rest is the share in the
// larger:
//
//	w ≥ y, v = y(e^t − 1):  q = s ∫ e^(−s t) (1 + (e^t−1) y/w)^(−a) dt
//	w < y, v = w(e^t − 1):  q = s (w/y) ∫ e^((1−a) t) (1 + (e^t−1) w/y)^(−s−1) dt
//
// The logarithm of the integrand is concave in both.
func (c race) integral(rest float64) odds {
	if c.wide {
		i := newDecay(c.s, c.a, rest).integrate()
		return odds{q: c.s * i.sum, a: -c.s * i.bend, s: i.sum - c.s*i.time, ratio: c.s * c.a * i.reach}
	}
	i := newDecay(c.a-1, c.s+1, rest).integrate()
	f := c.s * rest
	return odds{q: f * i.sum, a: -f * i.time, s: rest*i.sum - f*i.bend, ratio: f * (i.sum - (c.s+1)*i.reach)}
}

// decay is the integrand exp(−c t − d L(t)), t ≥ 0, with L(t) = ln(1 + share (e^t − 1)), 0 < share < 1, d > 0, c + d > 0.
type decay struct{ c, d, share, knee float64 }

func newDecay(c, d, share float64) decay {
	return decay{c, d, share, math.Log((1 - share) / share)}
}

// bend is L(t); at the knee it turns from nearly 0 to a slope of 1.
func (i decay) bend(t float64) float64 {
	if t > 30 {
		return t + math.Log(i.share) + special.Softplus(i.knee-t)
	}
	return math.Log1p(i.share * math.Expm1(t))
}

// slope of the logarithm of the integrand.
func (i decay) slope(t float64) float64 { return -i.c - i.d*special.Logistic(t-i.knee) }

// moments are the integrals of the integrand, and of it times t, times L(t), and times dL/d ln(share) = 1 − e^(−L).
type moments struct{ sum, time, bend, reach float64 }

func (i decay) integrate() moments {
	var out moments
	from, peak := 0., i.peak()
	top := -i.c*peak - i.d*i.bend(peak)
	to := i.end(peak, top)
	add := func(lo, hi float64) {
		half, middle := (hi-lo)/2, (hi+lo)/2
		special.EachNode(func(node, weight float64) {
			t := middle + half*node
			bend := i.bend(t)
			f := weight * half * math.Exp(-i.c*t-i.d*bend)
			out.sum += f
			out.time += f * t
			out.bend += f * bend
			out.reach -= f * math.Expm1(-bend)
		})
	}
	if peak > from {
		panels(from, peak, i.knee, add)
	}
	panels(peak, to, i.knee, add)
	return out
}

// peak is where the integrand is largest.
func (i decay) peak() float64 {
	if i.c >= 0 {
		return 0
	}
	return max(0, i.knee+math.Log(-i.c/(i.c+i.d)))
}

// end is a point after the peak at which the logarithm of the integrand has fallen by drop from top. The first guess is
// beyond it, and Newton's method stays there since the logarithm is concave.
func (i decay) end(peak, top float64) float64 {
	goal := top - drop
	t := (-goal - i.d*math.Log(i.share)) / (i.c + i.d)
	if i.c > 0 {
		t = min(t, -goal/i.c)
	}
	for range 40 {
		low := -i.c*t - i.d*i.bend(t) - goal
		if low > -4 {
			break
		}
		t = max(peak, t-low/i.slope(t))
	}
	return t
}

// longest is the longest panel near a knee: L(t) is singular at knee ± πi.
const longest = 6

// panels cuts an interval so that a rule of 32 nodes is exact in each panel: none is longer than longest, or than its
// distance from the knee.
func panels(from, to, knee float64, add func(lo, hi float64)) {
	middle := min(max(knee, from), to)
	for lo := middle; lo < to; {
		hi := min(to, lo+max(longest, lo-knee))
		add(lo, hi)
		lo = hi
	}
	for hi := middle; hi > from; {
		lo := max(from, hi-max(longest, knee-hi))
		add(lo, hi)
		hi = lo
	}
}

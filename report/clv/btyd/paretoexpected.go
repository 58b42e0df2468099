package btyd

import "math"

// Expected is P(alive) (r+x)/(α+T) ∫ e^(−δu) (1 + u/(β+T))^(−s) du: an active customer buys at the posterior mean of
// λ as long as he lives. Without discount the integral has the closed form of eq. 17 of Schmittlein et al., written so that
// s = 1 is nothing special. With a discount and no end the sum is the DERT of Fader and Hardie, here without Tricomi's
// function.
func (m pareto) Expected(h History, delta float64, times, out []float64) {
	rate := m.Alive(h) * (m.r + float64(h.X)) / (m.alpha + h.T)
	life := lifetime{m.s, m.beta + h.T}
	if delta > 0 {
		life.discounted(delta, times, out)
	} else {
		for i, t := range times {
			out[i] = life.mean(t)
		}
	}
	for i := range times {
		out[i] *= rate
	}
}

// lifetime is the time that an active customer stays: longer than u with probability (1 + u/beta)^(−s).
type lifetime struct{ s, beta float64 }

// mean is ∫ (1 + u/β)^(−s) du from 0 to t: the expected time active in it.
func (l lifetime) mean(t float64) float64 {
	if math.IsInf(t, 1) {
		return l.beta / max(l.s-1, 0)
	}
	log := math.Log1p(t / l.beta)
	power := (1 - l.s) * log
	if power == 0 {
		return l.beta * log
	}
	return l.beta * log * (math.Expm1(power) / power)
}

// discounted sets out[i] to ∫ e^(−δu) (1 + u/β)^(−s) du from 0 to times[i], by quadrature in v = ln(1 + u/β). There
// the logarithm of the integrand, (1−s) v − δβ (e^v−1), is entire and concave.
func (l lifetime) discounted(delta float64, times, out []float64) {
	c := discount{1 - l.s, delta * l.beta}
	v, sum, done := 0., 0., false
	for i, t := range times {
		to := math.Log1p(t / l.beta)
		for v < to && !done {
			next := min(to, v+c.panel(v))
			sum += c.integrate(v, next)
			v = next
			done = c.negligible(v)
		}
		out[i] = l.beta * sum
	}
}

// discount is the integrand exp(slope·v − pull(e^v − 1)).
type discount struct{ slope, pull float64 }

// steepest is the change of the logarithm of the integrand in a panel at which eight nodes are exact to 10⁻¹³, and gentle
// that at which four are to 10⁻¹².
const steepest, gentle = 4, .5

// panel is the length of a panel that starts at v.
func (c discount) panel(v float64) float64 {
	return min(1, steepest/(math.Abs(c.slope)+math.E*c.pull*math.Exp(v)))
}

// negligible reports whether what comes after v no longer counts.
func (c discount) negligible(v float64) bool {
	pull := c.pull * math.Exp(v)
	if c.slope >= pull {
		return false
	}
	peak := 0.
	if c.slope > c.pull {
		peak = math.Log(c.slope / c.pull)
	}
	return c.slope*(v-peak)-pull+c.pull*math.Exp(peak) < -drop+math.Log(min(1, pull-c.slope))
}

func (c discount) integrate(from, to float64) float64 {
	rule := legendre8[:]
	if (math.Abs(c.slope)+c.pull*math.Exp(to))*(to-from) < gentle {
		rule = legendre4[:]
	}
	half, middle, sum := (to-from)/2, (to+from)/2, 0.
	for _, n := range rule {
		v := middle + half*n[0]
		sum += n[1] * math.Exp(c.slope*v-c.pull*math.Expm1(v))
	}
	return sum * half
}

// legendre4 and legendre8 are the nodes and weights of the Gauss–Legendre rules on [−1, 1] (Abramowitz and Stegun, table
// 25.4).
var (
	legendre4 = [4][2]float64{
		{-.861136311594052575, .347854845137453857},
		{-.339981043584856265, .652145154862546143},
		{.339981043584856265, .652145154862546143},
		{.861136311594052575, .347854845137453857},
	}
	legendre8 = [8][2]float64{
		{-.960289856497536232, .101228536290376259},
		{-.796666477413626740, .222381034453374471},
		{-.525532409916328986, .313706645877887287},
		{-.183434642495649805, .362683783378361983},
		{.183434642495649805, .362683783378361983},
		{.525532409916328986, .313706645877887287},
		{.796666477413626740, .222381034453374471},
		{.960289856497536232, .101228536290376259},
	}
)

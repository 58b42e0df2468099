package btyd

import "math"

const (
	order     = 24    // of the Taylor polynomials
	accuracy  = 1e-12 // of a step, relative to the integrand
	mostSteps = 100   // beyond, the other ways are quicker
)

type taylor = [order + 1]float64

// inverse factorials, for the series of the exponential.
var factorials = func() (f taylor) {
	f[0] = 1
	for k := 1; k <= order; k++ {
		f[k] = f[k-1] / float64(k)
	}
	return f
}()

// expand replaces each position v in at, ascending, by the integral of the flow from 0 to v. It walks along v with Taylor
// polynomials of the solution of Gauss' differential equation, which cost less than one ₂F₁. It reports false where that
// needs too many steps: for heavy buyers, or nearly equal customers, whose equation is stiff.
func (f flow) expand(at []float64) bool {
	if len(at) == 0 {
		return true
	}
	end := at[len(at)-1]
	var v, total float64
	value, slope := 1., 1-(f.r+1)/(f.a+f.b)*f.a
	i := 0
	for taken := range mostSteps {
		var m, g taylor
		f.solve(v, value, slope, &m)
		f.discount(v, &m, &g)
		step := min(reach(&m, m[0]), reach(&g, max(g[0], total)))
		for i < len(at) && at[i] <= v+step {
			at[i] = total + integral(&g, at[i]-v)
			i++
		}
		if i == len(at) {
			return isFinite(at[len(at)-1])
		}
		total += integral(&g, step)
		falling := g[1] < 0
		value, slope = evaluate(&m, step)
		v += step
		if falling && value*math.Exp(-f.kappa*math.Expm1(v))*(end-v) < 1e-12*total {
			for ; i < len(at); i++ {
				at[i] = total
			}
			return isFinite(total)
		}
		if left := float64(mostSteps - taken); !(value > 0) || taken > 2 && !(step*left*2 > end-v) {
			return false
		}
	}
	return false
}

// solve sets the Taylor polynomial about v of e^v ₂F₁(r+1, a; a+b; 1−e^v), whose value and slope at v are given. With
// Q = 1 − e^−v, c = a+b and D = r+1−b it solves Q(m″ + (D−2)m′ + (1−D)m) + c m′ + (ra−b)m = 0.
func (f flow) solve(v, value, slope float64, m *taylor) {
	c, d, e := f.a+f.b, f.r+1-f.b, f.r*f.a-f.b
	var slopes, inner, q taylor // of m′, of the bracket, and Q
	q[0] = -math.Expm1(-v)
	sign := math.Exp(-v)
	for k := 1; k <= order; k++ {
		q[k] = sign * factorials[k]
		sign = -sign
	}
	m[0], m[1], slopes[0] = value, slope, slope
	if v == 0 { // the regular solution
		for k := 1; k < order; k++ {
			known := (d-2)*slopes[k-1] + (1-d)*m[k-1]
			sum := known + e*m[k] + convolve(&q, &inner, 2, k)
			slopes[k] = -sum / (float64(k) + c)
			inner[k-1] = float64(k)*slopes[k] + known
			m[k+1] = slopes[k] / float64(k+1)
		}
		return
	}
	for k := range order - 1 {
		inner[k] = -(c*slopes[k] + e*m[k] + convolve(&q, &inner, 1, k)) / q[0]
		slopes[k+1] = (inner[k] - (d-2)*slopes[k] - (1-d)*m[k]) / float64(k+1)
		m[k+2] = slopes[k+1] / float64(k+2)
	}
}

// discount sets g to m times the discount e^(−κ(e^v − 1)) about v.
func (f flow) discount(v float64, m, g *taylor) {
	if f.kappa == 0 {
		*g = *m
		return
	}
	var w taylor
	rate := -f.kappa * math.Exp(v)
	w[0] = math.Exp(-f.kappa * math.Expm1(v))
	for k := range order {
		w[k+1] = rate * convolve(&factorials, &w, 0, k) / float64(k+1)
	}
	for k := range order + 1 {
		g[k] = convolve(m, &w, 0, k)
	}
}

// convolve is Σ a[j] b[k−j] over j from first to k, in two chains of additions that do not wait for each other.
func convolve(a, b *taylor, first, k int) float64 {
	var even, odd float64
	j := first
	for ; j < k; j += 2 {
		even += a[j] * b[k-j]
		odd += a[j+1] * b[k-j-1]
	}
	if j == k {
		even += a[j] * b[0]
	}
	return even + odd
}

// reach is how far a polynomial may be trusted: there, its last terms are below the accuracy, relative to a scale.
func reach(c *taylor, scale float64) float64 {
	least := 700.
	bound := math.Log(accuracy * scale)
	for k := order - 2; k <= order; k++ {
		if last := math.Abs(c[k]); last > 0 {
			least = min(least, (bound-math.Log(last))/float64(k))
		}
	}
	return math.Exp(least)
}

// evaluate is the value and the slope at s.
func evaluate(c *taylor, s float64) (value, slope float64) {
	for k := order; k >= 0; k-- {
		slope = slope*s + value
		value = value*s + c[k]
	}
	return value, slope
}

// integral is that of a polynomial from 0 to s.
func integral(c *taylor, s float64) float64 {
	var sum float64
	for k := order; k >= 0; k-- {
		sum = sum*s + c[k]*reciprocals[k]
	}
	return sum * s
}

// reciprocals are 1/(k+1).
var reciprocals = func() (f taylor) {
	for k := range f {
		f[k] = 1 / float64(k+1)
	}
	return f
}()

func isFinite(v float64) bool { return v-v == 0 }

package estimate

import "math"

// objective guards a Mean: it counts evaluations, keeps θ in its bounds, and turns what is not a number into +Inf.
type objective struct {
	mean  func(theta, grad []float64) float64
	fixed []bool // parameters that stay where they are
	spent int
	// A search stops once it is within near of the value to match, another's, and one more step promises next to nothing: it
	// agrees. To follow it to the last digit, perhaps towards infinity, would tell nothing more.
	match, near float64
	matched     bool // the last search stopped so
}

// point is a θ with the value and the gradient found there.
type point struct {
	theta, grad []float64
	value       float64
}

func (o *objective) at(theta []float64) point {
	p := point{theta: theta, grad: make([]float64, len(theta))}
	o.spent++
	p.value = o.mean(theta, p.grad)
	for _, g := range p.grad {
		if math.IsNaN(g) || math.IsInf(g, 0) {
			p.value = math.Inf(1)
		}
	}
	if math.IsNaN(p.value) || math.IsInf(p.value, -1) {
		p.value = math.Inf(1)
	}
	return p
}

// free reports whether parameter i may move from p: it is not fixed, and not at a bound beyond which the likelihood
// still rises.
func (o *objective) free(p point, i int) bool {
	switch {
	case o.fixed != nil && o.fixed[i]:
		return false
	case p.theta[i] >= MaxTheta:
		return p.grad[i] > 0
	case p.theta[i] <= -MaxTheta:
		return p.grad[i] < 0
	default:
		return true
	}
}

// slope is the largest component of the gradient among the free parameters, over 1 + |f|.
func (o *objective) slope(p point) float64 {
	most := 0.
	for i, g := range p.grad {
		if o.free(p, i) {
			most = max(most, math.Abs(g))
		}
	}
	return most / (1 + math.Abs(p.value))
}

func clamp(theta float64) float64 { return min(max(theta, -MaxTheta), MaxTheta) }

func clamped(theta []float64) []float64 {
	out := make([]float64, len(theta))
	for i, v := range theta {
		if !math.IsNaN(v) {
			out[i] = clamp(v)
		}
	}
	return out
}

// Bounds of the search.
const (
	maxSteps    = 200
	maxSearch   = 30
	longestStep = 2.    // of a component of θ
	sufficient  = 1e-4  // share of the predicted decrease that a step must reach (Armijo)
	curvature   = .9    // share of the slope that may remain after a step (Wolfe)
	stalled     = 1e4   // times the gain: what a search that round-off stops may leave
	roundOff    = 1e-12 // of a value: differences below it, times 1 + |f|, say nothing
)

// descend minimises from a start by projected L-BFGS. There are so few parameters that all pairs of steps are kept, as
// a matrix that approximates the inverse of the Hessian: inverse is its first value, or nil. It stops when the decrease
// that one more step promises is below gain, and reports whether it got there.
func descend(o *objective, start []float64, inverse [][]float64, gain float64) (point, bool) {
	o.matched = false
	p := o.at(clamped(start))
	if math.IsInf(p.value, 1) {
		return p, false
	}
	h, known := inverse, inverse != nil
	if !known {
		h = identity(len(start), 1)
	}
	for range maxSteps {
		d, fall := direction(o, p, h)
		if o.slope(p) == 0 || known && fall < gain {
			return p, true
		}
		if known && math.Abs(p.value-o.match) < o.near && fall < o.near/10 {
			o.matched = true
			return p, true
		}
		next, ok := search(o, p, d, fall)
		if !ok {
			if known && fall < stalled*gain {
				return p, true
			}
			if !known {
				return p, o.slope(p) < acceptable*1e-4
			}
			// The matrix may be what misleads: start over from the gradient alone.
			h, known = identity(len(start), 1), false
			continue
		}
		h, known = updated(o, p, next, h, known)
		p = next
	}
	return p, false
}

// direction is −H g over the free parameters, of limited length, with half of the decrease that it promises.
func direction(o *objective, p point, h [][]float64) (d []float64, fall float64) {
	k := len(p.theta)
	d = make([]float64, k)
	most := 0.
	for i := range k {
		if !o.free(p, i) {
			continue
		}
		for j := range k {
			if o.free(p, j) {
				d[i] -= h[i][j] * p.grad[j]
			}
		}
		fall -= d[i] * p.grad[i] / 2
		most = max(most, math.Abs(d[i]))
	}
	if most > longestStep {
		for i := range d {
			d[i] *= longestStep / most
		}
	}
	return d, fall
}

// search looks along d, folded onto the bounds, for a point that is lower by a fair share of the slope and no longer
// steep (weak Wolfe conditions, by bracketing).
func search(o *objective, p point, d []float64, fall float64) (point, bool) {
	slope := dot(p.grad, d)
	if !(slope < 0) || !(fall > 0) {
		return p, false
	}
	low, high, step := 0., math.Inf(1), 1.
	best, found := p, false
	for range maxSearch {
		next := o.at(moved(p.theta, d, step))
		left := dot(next.grad, d)
		switch {
		case next.value > p.value+sufficient*step*slope && !level(p, next, left, slope):
			high = step
		case left < curvature*slope && !atBound(o, next, d):
			best, found, low = next, true, step
		default:
			return next, true
		}
		step = nextStep(p, next, slope, low, high, step)
		if high-low < 1e-10*high {
			break
		}
	}
	return best, found && best.value < p.value
}

// level reports whether two values are the same but for round-off while the slope says that the step was a good one: close
// to the maximum gradients are more exact than values (the approximate condition of Hager and Zhang 2005).
func level(p, next point, left, slope float64) bool {
	return next.value <= p.value+roundOff*(1+math.Abs(p.value)) && math.Abs(left) <= -curvature*slope
}

// nextStep halves the bracket, or fits a parabola when the step was too long, or doubles it when there is no upper end.
func nextStep(p, next point, slope, low, high, step float64) float64 {
	if math.IsInf(high, 1) {
		return 2 * step
	}
	if low == 0 && !math.IsInf(next.value, 1) {
		parabola := -slope * step * step / (2 * (next.value - p.value - slope*step))
		return min(max(parabola, .1*step), .5*step)
	}
	return (low + high) / 2
}

// atBound reports whether a parameter has met its bound on the way along d, so that the slope along d says little.
func atBound(o *objective, p point, d []float64) bool {
	for i := range d {
		if d[i] != 0 && (math.Abs(p.theta[i]) >= MaxTheta || !o.free(p, i)) {
			return true
		}
	}
	return false
}

// updated is the inverse Hessian after a step, by Broyden, Fletcher, Goldfarb and Shanno.
func updated(o *objective, p, next point, h [][]float64, known bool) ([][]float64, bool) {
	k := len(p.theta)
	s, y := make([]float64, k), make([]float64, k)
	for i := range k {
		if o.free(next, i) {
			s[i], y[i] = next.theta[i]-p.theta[i], next.grad[i]-p.grad[i]
		}
	}
	sy, yy := dot(s, y), dot(y, y)
	if !(sy > 1e-12*math.Sqrt(yy*dot(s, s))) {
		return h, known
	}
	if !known {
		h = identity(k, sy/yy)
	}
	hy := make([]float64, k)
	for i := range k {
		hy[i] = dot(h[i], y)
	}
	spread := (1 + dot(y, hy)/sy) / sy
	out := identity(k, 0)
	for i := range k {
		for j := range k {
			out[i][j] = h[i][j] + spread*s[i]*s[j] - (hy[i]*s[j]+s[i]*hy[j])/sy
		}
	}
	return out, true
}

func moved(theta, d []float64, step float64) []float64 {
	out := make([]float64, len(theta))
	for i := range theta {
		out[i] = clamp(theta[i] + step*d[i])
	}
	return out
}

func identity(k int, v float64) [][]float64 {
	m := make([][]float64, k)
	for i := range m {
		m[i] = make([]float64, k)
		m[i][i] = v
	}
	return m
}

func dot(a, b []float64) float64 {
	sum := 0.
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

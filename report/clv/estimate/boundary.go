package estimate

import (
	"math"
	"slices"
)

// vague is the standard error of θ along its weakest direction from which a boundary is looked for: a factor of 20
// either way is within the interval.
const vague = 1.5

// nearBound is the |θ| of a parameter that counts as running away with another that is at its bound, as r runs away
// with α when all customers buy at the same rate.
const nearBound = 10

// bound looks for parameters that run to 0 or infinity. The likelihood flattens long before |θ| gets to MaxTheta, so a
// vague direction is followed to the bound and the others are fitted again: the parameter is at its boundary when that
// costs less than Agreement of log-likelihood. A direction that is flat both ways says nothing, unless it is far out.
func bound(o *objective, p point, weight float64) (point, curve) {
	o.fixed = make([]bool, len(p.theta))
	for {
		o.holdBounds(p)
		c := curveAt(o, p.theta)
		along, se := c.weakest(len(p.theta), weight)
		if !c.ok || se < vague && !o.far(p.theta) {
			return p, c
		}
		up, rises := o.follow(p, along, 1, weight)
		down, falls := o.follow(p, along, -1, weight)
		switch {
		case !rises && !falls, rises && falls && !o.far(p.theta):
			return p, c
		case rises && (!falls || up.value <= down.value):
			p = up
		default:
			p = down
		}
	}
}

// holdBounds fixes the parameters that are at their bound, and those that ran away with them: they have no errors.
func (o *objective) holdBounds(p point) {
	for i, v := range p.theta {
		o.fixed[i] = math.Abs(v) >= nearBound && slices.ContainsFunc(p.theta, extreme)
	}
}

func extreme(theta float64) bool { return math.Abs(theta) >= MaxTheta }

func (o *objective) far(theta []float64) bool {
	for i, v := range theta {
		if !o.fixed[i] && math.Abs(v) > nearBound {
			return true
		}
	}
	return false
}

// follow moves along a direction until a parameter meets its bound, holds it there and fits the others. It reports
// whether the likelihood is as good there.
func (o *objective) follow(p point, along []float64, sign, weight float64) (point, bool) {
	step, at := math.Inf(1), -1
	for i, d := range along {
		if o.fixed[i] || math.Abs(d) < 1e-6 {
			continue
		}
		if reach := (MaxTheta - math.Copysign(1, sign*d)*p.theta[i]) / math.Abs(d); reach < step {
			step, at = reach, i
		}
	}
	if at < 0 {
		return p, false
	}
	to := moved(p.theta, along, sign*step)
	to[at] = math.Copysign(MaxTheta, sign*along[at])
	held := &objective{mean: o.mean, fixed: append([]bool(nil), o.fixed...), match: p.value, near: Agreement / 2 / weight}
	held.fixed[at] = true
	defer func() { o.spent += held.spent }()
	q, _ := descend(held, to, nil, fine/weight)
	if (q.value-p.value)*weight >= Agreement || held.slope(q) >= acceptable {
		return p, false
	}
	held.match = math.Inf(-1)
	q, _ = descend(held, q.theta, nil, fine/weight)
	return q, true
}

// atBounds names the parameters at their boundary, and those that run away with them.
func atBounds(names []string, theta []float64) []AtBound {
	var out []AtBound
	if slices.ContainsFunc(theta, extreme) {
		for i, v := range theta {
			if math.Abs(v) >= nearBound {
				out = append(out, AtBound{names[i], v > 0})
			}
		}
	}
	return out
}

package estimate

import (
	"math"

	"gonum.org/v1/gonum/optimize"
)

// Agreement is the difference of log-likelihood within which two fits are the same.
const Agreement = .01

const (
	// acceptable is the largest scaled gradient of a fit that is accepted, however the search ended.
	acceptable = 1e-4
	// improvable is the log-likelihood that a restart may gain before the first search counts as stalled.
	improvable = 1e-4
	// fine and coarse are the log-likelihood below which one more step is not worth it: of an estimate (about 10⁻⁵
	// standard errors), and of a bootstrap draw (about 10⁻³).
	fine, coarse = 1e-10, 1e-6
)

// Fit maximises the likelihood from every start and keeps the best. Standard errors come from the Hessian of the
// parameters that are not at their boundary.
func Fit(p Problem) Result {
	o := &objective{mean: p.Mean, match: math.Inf(-1), near: Agreement / 2 / p.Weight}
	best, values := point{value: math.Inf(1)}, make([]float64, 0, len(p.Starts))
	for _, start := range p.Starts {
		q, reached := descend(o, start, nil, fine/p.Weight)
		if !reached {
			q = o.retry(q, p.Weight)
		}
		values = append(values, q.value)
		if q.value < best.value && o.matched {
			o.match = math.Inf(-1)
			q, _ = descend(o, q.theta, nil, fine/p.Weight)
		}
		if q.value < best.value {
			best = q
		}
		o.match = best.value
	}
	o.match = math.Inf(-1)
	if math.IsInf(best.value, 1) || !(p.Weight > 0) {
		return failed(p, len(p.Starts), o.spent)
	}
	r := finish(p, o, best)
	r.Starts = len(p.Starts)
	for _, v := range values {
		if (v-best.value)*p.Weight <= Agreement {
			r.Agree++
		}
	}
	if r.Usable() && r.Starts > 1 && r.Agree < 2 {
		r.Status = Disagreed
	}
	return r
}

// Polish fits again from a fit to nearly the same data, with standard errors: what a fit to coarser cells needs to
// become one to the cells themselves. The count of starts is that of from.
func Polish(p Problem, from Result) Result {
	if from.Theta == nil || !(p.Weight > 0) {
		return failed(p, from.Starts, from.Evaluations)
	}
	o := &objective{mean: p.Mean, match: math.Inf(-1), spent: from.Evaluations}
	q, reached := descend(o, from.Theta, from.inverse(), fine/p.Weight)
	if !reached { // forget the curvature of from; there is no simplex, for the data may be large
		q, _ = descend(o, q.theta, nil, fine/p.Weight)
	}
	if math.IsInf(q.value, 1) {
		return failed(p, from.Starts, o.spent)
	}
	r := finish(p, o, q)
	r.Starts, r.Agree = from.Starts, from.Agree
	if from.Status == Disagreed && r.Usable() {
		r.Status = Disagreed
	}
	return r
}

// Refit maximises from a fit to similar data, as bootstrap draws need: few evaluations, no standard errors, and no
// look at whether other maxima exist. The curvature of from makes its first step nearly the right one.
func Refit(p Problem, from Result) Result {
	if from.Theta == nil || !(p.Weight > 0) {
		return failed(p, 0, 0)
	}
	o := &objective{mean: p.Mean, match: math.Inf(-1)}
	q, _ := descend(o, from.Theta, from.inverse(), coarse/p.Weight)
	if math.IsInf(q.value, 1) {
		return failed(p, 1, o.spent)
	}
	r := summary(p, o, q)
	r.Starts, r.Agree = 1, 1
	k := len(q.theta)
	r.SE, r.Low, r.High, r.Condition = unknown(k), unknown(k), unknown(k), math.NaN()
	return r
}

// retry goes on where a search stalled: by Nelder and Mead, which needs no gradient, then by descent again.
func (o *objective) retry(p point, weight float64) point {
	if math.IsInf(p.value, 1) {
		return p
	}
	for range 3 {
		q, reached := descend(o, o.nelderMead(p.theta), nil, fine/weight)
		gained := (p.value - q.value) * weight
		if q.value < p.value {
			p = q
		}
		if reached || gained <= improvable {
			break
		}
	}
	return p
}

// nelderMead improves theta without gradients, within the bounds; it returns theta when it cannot.
func (o *objective) nelderMead(theta []float64) []float64 {
	value := func(x []float64) float64 { return o.at(clamped(x)).value }
	settings := &optimize.Settings{FuncEvaluations: 500, Converger: &optimize.FunctionConverge{Absolute: 1e-14, Iterations: 60}}
	got, err := optimize.Minimize(optimize.Problem{Func: value}, theta, settings, &optimize.NelderMead{SimplexSize: .5})
	if got == nil || err != nil && got.X == nil {
		return theta
	}
	return clamped(got.X)
}

// finish looks for boundaries and adds the standard errors.
func finish(p Problem, o *objective, q point) Result {
	q, c := bound(o, q, p.Weight)
	r := summary(p, o, q)
	r.addErrors(c, p.Weight)
	return r
}

func summary(p Problem, o *objective, q point) Result {
	r := Result{
		Names: p.Names, Weight: p.Weight, Theta: q.theta, Params: exponentials(q.theta),
		LogLikelihood: -p.Weight * q.value, Gradient: o.slope(q), Evaluations: o.spent,
		Boundary: atBounds(p.Names, q.theta), Status: Converged,
	}
	r.BIC = float64(len(q.theta))*math.Log(p.Weight) - 2*r.LogLikelihood
	switch {
	case !(r.Gradient < acceptable):
		r.Status = Failed
	case len(r.Boundary) > 0:
		r.Status = AtBoundary
	}
	return r
}

func failed(p Problem, starts, spent int) Result {
	k := len(p.Names)
	return Result{
		Names: p.Names, Weight: p.Weight, Params: unknown(k), SE: unknown(k), Low: unknown(k), High: unknown(k), Condition: math.NaN(),
		LogLikelihood: math.Inf(-1), BIC: math.Inf(1), Status: Failed, Starts: starts, Evaluations: spent,
		Gradient: math.NaN(),
	}
}

// inverse is the inverse of the Hessian of the mean, or nil: parameters without a variance are given that of a
// parameter known to a factor of e.
func (r Result) inverse() [][]float64 {
	if r.Covariance == nil {
		return nil
	}
	out := identity(len(r.Theta), 1)
	for i, row := range r.Covariance {
		for j, v := range row {
			if row[i] > 0 && r.Covariance[j][j] > 0 {
				out[i][j] = v * r.Weight
			}
		}
	}
	return out
}

func exponentials(theta []float64) []float64 {
	out := make([]float64, len(theta))
	for i, v := range theta {
		out[i] = math.Exp(v)
	}
	return out
}

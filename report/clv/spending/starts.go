package spending

import (
	"math"

	"parcours/report/clv/estimate"
	"parcours/report/clv/special"
)

// starts looks for the maximum around an estimate by moments of ln z, which are finite for all parameters:
// Var ln z = ψ′(q) + ψ′(px) among customers with the same x, and E ln z = ln γ + ψ(px) − ψ(q).
func starts(all []group) [][]float64 {
	p, q := shapes(all)
	return [][]float64{
		start(all, p, q), start(all, 3*p, q), start(all, p, 3*q), start(all, p/3, q/2), start(all, 1, 2), start(all, 6, 4),
	}
}

// shapes fits ψ′(q) + 1/(px) to the variances by least squares, weighted by customers.
func shapes(all []group) (p, q float64) {
	var w, wx, wy, wxx, wxy float64
	for _, g := range all {
		if g.n < 2 {
			continue
		}
		u, v := 1/g.x, g.logVariance()
		w, wx, wy, wxx, wxy = w+g.n, wx+g.n*u, wy+g.n*v, wxx+g.n*u*u, wxy+g.n*u*v
	}
	if w == 0 {
		return 1, 2
	}
	slope, level := wy/w/2, wy/w/2 // half each, when the data cannot tell
	if d := w*wxx - wx*wx; d > 1e-9*w*w {
		if b := (w*wxy - wx*wy) / d; b > 0 && wy-b*wx > 0 {
			slope, level = b, (wy-b*wx)/w
		}
	}
	return between(1 / slope), between(inverseTrigamma(level))
}

// between keeps a shape where a search can start.
func between(shape float64) float64 {
	if math.IsNaN(shape) {
		return 1
	}
	return math.Min(math.Max(shape, .05), 200)
}

// inverseTrigamma is within a few per cent of the solution of ψ′(x) = y for y > 0: ψ′(x) ≈ 1/x + 1/(2x²) for large x, and
// 1/x² for small ones.
func inverseTrigamma(y float64) float64 {
	return (1 + math.Sqrt(1+2*y)) / (2 * y)
}

// logVariance is the variance of ln z between the customers of a group, with that within bins.
func (g group) logVariance() float64 {
	mean := g.logSum / g.n
	var sum float64
	for _, b := range g.bins {
		within := math.Log1p(b.second / (b.z * b.z))
		d := math.Log(b.z) - within/2 - mean
		sum += b.n * (d*d + within)
	}
	return sum / g.n
}

// start completes shapes by the γ that gives the mean of ln z.
func start(all []group, p, q float64) []float64 {
	var n, sum float64
	for _, g := range all {
		n += g.n
		sum += g.logSum - g.n*special.Digamma(p*g.x)
	}
	gamma := special.Digamma(q)
	if n > 0 {
		gamma += sum / n
	}
	return []float64{math.Log(p), math.Log(q), math.Min(math.Max(gamma, 2-estimate.MaxTheta), estimate.MaxTheta-2)}
}

package estimate

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// difference is the step of the central differences of the gradient: their error is of its square.
const difference = 1e-4

// worst is the condition number beyond which a Hessian counts as singular.
const worst = 1e12

// curve is the Hessian of the mean at a maximum, over the parameters that move, with its eigenvalues ascending.
type curve struct {
	index   []int // the parameters that move
	hessian *mat.SymDense
	values  []float64
	vectors mat.Dense
	ok      bool // the eigenvalues exist
}

// curveAt differentiates the gradient at theta for the parameters that are not fixed.
func curveAt(o *objective, theta []float64) curve {
	var c curve
	for i := range theta {
		if !o.fixed[i] {
			c.index = append(c.index, i)
		}
	}
	k := len(c.index)
	if k == 0 {
		return c
	}
	rows := make([][]float64, k)
	for a, i := range c.index {
		up, down := append([]float64(nil), theta...), append([]float64(nil), theta...)
		up[i] += difference
		down[i] -= difference
		high, low := o.at(up), o.at(down)
		if math.IsInf(high.value, 1) || math.IsInf(low.value, 1) {
			return c
		}
		rows[a] = make([]float64, k)
		for b, j := range c.index {
			rows[a][b] = (high.grad[j] - low.grad[j]) / (2 * difference)
		}
	}
	c.hessian = mat.NewSymDense(k, nil)
	for a := range k {
		for b := range a + 1 {
			c.hessian.SetSym(a, b, (rows[a][b]+rows[b][a])/2)
		}
	}
	var e mat.EigenSym
	if c.ok = e.Factorize(c.hessian, true); c.ok {
		c.values = e.Values(nil)
		e.VectorsTo(&c.vectors)
	}
	return c
}

// condition is the ratio of the largest eigenvalue to the smallest, NaN without a proper maximum.
func (c curve) condition() float64 {
	if !c.ok || !(c.values[0] > 0) {
		return math.NaN()
	}
	return c.values[len(c.values)-1] / c.values[0]
}

// weakest is the direction of θ along which the likelihood changes least, and the standard error along it.
func (c curve) weakest(k int, weight float64) (direction []float64, se float64) {
	direction = make([]float64, k)
	if !c.ok {
		return direction, math.NaN()
	}
	for a, i := range c.index {
		direction[i] = c.vectors.At(a, 0)
	}
	if !(c.values[0] > 0) {
		return direction, math.Inf(1)
	}
	return direction, 1 / math.Sqrt(c.values[0]*weight)
}

// covariance inverts the Hessian: that of θ, with zeros for the parameters that do not move; nil when singular.
func (c curve) covariance(k int, weight float64) [][]float64 {
	if bad := c.condition(); len(c.index) > 0 && !(bad < worst) {
		return nil
	}
	out := identity(k, 0)
	for a, i := range c.index {
		for b, j := range c.index {
			for e, v := range c.values {
				out[i][j] += c.vectors.At(a, e) * c.vectors.At(b, e) / (v * weight)
			}
		}
	}
	return out
}

// normal95 is the 97.5 % point of the normal distribution.
const normal95 = 1.959963984540054

// addErrors fills the covariance and all that follows from it. Parameters at a boundary have no standard error.
func (r *Result) addErrors(c curve, weight float64) {
	k := len(r.Theta)
	r.Condition = c.condition()
	r.Covariance = c.covariance(k, weight)
	r.SE, r.Low, r.High = unknown(k), unknown(k), unknown(k)
	if r.Covariance == nil {
		return
	}
	for _, i := range c.index {
		se := math.Sqrt(r.Covariance[i][i])
		r.SE[i] = r.Params[i] * se
		r.Low[i] = math.Exp(r.Theta[i] - normal95*se)
		r.High[i] = math.Exp(r.Theta[i] + normal95*se)
	}
}

func unknown(k int) []float64 {
	out := make([]float64, k)
	for i := range out {
		out[i] = math.NaN()
	}
	return out
}

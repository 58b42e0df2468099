package btyd

import (
	"math"

	"parcours/report/clv/special"
)

// points is the number of Chebyshev points of a panel.
const points = 24

// cosines[k][j] is cos(kπ(j+½)/points), the k-th Chebyshev polynomial at the j-th point.
var cosines = func() (c [points][points]float64) {
	for k := range points {
		for j := range points {
			c[k][j] = math.Cos(float64(k) * math.Pi * (float64(j) + .5) / points)
		}
	}
	return c
}()

// sample does the work of mix for customers with few purchases: it takes the expectation over p at Chebyshev points of
// panels of v, which are halved until their polynomial fits.
func (f flow) sample(at []float64) {
	end := at[len(at)-1]
	probabilities, weights := special.BetaNodes(f.a, f.b, f.r+1, end)
	integrand := func(v float64) float64 {
		var mean float64
		z := math.Expm1(v)
		for i, p := range probabilities {
			mean += weights[i] * math.Exp(v-(f.r+1)*math.Log1p(p*z))
		}
		return mean * math.Exp(-f.kappa*z)
	}
	var v, total float64
	width, i := end, 0
	for i < len(at) {
		width = min(width, end-v)
		c, ok := panel(integrand, v, width, total)
		if !ok {
			width /= 2
			continue
		}
		for i < len(at) && (at[i] <= v+width || v+width >= end) {
			at[i] = total + clenshaw(&c, 2*(at[i]-v)/width-1)
			if width == 0 {
				at[i] = total
			}
			i++
		}
		total += clenshaw(&c, 1)
		v += width
		width *= 2
	}
}

// panel returns the Chebyshev series of the integral of f from v, 0 there, and whether it fits; a panel is not halved
// further where that cannot change the total.
func panel(f func(float64) float64, v, width, total float64) (c [points + 1]float64, ok bool) {
	var values, series [points + 2]float64
	for j := range points {
		values[j] = f(v + width*(1+cosines[1][j])/2)
	}
	var largest float64
	for k := range points {
		var sum float64
		for j := range points {
			sum += values[j] * cosines[k][j]
		}
		series[k] = 2 * sum / points
		largest = max(largest, math.Abs(series[k]))
	}
	series[0] /= 2
	rest := math.Abs(series[points-1]) + math.Abs(series[points-2]) + math.Abs(series[points-3])
	ok = rest <= 1e-11*max(largest, total/width) || width < 1e-12*(v+width)
	half := width / 2
	c[1] = half * (series[0] - series[2]/2)
	for k := 2; k <= points; k++ {
		c[k] = half * (series[k-1] - series[k+1]) / float64(2*k)
	}
	c[0] = -clenshaw(&c, -1)
	return c, ok
}

// clenshaw is the value of a Chebyshev series at x in [−1, 1].
func clenshaw(c *[points + 1]float64, x float64) float64 {
	var b, next float64
	for k := points; k > 0; k-- {
		b, next = 2*x*b-next+c[k], b
	}
	return x*b - next + c[0]
}

package clv

import (
	"math"

	"parcours/report/clv/estimate"
)

// deltaStep is the step in θ of the central differences.
const deltaStep = 1e-4

// z95 is the quantile of the normal law for 95 % between both bounds.
const z95 = 1.959963984540054

// deltaErrors are the standard errors of functions of the parameters by the delta method on θ, nil without a covariance.
// Spread multiplies the covariance: 1 when the data scatter as the model says.
func deltaErrors(r estimate.Result, spread float64, f func(params []float64) []float64) []float64 {
	if r.Covariance == nil {
		return nil
	}
	k := len(r.Theta)
	slopes := make([][]float64, k)
	for i := range k {
		up, down := f(shifted(r.Theta, i, deltaStep)), f(shifted(r.Theta, i, -deltaStep))
		slopes[i] = make([]float64, len(up))
		for n := range up {
			slopes[i][n] = (up[n] - down[n]) / (2 * deltaStep)
		}
	}
	errors := make([]float64, len(slopes[0]))
	for n := range errors {
		var sum float64
		for i := range k {
			for j := range k {
				sum += slopes[i][n] * slopes[j][n] * r.Covariance[i][j]
			}
		}
		errors[n] = math.Sqrt(math.Max(0, spread*sum))
	}
	return errors
}

// shifted are the parameters with one component of θ moved.
func shifted(theta []float64, i int, by float64) []float64 {
	params := make([]float64, len(theta))
	for j, v := range theta {
		if j == i {
			v += by
		}
		params[j] = math.Exp(v)
	}
	return params
}

// shareEstimate is a share with its interval on the scale of log-odds, inside (0, 1). An error that is not known gives
// an interval without width.
func shareEstimate(v, se float64) Estimate {
	if !(se > 0) || v <= 0 || v >= 1 {
		return Estimate{v, v, v}
	}
	odds, half := math.Log(v/(1-v)), z95*se/(v*(1-v))
	logistic := func(u float64) float64 { return 1 / (1 + math.Exp(-u)) }
	return Estimate{v, logistic(odds - half), logistic(odds + half)}
}

// positiveEstimate is a positive number with its interval on the scale of logarithms.
func positiveEstimate(v, se float64) Estimate {
	if !(se > 0) || !(v > 0) {
		return Estimate{v, v, v}
	}
	half := z95 * se / v
	return Estimate{v, v * math.Exp(-half), v * math.Exp(half)}
}

// errorAt reads an error that may not be known.
func errorAt(errors []float64, i int) float64 {
	if errors == nil {
		return 0
	}
	return errors[i]
}

package special

import "math"

// mostTerms bounds the series of LogHyp2F1; beyond, quadrature is as quick.
const mostTerms = 500

// LogHyp2F1 is ln ₂F₁(a, b; c; z) for a ≥ 0, c > b > 0 and z < 1, where the function is positive. Pfaff's transformation
// makes all terms of the series positive; where it would be long, Euler's integral is taken over the log-odds.
func LogHyp2F1(a, b, c, z float64) float64 {
	if z == 0 || a == 0 {
		return 0
	}
	shift, w, rest := 0., z, c-b // rest is what Pfaff puts in place of b
	if z < 0 {
		shift, w, b, rest = -a*math.Log1p(-z), z/(z-1), rest, b
	}
	if v, ok := logSeries(a, b, c, w); ok {
		return shift + v
	}
	if z < 0 {
		b, rest = rest, b
	}
	v := math.Log1p(-z)
	return newBetaGrid(b, rest, a, v).logMean(v)
}

// logSeries sums Gauss' series of positive terms, 0 < z < 1; it reports false when that takes too long.
func logSeries(a, b, c, z float64) (float64, bool) {
	term, sum, scale := 1., 1., 0.
	for k := range mostTerms {
		n := float64(k)
		ratio := (a + n) / (c + n) * ((b + n) / (1 + n)) * z
		term *= ratio
		sum += term
		if ratio < 1 && term*ratio < 1e-17*sum*(1-ratio) && (a+n+1)*(b+n+1)*z < (c+n+1)*(n+2) {
			return scale + math.Log(sum), true
		}
		if sum > 1e200 {
			term, sum, scale = term*1e-200, sum*1e-200, scale+200*math.Ln10
		}
	}
	return 0, false
}

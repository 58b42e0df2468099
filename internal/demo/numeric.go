package demo

import "math"

// The functions of this file give the same bits on every machine: plain IEEE operations, each product forced to
// round by a conversion (a compiler may otherwise fuse it with the following sum), and no call into assembly.

// Coefficients of the series, highest power first. Constants are exact until they are stored.
var (
	atanhSeries = [...]float64{1. / 21, 1. / 19, 1. / 17, 1. / 15, 1. / 13, 1. / 11, 1. / 9, 1. / 7, 1. / 5, 1. / 3, 1}
	expSeries   = [...]float64{
		1. / 6227020800, 1. / 479001600, 1. / 39916800, 1. / 3628800, 1. / 362880, 1. / 40320, 1. / 5040,
		1. / 720, 1. / 120, 1. / 24, 1. / 6, 1. / 2, 1, 1,
	}
)

// ln is the natural logarithm of a positive finite number, to about 1e-15.
func ln(x float64) float64 {
	m, e := math.Frexp(x) // exact
	if m < math.Sqrt2/2 {
		m *= 2
		e--
	}
	// ln m = 2·atanh(s), s = (m−1)/(m+1), |s| ≤ 0.1716: eleven terms reach the last digit.
	s := (m - 1) / (m + 1)
	z := float64(s * s)
	sum := 0.0
	for _, c := range atanhSeries {
		sum = float64(sum*z) + c
	}
	return float64(float64(e)*math.Ln2) + float64(2*float64(s*sum))
}

// exp is e to the x for |x| < 700, to about 1e-15.
func exp(x float64) float64 {
	k := math.Floor(float64(x*math.Log2E) + 0.5)
	r := x - float64(k*math.Ln2)
	sum := 0.0
	for _, c := range expSeries {
		sum = float64(sum*r) + c
	}
	return math.Ldexp(sum, int(k))
}

// The coefficients of Wichura's algorithm AS 241 (PPND16), Applied Statistics 37 (1988) 477–484: the numerator and
// denominator polynomials for the centre and the two tails, constant first.
var (
	centreNum = [...]float64{3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3}
	centreDen = [...]float64{1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3}
	nearNum   = [...]float64{1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4}
	nearDen   = [...]float64{1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9}
	farNum    = [...]float64{6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7}
	farDen    = [...]float64{1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2, 7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15}
)

func ratio(num, den *[8]float64, x float64) float64 {
	a, b := num[7], den[7]
	for i := 6; i >= 0; i-- {
		a = float64(a*x) + num[i]
		b = float64(b*x) + den[i]
	}
	return a / b
}

// normal is the quantile of the standard normal distribution at 0 < p < 1.
func normal(p float64) float64 {
	q := p - 0.5
	if math.Abs(q) <= 0.425 {
		return q * ratio(&centreNum, &centreDen, 0.180625-float64(q*q))
	}
	r := math.Sqrt(-ln(min(p, 1-p)))
	z := 0.0
	if r <= 5 {
		z = ratio(&nearNum, &nearDen, r-1.6)
	} else {
		z = ratio(&farNum, &farDen, r-5)
	}
	return math.Copysign(z, q)
}

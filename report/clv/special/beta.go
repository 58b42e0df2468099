package special

import "math"

// LogBeta is ln B(a, b) for a, b > 0, without the cancellation of its three gammas.
func LogBeta(a, b float64) float64 {
	if a > b {
		a, b = b, a
	}
	return LogGamma(a) - LogRising(b, a)
}

// LogIncompleteBeta is ln I_x(a, b), the regularised incomplete beta function, for a, b > 0 and y = 1 − x. It stays exact
// where the function is too small for a float64, and takes y because 1 − x loses it when x is near 1.
func LogIncompleteBeta(a, b, x, y float64) float64 {
	switch {
	case x <= 0:
		return math.Inf(-1)
	case y <= 0:
		return 0
	case x > (a+1)/(a+b+2):
		return math.Log1p(-math.Exp(min(0, logBetaFraction(b, a, y, x))))
	}
	return min(0, logBetaFraction(a, b, x, y))
}

// logBetaFraction is ln I_x(a, b) by the continued fraction of Didonato and Morris (1992), quick for x up to the mean.
func logBetaFraction(a, b, x, y float64) float64 {
	const tiny = 1e-300
	c, d := 1., 1/nonZero(1-(a+b)*x/(a+1), tiny)
	f := d
	for k := 1; k < 100_000; k++ {
		m := float64(k)
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		d, c = 1/nonZero(1+even*d, tiny), nonZero(1+even/c, tiny)
		f *= d * c
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d, c = 1/nonZero(1+odd*d, tiny), nonZero(1+odd/c, tiny)
		f *= d * c
		if math.Abs(d*c-1) < 1e-15 {
			break
		}
	}
	return a*math.Log(x) + b*math.Log(y) - LogBeta(a, b) - math.Log(a) + math.Log(f)
}

func nonZero(v, tiny float64) float64 {
	if math.Abs(v) < tiny {
		return tiny
	}
	return v
}

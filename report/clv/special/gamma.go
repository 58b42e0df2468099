package special

import "math"

// stirling is ln Γ(x) − [(x − ½) ln x − x + ½ ln 2π] for x ≥ 10 (Abramowitz and Stegun 6.1.41).
func stirling(x float64) float64 {
	y := 1 / (x * x)
	return (1./12 - y*(1./360-y*(1./1260-y*(1./1680-y*(1./1188-y*691./360360))))) / x
}

// LogRising is ln Γ(a+n) − ln Γ(a) for a > 0 and n ≥ 0, the logarithm of the rising factorial (a)ₙ. The plain difference
// loses eight digits where a is large; this does not.
func LogRising(a, n float64) float64 {
	if n == 0 {
		return 0
	}
	if a < 10 {
		return LogGamma(a+n) - LogGamma(a)
	}
	if n == 1 {
		return math.Log(a)
	}
	return (a-.5)*math.Log1p(n/a) - n + n*math.Log(a+n) + stirling(a+n) - stirling(a)
}

// digammaTail is ψ(x) − ln x for x ≥ 10 (Abramowitz and Stegun 6.3.18).
func digammaTail(x float64) float64 {
	y := 1 / (x * x)
	return -.5/x - y*(1./12-y*(1./120-y*(1./252-y*(1./240-y*(1./132-y*(691./32760-y/12))))))
}

// Digamma is the derivative of ln Γ, for x > 0.
func Digamma(x float64) float64 {
	var sum float64
	for ; x < 10; x++ {
		sum -= 1 / x
	}
	return sum + math.Log(x) + digammaTail(x)
}

// DigammaRising is ψ(a+n) − ψ(a), the derivative of LogRising with respect to a.
func DigammaRising(a, n float64) float64 {
	if n == 0 {
		return 0
	}
	if n == 1 {
		return 1 / a
	}
	var sum float64
	for ; a < 10; a++ {
		sum += 1/a - 1/(a+n)
	}
	return sum + math.Log1p(n/a) + digammaTail(a+n) - digammaTail(a)
}

// Softplus is ln(1 + eᵘ), and Logistic its derivative 1/(1 + e⁻ᵘ); neither overflows.
func Softplus(u float64) float64 {
	if u > 40 {
		return u
	}
	return math.Log1p(math.Exp(u))
}

// Logistic is 1/(1 + e⁻ᵘ).
func Logistic(u float64) float64 {
	if u < 0 {
		e := math.Exp(u)
		return e / (1 + e)
	}
	return 1 / (1 + math.Exp(-u))
}

// ScaledExpIntegral is eˣ E_n(x) = ∫ e^(−xw) (1+w)^−n dw over w > 0, for n > 1 and x ≥ 0: a continued fraction (Abramowitz
// and Stegun 5.1.22, contracted) that is quick unless both n and x are small.
func ScaledExpIntegral(n, x float64) float64 {
	b := x + n
	c, d := math.Inf(1), 1/b
	h := d
	for k := 1.; k < 100_000; k++ {
		a := -k * (n - 1 + k)
		b += 2
		d = 1 / (a*d + b)
		c = b + a/c
		h *= c * d
		if math.Abs(c*d-1) < 1e-15 {
			break
		}
	}
	return h
}

package special

import "math"

// betaGrid is a grid even in s = ln(p/(1−p)) for means over p ~ Beta(a, b) of 1 and of (1 + p(eᵛ−1))^−n. The trapezoidal
// rule converges exponentially on it: fine enough for the narrower of the two, wide enough for both.
type betaGrid struct {
	a, b, n             float64
	low, step           float64
	count               int
	fadesLow, fadesHigh bool
}

// density is the logarithm of that of s, but for a constant: p^a (1−p)^b.
func (g *betaGrid) density(s float64) float64 { return g.a*s - (g.a+g.b)*Softplus(s) }

// product adds −n ln(1 + p(eᵛ−1)).
func (g *betaGrid) product(s, v float64) float64 {
	return g.a*s - (g.a+g.b-g.n)*Softplus(s) - g.n*Softplus(s+v)
}

// peak is the only maximum of product and its width there: the positive root of a quadratic in eˢ whose constant and
// leading terms have opposite signs.
func (g *betaGrid) peak(v float64) (s, sd float64) {
	e := math.Exp(v)
	linear := (g.a-g.n)*e + (g.n - g.b)
	root := math.Hypot(linear, 2*math.Sqrt(g.a*g.b*e))
	if linear < 0 {
		s = math.Log(2*g.a) - math.Log(root-linear)
	} else {
		s = math.Log(linear+root) - math.Log(2*g.b) - v
	}
	p, shifted := Logistic(s), Logistic(s+v)
	curve := (g.a+g.b-g.n)*p*(1-p) + g.n*shifted*(1-shifted)
	return s, 1 / math.Sqrt(max(curve, 1e-12))
}

// newBetaGrid chooses the step by the Fourier transforms of what is summed: that of a Gaussian, and where n is large that
// of e^(as−eˢ), |Γ(a+iω)|, which leave less than 10⁻¹¹ at ω = 2π/step.
func newBetaGrid(a, b, n, v float64) *betaGrid {
	g := &betaGrid{a: a, b: b, n: n}
	g.step = .3
	for k := range 5 {
		_, sd := g.peak(v * float64(k) / 4)
		g.step = min(g.step, .5*sd)
	}
	product := func(s float64) float64 { return g.product(s, v) }
	margin := 32 + math.Log(1+n+a+b)
	own, _ := g.peak(0)
	other, _ := g.peak(v)
	low, fades := fade(g.density, own, -g.step, -margin+min(0, -v))
	lower, fadesLower := fade(product, other, -g.step, -margin+min(0, -v))
	g.low, g.fadesLow = min(low, lower), fades && fadesLower
	high, fades := fade(g.density, own, g.step, margin+max(0, -v))
	higher, fadesHigher := fade(product, other, g.step, margin+max(0, -v))
	g.fadesHigh = fades && fadesHigher
	g.count = int(math.Ceil((max(high, higher)-g.low)/g.step)) + 1
	return g
}

// fade walks from the peak of f by growing steps until eᶠ has faded away, or to the bound.
func fade(f func(float64) float64, peak, step, bound float64) (s float64, faded bool) {
	top := f(peak)
	for s = peak + step; (bound-s)*step > 0; s += step {
		if f(s) < top-36 {
			return s, true
		}
		step *= 1.3
	}
	return bound, false
}

// ends are the factors by which the first and the last term of a sum over the grid stand for all beyond: there, the
// density is a pure exponential and the mean changes no more.
func (g *betaGrid) ends() (first, last float64) {
	first, last = 1, 1
	if !g.fadesLow {
		first += 1 / math.Expm1(g.a*g.step)
	}
	if !g.fadesHigh {
		last += 1 / math.Expm1(g.b*g.step)
	}
	return first, last
}

// BetaNodes stands for p ~ Beta(a, b) by probabilities and weights that sum to 1, such that Σ weight (1 + pz)^−n is the
// mean of (1 + pz)^−n for every z from 0 to eᵛ−1.
func BetaNodes(a, b, n, v float64) (p, weight []float64) {
	g := newBetaGrid(a, b, n, v)
	p, weight = make([]float64, g.count), make([]float64, g.count)
	peak, _ := g.peak(0)
	top := g.density(peak)
	for i := range p {
		s := g.low + float64(i)*g.step
		p[i], weight[i] = Logistic(s), math.Exp(g.density(s)-top)
	}
	first, last := g.ends()
	weight[0] *= first
	weight[g.count-1] *= last
	var sum float64
	for _, w := range weight {
		sum += w
	}
	for i := range weight {
		weight[i] /= sum
	}
	return p, weight
}

// logMean is ln E[(1 + p(eᵛ−1))^−n].
func (g *betaGrid) logMean(v float64) float64 {
	first, last := g.ends()
	above, below := math.Inf(-1), math.Inf(-1)
	for i := range g.count {
		s, factor := g.low+float64(i)*g.step, 1.
		if i == 0 {
			factor = first
		} else if i == g.count-1 {
			factor = last
		}
		above = LogAdd(above, math.Log(factor)+g.product(s, v))
		below = LogAdd(below, math.Log(factor)+g.density(s))
	}
	return above - below
}

package btyd

import (
	"math"

	"parcours/report/clv/special"
)

// ahead is the number of purchases ahead for which the rate is summed; beyond, the expectation is worked out for one rate
// of events after the other.
const ahead = 2048

// waves is the rate of purchases of an active customer who has just bought, u weeks later. The n-th purchase from now
// takes nk events, and with R and τ = α+T the rate of events is Gamma(R, τ):
//
//	ρ(u) = Σ_n S(n) Γ(R+nk)/(Γ(R) Γ(nk)) τ^R u^(nk−1) (τ+u)^(−R−nk)
//
// All terms are positive. An integral over u of it, discounted, is the expected number of purchases; this is the way to
// have it for many times at once.
type waves struct {
	posterior
	delta float64
	log   float64   // ln of what does not depend on n and u
	ratio []float64 // at n−1: S(n+1)/S(n) · Π_{i<k} (R+nk+i)/(nk+i)
}

func newWaves(p posterior, delta float64) *waves {
	return &waves{
		posterior: p, delta: delta,
		log: special.LogRising(p.shape, float64(p.k)) - special.LogGamma(float64(p.k)) - math.Log(p.time),
	}
}

// reach tells whether few purchases are to be expected by a time even of the fastest customers: the number of events is
// negative binomial with a mean of R u/τ and a tail (u/(τ+u))^n.
func (f *waves) reach(until float64) bool {
	x := until / f.time
	mean := f.shape * x
	return f.silent == 0 && mean+10*math.Sqrt(mean*(1+x))+42*(1+x) < ahead*float64(f.k)
}

// next is the ratio of the factors of term n+1 and n that depend on n alone, from a table that grows.
func (f *waves) next(n int) float64 {
	for i := len(f.ratio) + 1; i <= n; i++ {
		v := (f.b + float64(i) - 1) / (f.a + f.b + float64(i) - 1)
		for j := range f.k {
			e := float64(i*f.k + j)
			v *= (f.shape + e) / e
		}
		f.ratio = append(f.ratio, v)
	}
	return f.ratio[n-1]
}

// at is e^(−δu) ρ(u).
func (f *waves) at(u float64) float64 {
	log := f.log - f.delta*u - (f.shape+1)*math.Log1p(u/f.time)
	share := u / (f.time + u)
	if f.k > 1 {
		log += float64(f.k-1) * math.Log(share)
	}
	step := math.Pow(share, float64(f.k))
	term, sum := 1., 0.
	for n := 1; n <= 4*ahead; n++ {
		sum += term
		grow := f.next(n) * step
		term *= grow
		if grow < .99 && term < 1e-14*sum*(1-grow) || term == 0 {
			break
		}
		if term > 1e200 {
			term, sum, log = term*1e-200, sum*1e-200, log+200*math.Ln10
		}
	}
	return math.Exp(log + math.Log(sum))
}

// panel is the length of a panel that starts u weeks ahead. Over the rates of events, the terms of ρ are powers R of
// τ/(τ + c u): with c = 1 where it falls, with c = 1 − ω for the k-th roots ω of unity where purchases come in waves.
// These run into each other in time.
func (f *waves) panel(u float64) float64 {
	r := f.shape + float64(f.k)
	length := math.Max(.7*u, 4*f.time/r)
	for l := range f.k/2 + 1 {
		sin, cos := math.Sincos(2 * math.Pi * float64(l) / float64(f.k))
		re, im := 1-cos, -sin
		if l == 0 {
			re, im = 1, 0
		}
		size := math.Hypot(f.time+u*re, u*im)
		if r*math.Log(size/f.time) < 35 {
			length = min(length, 4*size/(r*math.Hypot(re, im)))
		}
	}
	return min(length, .7*(f.time+u))
}

// expect sets out[i] to ∫ e^(−δu) ρ(u) du until times[i].
func (f *waves) expect(times, out []float64) {
	u, sum, full := 0., 0., 0.
	for i, t := range times {
		for u < t {
			full = f.panel(u)
			next := min(t, u+full)
			rule := legendre8[:]
			if next-u < .15*full {
				rule = legendre4[:]
			}
			half, middle := (next-u)/2, (next+u)/2
			for _, n := range rule {
				sum += half * n[1] * f.at(middle+half*n[0])
			}
			u = next
		}
		out[i] = sum
	}
}

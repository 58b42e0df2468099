package btyd

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"parcours/report/clv/special"
)

func logUniform(rng *rand.Rand, low, high float64) float64 {
	return low * math.Exp(rng.Float64()*math.Log(high/low))
}

// drawnHistory is any valid history, up to 10,000 purchases and 10,000 days.
func drawnHistory(rng *rand.Rand) History {
	h := History{T: logUniform(rng, .01, 10_000./7)}
	if rng.IntN(10) == 0 {
		h.T = 0
	}
	if h.T == 0 || rng.IntN(4) == 0 {
		return h
	}
	h.X = int(logUniform(rng, 1, 10_001))
	h.TX = h.T * []float64{1, rng.Float64(), 1 - 1e-9, 1e-3, .99}[rng.IntN(5)]
	return h
}

// drawnParams are any valid parameters: usual ones, a = 1, a + b < 1, and extremes.
func drawnParams(rng *rand.Rand) []float64 {
	p := []float64{logUniform(rng, .05, 5), logUniform(rng, .5, 100), logUniform(rng, .05, 5), logUniform(rng, .1, 20)}
	switch rng.IntN(6) {
	case 0:
		p[2] = 1
	case 1:
		p[2], p[3] = .5*rng.Float64()+.01, .4*rng.Float64()+.01
	case 2, 3:
		for i := range p {
			p[i] = math.Exp(30*rng.Float64() - 15)
		}
	case 4:
		for i := range p {
			p[i] = []float64{math.Exp(-15), math.Exp(15), p[i]}[rng.IntN(3)]
		}
	}
	return p
}

func drawnModel(rng *rand.Rand) betaGeometric {
	shift := float64(rng.IntN(2))
	return newBetaGeometric([]Name{BGNBD, MBGNBD}[int(shift)], shift, drawnParams(rng))
}

func TestBetaGeometricIsFiniteForTenThousandRandomCases(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	times := []float64{0, 1. / 7, 4, 52, 156, 1500}
	for range 10_000 {
		m, h := drawnModel(rng), drawnHistory(rng)
		delta := []float64{0, .0018, .05, 1e-9}[rng.IntN(4)]
		until := times
		if delta > 1e-6 {
			until = append(slices.Clone(times), math.Inf(1))
		}
		out := make([]float64, len(until))
		m.Expected(h, delta, until, out)
		alive := m.Alive(h)
		if ll := m.LogLikelihood(h); !isFinite(ll) || !(alive >= 0 && alive <= 1) {
			t.Fatalf("%+v %+v: log-likelihood %g, P(alive) %g", m, h, ll, alive)
		}
		before := 0.
		for i, v := range out {
			most := alive * (m.r + float64(h.X)) / (m.alpha + h.T) * min(until[i], 1/delta)
			if !(v >= before*(1-1e-7)) || !(v <= most*(1+1e-7)) {
				t.Fatalf("%+v %+v, δ %g: %v at %v, at most %g", m, h, delta, out, until, most)
			}
			before = v
		}
		if p := m.Mass(h.X, h.T); !(p >= 0 && p <= 1) {
			t.Fatalf("%+v: P(X(%g)=%d) is %g", m, h.T, h.X, p)
		}
	}
}

// The steps of expand, the panels of sample and the closed forms of mix must tell the same.
func TestTheWaysToIntegrateTheFlowAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	compared := 0
	for range 1000 {
		m, h := drawnModel(rng), drawnHistory(rng)
		f := m.flow(h, []float64{0, .002, .05}[rng.IntN(3)])
		var steps []float64
		for _, u := range []float64{.1, 4, 52, 156, 1000} {
			steps = append(steps, f.position(u))
		}
		mixed, sampled, places := slices.Clone(steps), slices.Clone(steps), slices.Clone(steps)
		if !f.expand(steps) {
			continue
		}
		compared++
		if f.kappa > 0 && f.r < quickFraction {
			f.sample(sampled)
			mixed = sampled
		} else {
			f.mix(mixed)
			sampled = mixed
			if f.r < quickFraction {
				sampled = places
				f.sample(sampled)
			}
		}
		for i, v := range steps {
			if !(math.Abs(v-mixed[i]) <= 1e-8*v) || !(math.Abs(v-sampled[i]) <= 1e-8*v) {
				t.Errorf("%+v: %.15g by steps, %.15g by a mixture, %.15g by panels", f, v, mixed[i], sampled[i])
			}
		}
	}
	if compared < 300 {
		t.Errorf("only %d cases compared", compared)
	}
}

// The closed form of Fader, Hardie and Lee 2005 is healthy for a > 1.
func TestExpectedEqualsTheClosedForm(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	for range 1000 {
		m := betaGeometric{BGNBD, float64(rng.IntN(2)), logUniform(rng, .05, 5), logUniform(rng, .5, 100), 1.1 + 5*rng.Float64(), logUniform(rng, .1, 20)}
		h := History{X: rng.IntN(40), T: logUniform(rng, 1, 300)}
		until := logUniform(rng, 1, 300)
		r, alpha, b := m.r+float64(h.X), m.alpha+h.T, m.b+float64(h.X)+m.shift
		bracket := -math.Expm1(-r*math.Log1p(until/alpha) + special.LogHyp2F1(r, b, m.a+b-1, until/(alpha+until)))
		want := m.Alive(h) * (m.a + b - 1) / (m.a - 1) * bracket
		var got [1]float64
		m.Expected(h, 0, []float64{until}, got[:])
		if !(math.Abs(got[0]-want) <= 1e-8*want) {
			t.Errorf("%+v %+v: %.15g, closed form %.15g", m, h, got[0], want)
		}
	}
}

// The rate as ₂F₁, integrated by Gauss and Legendre's rule in log-time.
func TestExpectedEqualsTheIntegralOfTheRate(t *testing.T) {
	rng := rand.New(rand.NewPCG(17, 18))
	for range 300 {
		m := betaGeometric{MBGNBD, float64(rng.IntN(2)), logUniform(rng, .05, 5), logUniform(rng, .5, 100), logUniform(rng, .05, 5), logUniform(rng, .1, 20)}
		h := History{X: rng.IntN(40), T: logUniform(rng, 1, 300)}
		delta, until := logUniform(rng, 1e-4, .1), logUniform(rng, 1, 300)
		r, alpha, c := m.r+float64(h.X), m.alpha+h.T, m.a+m.b+float64(h.X)+m.shift
		want := m.Alive(h) * r * special.Integrate(func(v float64) float64 {
			u := alpha * math.Expm1(v)
			return math.Exp(v - delta*u + special.LogHyp2F1(r+1, m.a, c, -u/alpha))
		}, 0, math.Log1p(until/alpha), 4)
		var got [1]float64
		m.Expected(h, delta, []float64{until}, got[:])
		if !(math.Abs(got[0]-want) <= 1e-8*want) {
			t.Errorf("%+v %+v: %.15g, integral %.15g", m, h, got[0], want)
		}
	}
}

func TestExpectedSharesWorkBetweenTimesWithoutChangingThem(t *testing.T) {
	m := newBetaGeometric(BGNBD, 0, []float64{.24, 4.4, .79, 2.4})
	for _, h := range []History{{}, {X: 3, TX: 20, T: 30}, {X: 3000, TX: 200, T: 300}} {
		times := []float64{0, 0, 1, 10, 10, 400, 4000, math.Inf(1)}
		all := make([]float64, len(times))
		m.Expected(h, .002, times, all)
		for i, u := range times {
			var one [1]float64
			m.Expected(h, .002, []float64{u}, one[:])
			if !(math.Abs(one[0]-all[i]) <= 1e-9*all[i]) {
				t.Errorf("%+v at %g: %g alone, %g together", h, u, one[0], all[i])
			}
		}
	}
	m.Expected(History{}, 0, nil, nil)
}

func TestForEverWithoutDiscountIsFiniteOnlyForQuickDropOut(t *testing.T) {
	for a, want := range map[float64]float64{3: 2.5, 1: math.Inf(1), .5: math.Inf(1)} {
		m := newBetaGeometric(BGNBD, 0, []float64{.5, 4, a, 3})
		var got [2]float64
		m.Expected(History{}, 0, []float64{1, math.Inf(1)}, got[:])
		if got[1] != want || !isFinite(got[0]) {
			t.Errorf("a = %g: %v, want %g", a, got, want)
		}
	}
}

package spending_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"parcours/report/clv/estimate"
	"parcours/report/clv/spending"
)

// simulate makes spenders of a model, with numbers of purchases that do not depend on their value.
func simulate(m spending.Model, n int, seed uint64) []spender {
	rng := rand.New(rand.NewPCG(seed, 1))
	all := make([]spender, n)
	for i := range all {
		nu := distuv.Gamma{Alpha: m.Q, Beta: m.Gamma, Src: rng}.Rand()
		x := 1 + int(rng.ExpFloat64()*2)
		all[i] = spender{x, distuv.Gamma{Alpha: m.P * float64(x), Beta: nu, Src: rng}.Rand()}
	}
	return all
}

func TestParametersOfSimulatedSpendersAreCovered(t *testing.T) {
	truth := spending.Model{P: 5, Q: 3.5, Gamma: 18}
	values := []float64{truth.P, truth.Q, truth.Gamma}
	const seeds = 200
	covered := make([]int, 3)
	sum := make([]float64, 3)
	for seed := range uint64(seeds) {
		r := estimate.Fit(spending.Problem(binned(simulate(truth, 1500, seed), 20)))
		if r.Status != estimate.Converged {
			t.Fatalf("seed %d: %s", seed, r.Status)
		}
		for i, v := range values {
			sum[i] += r.Theta[i] / seeds
			if r.Low[i] <= v && v <= r.High[i] {
				covered[i]++
			}
		}
	}
	for i, v := range values {
		rate := float64(covered[i]) / seeds
		t.Logf("%g: mean %g, covered %.3f", v, math.Exp(sum[i]), rate)
		if rate < .90 || rate > .985 {
			t.Errorf("parameter %d is covered at %g", i, rate)
		}
		within(t, "mean of the estimates", math.Exp(sum[i]), v, .03*v)
	}
}

func TestTheMeanValueOfSimulatedSpendersIsExpected(t *testing.T) {
	m := spending.Model{P: 5, Q: 6, Gamma: 18}
	rng := rand.New(rand.NewPCG(3, 1))
	// Over customers with what was seen, the true mean value is on average what is expected, and scatters as said.
	var n, gap, square, spread float64
	for _, s := range simulate(m, 20000, 9) {
		nu := distuv.Gamma{Alpha: m.P*float64(s.x) + m.Q, Beta: m.Gamma + s.total, Src: rng}.Rand()
		d := m.P/nu - m.Expected(s.x, s.total)
		n++
		gap += d
		square += d * d
		spread += m.Variance(s.x, s.total)
	}
	within(t, "gap", gap/n, 0, 4*math.Sqrt(spread/n/n))
	within(t, "spread", square/spread, 1, .1)
}

func TestTheGradientIsThatOfTheLikelihood(t *testing.T) {
	bins := binned(cdnow(t), 8)
	p := spending.Problem(bins)
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		theta := []float64{rng.Float64()*8 - 4, rng.Float64()*8 - 4, rng.Float64()*8 - 4}
		grad := make([]float64, 3)
		p.Mean(theta, grad)
		for i := range theta {
			const h = 1e-5
			up, down := append([]float64(nil), theta...), append([]float64(nil), theta...)
			up[i] += h
			down[i] -= h
			slope := (p.Mean(up, nil) - p.Mean(down, nil)) / (2 * h)
			if !(math.Abs(slope-grad[i]) <= 1e-6*(1+math.Abs(slope))) {
				t.Fatalf("at %v: derivative %d is %g, by differences %g", theta, i, grad[i], slope)
			}
		}
	}
}

func TestTheLikelihoodOfBinsOfOneIsThatOfTheirCustomers(t *testing.T) {
	all := simulate(spending.Model{P: 2, Q: 1.5, Gamma: 10}, 50, 4)
	m := spending.Model{P: 1.7, Q: .8, Gamma: 6}
	sum := 0.
	for _, s := range all {
		sum += m.LogLikelihood(s.x, s.total/float64(s.x))
	}
	p := spending.Problem(exact(all))
	got := -p.Weight * p.Mean([]float64{math.Log(m.P), math.Log(m.Q), math.Log(m.Gamma)}, nil)
	within(t, "log-likelihood", got, sum, 1e-10*math.Abs(sum))
}

func TestAnyCustomerHasFiniteNumbers(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	parameter := func() float64 { return math.Exp((2*rng.Float64() - 1) * estimate.MaxTheta) }
	for range 10000 {
		m := spending.Model{P: parameter(), Q: parameter(), Gamma: parameter()}
		x := int(math.Exp(rng.Float64() * math.Log(10000)))
		mean := math.Pow(10, -2+10*rng.Float64())
		z := float64(x) * mean
		ll, expected, variance := m.LogLikelihood(x, mean), m.Expected(x, z), m.Variance(x, z)
		if math.IsNaN(ll) || math.IsInf(ll, 0) {
			t.Fatalf("%+v, x %d, mean %g: log-likelihood %g", m, x, mean, ll)
		}
		if math.IsNaN(expected) || expected < 0 || math.IsInf(expected, 1) != (m.P*float64(x)+m.Q <= 1) {
			t.Fatalf("%+v, x %d, mean %g: expected %g", m, x, mean, expected)
		}
		if math.IsNaN(variance) || variance < 0 {
			t.Fatalf("%+v, x %d, mean %g: variance %g", m, x, mean, variance)
		}
		grad := make([]float64, 3)
		p := spending.Problem(append(binned([]spender{{x, z}, {x, z * 1.1}, {1, mean}}, 20), exact([]spender{{3, z}})...))
		value := p.Mean([]float64{math.Log(m.P), math.Log(m.Q), math.Log(m.Gamma)}, grad)
		for _, v := range append(grad, value) {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("%+v, x %d, mean %g: %g with gradient %v", m, x, mean, value, grad)
			}
		}
	}
}

func TestTooHeavyATailHasNoMean(t *testing.T) {
	m := spending.Model{P: .5, Q: .4, Gamma: 10}
	if mean, finite := m.Prior(); finite || !math.IsInf(mean, 1) {
		t.Errorf("prior %g, finite %t", mean, finite)
	}
	if v := m.Expected(1, 20); !math.IsInf(v, 1) {
		t.Errorf("expected %g for px+q < 1", v)
	}
	within(t, "expected", m.Expected(4, 20), .5*30/1.4, 1e-12)
	if v := m.Variance(2, 20); !math.IsInf(v, 1) {
		t.Errorf("variance %g for px+q < 2", v)
	}
	if mean, finite := (spending.Model{P: 2, Q: 1, Gamma: 3}).Prior(); finite || !math.IsInf(mean, 1) {
		t.Errorf("prior %g, finite %t for q = 1", mean, finite)
	}
	mean, finite := spending.New([]float64{2, 1.5, 3}).Prior()
	if !finite {
		t.Error("not finite for q > 1")
	}
	within(t, "prior", mean, 12, 1e-12)
}

func TestHeavyTailsAreFittedAllTheSame(t *testing.T) {
	r := estimate.Fit(spending.Problem(binned(simulate(spending.Model{P: 3, Q: .7, Gamma: 20}, 3000, 8), 20)))
	if r.Status != estimate.Converged || r.Agree != r.Starts {
		t.Fatalf("%s, %d of %d agree", r.Status, r.Agree, r.Starts)
	}
	within(t, "q", r.Params[1], .7, .05)
}

func TestPurchasesOfOneValueAreAtTheBoundary(t *testing.T) {
	// Every purchase is worth about the same, for every customer: nothing tells the customers apart.
	rng := rand.New(rand.NewPCG(2, 2))
	var all []spender
	for range 500 {
		x := 1 + rng.IntN(5)
		all = append(all, spender{x, distuv.Gamma{Alpha: 4 * float64(x), Beta: .2, Src: rng}.Rand()})
	}
	r := estimate.Fit(spending.Problem(binned(all, 20)))
	if !r.Usable() {
		t.Fatalf("%s: %v", r.Status, r.Params)
	}
	m := spending.New(r.Params)
	within(t, "expected value", m.Expected(3, 90), 20, 1)
}

func TestBinsWithoutValueDoNotCount(t *testing.T) {
	all := simulate(spending.Model{P: 5, Q: 3.5, Gamma: 18}, 40, 4)
	good := exact(all)
	bad := append([]spending.Bin{{X: 0, N: 3, Sum: 4, SumSquares: 6}, {X: 2, N: 5}, {X: 1}}, good...)
	p, q := spending.Problem(good), spending.Problem(bad)
	if p.Weight != q.Weight || p.Mean([]float64{1, 1, 1}, nil) != q.Mean([]float64{1, 1, 1}, nil) {
		t.Error("bins without customers or value change the likelihood")
	}
	if r := estimate.Fit(spending.Problem(nil)); r.Status != estimate.Failed {
		t.Errorf("a fit to nothing is %s", r.Status)
	}
}

func TestCorrelationIsUnknownAmongFewOrAlike(t *testing.T) {
	for name, bins := range map[string][]spending.Bin{
		"nobody": nil,
		"three":  exact([]spender{{1, 2}, {2, 8}, {3, 30}}),
		"alike":  exact([]spender{{1, 2}, {1, 2}, {1, 2}, {1, 2}}),
	} {
		if r, low, high := spending.Correlation(bins); r != 0 || low != -1 || high != 1 {
			t.Errorf("%s: %g in [%g, %g]", name, r, low, high)
		}
	}
	r, low, high := spending.Correlation(exact([]spender{{1, 2}, {2, 8}, {4, 32}, {8, 128}, {16, 512}}))
	within(t, "of a line", r, 1, 1e-12)
	if !(low <= r && r <= high) {
		t.Errorf("%g in [%g, %g]", r, low, high)
	}
}

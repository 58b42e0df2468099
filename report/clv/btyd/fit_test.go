package btyd_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/optimize"

	"parcours/report/clv/btyd"
	"parcours/report/clv/estimate"
)

// Shops of a few to a few hundred customers with random parameters, many of them nothing like the model that is fitted:
// every fit ends in a maximum that a simplex from elsewhere does not beat, in a boundary, or in a disagreement.
func TestFitsOfStrangeShopsEndInSomethingThatCanBeSaid(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	for i := range 25 {
		w := worlds[i%len(worlds)]
		w.params = append([]float64(nil), w.params...)
		for j := range w.params {
			w.params[j] = math.Exp(.5 + 1.3*rng.NormFloat64())
		}
		cells := w.customers(uint64(i), []int{3, 20, 150}[i%3])
		for _, name := range []btyd.Name{btyd.NBD, btyd.BGNBD, btyd.MBGNBD, btyd.ParetoNBD} {
			f := btyd.Fit(name, cells)
			if f.Status == estimate.Failed || (f.Model != nil) != f.Usable() || (len(f.Boundary) > 0) != (f.Status == estimate.AtBoundary) && f.Usable() {
				t.Errorf("shop %d of %v, %s: %s, %v, boundary %v", i, w, name, f.Status, f.Theta, f.Boundary)
			}
			for _, v := range append([]float64{f.LogLikelihood, f.BIC}, f.Params...) {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Errorf("shop %d of %v, %s: %v", i, w, name, f.Result)
				}
			}
			if f.Status == estimate.Converged {
				if better := simplex(t, rng, name, cells) - f.LogLikelihood; better > estimate.Agreement {
					t.Errorf("shop %d of %v, %s: a simplex gets %.3f further than %v", i, w, name, better, f.Theta)
				}
			}
		}
	}
}

// simplex is the log-likelihood that Nelder and Mead's method gets to from a random start.
func simplex(t *testing.T, rng *rand.Rand, name btyd.Name, cells []btyd.Cell) float64 {
	t.Helper()
	p, err := btyd.Problem(name, 1, cells)
	if err != nil {
		t.Fatal(err)
	}
	start := make([]float64, len(p.Names))
	for i := range start {
		start[i] = rng.NormFloat64()
	}
	value := func(theta []float64) float64 {
		for _, v := range theta {
			if math.Abs(v) > estimate.MaxTheta {
				return math.Inf(1)
			}
		}
		return p.Mean(theta, nil)
	}
	got, err := optimize.Minimize(optimize.Problem{Func: value}, start, &optimize.Settings{FuncEvaluations: 1500}, &optimize.NelderMead{})
	if err != nil {
		t.Fatal(err)
	}
	return -p.Weight * got.F
}

func TestAModelWithoutANameIsNotFitted(t *testing.T) {
	f := btyd.Fit("no-such-model", randomCells(10))
	if f.Model != nil || f.Usable() || f.Status != estimate.Failed {
		t.Errorf("%+v", f)
	}
}

// A refit of the same cells is the fit, and one of other cells is what fitting them from all starts gives.
func TestRefitGetsWhereFitGets(t *testing.T) {
	for _, w := range worlds {
		f := btyd.Fit(w.name, w.customers(1, 1000))
		other := w.customers(2, 1000)
		full, warm := btyd.Fit(w.name, other), btyd.Refit(f, other)
		if full.K != warm.K || !full.Usable() {
			continue // another shape is as likely in so few customers: not what is tested
		}
		within(t, w.name, "log-likelihood", warm.LogLikelihood, full.LogLikelihood, 1e-4)
		if warm.Evaluations > 40 || warm.Model == nil {
			t.Errorf("%s: %d evaluations, %s", w.name, warm.Evaluations, warm.Status)
		}
		again := btyd.Refit(f, w.customers(1, 1000))
		within(t, w.name, "log-likelihood of the same", again.LogLikelihood, f.LogLikelihood, 1e-6)
		if again.Evaluations > 2 {
			t.Errorf("%s: %d evaluations for the same cells", w.name, again.Evaluations)
		}
	}
}

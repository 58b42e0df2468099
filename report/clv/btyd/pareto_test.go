package btyd_test

import (
	"math"
	"testing"

	"parcours/report/clv/btyd"
)

// The estimates of Fader, Hardie and Lee (2005) for the CDNOW sample.
var printedPareto = []float64{.553, 10.578, .606, 11.669}

func TestParetoExpectedPurchasesOfNewCustomersArePublished(t *testing.T) {
	m := newModel(t, btyd.ParetoNBD, []float64{.55, 10.56, .61, 11.64})
	times, got := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}, make([]float64, 9)
	m.Expected(btyd.History{}, 0, times, got)
	for i, want := range []float64{ // of the tests of lifetimes
		.05077821, .09916088, .14542507, .18979930, .23247466, .27361274, .31335159, .35181024, .38909211,
	} {
		within(t, btyd.ParetoNBD, "E[X(t)]", got[i], want, 6e-9)
	}
}

// No project prints these; they agree by Tricomi's closed form, by quadrature and by sums of discounted increments.
func TestParetoDiscountedPurchasesAreThoseOfTricomisFunction(t *testing.T) {
	m := newModel(t, btyd.ParetoNBD, printedPareto)
	check := func(h btyd.History, want float64) {
		t.Helper()
		within(t, btyd.ParetoNBD, "DERT", expected(m, h, .0027, math.Inf(1)), want, 6e-7*math.Max(10, want)/10+5e-6*float64(min(h.X, 1)))
	}
	check(history(0, 0, 38.86), .477136)
	check(history(2, 30.43, 38.86), 6.483774)
	check(history(26, 30.857142857, 31), 86.052659)
	for i, want := range []float64{
		3.96158, 6.42023, 8.79198, 11.06278, 13.21712, 15.23811, 17.10777, 18.80743, 20.31822, 21.62185,
	} {
		check(history(i+1, 30, 38.86), want)
	}
}

// Many ascending times give what each alone gives, and an endless horizon is the limit of long ones.
func TestParetoHorizonsAgree(t *testing.T) {
	m := newModel(t, btyd.ParetoNBD, printedPareto)
	h := history(2, 30.43, 38.86)
	times := []float64{0, .1, 1, 4, 4, 52, 500, 5000, 50_000, math.Inf(1)}
	got := make([]float64, len(times))
	for _, delta := range []float64{.0018, .0027, .05} {
		m.Expected(h, delta, times, got)
		for i, end := range times {
			within(t, btyd.ParetoNBD, "one of many", got[i], expected(m, h, delta, end), 1e-9*(got[i]+1e-300))
		}
		within(t, btyd.ParetoNBD, "the end", got[8], got[9], 1e-9)
		if got[0] != 0 {
			t.Errorf("%g in no time", got[0])
		}
	}
	m.Expected(h, 0, times[:9], got)
	undiscounted := got[5]
	within(t, btyd.ParetoNBD, "a vanishing discount", expected(m, h, 1e-9, 52), undiscounted, 1e-6)
}

func TestParetoSurvivesWhatBrokeOthers(t *testing.T) {
	// CLVTools: these were not finite.
	m := newModel(t, btyd.ParetoNBD, []float64{.5143, 2.8845, .2856, 14.1087})
	for _, c := range []struct {
		h    btyd.History
		want float64
	}{
		{history(221, 103.42857, 103.57143), .99959605},
		{history(254, 97.14286, 97.28571), .99955823},
		{history(161, 94.71429, 98), .74948775},
		{history(204, 98.57143, 99.42857), .99425508},
	} {
		within(t, btyd.ParetoNBD, "P(alive)", m.Alive(c.h), c.want, 6e-9)
	}
	// lifetimes, overflow: ln A is −674.015979, −15.717871 and −721.301076.
	m = newModel(t, btyd.ParetoNBD, []float64{10.465, 7.98565181e-3, 3.0516, 2.820})
	for _, c := range []struct {
		h    btyd.History
		want float64
	}{{history(400, 5, 6), -674.015979}, {history(500, 1, 37), -15.717871}, {history(500, 4, 37), -721.301076}} {
		within(t, btyd.ParetoNBD, "ln A", stoppedIntegral(m, c.h), c.want, 1e-6)
	}
	// lifetimes, underflow.
	m = newModel(t, btyd.ParetoNBD, []float64{.55, 10.58, .61, 11.67})
	within(t, btyd.ParetoNBD, "forecast of 132", expected(m, history(132, 200, 200), 0, 10), 6.2060517890, 6e-11)
	within(t, btyd.ParetoNBD, "forecast of 133", expected(m, history(133, 200, 200), 0, 10), 6.2528722476, 6e-11)
	if p := m.Alive(history(132, 200, 200)); p != 1 {
		t.Errorf("P(alive) on the day of a purchase is %g", p)
	}
}

// stoppedIntegral is ln A of the usual form, from the likelihood and P(alive).
func stoppedIntegral(m btyd.Model, h btyd.History) float64 {
	p := m.Params()
	r, alpha, s, beta, x := p[0], p[1], p[2], p[3], float64(h.X)
	rising := func(v, n float64) float64 {
		above, _ := math.Lgamma(v + n)
		below, _ := math.Lgamma(v)
		return above - below
	}
	return m.LogLikelihood(h) + math.Log1p(-m.Alive(h)) - rising(r, x) - r*math.Log(alpha) - s*math.Log(beta) - math.Log(s)
}

func TestParetoMassesSumToOneAndToTheExpectation(t *testing.T) {
	for _, params := range [][]float64{printedPareto, {3, 2, .2, 5}, {.5, 4, 1, 4}, {8, 2, 4, 1e3}} {
		m := newModel(t, btyd.ParetoNBD, params)
		for _, end := range []float64{.5, 39, 100} {
			var total, mean float64
			for x := range 4000 {
				p := m.Mass(x, end)
				total += p
				mean += float64(x) * p
				if x > 20 && p*float64(x*x) < 1e-13 {
					break
				}
			}
			within(t, btyd.ParetoNBD, "sum of masses", total, 1, 1e-8)
			within(t, btyd.ParetoNBD, "mean of masses", mean, expected(m, btyd.History{}, 0, end), 1e-6)
		}
	}
}

// With hardly any drop-out the model is the NBD.
func TestParetoWithoutDropOutIsTheNBD(t *testing.T) {
	pareto, nbd := newModel(t, btyd.ParetoNBD, []float64{.5, 8, 1e-9, 1e6}), newModel(t, btyd.NBD, []float64{.5, 8})
	for _, h := range []btyd.History{{}, history(0, 0, 50), history(3, 20, 50), history(400, 49, 50)} {
		want := nbd.LogLikelihood(h)
		within(t, btyd.ParetoNBD, "log-likelihood", pareto.LogLikelihood(h), want, 1e-8*(1+math.Abs(want)))
		within(t, btyd.ParetoNBD, "forecast", expected(pareto, h, .001, 60), expected(nbd, h, .001, 60), 1e-6*expected(nbd, h, .001, 60))
	}
	for x := range 40 {
		within(t, btyd.ParetoNBD, "mass", pareto.Mass(x, 30), nbd.Mass(x, 30), 1e-9)
	}
}

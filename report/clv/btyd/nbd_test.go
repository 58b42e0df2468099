package btyd_test

import (
	"math"
	"testing"

	"parcours/report/clv/btyd"
)

func TestNBDForecastsNeverStop(t *testing.T) {
	m := newModel(t, btyd.NBD, []float64{.3847662, 12.07202})
	h := history(3, 10, 38.86)
	rate := (3 + .3847662) / (38.86 + 12.07202)
	within(t, btyd.NBD, "P(alive)", m.Alive(h), 1, 0)
	within(t, btyd.NBD, "forecast", expected(m, h, 0, 39), 39*rate, 1e-12)
	within(t, btyd.NBD, "discounted", expected(m, h, .0027, math.Inf(1)), rate/.0027, 1e-9)
	within(t, btyd.NBD, "discounted, 39 weeks", expected(m, h, .0027, 39), rate*(1-math.Exp(-.0027*39))/.0027, 1e-12)
}

func TestNBDMassesSumToOneAndToTheExpectation(t *testing.T) {
	for _, params := range [][]float64{{.3847662, 12.07202}, {5, .5}, {1e6, 1e6}} {
		m := newModel(t, btyd.NBD, params)
		var total, mean float64
		for x := range 3000 {
			p := m.Mass(x, 39)
			total += p
			mean += float64(x) * p
		}
		within(t, btyd.NBD, "sum of masses", total, 1, 1e-9)
		within(t, btyd.NBD, "mean of masses", mean, expected(m, btyd.History{}, 0, 39), 1e-6)
	}
}

// With rates that are all the same the counts are Poisson.
func TestNBDWithoutDifferencesIsPoisson(t *testing.T) {
	m := newModel(t, btyd.NBD, []float64{math.Exp(15), 10 * math.Exp(15)})
	for x := range 30 {
		log, _ := math.Lgamma(float64(x + 1))
		within(t, btyd.NBD, "mass", m.Mass(x, 80), math.Exp(float64(x)*math.Log(8)-8-log), 1e-6)
	}
}

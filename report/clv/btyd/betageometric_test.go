package btyd_test

import (
	"math"
	"testing"

	"parcours/report/clv/btyd"
)

// The estimates of Fader, Hardie and Lee (2005) for the CDNOW sample, as printed and to more digits.
var (
	printedBG = []float64{.243, 4.414, .793, 2.426}
	exactBG   = []float64{.2425945, 4.413603, .7929222, 2.425909}
)

func newModel(t testing.TB, name btyd.Name, params []float64) btyd.Model {
	t.Helper()
	m, err := btyd.New(name, 1, params)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func history(x int, last, end float64) btyd.History { return btyd.History{X: x, TX: last, T: end} }

func TestBGExpectedPurchasesOfNewCustomersArePublished(t *testing.T) {
	times := []float64{1. / 7, 1, 3, 223. / 7, 32, 52, 78}
	want := []float64{.0078, .0532, .1506, 1.0405, 1.0437, 1.444012, 1.85796} // Hardie's spreadsheet, to its four decimals
	got := make([]float64, len(times))
	newModel(t, btyd.BGNBD, exactBG).Expected(btyd.History{}, 0, times, got)
	for i := range times {
		tolerance := 5e-5
		if i >= 5 {
			tolerance = 5e-6
		}
		within(t, btyd.BGNBD, "E[X(t)]", got[i], want[i], tolerance)
	}
}

func TestBGForecastsOfCustomersArePublished(t *testing.T) {
	heavy := history(26, 216./7, 31)
	printed, exact := newModel(t, btyd.BGNBD, printedBG), newModel(t, btyd.BGNBD, exactBG)
	within(t, btyd.BGNBD, "the example's forecast", expected(printed, history(2, 30.43, 38.86), 0, 39), 1.226028, 1e-6)
	within(t, btyd.BGNBD, "customer 1516's forecast", expected(exact, heavy, 0, 52), 25.75733, 1e-5)
	within(t, btyd.BGNBD, "customer 1516's P(alive)", exact.Alive(heavy), .9688544, 1e-7)
	for i, want := range []float64{.3474838, .04283702, .004159275, .0003583939} { // the increasing-frequency paradox
		within(t, btyd.BGNBD, "the paradox", expected(exact, history(10+5*i, 20, 39), 0, 52), want, 1e-6*want)
	}
	within(t, btyd.BGNBD, "discounted", expected(exact, history(2, 30.43, 38.86), .0027, math.Inf(1)), 5.15636, 5e-6)
	within(t, btyd.BGNBD, "discounted, new", expected(exact, btyd.History{}, .0027, math.Inf(1)), 3.64333, 5e-6)
}

func TestBGMassesArePublished(t *testing.T) {
	m := newModel(t, btyd.BGNBD, printedBG)
	within(t, btyd.BGNBD, "P(X(2)=10)", m.Mass(10, 2), 1.07869e-07, 5e-13)
	within(t, btyd.BGNBD, "P(X(39)=0)", m.Mass(0, 39), .5737864, 5e-8)
	for i, want := range []float64{
		.0019995214, .0015170236, .0011633150, .0009003148, .0007023638, .0005517902, .0004361913, .0003467171, .0002769613, .0002222260,
	} {
		within(t, btyd.BGNBD, "P(X(30)=x)", m.Mass(11+i, 30), want, 5e-11)
	}
}

// The inputs that broke other implementations.
func TestBGSurvivesWhatBrokeOthers(t *testing.T) {
	m := newModel(t, btyd.BGNBD, []float64{.25, 4, .8, 2.5})
	within(t, btyd.BGNBD, "log-likelihood of none", m.LogLikelihood(history(0, 0, 40)), -.59947382, 5e-9)
	within(t, btyd.BGNBD, "log-likelihood of 200", m.LogLikelihood(history(200, 38, 40)), 100.79569, 5e-6)
	small := newModel(t, btyd.BGNBD, []float64{.11, 2.24, .31, .50})
	within(t, btyd.BGNBD, "forecast with a + b < 1", expected(small, history(0, 0, 1), 0, 30), .564588616, 5e-10)
}

func TestOnlyTheBGKeepsThoseWithoutARepeatPurchaseAlive(t *testing.T) {
	bg, mbg := newModel(t, btyd.BGNBD, exactBG), newModel(t, btyd.MBGNBD, []float64{.5248432, 6.183086, .8913599, 1.614004})
	if p := bg.Alive(history(0, 0, 1400)); p != 1 {
		t.Errorf("BG/NBD: P(alive) is %g", p)
	}
	before := 1.
	for _, end := range []float64{0, 1, 10, 100, 1000} {
		p := mbg.Alive(history(0, 0, end))
		if !(p < before) {
			t.Errorf("MBG/NBD: P(alive) does not fall: %g after %g weeks", p, end)
		}
		before = p
	}
}

// Batislam et al. 2007: at the first purchase b/(a+b) of the customers stay, and the expectation is b/(a+b) times that
// of a BG/NBD with b+1.
func TestMBGIsABGWithOneMoreToss(t *testing.T) {
	p := []float64{.5248432, 6.183086, .8913599, 1.614004}
	mbg := newModel(t, btyd.MBGNBD, p)
	bg := newModel(t, btyd.BGNBD, []float64{p[0], p[1], p[2], p[3] + 1})
	stay := p[3] / (p[2] + p[3])
	for _, end := range []float64{1, 39, 52, 156} {
		within(t, btyd.MBGNBD, "E[X(t)]", expected(mbg, btyd.History{}, 0, end), stay*expected(bg, btyd.History{}, 0, end), 1e-12)
	}
}

func TestMassesSumToOneAndToTheExpectation(t *testing.T) {
	for _, name := range []btyd.Name{btyd.BGNBD, btyd.MBGNBD} {
		for _, params := range [][]float64{exactBG, {.5248432, 6.183086, .8913599, 1.614004}, {3, 2, .2, .3}} {
			m := newModel(t, name, params)
			var total, mean float64
			for x := range 3000 {
				p := m.Mass(x, 20)
				total += p
				mean += float64(x) * p
			}
			within(t, name, "sum of masses", total, 1, 1e-9)
			within(t, name, "mean of masses", mean, expected(m, btyd.History{}, 0, 20), 1e-7)
		}
	}
}

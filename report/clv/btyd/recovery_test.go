package btyd_test

import (
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"sync"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"parcours/report/clv/btyd"
	"parcours/report/clv/estimate"
)

// simulated is a model with parameters from which customers are drawn.
type simulated struct {
	name   btyd.Name
	k      int
	params []float64
}

var worlds = []simulated{
	{btyd.NBD, 1, []float64{.6, 9}},
	{btyd.BGNBD, 1, []float64{.5, 5, .9, 2.2}},
	{btyd.MBGNBD, 1, []float64{.7, 6, .8, 2}},
	{btyd.ParetoNBD, 1, []float64{.8, 8, .7, 12}},
	{btyd.BGCNBD, 3, []float64{1.2, 2, .8, 2.5}},
	{btyd.MBGCNBD, 2, []float64{1, 3, .7, 2}},
}

// longRun asks for more seeds: PARCOURS_LONG=1 go test ./report/clv/btyd -run Recover.
func longRun() bool { return os.Getenv("PARCOURS_LONG") != "" }

// draw makes the history of a customer who is seen for t weeks: rates differ as Gamma(r, α), and each customer stops
// after an exponential time (Pareto/NBD), or with a probability of its own after each purchase (the others but the NBD).
func (w simulated) draw(rng *rand.Rand, t float64) btyd.History {
	rate := distuv.Gamma{Alpha: w.params[0], Beta: w.params[1], Src: rng}.Rand()
	end, stop := t, 0.
	switch w.name {
	case btyd.NBD:
	case btyd.ParetoNBD:
		end = math.Min(t, rng.ExpFloat64()/distuv.Gamma{Alpha: w.params[2], Beta: w.params[3], Src: rng}.Rand())
	default:
		stop = distuv.Beta{Alpha: w.params[2], Beta: w.params[3], Src: rng}.Rand()
	}
	h := btyd.History{T: t}
	if (w.name == btyd.MBGNBD || w.name == btyd.MBGCNBD) && rng.Float64() < stop {
		return h
	}
	for at := 0.; ; {
		gap := 0.
		for range w.k {
			gap += rng.ExpFloat64() / rate
		}
		if at += gap; at > end || gap == 0 {
			return h
		}
		h.X++
		h.TX = at
		h.LogGaps += math.Log(gap)
		if rng.Float64() < stop {
			return h
		}
	}
}

// customers draws n of them, first seen at any time of a year and a half, at least half a year ago. Times are rounded
// to a multiple of unit weeks unless that is 0.
func (w simulated) customers(seed uint64, n int) []btyd.Cell {
	rng := rand.New(rand.NewPCG(seed, 2005))
	cells := make([]btyd.Cell, n)
	for i := range cells {
		cells[i] = btyd.Cell{History: w.draw(rng, 26+52*rng.Float64()), N: 1}
	}
	return cells
}

// Over many simulated shops, 95 % intervals hold the true parameters at about that rate, and estimates are off by
// nothing on average.
func TestParametersAreRecoveredAtTheNominalRate(t *testing.T) {
	for _, w := range worlds {
		if !known(w.name) {
			continue
		}
		seeds, n := 100, 1500
		if w.name == btyd.ParetoNBD || w.k > 1 {
			seeds, n = 50, 1200
		}
		if longRun() {
			seeds *= 10
		}
		hits, z, usable := w.recover(t, seeds, n)
		if usable < .97*float64(seeds) {
			t.Errorf("%s: only %v of %d fits converge", w.name, usable, seeds)
		}
		all := 0.
		for i, name := range w.names(t) {
			share, off := hits[i]/usable, z[i]/usable
			all += share / float64(len(hits))
			t.Logf("%s: %s covered %.1f %% of %v times, mean z %+.2f", w.name, name, 100*share, usable, off)
			// Three standard errors of a share, and of a mean of z with room for the curvature of the likelihood.
			if math.Abs(share-.95) > 3*math.Sqrt(.95*.05/usable) || math.Abs(off) > .1+3/math.Sqrt(usable) {
				t.Errorf("%s: %s is in its interval %.1f %% of %v times, mean z %+.2f", w.name, name, 100*share, usable, off)
			}
		}
		if all < .90 || all > .98 {
			t.Errorf("%s: %.1f %% of the intervals hold the truth", w.name, 100*all)
		}
	}
}

func (w simulated) names(t *testing.T) []string {
	t.Helper()
	p, err := btyd.Problem(w.name, w.k, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p.Names
}

// recover fits the model to shops of n customers, and counts by parameter the intervals that hold the truth.
func (w simulated) recover(t *testing.T, seeds, n int) (hits, z []float64, usable float64) {
	t.Helper()
	results := make([]estimate.Result, seeds)
	var group sync.WaitGroup
	for worker := range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for seed := worker; seed < seeds; seed += runtime.GOMAXPROCS(0) {
				p, err := btyd.Problem(w.name, w.k, w.customers(uint64(seed), n))
				if err == nil {
					p.Starts = p.Starts[:2] // that more agree is tested on published data
					results[seed] = estimate.Fit(p)
				}
			}
		})
	}
	group.Wait()
	hits, z = make([]float64, len(w.params)), make([]float64, len(w.params))
	for seed, r := range results {
		if r.Status != estimate.Converged || r.Covariance == nil {
			t.Logf("%s, seed %d: %s, %v", w.name, seed, r.Status, r.Params)
			continue
		}
		usable++
		for i, truth := range w.params {
			if r.Low[i] <= truth && truth <= r.High[i] {
				hits[i]++
			}
			z[i] += (r.Theta[i] - math.Log(truth)) / math.Sqrt(r.Covariance[i][i])
		}
	}
	return hits, z, usable
}

// The Erlang shape is found by the grid.
func TestTheShapeOfRegularBuyersIsRecovered(t *testing.T) {
	for _, w := range worlds {
		if w.k == 1 || !known(w.name) {
			continue
		}
		f := btyd.Fit(w.name, w.customers(1, 4000))
		if f.K != w.k || !f.Usable() || f.Agree != f.Starts {
			t.Errorf("%s: k = %d, want %d; %s, %d of %d agree", w.name, f.K, w.k, f.Status, f.Agree, f.Starts)
		}
		for i, truth := range w.params {
			if math.Abs(f.Theta[i]-math.Log(truth)) > 4*math.Sqrt(f.Covariance[i][i]) {
				t.Errorf("%s: %s is %g ± %g, want %g", w.name, f.Names[i], f.Params[i], f.SE[i], truth)
			}
		}
	}
}

// A fit to many cells looks for the maximum on merged ones; what it returns is the maximum for the cells themselves.
func TestAFitToManyCellsIsThatOfTheCellsThemselves(t *testing.T) {
	for _, w := range worlds {
		if !known(w.name) || w.k > 1 {
			continue
		}
		n := 30_000
		if w.name == btyd.ParetoNBD {
			n = 9_000
		}
		cells := w.customers(3, n)
		p, err := btyd.Problem(w.name, w.k, cells)
		if err != nil {
			t.Fatal(err)
		}
		p.Starts = p.Starts[:2]
		direct, quick := estimate.Fit(p), btyd.Fit(w.name, cells)
		within(t, w.name, "log-likelihood", quick.LogLikelihood, direct.LogLikelihood, 1e-6)
		for i, v := range direct.Params {
			within(t, w.name, direct.Names[i], quick.Params[i], v, 1e-4*direct.SE[i])
			within(t, w.name, "SE of "+direct.Names[i], quick.SE[i], direct.SE[i], 1e-4*direct.SE[i])
		}
	}
}

// Customers who never stop have no drop-out to detect; customers who all buy at the same rate have no spread.
func TestWhatCannotBeDetectedIsABoundary(t *testing.T) {
	cells := simulated{btyd.NBD, 1, []float64{1.5, 6}}.customers(5, 4000)
	for _, name := range []btyd.Name{btyd.BGNBD, btyd.MBGNBD, btyd.ParetoNBD} {
		if !known(name) {
			continue
		}
		f, base := btyd.Fit(name, cells), btyd.Fit(btyd.NBD, cells)
		if f.Status != estimate.AtBoundary || f.Model == nil {
			t.Errorf("%s: %s, %v", name, f.Status, f.Params)
			continue
		}
		t.Logf("%s: boundary %v, %v, SE %v, LL %+.4f over the NBD", name, f.Boundary, f.Params, f.SE, f.LogLikelihood-base.LogLikelihood)
		within(t, name, "r", f.Params[0], base.Params[0], .1*base.SE[0])
		within(t, name, "SE of r", f.SE[0], base.SE[0], .05*base.SE[0])
	}
}

// Intervals of the expected purchases of a new customer by the bootstrap hold the true value at about their rate.
func TestBootstrapIntervalsCover(t *testing.T) {
	seeds, draws := 60, 40
	if longRun() {
		seeds, draws = 400, 200
	}
	w := worlds[1]
	truth := w.expected(t)
	hits := 0.
	for seed := range seeds {
		cells, _ := btyd.Merge(w.customers(uint64(1000+seed), 1500), 600)
		if low, high := bootstrap(w.name, cells, draws); low <= truth && truth <= high {
			hits++
		}
	}
	share := hits / float64(seeds)
	t.Logf("covered %.1f %% of %d times", 100*share, seeds)
	if share < .9 || share > .985 {
		t.Errorf("covered %.1f %% of %d times", 100*share, seeds)
	}
}

func (w simulated) expected(t *testing.T) float64 {
	t.Helper()
	m, err := btyd.New(w.name, w.k, w.params)
	if err != nil {
		t.Fatal(err)
	}
	return expected(m, btyd.History{}, 0, 52)
}

// bootstrap is the 95 % interval of the expected purchases of a new customer in a year: the estimate ± 1.96 standard
// deviations of the logarithm over the draws, as few draws have no exact quantiles.
func bootstrap(name btyd.Name, cells []btyd.Cell, draws int) (low, high float64) {
	f := btyd.Fit(name, cells)
	counts := make([]float64, len(cells))
	for i, c := range cells {
		counts[i] = c.N
	}
	var sum, squares float64
	again := append([]btyd.Cell(nil), cells...)
	for draw := range draws {
		for i, n := range estimate.Resample(rand.New(rand.NewPCG(1, uint64(draw))), counts) {
			again[i].N = n
		}
		v := math.Log(expected(btyd.Refit(f, again).Model, btyd.History{}, 0, 52))
		sum += v
		squares += v * v
	}
	n := float64(draws)
	sd := math.Sqrt((squares - sum*sum/n) / (n - 1))
	center := expected(f.Model, btyd.History{}, 0, 52)
	return center * math.Exp(-1.96*sd), center * math.Exp(1.96*sd)
}

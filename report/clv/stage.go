package clv

import (
	"slices"

	"gonum.org/v1/gonum/mathext"

	"parcours/report/clv/btyd"
	"parcours/report/clv/estimate"
	"parcours/report/dataset"
)

// least numbers of customers who bought again: below leastRepeaters nothing is fitted, below customRepeaters readers are
// warned (Hardie's rule of thumb).
const (
	leastRepeaters  = 10
	customRepeaters = 100
)

// shownX is the last count with a bar of its own in histograms: 0 to 6, then 7 or more, as in the literature.
const shownX = 6

// fitted are the models in the order of the ladder.
var fitted = []btyd.Name{btyd.BGNBD, btyd.MBGNBD, btyd.ParetoNBD, btyd.BGCNBD, btyd.MBGCNBD, btyd.NBD}

// tried are the models to fit: the Erlang ones only where enough customers tell how regularly they buy, or when they are
// asked for.
func tried(s *Stage, asked string) []btyd.Name {
	var names []btyd.Name
	for _, n := range fitted {
		if !erlang(n) || s.Repeaters >= customRepeaters || string(n) == asked {
			names = append(names, n)
		}
	}
	return names
}

// newStage counts the customers of a stage; fit fits it.
func newStage(end dataset.Day, h histories) *Stage {
	s := &Stage{End: end, Cells: len(h.cells)}
	for _, t := range h.sums {
		s.Customers += t.n
		s.Purchases += t.n * int64(t.X)
		if t.X > 0 {
			s.Repeaters += t.n
		}
	}
	return s
}

// fit fits the models, each on its own so that the order in which they end does not matter. Erlang models of shape 1 are left
// out: they are the plain ones.
func (s *Stage) fit(cells []btyd.Cell, names []btyd.Name) {
	fits, kept := make([]btyd.Fitted, len(names)), make([]bool, len(names))
	parallel(len(names), func(i int) { fits[i], kept[i] = fitModel(names[i], cells) })
	bars := observedBars(cells)
	for i, f := range fits {
		if kept[i] {
			s.Models = append(s.Models, Fit{Fitted: f, Histogram: slices.Clone(bars)})
		}
	}
	for i := range s.Models {
		s.Models[i].judge(s, cells)
	}
}

// regularCells is the number of merged cells on which regularity is looked for.
const regularCells = 400

// fitModel fits a model; false for an Erlang model of shape 1, which is a plain one. Those are fitted at every shape k, all
// the cells of them, only when a few cells say that purchases come more regularly than at random.
func fitModel(name btyd.Name, cells []btyd.Cell) (btyd.Fitted, bool) {
	if !erlang(name) {
		return btyd.Fit(name, cells), true
	}
	if !regular(name, cells) {
		return btyd.Fitted{}, false
	}
	f := btyd.Fit(name, cells)
	return f, f.K > 1
}

// regular reports whether gaps of shape 2 are likelier than those of shape 1.
func regular(name btyd.Name, cells []btyd.Cell) bool {
	merged, _ := btyd.Merge(cells, regularCells)
	var fits [2]estimate.Result
	for i := range fits {
		p, err := btyd.Problem(name, i+1, merged)
		if err != nil {
			return false
		}
		p.Starts = p.Starts[:min(2, len(p.Starts))]
		fits[i] = estimate.Fit(p)
	}
	return fits[1].LogLikelihood > fits[0].LogLikelihood
}

// judge adds the goodness of fit of a usable model.
func (f *Fit) judge(s *Stage, cells []btyd.Cell) {
	if nbd, ok := s.model(btyd.NBD); ok && f.Usable() && nbd.Usable() {
		f.DeltaNBD = f.LogLikelihood - nbd.LogLikelihood
	}
	if f.Model == nil {
		return
	}
	expectedBars(f.Histogram, f.Model, cells)
	f.ChiSquare = chiSquare(f.Histogram, len(f.Params))
}

// model returns the fit of a model.
func (s *Stage) model(name btyd.Name) (Fit, bool) {
	for _, f := range s.Models {
		if f.Name == name {
			return f, true
		}
	}
	return Fit{}, false
}

// usable returns the fit of a model that predictions can be made from.
func (s *Stage) usable(name btyd.Name) (Fit, bool) {
	if s == nil {
		return Fit{}, false
	}
	f, ok := s.model(name)
	return f, ok && f.Model != nil && f.Usable()
}

func newBars() []HistogramBar {
	bars := make([]HistogramBar, shownX+2)
	for x := range bars {
		bars[x] = HistogramBar{X: int32(x), More: x > shownX}
	}
	return bars
}

func observedBars(cells []btyd.Cell) []HistogramBar {
	bars := newBars()
	for _, c := range cells {
		bars[min(c.X, shownX+1)].Observed += int64(c.N)
	}
	return bars
}

// expectedBars adds the number of customers expected at every count, each seen for its own time: Σ N P(X(T) = x).
func expectedBars(bars []HistogramBar, m btyd.Model, cells []btyd.Cell) {
	ages := map[float64]float64{}
	for _, c := range cells {
		ages[c.T] += c.N
	}
	times := make([]float64, 0, len(ages))
	for t := range ages {
		times = append(times, t)
	}
	slices.Sort(times)
	last := len(bars) - 1
	for _, t := range times {
		rest := 1.
		for x := range last {
			p := m.Mass(x, t)
			bars[x].Expected += ages[t] * p
			rest -= p
		}
		bars[last].Expected += ages[t] * max(rest, 0)
	}
}

// leastExpected is the smallest expected count of a bar of Pearson's test.
const leastExpected = 5

// chiSquare tests bars after params parameters were fitted to them. Bars are pooled from the tail until each expects
// enough; what is left over joins the last one.
func chiSquare(bars []HistogramBar, params int) ChiSquare {
	var c ChiSquare
	var n, observed, expected, lastObserved, lastExpected float64
	for _, b := range bars {
		n += float64(b.Observed)
	}
	if n == 0 {
		return c
	}
	bins := 0
	for _, b := range slices.Backward(bars) {
		c.Largest = max(c.Largest, abs(float64(b.Observed)-b.Expected)/n)
		observed += float64(b.Observed)
		expected += b.Expected
		if expected < leastExpected {
			continue
		}
		c.Statistic += square(observed-expected) / expected
		lastObserved, lastExpected = observed, expected
		observed, expected = 0, 0
		bins++
	}
	if bins > 0 && (observed > 0 || expected > 0) {
		c.Statistic -= square(lastObserved-lastExpected) / lastExpected
		lastObserved, lastExpected = lastObserved+observed, lastExpected+expected
		c.Statistic += square(lastObserved-lastExpected) / lastExpected
	}
	if c.DF = bins - params - 1; c.DF < 1 {
		return ChiSquare{Largest: c.Largest}
	}
	c.Known, c.P = true, mathext.GammaIncRegComp(float64(c.DF)/2, c.Statistic/2)
	return c
}

func square(v float64) float64 { return v * v }

func abs(v float64) float64 { return max(v, -v) }

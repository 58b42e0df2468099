package clv

import (
	"math"
	"math/rand/v2"
	"slices"

	"parcours/report/clv/btyd"
	"parcours/report/clv/estimate"
	"parcours/report/clv/spending"
)

const (
	// seed makes the draws of two reports on the same data the same.
	seed = 0x70617263_6f757273
	// mostSampled is the number of cells that are resampled and fitted; finer histories are merged. On real shops the widths
	// of intervals do not differ from 320 cells to 4,096 by more than two sets of draws do.
	mostSampled = 1024
	// mostCells is the number of cells that a draw forecasts; finer histories are merged.
	mostCells = 320
	// drawPrecision is that of interpolation in draws, which have the error of the point that they are compared with.
	drawPrecision = 1e-3
	// leastDraws is the share of draws that must be usable for intervals to be shown.
	leastDraws = .5
	// The bounds of 95 % intervals.
	lowest025, highest975 = .025, .975
)

// intervals are figures with their bounds.
type intervals struct {
	value, low, high []float64
	variance         []float64 // of the draws; nil without
	about            Bootstrap
}

// figures are those of a model without bounds.
func exact(value []float64) intervals { return intervals{value: value, low: value, high: value} }

// bootstrap draws the intervals of a forecast.
//
// A draw resamples the customers, fits the chosen model and the spend model to them, and forecasts the customers that there
// are. Cells are resampled by the multinomial law, which is the same as resampling customers. The bins of the spend
// table have no TX and T; they are resampled within each X and weighted with the drawn number of customers with that X,
// so that a draw with more loyal customers has more of their purchases as well. The table is then as variable as if it
// had been resampled with the cells, except that dates and values are drawn independently given X, as the models take
// them to be. Where there are many cells, those that are forecast are merged, both for the draws and for the point they
// are compared with: a figure's draws are its value on all cells × drawn ÷ point on merged cells.
type bootstrap struct {
	sample   []btyd.Cell // that are resampled, by X
	merged   *ledger     // that is forecast
	fit      btyd.Fitted
	spend    *spendDraws
	horizons horizons
	prices   prices
}

// spendDraws is what is resampled of the spend model.
type spendDraws struct {
	fit    estimate.Result
	bins   []spending.Bin
	digits int
	from   map[int][]int // bins of each X
}

func newSpendDraws(s *SpendFit, all []spending.Bin, digits int) *spendDraws {
	if s == nil {
		return nil
	}
	d := &spendDraws{fit: s.Result, bins: all, digits: digits, from: map[int][]int{}}
	for i, b := range all {
		d.from[b.X] = append(d.from[b.X], i)
	}
	return d
}

// run makes the draws.
func (b bootstrap) run(value []float64, draws int) intervals {
	out := exact(value)
	out.about = Bootstrap{Draws: draws, Cells: len(b.sample)}
	start := btyd.Refit(b.fit, b.sample)
	if start.Model == nil {
		out.about.Failed = draws
		return out
	}
	start.Covariance = b.fit.Covariance
	point := b.merged.evaluate(start, b.prices, b.horizons, nil)
	all := make([][]float64, draws)
	parallel(draws, func(i int) { all[i] = b.draw(start, uint64(i)) })
	usable := slices.DeleteFunc(all, func(d []float64) bool { return d == nil })
	out.about.Failed = draws - len(usable)
	if float64(len(usable)) < leastDraws*float64(draws) || len(usable) < 2 {
		return out
	}
	out.about.Known = true
	out.bound(usable, point)
	return out
}

// draw makes one draw from a stream of its own; nil when a model cannot be fitted to it.
func (b bootstrap) draw(start btyd.Fitted, i uint64) []float64 {
	rng := rand.New(rand.NewPCG(seed, i))
	counts := make([]float64, len(b.sample))
	for k, c := range b.sample {
		counts[k] = c.N
	}
	counts = estimate.Resample(rng, counts)
	cells := make([]btyd.Cell, 0, len(counts))
	var byX []drawnX
	for k, c := range b.sample { // by X
		if n := len(byX); n == 0 || byX[n-1].x != c.X {
			byX = append(byX, drawnX{x: c.X})
		}
		last := &byX[len(byX)-1]
		last.known += c.N
		last.drawn += counts[k]
		if c.N = counts[k]; c.N > 0 {
			cells = append(cells, c)
		}
	}
	f := btyd.Refit(start, cells)
	if f.Model == nil {
		return nil
	}
	prices, ok := b.spend.draw(rng, b.prices, byX)
	if !ok {
		return nil
	}
	sum := b.merged.evaluate(f, prices, b.horizons, nil)
	if !finite(sum) {
		return nil
	}
	return sum
}

// drawnX is the number of customers with an X that there are, and that were drawn.
type drawnX struct {
	x            int
	known, drawn float64
}

func finite(all []float64) bool {
	for _, v := range all {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// draw resamples the spend table to the drawn customers byX and fits the model again.
func (d *spendDraws) draw(rng *rand.Rand, point prices, byX []drawnX) (prices, bool) {
	if d == nil {
		return point, true
	}
	drawn := d.resample(rng, byX)
	if point.classes != nil {
		return point.means(drawn, byX, d.digits), true
	}
	r := estimate.Refit(spending.Problem(drawn), d.fit)
	if !finiteSpend(r) {
		return prices{}, false
	}
	point.setParams(r.Params, d.digits)
	return point, true
}

// resample draws bins within each X, with a last one for customers whose purchases are worth nothing.
func (d *spendDraws) resample(rng *rand.Rand, byX []drawnX) []spending.Bin {
	drawn := make([]spending.Bin, 0, len(d.bins))
	for _, x := range byX {
		places := d.from[x.x]
		if len(places) == 0 || x.drawn == 0 {
			continue
		}
		spenders := 0.
		counts := make([]float64, len(places)+1)
		for k, i := range places {
			counts[k] = d.bins[i].N
			spenders += counts[k]
		}
		counts[len(places)] = max(x.known-spenders, 0)
		for k, n := range estimate.Resample(rng, counts)[:len(places)] {
			b := d.bins[places[k]]
			if w := n * x.drawn / x.known / b.N; w > 0 {
				drawn = append(drawn, spending.Bin{X: b.X, N: w * b.N, Sum: w * b.Sum, SumSquares: w * b.SumSquares, LogSum: w * b.LogSum})
			}
		}
	}
	return drawn
}

// means are the mean values by frequency of drawn bins, in the same classes; one that was not drawn keeps its mean.
func (v prices) means(drawn []spending.Bin, byX []drawnX, digits int) prices {
	unit := math.Pow10(digits)
	out := v
	out.classes = slices.Clone(v.classes)
	spend, purchases := make([]float64, len(v.classes)), make([]float64, len(v.classes))
	for _, b := range drawn {
		spend[v.class(b.X)] += b.Sum * unit
	}
	for _, x := range byX {
		if x.x > 0 {
			purchases[v.class(x.x)] += x.drawn * float64(x.x)
		}
	}
	for i := range out.classes {
		if purchases[i] > 0 {
			out.classes[i].Mean = spend[i] / purchases[i]
		}
	}
	return out
}

// bound fills in the bounds of all figures: percentiles of the draws, widened to hold the value itself.
func (v *intervals) bound(draws [][]float64, point []float64) {
	v.low, v.high, v.variance = make([]float64, len(point)), make([]float64, len(point)), make([]float64, len(point))
	parallel(chunks(len(point)), func(n int) {
		one := make([]float64, len(draws))
		for i := n * chunk; i < min((n+1)*chunk, len(point)); i++ {
			for k, d := range draws {
				one[k] = d[i]
				if point[i] > 0 {
					one[k] *= v.value[i] / point[i]
				}
			}
			v.variance[i] = variance(one)
			slices.Sort(one)
			v.low[i] = min(percentile(one, lowest025), v.value[i])
			v.high[i] = max(percentile(one, highest975), v.value[i])
		}
	})
}

func variance(all []float64) float64 {
	var mean, sum float64
	for _, v := range all {
		mean += v / float64(len(all))
	}
	for _, v := range all {
		sum += square(v - mean)
	}
	return sum / float64(len(all)-1)
}

// percentile interpolates between the order statistics (type 7).
func percentile(sorted []float64, p float64) float64 {
	at := p * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

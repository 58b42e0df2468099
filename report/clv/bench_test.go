package clv

import (
	"math"
	"math/rand/v2"
	"testing"

	"parcours/report/dataset"
)

// BenchmarkPredictSample predicts the CDNOW sample: two stages of about a thousand cells, 200 draws.
func BenchmarkPredictSample(b *testing.B) {
	a := cdnowSample(b).aggregates()
	for b.Loop() {
		predict(a, dataset.Calendar{}, plainReport(), Options{})
	}
}

// BenchmarkPredictManyCells predicts a shop with as many cells at the end of observation as a report ever has: all
// models, 200 draws.
func BenchmarkPredictManyCells(b *testing.B) {
	a := manyCells(dataset.MaxCells)
	b.ResetTimer()
	for b.Loop() {
		if p := predict(a, dataset.Calendar{}, plainReport(), Options{}); p.Forecast == nil {
			b.Fatal(p.Ladder)
		}
	}
}

// manyCells draws different histories from one law until there are enough, of one to five customers each.
func manyCells(n int) *dataset.Aggregates {
	const end, days = 21500, 1500
	l := usualLaw()
	l.params = []float64{1.2, 3, .6, 3}
	rng := rand.New(rand.NewPCG(9, 9))
	a := &dataset.Aggregates{Manifest: dataset.Manifest{
		AsOf: end, First: end - days, Grain: dataset.Month, Digits: 2, Calibration: dataset.NoCalibration, Resolution: 1,
	}}
	seen := map[key]bool{}
	for len(a.Cells) < n {
		age := 1 + rng.Int32N(days)
		var k key
		gaps := 0.
		for _, w := range l.life(rng, float64(age)/7) {
			if d := min(int32(w*7)+1, age); d > k.TX {
				gaps += math.Log(float64(d - k.TX))
				k.X, k.TX = k.X+1, d
			}
		}
		if k.T = age; seen[k] {
			continue
		}
		seen[k] = true
		customers := 1 + rng.Int64N(5)
		r := dataset.CellRow{
			Cohort: dataset.Calendar{}.PeriodOf(dataset.Month, end-age), R: int8(1 + rng.IntN(5)), F: int8(min(5, k.X+1)),
			X: k.X, TX: k.TX, T: k.T, Customers: customers, SumTX: int64(k.TX) * customers, SumT: int64(age) * customers,
			FirstSpend: 3000 * customers, Spend: 3000 * customers * int64(k.X), Net: 3000 * customers * int64(k.X+1),
			LogGaps: customers * int64(1e9*gaps),
		}
		if k.X > 0 {
			r.Spenders = customers
		}
		a.Cells = append(a.Cells, r)
	}
	return a
}

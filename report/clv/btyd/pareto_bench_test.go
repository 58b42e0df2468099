package btyd_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"parcours/report/clv/btyd"
)

// BenchmarkParetoEvaluation is one likelihood with its gradient, of cells whose times are days and so repeat, and of cells
// whose times are means and do not; at the estimates of CDNOW, and where α is far from β.
func BenchmarkParetoEvaluation(b *testing.B) {
	for _, days := range []bool{true, false} {
		cells := benchmarkCells(400_000, days)
		p, err := btyd.Problem(btyd.ParetoNBD, 1, cells)
		if err != nil {
			b.Fatal(err)
		}
		for name, theta := range map[string][]float64{"cdnow": {-.59, 2.36, -.5, 2.46}, "far": {1, 6, -.5, 2}} {
			b.Run(fmt.Sprintf("days=%v/%s", days, name), func(b *testing.B) {
				grad := make([]float64, 4)
				for b.Loop() {
					p.Mean(theta, grad)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(cells)), "ns/cell")
			})
		}
	}
}

func benchmarkCells(n int, days bool) []btyd.Cell {
	rng := rand.New(rand.NewPCG(4, 5))
	cells := make([]btyd.Cell, n)
	for i := range cells {
		end := float64(1 + rng.IntN(1500))
		x := int(3 * rng.ExpFloat64())
		last := 0.
		if x > 0 {
			last = 1 + math.Floor((end-1)*math.Sqrt(rng.Float64()))
		}
		if !days {
			end += rng.Float64()
			last *= 1 - 1e-3*rng.Float64()
		}
		cells[i] = btyd.Cell{History: history(x, last/7, end/7), N: 1}
	}
	return cells
}

func BenchmarkParetoProblem(b *testing.B) {
	cells := benchmarkCells(400_000, true)
	for b.Loop() {
		_, _ = btyd.Problem(btyd.ParetoNBD, 1, cells)
	}
}

// BenchmarkExpected is the forecast of one customer: a year, by months and discounted, and without an end.
func BenchmarkExpected(b *testing.B) {
	months := make([]float64, 12)
	for i := range months {
		months[i] = float64(i+1) * 52 / 12
	}
	out := make([]float64, len(months))
	for _, v := range variants {
		m, err := btyd.New(v.name, v.k, []float64{.6, 10 / float64(v.k), .7, 3}[:v.parameters()])
		if err != nil {
			b.Fatal(err)
		}
		for _, c := range []struct {
			name  string
			delta float64
			times []float64
		}{{"year", 0, months[11:]}, {"months", .0018, months}, {"endless", .0018, []float64{math.Inf(1)}}} {
			b.Run(fmt.Sprintf("%s-%d/%s", v.name, v.k, c.name), func(b *testing.B) {
				for b.Loop() {
					m.Expected(history(3, 20, 39), c.delta, c.times, out)
				}
			})
		}
	}
}

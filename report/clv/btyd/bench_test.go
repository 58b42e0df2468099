package btyd_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"

	"parcours/report/clv/btyd"
	"parcours/report/clv/estimate"
)

// distinctCells draws customers of a shop of many years, in days, until they fill that many different cells.
func (w simulated) distinctCells(n int, years float64) (cells []btyd.Cell, customers int) {
	type key struct {
		x       int
		tx, end int32
	}
	rng := rand.New(rand.NewPCG(7, 400))
	rows := make(map[key]int, n)
	for len(cells) < n {
		days := 1 + math.Floor(rng.Float64()*365*years)
		h := w.draw(rng, days/7)
		k := key{h.X, int32(math.Ceil(h.TX * 7)), int32(days)}
		customers++
		i, ok := rows[k]
		if !ok {
			i = len(cells)
			rows[k] = i
			cells = append(cells, btyd.Cell{History: btyd.History{X: h.X, TX: min(float64(k.tx)/7, h.T), T: h.T}})
		}
		c := &cells[i]
		c.LogGaps = (c.LogGaps*c.N + h.LogGaps) / (c.N + 1)
		c.N++
	}
	return cells, customers
}

// sizes are a typical shop and the largest table of cells there is, twice over.
var sizes = []int{20_000, 400_000}

// BenchmarkFit fits each model alone, from all of its starts to the standard errors.
func BenchmarkFit(b *testing.B) {
	for _, n := range sizes {
		cells, customers := worlds[2].distinctCells(n, 5)
		for _, name := range []btyd.Name{btyd.NBD, btyd.BGNBD, btyd.MBGNBD, btyd.ParetoNBD, btyd.BGCNBD, btyd.MBGCNBD} {
			if !known(name) {
				continue
			}
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				var f btyd.Fitted
				for b.Loop() {
					f = btyd.Fit(name, cells)
				}
				b.ReportMetric(float64(f.Evaluations), "evaluations")
				b.ReportMetric(float64(customers), "customers")
			})
		}
	}
}

// BenchmarkEvaluation is one likelihood with its gradient at the maximum.
func BenchmarkEvaluation(b *testing.B) {
	cells, _ := worlds[2].distinctCells(400_000, 5)
	for _, name := range []btyd.Name{btyd.NBD, btyd.BGNBD, btyd.MBGNBD, btyd.ParetoNBD, btyd.BGCNBD, btyd.MBGCNBD} {
		if !known(name) {
			continue
		}
		f := btyd.Fit(name, cells)
		p, err := btyd.Problem(name, f.K, cells)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(string(name), func(b *testing.B) {
			grad := make([]float64, len(f.Theta))
			for b.Loop() {
				p.Mean(f.Theta, grad)
			}
		})
	}
}

// bootstrapRows is the number of rows on which bootstrap draws are fitted.
const bootstrapRows = 20_000

// BenchmarkBootstrap draws and refits 200 times, in parallel.
func BenchmarkBootstrap(b *testing.B) {
	for _, n := range sizes {
		cells, _ := worlds[2].distinctCells(n, 5)
		for _, name := range []btyd.Name{btyd.MBGNBD, btyd.BGNBD, btyd.ParetoNBD} {
			if !known(name) {
				continue
			}
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				rows, _ := btyd.Merge(cells, bootstrapRows)
				f := btyd.Fit(name, rows)
				for b.Loop() {
					refits(f, rows, 200)
				}
			})
		}
	}
}

func refits(f btyd.Fitted, cells []btyd.Cell, draws int) []btyd.Fitted {
	counts := make([]float64, len(cells))
	for i, c := range cells {
		counts[i] = c.N
	}
	out := make([]btyd.Fitted, draws)
	var group sync.WaitGroup
	for worker := range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			again := append([]btyd.Cell(nil), cells...)
			for draw := worker; draw < draws; draw += runtime.GOMAXPROCS(0) {
				for i, n := range estimate.Resample(rand.New(rand.NewPCG(1, uint64(draw))), counts) {
					again[i].N = n
				}
				out[draw] = btyd.Refit(f, again)
			}
		})
	}
	group.Wait()
	return out
}

// BenchmarkAll is the bar: every model from 400,000 cells, then 200 draws of the chosen one.
func BenchmarkAll(b *testing.B) {
	cells, _ := worlds[2].distinctCells(400_000, 5)
	for b.Loop() {
		best := btyd.Fitted{}
		best.BIC = math.Inf(1)
		for _, name := range []btyd.Name{btyd.NBD, btyd.BGNBD, btyd.MBGNBD, btyd.ParetoNBD, btyd.BGCNBD, btyd.MBGCNBD} {
			if !known(name) {
				continue
			}
			if f := btyd.Fit(name, cells); f.Usable() && f.BIC < best.BIC {
				best = f
			}
		}
		rows, _ := btyd.Merge(cells, bootstrapRows)
		refits(best, rows, 200)
	}
}

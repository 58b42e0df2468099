package btyd

import (
	"math"
	"math/rand/v2"
	"testing"
)

// benchmarkCells are cells of customers of five years whose days are all told apart.
func benchmarkCells(n int) []Cell {
	rng := rand.New(rand.NewPCG(1, 1))
	cells := make([]Cell, n)
	for i := range cells {
		end := float64(1+rng.IntN(1826)) / 7
		c := Cell{History: History{T: end}, N: 1}
		if i%4 != 0 {
			c.X = 1 + int(rng.ExpFloat64()*6)
			c.TX = math.Round(7*end*math.Sqrt(rng.Float64())) / 7
		}
		cells[i] = c
	}
	return cells
}

func benchmarkMean(b *testing.B, p func(int, []Cell) (mean func(theta, grad []float64) float64)) {
	mean := p(1, benchmarkCells(400_000))
	grad := make([]float64, 4)
	b.ResetTimer()
	for b.Loop() {
		mean([]float64{-1, 2, 0, 1}, grad)
	}
}

// BenchmarkBGLikelihood400k is one evaluation with its gradient.
func BenchmarkBGLikelihood400k(b *testing.B) {
	benchmarkMean(b, func(k int, cells []Cell) func(theta, grad []float64) float64 { return bgnbdProblem(k, cells).Mean })
}

func BenchmarkMBGLikelihood400k(b *testing.B) {
	benchmarkMean(b, func(k int, cells []Cell) func(theta, grad []float64) float64 { return mbgnbdProblem(k, cells).Mean })
}

// BenchmarkBGProblem400k gathers the tables of an evaluation.
func BenchmarkBGProblem400k(b *testing.B) {
	cells := benchmarkCells(400_000)
	b.ResetTimer()
	for b.Loop() {
		bgnbdProblem(1, cells)
	}
}

// BenchmarkBGExpected is the forecast of one customer for each of forty months.
func BenchmarkBGExpected(b *testing.B) {
	usual, alike := []float64{.2425945, 4.413603, .7929222, 2.425909}, []float64{.2425945, 4.413603, 7.9e5, 2.4e6}
	for _, c := range []struct {
		name    string
		params  []float64
		history History
		delta   float64
		endless bool
	}{
		{"New", usual, History{}, 0, false},
		{"NewDiscounted", usual, History{}, .002, false},
		{"NewEndless", usual, History{}, .002, true},
		{"Usual", usual, History{X: 2, TX: 30, T: 38}, 0, false},
		{"UsualDiscounted", usual, History{X: 2, TX: 30, T: 38}, .002, false},
		{"UsualEndless", usual, History{X: 2, TX: 30, T: 38}, .002, true},
		{"Heavy", usual, History{X: 200, TX: 70, T: 80}, .002, false},
		{"HeavyEndless", usual, History{X: 200, TX: 70, T: 80}, .002, true},
		{"HugeEndless", usual, History{X: 2000, TX: 70, T: 80}, .002, true},
		{"AlikeDiscounted", alike, History{X: 2, TX: 30, T: 38}, .002, false},
	} {
		b.Run(c.name, func(b *testing.B) {
			m := newBGNBD(1, c.params)
			times, out := make([]float64, 40), make([]float64, 40)
			for i := range times {
				times[i] = float64(i+1) * 365.25 / 7 / 12
			}
			if c.endless {
				times[39] = math.Inf(1)
			}
			for b.Loop() {
				m.Expected(c.history, c.delta, times, out)
			}
		})
	}
}

package btyd_test

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"parcours/report/clv/btyd"
)

var betaGeometrics = []btyd.Name{btyd.BGNBD, btyd.MBGNBD}

// mixedCells are cells of light and heavy customers, with repeated and with unique times.
func mixedCells(rng *rand.Rand, n int) []btyd.Cell {
	cells := make([]btyd.Cell, n)
	for i := range cells {
		end := float64(1+rng.IntN(700)) / 7
		if i%3 == 0 {
			end = rng.Float64() * 1400
		}
		c := btyd.Cell{History: btyd.History{T: end}, N: float64(1 + rng.IntN(5))}
		if i%2 == 0 {
			c.X = 1 + int(math.Exp(rng.Float64()*6))
			c.TX = end * math.Sqrt(rng.Float64())
		}
		cells[i] = c
	}
	return cells
}

func TestBetaGeometricMeanIsThatOfTheCustomers(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	cells := mixedCells(rng, 9000)
	for _, name := range betaGeometrics {
		p, err := btyd.Problem(name, 1, cells)
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			theta, params := make([]float64, 4), make([]float64, 4)
			for i := range theta {
				theta[i] = rng.NormFloat64() * 3
				params[i] = math.Exp(theta[i])
			}
			m := newModel(t, name, params)
			var sum, weight float64
			for _, c := range cells {
				sum += c.N * m.LogLikelihood(c.History)
				weight += c.N
			}
			got := p.Mean(theta, nil)
			within(t, name, "mean", got, -sum/weight, 1e-11*math.Abs(got))
		}
	}
}

func TestBetaGeometricGradientIsThatOfDifferences(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	cells := mixedCells(rng, 500)
	for _, name := range betaGeometrics {
		p, err := btyd.Problem(name, 1, cells)
		if err != nil {
			t.Fatal(err)
		}
		for range 200 {
			theta, grad := make([]float64, 4), make([]float64, 4)
			for i := range theta {
				theta[i] = rng.NormFloat64() * 3
			}
			value := p.Mean(theta, grad)
			for i := range theta {
				const step = 1e-4
				at := func(k float64) float64 {
					moved := slices.Clone(theta)
					moved[i] += k * step
					return p.Mean(moved, nil)
				}
				want := (8*(at(1)-at(-1)) - (at(2) - at(-2))) / (12 * step)
				within(t, name, "gradient", grad[i], want, 1e-9*(1+math.Abs(value)+math.Abs(want)))
			}
		}
	}
}

func TestBetaGeometricMeanIsFiniteWithinTheBounds(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	cells := mixedCells(rng, 100)
	for _, name := range betaGeometrics {
		p, err := btyd.Problem(name, 1, cells)
		if err != nil {
			t.Fatal(err)
		}
		theta, grad := make([]float64, 4), make([]float64, 4)
		for range 2000 {
			for i := range theta {
				theta[i] = []float64{-15, 15, 30*rng.Float64() - 15}[rng.IntN(3)]
			}
			value := p.Mean(theta, grad)
			for _, v := range append([]float64{value}, grad...) {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Fatalf("%s at %v: %g, gradient %v", name, theta, value, grad)
				}
			}
		}
	}
}

func TestBetaGeometricMeanHasTheSameBitsOnAnyNumberOfProcessors(t *testing.T) {
	cells := mixedCells(rand.New(rand.NewPCG(7, 8)), 30_000)
	theta := []float64{-1, 1, 0, 1}
	for _, name := range betaGeometrics {
		evaluate := func(processors int) []float64 {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
			p, err := btyd.Problem(name, 1, cells)
			if err != nil {
				t.Fatal(err)
			}
			grad := make([]float64, 4)
			return append(grad, p.Mean(theta, grad))
		}
		one := evaluate(1)
		for _, n := range []int{2, 3, 8} {
			if got := evaluate(n); !slices.Equal(got, one) {
				t.Errorf("%s: %v on %d processors, %v on one", name, got, n, one)
			}
		}
	}
}

func TestBetaGeometricProblemSkipsEmptyCells(t *testing.T) {
	cells := mixedCells(rand.New(rand.NewPCG(9, 10)), 50)
	theta := []float64{-1, 1, 0, 1}
	for _, name := range betaGeometrics {
		with, _ := btyd.Problem(name, 1, append(slices.Clone(cells), btyd.Cell{History: history(3, 1, 9)}))
		without, _ := btyd.Problem(name, 1, cells)
		if a, b := with.Mean(theta, nil), without.Mean(theta, nil); a != b || with.Weight != without.Weight {
			t.Errorf("%s: %g with an empty cell, %g without", name, a, b)
		}
	}
}

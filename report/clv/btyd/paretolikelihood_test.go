package btyd_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"parcours/report/clv/btyd"
)

// variant is a model with its Erlang shape.
type variant struct {
	name btyd.Name
	k    int
}

var variants = []variant{
	{btyd.ParetoNBD, 1},
	{btyd.NBD, 1},
	{btyd.BGCNBD, 1},
	{btyd.BGCNBD, 2},
	{btyd.BGCNBD, 5},
	{btyd.BGCNBD, 12},
	{btyd.MBGCNBD, 1},
	{btyd.MBGCNBD, 3},
	{btyd.MBGCNBD, 12},
}

func (v variant) String() string { return fmt.Sprintf("%s, k = %d", v.name, v.k) }

func (v variant) parameters() int {
	if v.name == btyd.NBD {
		return 2
	}
	return 4
}

func (v variant) model(t testing.TB, params []float64) btyd.Model {
	t.Helper()
	m, err := btyd.New(v.name, v.k, params[:v.parameters()])
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// randomTheta draws the logarithms of parameters, some at the bounds of the search when wide.
func randomTheta(rng *rand.Rand, n int, wide bool) []float64 {
	theta := make([]float64, n)
	for i := range theta {
		if theta[i] = rng.NormFloat64() * 3; wide {
			theta[i] = []float64{-15, 15, 30*rng.Float64() - 15, rng.NormFloat64(), 0}[rng.IntN(5)]
		}
	}
	if wide && n == 4 && rng.IntN(4) == 0 {
		theta[3] = theta[1] // α = β
	}
	return theta
}

func exponentials(theta []float64) []float64 {
	out := make([]float64, len(theta))
	for i, v := range theta {
		out[i] = math.Exp(v)
	}
	return out
}

// gapped gives cells logarithms of gaps that their times allow.
func gapped(cells []btyd.Cell) []btyd.Cell {
	out := slices.Clone(cells)
	for i, c := range out {
		if c.X > 0 {
			out[i].LogGaps = float64(c.X) * (math.Log(c.TX/float64(c.X)) - .1)
		}
	}
	return out
}

func TestMeansAreThoseOfTheCustomers(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 2))
	cells := gapped(mixedCells(rng, 6000))
	for _, v := range variants {
		p, err := btyd.Problem(v.name, v.k, cells)
		if err != nil {
			t.Fatal(err)
		}
		for range 12 {
			theta := randomTheta(rng, v.parameters(), false)
			m := v.model(t, exponentials(theta))
			var sum, weight float64
			for _, c := range cells {
				sum += c.N * m.LogLikelihood(c.History)
				weight += c.N
			}
			if got := p.Mean(theta, nil); !(math.Abs(got+sum/weight) <= 1e-10*math.Abs(got)) {
				t.Errorf("%s at %v: mean %.15g, by customers %.15g", v, theta, got, -sum/weight)
			}
		}
	}
}

func TestGradientsAreThoseOfDifferences(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 4))
	cells := gapped(mixedCells(rng, 200))
	for _, v := range variants {
		p, err := btyd.Problem(v.name, v.k, cells)
		if err != nil {
			t.Fatal(err)
		}
		for range 60 {
			theta, grad := randomTheta(rng, v.parameters(), false), make([]float64, v.parameters())
			value := p.Mean(theta, grad)
			for i := range theta {
				const step = 1e-4
				at := func(k float64) float64 {
					moved := slices.Clone(theta)
					moved[i] += k * step
					return p.Mean(moved, nil)
				}
				want := (8*(at(1)-at(-1)) - (at(2) - at(-2))) / (12 * step)
				if !(math.Abs(grad[i]-want) <= 1e-9*float64(v.k*v.k)*(1+math.Abs(value)+math.Abs(want))) {
					t.Errorf("%s at %v: derivative %d is %.12g, by differences %.12g", v, theta, i, grad[i], want)
				}
			}
		}
	}
}

func TestMeansAreFiniteWithinTheBounds(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 6))
	cells := gapped(mixedCells(rng, 60))
	for _, v := range variants {
		p, err := btyd.Problem(v.name, v.k, cells)
		if err != nil {
			t.Fatal(err)
		}
		for range 500 {
			theta, grad := randomTheta(rng, v.parameters(), true), make([]float64, v.parameters())
			value := p.Mean(theta, grad)
			for _, got := range append([]float64{value}, grad...) {
				if math.IsNaN(got) || math.IsInf(got, 0) {
					t.Fatalf("%s at %v: %g, gradient %v", v, theta, value, grad)
				}
			}
		}
	}
}

func TestMeansHaveTheSameBitsOnAnyNumberOfProcessors(t *testing.T) {
	cells := gapped(mixedCells(rand.New(rand.NewPCG(17, 8)), 30_000))
	for _, v := range variants {
		theta := []float64{-1, 1, 0, 1}[:v.parameters()]
		evaluate := func(processors int) []float64 {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
			p, err := btyd.Problem(v.name, v.k, cells)
			if err != nil {
				t.Fatal(err)
			}
			grad := make([]float64, v.parameters())
			return append(grad, p.Mean(theta, grad))
		}
		one := evaluate(1)
		for _, n := range []int{2, 5} {
			if got := evaluate(n); !slices.Equal(got, one) {
				t.Errorf("%s: %v on %d processors, %v on one", v, got, n, one)
			}
		}
	}
}

// randomHistory draws a customer, an extreme one now and then: 10,000 purchases, 10,000 days.
func randomHistory(rng *rand.Rand) btyd.History {
	end := []float64{1. / 7, 10_000. / 7, 1500 * rng.Float64(), 60 * rng.Float64()}[rng.IntN(4)]
	h := btyd.History{T: end}
	if x := []int{0, 1, rng.IntN(20), 10_000, 1 + int(math.Exp(9*rng.Float64()))}[rng.IntN(5)]; x > 0 && end > 0 {
		h.X = x
		h.TX = end * []float64{1, 1e-6 + .999*rng.Float64(), .01}[rng.IntN(3)]
		h.LogGaps = float64(x) * (math.Log(h.TX/float64(x)) - .1)
	}
	return h
}

func TestNothingIsEverNotANumber(t *testing.T) {
	rng := rand.New(rand.NewPCG(19, 10))
	times := []float64{1, 52, 520, math.Inf(1)}
	got := make([]float64, 4)
	cases := 10_000
	if testing.Short() {
		cases = 500
	}
	for i := range cases {
		v := variants[i%len(variants)]
		theta := randomTheta(rng, v.parameters(), i%3 > 0)
		m, h := v.model(t, exponentials(theta)), randomHistory(rng)
		alive, mass := m.Alive(h), m.Mass(rng.IntN(300), 1000*rng.Float64())
		if !(alive >= 0 && alive <= 1) || !(mass >= 0 && mass <= 1) {
			t.Errorf("%s at %v, %+v: P(alive) %g, mass %g", v, theta, h, alive, mass)
		}
		if l := m.LogLikelihood(h); math.IsNaN(l) || math.IsInf(l, 0) {
			t.Errorf("%s at %v, %+v: log-likelihood %g", v, theta, h, l)
		}
		for _, delta := range []float64{0, .0018} {
			n := 4
			if delta == 0 {
				n = 3
			}
			m.Expected(h, delta, times[:n], got[:n])
			before := 0.
			for _, e := range got[:n] {
				if math.IsNaN(e) || math.IsInf(e, 0) || e < before*(1-1e-9) {
					t.Errorf("%s at %v, %+v, discount %g: expected %v", v, theta, h, delta, got[:n])
					break
				}
				before = e
			}
		}
		if t.Failed() && i > 200 {
			break
		}
	}
}

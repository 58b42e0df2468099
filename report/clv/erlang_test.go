package clv

import (
	"math"
	"math/rand/v2"
	"testing"

	"parcours/report/clv/btyd"
)

func erlangFit(name btyd.Name, k int, params ...float64) btyd.Fitted {
	m, err := btyd.New(name, k, params)
	if err != nil {
		panic(err)
	}
	f := btyd.Fitted{Name: name, Model: m, K: k}
	f.Params = params
	return f
}

// Two implementations: sums over events here, quadrature over the rate in package btyd.
func TestRegularBuyersAreExpectedAsTheirModelSays(t *testing.T) {
	times, ends := []float64{4, 13, 52, 104}, []float64{52, 104, 157, math.Inf(1)}
	for _, f := range []btyd.Fitted{
		erlangFit(btyd.BGCNBD, 2, .9, 3, .6, 2), erlangFit(btyd.MBGCNBD, 3, 1.5, 4, .8, 3), erlangFit(btyd.MBGCNBD, 1, .6, 6, .8, 2),
		erlangFit(btyd.BGCNBD, 6, .4, .8, .3, 4),
	} {
		for _, h := range []btyd.History{{}, {T: 40}, {X: 1, TX: 3, T: 20}, {X: 5, TX: 60, T: 66}, {X: 30, TX: 90, T: 90}, {X: 12, TX: 20, T: 60}} {
			got, want := make([]float64, 8), make([]float64, 8)
			flow(f, .0018, times, ends).of(f, h, got)
			f.Model.Expected(h, 0, times, want[:4])
			f.Model.Expected(h, .0018, ends, want[4:])
			perActive(f.Model, h, want)
			for i := range got {
				tolerance := 3e-6
				switch {
				case i == 7: // the tail of endless horizons is approximate
					tolerance = 1e-2
				case i > 3: // and so is what purchases between horizons are discounted by
					tolerance = 5e-4
				}
				approach(t, string(f.Name), got[i]/want[i], 1, tolerance)
			}
		}
	}
}

// The law of one customer has the mean that is expected.
func TestTheLawOfRegularBuyersHasItsMean(t *testing.T) {
	f := erlangFit(btyd.MBGCNBD, 3, 1.5, 4, .8, 3)
	for _, h := range []btyd.History{{T: 40}, {X: 1, TX: 3, T: 20}, {X: 5, TX: 60, T: 66}} {
		p, mean := make([]float64, 300), make([]float64, 1)
		masses(f, 52).of(f, h, p)
		flow(f, 0, []float64{52}, nil).of(f, h, mean)
		var sum, all float64
		for k, v := range p {
			sum += float64(k) * v
			all += v
		}
		approach(t, "sum", all, 1, 1e-9)
		approach(t, "mean", sum/mean[0], 1, 1e-8)
	}
}

// Simulated lives that look like a history go on as expected.
func TestThePhaseIsThatOfSimulatedBuyers(t *testing.T) {
	l := law{name: btyd.MBGCNBD, k: 3, params: []float64{4, 2, 1, 6}}
	f := erlangFit(l.name, l.k, l.params...)
	rng := rand.New(rand.NewPCG(3, 4))
	const age = 12.
	var seen, later, expected float64
	for range 400000 {
		all := l.life(rng, age+8)
		var h btyd.History
		n := 0
		for n < len(all) && all[n] <= age {
			n++
		}
		if n != 3 || all[n-1] < 8 || all[n-1] > 9 {
			continue
		}
		h = btyd.History{X: n, TX: all[n-1], T: age}
		one := make([]float64, 1)
		flow(f, 0, []float64{8}, nil).of(f, h, one)
		seen++
		later += float64(len(all) - n)
		expected += f.Model.Alive(h) * one[0]
	}
	t.Log(seen, later/seen, expected/seen)
	if seen < 1000 {
		t.Fatal("too few")
	}
	approach(t, "later", later/expected, 1, .05)
}

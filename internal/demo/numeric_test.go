package demo

import (
	"math"
	"testing"
)

func TestLogarithmAndExponentialAgreeWithTheStandardLibrary(t *testing.T) {
	for _, x := range []float64{1e-17, 1e-9, 0.001, 0.3, 0.5, 0.70710678, 0.999999, 1, 1.0000001, 1.5, 2, 10, 1e6, 1e15} {
		if got, want := ln(x), math.Log(x); math.Abs(got-want) > 4e-15*max(1, math.Abs(want)) {
			t.Errorf("ln(%g) = %.17g, want %.17g", x, got, want)
		}
	}
	for x := -40.0; x <= 40; x += 0.37 {
		if got, want := exp(x), math.Exp(x); math.Abs(got/want-1) > 1e-14 {
			t.Errorf("exp(%g) = %.17g, want %.17g", x, got, want)
		}
	}
}

// Values of Wichura (1988), table 1 and the text below it.
func TestNormalQuantileGivesPublishedValues(t *testing.T) {
	for _, c := range []struct{ p, z float64 }{
		{0.25, -0.6744897501960817},
		{0.001, -3.090232306167814},
		{1e-20, -9.262340089798408},
		{0.975, 1.959963984540054},
		{0.5, 0},
	} {
		if got := normal(c.p); math.Abs(got-c.z) > 1e-13*max(1, math.Abs(c.z)) {
			t.Errorf("normal(%g) = %.16g, want %.16g", c.p, got, c.z)
		}
	}
}

func TestDrawsHaveTheirMoments(t *testing.T) {
	const n = 200_000
	var d draw
	d.start(1, 2, onOrder, 3)
	var unit, expo, gauss, squares float64
	for range n {
		unit += d.unit()
		expo += d.exponential()
		z := d.gauss()
		gauss += z
		squares += z * z
	}
	for _, c := range []struct {
		name      string
		got, want float64
	}{{"uniform mean", unit / n, 0.5}, {"exponential mean", expo / n, 1}, {"normal mean", gauss / n, 0}, {"normal variance", squares / n, 1}} {
		if math.Abs(c.got-c.want) > 0.015 {
			t.Errorf("%s = %.4f, want %.4f", c.name, c.got, c.want)
		}
	}
}

func TestWeightsArePickedInProportion(t *testing.T) {
	w := newWeights(10, 0, 30, 60)
	var d draw
	d.start(9, 9, onDay, 0)
	var got [4]int
	for range 100_000 {
		got[w.pick(&d)]++
	}
	for i, want := range []int{10_000, 0, 30_000, 60_000} {
		if diff := got[i] - want; diff < -700 || diff > 700 {
			t.Errorf("index %d was picked %d times, want about %d", i, got[i], want)
		}
	}
}

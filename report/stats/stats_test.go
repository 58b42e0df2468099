package stats_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"parcours/report/stats"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tolerance {
		t.Errorf("%s = %.6f, want %.6f", what, got, want)
	}
}

func TestWilsonGivesThePublishedBounds(t *testing.T) {
	for _, c := range []struct {
		k, n      int64
		low, high float64
	}{
		{362, 948, .351465, .413202},
		{43, 321, .100994, .175577},
		{24, 235, .069594, .147460},
		{0, 10, 0, .277533},
		{1, 3, .061492, .792340},
		{3, 3, .438503, 1},
		{0, 0, 0, 1},
	} {
		i := stats.Wilson(c.k, c.n)
		near(t, "low", i.Low, c.low, 1e-6)
		near(t, "high", i.High, c.high, 1e-6)
	}
}

func TestWilsonHoldsItsEstimate(t *testing.T) {
	for n := int64(1); n < 60; n++ {
		for k := int64(0); k <= n; k++ {
			i, p := stats.Wilson(k, n), float64(k)/float64(n)
			if !(0 <= i.Low && i.Low <= p && p <= i.High && i.High <= 1) {
				t.Fatalf("%d of %d: [%v, %v]", k, n, i.Low, i.High)
			}
		}
	}
}

func TestNPSGivesWaldsIntervalFromThirtyAnswersOn(t *testing.T) {
	for _, c := range []struct {
		p, n, d          int64
		value, low, high float64
	}{
		{50, 33, 17, 33, 18.32, 47.68},
		{120, 60, 20, 50, 40.70, 59.30},
	} {
		v, i, ok := stats.NPS(c.p, c.n, c.d)
		if !ok {
			t.Fatal("not known")
		}
		near(t, "value", v, c.value, 1e-9)
		near(t, "low", i.Low, c.low, .005)
		near(t, "high", i.High, c.high, .005)
	}
}

func TestNPSOfFewAnswersIsAdjusted(t *testing.T) {
	// By hand: 5.75 promoters and 2.75 detractors of 13.
	v, i, _ := stats.NPS(5, 3, 2)
	p, d := 5.75/13, 2.75/13
	deviation := math.Sqrt((p + d - (p-d)*(p-d)) / 13)
	near(t, "value", v, 30, 1e-9)
	near(t, "low", i.Low, 100*(p-d-1.959963984540054*deviation), 1e-9)
	near(t, "high", i.High, 100*(p-d+1.959963984540054*deviation), 1e-9)
}

func TestNPSNeverHasAnIntervalWithoutWidth(t *testing.T) {
	for _, n := range []int64{1, 10, 30, 1000, 1e6} {
		for _, c := range [][3]int64{{n, 0, 0}, {0, n, 0}, {0, 0, n}} {
			v, i, ok := stats.NPS(c[0], c[1], c[2])
			if !ok || i.High <= i.Low || v < i.Low || v > i.High {
				t.Errorf("%v: %v [%v, %v]", c, v, i.Low, i.High)
			}
		}
	}
	if _, i, ok := stats.NPS(0, 0, 0); ok || i.Low != -100 || i.High != 100 {
		t.Error("no answers must be unknown")
	}
}

// sixMP is the treated arm of Freireich et al., Blood 21 (1963): weeks of remission, negative when censored.
func sixMP() []stats.Observation {
	var o []stats.Observation
	for _, w := range []int32{6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35} {
		o = append(o, stats.Observation{Time: max(w, -w), Censored: w < 0, Count: 1})
	}
	return o
}

func TestKaplanMeierReproducesTheSixMercaptopurineTrial(t *testing.T) {
	// Estimates as printed in Klein and Moeschberger, "Survival Analysis", table 4.1B; the log-minus-log bounds as
	// given by common statistical programs.
	k := stats.KaplanMeier(sixMP())
	for _, c := range []struct {
		week         int32
		s, low, high float64
	}{
		{6, .857, .6197, .9516},
		{7, .807, .5631, .9228},
		{9, .807, .5631, .9228},
		{10, .753, .5032, .8894},
		{13, .690, .4316, .8491},
		{16, .627, .3675, .8049},
		{22, .538, .2678, .7468},
		{23, .448, .1881, .6801},
		{35, .448, .1881, .6801},
	} {
		s, i, ok := k.At(c.week)
		if !ok {
			t.Fatalf("week %d unknown", c.week)
		}
		near(t, "S", s, c.s, .0006)
		near(t, "low", i.Low, c.low, .0001)
		near(t, "high", i.High, c.high, .0001)
	}
	if m, ok := k.Median(); !ok || m != 23 {
		t.Errorf("median = %d, want 23", m)
	}
	if _, _, ok := k.At(36); ok {
		t.Error("nobody was followed for 36 weeks")
	}
	if s, i, ok := k.At(5); !ok || s != 1 || i.High != 1 || i.Low < .8 || i.Low >= 1 {
		t.Errorf("before the first event: %v %v %v", s, i, ok)
	}
	if n := k.AtRisk(10); n != 15 {
		t.Errorf("at risk at 10: %d, want 15", n)
	}
}

func TestKaplanMeierWithoutCensoringIsTheEmpiricalShare(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var o []stats.Observation
	for range 500 {
		o = append(o, stats.Observation{Time: r.Int32N(40), Count: 1 + r.Int64N(3)})
	}
	k := stats.KaplanMeier(o)
	for day := int32(0); day < 40; day++ {
		var later int64
		for _, x := range o {
			if x.Time > day {
				later += x.Count
			}
		}
		s, i, ok := k.At(day)
		if !ok || i.Low > s || i.High < s {
			t.Fatalf("day %d: %v in [%v, %v]", day, s, i.Low, i.High)
		}
		near(t, "S", s, float64(later)/float64(k.N()), 1e-12)
	}
	if s, _, ok := k.At(1000); !ok || s != 0 {
		t.Error("once everyone had the event, S stays 0")
	}
}

func TestMedianSurvivesRounding(t *testing.T) {
	// Half of n subjects have an event, one a day: S is exactly one half on the last of these days, for any n.
	for n := int32(2); n <= 400; n += 2 {
		var o []stats.Observation
		for day := int32(1); day <= n/2; day++ {
			o = append(o, stats.Observation{Time: day, Count: 1})
		}
		o = append(o, stats.Observation{Time: n, Censored: true, Count: int64(n / 2)})
		if m, ok := stats.KaplanMeier(o).Median(); !ok || m != n/2 {
			t.Errorf("of %d: %d %v, want %d", n, m, ok, n/2)
		}
	}
}

func TestKaplanMeierOfNobodyIsUnknown(t *testing.T) {
	k := stats.KaplanMeier(nil)
	if _, _, ok := k.At(0); ok {
		t.Error("known without subjects")
	}
	if _, ok := k.Median(); ok {
		t.Error("median without subjects")
	}
}

func TestQuantileIsTypeSeven(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var values []float64
	counts := map[float64]int64{}
	for range 301 {
		v := float64(r.IntN(50))
		values = append(values, v)
		counts[v]++
	}
	slices.Sort(values)
	var h []stats.Count
	for v := range 50 {
		h = append(h, stats.Count{Value: float64(v), N: counts[float64(v)]})
	}
	for _, p := range []float64{0, .05, .2, .5, .8, .95, 1} {
		position := float64(len(values)-1) * p
		i := int(position)
		want := values[i]
		if i+1 < len(values) {
			want += (position - float64(i)) * (values[i+1] - values[i])
		}
		got, ok := stats.Quantile(h, p)
		if !ok {
			t.Fatal("unknown")
		}
		near(t, "quantile", got, want, 1e-9)
	}
	if _, ok := stats.Quantile(nil, .5); ok {
		t.Error("known when empty")
	}
}

func TestUpperQuantileIsTheBoundThatEnoughValuesKeep(t *testing.T) {
	h := []stats.Count{{1, 5}, {5, 3}, {15, 2}}
	for _, c := range []struct{ p, want float64 }{{.5, 1}, {.51, 5}, {.8, 5}, {.9, 15}, {1, 15}, {0, 1}} {
		if got, _ := stats.UpperQuantile(h, c.p); got != c.want {
			t.Errorf("p %v: %v, want %v", c.p, got, c.want)
		}
	}
}

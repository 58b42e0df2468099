package estimate_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"parcours/report/clv/estimate"
)

func TestResampleKeepsTheTotal(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, counts := range [][]float64{{}, {0}, {5}, {0, 3, 0}, {1, 1, 1, 1}, {1e6, 1, 0, 2e6}, {1e12, 3}} {
		total := 0.
		for _, c := range counts {
			total += c
		}
		for range 50 {
			sum := 0.
			for i, c := range estimate.Resample(rng, counts) {
				if c < 0 || c != math.Trunc(c) || counts[i] == 0 && c != 0 {
					t.Fatalf("%v gave %v in a cell of %v", counts, c, counts[i])
				}
				sum += c
			}
			if sum != total {
				t.Fatalf("%v: total %v, want %v", counts, sum, total)
			}
		}
	}
}

func TestResampleIsTheSameForTheSameSeed(t *testing.T) {
	counts := []float64{3, 100, 5000, 1, 0, 17}
	a := estimate.Resample(rand.New(rand.NewPCG(7, 1)), counts)
	b := estimate.Resample(rand.New(rand.NewPCG(7, 1)), counts)
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("%v and %v", a, b)
		}
	}
}

// Each cell of a multinomial is binomial: the counts drawn are compared with its probabilities by χ². The cases go
// through inversion, rejection, and the mirror of both.
func TestResampleFollowsTheBinomialLaw(t *testing.T) {
	const draws = 40_000
	for _, counts := range [][]float64{{1, 9}, {30, 70}, {500, 500}, {900, 100}, {40, 1e6}, {4000, 1e4}, {1e6 - 3, 3}, {2, 1}} {
		rng := rand.New(rand.NewPCG(11, 5))
		n := counts[0] + counts[1]
		law := distuv.Binomial{N: n, P: counts[0] / n}
		seen := map[float64]float64{}
		for range draws {
			seen[estimate.Resample(rng, counts)[0]]++
		}
		checkLaw(t, counts, law, seen, draws)
	}
}

func checkLaw(t *testing.T, counts []float64, law distuv.Binomial, seen map[float64]float64, draws float64) {
	t.Helper()
	statistic, bars := 0., 0.
	var observed, expected float64
	low := math.Max(0, math.Floor(law.Mean()-8*law.StdDev()-2))
	high := math.Min(law.N, math.Ceil(law.Mean()+8*law.StdDev()+2))
	for k := low; k <= high; k++ {
		observed += seen[k]
		expected += draws * law.Prob(k)
		if expected >= 10 {
			statistic += (observed - expected) * (observed - expected) / expected
			bars++
			observed, expected = 0, 0
		}
	}
	if p := (distuv.ChiSquared{K: bars - 1}).Survival(statistic); p < 1e-4 {
		t.Errorf("%v: χ² %.1f with %v degrees of freedom, p = %.2g", counts, statistic, bars-1, p)
	}
}

func TestResampledCellsVaryTogetherAsAMultinomial(t *testing.T) {
	counts := []float64{50, 30, 15, 5}
	const draws = 60_000
	rng := rand.New(rand.NewPCG(3, 9))
	var sum [4]float64
	var cross [4][4]float64
	for range draws {
		got := estimate.Resample(rng, counts)
		for i := range got {
			sum[i] += got[i] - counts[i]
			for j := range got {
				cross[i][j] += (got[i] - counts[i]) * (got[j] - counts[j])
			}
		}
	}
	for i := range counts {
		near(t, "mean deviation", sum[i]/draws, 0, .15)
		for j := range counts {
			want := -counts[i] * counts[j] / 100
			if i == j {
				want += counts[i]
			}
			near(t, "covariance", cross[i][j]/draws, want, .6)
		}
	}
}

func BenchmarkResample(b *testing.B) {
	counts := make([]float64, 20_000)
	for i := range counts {
		counts[i] = float64(1 + i%40)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for b.Loop() {
		estimate.Resample(rng, counts)
	}
}

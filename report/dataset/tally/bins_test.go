package tally

import (
	"math"
	"math/rand/v2"
	"testing"

	"parcours/report/dataset"
)

func TestBinsAreThoseOfTheDataset(t *testing.T) {
	bins := newBinFloors()
	check := func(worth int64) {
		if worth > 0 && worth <= 1<<62 && bins.of(worth) != dataset.SpendBin(worth) {
			t.Fatalf("bin of %d: got %d, want %d", worth, bins.of(worth), dataset.SpendBin(worth))
		}
	}
	for worth := range int64(5000) {
		check(worth)
	}
	for p := range 18 {
		ten := int64(math.Pow10(p))
		check(ten - 1)
		check(ten)
		check(ten + 1)
	}
	for p := range 63 {
		check(1<<p - 1)
		check(1 << p)
		check(1<<p + 1)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		check(rng.Int64() >> rng.IntN(62))
	}
}

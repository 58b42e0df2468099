package dataset_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"parcours/report/dataset"
)

func TestMonetaryBinsFollowTheAmounts(t *testing.T) {
	last := dataset.MonetaryBin(-100_001)
	for v := int64(-100_000); v <= 100_000; v++ {
		b := dataset.MonetaryBin(v)
		if b != last && b != last+1 {
			t.Fatalf("bin of %d is %d, that of %d is %d", v, b, v-1, last)
		}
		if b != -dataset.MonetaryBin(-v) {
			t.Fatalf("bins of %d and %d are not opposite", v, -v)
		}
		last = b
	}
}

func TestMonetaryBinsAreNarrow(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	amounts := []int64{0, 1, 31, 32, 33, 63, 64, 65, math.MaxInt64}
	for range 2000 {
		amounts = append(amounts, rng.Int64()>>rng.IntN(63))
	}
	for _, v := range amounts {
		b := dataset.MonetaryBin(v)
		floor := dataset.MonetaryBinFloor(b)
		if floor > v || dataset.MonetaryBin(floor) != b || floor > 0 && dataset.MonetaryBin(floor-1) != b-1 {
			t.Fatalf("bin %d of %d begins at %d", b, v, floor)
		}
		if float64(v-floor) > float64(floor)/16 {
			t.Fatalf("bin %d of %d begins at %d: wider than a sixteenth", b, v, floor)
		}
		if dataset.MonetaryBinFloor(-b) != -floor {
			t.Fatalf("bin %d begins at %d", -b, dataset.MonetaryBinFloor(-b))
		}
	}
}

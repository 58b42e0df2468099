package dataset_test

import (
	"math"
	"math/big"
	"testing"

	"parcours/report/dataset"
)

// lowest is the smallest amount of a bin or a higher one: worth²⁰ ≥ 10^bin, found by halving.
func lowest(bin int64) int64 {
	bound := new(big.Int).Exp(big.NewInt(10), big.NewInt(bin), nil)
	low, high := int64(1), int64(math.MaxInt64)
	for low < high {
		mid := low + (high-low)/2
		if new(big.Int).Exp(big.NewInt(mid), big.NewInt(20), nil).Cmp(bound) < 0 {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

func TestSpendBinsAreExactOnBothSidesOfEveryBound(t *testing.T) {
	if top := dataset.SpendBin(math.MaxInt64); top != 379 { // 20 × 18.9649 = 379.3
		t.Errorf("the last bin is %d", top)
	}
	for bin := range int64(380) {
		w := lowest(bin)
		got, below := dataset.SpendBin(w), dataset.SpendBin(w-1)
		if int64(got) < bin || int64(below) >= bin && w > 1 || w > 20 && int64(got) != bin {
			t.Errorf("bin %d from %d: got %d, and %d below", bin, w, got, below)
		}
	}
}

func TestSpendBinsOfPowersOfTen(t *testing.T) {
	for power, worth := int32(0), int64(1); worth <= 1e18; power, worth = power+1, worth*10 {
		if got := dataset.SpendBin(worth); got != 20*power {
			t.Errorf("%d is in bin %d, want %d", worth, got, 20*power)
		}
		if worth == 1e18 {
			break
		}
	}
	for _, worth := range []int64{0, -1, math.MinInt64} {
		if got := dataset.SpendBin(worth); got != 0 {
			t.Errorf("%d is in bin %d", worth, got)
		}
	}
}

func TestBucketsAreNearestAndHalvesGoUp(t *testing.T) {
	for _, x := range []struct{ days, resolution, want int32 }{
		{0, 1, 0},
		{5, 1, 5},
		{110000, 1, 110000},
		{3, 7, 0},
		{4, 7, 1},
		{10, 7, 1},
		{11, 7, 2},
		{13, 28, 0},
		{14, 28, 1},
		{41, 28, 1},
		{42, 28, 2},
		{45, 91, 0},
		{46, 91, 1},
		{181, 364, 0},
		{182, 364, 1},
		{545, 364, 1},
		{546, 364, 2},
	} {
		if got := dataset.Bucket(x.days, x.resolution); got != x.want {
			t.Errorf("%d days by %d: got %d, want %d", x.days, x.resolution, got, x.want)
		}
	}
}

// The published split of CDNOW: from 1 January 1997 to 30 June 1998 are 545 days, half of them end on 30 September.
func TestCalibrationTakesTheFirstHalfOfAShortHistory(t *testing.T) {
	if got := dataset.FormatDay(dataset.CalibrationEnd(dataset.CivilDay(1997, 1, 1), dataset.CivilDay(1998, 6, 30))); got != "1997-09-30" {
		t.Errorf("got %s", got)
	}
}

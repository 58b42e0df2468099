package tally

import (
	"math/bits"

	"parcours/report/dataset"
)

// binFloors are the smallest worths of the bins of dataset.SpendBin.
type binFloors struct {
	floors []int64
	start  [65]int32 // by length in bits: the bin of the smallest number of so many
}

func newBinFloors() *binFloors {
	b := &binFloors{}
	for bin := int32(0); ; bin++ {
		floor, ok := binFloor(bin)
		if !ok {
			break
		}
		b.floors = append(b.floors, floor)
	}
	for n := 1; n < 64; n++ {
		b.start[n] = dataset.SpendBin(1 << (n - 1))
	}
	return b
}

// binFloor finds the smallest worth of a bin, or of a later one when no worth is in it; false beyond all amounts.
func binFloor(bin int32) (int64, bool) {
	low, high := int64(1), int64(1)<<62
	if dataset.SpendBin(high) < bin {
		return 0, false
	}
	for low < high {
		if mid := low + (high-low)/2; dataset.SpendBin(mid) < bin {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low, true
}

// of is dataset.SpendBin of an amount of at least 1.
func (b *binFloors) of(worth int64) int32 {
	bin := b.start[bits.Len64(uint64(worth))]
	for int(bin)+1 < len(b.floors) && b.floors[bin+1] <= worth {
		bin++
	}
	return bin
}

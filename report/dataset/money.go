package dataset

import "math/bits"

// MonetaryBin puts an amount in minor units into a logarithmic bin, for histograms of value. Amounts below 32 minor
// units have a bin of their own; from there each doubling is cut into 16 bins of equal width, so a bin is at most
// 1/16 of its amounts wide. The bin of −x is minus the bin of x, and bins are in the order of amounts.
func MonetaryBin(minor int64) int64 {
	if minor < 0 {
		return -monetaryBin(uint64(-minor))
	}
	return monetaryBin(uint64(minor))
}

func monetaryBin(v uint64) int64 {
	shift := bits.Len64(v >> 5) // 0 below 32
	return int64(shift)<<4 + int64(v>>shift)
}

// MonetaryBinFloor returns the amount of a bin that is nearest to zero: MonetaryBin of it is the bin.
func MonetaryBinFloor(bin int64) int64 {
	if bin < 0 {
		return -MonetaryBinFloor(-bin)
	}
	if bin < 32 {
		return bin
	}
	shift := bin>>4 - 1
	return (16 + bin&15) << shift
}

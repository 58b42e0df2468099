package stats

import "math"

// Count is a value with the number of times it was seen.
type Count struct {
	Value float64
	N     int64
}

// Quantile is the p-quantile of a histogram sorted by value: linear interpolation between order statistics at
// position (n − 1)p, type 7 of Hyndman and Fan, "Sample quantiles in statistical packages", The American
// Statistician 50 (1996). ok is false when the histogram is empty.
func Quantile(histogram []Count, p float64) (q float64, ok bool) {
	n := total(histogram)
	if n == 0 {
		return 0, false
	}
	position := float64(n-1) * math.Min(1, math.Max(0, p))
	below := int64(math.Floor(position))
	low := at(histogram, below)
	if fraction := position - float64(below); fraction > 0 {
		return low + fraction*(at(histogram, below+1)-low), true
	}
	return low, true
}

// UpperQuantile is the smallest value that at least the share p of a histogram sorted by value does not exceed: the
// one to use when values are upper bounds of classes, between which nothing can be interpolated.
func UpperQuantile(histogram []Count, p float64) (q float64, ok bool) {
	n := total(histogram)
	if n == 0 {
		return 0, false
	}
	rank := int64(math.Ceil(p * float64(n)))
	return at(histogram, max(0, rank-1)), true
}

func total(histogram []Count) (n int64) {
	for _, c := range histogram {
		n += c.N
	}
	return n
}

// at returns the order statistic of the given rank, from 0.
func at(histogram []Count, rank int64) float64 {
	for _, c := range histogram {
		if rank < c.N {
			return c.Value
		}
		rank -= c.N
	}
	return histogram[len(histogram)-1].Value
}

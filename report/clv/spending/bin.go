package spending

import (
	"cmp"
	"math"
	"slices"
)

// Bin is N customers with X > 0 repeat purchases each, whose totals z > 0 lie close together: Sum is Σz, SumSquares Σz²
// and LogSum Σ ln z, in major units. A bin of one customer is exact.
type Bin struct {
	X                          int
	N, Sum, SumSquares, LogSum float64
}

// valid bins alone count: a purchase worth nothing has no place in the model.
func (b Bin) valid() bool { return b.X > 0 && b.N > 0 && b.Sum > 0 }

func (b Bin) mean() float64 { return b.Sum / b.N }

// scatter is the variance of z within the bin over its squared mean.
func (b Bin) scatter() float64 {
	if b.N <= 1 {
		return 0
	}
	return math.Max(0, b.SumSquares*b.N/(b.Sum*b.Sum)-1)
}

// group is the bins of one X with what the likelihood needs of them, per customer where it can be.
type group struct {
	x         float64
	n, logSum float64
	bins      []binned
}

// binned is a bin as the likelihood reads it: totals of mean z, with a variance.
type binned struct{ n, z, variance float64 }

// groups sorts valid bins by X.
func groups(bins []Bin) []group {
	bins = slices.DeleteFunc(slices.Clone(bins), func(b Bin) bool { return !b.valid() })
	slices.SortStableFunc(bins, func(a, b Bin) int { return cmp.Compare(a.X, b.X) })
	var all []group
	for _, b := range bins {
		if len(all) == 0 || all[len(all)-1].x != float64(b.X) {
			all = append(all, group{x: float64(b.X)})
		}
		g := &all[len(all)-1]
		g.n += b.N
		g.logSum += b.LogSum
		z := b.mean()
		g.bins = append(g.bins, binned{b.N, z, b.scatter() * z * z})
	}
	return all
}

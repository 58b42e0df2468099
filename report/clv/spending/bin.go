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

// group is the bins of one X with what the likelihood needs of them.
type group struct {
	x         float64
	n, logSum float64
	bins      []binned
}

// binned is a bin as the likelihood reads it: n totals z with their mean and central moments.
type binned struct{ n, z, second, third, fourth float64 }

// binned keeps the moments of the totals. The second is known. The third is what makes the expansion
// ln z̄ − M₂/(2z̄²) + M₃/(3z̄³) − M₄/(4z̄⁴) of the mean of ln z meet the one that is known; the fourth is that of totals spread
// evenly, 9/5 M₂².
func (b Bin) binned() binned {
	z, scatter := b.mean(), b.scatter()
	if scatter == 0 {
		return binned{n: b.N, z: z}
	}
	fourth := 1.8 * scatter * scatter
	third := 3 * (b.LogSum/b.N - math.Log(z) + scatter/2 + fourth/4)
	third = math.Max(math.Min(third, scatter*math.Sqrt(scatter)), -scatter*math.Sqrt(scatter))
	return binned{b.N, z, scatter * z * z, third * z * z * z, fourth * z * z * z * z}
}

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
		g.bins = append(g.bins, b.binned())
	}
	return all
}

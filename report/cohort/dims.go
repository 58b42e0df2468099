package cohort

import (
	"cmp"
	"slices"

	"parcours/report/dataset"
)

// Dim is one value of the dimension with its customers.
type Dim struct {
	Value     string
	Customers int64
}

// Dims lists the values of the dimension, most customers first, ties by name; the rest and the customers without a
// value come last.
func Dims(agg *dataset.Aggregates) []Dim {
	counts := map[string]int64{}
	for _, r := range agg.Cohorts {
		if r.Dim != "" && r.Age == dataset.SizeAge {
			counts[r.Dim] += r.Active
		}
	}
	dims := make([]Dim, 0, len(counts))
	for v, n := range counts {
		dims = append(dims, Dim{v, n})
	}
	rank := func(v string) int { return slices.Index([]string{dataset.OtherDim, dataset.NoDim}, v) }
	slices.SortFunc(dims, func(a, b Dim) int {
		return cmp.Or(cmp.Compare(rank(a.Value), rank(b.Value)), cmp.Compare(b.Customers, a.Customers),
			cmp.Compare(a.Value, b.Value))
	})
	return dims
}

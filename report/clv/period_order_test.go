package clv

import (
	"cmp"
	"slices"

	"parcours/report/dataset"
)

// sortPeriodTables puts tables in the order of their keys.
func sortPeriodTables(a *dataset.Aggregates) {
	slices.SortFunc(a.Cells, func(x, y dataset.CellRow) int { return cmp.Compare(x.Dim, y.Dim) })
	slices.SortFunc(a.Cohorts, func(x, y dataset.CohortRow) int {
		return cmp.Or(cmp.Compare(x.Dim, y.Dim), cmp.Compare(x.Cohort, y.Cohort), cmp.Compare(x.Age, y.Age))
	})
	slices.SortFunc(a.LastSeen, func(x, y dataset.LastSeenRow) int {
		return cmp.Or(cmp.Compare(x.Dim, y.Dim), cmp.Compare(x.Cohort, y.Cohort), cmp.Compare(x.Age, y.Age))
	})
	slices.SortFunc(a.Discrete, func(x, y dataset.DiscreteRow) int {
		return cmp.Or(cmp.Compare(x.X, y.X), cmp.Compare(x.TX, y.TX), cmp.Compare(x.N, y.N))
	})
}

package tally

import (
	"cmp"
	"slices"
	"strings"

	"parcours/report/dataset"
)

// aggregates turns the finished counters into sorted tables.
func (f *fold) aggregates() *dataset.Aggregates {
	e := f.values.edges()
	f.purchases.score(&f.values, e)
	resolution, cells, calibration := f.histories()
	a := &dataset.Aggregates{
		Manifest:    f.manifest(),
		Totals:      f.totals,
		Periods:     f.periodRows(),
		Cohorts:     f.cohortRows(),
		Windows:     f.windowRows(),
		LastSeen:    f.lastSeenRows(),
		Second:      f.secondRows(),
		Repeat:      f.repeatRows(),
		Gaps:        f.gapRows(),
		Activity:    f.activityRows(),
		Cells:       cells,
		Calibration: calibration,
		Track:       f.purchases.trackRows(),
		Spend:       f.purchases.spendRows(func(p *past) (int32, int64) { return p.x, p.spend }),
		EarlySpend:  f.purchases.spendRows(func(p *past) (int32, int64) { return p.earlyX, p.earlySpend }),
		Discrete:    f.purchases.discreteRows(),
		Recency:     histogram(f.values.recency, itself),
		Frequency:   histogram(f.values.frequency, itself),
		Monetary:    histogram(f.values.monetary, dataset.MonetaryBin),
		Edges:       e,
		RFM:         f.values.rfm(e),
	}
	a.Manifest.Resolution = resolution
	a.Totals.Net = a.Totals.Gross - a.Totals.Refunds
	return a
}

func (f *fold) manifest() dataset.Manifest {
	r := f.req
	return dataset.Manifest{
		Schema: dataset.SchemaVersion, AsOf: f.asOf, AsOfGiven: r.AsOf != nil, First: f.first, Grain: r.Grain,
		Zone: r.Calendar.Location().String(), Currency: r.Currency, Digits: r.Digits, Cohort: r.Cohort,
		Dimension: r.Dimension, Window: r.Window, Negative: r.Negative(), Tables: r.Tables.Given(),
		Calibration: f.purchases.calibration, CalibrationGiven: r.Calibration != nil,
	}
}

func (f *fold) periodRows() []dataset.PeriodRow {
	out := make([]dataset.PeriodRow, 0, len(f.tables.periods))
	for k, v := range f.tables.periods {
		v.Dim, v.Period, v.Net = f.outNames[k.dim], k.period, v.Gross-v.Refunds
		out = append(out, *v)
	}
	slices.SortFunc(out, func(a, b dataset.PeriodRow) int {
		return cmp.Or(strings.Compare(a.Dim, b.Dim), cmp.Compare(a.Period, b.Period))
	})
	return out
}

// cells turns a counter by cell into rows sorted by dimension, cohort and age.
func cells[V, R any](f *fold, c counter[cellKey, V], row func(dim string, k cellKey, v *V) R) []R {
	keys := make([]cellKey, 0, len(c))
	for k := range c {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b cellKey) int {
		return cmp.Or(strings.Compare(f.outNames[a.dim], f.outNames[b.dim]), cmp.Compare(a.cohort, b.cohort), cmp.Compare(a.age, b.age))
	})
	out := make([]R, 0, len(keys))
	for _, k := range keys {
		out = append(out, row(f.outNames[k.dim], k, c[k]))
	}
	return out
}

func (f *fold) cohortRows() []dataset.CohortRow {
	return cells(f, f.tables.cohorts, func(dim string, k cellKey, v *dataset.CohortRow) dataset.CohortRow {
		v.Dim, v.Cohort, v.Age = dim, k.cohort, k.age
		return *v
	})
}

// windowRows completes the windows: a customer for whom n windows had ended counts as complete in windows 0 to n−1.
func (f *fold) windowRows() []dataset.WindowRow {
	for k, v := range f.tables.ended {
		for w := range k.age {
			f.tables.windows.at(cellKey{k.dim, k.cohort, w}).Complete += v.customers
		}
	}
	return cells(f, f.tables.windows, func(dim string, k cellKey, v *dataset.WindowRow) dataset.WindowRow {
		v.Dim, v.Cohort, v.Window = dim, k.cohort, k.age
		return *v
	})
}

func (f *fold) lastSeenRows() []dataset.LastSeenRow {
	return cells(f, f.tables.lastSeen, func(dim string, k cellKey, v *int64) dataset.LastSeenRow {
		return dataset.LastSeenRow{Dim: dim, Cohort: k.cohort, Age: k.age, Customers: *v}
	})
}

func (f *fold) repeatRows() []dataset.RepeatRow {
	return slices.Concat(cells(f, f.tables.repeat, func(dim string, k cellKey, v *[]dataset.RepeatRow) []dataset.RepeatRow {
		for i := range *v {
			(*v)[i].Dim, (*v)[i].Cohort, (*v)[i].Days = dim, k.cohort, dataset.RepeatDays[i]
		}
		return *v
	})...)
}

func (f *fold) secondRows() []dataset.SecondRow {
	out := make([]dataset.SecondRow, 0, len(f.tables.second))
	for k, n := range f.tables.second {
		out = append(out, dataset.SecondRow{
			Dim: f.outNames[k.dim], Cohort: k.cohort, Censored: k.censored, Days: k.age, Customers: *n,
		})
	}
	slices.SortFunc(out, func(a, b dataset.SecondRow) int {
		return cmp.Or(strings.Compare(a.Dim, b.Dim), cmp.Compare(a.Cohort, b.Cohort),
			falseFirst(a.Censored, b.Censored), cmp.Compare(a.Days, b.Days))
	})
	return out
}

func (f *fold) gapRows() []dataset.GapRow {
	out := make([]dataset.GapRow, 0, len(f.tables.gaps))
	for days, n := range f.tables.gaps {
		out = append(out, dataset.GapRow{Days: days, Count: *n})
	}
	slices.SortFunc(out, func(a, b dataset.GapRow) int { return cmp.Compare(a.Days, b.Days) })
	return out
}

func (f *fold) activityRows() []dataset.ActivityRow {
	out := make([]dataset.ActivityRow, 0, len(f.tables.activity))
	for k, n := range f.tables.activity {
		out = append(out, dataset.ActivityRow{Period: k.period, First: k.first, Gap: k.gap, Customers: *n})
	}
	slices.SortFunc(out, func(a, b dataset.ActivityRow) int {
		return cmp.Or(cmp.Compare(a.Period, b.Period), falseFirst(a.First, b.First), cmp.Compare(a.Gap, b.Gap))
	})
	return out
}

func falseFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

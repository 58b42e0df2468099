package tally

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"parcours/report/dataset"
)

// aggregates turns what was counted into sorted tables.
func (f *fold) aggregates(ctx context.Context) (*dataset.Aggregates, error) {
	e, err := f.edges(ctx)
	if err != nil {
		return nil, err
	}
	scores := newScorer(e, len(f.tables.recency))
	rfm, err := f.scoreboard(ctx, scores)
	if err != nil {
		return nil, err
	}
	resolution, cells, calibration, err := f.histories(ctx, scores)
	if err != nil {
		return nil, err
	}
	tables := f.sortedCohorts()
	a := &dataset.Aggregates{
		Manifest:    f.manifest(),
		Totals:      f.totals,
		Periods:     f.periodRows(tables),
		Cohorts:     f.cohortRows(tables),
		Windows:     f.windowRows(tables),
		LastSeen:    f.lastSeenRows(tables),
		Second:      f.secondRows(tables),
		Repeat:      f.repeatRows(tables),
		Gaps:        f.gapRows(),
		Activity:    f.activityRows(),
		Cells:       cells,
		Calibration: calibration,
		Track:       trackRows(f.track, f.first),
		Spend:       f.late.rows(),
		EarlySpend:  f.early.rows(),
		Discrete:    discreteRows(&f.tables.discrete),
		Recency:     histogram(f.tables.recencies()),
		Frequency:   histogram(f.tables.frequencies()),
		Monetary:    histogram(f.tables.monetaries()),
		Edges:       e,
		RFM:         rfm,
	}
	a.Manifest.Resolution = resolution
	a.Totals.Net = a.Totals.Gross - a.Totals.Refunds
	return a, nil
}

func (f *fold) manifest() dataset.Manifest {
	r := f.req
	return dataset.Manifest{
		Schema: dataset.SchemaVersion, AsOf: f.asOf, AsOfGiven: r.AsOf != nil, First: f.first, Grain: r.Grain,
		Zone: r.Calendar.Location().String(), Currency: r.Currency, Digits: r.Digits, Cohort: r.Cohort,
		Dimension: r.Dimension, Window: r.Window, Negative: r.Negative(), Tables: r.Tables.Given(),
		Calibration: f.calibration, CalibrationGiven: r.Calibration != nil,
	}
}

func (f *fold) periodRows(tables []*cohortTable) []dataset.PeriodRow {
	rows := make([][]dataset.PeriodRow, len(f.outNames))
	for dim, cells := range f.tables.periods {
		rows[dim] = make([]dataset.PeriodRow, len(cells))
		for i, c := range cells {
			rows[dim][i] = dataset.PeriodRow{
				Dim: f.outNames[dim], Period: f.base + int32(i), NewCustomers: c.newCustomers, NewNet: c.newNet, Refunds: c.refunds, Net: -c.refunds,
			}
		}
	}
	for _, t := range tables {
		for age, c := range t.cells {
			i := t.cohort + int32(age) - f.base
			if c.orders == 0 {
				continue
			}
			row := &rows[t.dim][i]
			row.Orders += c.orders
			row.Customers += c.active
			row.Gross += c.gross
			row.Net += c.gross
		}
	}
	out := slices.DeleteFunc(slices.Concat(rows...), func(r dataset.PeriodRow) bool { return r.Orders == 0 && r.Refunds == 0 })
	slices.SortFunc(out, func(a, b dataset.PeriodRow) int {
		return cmp.Or(strings.Compare(a.Dim, b.Dim), cmp.Compare(a.Period, b.Period))
	})
	return out
}

// sortedCohorts returns the tables of cohorts by value of the dimension and cohort.
func (f *fold) sortedCohorts() []*cohortTable {
	return slices.SortedFunc(slices.Values(f.tables.cohorts.all), func(a, b *cohortTable) int {
		return cmp.Or(strings.Compare(f.outNames[a.dim], f.outNames[b.dim]), cmp.Compare(a.cohort, b.cohort))
	})
}

func (f *fold) cohortRows(tables []*cohortTable) []dataset.CohortRow {
	out := []dataset.CohortRow{}
	for _, t := range tables {
		out = append(out, dataset.CohortRow{Dim: f.outNames[t.dim], Cohort: t.cohort, Age: dataset.SizeAge, Active: t.customers})
		for age, c := range t.cells {
			if c.orders != 0 || c.net != 0 {
				out = append(out, dataset.CohortRow{Dim: f.outNames[t.dim], Cohort: t.cohort, Age: int32(age), Active: c.active, Orders: c.orders, Net: c.net})
			}
		}
	}
	return out
}

// windowRows completes the windows: a customer for whom n windows had ended counts as complete in windows 0 to n−1.
func (f *fold) windowRows(tables []*cohortTable) []dataset.WindowRow {
	out := []dataset.WindowRow{}
	for _, t := range tables {
		complete := t.customers
		for i, c := range t.windows {
			if i < len(t.ended) {
				complete -= t.ended[i]
			}
			out = append(out, dataset.WindowRow{
				Dim: f.outNames[t.dim], Cohort: t.cohort, Window: int32(i), Active: c.active, Complete: complete, ActiveComplete: c.activeComplete,
			})
		}
	}
	return out
}

func (f *fold) lastSeenRows(tables []*cohortTable) []dataset.LastSeenRow {
	out := []dataset.LastSeenRow{}
	for _, t := range tables {
		for age, n := range t.lastSeen {
			if n > 0 {
				out = append(out, dataset.LastSeenRow{Dim: f.outNames[t.dim], Cohort: t.cohort, Age: int32(age), Customers: n})
			}
		}
	}
	return out
}

func (f *fold) repeatRows(tables []*cohortTable) []dataset.RepeatRow {
	out := []dataset.RepeatRow{}
	for _, t := range tables {
		for i, c := range t.repeat {
			out = append(out, dataset.RepeatRow{
				Dim: f.outNames[t.dim], Cohort: t.cohort, Days: dataset.RepeatDays[i],
				Customers: t.customers, Eligible: c.eligible, Repeated: c.repeated, RepeatedAll: c.repeatedAll,
			})
		}
	}
	return out
}

func (f *fold) secondRows(tables []*cohortTable) []dataset.SecondRow {
	out := []dataset.SecondRow{}
	for _, t := range tables {
		row := dataset.SecondRow{Dim: f.outNames[t.dim], Cohort: t.cohort}
		for lag, n := range t.second {
			if n > 0 {
				row.Days, row.Customers = int32(lag), n
				out = append(out, row)
			}
		}
		row.Censored = true
		from := len(out)
		t.censored.each(func(followed uint64, n int64) {
			row.Days, row.Customers = int32(followed), n
			out = append(out, row)
		})
		slices.SortFunc(out[from:], func(a, b dataset.SecondRow) int { return cmp.Compare(a.Days, b.Days) })
	}
	return out
}

func (f *fold) gapRows() []dataset.GapRow {
	out := []dataset.GapRow{}
	for days, n := range f.tables.gaps {
		if n > 0 {
			out = append(out, dataset.GapRow{Days: int32(days), Count: n})
		}
	}
	return out
}

func (f *fold) activityRows() []dataset.ActivityRow {
	out := []dataset.ActivityRow{}
	for i, gaps := range f.tables.activity {
		for gap, n := range gaps {
			if n > 0 {
				out = append(out, dataset.ActivityRow{Period: f.base + int32(i/2), First: i%2 == 1, Gap: int32(gap), Customers: n})
			}
		}
	}
	return out
}

package datasettest

import (
	"testing"
	"time"

	"parcours/report/dataset"
)

// clocks: in Paris 31 March 2024 has 23 hours and begins an hour later in UTC than it ends. The day and the month
// are those of the wall clock: 23:00 UTC on the 30th is already the 31st, 22:00 UTC on the 31st is 1 April.
func clocks() Case {
	return Case{
		Name:    "days on which the clocks change",
		Request: dataset.Request{Calendar: dataset.Calendar{Zone: zone("Europe/Paris")}, AsOf: date(2024, 10, 28)},
		Rows: orders(`
			customer order time             amount
			ana      1     2024-03-30T22:59 1
			ana      2     2024-03-30T23:00 1
			ana      3     2024-03-31T21:59 1
			ana      4     2024-03-31T22:00 1
			ana      5     2024-10-26T22:00 1
			ana      6     2024-10-27T22:59 1
			ana      7     2024-10-27T23:00 1`),
		Check: func(t *testing.T, a *dataset.Aggregates) {
			// 30 March, 31, 31, 1 April; 27 October (25 hours), 27, 28.
			same(t, "Gaps", a.Gaps,
				dataset.GapRow{Days: 0, Count: 2}, dataset.GapRow{Days: 1, Count: 3}, dataset.GapRow{Days: 209, Count: 1})
			same(t, "Cohorts", a.Cohorts,
				dataset.CohortRow{Cohort: month(2024, 3), Age: dataset.SizeAge, Active: 1},
				dataset.CohortRow{Cohort: month(2024, 3), Age: 0, Active: 1, Orders: 3, Net: 3},
				dataset.CohortRow{Cohort: month(2024, 3), Age: 1, Active: 1, Orders: 1, Net: 1},
				dataset.CohortRow{Cohort: month(2024, 3), Age: 7, Active: 1, Orders: 3, Net: 3})
		},
	}
}

// The first of January 2024 is a Monday; week 0 holds 1 January 1970, a Thursday, so from Monday it begins on
// 29 December 1969 and 2024-01-01 begins week (19723+3)/7 = 2818. From Sunday, 2023-12-31 begins week 2818 too.
const newYear = 2818

func weeks(name string, cal dataset.Calendar, want ...dataset.PeriodRow) Case {
	return Case{
		Name:    name,
		Request: dataset.Request{Grain: dataset.Week, Calendar: cal},
		Rows: orders(`
			customer order time       amount
			ana      -     2023-12-30 1
			ana      -     2023-12-31 10
			ana      -     2024-01-01 100
			ana      -     2024-01-07 1000`),
		Check: func(t *testing.T, a *dataset.Aggregates) { same(t, "Periods", a.Periods, want...) },
	}
}

func mondayWeeks() Case {
	return weeks("weeks from Monday", dataset.Calendar{},
		dataset.PeriodRow{Period: newYear - 1, Orders: 2, Customers: 1, NewCustomers: 1, NewNet: 11, Gross: 11, Net: 11},
		dataset.PeriodRow{Period: newYear, Orders: 2, Customers: 1, Gross: 1100, Net: 1100})
}

func sundayWeeks() Case {
	return weeks("weeks from Sunday", dataset.Calendar{SundayWeek: true},
		dataset.PeriodRow{Period: newYear - 1, Orders: 1, Customers: 1, NewCustomers: 1, NewNet: 1, Gross: 1, Net: 1},
		dataset.PeriodRow{Period: newYear, Orders: 2, Customers: 1, Gross: 110, Net: 110},
		dataset.PeriodRow{Period: newYear + 1, Orders: 1, Customers: 1, Gross: 1000, Net: 1000})
}

// fiscalQuarters: with a year from April, January to March 2024 are the last quarter of 2024 (April 2023 to March
// 2024), and April begins 2025.
func fiscalQuarters() Case {
	return Case{
		Name:    "fiscal quarters",
		Request: dataset.Request{Grain: dataset.Quarter, Calendar: dataset.Calendar{FiscalStart: time.April}},
		Rows: orders(`
			customer order time       amount
			ana      -     2024-01-01 1
			ana      -     2024-03-31 10
			ana      -     2024-04-01 100
			ana      -     2024-07-01 1000`),
		Check: func(t *testing.T, a *dataset.Aggregates) {
			same(t, "Periods", a.Periods,
				dataset.PeriodRow{Period: 2024*4 + 3, Orders: 2, Customers: 1, NewCustomers: 1, NewNet: 11, Gross: 11, Net: 11},
				dataset.PeriodRow{Period: 2025 * 4, Orders: 1, Customers: 1, Gross: 100, Net: 100},
				dataset.PeriodRow{Period: 2025*4 + 1, Orders: 1, Customers: 1, Gross: 1000, Net: 1000})
		},
	}
}

// signUps: ana signed up a month before she bought, bob after his first order, cyd has no date, dan never bought and
// eve signed up after as-of.
func signUps() Case {
	jan, feb := month(2024, 1), month(2024, 2)
	return Case{
		Name:    "cohorts by sign-up",
		Request: dataset.Request{Cohort: dataset.BySignUp, AsOf: date(2024, 3, 31)},
		Rows: map[string][]dataset.Row{
			"orders": table(`
				customer order time       amount
				ana      -     2024-02-10 100
				ana      -     2024-03-10 100
				bob      -     2024-01-10 10
				cyd      -     2024-02-10 1`),
			"customers": table(`
				customer sign_up
				ana      2024-02-11
				ana      2024-01-11
				bob      2024-02-01
				cyd      -
				dan      2024-01-01
				eve      2024-04-01
				-        2024-01-01`),
		},
		Check: func(t *testing.T, a *dataset.Aggregates) {
			same(t, "sign-ups", []int64{a.Totals.SignUps}, 4)
			same(t, "Cohorts", a.Cohorts,
				dataset.CohortRow{Cohort: jan, Age: dataset.SizeAge, Active: 2},
				dataset.CohortRow{Cohort: jan, Age: 0, Active: 1, Orders: 1, Net: 10},
				dataset.CohortRow{Cohort: jan, Age: 1, Active: 1, Orders: 1, Net: 100},
				dataset.CohortRow{Cohort: jan, Age: 2, Active: 1, Orders: 1, Net: 100},
				dataset.CohortRow{Cohort: feb, Age: dataset.SizeAge, Active: 1},
				dataset.CohortRow{Cohort: feb, Age: 0, Active: 1, Orders: 1, Net: 1})
			same(t, "Quality", shared(a).Quality,
				dataset.QualityRow{Table: "customers", Reason: dataset.AfterAsOf, Rows: 1},
				dataset.QualityRow{Table: "customers", Reason: dataset.Unidentified, Rows: 1})
		},
	}
}

// disagreeingLines: an order is where its earliest sale row is, whatever the order of rows; when several are as
// early, the smallest text wins and none loses.
func disagreeingLines() Case {
	return Case{
		Name:    "lines of an order that disagree",
		Request: dataset.Request{Dimension: "country"},
		Rows: orders(`
			customer order time             amount country
			ana      1     2024-02-01T10:00 1      Albania
			ana      1     2024-01-31T10:00 1      Peru
			ana      1     2024-01-31T10:00 1      Chile
			ana      1     2024-01-31T10:00 1      -
			ana      1     2024-01-30T10:00 -1     Andorra`),
		Check: func(t *testing.T, a *dataset.Aggregates) {
			same(t, "Periods", a.Periods,
				dataset.PeriodRow{Period: month(2024, 1), Orders: 1, Customers: 1, NewCustomers: 1, NewNet: 3, Gross: 4, Refunds: 1, Net: 3},
				dataset.PeriodRow{Dim: "Chile", Period: month(2024, 1), Orders: 1, Customers: 1, NewCustomers: 1, NewNet: 3, Gross: 4, Refunds: 1, Net: 3})
		},
	}
}

package datasettest

import (
	"fmt"
	"testing"

	"parcours/report/dataset"
)

// Cases returns the hand-made cases.
func Cases() []Case {
	cases := []Case{
		plainMonths(), unidentified(), afterAsOf(), incomplete(), manyValues(), quintiles(),
		namedRefunds(), refundColumn(), refundStatus(), negativeOrders(), zeroAmounts(), sharedOrder(),
		clocks(), mondayWeeks(), sundayWeeks(), fiscalQuarters(), signUps(), disagreeingLines(),
		datePurchases(), valuePurchases(), cancelledOrders(), negativePurchases(), cellsByValue(), discretePeriods(),
		calibration(), calibrationDecides(),
		spend(), messages(), scores(), tickets(), steps(),
	}
	cases = append(cases, calibrationDays()...)
	cases = append(cases, resolutions()...)
	for i := range cases {
		cases[i] = cases[i].bind()
		cases[i].Request.MaxDropped = 1
	}
	return cases
}

func orders(text string) map[string][]dataset.Row {
	return map[string][]dataset.Row{"orders": table(text)}
}

// plainMonths is a shop of three customers in which every figure of orders can be found with a pencil.
func plainMonths() Case {
	jan, feb, mar := month(2024, 1), month(2024, 2), month(2024, 3)
	return Case{
		Name:    "three customers by month",
		Request: dataset.Request{AsOf: date(2024, 4, 15), Currency: "EUR", Digits: 2},
		Parts:   2,
		Rows: orders(`
			customer order time             amount quantity
			ana      1     2024-01-05T10:00 1000   1
			ana      2     2024-01-20T10:00 2000   2
			ana      3     2024-03-02T10:00 3000   3
			bob      4     2024-01-31T08:00 500    1
			bob      4     2024-01-31T09:00 250    -
			cyd      5     2024-02-10T23:59 4000   4
			cyd      6     2024-02-10T10:00 100    1`),
		Check: func(t *testing.T, a *dataset.Aggregates) {
			same(t, "Totals", []dataset.Totals{a.Totals}, dataset.Totals{
				RowsRead: 7, RowsUsed: 7, Customers: 3, Orders: 6, Gross: 10850, Net: 10850, Items: 12,
			})
			same(t, "Periods", a.Periods,
				dataset.PeriodRow{Period: jan, Orders: 3, Customers: 2, NewCustomers: 2, NewNet: 3750, Gross: 3750, Net: 3750},
				dataset.PeriodRow{Period: feb, Orders: 2, Customers: 1, NewCustomers: 1, NewNet: 4100, Gross: 4100, Net: 4100},
				dataset.PeriodRow{Period: mar, Orders: 1, Customers: 1, Gross: 3000, Net: 3000})
			same(t, "Cohorts", a.Cohorts,
				dataset.CohortRow{Cohort: jan, Age: dataset.SizeAge, Active: 2},
				dataset.CohortRow{Cohort: jan, Age: 0, Active: 2, Orders: 3, Net: 3750},
				dataset.CohortRow{Cohort: jan, Age: 2, Active: 1, Orders: 1, Net: 3000},
				dataset.CohortRow{Cohort: feb, Age: dataset.SizeAge, Active: 1},
				dataset.CohortRow{Cohort: feb, Age: 0, Active: 1, Orders: 2, Net: 4100})
			same(t, "Windows", a.Windows,
				dataset.WindowRow{Cohort: jan, Window: 0, Active: 2, Complete: 2, ActiveComplete: 2},
				dataset.WindowRow{Cohort: jan, Window: 1, Active: 1, Complete: 2, ActiveComplete: 1}, // ana, day 57
				dataset.WindowRow{Cohort: jan, Window: 2, Complete: 1},                               // ana, day 101 at as-of
				dataset.WindowRow{Cohort: jan, Window: 3},                                            // begun for ana alone
				dataset.WindowRow{Cohort: feb, Window: 0, Active: 1, Complete: 1, ActiveComplete: 1},
				dataset.WindowRow{Cohort: feb, Window: 1, Complete: 1},
				dataset.WindowRow{Cohort: feb, Window: 2}) // day 65 at as-of
			same(t, "LastSeen", a.LastSeen,
				dataset.LastSeenRow{Cohort: jan, Age: 0, Customers: 1},
				dataset.LastSeenRow{Cohort: jan, Age: 2, Customers: 1},
				dataset.LastSeenRow{Cohort: feb, Age: 0, Customers: 1})
			same(t, "Second", a.Second,
				dataset.SecondRow{Cohort: jan, Days: 15, Customers: 1},
				dataset.SecondRow{Cohort: jan, Censored: true, Days: 75, Customers: 1},
				dataset.SecondRow{Cohort: feb, Days: 0, Customers: 1})
			same(t, "Repeat of January", of(a.Repeat, func(r dataset.RepeatRow) bool { return r.Cohort == jan }),
				dataset.RepeatRow{Cohort: jan, Days: 30, Customers: 2, Eligible: 2, Repeated: 1, RepeatedAll: 1},
				dataset.RepeatRow{Cohort: jan, Days: 60, Customers: 2, Eligible: 2, Repeated: 1, RepeatedAll: 1},
				dataset.RepeatRow{Cohort: jan, Days: 90, Customers: 2, Eligible: 1, Repeated: 1, RepeatedAll: 1},
				dataset.RepeatRow{Cohort: jan, Days: 180, Customers: 2, RepeatedAll: 1},
				dataset.RepeatRow{Cohort: jan, Days: 365, Customers: 2, RepeatedAll: 1})
			same(t, "Gaps", a.Gaps, dataset.GapRow{Days: 0, Count: 1}, dataset.GapRow{Days: 15, Count: 1}, dataset.GapRow{Days: 42, Count: 1})
			same(t, "Activity", a.Activity,
				dataset.ActivityRow{Period: jan, First: true, Customers: 1},
				dataset.ActivityRow{Period: jan, First: true, Gap: 2, Customers: 1},
				dataset.ActivityRow{Period: feb, First: true, Customers: 1},
				dataset.ActivityRow{Period: mar, Customers: 1})
			same(t, "Recency", a.Recency, dataset.HistogramRow{Value: 44, Customers: 1}, dataset.HistogramRow{Value: 65, Customers: 1}, dataset.HistogramRow{Value: 75, Customers: 1})
			same(t, "Frequency", a.Frequency, dataset.HistogramRow{Value: 1, Customers: 1}, dataset.HistogramRow{Value: 2, Customers: 1}, dataset.HistogramRow{Value: 3, Customers: 1})
		},
	}
}

// unidentified: rows without customer are set aside, though they move the end of observation.
func unidentified() Case {
	return Case{
		Name: "rows without customer",
		Rows: orders(`
			customer order time             amount
			ana      1     2024-01-05T10:00 1000
			-        2     2024-02-05T10:00 700
			-        2     2024-02-05T10:00 -200
			-        -     2024-02-06T10:00 1`),
		Check: func(t *testing.T, a *dataset.Aggregates) {
			same(t, "Totals", []dataset.Totals{a.Totals}, dataset.Totals{
				RowsRead: 4, RowsUsed: 1, Customers: 1, Orders: 1, Gross: 1000, Net: 1000, UnidentifiedRows: 3, UnidentifiedNet: 501,
			})
			same(t, "As-of", []dataset.Day{a.Manifest.AsOf}, *date(2024, 2, 6))
			same(t, "Recency", a.Recency, dataset.HistogramRow{Value: 32, Customers: 1})
		},
	}
}

// afterAsOf: later rows do not count anywhere, and an order is cut where observation ends.
func afterAsOf() Case {
	return Case{
		Name:    "rows after the end of observation",
		Request: dataset.Request{AsOf: date(2024, 1, 31), Calendar: dataset.Calendar{Zone: zone("Europe/Paris")}},
		Rows: orders(`
			customer order time             amount
			ana      1     2024-01-31T22:59 1000
			ana      1     2024-01-31T23:00 500
			ana      1     2024-02-02T10:00 -300
			bob      2     2024-02-01T10:00 100
			-        3     2024-02-01T10:00 100`),
		Check: func(t *testing.T, a *dataset.Aggregates) {
			same(t, "Totals", []dataset.Totals{a.Totals}, dataset.Totals{
				RowsRead: 5, RowsUsed: 1, Customers: 1, Orders: 1, Gross: 1000, Net: 1000,
			})
			same(t, "Quality", shared(a).Quality, dataset.QualityRow{Table: "orders", Reason: dataset.AfterAsOf, Rows: 4})
		},
	}
}

// incomplete: rows without time or amount are dropped and counted; those without order id are orders.
func incomplete() Case {
	return Case{
		Name: "rows with nulls",
		Rows: orders(`
			customer order time             amount
			ana      -     2024-01-05T10:00 1000
			ana      -     2024-01-05T10:00 1000
			ana      1     -                1000
			ana      1     2024-01-06T10:00 -
			-        1     -                -`),
		Check: func(t *testing.T, a *dataset.Aggregates) {
			same(t, "Totals", []dataset.Totals{a.Totals}, dataset.Totals{
				RowsRead: 5, RowsUsed: 2, Customers: 1, Orders: 2, Gross: 2000, Net: 2000,
			})
			same(t, "Quality", shared(a).Quality,
				dataset.QualityRow{Table: "orders", Reason: dataset.NoAmount, Rows: 1},
				dataset.QualityRow{Table: "orders", Reason: dataset.NoTime, Rows: 2})
		},
	}
}

// manyValues has 22 channels: a with three customers, b to v with one each, and a customer without. The smallest
// names win the twenty places; the other two are summed up.
func manyValues() Case {
	text := `
		customer order time       amount channel
		z1       -     2024-01-01 1      a
		z2       -     2024-01-02 1      a
		z3       -     2024-01-03 1      a
		none     -     2024-01-01 5      -
		none     -     2024-01-02 5      b
		`
	for i := 1; i < 22; i++ {
		text += fmt.Sprintf("\ncustomer%d - 2024-01-01 10 %c", i, 'a'+i)
	}
	return Case{
		Name:    "more values of the dimension than places",
		Request: dataset.Request{Dimension: "channel"},
		Rows:    orders(text),
		Check: func(t *testing.T, a *dataset.Aggregates) {
			jan := month(2024, 1)
			same(t, "named values", []int{len(of(a.Periods, func(r dataset.PeriodRow) bool { return len(r.Dim) == 1 }))}, 20)
			same(t, "Periods", of(a.Periods, func(r dataset.PeriodRow) bool { return len(r.Dim) > 1 || r.Dim == "a" }),
				dataset.PeriodRow{Dim: dataset.NoDim, Period: jan, Orders: 2, Customers: 1, NewCustomers: 1, NewNet: 10, Gross: 10, Net: 10},
				dataset.PeriodRow{Dim: dataset.OtherDim, Period: jan, Orders: 2, Customers: 2, NewCustomers: 2, NewNet: 20, Gross: 20, Net: 20},
				dataset.PeriodRow{Dim: "a", Period: jan, Orders: 3, Customers: 3, NewCustomers: 3, NewNet: 3, Gross: 3, Net: 3})
		},
	}
}

// quintiles: with recencies and values 0, 10, 20, 30, 40, 50 the type-7 quantiles are 10, 20, 30 and 40 (position
// 5·p falls on a value), and a value equal to an edge stays below it. Orders are 1, 1, 1, 1, 1, 2: all edges are 1.
func quintiles() Case {
	return Case{
		Name:    "scores by quintile",
		Request: dataset.Request{AsOf: date(2024, 3, 1)},
		Rows: orders(`
			customer order time       amount
			a        -     2024-03-01 0
			b        -     2024-02-20 10
			c        -     2024-02-10 20
			d        -     2024-01-31 30
			e        -     2024-01-21 40
			f        -     2024-01-11 25
			f        -     2024-01-11 25`),
		Check: func(t *testing.T, a *dataset.Aggregates) {
			same(t, "Edges", []dataset.RFMEdges{a.Edges}, dataset.RFMEdges{
				Recency: [4]float64{10, 20, 30, 40}, Frequency: [4]float64{1, 1, 1, 1}, Monetary: [4]float64{10, 20, 30, 40},
			})
			same(t, "RFM", a.RFM,
				dataset.RFMRow{R: 1, F: 5, M: 5, Customers: 1, Orders: 2, Net: 50},
				dataset.RFMRow{R: 2, F: 1, M: 4, Customers: 1, Orders: 1, Net: 40},
				dataset.RFMRow{R: 3, F: 1, M: 3, Customers: 1, Orders: 1, Net: 30},
				dataset.RFMRow{R: 4, F: 1, M: 2, Customers: 1, Orders: 1, Net: 20},
				dataset.RFMRow{R: 5, F: 1, M: 1, Customers: 2, Orders: 2, Net: 10})
		},
	}
}

package datasettest

import (
	"slices"
	"testing"

	"parcours/report/dataset"
)

// history is what a CellRow of one customer says, without place and scores.
type history struct {
	X, TX, T               int32
	FirstSpend, Spend, Net int64
}

// histories lists the cells of all customers, one of each, by X, TX and T.
func histories(t *testing.T, a *dataset.Aggregates) []history {
	t.Helper()
	var out []history
	for _, r := range a.Cells {
		if r.Dim != "" {
			continue
		}
		if r.Customers != 1 || r.SumTX != int64(r.TX) || r.SumT != int64(r.T) {
			t.Errorf("%+v is not one customer at the resolution of days", r)
		}
		out = append(out, history{r.X, r.TX, r.T, r.FirstSpend, r.Spend, r.Net})
	}
	slices.SortFunc(out, func(a, b history) int {
		return slices.Compare([]int32{a.X, a.TX, a.T}, []int32{b.X, b.TX, b.T})
	})
	return out
}

// datePurchases is the example without money of the tests of the Python package lifetimes: (x, t_x, T) are (1, 5, 6),
// (0, 0, 37) and (2, 4, 37). Recency is 37, 33 and 1 days: the edges are 13.8, 26.6, 33.8 and 35.4.
func datePurchases() Case {
	jan, feb := month(2015, 1), month(2015, 2)
	return Case{
		Name:    "purchases by date",
		Request: dataset.Request{AsOf: date(2015, 2, 7)},
		Rows: orders(`
			customer order time       amount
			1        -     2015-02-06 1000
			1        -     2015-02-01 1000
			2        -     2015-01-01 1000
			3        -     2015-01-05 1000
			3        -     2015-01-01 1000
			3        -     2015-01-02 1000`),
		Check: func(t *testing.T, a *dataset.Aggregates) {
			// ln 3 = 1.0986122887, ln 5 = 1.6094379124, ln 1000 = 6.9077552790, ln 2000 = 7.6009024595(4)
			same(t, "Cells", a.Cells,
				dataset.CellRow{Cohort: jan, R: 1, F: 1, T: 37, Customers: 1, SumT: 37, Net: 1000, FirstSpend: 1000},
				dataset.CellRow{
					Cohort: jan, R: 3, F: 5, X: 2, TX: 4, T: 37, Customers: 1, SumTX: 4, SumT: 37, Net: 3000, FirstSpend: 1000,
					Spenders: 1, Spend: 2000, LogGaps: 1098612289,
				},
				dataset.CellRow{
					Cohort: feb, R: 5, F: 3, X: 1, TX: 5, T: 6, Customers: 1, SumTX: 5, SumT: 6, Net: 2000, FirstSpend: 1000,
					Spenders: 1, Spend: 1000, LogGaps: 1609437912,
				})
			same(t, "Track", a.Track,
				dataset.TrackRow{Day: *date(2015, 1, 1), First: 2},
				dataset.TrackRow{Day: *date(2015, 1, 2), Repeat: 1, RepeatSpend: 1000},
				dataset.TrackRow{Day: *date(2015, 1, 5), Repeat: 1, RepeatSpend: 1000},
				dataset.TrackRow{Day: *date(2015, 2, 1), First: 1},
				dataset.TrackRow{Day: *date(2015, 2, 6), Repeat: 1, RepeatSpend: 1000})
			same(t, "Spend", a.Spend,
				dataset.SpendRow{X: 1, Bin: 60, Customers: 1, Sum: 1000, SquaresLow: 1e6, LogSum: 6907755279},
				dataset.SpendRow{X: 2, Bin: 66, Customers: 1, Sum: 2000, SquaresLow: 4e6, LogSum: 7600902460})
			same(t, "Discrete", a.Discrete, dataset.DiscreteRow{Customers: 3}) // February is not over
			same(t, "calibration", []dataset.Day{a.Manifest.Calibration, a.Manifest.Resolution}, dataset.NoCalibration, 1)
			same(t, "rows of calibration", []int{len(a.Calibration), len(a.EarlySpend)}, 0, 0)
		},
	}
}

// valuePurchases is the example with money of the same tests, in cents: (x, t_x, T, m) are (1, 36, 37, 2), (0, 0, 37,
// 0), (2, 4, 37, 3), (2, 20, 22, 3), (2, 2, 22, 4.5) and (0, 0, 5, 0), m without the first purchase.
func valuePurchases() Case {
	return Case{
		Name:    "purchases with values",
		Request: dataset.Request{AsOf: date(2015, 2, 7)},
		Rows: orders(`
			customer order time       amount
			1        -     2015-01-01 100
			1        -     2015-02-06 200
			2        -     2015-01-01 200
			3        -     2015-01-01 300
			3        -     2015-01-02 100
			3        -     2015-01-05 500
			4        -     2015-01-16 600
			4        -     2015-02-02 300
			4        -     2015-02-05 300
			5        -     2015-01-16 300
			5        -     2015-01-17 100
			5        -     2015-01-18 800
			6        -     2015-02-02 500`),
		Check: func(t *testing.T, a *dataset.Aggregates) {
			same(t, "Cells", histories(t, a),
				history{0, 0, 5, 500, 0, 500}, history{0, 0, 37, 200, 0, 200}, history{1, 36, 37, 100, 200, 300},
				history{2, 2, 22, 300, 900, 1200}, history{2, 4, 37, 300, 600, 900}, history{2, 20, 22, 600, 600, 1200})
		},
	}
}

// cancelledOrders: ana bought twice on a day, then an order of which a part came back, and was given 2.00 for nothing
// in particular. Bob's first order was cancelled, cyd's only one too, and more than paid back. Eve kept the other
// order of the day. Fay's refund comes after as-of.
func cancelledOrders() Case {
	return Case{
		Name:    "cancelled orders are no purchases",
		Request: dataset.Request{AsOf: date(2024, 2, 29)},
		Rows: orders(`
			customer order time             amount
			ana      1     2024-01-10T08:00 1000
			ana      2     2024-01-10T20:00 500
			ana      3     2024-01-20       800
			ana      3     2024-02-10       -300
			ana      -     2024-02-20       -200
			bob      4     2024-01-05       700
			bob      4     2024-01-06       -700
			bob      5     2024-02-01       900
			cyd      6     2024-01-15       400
			cyd      6     2024-01-16       -450
			dan      7     2024-01-01       0
			dan      8     2024-01-31       100
			dan      9     2024-02-05       0
			eve      10    2024-02-03       100
			eve      10    2024-02-03       -100
			eve      11    2024-02-03       60
			fay      12    2024-02-29       300
			fay      12    2024-03-05       -300`),
		Check: func(t *testing.T, a *dataset.Aggregates) {
			same(t, "Totals", []dataset.Totals{a.Totals}, dataset.Totals{
				RowsRead: 18, RowsUsed: 17, Customers: 6, Orders: 12, Gross: 4860, Refunds: 1750, Net: 3110,
				CancelledCustomers: 1, CancelledNet: -50, EmptyPurchases: 2,
			})
			// Fay, eve, bob, ana, dan.
			same(t, "Cells", histories(t, a),
				history{0, 0, 0, 300, 0, 300}, history{0, 0, 26, 60, 0, 60}, history{0, 0, 28, 900, 0, 900},
				history{1, 10, 50, 1500, 500, 1800}, history{2, 35, 59, 0, 100, 100})
			// Recency is 0, 24, 26, 28 (bob), 40 and 45 days: all but the ends are edges. Orders are 1, 1, 2, 2, 3 and 3,
			// the edges 1, 2, 2 and 3.
			same(t, "cohort of a cancelled first order", of(a.Cells, func(r dataset.CellRow) bool { return r.T == 28 && r.Cohort == month(2024, 1) }),
				dataset.CellRow{Cohort: month(2024, 1), R: 3, F: 2, T: 28, Customers: 1, SumT: 28, Net: 900, FirstSpend: 900})
			same(t, "Track", a.Track,
				dataset.TrackRow{Day: *date(2024, 1, 1), First: 1},
				dataset.TrackRow{Day: *date(2024, 1, 10), First: 1},
				dataset.TrackRow{Day: *date(2024, 1, 20), Repeat: 1, RepeatSpend: 500},
				dataset.TrackRow{Day: *date(2024, 1, 31), Repeat: 1, RepeatSpend: 100},
				dataset.TrackRow{Day: *date(2024, 2, 1), First: 1},
				dataset.TrackRow{Day: *date(2024, 2, 3), First: 1},
				dataset.TrackRow{Day: *date(2024, 2, 5), Repeat: 1},
				dataset.TrackRow{Day: *date(2024, 2, 29), First: 1})
			// ln 500 = 6.2146080984, ln 100 = 4.6051701860; 20 log₁₀ 500 = 53.98, 20 log₁₀ 100 = 40
			same(t, "Spend", a.Spend,
				dataset.SpendRow{X: 1, Bin: 53, Customers: 1, Sum: 500, SquaresLow: 250000, LogSum: 6214608098},
				dataset.SpendRow{X: 2, Bin: 40, Customers: 1, Sum: 100, SquaresLow: 10000, LogSum: 4605170186})
			// February is over: ana did not buy in it, dan did.
			same(t, "Discrete", a.Discrete,
				dataset.DiscreteRow{Customers: 3}, dataset.DiscreteRow{N: 1, Customers: 1}, dataset.DiscreteRow{X: 1, TX: 1, N: 1, Customers: 1})
		},
	}
}

// negativePurchases: where negative rows are orders they are purchases worth nothing, alone on their day, and lower
// what else was bought on it.
func negativePurchases() Case {
	return Case{
		Name:    "negative orders are purchases",
		Request: dataset.Request{Tables: dataset.Tables{Orders: &dataset.Orders{Negative: dataset.NegativeOrder}}},
		Rows: orders(`
			customer order time       amount
			ana      1     2024-01-31 10000
			ana      C2    2024-02-01 -4000
			ana      3     2024-02-05 50
			bob      C3    2024-02-01 -500
			cyd      5     2024-02-05 300
			cyd      C6    2024-02-05 -100`),
		Check: func(t *testing.T, a *dataset.Aggregates) {
			same(t, "empty purchases", []int64{a.Totals.EmptyPurchases, a.Totals.CancelledCustomers}, 2, 0)
			same(t, "Cells", histories(t, a),
				history{0, 0, 0, 200, 0, 200}, history{0, 0, 4, 0, 0, -500}, history{2, 5, 5, 10000, 50, 6050})
		},
	}
}

// cellsByValue: the values of the dimension add up to all customers; dan, in a shop, bought nothing that he kept.
func cellsByValue() Case {
	jan, feb := month(2024, 1), month(2024, 2)
	return Case{
		Name:    "cells by value of the dimension",
		Request: dataset.Request{Dimension: "channel", Cohort: dataset.BySignUp, AsOf: date(2024, 3, 10)},
		Rows: map[string][]dataset.Row{
			"orders": table(`
				customer order time       amount channel
				ana      1     2024-03-01 100    web
				ana      2     2024-03-10 100    shop
				bob      3     2024-03-01 100    shop
				cyd      4     2024-03-01 100    -
				dan      5     2024-03-01 100    shop
				dan      5     2024-03-02 -100   shop`),
			"customers": table(`
				customer sign_up
				ana      2024-01-05
				bob      2024-02-05`),
		},
		Check: func(t *testing.T, a *dataset.Aggregates) {
			var got []dataset.CellRow
			for _, r := range a.Cells {
				got = append(got, dataset.CellRow{Dim: r.Dim, Cohort: r.Cohort, X: r.X, TX: r.TX, T: r.T, Customers: r.Customers, Net: r.Net})
			}
			mar := feb + 1
			same(t, "Cells", got,
				dataset.CellRow{Cohort: jan, X: 1, TX: 9, T: 9, Customers: 1, Net: 200},
				dataset.CellRow{Cohort: feb, T: 9, Customers: 1, Net: 100},
				dataset.CellRow{Cohort: mar, T: 9, Customers: 1, Net: 100},
				dataset.CellRow{Dim: dataset.NoDim, Cohort: mar, T: 9, Customers: 1, Net: 100},
				dataset.CellRow{Dim: "shop", Cohort: feb, T: 9, Customers: 1, Net: 100},
				dataset.CellRow{Dim: "web", Cohort: jan, X: 1, TX: 9, T: 9, Customers: 1, Net: 200})
			same(t, "cancelled", []int64{a.Totals.CancelledCustomers, a.Totals.CancelledNet}, 1, 0)
		},
	}
}

// discretePeriods: as-of is in May, so April is the last complete month. Ana bought twice in March, and in May, which
// does not count; cyd's and dan's first months are followed by no complete one.
func discretePeriods() Case {
	return Case{
		Name:    "complete periods after the first",
		Request: dataset.Request{AsOf: date(2024, 5, 15)},
		Rows: orders(`
			customer order time       amount
			ana      -     2024-01-10 1
			ana      -     2024-03-03 1
			ana      -     2024-03-20 1
			ana      -     2024-05-02 1
			bob      -     2024-01-20 1
			bob      -     2024-01-25 1
			bob      -     2024-04-01 1
			cyd      -     2024-04-20 1
			cyd      -     2024-05-01 1
			dan      -     2024-05-03 1
			eve      -     2024-02-01 1
			eve      -     2024-03-01 1
			eve      -     2024-04-30 1`),
		Check: func(t *testing.T, a *dataset.Aggregates) {
			same(t, "Discrete", a.Discrete,
				dataset.DiscreteRow{Customers: 2},
				dataset.DiscreteRow{X: 1, TX: 2, N: 3, Customers: 1},
				dataset.DiscreteRow{X: 1, TX: 3, N: 3, Customers: 1},
				dataset.DiscreteRow{X: 2, TX: 2, N: 2, Customers: 1})
		},
	}
}

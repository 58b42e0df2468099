package datasettest

import (
	"testing"

	"parcours/report/dataset"
)

// namedRefunds: of ana's refunds one names her January order, one names nothing and is in February, one names an
// order that is not in the data and precedes her first. Bob never bought; his refund names an order of ana's.
func namedRefunds() Case {
	dec, jan, feb, mar := month(2023, 12), month(2024, 1), month(2024, 2), month(2024, 3)
	return Case{
		Name:    "refunds by the order they name",
		Request: dataset.Request{AsOf: date(2024, 5, 31)},
		Rows: orders(`
			customer order time       amount
			ana      1     2024-01-10 10000
			ana      1     2024-03-05 -3000
			ana      -     2024-02-01 -500
			ana      9     2023-12-20 -700
			bob      1     2024-02-02 -200`),
		Check: func(t *testing.T, a *dataset.Aggregates) {
			same(t, "Totals", []dataset.Totals{a.Totals}, dataset.Totals{
				RowsRead: 5, RowsUsed: 5, Customers: 1, Orders: 1, Gross: 10000, Refunds: 4400, Net: 5600, OrphanRefunds: 900,
			})
			same(t, "Periods", a.Periods,
				dataset.PeriodRow{Period: dec, Refunds: 700, Net: -700},
				dataset.PeriodRow{Period: jan, Orders: 1, Customers: 1, NewCustomers: 1, NewNet: 10000, Gross: 10000, Net: 10000},
				dataset.PeriodRow{Period: feb, Refunds: 700, Net: -700},
				dataset.PeriodRow{Period: mar, Refunds: 3000, Net: -3000})
			same(t, "Cohorts", a.Cohorts,
				dataset.CohortRow{Cohort: jan, Age: dataset.SizeAge, Active: 1},
				dataset.CohortRow{Cohort: jan, Age: 0, Active: 1, Orders: 1, Net: 7000},
				dataset.CohortRow{Cohort: jan, Age: 1, Net: -500})
			same(t, "RFM", a.RFM, dataset.RFMRow{R: 5, F: 1, M: 1, Customers: 1, Orders: 1, Net: 6500})
			same(t, "Quality", shared(a).Quality, dataset.QualityRow{Table: "orders", Reason: dataset.ConflictingOrder, Rows: 3})
		},
	}
}

// refundColumn: the second line of the order carries the refund, in February, so the period of the refund is
// February and its worth is January's.
func refundColumn() Case {
	jan, feb := month(2024, 1), month(2024, 2)
	return Case{
		Name: "refund column",
		Rows: orders(`
			customer order time       amount refund
			ana      1     2024-01-31 10000  -
			ana      1     2024-02-01 2000   1500
			bob      -     2024-02-01 800    800`),
		Check: func(t *testing.T, a *dataset.Aggregates) {
			same(t, "Periods", a.Periods,
				dataset.PeriodRow{Period: jan, Orders: 1, Customers: 1, NewCustomers: 1, NewNet: 12000, Gross: 12000, Net: 12000},
				dataset.PeriodRow{Period: feb, Orders: 1, Customers: 1, NewCustomers: 1, NewNet: 0, Gross: 800, Refunds: 2300, Net: -1500})
			same(t, "Cohorts at age 0", of(a.Cohorts, func(r dataset.CohortRow) bool { return r.Age == 0 }),
				dataset.CohortRow{Cohort: jan, Age: 0, Active: 1, Orders: 1, Net: 10500},
				dataset.CohortRow{Cohort: feb, Age: 0, Active: 1, Orders: 1, Net: 0})
		},
	}
}

// refundStatus: rows with the status are refunds of the absolute amount, even where negative rows are orders.
func refundStatus() Case {
	return Case{
		Name: "refund rows by status",
		Request: dataset.Request{
			Tables: dataset.Tables{Orders: &dataset.Orders{Negative: dataset.NegativeOrder, RefundStatus: []string{"refunded"}}},
		},
		Rows: orders(`
			customer order time       amount status
			ana      1     2024-01-31 10000  paid
			ana      1     2024-02-01 4000   refunded
			ana      1     2024-02-02 -1000  refunded
			ana      2     2024-02-03 -50    paid`),
		Check: func(t *testing.T, a *dataset.Aggregates) {
			same(t, "Totals", []dataset.Totals{a.Totals}, dataset.Totals{
				RowsRead: 4, RowsUsed: 4, Customers: 1, Orders: 2, Gross: 9950, Refunds: 5000, Net: 4950, EmptyPurchases: 1,
			})
		},
	}
}

// negativeOrders is the tutorials' reading: a cancellation is an order, so bob is a customer.
func negativeOrders() Case {
	return Case{
		Name:    "negative rows as orders",
		Request: dataset.Request{Tables: dataset.Tables{Orders: &dataset.Orders{Negative: dataset.NegativeOrder}}},
		Rows: orders(`
			customer order time       amount
			ana      1     2024-01-31 10000
			ana      C2    2024-02-01 -4000
			bob      C3    2024-02-01 -500`),
		Check: func(t *testing.T, a *dataset.Aggregates) {
			same(t, "Totals", []dataset.Totals{a.Totals}, dataset.Totals{
				RowsRead: 3, RowsUsed: 3, Customers: 2, Orders: 3, Gross: 5500, Net: 5500, EmptyPurchases: 2,
			})
			same(t, "February", of(a.Periods, func(r dataset.PeriodRow) bool { return r.Period == month(2024, 2) }),
				dataset.PeriodRow{Period: month(2024, 2), Orders: 2, Customers: 2, NewCustomers: 1, NewNet: -500, Gross: -4500, Net: -4500})
			same(t, "Monetary", a.Monetary,
				dataset.HistogramRow{Value: dataset.MonetaryBin(-500), Customers: 1},
				dataset.HistogramRow{Value: dataset.MonetaryBin(6000), Customers: 1})
		},
	}
}

// zeroAmounts: a free order is an order; an order with a negative line keeps its other lines as sale.
func zeroAmounts() Case {
	return Case{
		Name: "free orders",
		Rows: orders(`
			customer order time             amount
			ana      1     2024-01-31T10:00 0
			bob      2     2024-01-30T10:00 -100
			bob      2     2024-01-31T10:00 900`),
		Check: func(t *testing.T, a *dataset.Aggregates) {
			same(t, "Totals", []dataset.Totals{a.Totals}, dataset.Totals{
				RowsRead: 3, RowsUsed: 3, Customers: 2, Orders: 2, Gross: 900, Refunds: 100, Net: 800, EmptyPurchases: 1,
			})
			same(t, "Recency", a.Recency, dataset.HistogramRow{Value: 0, Customers: 2}) // the refund is no activity
		},
	}
}

// sharedOrder: the id of one order with two customers is two orders.
func sharedOrder() Case {
	return Case{
		Name: "an order id with two customers",
		Rows: orders(`
			customer order time       amount
			ana      1     2024-01-31 100
			bob      1     2024-01-31 200
			bob      2     2024-01-31 200
			-        2     2024-01-31 200`),
		Check: func(t *testing.T, a *dataset.Aggregates) {
			same(t, "orders", []int64{a.Totals.Orders}, 3)
			same(t, "Quality", shared(a).Quality,
				dataset.QualityRow{Table: "orders", Reason: dataset.ConflictingOrder, Rows: 2},
				dataset.QualityRow{Table: "orders", Reason: dataset.Unidentified, Rows: 1})
		},
	}
}

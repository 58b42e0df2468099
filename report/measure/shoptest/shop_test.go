package shoptest

import (
	"fmt"
	"testing"
	"time"

	"parcours/report/dataset"
	"parcours/report/dataset/datasettest"
)

// rows writes the orders of a shop down as an export would.
func rows(s Shop) []dataset.Row {
	var out []dataset.Row
	for i, c := range s.Customers {
		for j, o := range c.Orders {
			row := dataset.Row{
				"customer": fmt.Sprintf("%04d", i), "order": fmt.Sprintf("%d/%d", i, j), "channel": c.Channel,
				"time": dataset.DayTime(o.Day).Add(time.Duration(j) * time.Second), "amount": o.Amount,
			}
			out = append(out, row)
			if o.Refund > 0 {
				out = append(out, dataset.Row{
					"customer": row["customer"], "order": row["order"], "time": dataset.DayTime(o.RefundDay), "amount": -o.Refund,
				})
			}
		}
	}
	return out
}

// Tests of metrics trust the tables of a shop, so they are those of the reference.
func TestAggregatesOfAShopAreThoseOfTheReference(t *testing.T) {
	for _, grain := range []dataset.Grain{dataset.Week, dataset.Month, dataset.Quarter} {
		for seed := range uint64(4) {
			s := Random(seed, grain, 150)
			// Now and then an order is cancelled, or free.
			for i := range s.Customers {
				if o := &s.Customers[i].Orders[0]; i%20 == 5 {
					o.Refund, o.RefundDay = o.Amount, o.Day
				} else if i%20 == 6 {
					o.Amount, o.Refund, o.RefundDay = 0, 0, 0
				}
			}
			got := s.Aggregates()
			s.AddPurchases(got)
			want := dataset.Reference(dataset.Request{
				Calendar: s.Calendar, Grain: grain, AsOf: &s.AsOf, Currency: "EUR", Digits: 2, Dimension: "channel",
				Tables: dataset.Tables{Orders: &dataset.Orders{}},
			}, map[string][]dataset.Row{"orders": rows(s)})
			// A shop has no rows, only orders, and does not say what nobody asks of it.
			got.Totals.RowsRead, got.Totals.RowsUsed = want.Totals.RowsRead, want.Totals.RowsUsed
			got.Manifest.AsOfGiven, got.Manifest.Negative = true, want.Manifest.Negative
			got.Monetary = want.Monetary
			for _, line := range datasettest.Diff(got, want) {
				t.Errorf("seed %d, by %s: %s", seed, grain, line)
			}
			if got.Totals.CancelledCustomers == 0 || got.Totals.EmptyPurchases == 0 || len(got.Calibration) == 0 {
				t.Errorf("seed %d: nothing to see: %+v", seed, got.Totals)
			}
		}
	}
}

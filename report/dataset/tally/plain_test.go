package tally_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"parcours/report/dataset"
	"parcours/report/dataset/datasettest"
)

// TestPlainRowsAreCountedAsTheReferenceDoes covers rows of nothing but customer, day and amount, which have a path of their own.
func TestPlainRowsAreCountedAsTheReferenceDoes(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 4))
		ids := []func(int) string{
			func(i int) string { return fmt.Sprint(i) },
			func(i int) string { return fmt.Sprintf("C%08d", i) },
			func(i int) string { return fmt.Sprint(int64(i) << 40) },
			func(i int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", i*0x01234567, i) },
			func(i int) string { return fmt.Sprintf("customer-number-%d@example.org", i) },
		}
		var rows []dataset.Row
		start := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)
		for range 1 + rng.IntN(600) {
			who := 1 + rng.IntN(80)
			row := dataset.Row{
				"customer": ids[who%(1+int(seed%5))](who), "time": start.Add(time.Duration(rng.IntN(900*24)) * time.Hour),
				"amount": int64(rng.IntN(9000)),
			}
			switch rng.IntN(15) {
			case 0:
				row["amount"] = -row["amount"].(int64)
			case 1:
				row["customer"] = nil
			}
			rows = append(rows, row)
		}
		col := func(name string) dataset.Column { return dataset.Column{Text: dataset.Text{Value: name}} }
		req := dataset.Request{Grain: []dataset.Grain{dataset.Month, dataset.Week, dataset.Quarter}[seed%3], Tables: dataset.Tables{Orders: &dataset.Orders{
			Customer: col("customer"), Time: col("time"), Amount: col("amount"), Order: dataset.Column{Disabled: true},
		}}}
		if seed%4 == 0 {
			end := dataset.CivilDay(2024, 6, 1)
			req.AsOf = &end
		}
		if seed%7 == 0 {
			req.Tables.Orders.Negative = dataset.NegativeOrder
		}
		tables := map[string][]dataset.Row{"orders": rows}
		got, _, err := memory{tables, rng}.Aggregate(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range datasettest.Diff(got, dataset.Reference(req, tables)) {
			t.Errorf("seed %d: %s", seed, line)
		}
	}
}

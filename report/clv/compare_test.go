package clv_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/parquet-go/parquet-go"

	"parcours/report/clv/btyd"
	"parcours/report/clv/estimate"
	"parcours/report/clv/spending"
)

// comparedCustomer is a customer as compare_lifetimes.py writes it, in weeks; Mean is the value of a repeat purchase.
type comparedCustomer struct {
	X    int32   `parquet:"x"`
	TX   float64 `parquet:"t_x"`
	T    float64 `parquet:"t"`
	Mean float64 `parquet:"mean"`
}

// BenchmarkCompare fits the customers that compare_lifetimes.py has written to the folder PARCOURS_COMPARE, and leaves the
// estimates there. The time is that from customers to estimates with standard errors: making cells is part of it.
func BenchmarkCompare(b *testing.B) {
	dir := os.Getenv("PARCOURS_COMPARE")
	if dir == "" {
		b.Skip("compare_lifetimes.py runs this benchmark")
	}
	customers, err := parquet.ReadFile[comparedCustomer](filepath.Join(dir, "customers.parquet"))
	if err != nil {
		b.Fatal(err)
	}
	found := map[string][]float64{}
	for _, name := range []btyd.Name{btyd.BGNBD, btyd.MBGNBD, btyd.ParetoNBD} {
		b.Run(string(name), func(b *testing.B) {
			for b.Loop() {
				found[string(name)] = btyd.Fit(name, cellsOf(customers)).Params
			}
		})
	}
	b.Run("gamma-gamma", func(b *testing.B) {
		for b.Loop() {
			found["gamma-gamma"] = estimate.Fit(spending.Problem(binsOf(customers))).Params
		}
	})
	out, err := json.Marshal(found)
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "parcours.json"), out, 0o600); err != nil {
		b.Fatal(err)
	}
}

// cellsOf counts customers with the same history.
func cellsOf(customers []comparedCustomer) []btyd.Cell {
	type key struct {
		x     int32
		tx, t float64
	}
	rows := map[key]int{}
	var cells []btyd.Cell
	for _, c := range customers {
		k := key{c.X, c.TX, c.T}
		i, ok := rows[k]
		if !ok {
			i = len(cells)
			rows[k] = i
			cells = append(cells, btyd.Cell{History: btyd.History{X: int(c.X), TX: c.TX, T: c.T}})
		}
		cells[i].N++
	}
	return cells
}

// binsOf puts totals in twenty bins a decade for each number of purchases, as the aggregates have them.
func binsOf(customers []comparedCustomer) []spending.Bin {
	type key struct {
		x   int32
		bin int
	}
	rows := map[key]int{}
	var bins []spending.Bin
	for _, c := range customers {
		if c.X == 0 || c.Mean <= 0 {
			continue
		}
		z := float64(c.X) * c.Mean
		k := key{c.X, int(math.Floor(20 * math.Log10(z)))}
		i, ok := rows[k]
		if !ok {
			i = len(bins)
			rows[k] = i
			bins = append(bins, spending.Bin{X: int(c.X)})
		}
		bin := &bins[i]
		bin.N++
		bin.Sum += z
		bin.SumSquares += z * z
		bin.LogSum += math.Log(z)
	}
	return bins
}

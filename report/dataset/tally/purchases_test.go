package tally_test

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"parcours/report/dataset"
	"parcours/report/dataset/datasettest"
	"parcours/report/dataset/tally"
)

func all(rows []dataset.CellRow) []dataset.CellRow {
	return slices.DeleteFunc(slices.Clone(rows), func(r dataset.CellRow) bool { return r.Dim != "" })
}

func TestTablesOfPurchasesAddUp(t *testing.T) {
	each(t, func(t *testing.T, c datasettest.Case, a *dataset.Aggregates) {
		cells, tot := all(a.Cells), a.Totals
		sum := func(value func(dataset.CellRow) int64) int64 { return total(cells, value) }
		customers := sum(func(r dataset.CellRow) int64 { return r.Customers })
		equal(t, "Σ customers of cells", customers, tot.Customers-tot.CancelledCustomers)
		equal(t, "Σ net of cells", sum(func(r dataset.CellRow) int64 { return r.Net })+tot.CancelledNet, tot.Net+tot.OrphanRefunds)
		equal(t, "Σ customers of Discrete", total(a.Discrete, func(r dataset.DiscreteRow) int64 { return r.Customers }), customers)
		equal(t, "Σ customers of Spend", total(a.Spend, func(r dataset.SpendRow) int64 { return r.Customers }), sum(func(r dataset.CellRow) int64 { return r.Spenders }))
		equal(t, "Σ Spend", total(a.Spend, func(r dataset.SpendRow) int64 { return r.Sum }), sum(func(r dataset.CellRow) int64 { return r.Spend }))
		early := total(a.Calibration, func(r dataset.CalibrationRow) int64 { return r.Customers })
		equal(t, "Σ customers of EarlySpend", total(a.EarlySpend, func(r dataset.SpendRow) int64 { return r.Customers }),
			total(a.Calibration, func(r dataset.CalibrationRow) int64 { return r.Spenders }))
		equal(t, "Σ EarlySpend", total(a.EarlySpend, func(r dataset.SpendRow) int64 { return r.Sum }),
			total(a.Calibration, func(r dataset.CalibrationRow) int64 { return r.Spend }))

		var firsts, before, after, spentBefore, spentAfter int64
		end := a.Manifest.Calibration
		for _, r := range a.Track {
			firsts += r.First
			if end != dataset.NoCalibration && r.Day > end {
				after += r.Repeat
				spentAfter += r.RepeatSpend
			} else {
				before += r.Repeat
				spentBefore += r.RepeatSpend
			}
		}
		if end == dataset.NoCalibration {
			equal(t, "customers of calibration", early, 0)
			equal(t, "Σ first of Track", firsts, customers)
			equal(t, "Σ repeat of Track", before, sum(func(r dataset.CellRow) int64 { return int64(r.X) * r.Customers }))
			equal(t, "Σ spend of Track", spentBefore, sum(func(r dataset.CellRow) int64 { return r.Spend }))
			return
		}
		equal(t, "Σ first of Track", firsts, early)
		equal(t, "Σ repeat until the end of calibration", before, total(a.Calibration, func(r dataset.CalibrationRow) int64 { return int64(r.X) * r.Customers }))
		equal(t, "Σ repeat after it", after, total(a.Calibration, func(r dataset.CalibrationRow) int64 { return int64(r.Later) * r.Customers }))
		equal(t, "Σ spend until the end of calibration", spentBefore, total(a.Calibration, func(r dataset.CalibrationRow) int64 { return r.Spend }))
		equal(t, "Σ spend after it", spentAfter, total(a.Calibration, func(r dataset.CalibrationRow) int64 { return r.LaterSpend }))
	})
}

// TestCellsAreWithinTheirBuckets also says that the bound is kept, unless nothing coarser is left.
func TestCellsAreWithinTheirBuckets(t *testing.T) {
	each(t, func(t *testing.T, c datasettest.Case, a *dataset.Aggregates) {
		width := int64(a.Manifest.Resolution)
		near := func(sum, n int64, bucket int32) bool {
			off := 2 * (sum - int64(bucket)*width*n)
			return -width*n <= off && off < width*n
		}
		for _, r := range a.Cells {
			ok := r.Customers > 0 && near(r.SumT, r.Customers, r.T) && near(r.SumTX, r.Customers, r.TX) && r.SumTX <= r.SumT &&
				(r.X > 0 || r.SumTX == 0 && r.LogGaps == 0 && r.Spend == 0) && r.Spenders <= r.Customers && r.R >= 1 && r.R <= 5 && r.F >= 1 && r.F <= 5
			if !ok {
				t.Errorf("resolution %d: %+v", width, r)
			}
		}
		for _, r := range a.Calibration {
			if r.Customers <= 0 || !near(r.SumT, r.Customers, r.T) || !near(r.SumTX, r.Customers, r.TX) || r.SumTX > r.SumT {
				t.Errorf("resolution %d: %+v", width, r)
			}
		}
		most := c.Request.WithDefaults().MaxCells
		if coarsest := dataset.Resolutions[len(dataset.Resolutions)-1]; a.Manifest.Resolution < coarsest && max(len(all(a.Cells)), len(a.Calibration)) > most {
			t.Errorf("%d and %d rows, at most %d", len(all(a.Cells)), len(a.Calibration), most)
		}
		for _, r := range a.Discrete {
			if r.Customers <= 0 || r.X > r.TX || r.TX > r.N || (r.X == 0) != (r.TX == 0) {
				t.Errorf("%+v", r)
			}
		}
	})
}

func TestMomentsOfSpendAreThoseOfSomeCustomers(t *testing.T) {
	each(t, func(t *testing.T, _ datasettest.Case, a *dataset.Aggregates) {
		for _, r := range append(slices.Clone(a.Spend), a.EarlySpend...) {
			n, sum := float64(r.Customers), float64(r.Sum)
			squares := float64(r.SquaresHigh)*0x1p64 + float64(r.SquaresLow)
			mean, logs := sum/n, float64(r.LogSum)*dataset.LogUnit/n
			// The mean is in the bin, squares are at least those of the mean, and logarithms at most.
			low, high := math.Pow(10, float64(r.Bin)/20), math.Pow(10, float64(r.Bin+1)/20)
			if r.Customers <= 0 || r.X <= 0 || mean < low*(1-1e-9) || mean > high*(1+1e-9) || squares < n*mean*mean*(1-1e-9) || logs > math.Log(mean)+1e-8 {
				t.Errorf("%+v", r)
			}
		}
	})
}

// TestRowsOfPurchasesAreSorted by their key fields, and no key comes twice.
func TestRowsOfPurchasesAreSorted(t *testing.T) {
	keys := map[string]int{"Cells": 7, "Calibration": 4, "Track": 1, "Spend": 2, "EarlySpend": 2, "Discrete": 3}
	each(t, func(t *testing.T, _ datasettest.Case, a *dataset.Aggregates) {
		v := reflect.ValueOf(*a)
		for name, fields := range keys {
			rows := v.FieldByName(name)
			for i := 1; i < rows.Len(); i++ {
				if compareRows(rows.Index(i-1), rows.Index(i), fields) >= 0 {
					t.Errorf("%s: %+v before %+v", name, rows.Index(i-1), rows.Index(i))
				}
			}
		}
	})
}

func compareRows(a, b reflect.Value, fields int) int {
	for f := range fields {
		x, y := a.Field(f), b.Field(f)
		switch {
		case x.Kind() == reflect.String && x.String() != y.String():
			return map[bool]int{true: -1, false: 1}[x.String() < y.String()]
		case x.Kind() != reflect.String && x.Int() != y.Int():
			return map[bool]int{true: -1, false: 1}[x.Int() < y.Int()]
		}
	}
	return 0
}

// TestCellsByValueAddUp adds the rows of the values to those of all customers.
func TestCellsByValueAddUp(t *testing.T) {
	each(t, func(t *testing.T, c datasettest.Case, a *dataset.Aggregates) {
		if c.Request.Dimension == "" {
			return
		}
		type key struct {
			cohort   int32
			r, f     int8
			x, tx, t int32
		}
		sums := map[key][8]int64{}
		for _, r := range a.Cells {
			k := key{r.Cohort, r.R, r.F, r.X, r.TX, r.T}
			v, sign := sums[k], int64(1)
			if r.Dim == "" {
				sign = -1
			}
			for i, n := range []int64{r.Customers, r.SumTX, r.SumT, r.Net, r.FirstSpend, r.Spenders, r.Spend, r.LogGaps} {
				v[i] += sign * n
			}
			sums[k] = v
		}
		for k, v := range sums {
			if v != [8]int64{} {
				t.Errorf("%+v: the values differ by %v from all", k, v)
			}
		}
	})
}

// TestCalibrationIsWhatTheCellsWereThen asks again with the end of calibration as the end of observation. Only what
// the site knows later about refunds may differ, so there are none.
func TestCalibrationIsWhatTheCellsWereThen(t *testing.T) {
	each(t, func(t *testing.T, c datasettest.Case, _ *dataset.Aggregates) {
		c.Request.Tables.Orders.Negative, c.Request.Tables.Orders.RefundStatus = dataset.NegativeOrder, nil
		c.Request.MaxCells, c.Request.Dimension = 0, ""
		// An order that goes on after calibration would be worth less at its end.
		c = with(c, change(c.Rows["orders"], func(r dataset.Row) { r["refund"], r["order"] = nil, nil }))
		a := ask(t, c, 1)
		if a.Manifest.Calibration == dataset.NoCalibration {
			return
		}
		c.Request.AsOf = &a.Manifest.Calibration
		then := ask(t, c, 2)
		type key struct{ x, tx, t int32 }
		got, want := map[key][6]int64{}, map[key][6]int64{}
		for _, r := range a.Calibration {
			k := key{r.X, r.TX, r.T}
			v := got[k]
			got[k] = [6]int64{v[0] + r.Customers, v[1] + r.SumTX, v[2] + r.SumT, v[3] + r.Spenders, v[4] + r.Spend, v[5] + r.LogGaps}
		}
		for _, r := range then.Cells {
			k := key{r.X, r.TX, r.T}
			v := want[k]
			want[k] = [6]int64{v[0] + r.Customers, v[1] + r.SumTX, v[2] + r.SumT, v[3] + r.Spenders, v[4] + r.Spend, v[5] + r.LogGaps}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		if !reflect.DeepEqual(a.EarlySpend, then.Spend) {
			t.Errorf("EarlySpend: got %v, want %v", a.EarlySpend, then.Spend)
		}
	})
}

// crowd is a shop of many customers over three years with few orders each, so that cells merge at every resolution.
func crowd(customers int) map[string][]dataset.Row {
	r := rand.New(rand.NewPCG(3, 4))
	start := time.Date(2021, 1, 1, 12, 0, 0, 0, time.UTC)
	var rows []dataset.Row
	for i := range customers {
		for day := r.IntN(900); day < 1100; day += 1 + int(r.ExpFloat64()*150) {
			rows = append(rows, dataset.Row{"customer": fmt.Sprint(i), "time": start.AddDate(0, 0, day), "amount": int64(r.IntN(9000))})
			if r.IntN(3) > 0 {
				break
			}
		}
	}
	return map[string][]dataset.Row{"orders": rows}
}

func TestEveryResolutionIsReached(t *testing.T) {
	rows := crowd(1500)
	req := dataset.Request{Grain: dataset.Quarter, Tables: dataset.Tables{Orders: &dataset.Orders{}}}
	reached := map[int32]int{}
	for _, most := range []int{10000, 1000, 800, 600, 450, 300, 250, 200, 1} {
		req.MaxCells = most
		a := ask(t, datasettest.Case{Request: req, Rows: rows}, uint64(most))
		reached[a.Manifest.Resolution] = len(a.Cells)
		for _, line := range datasettest.Diff(a, dataset.Reference(req, rows)) {
			t.Error(line)
		}
	}
	if len(reached) != len(dataset.Resolutions) {
		t.Errorf("only some resolutions were reached: %v", reached)
	}
}

// TestSquaresNeedMoreThan64Bits takes amounts near the bound of all money.
func TestSquaresNeedMoreThan64Bits(t *testing.T) {
	const amount = math.MaxInt64 / 64
	ta := tally.New(dataset.Request{}, tally.Plan{OrderWords: 2})
	for i := range dataset.Day(6) {
		b := sale(fmt.Sprint(i/3), 100+i%3)
		b.Amount[0] = amount
		add(ta, b)
	}
	rows := finish(t, ta).Spend
	if len(rows) != 1 {
		t.Fatalf("got %+v", rows)
	}
	want := new(big.Int).Mul(big.NewInt(2*amount), big.NewInt(2*amount))
	want.Lsh(want, 1)
	got := new(big.Int).SetUint64(rows[0].SquaresHigh)
	got.Add(got.Lsh(got, 64), new(big.Int).SetUint64(rows[0].SquaresLow))
	if got.Cmp(want) != 0 || bits.Len64(rows[0].SquaresHigh) == 0 || rows[0].Sum != 4*amount {
		t.Errorf("got %v of %+v, want %v", got, rows[0], want)
	}
}

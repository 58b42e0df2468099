package btyd_test

import (
	"cmp"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go"

	"parcours/report/clv/btyd"
)

// Days since 1970-01-01: the first day of the CDNOW cohort, the last of calibration, the last of the data.
const (
	cdnowFirst = 9862
	cdnowEnd   = 10134
	cdnowLast  = 10407
)

type transaction struct {
	Customer int32 `parquet:"customer_id"`
	Day      int32 `parquet:"date"`
}

// customer is one customer at the end of calibration, in days, with the days on which purchases came after it.
type customer struct {
	id           int32
	first        int32
	days         []int32 // of purchases by the end of calibration, the first included
	later        []int32
	history      btyd.History
	observedDays int32 // T
}

func readTransactions(t testing.TB, path string) []transaction {
	t.Helper()
	rows, err := parquet.ReadFile[transaction](path)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// shared is a file beside the repository, which need not be there.
func shared(t testing.TB, path string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Skip("not in a module")
		}
	}
	path = filepath.Join(dir, "..", "shared", filepath.FromSlash(path))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not here", filepath.Base(path))
	}
	return path
}

// customersOf makes customers of transactions: one purchase a day, those by end are known.
func customersOf(rows []transaction, end int32) []customer {
	slices.SortFunc(rows, func(a, b transaction) int {
		return cmp.Or(cmp.Compare(a.Customer, b.Customer), cmp.Compare(a.Day, b.Day))
	})
	var out []customer
	for i, r := range slices.Compact(rows) {
		if i == 0 || len(out) == 0 || out[len(out)-1].id != r.Customer {
			out = append(out, customer{id: r.Customer, first: r.Day})
		}
		c := &out[len(out)-1]
		if r.Day <= end {
			c.days = append(c.days, r.Day)
		} else {
			c.later = append(c.later, r.Day)
		}
	}
	out = slices.DeleteFunc(out, func(c customer) bool { return len(c.days) == 0 })
	for i := range out {
		c := &out[i]
		c.observedDays = end - c.first
		c.history = btyd.History{X: len(c.days) - 1, TX: weeks(c.days[len(c.days)-1] - c.first), T: weeks(c.observedDays)}
		for j := 1; j < len(c.days); j++ {
			c.history.LogGaps += math.Log(weeks(c.days[j] - c.days[j-1]))
		}
	}
	return out
}

func weeks(days int32) float64 { return float64(days) / 7 }

// cellsOf counts customers with the same X, TX and T.
func cellsOf(customers []customer) []btyd.Cell {
	type key struct {
		x     int
		tx, t float64
	}
	rows := map[key]int{}
	var cells []btyd.Cell
	for _, c := range customers {
		k := key{c.history.X, c.history.TX, c.history.T}
		i, ok := rows[k]
		if !ok {
			i = len(cells)
			rows[k] = i
			cells = append(cells, btyd.Cell{History: c.history})
			cells[i].LogGaps = 0
		}
		cells[i].N++
		cells[i].LogGaps += c.history.LogGaps
	}
	for i := range cells {
		cells[i].LogGaps /= cells[i].N
	}
	return cells
}

func sample(t testing.TB) []customer {
	t.Helper()
	return customersOf(readTransactions(t, "../testdata/cdnow_sample.parquet"), cdnowEnd)
}

func TestTheCDNOWSampleIsWhatThePapersDescribe(t *testing.T) {
	customers := sample(t)
	repeaters, purchases, later := 0, 0, 0
	for _, c := range customers {
		purchases += len(c.days) + len(c.later)
		later += len(c.later)
		if c.history.X > 0 {
			repeaters++
		}
		if c.first < cdnowFirst || c.days[len(c.days)-1] > cdnowLast {
			t.Fatalf("customer %d buys outside the window", c.id)
		}
	}
	cells := cellsOf(customers)
	for what, v := range map[string][2]int{
		"customers": {len(customers), 2357}, "repeaters": {repeaters, 946}, "customer-days": {purchases, 6696},
		"holdout": {later, 1882}, "cells": {len(cells), 1016},
	} {
		if v[0] != v[1] {
			t.Errorf("%d %s, want %d", v[0], what, v[1])
		}
	}
	if err := btyd.Validate(cells); err != nil {
		t.Error(err)
	}
}

package measure_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"parcours/report/cohort"
	"parcours/report/dataset"
	"parcours/report/dataset/parquetscan"
	"parcours/report/kpi"
	"parcours/report/measure"
)

// retail measures the Online Retail data of the UCI repository, which lie beside the repository.
func retail(t *testing.T, where string, negative dataset.Negative) *measure.Results {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for !exists(filepath.Join(dir, "go.mod")) && dir != filepath.Dir(dir) {
		dir = filepath.Dir(dir)
	}
	path := filepath.Join(dir, "..", "shared", "data", "online-retail", "online_retail.parquet")
	if !exists(path) {
		t.Skip("the public data sets are not here")
	}
	orders := &dataset.Orders{Negative: negative, Files: dataset.Files{
		Root: filepath.Dir(path), Paths: []dataset.Text{{Value: filepath.Base(path)}}, Where: dataset.Text{Value: where},
	}}
	orders.Amount.Value = "Quantity * UnitPrice"
	req := dataset.Request{Currency: "GBP", Digits: 2, Grain: dataset.Month, Tables: dataset.Tables{Orders: orders}}
	agg, list, err := parquetscan.New(req.Tables).Aggregate(context.Background(), req)
	if err != nil || agg == nil {
		t.Fatal(err, list)
	}
	return measure.Compute(agg, req.Calendar, options())
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func active(table cohort.Table, row int) (n []int64) {
	for _, c := range table.Cohorts[row].Cells {
		if c.State != dataset.Future {
			n = append(n, c.Active)
		}
	}
	return n
}

func TestOnlineRetailGivesThePublishedRetention(t *testing.T) {
	a := retail(t, "", dataset.NegativeOrder)
	b := retail(t, "Quantity > 0 and UnitPrice > 0", dataset.NegativeRefund)
	for _, c := range []struct {
		what string
		got  []int64
		want []int64
	}{
		{"A, on, 2010-12", active(a.Retention[0], 0), []int64{948, 362, 317, 367, 341, 376, 360, 336, 336, 374, 354, 474, 260}},
		{"A, on, 2011-01", active(a.Retention[0], 1), []int64{421, 101, 119, 102, 138, 126, 110, 108, 131, 146, 155, 63}},
		{"A, on or after", active(a.Retention[1], 0)[:4], []int64{948, 820, 804, 791}},
		{"B, on, 2010-12", active(b.Retention[0], 0), []int64{885, 324, 286, 340, 321, 352, 321, 309, 313, 350, 331, 445, 235}},
		{"B, on, 2011-01", active(b.Retention[0], 1), []int64{417, 92, 111, 96, 134, 120, 103, 101, 125, 136, 152, 49}},
		{"B, windows of 30 days", active(b.Retention[2], 0)[:4], []int64{885, 326, 310, 338}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %v, want %v", c.what, c.got, c.want)
		}
	}
	if m, _ := a.Retention[0].At(1); math.Abs(m.Rate-.271322) > 5e-7 {
		t.Errorf("mean at month 1: %v, want .271322", m.Rate)
	}
	repeatEstimates(t, b.Repeat)
	for i, want := range []float64{12.8, 32, 71, 179} { // as published for the day after, less one
		if math.Abs(b.Segments.Edges.Recency[i]-want) > 1e-9 {
			t.Errorf("recency edge %d: %v, want %v", i, b.Segments.Edges.Recency[i], want)
		}
	}
}

// repeatEstimates checks the order of the three estimates of repeat purchase on real orders.
func repeatEstimates(t *testing.T, rates []kpi.Repeat) {
	t.Helper()
	gap := 0.0
	for _, r := range rates {
		if r.Naive >= r.EligibleRate || r.Rate-r.Naive <= gap {
			t.Errorf("%+v: the naive rate is the lowest and its gap widens", r)
		}
		gap = r.Rate - r.Naive
		if r.Days <= 180 && math.Abs(r.Rate-r.EligibleRate) > .01 {
			t.Errorf("%+v: the other two stay close", r)
		}
	}
}

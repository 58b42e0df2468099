package parquetscan_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"parcours/internal/diag"
	"parcours/report/dataset"
	"parcours/report/dataset/parquetscan"
)

// shared finds the folder of public data sets beside the repository.
func shared(t *testing.T, elems ...string) string {
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
			t.Skip("no go.mod above the working folder")
		}
	}
	path := filepath.Join(append([]string{dir, "..", "shared", "data"}, elems...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skip("the public data sets are not here")
	}
	return path
}

func text(s string) dataset.Text {
	return dataset.Text{Value: s, Pos: diag.Position{File: "site.toml", Line: 9, Col: 10, Len: len([]rune(s)) + 2}}
}

func column(s string) dataset.Column { return dataset.Column{Text: text(s)} }

func filesAt(path string) dataset.Files {
	return dataset.Files{Root: filepath.Dir(path), Paths: []dataset.Text{text(filepath.Base(path))}, Pos: diag.Position{File: "site.toml", Line: 5, Col: 1}}
}

// aggregate runs a request and fails the test on any error.
func aggregate(t *testing.T, req dataset.Request) *dataset.Aggregates {
	t.Helper()
	agg, l, err := parquetscan.New(req.Tables).Aggregate(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range l.Sorted() {
		if d.Severity == diag.Error {
			t.Fatal(d)
		}
		t.Log(d)
	}
	return agg
}

func online(t *testing.T) *dataset.Orders {
	f := filesAt(shared(t, "online-retail", "online_retail.parquet"))
	return &dataset.Orders{Files: f, Amount: column("Quantity * UnitPrice")}
}

func TestOnlineRetailGivesThePublishedTotals(t *testing.T) {
	for _, test := range []struct {
		name                         string
		where                        string
		negative                     dataset.Negative
		used, customers, orders, net int64
	}{
		{"default", "", "", 406829, 4339, 18536, 830006581},
		{"rule A", "", dataset.NegativeOrder, 406829, 4372, 22190, 830006581},
		{"rule B", "Quantity > 0 and UnitPrice > 0", "", 397884, 4338, 18532, 891140790},
		{"rule C", "not (InvoiceNo startsWith 'C') and Quantity > 0", "", 397924, 4339, 18536, 891140790},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := online(t)
			o.Negative = test.negative
			if test.where != "" {
				o.Where = text(test.where)
			}
			agg := aggregate(t, dataset.Request{Currency: "GBP", Digits: 2, Grain: dataset.Month, Tables: dataset.Tables{Orders: o}})
			got := agg.Totals
			if got.RowsRead != 541909 || got.RowsUsed != test.used || got.Customers != test.customers || got.Orders != test.orders || got.Net != test.net {
				t.Errorf("got %+v", got)
			}
			if day := dataset.FormatDay(agg.Manifest.AsOf); day != "2011-12-09" {
				t.Errorf("as of %s", day)
			}
			if test.where == "" && got.Net+got.UnidentifiedNet != 974774793 {
				t.Errorf("all rows sum to %d", got.Net+got.UnidentifiedNet)
			}
			t.Logf("%+v", agg.Quality)
		})
	}
}

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

func TestCDNOWNeedsOnlyItsPath(t *testing.T) {
	f := filesAt(shared(t, "cdnow", "cdnow_master.parquet"))
	got := aggregate(t, dataset.Request{Currency: "USD", Digits: 2, Tables: dataset.Tables{Orders: &dataset.Orders{Files: f}}}).Totals
	if got.RowsUsed != 69659 || got.Customers != 23570 || got.Net != 250031563 || got.Items != 167881 {
		t.Errorf("%+v", got)
	}
}

func TestCompleteJourneyLoadsAsOrdersAndEvents(t *testing.T) {
	orders := filesAt(shared(t, "complete-journey", "transactions_sample.parquet"))
	redeemed := filesAt(shared(t, "complete-journey", "coupon_redemptions.parquet"))
	req := dataset.Request{Currency: "USD", Digits: 2, Tables: dataset.Tables{
		Orders: &dataset.Orders{Files: orders},
		Events: &dataset.Events{Files: redeemed, Touchpoint: column("coupon")},
	}}
	agg := aggregate(t, req)
	if got := agg.Totals; got.RowsUsed != 75000 || got.Customers != 2377 || got.Orders != 47243 || got.Net != 23393524 {
		t.Errorf("%+v", got)
	}
	events := int64(0)
	for _, r := range agg.Touchpoints {
		if r.Touchpoint == "coupon" {
			events += r.Events
		}
	}
	if events != 2102 {
		t.Errorf("%d redemptions", events)
	}
}

func TestHillstromLoadsWithConstants(t *testing.T) {
	f := filesAt(shared(t, "hillstrom", "hillstrom.parquet"))
	f.Where = text("spend > 0")
	o := &dataset.Orders{Files: f, Customer: column("row()"), Time: column(`date("2008-03-20")`), Amount: column("spend"), Channel: column("channel")}
	campaign := filesAt(shared(t, "hillstrom", "hillstrom.parquet"))
	m := &dataset.Messages{
		Files: campaign, Customer: column("row()"), Time: column(`date("2008-03-20")`), Campaign: column("segment"),
		Event: column(`conversion == 1 ? "converted" : visit == 1 ? "clicked" : "sent"`),
	}
	agg := aggregate(t, dataset.Request{Currency: "USD", Digits: 2, Tables: dataset.Tables{Orders: o, Messages: m}})
	if got := agg.Totals; got.RowsRead != 64000 || got.Orders != 578 || got.Customers != 578 {
		t.Errorf("%+v", got)
	}
	people, converted := int64(0), int64(0)
	for _, r := range agg.Messages {
		people += r.Sent + r.Clicked + r.Converted
		converted += r.Converted
	}
	if people != 64000 || converted != 578 {
		t.Errorf("%d people, %d converted: %+v", people, converted, agg.Messages)
	}
}

package parquetscan_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"parcours/report/dataset/parquetscan"
)

func TestInspectMapsTheOnlineRetailFile(t *testing.T) {
	t.Chdir(shared(t, "online-retail"))
	r, l := parquetscan.Inspect(context.Background(), []string{"online_retail.parquet"})
	if l.Len() > 0 {
		t.Fatal(l.Sorted())
	}
	var b bytes.Buffer
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"541909 rows", "[data.orders]", `customer = "CustomerID"  # 135080 of 541909 rows have none`, `order = "InvoiceNo"`, `time = "InvoiceDate"`, `amount = "Quantity * UnitPrice"`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("missing %q in\n%s", want, b.String())
		}
	}
	for _, c := range r.Files[0].Columns {
		switch c.Name {
		case "CustomerID":
			if c.Distinct != 4372 || !c.Exact || c.Nulls != 135080 || c.Min != "12346" || c.Max != "18287" {
				t.Errorf("%+v", c)
			}
		case "InvoiceNo":
			if c.Exact || c.Distinct < 24600 || c.Distinct > 27200 {
				t.Errorf("25,900 invoices estimated as %+v", c)
			}
		}
	}
	t.Log(b.String())
}

// TestInspectOpensEveryFileOfTheCorpus reads Apache's collection of unusual and damaged files: rows or an error.
func TestInspectOpensEveryFileOfTheCorpus(t *testing.T) {
	dir := shared(t, "parquet-testing")
	bad := map[string]bool{}
	for _, sub := range []string{"data", "bad_data"} {
		entries, err := os.ReadDir(filepath.Join(dir, sub))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if filepath.Ext(e.Name()) != ".parquet" {
				continue
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			r, l := parquetscan.Inspect(context.Background(), []string{filepath.Join(dir, sub, e.Name())})
			runtime.ReadMemStats(&after)
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 300<<20 {
				t.Errorf("%s: allocated %d MB", e.Name(), grown>>20)
			}
			bad[e.Name()] = l.HasErrors()
			for _, d := range l.Sorted() {
				t.Logf("%s: %s", e.Name(), d)
			}
			if !l.HasErrors() && len(r.Files) != 1 {
				t.Errorf("%s: neither described nor refused", e.Name())
			}
			if err := r.WriteText(&bytes.Buffer{}); err != nil {
				t.Error(err)
			}
		}
	}
	t.Log(bad)
}

package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"parcours/internal/enginebench/fixture"
)

// TestAllLayoutsGiveTheSameAggregates is the comparison at a small scale, without the other engines: the totals are those of
// the generator, and nothing depends on how the rows lie in files, on the key, or on the memory.
func TestAllLayoutsGiveTheSameAggregates(t *testing.T) {
	cache := t.TempDir()
	opts := fixture.Options{Orders: 50_000, Customers: 7_500, Seed: 42, RowGroup: 8_000}
	manifests, err := fixture.Provide(context.Background(), cache, opts, fixture.Layouts())
	if err != nil {
		t.Fatal(err)
	}
	first := ""
	for _, m := range manifests {
		folder := filepath.Join(fixture.Folder(cache, opts), m.Layout.String())
		for _, o := range []options{
			{files: folder, key: "customer_id", amount: "amount"},
			{files: folder, key: "customer_uuid", amount: "amount_dec", order: true, memory: "128MiB"},
		} {
			_, agg, err := o.aggregate(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(cache, "answer.json")
			if err := writeAnswer(path, agg); err != nil {
				t.Fatal(err)
			}
			check(t, m, path)
			switch hash := fingerprint(agg); {
			case first == "":
				first = hash
			case hash != first:
				t.Errorf("%v, %s: other aggregates", m.Layout, o.key)
			}
		}
	}
}

func check(t *testing.T, m fixture.Manifest, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var a answer
	if err := json.Unmarshal(text, &a); err != nil {
		t.Fatal(err)
	}
	got := fixture.Totals{Orders: int(a.Orders), Customers: int(a.Customers), CustomerDays: int(a.CustomerDays), Cents: a.Cents}
	for _, cell := range a.Matrix {
		got.CustomerMonths += int(cell[2])
		if cell[0] == 0 && cell[1] == 0 {
			got.FirstMonth = int(cell[2])
		}
	}
	if got != m.Totals {
		t.Errorf("%v: found %+v, the generator counted %+v", m.Layout, got, m.Totals)
	}
	var scored int64
	for _, cell := range a.RFM {
		scored += cell[3]
	}
	if scored != a.Customers {
		t.Errorf("%v: scores of %d customers, there are %d", m.Layout, scored, a.Customers)
	}
}

package handoff

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"parcours/report/dataset"
)

func sample() *dataset.Aggregates {
	return &dataset.Aggregates{
		Manifest:  dataset.Manifest{Schema: dataset.SchemaVersion, AsOf: 20757, Calibration: dataset.NoCalibration, Grain: dataset.Month, Currency: "EUR", Window: []int32{30}},
		Totals:    dataset.Totals{Customers: 3, Orders: 4, Net: -5},
		Edges:     dataset.RFMEdges{Recency: [4]float64{13.8, 33, 72, 180}},
		Periods:   []dataset.PeriodRow{{Period: 24321, Orders: 4}, {Dim: dataset.OtherDim, Period: 24321, Orders: 1}},
		RFM:       []dataset.RFMRow{{R: 5, F: 1, M: 3, Customers: 2, Net: -7}},
		Activity:  []dataset.ActivityRow{{Period: 1, First: true, Gap: 0, Customers: 2}},
		Cells:     []dataset.CellRow{{R: 1, F: 5, X: 2, TX: 3, T: 4, Customers: 5, LogGaps: 6}, {Dim: dataset.NoDim, Cohort: 24321, Net: -7}},
		Spend:     []dataset.SpendRow{{X: 1, Bin: 60, Customers: 1, SquaresHigh: 1 << 63, SquaresLow: math.MaxUint64, LogSum: -1}},
		Discrete:  []dataset.DiscreteRow{{X: 1, TX: 2, N: 3, Customers: 4}},
		Quality:   []dataset.QualityRow{{Table: "orders", File: "a", Reason: dataset.NoTime, Rows: 2, Examples: []string{"row group 0, row 1", "x"}}, {Table: "t"}},
		Frequency: []dataset.HistogramRow{{Value: 1, Customers: 3}},
	}
}

func TestRoundTrip(t *testing.T) {
	dir := filepath.Join(t.TempDir(), ".parcours", "aggregates")
	want := sample()
	for range 2 { // the second time over the first
		if err := Write(t.Context(), dir, "k", want); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Read(dir, "k")
	if err != nil {
		t.Fatal(err)
	}
	for i := range reflect.TypeFor[dataset.Aggregates]().NumField() {
		g, w := reflect.ValueOf(*got).Field(i), reflect.ValueOf(*want).Field(i)
		if w.Kind() == reflect.Slice && w.Len() == 0 && g.Len() == 0 {
			continue
		}
		if name := reflect.TypeFor[dataset.Aggregates]().Field(i).Name; name != "Quality" && !reflect.DeepEqual(g.Interface(), w.Interface()) {
			t.Errorf("%s: got %v, want %v", name, g, w)
		}
	}
	if len(got.Quality) != 2 || len(got.Quality[0].Examples) != 2 || got.Quality[0].Reason != dataset.NoTime {
		t.Errorf("quality: %+v", got.Quality)
	}
	if _, err := Read(dir, "other"); !errors.Is(err, ErrStale) {
		t.Errorf("another question: %v", err)
	}
}

func TestDamageIsAnError(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a")
	if err := Write(t.Context(), dir, "k", sample()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "periods.parquet")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(b); i += 7 {
		bad := append([]byte(nil), b...)
		bad[i] ^= 0x5a
		if err := os.WriteFile(path, bad, 0o644); err != nil {
			t.Fatal(err)
		}
		_, _ = Read(dir, "k") // must not panic; some changes are harmless
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(dir, "k"); err == nil {
		t.Error("a missing table was not noticed")
	}
}

package handoff

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
)

func scores(n int) []ScoreRow {
	out := make([]ScoreRow, n)
	for i := range out {
		out[i] = ScoreRow{
			Customer: fmt.Sprintf("c%06d", i), X: int32(i % 7), TX: int32(i % 300), Age: 400, Alive: 1 / float64(1+i%9), Orders: float64(i%5) / 3,
			Value: int64(i * 17), Currency: "EUR", Segment: []string{"champions", "lost"}[i%2], Months: 12, AsOf: 20757,
		}
	}
	return out
}

func writeScores(t *testing.T, path string, form Form, rows []ScoreRow, at int) int64 {
	t.Helper()
	s, err := CreateScores(path, form)
	if err != nil {
		t.Fatal(err)
	}
	for len(rows) > 0 {
		n := min(at, len(rows))
		if err := s.Write(rows[:n]); err != nil {
			t.Fatal(err)
		}
		rows = rows[n:]
	}
	size, err := s.Close()
	if err != nil {
		t.Fatal(err)
	}
	return size
}

func TestScoresComeBackAsWritten(t *testing.T) {
	want := scores(scoreGroup + 1000)
	dir := t.TempDir()
	path := filepath.Join(dir, "s.parquet")
	size := writeScores(t, path, Parquet, want, 4096)
	got, err := parquet.ReadFile[ScoreRow](path)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("%v, %d rows", err, len(got))
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 || info.Size() != size {
		t.Errorf("%v %v, %d bytes, told %d", err, info.Mode(), info.Size(), size)
	}
	// However the rows come in, the bytes are the same.
	again := filepath.Join(dir, "again.parquet")
	writeScores(t, again, Parquet, want, 777)
	a, _ := os.ReadFile(path)
	b, _ := os.ReadFile(again)
	if string(a) != string(b) {
		t.Error("other batches give other bytes")
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 2 {
		t.Errorf("%d files, want 2", len(entries))
	}
}

func TestTheSchemaOfScores(t *testing.T) {
	want := strings.Split(strings.TrimSpace(csvHeading), ",")
	var got []string
	for _, f := range parquet.SchemaOf(ScoreRow{}).Fields() {
		got = append(got, f.Name())
		if !f.Required() {
			t.Errorf("%s is optional", f.Name())
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("columns %q, want %q", got, want)
	}
	if day := parquet.SchemaOf(ScoreRow{}).Fields()[10]; day.Type().LogicalType() == nil || day.Type().LogicalType().String() != "DATE" {
		t.Errorf("as_of is %v", day.Type())
	}
}

func TestScoresAsCSV(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.csv")
	rows := scores(3)
	rows[0].Customer, rows[1].Customer, rows[2].Customer = "=1+1", `é"x", y`, "+33612345678\x1b"
	rows[1].Orders = 1e-9
	writeScores(t, path, CSV, rows, 2)
	got, err := os.ReadFile(path)
	want := csvHeading +
		"'=1+1,0,0,400,1.000000,0.000000,0,EUR,champions,12,2026-10-31\r\n" +
		"\"é\"\"x\"\", y\",1,1,400,0.500000,0.000000,17,EUR,lost,12,2026-10-31\r\n" +
		"+33612345678,2,2,400,0.333333,0.666667,34,EUR,champions,12,2026-10-31\r\n"
	if err != nil || string(got) != want {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
}

func TestAFileGivenUpLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	s, err := CreateScores(filepath.Join(dir, "s.parquet"), Parquet)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Write(scores(10)); err != nil {
		t.Fatal(err)
	}
	s.Discard()
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("left %v", entries)
	}
}

func TestOnlyScoresAreReplaced(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	own, table := filepath.Join(dir, "own.parquet"), filepath.Join(dir, "own.csv")
	writeScores(t, own, Parquet, scores(3), 3)
	writeScores(t, table, CSV, nil, 1)
	other := filepath.Join(dir, "other.parquet")
	if err := parquet.WriteFile(other, []struct{ A int }{{1}}); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{
		own: true, table: true, filepath.Join(dir, "none"): true, other: false,
		put("a.csv", "customer_id,x\r\n"): false, put("b", "PAR1 damaged PAR1"): false, put("empty", ""): false,
	} {
		if got, err := IsScores(path); got != want || err != nil {
			t.Errorf("%s: %v, %v; want %v", filepath.Base(path), got, err, want)
		}
	}
	if _, err := IsScores(filepath.Join(own, "x")); err == nil {
		t.Error("a file is no folder")
	}
}

func TestLeftoversOfAKilledRunAreSwept(t *testing.T) {
	dir := t.TempDir()
	old, young := filepath.Join(dir, scorePrefix+"1"), filepath.Join(dir, scorePrefix+"2")
	for _, p := range []string{old, young} {
		if err := os.WriteFile(p, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	past := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(old, past, past); err != nil {
		t.Fatal(err)
	}
	writeScores(t, filepath.Join(dir, "s.csv"), CSV, nil, 1)
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Error("the old one is still there")
	}
	if _, err := os.Stat(young); err != nil {
		t.Error(fs.ErrNotExist)
	}
}

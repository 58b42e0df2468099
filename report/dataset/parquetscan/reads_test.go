package parquetscan_test

import (
	"path/filepath"
	"strconv"
	"testing"

	"parcours/report/dataset"
	"parcours/report/dataset/parquetscan"
)

// Reads agrees with what the source would find, so it is asked about files that are there.
func TestReadsFindsWhatTheSourceFinds(t *testing.T) {
	root := t.TempDir()
	one := encode(t, []field{{"customer", nodeOf["text"], texts("a")}}, 0)
	for i, c := range []struct {
		path, file string
		want       bool
	}{
		{"orders.parquet", "orders.parquet", true},
		{"orders.parquet", "scores.parquet", false},
		{"*.parquet", "scores.parquet", true},
		{"./*.parquet", "scores.parquet", true},
		{"*.parquet", "data/scores.parquet", false},
		{"*.parquet", ".scores.parquet", false},
		{"*", "scores.csv", true},
		{"data", "data/scores.parquet", true},
		{"data/", "data/month=1/scores.parquet", true},
		{"data", "data/scores.csv", false},
		{"data", "data/_old/scores.parquet", false},
		{"d*", "data/scores.parquet", true},
		{"data", "database/scores.parquet", false},
		{".", "data/scores.parquet", true},
	} {
		dir := filepath.Join(root, filepath.FromSlash(strconv.Itoa(i)))
		path := store(t, dir, filepath.FromSlash(c.file), one)
		files := dataset.Files{Name: "orders", Root: dir, Paths: []dataset.Text{{Value: c.path}}}
		tables := dataset.Tables{Orders: &dataset.Orders{Files: files}}
		if got := parquetscan.Reads(tables, path); got != map[bool]string{true: "orders"}[c.want] {
			t.Errorf("%s reads %s: %q", c.path, c.file, got)
		}
		found, _, err := parquetscan.New(tables).Fingerprint(t.Context())
		if c.want && filepath.Ext(c.file) == ".parquet" && (err != nil || len(found) != 1) {
			t.Errorf("%s: the source finds %v, %v", c.path, found, err)
		}
		if !c.want && len(found) > 0 {
			t.Errorf("%s: the source finds %v", c.path, found)
		}
	}
}

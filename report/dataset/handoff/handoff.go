// Package handoff writes the aggregates to a folder of small Parquet files and reads them back.
//
// The folder holds manifest.json and one file per table of dataset.Aggregates, named after it in lower case. Anything that
// writes Parquet can produce it. It is kept beside the site and never inside it: cells of one customer are personal.
package handoff

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/parquet-go/parquet-go"

	"parcours/report/dataset"
)

// header is manifest.json: what the tables were computed from and the parts that are not tables.
type header struct {
	Schema   int              `json:"schema"`
	Key      string           `json:"key"`
	Manifest dataset.Manifest `json:"manifest"`
	Totals   dataset.Totals   `json:"totals"`
	Edges    dataset.RFMEdges `json:"rfm_edges"`
	Rows     map[string]int   `json:"rows"`
}

// table is one file of the folder.
type table struct {
	name  string
	rows  func() int
	write func(io.Writer) error
	read  func(path string) error
}

func of[T any](name string, rows *[]T) table {
	return table{
		name:  name,
		rows:  func() int { return len(*rows) },
		write: func(w io.Writer) error { return parquet.Write(w, *rows, parquet.Compression(&parquet.Zstd)) },
		read: func(path string) (err error) {
			*rows, err = parquet.ReadFile[T](path)
			return err
		},
	}
}

func tables(a *dataset.Aggregates) []table {
	return []table{
		of("periods", &a.Periods), of("cohorts", &a.Cohorts), of("windows", &a.Windows), of("lastseen", &a.LastSeen),
		of("second", &a.Second), of("repeat", &a.Repeat), of("gaps", &a.Gaps), of("activity", &a.Activity),
		of("cells", &a.Cells), of("calibration", &a.Calibration), of("track", &a.Track), of("spend", &a.Spend),
		of("earlyspend", &a.EarlySpend), of("discrete", &a.Discrete),
		of("recency", &a.Recency), of("frequency", &a.Frequency), of("monetary", &a.Monetary), of("rfm", &a.RFM),
		of("touchpoints", &a.Touchpoints), of("steps", &a.Steps), of("scores", &a.Scores), of("acquisition", &a.Acquisition),
		of("messages", &a.Messages), of("tickets", &a.Tickets), of("files", &a.Files), of("quality", &a.Quality),
	}
}

// Write replaces the folder dir by the tables of a. Key names the question and the inputs that they answer. When the context
// ends before they are complete, the earlier ones stay.
func Write(ctx context.Context, dir, key string, a *dataset.Aggregates) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), ".tmp-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	h := header{Schema: dataset.SchemaVersion, Key: key, Manifest: a.Manifest, Totals: a.Totals, Edges: a.Edges, Rows: map[string]int{}}
	for _, t := range tables(a) {
		if err := ctx.Err(); err != nil {
			return err
		}
		h.Rows[t.name] = t.rows()
		if err := writeFile(filepath.Join(tmp, t.name+".parquet"), t.write); err != nil {
			return fmt.Errorf("write table %s: %w", t.name, err)
		}
	}
	text, err := json.MarshalIndent(h, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(tmp, "manifest.json"), append(text, '\n'), 0o644); err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.Rename(tmp, dir)
}

func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// ErrStale says that the folder answers another question, or is of another version.
var ErrStale = errors.New("the stored aggregates answer another question")

// Read returns the stored aggregates when they were written under the same key. Any damage is an error, never a panic.
func Read(dir, key string) (a *dataset.Aggregates, err error) {
	defer func() {
		if r := recover(); r != nil { // parquet-go panics on some damaged files
			a, err = nil, fmt.Errorf("read stored aggregates: %v", r)
		}
	}()
	text, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		return nil, err
	}
	var h header
	if err := json.Unmarshal(text, &h); err != nil {
		return nil, err
	}
	if h.Schema != dataset.SchemaVersion || h.Key != key {
		return nil, ErrStale
	}
	a = &dataset.Aggregates{Manifest: h.Manifest, Totals: h.Totals, Edges: h.Edges}
	for _, t := range tables(a) {
		if err := t.read(filepath.Join(dir, t.name+".parquet")); err != nil {
			return nil, fmt.Errorf("read table %s: %w", t.name, err)
		}
		if t.rows() != h.Rows[t.name] {
			return nil, fmt.Errorf("read table %s: %d rows, the manifest says %d", t.name, t.rows(), h.Rows[t.name])
		}
	}
	return a, nil
}

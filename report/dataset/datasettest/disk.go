package datasettest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"parcours/internal/diag"
	"parcours/report/dataset"
)

// Write makes a file of rows; a missing or nil value is a null.
type Write func(path string, columns []Column, rows []dataset.Row) error

// OnDisk returns an open function for Run: the rows of each table are written as files named table/part-0 and so
// on with the given extension (with its dot), and the source is asked with Files pointing at them.
func OnDisk(extension string, write Write, source func() dataset.Source) func(t *testing.T, c Case) dataset.Source {
	return func(t *testing.T, c Case) dataset.Source {
		t.Helper()
		root := t.TempDir()
		for table := range c.Rows {
			if err := os.Mkdir(filepath.Join(root, table), 0o755); err != nil {
				t.Fatal(err)
			}
			for i, rows := range c.Split(table) {
				path := filepath.Join(root, table, fmt.Sprintf("part-%d%s", i, extension))
				if err := write(path, c.Columns(table), rows); err != nil {
					t.Fatalf("writing %s: %v", path, err)
				}
			}
		}
		return located{source(), root, extension}
	}
}

// located asks a source with the places of the files filled in.
type located struct {
	dataset.Source
	root, extension string
}

func (l located) Aggregate(ctx context.Context, req dataset.Request) (*dataset.Aggregates, diag.List, error) {
	in := &req.Tables
	files := func(name string) dataset.Files {
		return dataset.Files{
			Name: name, Root: l.root, Paths: []dataset.Text{{Value: name + "/*" + l.extension}},
			Pos: diag.Position{File: "site.toml", Line: 1, Col: 1},
		}
	}
	in.Orders = place(in.Orders, func(x *dataset.Orders) { x.Files = files("orders") })
	in.Customers = place(in.Customers, func(x *dataset.Customers) { x.Files = files("customers") })
	in.Spend = place(in.Spend, func(x *dataset.Spend) { x.Files = files("spend") })
	in.Messages = place(in.Messages, func(x *dataset.Messages) { x.Files = files("messages") })
	in.Surveys = place(in.Surveys, func(x *dataset.Surveys) { x.Files = files("surveys") })
	in.Tickets = place(in.Tickets, func(x *dataset.Tickets) { x.Files = files("tickets") })
	in.Events = place(in.Events, func(x *dataset.Events) { x.Files = files("events") })
	return l.Source.Aggregate(ctx, req)
}

// place changes a copy of a table, if there is one.
func place[T any](table *T, change func(*T)) *T {
	if table == nil {
		return nil
	}
	out := *table
	change(&out)
	return &out
}

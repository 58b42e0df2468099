package parquetscan

import (
	"context"

	"parcours/internal/diag"
	"parcours/report/dataset"
)

// Check binds every column and expression from the footers alone: the mistakes that Aggregate would report before
// it reads the first row.
func (s *Source) Check(ctx context.Context, req dataset.Request) (diag.List, error) {
	sc := s.planned(ctx, req)
	return sc.list, ctx.Err()
}

// Fingerprint returns the files of the tables with their size and the hash of their footers; no row is read.
func (s *Source) Fingerprint(ctx context.Context) ([]dataset.FileRow, diag.List, error) {
	sc := s.planned(ctx, dataset.Request{Tables: s.tables})
	var out []dataset.FileRow
	for _, t := range sc.tables {
		for _, f := range t.sources {
			out = append(out, dataset.FileRow{Table: t.files.Name, File: f.name, Bytes: f.size, Rows: f.file.NumRows(), Hash: f.hash})
		}
	}
	return out, sc.list, ctx.Err()
}

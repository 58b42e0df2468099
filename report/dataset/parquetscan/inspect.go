package parquetscan

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"parcours/internal/diag"
	"parcours/report/dataset"
	"parcours/report/dataset/expression"
)

// Report is what Inspect finds in files.
type Report struct {
	Files   []File `json:"files"`
	Mapping string `json:"mapping"` // TOML to paste into site.toml, "" when no file can be read
}

// File describes one file.
type File struct {
	Path      string   `json:"path"`
	Bytes     int64    `json:"bytes"`
	Rows      int64    `json:"rows"`
	RowGroups []int64  `json:"row_groups"` // rows of each
	Writer    string   `json:"writer,omitempty"`
	Columns   []Column `json:"columns"`
	Table     string   `json:"table,omitempty"` // the table of site.toml that it looks like

	opened *opened
}

// Column describes one column of a file. Min, Max, Nulls and Distinct come from reading every row; they are unknown
// (Scanned false) for columns that cannot be read, and Note says why.
type Column struct {
	Name      string   `json:"name"`
	Physical  string   `json:"physical"`
	Logical   string   `json:"logical,omitempty"`
	Nullable  bool     `json:"nullable"`
	Codecs    []string `json:"codecs"`
	Encodings []string `json:"encodings"`
	Bytes     int64    `json:"bytes"` // compressed
	Scanned   bool     `json:"scanned"`
	Min       string   `json:"min,omitempty"`
	Max       string   `json:"max,omitempty"`
	Nulls     int64    `json:"nulls"`
	Distinct  int64    `json:"distinct"`
	Exact     bool     `json:"distinct_exact"` // false: an estimate within some percent
	Note      string   `json:"note,omitempty"`
}

// Inspect reads files, patterns and folders, relative to the working folder, and describes them. A file that cannot
// be read is an error in the list; so is a column with damaged pages, whose file is described nevertheless.
func Inspect(ctx context.Context, paths []string) (Report, diag.List) {
	var r Report
	var l diag.List
	root, err := os.Getwd()
	if err != nil {
		root = "."
	}
	f := dataset.Files{Root: root}
	for _, p := range paths {
		f.Paths = append(f.Paths, dataset.Text{Value: p})
	}
	for _, in := range resolve(f, &l) {
		o, err := open(in)
		if err != nil {
			l.Add(diag.Diagnostic{Severity: diag.Error, Code: CodeNotFile, Pos: diag.Position{File: in.name}, Msg: err.Error()})
			continue
		}
		r.Files = append(r.Files, describe(ctx, o, &l))
		if err := ctx.Err(); err != nil {
			l.Errorf(CodeNoFile, diag.Position{}, "%v", err)
			return r, l
		}
	}
	r.Mapping = mapping(r.Files)
	return r, l
}

func describe(ctx context.Context, o *opened, l *diag.List) File {
	meta := o.file.Metadata()
	f := File{Path: o.name, Bytes: o.size, Rows: meta.NumRows, Writer: clean(meta.CreatedBy, 60), opened: o, Columns: make([]Column, len(o.leaves))}
	for i := range meta.RowGroups {
		f.RowGroups = append(f.RowGroups, meta.RowGroups[i].NumRows)
	}
	errs := make([]error, len(o.leaves))
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, leaf := range o.leaves {
		wait.Add(1)
		slots <- struct{}{}
		go func() {
			defer func() { <-slots; wait.Done() }()
			f.Columns[i].Name = leaf.name
			errs[i] = o.measure(ctx, leaf, &f.Columns[i])
		}()
	}
	wait.Wait()
	for i, err := range errs {
		if err != nil {
			f.Columns[i].Note = err.Error()
			l.Add(diag.Diagnostic{Severity: diag.Error, Code: CodeCorrupt, Pos: diag.Position{File: o.name, Path: "column " + clean(o.leaves[i].name, 60)}, Msg: err.Error()})
		}
	}
	f.Table = guess(f)
	return f
}

// describe tells what the footer says of a column.
func (o *opened) describe(l leaf) Column {
	c := Column{Name: l.name, Logical: l.logical, Nullable: l.optional > 0, Physical: physicalName(l.column)}
	for i := range o.file.Metadata().RowGroups {
		columns := o.file.Metadata().RowGroups[i].Columns
		if l.index >= len(columns) {
			continue
		}
		m := &columns[l.index].MetaData
		c.Bytes += m.TotalCompressedSize
		addName(&c.Codecs, m.Codec.String())
		for _, e := range m.Encoding {
			addName(&c.Encodings, e.String())
		}
	}
	if l.typ.Kind == expression.Opaque {
		c.Note = l.typ.String() + ": cannot be used"
	}
	return c
}

func addName(list *[]string, name string) {
	if !slices.Contains(*list, name) {
		*list = append(*list, name)
		slices.Sort(*list)
	}
}

func physicalName(c *parquet.Column) string {
	t := c.Type()
	if p := t.PhysicalType(); p != nil {
		name := p.String()
		if *p == format.FixedLenByteArray {
			name = fmt.Sprintf("%s(%d)", name, t.Length())
		}
		return name
	}
	return "unknown"
}

// measure describes a column and reads every row of it. Damage is an error that names the row group.
func (o *opened) measure(ctx context.Context, l leaf, c *Column) (err error) {
	group := 0
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("row group %d: the file is damaged: %v", group, p)
		}
	}()
	*c = o.describe(l)
	if l.typ.Kind == expression.Opaque || l.void() {
		return nil
	}
	f, err := os.Open(o.path)
	if err != nil {
		return fmt.Errorf("cannot open it: %s", reason(err))
	}
	defer f.Close()
	m := newMeasurer(l.key)
	for g, rg := range o.file.RowGroups() {
		group = g
		if err := o.measureGroup(ctx, f, l, g, rg, m); err != nil {
			return fmt.Errorf("row group %d: %w", g, err)
		}
	}
	m.finish(c)
	return nil
}

func (o *opened) measureGroup(ctx context.Context, f *os.File, l leaf, g int, rg parquet.RowGroup, m *measurer) error {
	r, err := newReader(l, true, f, &o.file.Metadata().RowGroups[g])
	if err != nil {
		return err
	}
	defer r.close()
	for at := int64(0); at < rg.NumRows(); at += batchRows {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := int(min(batchRows, rg.NumRows()-at))
		v, err := r.read(n)
		if err != nil {
			return err
		}
		m.add(v, n)
	}
	return nil
}

// clean makes a text from a file harmless on a terminal and at most n characters long.
func clean(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r < 0x20, r == 0x7f, r >= 0x80 && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f, r == 0xfeff:
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if runes := []rune(s); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return s
}

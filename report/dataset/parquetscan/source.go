// Package parquetscan is the embedded dataset.Source: it reads Parquet files with parquet-go, column by column and
// page by page, binds columns to roles, and hands batches of rows to a tally.
package parquetscan

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"parcours/internal/diag"
	"parcours/report/dataset"
	"parcours/report/dataset/expression"
	"parcours/report/dataset/tally"
)

// Source reads the tables of one site from Parquet files.
type Source struct {
	tables dataset.Tables
	budget int64 // of a pass of Customers in bytes; 0: a third of the promise, or customerBudget
	share  int64 // of Customers in bytes; 0: shareBytes
	sizes  sizes

	keeping Keeping
	mu      sync.Mutex
	found   []Mapping
	reused  Reused

	strategy Strategy
}

// New returns a source over tables. Nothing is read before Aggregate.
func New(tables dataset.Tables) *Source { return &Source{tables: tables} }

// Mapping says which column or expression serves a role, and whether it was found by its name.
type Mapping struct {
	Table, Role string
	Column      string // as in site.toml, or the column that was found
	Found       bool   // not written in site.toml
}

// Mapping returns the mapping of the last Aggregate, tables and roles in the order of the documentation. It is empty
// before, and holds what was known when Aggregate failed.
func (s *Source) Mapping() []Mapping {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mapping(nil), s.found...)
}

// Strategy is how the rows were worked on.
type Strategy struct {
	Workers    int   // at the same time
	Partitions int   // of customers
	Spilled    int64 // bytes that went to the temporary file; 0: everything stayed in memory
}

// Strategy returns that of the last Aggregate, zero before.
func (s *Source) Strategy() Strategy {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.strategy
}

func (s *Source) did(sc *scan) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.strategy = Strategy{Workers: sc.workers, Partitions: sc.tally.Parts(), Spilled: sc.tally.Spilled()}
}

var _ dataset.Source = (*Source)(nil)

// Aggregate implements dataset.Source. It reads the row groups of all files on as many goroutines as there are
// processors; the result does not depend on their number. req.Tables may be left empty: the tables given to New are
// read then.
func (s *Source) Aggregate(ctx context.Context, req dataset.Request) (*dataset.Aggregates, diag.List, error) {
	broken := map[string]error{}
	for {
		agg, list, err := s.aggregate(ctx, req, broken)
		var kept *tally.KeptError
		if !errors.As(err, &kept) || broken[kept.Name] != nil {
			return agg, list, err
		}
		broken[kept.Name] = kept.Err // the files are read instead
	}
}

// aggregate is Aggregate without the segments that are known to be broken.
func (s *Source) aggregate(ctx context.Context, req dataset.Request, broken map[string]error) (*dataset.Aggregates, diag.List, error) {
	sc := s.planned(ctx, req)
	if sc.list.HasErrors() {
		return nil, sc.list, nil
	}
	kept, err := sc.newKeeper(s.keeping, broken)
	if err != nil {
		return nil, sc.list, err
	}
	defer kept.close()
	plan := sc.tallyPlan()
	if sc.list.HasErrors() {
		return nil, sc.list, nil
	}
	sc.tally = tally.New(sc.req, plan)
	defer sc.tally.Close()
	if err := kept.restore(); err != nil {
		return nil, sc.list, err
	}
	if err := sc.run(); err != nil || sc.list.HasErrors() {
		return nil, sc.list, err
	}
	if err := kept.save(); err != nil {
		return nil, sc.list, err
	}
	if req.Phase != nil {
		req.Phase("computing")
	}
	agg, err := sc.tally.Finish(ctx)
	s.did(sc)
	if err != nil && !errors.Is(err, tally.ErrMoney) {
		return nil, sc.list, err
	}
	if err != nil {
		sc.list.Errorf(CodeType, sc.position(), "%v", err)
		return nil, sc.list, nil
	}
	agg.Manifest.Source = "parquet"
	agg.Manifest.Roles = sc.boundRoles()
	kept.publish()
	s.mu.Lock()
	s.reused = kept.reused()
	s.mu.Unlock()
	return agg, sc.list, nil
}

// tallyPlan tells the tally what the footers tell.
func (s *scan) tallyPlan() tally.Plan {
	plan := s.rowsOf()
	plan.OrderWords, plan.Parts = 2, s.parts
	if s.parts == nil { // records that are kept are not placed by the range of the customers, which grows
		plan.IDs = s.customerIDs()
	}
	if s.words > 0 {
		plan.OrderWords = s.words - 1
	}
	if s.allot(&plan); s.list.HasErrors() {
		return plan
	}
	if s.words == 0 {
		s.words = 1 + s.orderWords()
	}
	plan.OrderWords = s.words - 1
	s.allot(&plan) // shorter records are fewer bytes
	return plan
}

// rowsOf counts the rows of the files.
func (s *scan) rowsOf() (plan tally.Plan) {
	rows := map[string]*int64{
		"orders": &plan.Rows, "customers": &plan.Customers, "messages": &plan.Messages, "events": &plan.Events,
	}
	for _, t := range s.tables {
		n := rows[t.files.Name]
		if n == nil {
			continue
		}
		for _, src := range t.sources {
			*n += src.file.NumRows()
		}
	}
	return plan
}

// planned returns a scan whose files are known and whose columns are bound.
func (s *Source) planned(ctx context.Context, req dataset.Request) *scan {
	if len(req.Tables.Given()) == 0 {
		req.Tables = s.tables
	}
	req.Tables = cloneTables(req.Tables)
	sc := &scan{req: req.WithDefaults(), ctx: ctx, sizes: s.sizes}
	sc.tables = tablesOf(&sc.req.Tables, sc.req.Dimension)
	sc.plan()
	s.remember(sc.tables)
	return sc
}

func (s *scan) position() diag.Position {
	if s.req.Tables.Orders != nil {
		return s.req.Tables.Orders.Pos
	}
	return diag.Position{}
}

// boundRoles lists the optional roles of orders that have a column.
func (s *scan) boundRoles() []string {
	var out []string
	for _, t := range s.tables {
		for _, r := range t.roles {
			if t.files.Name == "orders" && !r.required && r.column.Set() {
				out = append(out, r.name)
			}
		}
	}
	return out
}

func (s *Source) remember(tables []*table) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.found = nil
	for _, t := range tables {
		for _, r := range t.roles {
			if r.column.Set() {
				s.found = append(s.found, Mapping{Table: t.files.Name, Role: r.name, Column: r.column.Value, Found: r.column.Pos.IsZero()})
			}
		}
	}
}

// plan resolves paths, reads footers and binds columns. Every mistake is in the list.
func (s *scan) plan() {
	for _, t := range s.tables {
		var files []*opened
		for _, in := range resolve(t.files, &s.list) {
			o, err := open(in)
			if err != nil {
				s.list.Add(diag.Diagnostic{Severity: diag.Error, Code: CodeNotFile, Pos: diag.Position{File: in.name}, Msg: err.Error()})
				continue
			}
			files = append(files, o)
		}
		if len(files) > 0 {
			s.bind(t, files)
		}
	}
}

// bind binds every schema of a table once.
func (s *scan) bind(t *table, files []*opened) {
	all := union(files)
	t.choose(all, &s.list)
	kinds := map[string]*binding{}
	for _, o := range files {
		kinds[signature(o)] = nil
	}
	several := len(kinds) > 1
	for _, o := range files {
		key := signature(o)
		if kinds[key] == nil {
			which := ""
			if several {
				which = o.name
			}
			kinds[key] = t.bind(o, all, which, &s.list)
		}
		t.sources = append(t.sources, &source{opened: o, binding: kinds[key]})
		s.total += o.file.NumRows()
	}
	t.sameTime(&s.list)
}

// sameTime reports a time that is a number in some files, an epoch then, and a date or a text in others: an export that
// changed its mind would move orders to 1970.
func (t *table) sameTime(l *diag.List) {
	for i, r := range t.roles {
		if r.use != useTime {
			continue
		}
		var number, other *source
		for _, src := range t.sources {
			v := src.roles[i]
			switch {
			case v == nil || v.typ.Kind == expression.Null || src.file.NumRows() == 0:
			case v.typ.Numeric() && number == nil:
				number = src
			case !v.typ.Numeric() && other == nil:
				other = src
			}
		}
		if number == nil || other == nil {
			continue
		}
		pos := r.column.Pos
		if pos.IsZero() {
			pos = t.files.Pos
		}
		l.Add(diag.Diagnostic{
			Severity: diag.Error, Code: CodeType, Pos: pos,
			Msg:  fmt.Sprintf("%q is %s in %s and %s in %s", r.column.Value, number.roles[i].typ, number.name, other.roles[i].typ, other.name),
			Hint: "export the files in one way, or read them as two reports",
		})
	}
}

// signature tells schemas apart that need different bindings.
func signature(o *opened) string {
	cols, _ := columnsOf(o, nil)
	var b strings.Builder
	for _, c := range cols {
		b.WriteString(c.Name)
		b.WriteByte(0)
		b.WriteByte(byte(c.Type.Kind))
		b.WriteByte(byte(c.Type.Scale))
		if c.Type.UTC {
			b.WriteByte(1)
		}
		b.WriteByte(0)
	}
	for _, l := range o.leaves {
		if l.void() {
			b.WriteString(l.name)
			b.WriteByte(1)
		}
	}
	if o.file.NumRows() == 0 { // such a file may lack columns that others need
		b.WriteByte(2)
	}
	return b.String()
}

// location loads a zone by name; the configuration has checked it, so a failure means UTC.
func location(name string) *time.Location {
	if loc, err := time.LoadLocation(name); err == nil {
		return loc
	}
	return time.UTC
}

package parquetscan

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"

	"parcours/internal/diag"
	"parcours/report/dataset"
	"parcours/report/dataset/expression"
	"parcours/report/dataset/tally"
)

// batchRows is the number of rows handled at once: the columns of a batch stay in the processor's caches.
const batchRows = 4096

// scan is one run over all tables.
type scan struct {
	ctx    context.Context
	req    dataset.Request
	tables []*table
	tally  *tally.Tally
	list   diag.List
	total  int64 // rows of all files
	read   int64
	rates  rates
}

// task is one row group.
type task struct {
	source  *source
	file    int // index of the source in its table
	group   int
	first   int64 // row of the file at which the group starts
	quality quality
	used    int64
	read    int64
	err     error
	column  string // being read, for messages
}

// batch is a stretch of rows of one row group on its way through a consumer.
type batch struct {
	frame expression.Frame
	vals  []*expression.Vector // by role, nil when the role has no column
	keep  []int                // rows that passed the filter
	first int64                // row of the group
	task  *task
}

// drop counts a row that is not used.
func (b *batch) drop(r dataset.Reason, row int) {
	b.task.quality.add(r, b.task.group, b.first+int64(row))
}

// consumer turns batches into rows of the tally.
type consumer interface {
	consume(b *batch) rows
}

// rows is one result on its way to the tally; done gives its memory back.
type rows interface {
	deliver(s *scan)
	done()
}

// message is what workers send.
type message struct {
	task *task
	rows rows
	n    int64
}

// run reads the rates first, since amounts need them, and then everything else at once.
func (s *scan) run() error {
	var first, rest []*table
	for _, t := range s.tables {
		if t.files.Name == "rates" {
			first = append(first, t)
		} else {
			rest = append(rest, t)
		}
	}
	for _, tables := range [][]*table{first, rest} {
		tasks := tasksOf(tables)
		if err := s.work(tasks); err != nil {
			return err
		}
		s.account(tables, tasks)
		s.rates.sort()
	}
	return nil
}

func tasksOf(tables []*table) []*task {
	var out []*task
	for _, t := range tables {
		for i, src := range t.sources {
			first := int64(0)
			for g, group := range src.file.RowGroups() {
				out = append(out, &task{source: src, file: i, group: g, first: first})
				first += group.NumRows()
			}
		}
	}
	return out
}

// work hands the tasks to one goroutine a processor and delivers their rows, on this goroutine, as they come.
func (s *scan) work(tasks []*task) error {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	workers := min(runtime.GOMAXPROCS(0), len(tasks))
	results := make(chan message, 2*workers)
	var next atomic.Int64
	var running sync.WaitGroup
	failed := make([]error, workers)
	for n := range workers {
		running.Go(func() {
			w := &worker{scan: s, ctx: ctx, results: results, consumers: map[*binding]consumer{}}
			defer func() { failed[n] = w.flush() }()
			for {
				i := int(next.Add(1)) - 1
				if i >= len(tasks) || ctx.Err() != nil {
					return
				}
				w.run(tasks[i])
			}
		})
	}
	go func() {
		running.Wait()
		close(results)
	}()
	for m := range results {
		s.deliver(m)
	}
	return errors.Join(append(failed, s.ctx.Err())...)
}

func (s *scan) deliver(m message) {
	if m.task.source.table.files.Name == "orders" {
		s.tally.CountRead(m.n)
	}
	if m.rows != nil {
		m.rows.deliver(s)
		m.rows.done()
	}
	s.read += m.n
	if s.req.Progress != nil {
		s.req.Progress(s.read, s.total)
	}
}

// worker reads row groups one after the other.
type worker struct {
	scan      *scan
	ctx       context.Context
	results   chan<- message
	consumers map[*binding]consumer
	sinks     map[string]sink // by table
}

// run reads one row group; whatever the library does with a damaged file ends here.
func (w *worker) run(t *task) {
	defer func() {
		if p := recover(); p != nil {
			t.err = fmt.Errorf("the file is damaged: %v", p)
		}
	}()
	t.quality.init()
	t.err = w.group(t)
}

func (w *worker) group(t *task) error {
	f, err := os.Open(t.source.path)
	if err != nil {
		return errors.New("cannot open it: " + reason(err))
	}
	defer f.Close()
	g := &group{task: t, evaluators: map[*expression.Program]*expression.Evaluator{}}
	if err := g.open(f); err != nil {
		g.close()
		return err
	}
	defer g.close()
	c := w.consumers[t.source.binding]
	if c == nil {
		c = t.source.table.consumer(w, t.source.binding)
		w.consumers[t.source.binding] = c
	}
	for at := int64(0); at < g.rows; at += batchRows {
		n := int(min(batchRows, g.rows-at))
		b, err := g.next(at, n)
		if err != nil {
			return err
		}
		t.read += int64(n)
		m := message{task: t, n: int64(n), rows: c.consume(b)}
		select {
		case w.results <- m:
		case <-w.ctx.Done():
			return nil
		}
	}
	return nil
}

// group reads the bound columns of one row group.
type group struct {
	task       *task
	rows       int64
	columns    []columnReader
	evaluators map[*expression.Program]*expression.Evaluator
	batch      batch
}

// columnReader fills one column of the frames.
type columnReader struct {
	index    int // in binding.columns
	name     string
	reader   *reader
	constant *expression.Vector // partitions and absent columns
}

// open opens the columns that the binding uses.
func (g *group) open(f *os.File) error {
	t, b := g.task, g.task.source.binding
	rg := t.source.file.RowGroups()[t.group]
	meta := &t.source.file.Metadata().RowGroups[t.group]
	g.rows = rg.NumRows()
	g.batch = batch{task: t, vals: make([]*expression.Vector, len(b.roles))}
	g.batch.frame.Cols = make([]*expression.Vector, len(b.columns))
	for _, i := range b.used() {
		from := b.readers[i]
		if from.leaf == "" {
			g.columns = append(g.columns, columnReader{index: i, constant: t.source.constant(from, b.columns[i].Type)})
			continue
		}
		t.column = from.leaf
		l := t.source.leaf(from.leaf)
		r, err := newReader(l, from.key, f, rg, meta)
		if err != nil {
			return err
		}
		g.columns = append(g.columns, columnReader{index: i, name: from.leaf, reader: r})
	}
	return nil
}

func (g *group) close() {
	for _, c := range g.columns {
		if c.reader != nil {
			c.reader.close()
		}
	}
}

// next reads rows [at, at+n) and evaluates filter and roles.
func (g *group) next(at int64, n int) (*batch, error) {
	b, bind := &g.batch, g.task.source.binding
	b.first = at
	b.frame.N = n
	b.frame.Row = int64(g.task.file)<<40 | (g.task.first + at)
	for _, c := range g.columns {
		v := c.constant
		if v == nil {
			g.task.column = c.name
			var err error
			if v, err = c.reader.read(n); err != nil {
				return nil, err
			}
		}
		b.frame.Cols[c.index] = v
	}
	g.task.column = ""
	g.filter(bind, n)
	for i, r := range bind.roles {
		switch {
		case r == nil || bind.table.roles[i].idle:
			b.vals[i] = nil
		case r.column >= 0:
			b.vals[i] = b.frame.Cols[r.column]
		default:
			b.vals[i] = g.eval(r.program)
		}
	}
	return b, nil
}

func (g *group) eval(p *expression.Program) *expression.Vector {
	e := g.evaluators[p]
	if e == nil {
		e = p.Evaluator()
		g.evaluators[p] = e
	}
	return e.Eval(&g.batch.frame)
}

// filter lists the rows for which the filter is true and counts the others.
func (g *group) filter(bind *binding, n int) {
	b := &g.batch
	b.keep = b.keep[:0]
	if bind.where == nil {
		for i := range n {
			b.keep = append(b.keep, i)
		}
		return
	}
	v := g.eval(bind.where)
	for i := range n {
		if v.Type.Kind == expression.Bool && !v.IsNull(i) && v.Bool[i] {
			b.keep = append(b.keep, i)
		} else {
			b.drop(dataset.Filtered, i)
		}
	}
}

// used lists the columns that filter and roles read.
func (b *binding) used() []int {
	need := make([]bool, len(b.columns))
	mark := func(p *expression.Program) {
		if p != nil {
			for _, i := range p.Columns() {
				need[i] = true
			}
		}
	}
	mark(b.where)
	for i, r := range b.roles {
		if r == nil || b.table.roles[i].idle {
			continue
		}
		if r.column >= 0 {
			need[r.column] = true
		}
		mark(r.program)
	}
	var out []int
	for i, n := range need {
		if n {
			out = append(out, i)
		}
	}
	return out
}

func (o *opened) leaf(name string) leaf {
	for _, l := range o.leaves {
		if l.name == name {
			return l
		}
	}
	return leaf{}
}

// constant is the column of a partition, or of a column that this file lacks.
func (o *opened) constant(from binds, t expression.Type) *expression.Vector {
	v := &expression.Vector{Type: t}
	resize(v, batchRows)
	null, text := true, ""
	for _, p := range o.partitions {
		if p.name == from.partition && from.partition != "" {
			null, text = p.null, p.value
		}
	}
	if null {
		v.Null = make([]bool, batchRows)
		for i := range v.Null {
			v.Null[i] = true
		}
		return v
	}
	for i := range v.Text {
		v.Text[i] = text
	}
	return v
}

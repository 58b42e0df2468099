package parquetscan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"parcours/internal/diag"
	"parcours/report/dataset"
	"parcours/report/dataset/expression"
	"parcours/report/dataset/tally"
)

// batchRows is the number of rows handled at once: the columns of a batch stay in the processor's caches.
const batchRows = 4096

// scan is one run over all tables.
type scan struct {
	ctx     context.Context
	req     dataset.Request
	tables  []*table
	tally   *tally.Tally
	list    diag.List
	workers int        // 0: one a processor
	most    *footprint // of a row group, once they were looked at
	total   int64      // rows of all files
	read    int64
	rates   rates
	arrived rates // while they are read
	sizes   sizes
	words   int            // of the identifiers of orders, plus one; 0: not known yet
	bounds  [][2]int64     // of identifiers of orders that are read, when they are different
	parts   map[string]int // tally.Plan.Parts
	counts  map[*source]*fileCount
	orders  func() orderSink // instead of the tally's, for measurements
}

// task is one row group or a stretch of its rows.
type task struct {
	source  *source
	file    int // index of the source in its table
	group   int
	first   int64 // row of the file at which the group starts
	from    int64 // rows of the group to read: [from, to)
	to      int64
	quality quality
	used    int64
	read    int64
	watched bool        // follow latest
	latest  dataset.Day // of the rows with a time that passed the filter
	err     error
	column  string // being read, for messages
}

// batch is a stretch of rows of one row group on its way through a consumer.
type batch struct {
	frame expression.Frame
	vals  []*expression.Vector // by role, nil when the role has no column
	keep  []int                // rows that passed the filter; not to be written
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
		tasks := s.tasksOf(tables)
		if err := s.work(tasks); err != nil {
			return err
		}
		s.account(tables, tasks)
		s.rates = s.arrived
		s.rates.sort()
	}
	return nil
}

// work hands the tasks to one goroutine a processor and delivers their rows, on this goroutine, as they come.
func (s *scan) work(tasks []*task) error {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	workers := min(cmp.Or(s.workers, runtime.GOMAXPROCS(0)), len(tasks))
	results := make(chan message, 2*workers)
	plan := newSchedule(len(tasks), workers)
	var running sync.WaitGroup
	all := make([]*worker, workers)
	for n := range all {
		w := &worker{scan: s, ctx: ctx, results: results, consumers: map[*binding]consumer{}}
		all[n] = w
		running.Go(func() {
			for i, ok := plan.take(n); ok && ctx.Err() == nil; i, ok = plan.take(n) {
				w.run(tasks[i])
			}
		})
	}
	failed := make([]error, workers)
	go func() {
		running.Wait()
		for n, w := range all { // in the order of the rows
			failed[n] = w.flush()
		}
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
	c := w.consumers[t.source.binding]
	if c == nil {
		c = t.source.table.consumer(w, t.source.binding)
		w.consumers[t.source.binding] = c
	}
	g := &group{task: t, evaluators: map[*expression.Program]*expression.Evaluator{}}
	defer g.close()
	if err := g.open(); err != nil {
		return err
	}
	told := int64(0)
	defer func() { w.tell(message{task: t, n: t.read - told}) }()
	for at := t.from; at < t.to && w.ctx.Err() == nil; at += batchRows {
		n := int(min(batchRows, t.to-at))
		b, err := g.next(at, n, c)
		if err != nil {
			return err
		}
		t.read += int64(n)
		if b != nil {
			if r := c.consume(b); r != nil && r != (added{}) {
				w.tell(message{task: t, rows: r})
			}
		}
		if t.read-told >= progressRows {
			w.tell(message{task: t, n: t.read - told})
			told = t.read
		}
	}
	return nil
}

// progressRows is the number of rows after which a worker tells how many it read.
const progressRows = 1 << 16

func (w *worker) tell(m message) {
	select {
	case w.results <- m:
	case <-w.ctx.Done():
	}
}

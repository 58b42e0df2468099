package tally

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"parcours/report/dataset"
	"parcours/report/dataset/partition"
)

// worker turns partitions into tables of its own. It serves one goroutine.
type worker struct {
	ctx      context.Context // of the passes over crowded partitions, which take long
	fold     *fold
	gatherer gatherer
	history  history
	signUps  signUps
	past     past
	dims     map[uint32]int64 // customers by value of the dimension

	totals      dataset.Totals
	tables      tables
	track       []dataset.TrackRow
	late, early *worths // by the end of observation and of calibration
	short, long *partition.Writer
	claims      *partition.Writer
}

func (f *fold) newWorker(ctx context.Context) *worker {
	return &worker{ctx: ctx, fold: f, gatherer: gatherer{seed: newSeed(), turn: f.t.turn}, dims: map[uint32]int64{}}
}

// begin makes room for tables.
func (w *worker) begin() {
	f := w.fold
	w.tables = newTables(len(f.outNames), int(f.last-f.base)+1, f.base)
	days := f.asOf - f.first + 1
	w.track = make([]dataset.TrackRow, days)
	w.tables.gaps = make([]int64, days)
	w.late, w.early = &worths{}, &worths{}
	w.short, w.long = f.pasts.short.Writer(), f.pasts.long.Writer()
}

// workers returns the number of goroutines.
func (t *Tally) workers() int {
	if t.plan.Workers > 0 {
		return t.plan.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// parallel calls f for every number below n, on several goroutines, each with a worker of its own. It stops at the first
// error, and when the context ends.
func parallel[W any](ctx context.Context, workers, n int, newWorker func() W, f func(w W, i int) error) ([]W, error) {
	all := make([]W, max(1, min(workers, n)))
	var next atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for i := range all {
		all[i] = newWorker()
		g.Go(func() (err error) {
			defer func() {
				if p := recover(); p != nil { // a mistake of ours: the program says so and leaves an earlier site alone
					err = fmt.Errorf("internal error while counting: %v\n%s", p, debug.Stack())
				}
			}()
			for {
				at := int(next.Add(1)) - 1
				if at >= n || ctx.Err() != nil {
					return ctx.Err()
				}
				if err := f(all[i], at); err != nil {
					return err
				}
			}
		})
	}
	return all, g.Wait()
}

// eachHistory calls f with the history of every customer of a partition; what it gives holds until the next. The sign-ups
// are used up, if they are asked for.
func (w *worker) eachHistory(part int, signed bool, f func(k Key, h *history) error) error {
	t := w.fold.t
	if signed = signed && t.req.Cohort == dataset.BySignUp; signed {
		if err := w.signUps.read(t, part, w.fold.asOf); err != nil {
			return err
		}
	}
	for kind, store := range t.rows.stores {
		if store.Records(part) == 0 {
			continue
		}
		g, layout := &w.gatherer, &t.rows.layouts[kind]
		tell := func(k Key) error {
			if signed {
				w.history.signUp = w.signUps.of(k)
			}
			return f(k, &w.history)
		}
		if n := int(store.Records(part)); n > g.most() {
			if err := w.inTurns(store, layout, part, tell); err != nil {
				return err
			}
			continue
		}
		if err := g.gather(store, layout, &t.places, part); err != nil {
			return err
		}
		for i := range g.customers() {
			recs := g.of(i)
			if len(recs) == 0 {
				continue
			}
			w.read(layout, recs)
			if err := tell(g.key(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// read fills the history from the records of a customer.
func (w *worker) read(l *layout, recs []uint64) {
	h := &w.history
	if l.plain() {
		h.readPlain(recs, l.width)
		return
	}
	h.lines = h.lines[:0]
	for ; len(recs) > 0; recs = recs[l.width:] {
		h.lines = append(h.lines, line{})
		l.get(recs[:l.width], &h.lines[len(h.lines)-1])
	}
	h.read(w.fold.t.labels.names)
}

// countDims counts the customers of a partition by value of the dimension.
func (w *worker) countDims(part int) error {
	return w.eachHistory(part, false, func(_ Key, h *history) error {
		if h.hasOrder {
			w.dims[h.dim]++
		}
		return nil
	})
}

// addPart counts the customers of a partition and gives its rows back.
func (w *worker) addPart(part int) error {
	claiming := w.claims != nil
	err := w.eachHistory(part, true, func(_ Key, h *history) error {
		if claiming {
			w.claim(h.lines)
		}
		w.fold.place(h)
		w.addRefunds(h)
		if h.hasOrder {
			w.addCustomer(h)
		}
		return nil
	})
	for _, s := range w.fold.t.rows.stores {
		s.Free(part)
	}
	return err
}

// count passes over the rows of all customers: the values of the dimension first, when there are any, then all tables that
// need no scores.
func (f *fold) count(ctx context.Context) error {
	t := f.t
	if f.req.Dimension != "" {
		workers, err := parallel(ctx, t.workers(), t.parts, func() *worker { return f.newWorker(ctx) }, (*worker).countDims)
		if err != nil {
			return err
		}
		all := map[uint32]int64{}
		for _, w := range workers {
			for code, n := range w.dims {
				all[code] += n
			}
		}
		f.chooseDims(all)
	}
	f.pasts = newPasts(t.pool, f.first, f.asOf)
	workers, err := parallel(ctx, t.workers(), t.parts, func() *worker {
		w := f.newWorker(ctx)
		w.begin()
		if t.claims != nil {
			w.claims = t.claims.Writer()
		}
		return w
	}, (*worker).addPart)
	for _, w := range workers {
		if err == nil {
			err = w.flush()
		}
	}
	if err != nil {
		return err
	}
	f.merge(workers)
	return nil
}

func (w *worker) flush() error {
	for _, out := range []*partition.Writer{w.short, w.long, w.claims} {
		if out == nil {
			continue
		}
		if err := out.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// merge adds the tables of the workers up.
func (f *fold) merge(workers []*worker) {
	f.tables, f.track = workers[0].tables, workers[0].track
	f.late, f.early = workers[0].late, workers[0].early
	for i, w := range workers {
		f.totals.Customers += w.totals.Customers
		f.totals.Orders += w.totals.Orders
		f.totals.OrphanRefunds += w.totals.OrphanRefunds
		f.totals.CancelledCustomers += w.totals.CancelledCustomers
		f.totals.CancelledNet += w.totals.CancelledNet
		f.totals.EmptyPurchases += w.totals.EmptyPurchases
		if i == 0 {
			continue
		}
		f.tables.add(&w.tables)
		f.late.merge(w.late)
		f.early.merge(w.early)
		for d, row := range w.track {
			f.track[d].First += row.First
			f.track[d].Repeat += row.Repeat
			f.track[d].RepeatSpend += row.RepeatSpend
		}
	}
}

package tally

import (
	"context"
	"sync"

	"parcours/report/dataset"
)

// EachCustomer calls yield with every customer who has a purchase, in no order, instead of Finish: ID is left empty, since
// the key does not always tell it. Edges are those of all customers, of whom the rows added may be a part. Yield is called by
// one goroutine at a time. The rows are given up on the way, and the Tally must not be used afterwards.
func (t *Tally) EachCustomer(ctx context.Context, edges dataset.RFMEdges, yield func(Key, dataset.Customer)) error {
	t.addKept()
	f := newFold(t, t.asOf())
	f.pasts = newPasts(t.pool, f.first, f.asOf)
	scores := newScorer(edges, int(f.asOf-f.first))
	var mu sync.Mutex
	_, err := parallel(ctx, t.workers(), t.parts, func() *worker {
		w := f.newWorker(ctx)
		w.begin()
		return w
	}, func(w *worker, part int) error {
		err := w.eachHistory(part, true, func(k Key, h *history) error {
			f.place(h)
			c, ok := w.customer(h, scores)
			if ok {
				mu.Lock()
				yield(k, c)
				mu.Unlock()
			}
			return nil
		})
		for _, s := range t.rows.stores {
			s.Free(part)
		}
		return err
	})
	return err
}

// customer tells what the tables of purchases would count of a customer; false without a purchase.
func (w *worker) customer(h *history, e *scorer) (dataset.Customer, bool) {
	if !h.hasOrder {
		return dataset.Customer{}, false
	}
	f, p := w.fold, &w.past
	w.recall(p, h)
	if p.x < 0 {
		return dataset.Customer{}, false
	}
	c := dataset.Customer{
		Dim: f.t.labels.names.text[h.dim], Cohort: h.cohort,
		X: p.x, TX: p.tx, T: f.asOf - p.first, Orders: p.orders, Net: p.net, Spend: p.spend,
		First: p.first, Last: p.first + p.tx,
	}
	c.R, c.F, c.M = e.recency(p.recency), e.frequency(p.orders), e.monetary(p.net)
	return c, true
}

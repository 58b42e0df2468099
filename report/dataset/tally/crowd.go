package tally

import (
	"context"
	"slices"

	"parcours/report/dataset"
)

// An identifier may be that of nobody: a guest, a till. When half of all orders have it, its partition does not fit any
// memory. Such a partition is read several times, some of its customers at a time, and customers with very many plain orders
// are counted by day without bringing the orders together.

// most returns the number of records up to which a partition is read at once.
func (g *gatherer) most() int {
	if g.turn > 0 {
		return g.turn
	}
	return 4 * turnRecords
}

// inTurns does for a crowded partition what gather and read do, and calls tell after each history.
func (w *worker) inTurns(s *shelf, l *layout, part int, tell func(Key) error) error {
	g := &w.gatherer
	if err := g.number(w.ctx, s, l, w.fold.t.places.base, part); err != nil {
		return err
	}
	counts, most := slices.Clone(g.starts), uint32(g.most())
	if l.plain() {
		if err := w.giants(s, l, part, counts, most, tell); err != nil {
			return err
		}
	}
	for from := 0; from < len(counts); {
		to, records := from, uint32(0)
		for ; to < len(counts) && (to == from || records+counts[to] <= most); to++ {
			records += counts[to]
		}
		if err := w.turn(s, l, part, counts, from, to, tell); err != nil {
			return err
		}
		from = to
	}
	return nil
}

// number numbers the customers of a partition and counts their records in g.starts; it does not remember whose each is.
func (g *gatherer) number(ctx context.Context, s *shelf, l *layout, base uint64, part int) error {
	g.layout, g.base, g.ranged = l, base, false
	g.keys, g.starts = g.keys[:0], g.starts[:0]
	if len(g.slots) == 0 {
		g.slots = make([]uint64, 1<<10)
	}
	clear(g.slots)
	return s.Each(part, func(recs []uint64) error {
		g.ids = g.ids[:0]
		if l.customer > 0 {
			g.numberAny(recs)
		} else {
			g.numberSmall(recs)
		}
		return ctx.Err()
	})
}

// turn tells the histories of the customers with numbers from one to another, of whom those without records are left out.
func (w *worker) turn(s *shelf, l *layout, part int, counts []uint32, from, to int, tell func(Key) error) error {
	g := &w.gatherer
	clear(g.starts)
	g.starts = g.starts[:len(counts)]
	total := 0
	for i := from; i < to; i++ {
		g.starts[i] = counts[i]
		total += int(counts[i])
	}
	if total == 0 {
		return nil
	}
	g.makeRoom(total)
	err := g.eachNumbered(w.ctx, s, part, func(n uint32, rec []uint64) {
		if int(n) >= from && int(n) < to && counts[n] > 0 {
			at := int(g.next[n]) * l.width
			g.next[n]++
			copy(g.recs[at:at+l.width], rec)
		}
	})
	for i := from; i < to && err == nil; i++ {
		if recs := g.of(i); len(recs) > 0 {
			w.read(l, recs)
			err = tell(g.keys[i])
		}
	}
	g.starts = g.starts[:len(counts)]
	return err
}

// eachNumbered calls f with the records of a partition and the numbers of their customers, who are all known.
func (g *gatherer) eachNumbered(ctx context.Context, s *shelf, part int, f func(n uint32, rec []uint64)) error {
	width := g.layout.width
	return s.Each(part, func(recs []uint64) error {
		for ; len(recs) >= width; recs = recs[width:] {
			var n uint32
			if g.layout.customer > 0 {
				n, _ = g.find(Key{recs[g.layout.customer], recs[g.layout.customer+1]})
			} else {
				n = g.findSmall(recs[0] & 0xffffffff)
			}
			f(n, recs[:width])
		}
		return ctx.Err()
	})
}

// findSmall returns the number of a customer in the table of small ids.
func (g *gatherer) findSmall(id uint64) uint32 {
	mask := len(g.slots) - 1
	for at := int(id * g.seed.odd() >> slotShift(len(g.slots))); ; at++ {
		if slot := g.slots[at&mask]; slot>>32 == id {
			return uint32(slot) - 1
		}
	}
}

// giant is a customer whose plain orders are counted by day.
type giant struct{ sales, refunds []order }

// giants tells the histories of the customers with more plain records than most, and takes their records out of the counts.
func (w *worker) giants(s *shelf, l *layout, part int, counts []uint32, most uint32, tell func(Key) error) error {
	first := w.fold.memoFirst
	all := map[uint32]*giant{}
	for n, count := range counts {
		if count > most {
			all[uint32(n)] = &giant{make([]order, len(w.fold.memo)), make([]order, len(w.fold.memo))}
			counts[n] = 0
		}
	}
	if len(all) == 0 {
		return nil
	}
	err := w.gatherer.eachNumbered(w.ctx, s, part, func(n uint32, rec []uint64) {
		g := all[n]
		if g == nil {
			return
		}
		days := g.refunds
		if rec[0]&headSale != 0 {
			days = g.sales
		}
		o := &days[dayOf(rec[0])-first]
		o.n++
		o.gross += int64(rec[1])
	})
	for n, g := range all {
		if err == nil {
			w.history.readGiant(g, first)
			err = tell(w.gatherer.keys[n])
		}
	}
	return err
}

// readGiant fills the history from orders by day.
func (h *history) readGiant(g *giant, first dataset.Day) {
	h.reset()
	for i, o := range g.sales {
		if o.n > 0 {
			h.orders = append(h.orders, order{first + dataset.Day(i), o.n, o.gross, o.gross})
		}
	}
	for i, r := range g.refunds {
		if r.gross != 0 {
			h.refunds = append(h.refunds, refund{day: first + dataset.Day(i), amount: r.gross})
		}
	}
	h.hasOrder = len(h.orders) > 0
}

package tally

import (
	"cmp"
	"slices"
)

// signed makes a number sort among unsigned ones; unsigned takes it back.
func signed(n int32) uint64 { return uint64(uint32(n) ^ 1<<31) }

func unsigned(n uint64) int32 { return int32(uint32(n) ^ 1<<31) }

// group is a row under construction.
type group[S any] struct {
	key  cell // packed so that rows are in the order of their keys
	sums S
}

// groups adds customers up by key, in a table of its own: a hash table whose rows are of fixed size and hold their keys is
// several times faster than a map here, and there may be millions of customers.
type groups[S any] struct {
	slots []uint64 // upper half of the hash | 1 + number of a row, at the hash of its key or after it; 0: free
	rows  []group[S]
}

// reset forgets all rows.
func (g *groups[S]) reset() {
	if g.slots == nil {
		g.slots = make([]uint64, 1<<10)
	}
	clear(g.slots)
	g.rows = g.rows[:0]
}

// at returns the sums of a key. They hold until the next call.
func (g *groups[S]) at(k cell) *S {
	mask := uint64(len(g.slots) - 1)
	h := k.hash()
	at := h & mask
	for ; g.slots[at] != 0; at = (at + 1) & mask {
		if slot := g.slots[at]; slot>>32 == h>>32 {
			if r := &g.rows[uint32(slot)-1]; r.key == k {
				return &r.sums
			}
		}
	}
	g.rows = append(g.rows, group[S]{key: k})
	g.slots[at] = h>>32<<32 | uint64(len(g.rows))
	if 2*len(g.rows) > len(g.slots) {
		g.grow()
	}
	return &g.rows[len(g.rows)-1].sums
}

func (g *groups[S]) grow() {
	g.slots = make([]uint64, 2*len(g.slots))
	mask := uint64(len(g.slots) - 1)
	for i := range g.rows {
		h := g.rows[i].key.hash()
		at := h & mask
		for g.slots[at] != 0 {
			at = (at + 1) & mask
		}
		g.slots[at] = h>>32<<32 | uint64(i+1)
	}
}

// merged returns the rows of all workers in the order of their keys, each key once.
func merged[W, S any](workers []W, rows func(W) []group[S], add func(to, from *S)) []group[S] {
	type place struct {
		key cell
		row *group[S]
	}
	n := 0
	for _, w := range workers {
		n += len(rows(w))
	}
	places := make([]place, 0, n)
	for _, w := range workers {
		from := rows(w)
		for i := range from {
			places = append(places, place{from[i].key, &from[i]})
		}
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.key[0], b.key[0]), cmp.Compare(a.key[1], b.key[1]), cmp.Compare(a.key[2], b.key[2]))
	})
	out := make([]group[S], 0, n)
	for _, p := range places {
		if n := len(out); n > 0 && out[n-1].key == p.key {
			add(&out[n-1].sums, &p.row.sums)
			continue
		}
		out = append(out, *p.row)
	}
	return out
}

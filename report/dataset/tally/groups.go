package tally

import (
	"cmp"
	"slices"
)

// key is the key of a row of Cells or Calibration, packed so that rows are in the order of their keys.
type key [3]uint64

// signed makes a number sort among unsigned ones; unsigned takes it back.
func signed(n int32) uint64 { return uint64(uint32(n) ^ 1<<31) }

func unsigned(n uint64) int32 { return int32(uint32(n) ^ 1<<31) }

// groups adds customers up by key, in a table of its own: a hash table whose keys and values are rows of fixed size is
// several times faster than a map here, and there may be millions of customers.
type groups[R any] struct {
	most  int
	slots []uint64 // upper half of the hash | 1 + number of a row, at the hash of its key or after it; 0: free
	keys  []key
	rows  []R
}

func newGroups[R any](most int) *groups[R] {
	return &groups[R]{most: most, slots: make([]uint64, 1<<10)}
}

// at returns the row of a key, or nil when there would be more rows than the limit.
func (g *groups[R]) at(k key) *R {
	mask := uint64(len(g.slots) - 1)
	h := k.hash()
	at := h & mask
	for ; g.slots[at] != 0; at = (at + 1) & mask {
		if slot := g.slots[at]; slot>>32 == h>>32 {
			if i := uint32(slot) - 1; g.keys[i] == k {
				return &g.rows[i]
			}
		}
	}
	if len(g.rows) == g.most {
		return nil
	}
	var zero R
	g.keys, g.rows = append(g.keys, k), append(g.rows, zero)
	g.slots[at] = h>>32<<32 | uint64(len(g.rows))
	if 2*len(g.rows) > len(g.slots) {
		g.grow()
	}
	return &g.rows[len(g.rows)-1]
}

func (g *groups[R]) grow() {
	g.slots = make([]uint64, 2*len(g.slots))
	mask := uint64(len(g.slots) - 1)
	for i, k := range g.keys {
		h := k.hash()
		at := h & mask
		for g.slots[at] != 0 {
			at = (at + 1) & mask
		}
		g.slots[at] = h>>32<<32 | uint64(i+1)
	}
}

func (k key) hash() uint64 {
	h := (k[0]*fibonacci ^ k[1]) * 0xff51afd7ed558ccd
	h = ((h ^ h>>32) + k[2]) * 0xc4ceb9fe1a85ec53
	return h ^ h>>29
}

// merge adds the rows of o to g; false when they are too many.
func merge[R any](g, o *groups[R], add func(to, from *R)) bool {
	for i, k := range o.keys {
		to := g.at(k)
		if to == nil {
			return false
		}
		add(to, &o.rows[i])
	}
	return true
}

// sorted calls f with the rows in the order of their keys.
func (g *groups[R]) sorted(f func(key, *R)) {
	places := make([]int32, len(g.keys))
	for i := range places {
		places[i] = int32(i)
	}
	slices.SortFunc(places, func(i, j int32) int {
		a, b := &g.keys[i], &g.keys[j]
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]), cmp.Compare(a[2], b[2]))
	})
	for _, i := range places {
		f(g.keys[i], &g.rows[i])
	}
}

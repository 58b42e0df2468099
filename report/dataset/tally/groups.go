package tally

import (
	"cmp"
	"slices"
)

// key is the key of a row of Cells or Calibration, packed so that rows are in the order of their keys.
type key [3]uint64

// signed makes a number sort among unsigned ones.
func signed(n int32) uint64 { return uint64(uint32(n) ^ 1<<31) }

// groups adds customers up by key, in a table of its own: a hash table whose keys and values are rows of fixed size is
// several times faster than a map here, and there may be millions of customers.
type groups[R any] struct {
	most  int
	slots []int32 // 1 + number of a row, at the hash of its key or after it; 0: free
	keys  []key
	rows  []R
}

func newGroups[R any](most int) *groups[R] {
	return &groups[R]{most: most, slots: make([]int32, 1<<10)}
}

// at returns the row of a key and whether it is new, or nil when there would be more rows than the limit.
func (g *groups[R]) at(k key) (row *R, fresh bool) {
	mask := uint64(len(g.slots) - 1)
	at := k.hash() & mask
	for ; g.slots[at] != 0; at = (at + 1) & mask {
		if i := g.slots[at] - 1; g.keys[i] == k {
			return &g.rows[i], false
		}
	}
	if len(g.rows) == g.most {
		return nil, false
	}
	var zero R
	g.keys, g.rows = append(g.keys, k), append(g.rows, zero)
	g.slots[at] = int32(len(g.rows))
	if 2*len(g.rows) > len(g.slots) {
		g.grow()
	}
	return &g.rows[len(g.rows)-1], true
}

func (g *groups[R]) grow() {
	g.slots = make([]int32, 2*len(g.slots))
	mask := uint64(len(g.slots) - 1)
	for i, k := range g.keys {
		at := k.hash() & mask
		for g.slots[at] != 0 {
			at = (at + 1) & mask
		}
		g.slots[at] = int32(i + 1)
	}
}

func (k key) hash() uint64 {
	h := (k[0]*0x9e3779b97f4a7c15 ^ k[1]) * 0xff51afd7ed558ccd
	h = ((h ^ h>>32) + k[2]) * 0xc4ceb9fe1a85ec53
	return h ^ h>>29
}

// sorted returns the rows in the order of their keys.
func (g *groups[R]) sorted() []R {
	type place struct {
		key key
		row int32
	}
	places := make([]place, len(g.keys))
	for i, k := range g.keys {
		places[i] = place{k, int32(i)}
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.key[0], b.key[0]), cmp.Compare(a.key[1], b.key[1]), cmp.Compare(a.key[2], b.key[2]))
	})
	out := make([]R, len(places))
	for i, p := range places {
		out[i] = g.rows[p.row]
	}
	return out
}

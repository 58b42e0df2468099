package tally

import "slices"

// gatherer brings the records of each customer of a partition together: it numbers the customers by a hash table that fits
// the cache and sorts the records by number, by counting. Its memory is used again for the next partition.
type gatherer struct {
	layout *layout
	seed   seed
	base   uint64   // of small ids
	from   uint64   // customers have the ids from here on, without a table
	slots  []uint64 // of small ids: id<<32 | number+1; else upper half of the hash | number+1; 0: free
	ranged bool     // the ids are the numbers
	keys   []Key    // of customers, by number
	ids    []uint32 // number of the customer of each record
	starts []uint32 // place of the first record of each customer, and the end
	next   []uint32
	recs   []uint64 // by customer
	turn   int      // records from which on a partition is read in turns; 0: turnRecords × 4
}

// gather reads a partition. Afterwards customer i, below customers(), has the key key(i) and the records of(i).
func (g *gatherer) gather(s *shelf, l *layout, p *places, part int) error {
	g.layout, g.base = l, p.base
	s.Order(part, func(rec []uint64) uint64 { return rec[0] >> headDay })
	if l.customer == 0 && p.dense > 0 {
		if ok, err := g.gatherRange(s, p, part); ok || err != nil {
			return err
		}
	}
	n := int(s.Records(part))
	g.ranged = false
	g.keys, g.ids, g.starts = g.keys[:0], slices.Grow(g.ids[:0], n), g.starts[:0]
	if len(g.slots) == 0 {
		g.slots = make([]uint64, 1<<10)
	}
	clear(g.slots)
	number := g.numberSmall
	if l.customer > 0 {
		number = g.numberAny
	}
	if err := s.Each(part, func(recs []uint64) error { number(recs); return nil }); err != nil {
		return err
	}
	g.makeRoom(n)
	row := 0
	return s.Each(part, func(recs []uint64) error {
		g.move(recs, g.ids[row:])
		row += len(recs) / l.width
		return nil
	})
}

// gatherRange is gather for a partition of ids that follow each other; false when there are others.
func (g *gatherer) gatherRange(s *shelf, p *places, part int) (bool, error) {
	size := uint64(1) << p.shift
	g.from = uint64(part) << p.shift
	g.ranged = true
	g.starts = slices.Grow(g.starts[:0], int(size)+1)[:size]
	clear(g.starts)
	alien := false
	err := s.Each(part, func(recs []uint64) error {
		for i := 0; i < len(recs); i += g.layout.width {
			n := recs[i]&0xffffffff - g.from
			if n >= size {
				alien = true
				continue
			}
			g.starts[n]++
		}
		return nil
	})
	if alien || err != nil {
		return false, err
	}
	g.makeRoom(int(s.Records(part)))
	return true, s.Each(part, func(recs []uint64) error {
		width := g.layout.width
		for i := 0; i < len(recs); i += width {
			n := recs[i]&0xffffffff - g.from
			to := int(g.next[n]) * width
			g.next[n]++
			if width == 2 {
				g.recs[to], g.recs[to+1] = recs[i], recs[i+1]
			} else {
				copy(g.recs[to:to+width], recs[i:i+width])
			}
		}
		return nil
	})
}

// makeRoom turns numbers of records into places.
func (g *gatherer) makeRoom(records int) {
	at := uint32(0)
	for i, count := range g.starts {
		g.starts[i] = at
		at += count
	}
	g.next = append(g.next[:0], g.starts...)
	g.starts = append(g.starts, at)
	words := records * g.layout.width
	g.recs = slices.Grow(g.recs[:0], words)[:words]
}

// customers returns the number of customers; some of them may have no records.
func (g *gatherer) customers() int { return len(g.starts) - 1 }

func (g *gatherer) key(i int) Key {
	if g.ranged {
		return Key{1, g.base + g.from + uint64(i)}
	}
	return g.keys[i]
}

// of returns the records of customer i.
func (g *gatherer) of(i int) []uint64 {
	w := g.layout.width
	return g.recs[int(g.starts[i])*w : int(g.starts[i+1])*w]
}

// numberSmall numbers the customers of records whose id is in the head.
func (g *gatherer) numberSmall(recs []uint64) {
	width, ids := g.layout.width, g.ids
	mask, shift := len(g.slots)-1, slotShift(len(g.slots))
	for i := 0; i < len(recs); i += width {
		id := recs[i] & 0xffffffff
		at := int(id * g.seed.odd() >> shift)
		for {
			slot := g.slots[at&mask]
			if slot>>32 == id && slot != 0 {
				n := uint32(slot) - 1
				g.starts[n]++
				ids = append(ids, n)
				break
			}
			if slot == 0 {
				n := uint32(len(g.keys))
				g.slots[at&mask] = id<<32 | uint64(n+1)
				g.keys, g.starts = append(g.keys, Key{1, g.base + id}), append(g.starts, 1)
				ids = append(ids, n)
				if 2*len(g.keys) > len(g.slots) {
					g.grow()
					mask, shift = len(g.slots)-1, slotShift(len(g.slots))
				}
				break
			}
			at++
		}
	}
	g.ids = ids
}

// numberAny numbers the customers of records with a key of two words.
func (g *gatherer) numberAny(recs []uint64) {
	width, ids := g.layout.width, g.ids
	for i := 0; i < len(recs); i += width {
		k := Key{recs[i+g.layout.customer], recs[i+g.layout.customer+1]}
		n, fresh := g.find(k)
		if fresh {
			g.keys, g.starts = append(g.keys, k), append(g.starts, 0)
			if 2*len(g.keys) > len(g.slots) {
				g.grow()
			}
		}
		g.starts[n]++
		ids = append(ids, n)
	}
	g.ids = ids
}

// find returns the number of a key, and whether it is new; it is in the table then, but not among the keys.
func (g *gatherer) find(k Key) (n uint32, fresh bool) {
	h := g.seed.hash(k)
	mask := len(g.slots) - 1
	for at := int(h); ; at++ {
		slot := g.slots[at&mask]
		if slot == 0 {
			n = uint32(len(g.keys))
			g.slots[at&mask] = h>>32<<32 | uint64(n+1)
			return n, true
		}
		if slot>>32 == h>>32 {
			if n = uint32(slot) - 1; g.keys[n] == k {
				return n, false
			}
		}
	}
}

func slotShift(n int) int {
	s := 64
	for ; n > 1; n >>= 1 {
		s--
	}
	return s
}

// grow doubles the table.
func (g *gatherer) grow() {
	g.slots = make([]uint64, 2*len(g.slots))
	mask, shift := len(g.slots)-1, slotShift(len(g.slots))
	for n, k := range g.keys {
		id := k[1] - g.base
		slot, at := id<<32|uint64(n+1), int(id*g.seed.odd()>>shift)
		if g.layout.customer > 0 {
			h := g.seed.hash(k)
			slot, at = h>>32<<32|uint64(n+1), int(h)
		}
		for g.slots[at&mask] != 0 {
			at++
		}
		g.slots[at&mask] = slot
	}
}

// move brings records to the places of their customers.
func (g *gatherer) move(recs []uint64, ids []uint32) {
	width := g.layout.width
	if width == 2 {
		for i := 0; i+1 < len(recs); i += 2 {
			n := ids[i/2]
			to := g.next[n] * 2
			g.next[n]++
			g.recs[to], g.recs[to+1] = recs[i], recs[i+1]
		}
		return
	}
	for i, row := 0, 0; i < len(recs); i, row = i+width, row+1 {
		n := ids[row]
		to := int(g.next[n]) * width
		g.next[n]++
		copy(g.recs[to:to+width], recs[i:i+width])
	}
}

package tally

import "math/bits"

// fibonacci is 2⁶⁴ divided by the golden ratio: multiples of it are spread over the upper bits.
const fibonacci = 0x9e3779b97f4a7c15

// bag counts by a key of 63 bits, in a table several times faster than a map.
type bag struct {
	slots []bagSlot
	used  int
}

type bagSlot struct {
	key   uint64 // 1 + the key, 0: free
	count int64
}

// at returns the count of a key.
func (b *bag) at(key uint64) *int64 {
	if 2*b.used >= len(b.slots) {
		b.grow()
	}
	mask := len(b.slots) - 1
	for at := int((key + 1) * fibonacci >> (64 - bits.Len(uint(mask)))); ; at++ {
		s := &b.slots[at&mask]
		if s.key == key+1 {
			return &s.count
		}
		if s.key == 0 {
			s.key = key + 1
			b.used++
			return &s.count
		}
	}
}

func (b *bag) grow() {
	old := b.slots
	b.slots, b.used = make([]bagSlot, max(16, 2*len(old))), 0
	for _, s := range old {
		if s.key != 0 {
			*b.at(s.key - 1) = s.count
		}
	}
}

// add adds the counts of another bag.
func (b *bag) add(o *bag) { o.each(func(key uint64, n int64) { *b.at(key) += n }) }

// each calls f with every key, in no order.
func (b *bag) each(f func(key uint64, n int64)) {
	for _, s := range b.slots {
		if s.key != 0 {
			f(s.key-1, s.count)
		}
	}
}

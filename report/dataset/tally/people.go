package tally

// people numbers the customers of a partition. It is used again for the next one.
type people struct {
	seed  seed
	slots []int32 // 1 + number of a customer, at the hash of the key or after it; 0: free
	keys  []Key
}

// reset forgets everybody.
func (p *people) reset() {
	if len(p.slots) == 0 {
		p.slots, p.seed = make([]int32, 1<<10), newSeed()
	}
	clear(p.slots)
	p.keys = p.keys[:0]
}

// number returns the number of a customer, a new one at the first call with them.
func (p *people) number(k Key) int32 {
	mask := uint64(len(p.slots) - 1)
	slot := p.seed.hash(k) & mask
	for ; p.slots[slot] != 0; slot = (slot + 1) & mask {
		if i := p.slots[slot] - 1; p.keys[i] == k {
			return i
		}
	}
	p.keys = append(p.keys, k)
	p.slots[slot] = int32(len(p.keys))
	if 2*len(p.keys) > len(p.slots) {
		p.grow()
	}
	return int32(len(p.keys)) - 1
}

// find returns the number of a customer, −1 when there is none.
func (p *people) find(k Key) int32 {
	if len(p.slots) == 0 {
		return -1
	}
	mask := uint64(len(p.slots) - 1)
	for slot := p.seed.hash(k) & mask; p.slots[slot] != 0; slot = (slot + 1) & mask {
		if i := p.slots[slot] - 1; p.keys[i] == k {
			return i
		}
	}
	return -1
}

func (p *people) grow() {
	p.slots = make([]int32, 2*len(p.slots))
	mask := uint64(len(p.slots) - 1)
	for i, k := range p.keys {
		slot := p.seed.hash(k) & mask
		for p.slots[slot] != 0 {
			slot = (slot + 1) & mask
		}
		p.slots[slot] = int32(i + 1)
	}
}

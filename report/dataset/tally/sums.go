package tally

// cell is the key of a row of sums or groups.
type cell [3]uint64

// pack puts two numbers of 32 bits into a word of a cell.
func pack[A, B ~int32 | ~uint32](a A, b B) uint64 { return uint64(uint32(a))<<32 | uint64(uint32(b)) }

// sums adds rows up by cell. A hash table whose keys and rows are of fixed size is several times faster than a map of
// pointers, and nothing for the garbage collector to look at.
type sums[R any] struct {
	slots []int32 // 1 + number of a row, at the hash of its cell or after it; 0: free
	cells []cell
	rows  []R
}

// at returns the row of a cell, zero when it is new. It holds until the next call.
func (s *sums[R]) at(c cell) *R {
	if len(s.slots) == 0 {
		s.slots = make([]int32, 64)
	}
	mask := uint64(len(s.slots) - 1)
	slot := c.hash() & mask
	for ; s.slots[slot] != 0; slot = (slot + 1) & mask {
		if i := s.slots[slot] - 1; s.cells[i] == c {
			return &s.rows[i]
		}
	}
	var zero R
	s.cells, s.rows = append(s.cells, c), append(s.rows, zero)
	s.slots[slot] = int32(len(s.rows))
	if 2*len(s.rows) > len(s.slots) {
		s.grow()
	}
	return &s.rows[len(s.rows)-1]
}

func (s *sums[R]) grow() {
	s.slots = make([]int32, 2*len(s.slots))
	mask := uint64(len(s.slots) - 1)
	for i, c := range s.cells {
		slot := c.hash() & mask
		for s.slots[slot] != 0 {
			slot = (slot + 1) & mask
		}
		s.slots[slot] = int32(i + 1)
	}
}

func (c cell) hash() uint64 {
	h := (c[0]*fibonacci ^ c[1]) * 0xff51afd7ed558ccd
	h = ((h ^ h>>32) + c[2]) * 0xc4ceb9fe1a85ec53
	return h ^ h>>29
}

// reset forgets all rows.
func (s *sums[R]) reset() {
	clear(s.slots)
	s.cells, s.rows = s.cells[:0], s.rows[:0]
}

// merge adds the rows of another with add.
func (s *sums[R]) merge(o *sums[R], add func(to, from *R)) {
	for i := range o.rows {
		add(s.at(o.cells[i]), &o.rows[i])
	}
}

func addCount(to, from *int64) { *to += *from }

// Package partition keeps records of a fixed number of 64-bit words by partition: in memory up to the limit of a pool, in a
// temporary file beyond.
//
// What aggregates customers needs all records of some customers at once, and never those of all. So a scan scatters records
// by a hash of the customer, and each partition is then read back by itself.
package partition

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"
)

// ChunkWords is the number of words of a chunk, the unit in which memory is taken and given back.
const ChunkWords = 1024

// MaxWidth is the largest number of words of a record.
const MaxWidth = lineWords

// Store holds the records of all partitions. Writers are filled at the same time, each by one goroutine; once all of them are
// flushed, partitions may be read and freed at the same time, each by one goroutine. No record is added after one was read.
type Store struct {
	pool  *Pool
	width int
	saved *source // of the saved extents; nil unless the store was read from a file

	mu      sync.Mutex
	parts   []held
	err     error        // why records are missing
	full    atomic.Int64 // chunks of all partitions
	turn    int          // partition that is the next to be written out
	writing int          // those who write chunks out
	written sync.Cond    // on mu, told when that is less
	sealed  atomic.Bool  // nothing is written out any more
}

// held is what a partition has.
type held struct {
	chunks  []chunk
	spilled []extent // of the pool's temporary file
	saved   []extent // of the file that the store was read from
	records int64
}

// chunk holds whole records.
type chunk struct {
	words *[ChunkWords]uint64
	used  int32 // words
	loose bool  // not of a slab: the garbage collector can have it
}

// NewStore returns an empty store of records of width words, 1 to MaxWidth.
func NewStore(pool *Pool, width, parts int) *Store {
	if width < 1 || width > MaxWidth {
		panic(fmt.Sprintf("partition: records of %d words", width))
	}
	s := &Store{pool: pool, width: width, parts: make([]held, parts)}
	s.written.L = &s.mu
	return s
}

// Width returns the number of words of a record.
func (s *Store) Width() int { return s.width }

// Parts returns the number of partitions.
func (s *Store) Parts() int { return len(s.parts) }

// Records returns the number of records of a partition.
func (s *Store) Records(part int) int64 { return s.parts[part].records }

// Total returns the number of records of all partitions.
func (s *Store) Total() int64 {
	var n int64
	for i := range s.parts {
		n += s.parts[i].records
	}
	return n
}

// Each calls f with all records of a partition, some at a time, in no order but the same one every time. The slice holds until
// f returns. It fails when a record could not be written or read back, or when f does; f has then seen only some of the records.
// Records of a store that was read from a file, and to which none were added, may be changed by f: they are a copy.
func (s *Store) Each(part int, f func(records []uint64) error) error {
	if s.seal(); s.err != nil {
		return s.err
	}
	p := &s.parts[part]
	for _, c := range p.chunks {
		if err := f(c.words[:c.used]); err != nil {
			return err
		}
	}
	if len(p.spilled)+len(p.saved) == 0 {
		return nil
	}
	c := s.pool.get()
	defer s.pool.put(c)
	room := c.words[:ChunkWords/s.width*s.width]
	return s.extents(p, func(b []byte) error {
		for len(b) > 0 {
			words := room[:min(len(room), len(b)/wordBytes)]
			decode(words, b)
			b = b[len(words)*wordBytes:]
			if err := f(words); err != nil {
				return err
			}
		}
		return nil
	})
}

// Order puts the chunks of a partition that are in memory in the order of a key of their first records: where records were
// added in an order, by several writers in turn, they are then nearly in it.
func (s *Store) Order(part int, key func(record []uint64) uint64) {
	slices.SortStableFunc(s.parts[part].chunks, func(a, b chunk) int {
		return cmp.Compare(key(a.words[:s.width]), key(b.words[:s.width]))
	})
}

// Load returns all records of a partition in the order of Each. They are put in the place of what into holds, or in a longer slice
// when there is no room; such a slice is not counted by the pool. It fails like Each.
func (s *Store) Load(part int, into []uint64) ([]uint64, error) {
	if s.seal(); s.err != nil {
		return nil, s.err
	}
	p := &s.parts[part]
	words := p.records * int64(s.width)
	if words > math.MaxInt/wordBytes {
		return nil, fmt.Errorf("a partition of %d records is too large to load", p.records)
	}
	into = slices.Grow(into[:0], int(words))
	for _, c := range p.chunks {
		into = append(into, c.words[:c.used]...)
	}
	err := s.extents(p, func(b []byte) error {
		n := len(into)
		into = into[:n+len(b)/wordBytes]
		decode(into[n:], b)
		return nil
	})
	return into, err
}

// Free gives the memory of a partition back. It has no records then.
func (s *Store) Free(part int) {
	s.seal()
	p := &s.parts[part]
	s.pool.put(p.chunks...)
	*p = held{}
}

// Package partition keeps records of a fixed number of 64-bit words by partition: in memory up to the limit of a pool, in a
// temporary file beyond.
//
// What aggregates customers needs all records of some customers at once, and never those of all. So a scan scatters records
// by a hash of the customer, and each partition is then read back by itself.
package partition

import "sync"

// ChunkWords is the number of words of a chunk, the unit in which memory is taken and given back.
const ChunkWords = 4096

// Store holds the records of all partitions. Writers are filled at the same time, each by one goroutine; once all of them are
// flushed, partitions may be read and freed at the same time, each by one goroutine.
type Store struct {
	pool  *Pool
	width int
	mu    sync.Mutex
	parts []held
}

// held is what a partition has: chunks of whole records.
type held struct {
	chunks  [][]uint64
	records int64
}

// NewStore returns an empty store of records of width words.
func NewStore(pool *Pool, width, parts int) *Store {
	return &Store{pool: pool, width: width, parts: make([]held, parts)}
}

// Width returns the number of words of a record.
func (s *Store) Width() int { return s.width }

// Parts returns the number of partitions.
func (s *Store) Parts() int { return len(s.parts) }

// Records returns the number of records of a partition.
func (s *Store) Records(part int) int64 { return s.parts[part].records }

// Each calls f with all records of a partition, some at a time and in no order. The slice holds until f returns.
func (s *Store) Each(part int, f func(records []uint64) error) error {
	for _, c := range s.parts[part].chunks {
		if err := f(c); err != nil {
			return err
		}
	}
	return nil
}

// Free gives the memory of a partition back.
func (s *Store) Free(part int) {
	p := &s.parts[part]
	for _, c := range p.chunks {
		s.pool.put(c)
	}
	*p = held{}
}

// Writer adds records to a store. It serves one goroutine.
type Writer struct {
	store *Store
	tails [][]uint64 // what is left of the chunk that is being filled
	parts []held
}

// Writer returns a new writer.
func (s *Store) Writer() *Writer {
	return &Writer{store: s, tails: make([][]uint64, len(s.parts)), parts: make([]held, len(s.parts))}
}

// Room returns the place of a new record, to be filled before the next call. Its words are not cleared.
func (w *Writer) Room(part int) []uint64 {
	width := w.store.width
	if len(w.tails[part]) < width {
		w.next(part)
	}
	t := w.tails[part]
	w.tails[part] = t[width:]
	return t[:width:width]
}

// next begins a chunk.
func (w *Writer) next(part int) {
	w.end(part)
	c := w.store.pool.get()
	w.parts[part].chunks = append(w.parts[part].chunks, c)
	w.tails[part] = c[:len(c)/w.store.width*w.store.width]
}

// end cuts the chunk that is being filled to its records.
func (w *Writer) end(part int) {
	p := &w.parts[part]
	n := len(p.chunks) - 1
	if n < 0 {
		return
	}
	width := w.store.width
	used := len(p.chunks[n])/width*width - len(w.tails[part])
	p.chunks[n] = p.chunks[n][:used]
	p.records += int64(used / width)
	w.tails[part] = nil
}

// Flush hands all records over to the store. The writer must not be used afterwards.
func (w *Writer) Flush() error {
	w.store.mu.Lock()
	defer w.store.mu.Unlock()
	for i := range w.parts {
		w.end(i)
		p := &w.store.parts[i]
		p.chunks = append(p.chunks, w.parts[i].chunks...)
		p.records += w.parts[i].records
	}
	w.parts, w.tails = nil, nil
	return nil
}

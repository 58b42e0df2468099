package partition

// lineWords is the number of words of a line: a record is first written to the line of its partition, and full lines are
// copied to chunks. All lines together fit the cache of a core, chunks do not: each record would wait for the cache line
// that it is written to, while a whole line is copied at the speed of the memory. That halves the time of a record.
const lineWords = 128

// Writer adds records to a store. It serves one goroutine.
type Writer struct {
	lines       []uint64 // lineWords a partition
	fill        []uint8  // words of the line in use
	width, last uint     // last: the most words in a line that has room
	store       *Store
	parts       []held
	full        int // chunks that are not being filled
	turn        int // partition that is the next to be written out
	err         error
}

// Writer returns a new writer.
func (s *Store) Writer() *Writer {
	s.pool.extra(lineBytes(len(s.parts)))
	return &Writer{
		lines: make([]uint64, len(s.parts)*lineWords),
		fill:  make([]uint8, len(s.parts)),
		width: uint(s.width),
		last:  uint(lineWords/s.width*s.width - s.width),
		store: s,
		parts: make([]held, len(s.parts)),
	}
}

// Room returns the place of a new record, to be filled before the next call. Its words are not cleared.
func (w *Writer) Room(part int) []uint64 {
	n := uint(w.fill[part])
	if n > w.last {
		w.carry(part)
		n = 0
	}
	w.fill[part] = uint8(n + w.width)
	at := uint(part)*lineWords + n
	return w.lines[at : at+w.width : at+w.width]
}

// Try is Room, but returns nil for about one record in sixty, for which Room must be called. It is for the hottest loops: unlike
// Room it is inlined, which saves a quarter of the time.
func (w *Writer) Try(part int) []uint64 {
	n := uint(w.fill[part])
	if n > w.last {
		return nil
	}
	w.fill[part] = uint8(n + w.width)
	at := uint(part)*lineWords + n
	return w.lines[at : at+w.width : at+w.width]
}

// Err returns the error that Flush will return, as far as it is known. Records are dropped from the first error on.
func (w *Writer) Err() error { return w.err }

// carry empties the line of a partition into its chunk.
func (w *Writer) carry(part int) {
	n := int32(w.fill[part])
	w.fill[part] = 0
	if n == 0 || w.err != nil {
		return
	}
	p := &w.parts[part]
	k := len(p.chunks) - 1
	if k < 0 || p.chunks[k].used+n > ChunkWords {
		if w.begin(part); w.err != nil {
			return
		}
		k = len(p.chunks) - 1
	}
	c := &p.chunks[k]
	copy(c.words[c.used:], w.lines[part*lineWords:][:n])
	c.used += n
	p.records += int64(n) / int64(w.width)
}

// begin gives a partition a new chunk to fill. At the limit of the pool, full ones go to the temporary file first; while there
// are too few of them, the new one is beyond the limit. There are never more beyond it than the writer has in all when it
// takes one so: one a partition and runChunks.
func (w *Writer) begin(part int) {
	p := &w.parts[part]
	if len(p.chunks) > 0 {
		w.full++
	}
	c, ok := w.store.pool.within()
	if !ok && w.full >= runChunks {
		if c, ok = w.makeRoom(part); w.err != nil {
			return
		}
	}
	if !ok {
		c = w.store.pool.get()
	}
	p.chunks = append(p.chunks, c)
}

// fail drops everything: what is missing cannot be added up with the rest.
func (w *Writer) fail(err error) {
	w.err = err
	for i := range w.parts {
		w.store.pool.put(w.parts[i].chunks...)
		w.parts[i] = held{}
	}
	w.full = 0
}

// Flush hands all records over to the store, and returns the first error since the writer was made. The writer must not be
// used afterwards.
func (w *Writer) Flush() error {
	for i := range w.parts {
		w.carry(i)
	}
	w.settle()
	w.store.pool.extra(-lineBytes(len(w.parts)))
	s := w.store
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = w.err
	}
	for i := range w.parts {
		p := &s.parts[i]
		p.chunks = append(p.chunks, w.parts[i].chunks...)
		p.spilled = append(p.spilled, w.parts[i].spilled...)
		p.records += w.parts[i].records
	}
	w.parts, w.lines, w.fill = nil, nil, nil
	return w.err
}

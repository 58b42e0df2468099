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
	chunks      []chunk // that are being filled, by partition
	err         error
}

// Writer returns a new writer.
func (s *Store) Writer() *Writer {
	s.pool.extra(lineBytes(len(s.parts)))
	s.pool.join(s)
	return &Writer{
		lines:  make([]uint64, len(s.parts)*lineWords),
		fill:   make([]uint8, len(s.parts)),
		width:  uint(s.width),
		last:   uint(lineWords/s.width*s.width - s.width),
		store:  s,
		chunks: make([]chunk, len(s.parts)),
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
	c := &w.chunks[part]
	if c.words == nil || c.used+n > ChunkWords {
		if w.begin(part); w.err != nil {
			return
		}
	}
	copy(c.words[c.used:], w.lines[part*lineWords:][:n])
	c.used += n
}

// begin gives a partition a new chunk to fill, and the full one to the store. Near the limit of the pool, full ones go to the
// temporary file; while there are too few of them, the new one is beyond the limit.
func (w *Writer) begin(part int) {
	pool := w.store.pool
	w.store.add(part, w.chunks[part])
	w.chunks[part] = chunk{}
	c, ok, low := pool.within()
	switch {
	case !ok:
		c, ok, w.err = pool.makeRoom(runChunks, spillChunks)
	case low:
		if _, w.err = pool.spill(spillChunks/2, spillChunks); w.err != nil {
			pool.put(c)
		}
	}
	if w.err != nil {
		return
	}
	if !ok {
		c = pool.get()
	}
	w.chunks[part] = c
}

// add hands a chunk over to the store.
func (s *Store) add(part int, c chunk) {
	if c.words == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := &s.parts[part]
	p.chunks = append(p.chunks, c)
	p.records += int64(c.used) / int64(s.width)
	s.full.Add(1)
}

// Flush hands all records over to the store, and returns the first error since the writer was made. The writer must not be
// used afterwards.
func (w *Writer) Flush() error {
	s := w.store
	for i := range w.chunks {
		w.carry(i)
		s.add(i, w.chunks[i])
	}
	s.pool.extra(-lineBytes(len(w.chunks)))
	w.chunks, w.lines, w.fill = nil, nil, nil
	for n := s.pool.beyond(); n > 0 && w.err == nil; n = s.pool.beyond() {
		var some bool
		if some, w.err = s.pool.spill(1, n); !some {
			break
		}
	}
	return s.flushed(w.err)
}

// flushed notes the error of a writer. What is missing cannot be added up with the rest, which is dropped then.
func (s *Store) flushed(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
	}
	if s.err != nil {
		for i := range s.parts {
			s.full.Add(-int64(len(s.parts[i].chunks)))
			s.pool.put(s.parts[i].chunks...)
			s.parts[i] = held{}
		}
	}
	return s.err
}

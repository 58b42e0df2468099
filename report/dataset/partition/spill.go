package partition

// Full chunks are written out when the limit of the pool is reached: of the store that has most, one partition after another in
// turns, until spillChunks are free. So a partition has grown as long as possible when its turn comes, what it wrote is in few
// places, and no more is written than must be.
const (
	spillChunks = 4 << 20 / chunkBytes
	// runChunks is the least number that is worth writing at once.
	runChunks = blockBytes / chunkBytes
)

// makeRoom writes chunks to the temporary file, most of them if there are as many, and gives them back but for one that it
// returns. It does nothing when no store has at least that many.
func (p *Pool) makeRoom(least, most int) (chunk, bool, error) {
	s := p.fullest(least)
	if s == nil {
		return chunk{}, false, nil
	}
	defer p.doneWriting()
	parts := s.detach(most)
	err := s.write(parts)
	var kept chunk
	for _, d := range parts {
		out := d.chunks
		if err == nil && kept.words == nil {
			kept, out = out[0], out[1:]
		}
		p.put(out...)
	}
	kept.used = 0
	s.attach(parts, err)
	return kept, kept.words != nil, err
}

// spill is makeRoom that keeps nothing. It reports whether anything was written.
func (p *Pool) spill(least, most int) (bool, error) {
	c, ok, err := p.makeRoom(least, most)
	if ok {
		p.put(c)
	}
	return ok, err
}

func (p *Pool) doneWriting() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.writing--
}

// fullest returns the store with the most chunks that can be written out, if it has enough, for the caller to write some.
func (p *Pool) fullest(least int) *Store {
	p.mu.Lock()
	defer p.mu.Unlock()
	var most *Store
	for _, s := range p.stores {
		if n := s.full.Load(); n >= int64(least) {
			most, least = s, int(n)+1
		}
	}
	if most != nil {
		p.writing++
	}
	return most
}

// detached is chunks on their way to the temporary file.
type detached struct {
	part    int
	chunks  []chunk
	spilled []extent
}

// detach takes at least so many chunks from the store, if it has them and is not read yet.
func (s *Store) detach(atLeast int) []detached {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writing++
	if s.sealed.Load() {
		return nil
	}
	var out []detached
	n := 0
	for range s.parts {
		if n >= atLeast {
			break
		}
		h := &s.parts[s.turn]
		if len(h.chunks) > 0 {
			out = append(out, detached{part: s.turn, chunks: h.chunks})
			n += len(h.chunks)
			h.chunks = nil
		}
		s.turn = (s.turn + 1) % len(s.parts)
	}
	s.full.Add(int64(-n))
	return out
}

// attach tells the store where its records are now, or that they are lost.
func (s *Store) attach(parts []detached, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil && s.err == nil {
		s.err = err
	}
	for _, d := range parts {
		h := &s.parts[d.part]
		h.spilled = append(h.spilled, d.spilled...)
		if h.chunks == nil { // else others were faster
			clear(d.chunks)
			h.chunks = d.chunks[:0]
		}
	}
	s.writing--
	s.written.Broadcast()
}

// write writes chunks and notes where.
func (s *Store) write(parts []detached) error {
	var words int64
	for _, d := range parts {
		for _, c := range d.chunks {
			words += int64(c.used)
		}
	}
	if words == 0 {
		return nil
	}
	p, done, err := s.pool.file.pen(words*wordBytes, s.width, s.pool)
	if err != nil {
		return err
	}
	defer done()
	for i := range parts {
		d := &parts[i]
		for _, c := range d.chunks {
			if d.spilled, err = p.add(d.spilled, c.words[:c.used]); err != nil {
				return s.pool.file.fail(err)
			}
		}
	}
	if err := p.end(); err != nil {
		return s.pool.file.fail(err)
	}
	return nil
}

// seal ends the time when chunks of the store are written out, since it is read from now on.
func (s *Store) seal() {
	if s.sealed.Load() {
		return
	}
	s.mu.Lock()
	for s.writing > 0 {
		s.written.Wait()
	}
	s.sealed.Store(true)
	s.mu.Unlock()
	s.pool.leave(s)
}

package partition

// Full chunks are written out when the limit of the pool is reached: of one partition after another, in turns, until
// spillChunks are free. So a partition has grown as long as possible when its turn comes, what it wrote is in few places, and
// no more is written than must be.
const (
	spillChunks = 4 << 20 / chunkBytes
	// runChunks is the least number that is worth writing at once.
	runChunks = blockBytes / chunkBytes
)

// makeRoom writes some of the full chunks, which are at least runChunks, to the temporary file and returns one of them to be
// filled again. The last chunk of a partition is being filled, but for that of the partition full.
func (w *Writer) makeRoom(full int) (chunk, bool) {
	return w.spill(spillChunks, func(part int) []chunk {
		chunks := w.parts[part].chunks
		if part != full && len(chunks) > 0 {
			chunks = chunks[:len(chunks)-1]
		}
		return chunks
	})
}

// settle writes chunks until no more are in use than the limit allows, those that are being filled too.
func (w *Writer) settle() {
	if n := w.store.pool.beyond(); n > 0 && w.err == nil {
		if c, ok := w.spill(n, func(part int) []chunk { return w.parts[part].chunks }); ok {
			w.store.pool.put(c)
		}
	}
}

// spill writes at least so many chunks, if there are, and gives them back but for one that it returns. Chunks of says which
// ones a partition can do without; they are its first ones.
func (w *Writer) spill(atLeast int, chunksOf func(part int) []chunk) (kept chunk, ok bool) {
	first, turns, chunks, words := w.turn, 0, 0, 0
	for ; turns < len(w.parts) && chunks < atLeast; turns++ {
		for _, c := range chunksOf((first + turns) % len(w.parts)) {
			chunks++
			words += int(c.used)
		}
	}
	if chunks == 0 {
		return chunk{}, false
	}
	pool := w.store.pool
	p, done, err := pool.file.pen(int64(words)*wordBytes, w.store.width, pool)
	if err != nil {
		w.fail(err)
		return chunk{}, false
	}
	defer done()
	for i := 0; i < turns && err == nil; i++ {
		part := (first + i) % len(w.parts)
		err = w.parts[part].write(p, chunksOf(part))
	}
	if err == nil {
		err = p.end()
	}
	if err != nil {
		w.fail(pool.file.fail(err))
		return chunk{}, false
	}
	for i := range turns {
		part := (first + i) % len(w.parts)
		h, out := &w.parts[part], chunksOf(part)
		if len(out) > 0 && !ok {
			kept, ok = out[0], true
			kept.used = 0
			pool.put(out[1:]...)
		} else {
			pool.put(out...)
		}
		h.chunks = h.chunks[:copy(h.chunks, h.chunks[len(out):])]
	}
	w.full -= chunks
	w.turn = (first + turns) % len(w.parts)
	return kept, true
}

// write adds chunks to what is in the file.
func (h *held) write(p *pen, chunks []chunk) (err error) {
	for _, c := range chunks {
		if h.spilled, err = p.add(h.spilled, c.words[:c.used]); err != nil {
			return err
		}
	}
	return nil
}

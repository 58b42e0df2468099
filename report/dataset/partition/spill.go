package partition

import "errors"

// everyPart stands for all partitions in spill.
const everyPart = -1

// spill writes the full chunks to the temporary file, ordered by partition, so that each has few and long extents. The chunk
// that is being filled stays, except that of full, or of everyPart.
func (w *Writer) spill(full int) {
	pool := w.store.pool
	var words int64
	for i := range w.parts {
		for _, c := range w.parts[i].spillable(i == full || full == everyPart) {
			words += int64(c.used)
		}
	}
	if words == 0 {
		return
	}
	f, at, err := pool.file.reserve(words * wordBytes)
	if err != nil {
		w.fail(err)
		return
	}
	b := pool.block()
	defer pool.putBlock(b)
	p := pen{block: b, at: at, most: extentWords(w.store.width)}
	p.write = func(b []byte) error {
		_, err := f.WriteAt(b, at)
		at += int64(len(b))
		return err
	}
	for i := range w.parts {
		if err := w.parts[i].spill(&p, pool, i == full || full == everyPart); err != nil {
			w.fail(pool.file.fail(err))
			return
		}
	}
	if err := p.end(); err != nil {
		w.fail(pool.file.fail(err))
		return
	}
	pool.file.written.Add(words * wordBytes)
	w.full = 0
}

// spillable returns the chunks that are not being filled, or all.
func (h *held) spillable(all bool) []chunk {
	if all || len(h.chunks) == 0 {
		return h.chunks
	}
	return h.chunks[:len(h.chunks)-1]
}

// spill writes those chunks and gives them back.
func (h *held) spill(p *pen, pool *Pool, all bool) error {
	chunks := h.spillable(all)
	var err error
	for _, c := range chunks {
		if h.spilled, err = p.add(h.spilled, c.words[:c.used]); err != nil {
			return err
		}
	}
	pool.put(chunks...)
	h.chunks = h.chunks[:copy(h.chunks, h.chunks[len(chunks):])]
	return nil
}

var errClosed = errors.New("the pool of records is closed")

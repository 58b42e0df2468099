package tally

// plot adds rows up by two numbers, of which the second is a period in a known span and the first is one of few, mostly: then
// a row is found at its place, else by a hash.
type plot[R any] struct {
	first int32   // of the periods
	width uint32  // number of periods
	place []int32 // by first number: 1 + place in rows; 0: none yet
	rows  [][]R
	keys  []uint32 // first numbers by place
	rest  sums[R]
}

// The most rows and columns that are found at their place.
const (
	plotRows   = 1 << 10
	plotPeriod = 1 << 10
	plotNumber = 1 << 20 // first numbers beyond are not
)

// newPlot returns an empty plot for periods between two.
func newPlot[R any](first, last int32) *plot[R] {
	p := &plot[R]{first: first}
	if n := int64(last) - int64(first) + 1; n > 0 && n <= plotPeriod {
		p.width = uint32(n)
	}
	return p
}

// at returns a row, zero when it is new. It holds until the next call.
func (p *plot[R]) at(n uint32, period int32) *R {
	if i := uint32(period - p.first); n < uint32(len(p.place)) && i < p.width {
		if at := p.place[n]; at > 0 {
			return &p.rows[at-1][i]
		}
	}
	return p.far(n, period)
}

// far finds a row that is not in its place, and makes place for those that come after it.
func (p *plot[R]) far(n uint32, period int32) *R {
	i := uint32(period - p.first)
	if i >= p.width || n >= plotNumber || len(p.rows) == plotRows {
		return p.rest.at(cell{uint64(n), uint64(uint32(period))})
	}
	for uint32(len(p.place)) <= n {
		p.place = append(p.place, 0)
	}
	p.rows, p.keys = append(p.rows, make([]R, p.width)), append(p.keys, n)
	p.place[n] = int32(len(p.rows))
	return &p.rows[len(p.rows)-1][i]
}

// each calls f with all rows, of which some may be zero.
func (p *plot[R]) each(f func(n uint32, period int32, row *R)) {
	for at, rows := range p.rows {
		for i := range rows {
			f(p.keys[at], p.first+int32(i), &rows[i])
		}
	}
	for i, c := range p.rest.cells {
		f(uint32(c[0]), int32(c[1]), &p.rest.rows[i])
	}
}

package parquetscan

import (
	"cmp"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"parcours/report/dataset/expression"
)

// provenRows is the number of rows from which it is worth proving that the identifiers of orders differ.
const provenRows = 50_000

// The bitmap of a proof has at most so many bits a row and so many bytes.
const (
	bitsPerRow   = 64
	mostBitBytes = 64 << 20
)

// knowOrders takes over what another scan of the same files found of the identifiers of orders.
func (s *scan) knowOrders(words int) {
	s.words = words
	for _, t := range s.tables {
		if role := t.index("order"); words == 1 && t.files.Name == "orders" {
			t.roles[role].idle = true
		}
	}
}

// orderWords returns tally.Plan.OrderWords. When every row is an order of its own, the identifiers are not read again: a file
// that changes until then gives wrong figures for itself.
func (s *scan) orderWords() int {
	for _, t := range s.tables {
		if t.files.Name != "orders" {
			continue
		}
		role := t.index("order")
		ids, plain := t.integers(role)
		if ids == nil {
			return 2
		}
		rows := int64(0)
		for _, src := range ids {
			rows += src.file.NumRows()
		}
		if rows > 0 {
			if !plain || rows < cmp.Or(s.sizes.proof, provenRows) {
				return 1
			}
			bounds, ok := s.distinct(ids, role)
			if !ok {
				return 1
			}
			s.bounds = bounds
		}
		t.roles[role].idle = true
		return 0
	}
	return 2
}

// integers lists the files whose identifiers are integers; nil when those of another are not. It reports whether all are
// columns rather than expressions. Files without identifiers, or with nulls only, do not matter.
func (t *table) integers(role int) (ids []*source, plain bool) {
	ids, plain = []*source{}, true
	for _, src := range t.sources {
		b := src.roles[role]
		switch {
		case b == nil || b.typ.Kind == expression.Null || src.file.NumRows() == 0:
		case b.column >= 0 && src.readers[b.column] == binds{}:
		case b.typ.Kind != expression.Int:
			return nil, false
		default:
			plain = plain && b.column >= 0
			ids = append(ids, src)
		}
	}
	return ids, plain
}

// proof is the attempt to prove that all integers of a column differ.
type proof struct {
	scan  *scan
	tasks []*task
	role  int
	lost  atomic.Bool // two are equal, or it cannot be known
	mixed atomic.Bool // they are not in order
	spans []interval
	base  int64
	bits  []uint64
}

// interval holds the values of a task, which all go up or all go down.
type interval struct {
	first, last int64
	any, two    bool
	up          bool
}

func (s interval) bounds() (lo, hi int64) { return min(s.first, s.last), max(s.first, s.last) }

var errEnough = errors.New("enough is known")

// distinct reports whether all identifiers are different. It takes at most two readings: one for identifiers that go up or
// down in every task and whose intervals do not overlap, and another that marks each in a bitmap. The statistics of the
// files only say how large that must be. The bounds hold all of them.
func (s *scan) distinct(ids []*source, role int) (bounds [][2]int64, ok bool) {
	p := &proof{scan: s, role: role, tasks: s.tasksOf([]*table{{sources: ids}})}
	p.spans = make([]interval, len(p.tasks))
	p.each(p.inOrder)
	switch {
	case p.lost.Load():
		return nil, false
	case !p.mixed.Load() && p.apart():
		return p.bounds(), true
	case !p.marks():
		return nil, false
	}
	p.each(p.mark)
	top := p.base + int64(len(p.bits))*64 - 1
	if top < p.base {
		top = math.MaxInt64
	}
	return [][2]int64{{p.base, top}}, !p.lost.Load()
}

// each reads the identifiers of all tasks on all processors until the proof fails.
func (p *proof) each(look func(task int, v *expression.Vector, n int) error) {
	var next atomic.Int64
	var running sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(p.tasks)) {
		running.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(p.tasks) || p.lost.Load() {
					return
				}
				if err := p.read(i, look); err != nil && !errors.Is(err, errEnough) {
					p.lost.Store(true) // the scan will say what is wrong
				}
			}
		})
	}
	running.Wait()
}

func (p *proof) read(i int, look func(task int, v *expression.Vector, n int) error) (err error) {
	defer func() {
		if recover() != nil {
			err = errDamaged
		}
	}()
	t := p.tasks[i]
	f, err := os.Open(t.source.path)
	if err != nil {
		return err
	}
	defer f.Close()
	from := t.source.readers[t.source.roles[p.role].column]
	r, err := t.reader(t.source.leaf(from.leaf), from.key, f)
	if err != nil {
		return err
	}
	defer r.close()
	for at := t.from; at < t.to; at += batchRows {
		if p.lost.Load() || p.scan.ctx.Err() != nil {
			return errDamaged
		}
		n := int(min(batchRows, t.to-at))
		v, err := r.read(n)
		if err != nil {
			return err
		}
		if err := look(i, v, n); err != nil {
			return err
		}
	}
	return nil
}

var errDamaged = errors.New("it cannot be read")

// inOrder follows values that go up or down.
func (p *proof) inOrder(task int, v *expression.Vector, n int) error {
	if p.mixed.Load() {
		return errEnough
	}
	s := p.spans[task]
	for i, x := range v.Int[:n] {
		switch {
		case v.IsNull(i):
			continue
		case !s.any:
			s = interval{first: x, any: true}
		case x == s.last:
			p.lost.Store(true)
			return errEnough
		case !s.two:
			s.two, s.up = true, x > s.last
		case s.up != (x > s.last):
			p.mixed.Store(true)
			return errEnough
		}
		s.last = x
	}
	p.spans[task] = s
	return nil
}

// apart reports whether the intervals of the tasks do not overlap.
func (p *proof) apart() bool {
	spans := slices.DeleteFunc(slices.Clone(p.spans), func(s interval) bool { return !s.any })
	slices.SortFunc(spans, func(a, b interval) int {
		lowA, _ := a.bounds()
		lowB, _ := b.bounds()
		return cmp.Compare(lowA, lowB)
	})
	for i := 1; i < len(spans); i++ {
		low, _ := spans[i].bounds()
		if _, high := spans[i-1].bounds(); low <= high {
			return false
		}
	}
	return true
}

// bounds returns bounds of all values that were followed.
func (p *proof) bounds() [][2]int64 {
	var out [][2]int64
	for _, s := range p.spans {
		if !s.any {
			continue
		}
		if low, high := s.bounds(); len(out) == 0 {
			out = [][2]int64{{low, high}}
		} else {
			out[0] = [2]int64{min(out[0][0], low), max(out[0][1], high)}
		}
	}
	return out
}

// marks makes a bitmap for all values between the bounds that are known or claimed; false when it would be too large.
func (p *proof) marks() bool {
	low, high, rows := int64(math.MaxInt64), int64(math.MinInt64), int64(0)
	for i, t := range p.tasks {
		a, b := p.spans[i].bounds()
		ok := p.spans[i].any
		if p.mixed.Load() {
			a, b, ok = t.claimed(p.role)
			if !ok {
				return false
			}
		}
		if ok {
			low, high = min(low, a), max(high, b)
		}
		rows += t.to - t.from
	}
	most := int64(mostBitBytes)
	if m := p.scan.req.Memory; m > 0 {
		most = min(most, m/16)
	}
	width := uint64(high) - uint64(low)
	if high < low || width >= uint64(min(bitsPerRow*rows, 8*most)) {
		return false
	}
	p.base, p.bits = low, make([]uint64, width/64+1)
	return true
}

// claimed returns the least and the greatest value of the task's row group as the file says.
func (t *task) claimed(role int) (low, high int64, ok bool) {
	l := t.source.leaf(t.source.readers[t.source.roles[role].column].leaf)
	columns := t.source.file.Metadata().RowGroups[t.group].Columns
	if l.index >= len(columns) {
		return 0, 0, false
	}
	s := &columns[l.index].MetaData.Statistics
	low, okLow := integerOf(s.MinValue)
	high, okHigh := integerOf(s.MaxValue)
	return low, high, okLow && okHigh && low <= high
}

func integerOf(b []byte) (int64, bool) {
	switch len(b) {
	case 4:
		return int64(int32(binary.LittleEndian.Uint32(b))), true
	case 8:
		return int64(binary.LittleEndian.Uint64(b)), true
	}
	return 0, false
}

// mark marks values in the bitmap.
func (p *proof) mark(_ int, v *expression.Vector, n int) error {
	size := uint64(len(p.bits)) * 64
	for i, x := range v.Int[:n] {
		if v.IsNull(i) {
			continue
		}
		at := uint64(x) - uint64(p.base)
		bit := uint64(1) << (at % 64)
		if at >= size || atomic.OrUint64(&p.bits[at/64], bit)&bit != 0 {
			p.lost.Store(true)
			return errEnough
		}
	}
	return nil
}

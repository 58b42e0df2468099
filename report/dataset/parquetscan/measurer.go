package parquetscan

import (
	"hash/fnv"
	"math"
	"math/bits"

	"parcours/report/dataset/expression"
)

// exactDistinct is the number of different values that are counted exactly.
const exactDistinct = 10000

// measurer finds the extremes, the nulls and the number of different values of a column.
type measurer struct {
	typ      expression.Type
	nulls    int64
	any      bool
	min, max expression.Vector // one value each
	seen     map[uint64]struct{}
	sketch   sketch
}

func newMeasurer(t expression.Type) *measurer {
	m := &measurer{typ: t, seen: map[uint64]struct{}{}}
	m.min.Type, m.max.Type = t, t
	resize(&m.min, 1)
	resize(&m.max, 1)
	return m
}

func (m *measurer) add(v *expression.Vector, n int) {
	var buf []byte
	for i := range n {
		if v.IsNull(i) {
			m.nulls++
			continue
		}
		buf = v.AppendText(buf[:0], i)
		h := hash(buf)
		if m.seen != nil {
			m.seen[h] = struct{}{}
			if len(m.seen) > exactDistinct {
				m.seen = nil
			}
		}
		m.sketch.add(h)
		if v.Type.Kind == expression.Float && math.IsNaN(v.Float[i]) {
			continue
		}
		if !m.any || less(v, i, &m.min, 0) {
			assign(&m.min, v, i)
		}
		if !m.any || less(&m.max, 0, v, i) {
			assign(&m.max, v, i)
		}
		m.any = true
	}
}

func less(a *expression.Vector, i int, b *expression.Vector, j int) bool {
	switch a.Type.Kind {
	case expression.Bool:
		return !a.Bool[i] && b.Bool[j]
	case expression.Float:
		return a.Float[i] < b.Float[j]
	case expression.Text:
		return a.Text[i] < b.Text[j]
	}
	return a.Int[i] < b.Int[j]
}

func assign(dst, v *expression.Vector, i int) {
	switch v.Type.Kind {
	case expression.Bool:
		dst.Bool[0] = v.Bool[i]
	case expression.Float:
		dst.Float[0] = v.Float[i]
	case expression.Text:
		dst.Text[0] = v.Text[i]
	default:
		dst.Int[0] = v.Int[i]
	}
}

// shownValue is the number of characters of a value that are shown.
const shownValue = 40

func (m *measurer) finish(c *Column) {
	c.Scanned, c.Nulls = true, m.nulls
	if m.any {
		c.Min, c.Max = clean(m.min.Format(0), shownValue), clean(m.max.Format(0), shownValue)
	}
	if c.Exact = m.seen != nil; c.Exact {
		c.Distinct = int64(len(m.seen))
		return
	}
	c.Distinct = m.sketch.estimate()
}

// hash is FNV-1a with a finisher that spreads it over all bits; the same on every machine.
func hash(b []byte) uint64 {
	f := fnv.New64a()
	f.Write(b)
	h := f.Sum64()
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// sketch is a HyperLogLog counter (Flajolet, Fusy, Gandouet, Meunier 2007) with 4,096 registers: 1.6 % standard error.
type sketch struct{ registers [4096]uint8 }

func (s *sketch) add(h uint64) {
	i := h >> 52
	s.registers[i] = max(s.registers[i], uint8(bits.LeadingZeros64(h<<12|1<<11)+1))
}

func (s *sketch) estimate() int64 {
	const m = 4096
	sum, zeros := 0.0, 0
	for _, r := range s.registers {
		sum += math.Ldexp(1, -int(r))
		if r == 0 {
			zeros++
		}
	}
	e := 0.7213 / (1 + 1.079/m) * m * m / sum
	if e <= 2.5*m && zeros > 0 {
		e = m * math.Log(m/float64(zeros))
	}
	return int64(math.Round(e))
}

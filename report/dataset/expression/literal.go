package expression

import (
	"math"
	"strconv"
	"strings"
)

// literal is a constant of the source.
type literal struct {
	typ  Type
	null bool
	b    bool
	i    int64 // Int, Decimal, Day, Time
	f    float64
	s    string
}

// number is a literal with a point: an exact decimal when it has at most nine digits after it, so that a decimal
// column compared with 0.3 is compared exactly.
func number(x float64) *literal {
	s := strconv.FormatFloat(x, 'f', -1, 64)
	whole, fraction, _ := strings.Cut(s, ".")
	mantissa, err := strconv.ParseInt(whole+fraction, 10, 64)
	if err != nil || len(fraction) > 9 {
		return &literal{typ: Type{Kind: Float}, f: x}
	}
	return &literal{typ: Type{Kind: Decimal, Scale: len(fraction)}, i: mantissa, f: x}
}

func (l literal) negative() *literal {
	if l.typ.Kind == Int && l.i == math.MinInt64 {
		return &literal{typ: Type{Kind: Float}, f: 0x1p63}
	}
	l.i, l.f = -l.i, -l.f
	return &l
}

func constant(l *literal) term {
	return term{node: &constantNode{lit: l, out: Vector{Type: l.typ}}, typ: l.typ, lit: l}
}

// constantNode gives the same value for every row; it fills its vector once and again only for larger batches.
type constantNode struct {
	lit *literal
	out Vector
	n   int
}

func (c *constantNode) eval(f *Frame) *Vector {
	if f.N <= c.n {
		return &c.out
	}
	c.n = f.N
	c.out.resize(f.N)
	for i := range f.N {
		switch c.lit.typ.Kind {
		case Bool:
			c.out.Bool[i] = c.lit.b
		case Float:
			c.out.Float[i] = c.lit.f
		case Text:
			c.out.Text[i] = c.lit.s
		default:
			c.out.Int[i] = c.lit.i
		}
	}
	if c.lit.null {
		c.out.Null = make([]bool, f.N)
		for i := range c.out.Null {
			c.out.Null[i] = true
		}
	}
	return &c.out
}

// cast turns a term into another type, to which it is known to convert.
func cast(t term, to Type) term {
	if t.typ == to || (t.typ.Kind == to.Kind && to.Kind != Decimal) {
		return t
	}
	if t.lit != nil {
		return constant(t.lit.cast(to, false))
	}
	n := &castNode{x: t.node, from: t.typ, out: scratch{Vector: Vector{Type: to}}}
	return term{node: n, typ: to, at: t.at}
}

func (l literal) cast(to Type, saturate bool) *literal {
	v := Vector{Type: l.typ, Int: []int64{l.i}, Float: []float64{l.f}, Bool: []bool{l.b}, Text: []string{l.s}}
	n := castNode{x: fixed{&v}, from: l.typ, saturate: saturate, out: scratch{Vector: Vector{Type: to}}}
	if l.null {
		return &literal{typ: to, null: true}
	}
	r := n.eval(&Frame{N: 1})
	out := literal{typ: to}
	switch {
	case r.IsNull(0):
		return &literal{typ: to, null: true}
	case to.Kind == Float:
		out.f = r.Float[0]
		if l.typ.Kind == Decimal {
			out.f = l.f
		}
	case to.Kind == Text:
		out.s = r.Text[0]
	default:
		out.i = r.Int[0]
	}
	return &out
}

type fixed struct{ v *Vector }

func (x fixed) eval(*Frame) *Vector { return x.v }

// castNode converts between numbers, from dates to timestamps, and from anything to text.
type castNode struct {
	x        node
	from     Type
	saturate bool // what does not fit becomes the largest number, which compares rightly, instead of null
	out      scratch
}

func (c *castNode) eval(f *Frame) *Vector {
	x := c.x.eval(f)
	c.out.begin(f.N, x)
	switch {
	case c.from.Kind == Null:
		// every row is null already
	case c.out.Type.Kind == Float && c.from.Kind == Decimal:
		p := float64(pow10[c.from.Scale])
		for i, m := range x.Int[:f.N] {
			c.out.Float[i] = float64(m) / p
		}
	case c.out.Type.Kind == Float:
		for i, m := range x.Int[:f.N] {
			c.out.Float[i] = float64(m)
		}
	case c.out.Type.Kind == Decimal:
		c.rescale(f.N, x)
	case c.out.Type.Kind == Time:
		for i, d := range x.Int[:f.N] {
			c.out.Int[i] = d * 86400e6
		}
	case c.out.Type.Kind == Text:
		for i := range f.N {
			if !c.out.IsNull(i) {
				c.out.Text[i] = x.Format(i)
			}
		}
	default:
		copy(c.out.Int, x.Int[:f.N])
	}
	return &c.out.Vector
}

// rescale gives a decimal more digits.
func (c *castNode) rescale(n int, x *Vector) {
	from := c.from.Scale
	for i, m := range x.Int[:n] {
		v, ok := Rescale(m, from, c.out.Type.Scale)
		switch {
		case ok:
		case !c.saturate:
			c.out.setNull(i, n)
		case m < 0:
			v = math.MinInt64
		default:
			v = math.MaxInt64
		}
		c.out.Int[i] = v
	}
}

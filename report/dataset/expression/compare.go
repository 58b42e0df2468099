package expression

import "cmp"

func newCompare(op string, t Type, l, r node) node {
	return &compareNode{op: op, kind: t.Kind, l: l, r: r, out: newScratch(Bool)}
}

// compareNode compares two vectors of one type. A float that is not a number equals nothing and precedes nothing,
// as IEEE 754 has it.
type compareNode struct {
	op   string
	kind Kind
	l, r node
	out  scratch
}

func (c *compareNode) eval(f *Frame) *Vector {
	l, r := c.l.eval(f), c.r.eval(f)
	c.out.begin(f.N, l, r)
	out := c.out.Bool[:f.N]
	switch c.kind {
	case Bool:
		for i := range out {
			out[i] = (l.Bool[i] == r.Bool[i]) == (c.op == "==")
		}
	case Float:
		compare(c.op, out, l.Float, r.Float)
	case Text:
		compare(c.op, out, l.Text, r.Text)
	default:
		compare(c.op, out, l.Int, r.Int)
	}
	return &c.out.Vector
}

// compare has one loop an operator, so that the loops have no branch on it.
func compare[T cmp.Ordered](op string, out []bool, a, b []T) {
	a, b = a[:len(out)], b[:len(out)]
	switch op {
	case "==":
		for i := range out {
			out[i] = a[i] == b[i]
		}
	case "!=":
		for i := range out {
			out[i] = a[i] != b[i]
		}
	case "<":
		for i := range out {
			out[i] = a[i] < b[i]
		}
	case "<=":
		for i := range out {
			out[i] = a[i] <= b[i]
		}
	case ">":
		for i := range out {
			out[i] = a[i] > b[i]
		}
	case ">=":
		for i := range out {
			out[i] = a[i] >= b[i]
		}
	}
}

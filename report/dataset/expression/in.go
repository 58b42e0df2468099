package expression

import "github.com/expr-lang/expr/ast"

// in checks "x in [a, b]": a list of literals.
func (c *checker) in(n *ast.BinaryNode) term {
	x := c.check(n.Left)
	list, ok := n.Right.(*ast.ArrayNode)
	if !ok {
		return c.fail(n.Right, CodeLimits, `write the values: x in ["a", "b"]`, `"in" needs a list of values`)
	}
	if x.typ.Kind == Invalid {
		return invalid
	}
	set := &inNode{x: x.node, kind: x.typ.Kind, ints: map[int64]struct{}{}, floats: map[float64]struct{}{}, texts: map[string]struct{}{}, out: newScratch(Bool)}
	good := true
	for _, e := range list.Nodes {
		good = c.member(set, x, e) && good
	}
	if !good {
		return invalid
	}
	return term{node: set, typ: Type{Kind: Bool}}
}

// member adds one value to the set; a value that the type of x cannot hold is left out, since x never equals it.
func (c *checker) member(set *inNode, x term, e ast.Node) bool {
	t := c.check(e)
	switch {
	case t.typ.Kind == Invalid:
		return false
	case t.lit == nil || t.lit.null:
		c.fail(e, CodeLimits, "", `a list after "in" holds plain values only`)
		return false
	}
	to, ok := common(x.typ, t.typ)
	if !ok {
		if _, t, to, ok = c.dates(x, t); ok && x.typ.Kind == Day && t.lit.i%86400e6 == 0 {
			t, to = constant(&literal{typ: x.typ, i: t.lit.i / 86400e6}), x.typ
		}
	}
	if !ok || to.Kind == Bool {
		c.fail(e, CodeType, "", "the list holds %s, but x is %s", t.typ, x.typ)
		return false
	}
	if x.typ.Kind == Text {
		set.texts[t.lit.s] = struct{}{}
		return true
	}
	if x.typ.Kind == Float {
		set.floats[cast(t, x.typ).lit.f] = struct{}{}
		return true
	}
	if v, exact := exactly(t.lit, x.typ); exact {
		set.ints[v] = struct{}{}
	}
	return true
}

// exactly returns the integer that stands for a literal in a type; false when the type has no such value.
func exactly(l *literal, to Type) (int64, bool) {
	switch {
	case l.typ.Kind == to.Kind && l.typ.Scale == to.Scale:
		return l.i, true
	case to.Kind == Time && l.typ.Kind == Day:
		return l.i * 86400e6, true
	case (to.Kind == Int || to.Kind == Decimal) && (l.typ.Kind == Int || l.typ.Kind == Decimal):
		v, ok := Rescale(l.i, l.typ.Scale, to.Scale)
		back, same := Rescale(v, to.Scale, l.typ.Scale)
		return v, ok && same && back == l.i
	}
	return 0, false
}

// inNode tests membership in a set of constants.
type inNode struct {
	x      node
	kind   Kind
	ints   map[int64]struct{}
	floats map[float64]struct{}
	texts  map[string]struct{}
	out    scratch
}

func (c *inNode) eval(f *Frame) *Vector {
	x := c.x.eval(f)
	c.out.begin(f.N, x)
	for i := range f.N {
		switch c.kind {
		case Text:
			_, c.out.Bool[i] = c.texts[x.Text[i]]
		case Float:
			_, c.out.Bool[i] = c.floats[x.Float[i]]
		case Bool, Null:
			c.out.Bool[i] = false
		default:
			_, c.out.Bool[i] = c.ints[x.Int[i]]
		}
	}
	return &c.out.Vector
}

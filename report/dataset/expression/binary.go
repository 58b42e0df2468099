package expression

import (
	"strings"

	"github.com/expr-lang/expr/ast"
)

func (c *checker) binary(n *ast.BinaryNode) term {
	switch n.Operator {
	case "in":
		return c.in(n)
	case "??":
		return c.coalesce(n, []ast.Node{n.Left, n.Right})
	case "matches":
		return c.fail(n, CodeLimits, "use startsWith, endsWith or contains", "regular expressions cannot be used here")
	case "..", "**", "^":
		return c.fail(n, CodeLimits, "", "operator %q cannot be used here", n.Operator)
	}
	l, r := c.check(n.Left), c.check(n.Right)
	if l.typ.Kind == Invalid || r.typ.Kind == Invalid {
		return invalid
	}
	switch n.Operator {
	case "and", "&&", "or", "||":
		return c.logic(n, l, r)
	case "==", "!=", "<", "<=", ">", ">=":
		return c.compare(n, l, r)
	case "startsWith", "endsWith", "contains":
		return c.textTest(n, l, r)
	case "+", "-", "*", "/", "%":
		return c.arithmetic(n, l, r)
	}
	return c.fail(n, CodeLimits, "", "operator %q cannot be used here", n.Operator)
}

func (c *checker) logic(n *ast.BinaryNode, l, r term) term {
	for _, t := range []term{l, r} {
		if t.typ.Kind != Bool && t.typ.Kind != Null {
			return c.fail(t.at, CodeType, `compare with something, as in "Quantity > 0"`, "%q needs true or false on both sides, this is %s", n.Operator, t.typ)
		}
	}
	l, r = cast(l, Type{Kind: Bool}), cast(r, Type{Kind: Bool})
	or := n.Operator == "or" || n.Operator == "||"
	return term{node: &logicNode{or: or, l: l.node, r: r.node, out: newScratch(Bool)}, typ: Type{Kind: Bool}}
}

// arithmetic gives an integer, an exact decimal, or a float when one side is one or the operation is a division.
func (c *checker) arithmetic(n *ast.BinaryNode, l, r term) term {
	op := n.Operator[0]
	if op == '+' && textual(l) && textual(r) && (l.typ.Kind == Text || r.typ.Kind == Text) {
		return term{node: &joinNode{l: cast(l, Type{Kind: Text}).node, r: cast(r, Type{Kind: Text}).node, out: newScratch(Text)}, typ: Type{Kind: Text}}
	}
	for _, t := range []term{l, r} {
		if t.typ.Numeric() || t.typ.Kind == Null {
			continue
		}
		hint := ""
		if t.typ.Kind == Text {
			hint = "float(x) reads a number from text; string(x) writes one"
		}
		return c.fail(n, CodeType, hint, "%q needs numbers, not %s and %s", n.Operator, l.typ, r.typ)
	}
	to := Type{Kind: Int}
	switch {
	case op == '/' || l.typ.Kind == Float || r.typ.Kind == Float:
		to.Kind = Float
	case op == '*' && l.typ.Scale+r.typ.Scale > 18:
		to.Kind = Float
	case l.typ.Kind == Decimal || r.typ.Kind == Decimal:
		to = Type{Kind: Decimal, Scale: max(l.typ.Scale, r.typ.Scale)}
	}
	if op == '%' && to.Kind != Int {
		return c.fail(n, CodeType, "", `"%%" needs integers, not %s and %s`, l.typ, r.typ)
	}
	if to.Kind == Float {
		return term{node: &floatNode{op: op, l: cast(l, to).node, r: cast(r, to).node, out: newScratch(Float)}, typ: to}
	}
	out := to
	if op == '*' { // scales add up; the sides keep theirs
		out.Scale = l.typ.Scale + r.typ.Scale
		l, r = notNull(l), notNull(r)
	} else {
		l, r = cast(l, to), cast(r, to)
	}
	return term{node: &intNode{op: op, l: l.node, r: r.node, out: scratch{Vector: Vector{Type: out}}}, typ: out}
}

func textual(t term) bool { return t.typ.Kind == Text || t.typ.Kind == Null }

// notNull gives the literal nil a type that has values.
func notNull(t term) term {
	if t.typ.Kind == Null {
		return cast(t, Type{Kind: Int})
	}
	return t
}

func (c *checker) textTest(n *ast.BinaryNode, l, r term) term {
	if !textual(l) || !textual(r) {
		return c.fail(n, CodeType, "string(x) writes a number as text", "%q needs texts, not %s and %s", n.Operator, l.typ, r.typ)
	}
	test := strings.HasPrefix
	switch n.Operator {
	case "endsWith":
		test = strings.HasSuffix
	case "contains":
		test = strings.Contains
	}
	text := Type{Kind: Text}
	return term{node: &textTestNode{test: test, l: cast(l, text).node, r: cast(r, text).node, out: newScratch(Bool)}, typ: Type{Kind: Bool}}
}

// compare brings both sides to one type; comparison with the literal nil asks whether the other side is null.
func (c *checker) compare(n *ast.BinaryNode, l, r term) term {
	equality := n.Operator == "==" || n.Operator == "!="
	if l.typ.Kind == Null || r.typ.Kind == Null {
		if !equality {
			return c.fail(n, CodeType, `"x == nil" asks whether x is missing`, "%q with nil is never true", n.Operator)
		}
		if l.typ.Kind == Null {
			l = r
		}
		return term{node: &isNullNode{x: l.node, want: n.Operator == "==", out: newScratch(Bool)}, typ: Type{Kind: Bool}}
	}
	to, ok := common(l.typ, r.typ)
	if !ok {
		if l, r, to, ok = c.dates(l, r); !ok {
			return c.mismatch(n, l, r)
		}
	}
	if to.Kind == Bool && !equality {
		return c.fail(n, CodeType, "", "%q does not order true and false", n.Operator)
	}
	l, r = castToCompare(l, to), castToCompare(r, to)
	return term{node: newCompare(n.Operator, to, l.node, r.node), typ: Type{Kind: Bool}}
}

func (c *checker) mismatch(n *ast.BinaryNode, l, r term) term {
	hint := ""
	switch {
	case l.typ.Kind == Text && r.typ.Numeric():
		hint = "put the value in quotes, or read a number with float(x)"
	case r.typ.Kind == Text && l.typ.Numeric():
		hint = "leave the quotes out to compare with a number"
	case l.typ.Kind == Day || l.typ.Kind == Time || r.typ.Kind == Day || r.typ.Kind == Time:
		hint = `write a date as date("2026-10-31")`
	}
	return c.fail(n, CodeType, hint, "%s cannot be compared with %s", l.typ, r.typ)
}

// dates lets a quoted date stand beside a date or a timestamp.
func (c *checker) dates(l, r term) (term, term, Type, bool) {
	moment := func(t term, other Type) (term, bool) {
		if t.lit == nil || t.typ.Kind != Text || (other.Kind != Day && other.Kind != Time) {
			return t, false
		}
		m, ok := ParseMoment(t.lit.s)
		if !ok {
			return t, false
		}
		return constant(&literal{typ: Type{Kind: Time}, i: m.Micro}), true
	}
	if t, ok := moment(r, l.typ); ok {
		return l, t, Type{Kind: Time}, true
	}
	if t, ok := moment(l, r.typ); ok {
		return t, r, Type{Kind: Time}, true
	}
	return l, r, Type{}, false
}

func castToCompare(t term, to Type) term {
	if t.lit != nil && t.typ != to {
		return constant(t.lit.cast(to, true))
	}
	t = cast(t, to)
	if n, ok := t.node.(*castNode); ok {
		n.saturate = true
	}
	return t
}

// common returns the type to which two types convert without loss that matters.
func common(a, b Type) (Type, bool) {
	switch {
	case a.Kind == Null:
		return b, true
	case b.Kind == Null:
		return a, true
	case a.Numeric() && b.Numeric():
		if a.Kind == Float || b.Kind == Float {
			return Type{Kind: Float}, true
		}
		if a.Kind == Int && b.Kind == Int {
			return a, true
		}
		return Type{Kind: Decimal, Scale: max(a.Scale, b.Scale)}, true
	case a.Kind == b.Kind:
		return Type{Kind: a.Kind, UTC: a.UTC && b.UTC}, true
	case (a.Kind == Day && b.Kind == Time) || (a.Kind == Time && b.Kind == Day):
		return Type{Kind: Time}, true
	}
	return Type{}, false
}

func (c *checker) conditional(n *ast.ConditionalNode) term {
	cond, yes, no := c.check(n.Cond), c.check(n.Exp1), c.check(n.Exp2)
	if cond.typ.Kind == Invalid || yes.typ.Kind == Invalid || no.typ.Kind == Invalid {
		return invalid
	}
	if cond.typ.Kind != Bool && cond.typ.Kind != Null {
		return c.fail(n.Cond, CodeType, "", "the condition must be true or false, this is %s", cond.typ)
	}
	to, ok := common(yes.typ, no.typ)
	if !ok {
		return c.fail(n, CodeType, "", "the two results have different types: %s and %s", yes.typ, no.typ)
	}
	pick := &pickNode{args: []node{cast(yes, to).node, cast(no, to).node}, cond: cast(cond, Type{Kind: Bool}).node, out: scratch{Vector: Vector{Type: to}}}
	return term{node: pick, typ: to}
}

func (c *checker) coalesce(at ast.Node, args []ast.Node) term {
	to := Type{Kind: Null}
	terms := make([]term, len(args))
	for i, a := range args {
		terms[i] = c.check(a)
		if terms[i].typ.Kind == Invalid || to.Kind == Invalid {
			to = Type{}
			continue
		}
		t, ok := common(to, terms[i].typ)
		if !ok {
			return c.fail(at, CodeType, "", "the alternatives have different types: %s and %s", to, terms[i].typ)
		}
		to = t
	}
	if to.Kind == Invalid {
		return invalid
	}
	pick := &pickNode{out: scratch{Vector: Vector{Type: to}}}
	for _, t := range terms {
		pick.args = append(pick.args, cast(t, to).node)
	}
	return term{node: pick, typ: to}
}

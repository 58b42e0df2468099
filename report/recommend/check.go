package recommend

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"

	"parcours/internal/diag"
	"parcours/report/measure"
)

// kind is what a part of an expression gives: true or false, or a number with a unit. The unit "" belongs to literals
// and to numbers whose unit the rules below cannot tell; it goes with every other.
type kind struct {
	boolean bool
	wrong   bool // already reported; goes with everything
	unit    measure.Unit
}

// finding is a mistake in an expression, at characters [from, to) of its text.
type finding struct {
	severity  diag.Severity
	code      diag.Code
	from, to  int
	msg, hint string
}

// check walks the tree of an expression: only arithmetic, comparison and a few functions, only known figures, only
// units that go together. It collects every mistake and the figures used.
type check struct {
	known catalogue
	text  string
	uses  []string
	found []finding
}

func (c *check) add(code diag.Code, n ast.Node, hint, format string, args ...any) kind {
	from, to := span(n)
	c.found = append(c.found, finding{diag.Error, code, from, max(to, from+1), fmt.Sprintf(format, args...), hint})
	return kind{wrong: true}
}

// purpose checks what the whole expression gives.
func (c *check) purpose(n ast.Node, got kind, want purpose) {
	switch {
	case got.wrong:
	case want == condition && !got.boolean:
		c.add(CodeType, n, "compare it: retention.m1 < 0.2", "the condition is a number, not true or false")
	case want == amount && got.boolean:
		c.add(CodeType, n, "", "the value at stake is true or false, not a number")
	case want == amount && got.unit != "" && got.unit != measure.UnitMoney:
		c.add(CodeUnits, n, "multiply by an amount of money, such as totals.aov", "the value at stake must be money; this is %s", article(got.unit))
	}
}

func (c *check) node(n ast.Node) kind {
	switch n := n.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		return kind{}
	case *ast.BoolNode:
		return kind{boolean: true}
	case *ast.MemberNode:
		return c.figure(n)
	case *ast.IdentifierNode:
		return c.add(CodeName, n, c.known.near(n.Value), "there is no figure %q", n.Value)
	case *ast.UnaryNode:
		return c.unary(n)
	case *ast.BinaryNode:
		return c.binary(n)
	case *ast.ConditionalNode:
		return c.conditional(n)
	case *ast.BuiltinNode:
		return c.call(n)
	case *ast.CallNode:
		if id, ok := n.Callee.(*ast.IdentifierNode); ok {
			return c.add(CodeName, n.Callee, diag.OneOf(id.Value, functions()), "there is no function %q", id.Value)
		}
	case *ast.StringNode:
		return c.add(CodeForm, n, "", "texts cannot be compared in a playbook")
	}
	return c.add(CodeForm, n, "use figures, numbers, + - * /, comparisons, and, or, not", "this is more than a playbook can do")
}

// figure resolves group.name.
func (c *check) figure(n *ast.MemberNode) kind {
	group, ok := n.Node.(*ast.IdentifierNode)
	field, named := n.Property.(*ast.StringNode)
	if !ok || !named || n.Optional || n.Method {
		if name, deep := dotted(n); deep {
			return c.add(CodeName, n, c.known.near(name), "there is no figure %q", name)
		}
		return c.add(CodeForm, n, "figures are written group.name", "this is not the name of a figure")
	}
	name := group.Value + "." + field.Value
	unit, ok := c.known.units[name]
	if !ok {
		return c.add(CodeName, n, c.known.near(name), "there is no figure %q", name)
	}
	if !slices.Contains(c.uses, name) {
		c.uses = append(c.uses, name)
	}
	return kind{unit: unit}
}

// dotted returns a.b.c of nested members.
func dotted(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return n.Value, true
	case *ast.MemberNode:
		left, ok := dotted(n.Node)
		right, named := n.Property.(*ast.StringNode)
		if ok && named {
			return left + "." + right.Value, true
		}
	}
	return "", false
}

func (c *check) unary(n *ast.UnaryNode) kind {
	k := c.node(n.Node)
	switch n.Operator {
	case "-", "+":
		return c.number(n.Node, k)
	case "not", "!":
		return c.truth(n.Node, k)
	}
	return c.add(CodeForm, n, "", "the operator %q has no place in a playbook", n.Operator)
}

func (c *check) number(n ast.Node, k kind) kind {
	if k.boolean && !k.wrong {
		return c.add(CodeType, n, "", "this is true or false, not a number")
	}
	return k
}

func (c *check) truth(n ast.Node, k kind) kind {
	if !k.boolean && !k.wrong {
		return c.add(CodeType, n, "compare it with a number", "this is a number, not true or false")
	}
	return kind{boolean: true, wrong: k.wrong}
}

func (c *check) binary(n *ast.BinaryNode) kind {
	left, right := c.node(n.Left), c.node(n.Right)
	switch n.Operator {
	case "and", "or", "&&", "||":
		left, right = c.truth(n.Left, left), c.truth(n.Right, right)
		return kind{boolean: true, wrong: left.wrong || right.wrong}
	case "<", "<=", ">", ">=", "==", "!=":
		k := c.alike(n, c.number(n.Left, left), c.number(n.Right, right), "compared")
		c.percent(n.Left, n.Right)
		c.percent(n.Right, n.Left)
		return kind{boolean: true, wrong: k.wrong}
	case "+", "-":
		return c.alike(n, c.number(n.Left, left), c.number(n.Right, right), "added")
	case "*", "/", "**", "^":
		left, right = c.number(n.Left, left), c.number(n.Right, right)
		if left.wrong || right.wrong {
			return kind{wrong: true}
		}
		return kind{unit: combined(n.Operator, left.unit, right.unit)}
	}
	return c.add(CodeForm, n, "use + - * /, comparisons, and, or, not", "the operator %q has no place in a playbook", n.Operator)
}

// alike checks that two numbers have the same unit and returns it.
func (c *check) alike(n ast.Node, a, b kind, verb string) kind {
	switch {
	case a.wrong || b.wrong:
		return kind{wrong: true}
	case !goTogether(a.unit, b.unit):
		return c.add(CodeUnits, n, "", "%s and %s cannot be %s", article(a.unit), article(b.unit), verb)
	case a.unit == "":
		return b
	}
	return a
}

func (c *check) conditional(n *ast.ConditionalNode) kind {
	cond := c.truth(n.Cond, c.node(n.Cond))
	a, b := c.node(n.Exp1), c.node(n.Exp2)
	if a.boolean != b.boolean && !a.wrong && !b.wrong {
		return c.add(CodeType, n, "", "one side is a number, the other true or false")
	}
	k := c.alike(n, a, b, "alternatives")
	k.wrong = k.wrong || cond.wrong
	return k
}

func (c *check) call(n *ast.BuiltinNode) kind {
	if !slices.Contains(functions(), n.Name) {
		return c.add(CodeName, n, diag.OneOf(n.Name, functions()), "there is no function %q", n.Name)
	}
	if len(n.Arguments) == 0 {
		return c.add(CodeType, n, "", "%s needs a number", n.Name)
	}
	var k kind
	for i, a := range n.Arguments {
		next := c.number(a, c.node(a))
		if i == 0 {
			k = next
			continue
		}
		k = c.alike(n, k, next, "given to "+n.Name+" together")
	}
	return k
}

// percent warns about a fraction compared with a number above 1: 25 where 0.25 is meant. Changes may well exceed 1.
func (c *check) percent(figure, literal ast.Node) {
	m, ok := figure.(*ast.MemberNode)
	if !ok {
		return
	}
	name, _ := dotted(m)
	unit := c.known.units[name]
	v, ok := constant(literal)
	if !ok || v <= 1 || unit != measure.UnitRate && unit != measure.UnitPoints || strings.Contains(name, "_change") {
		return
	}
	from, to := span(literal)
	c.found = append(c.found, finding{
		diag.Warning, CodePercent, from, to, fmt.Sprintf("%s is a fraction, never above 1", name), fmt.Sprintf("%g%% is written %g", v, v/100),
	})
}

func constant(n ast.Node) (float64, bool) {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return float64(n.Value), true
	case *ast.FloatNode:
		return n.Value, true
	}
	return 0, false
}

// span returns the characters that a node covers. The library gives an operator's node the place of the operator.
func span(n ast.Node) (from, to int) {
	loc := n.Location()
	from, to = loc.From, max(loc.To, loc.From)
	grow := func(children ...ast.Node) {
		for _, ch := range children {
			if ch == nil {
				continue
			}
			a, b := span(ch)
			from, to = min(from, a), max(to, b)
		}
	}
	switch n := n.(type) {
	case *ast.UnaryNode:
		grow(n.Node)
	case *ast.BinaryNode:
		grow(n.Left, n.Right)
	case *ast.MemberNode:
		grow(n.Node, n.Property)
	case *ast.ConditionalNode:
		grow(n.Cond, n.Exp1, n.Exp2)
	case *ast.BuiltinNode:
		grow(n.Arguments...)
	case *ast.IdentifierNode:
		to = max(to, from+utf8.RuneCountInString(n.Value))
	}
	return from, to
}

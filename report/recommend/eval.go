package recommend

import (
	"math"

	"github.com/expr-lang/expr/ast"

	"parcours/report/measure"
)

// The evaluator walks the tree instead of running the library's machine, for one reason: a figure may be unknown, and
// unknown is neither true nor false. Conditions follow Kleene's three-valued logic, so that an unknown figure matters only
// when the answer depends on it, and is then named. TestEvaluationAgreesWithTheLibrary compares both on known figures.

// result is a number, or true or false; when unknown, figure names the first figure that was missing.
type result struct {
	number  float64
	truth   bool
	unknown bool
	figure  string
}

// lookup finds a figure by name.
type lookup map[string]measure.Figure

func newLookup(lists ...[]measure.Figure) lookup {
	m := lookup{}
	for _, list := range lists {
		for _, f := range list {
			m[f.Name] = f
		}
	}
	return m
}

// get returns a figure that always has its name; one that was never computed, or is no number, is unknown.
func (m lookup) get(name string) measure.Figure {
	f, ok := m[name]
	if !ok {
		return measure.Figure{Name: name}
	}
	f.Known = f.Known && finite(f.Value)
	return f
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func unknown(figure string) result { return result{unknown: true, figure: figure} }

func (e *expression) eval(m lookup) result { return eval(e.tree, m) }

func eval(n ast.Node, m lookup) result {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return result{number: float64(n.Value)}
	case *ast.FloatNode:
		return result{number: n.Value}
	case *ast.BoolNode:
		return result{truth: n.Value}
	case *ast.MemberNode:
		name, _ := dotted(n)
		f := m.get(name)
		return result{number: f.Value, unknown: !f.Known, figure: name}
	case *ast.UnaryNode:
		r := eval(n.Node, m)
		switch n.Operator {
		case "-":
			r.number = -r.number
		case "not", "!":
			r.truth = !r.truth
		}
		return r
	case *ast.BinaryNode:
		return binary(n, m)
	case *ast.ConditionalNode:
		cond := eval(n.Cond, m)
		switch {
		case cond.unknown:
			return cond
		case cond.truth:
			return eval(n.Exp1, m)
		}
		return eval(n.Exp2, m)
	case *ast.BuiltinNode:
		return call(n, m)
	}
	return unknown("")
}

// binary evaluates both sides: the bound on nodes makes short circuits pointless.
func binary(n *ast.BinaryNode, m lookup) result {
	a, b := eval(n.Left, m), eval(n.Right, m)
	switch n.Operator {
	case "and", "&&":
		return decide(a, b, false)
	case "or", "||":
		return decide(a, b, true)
	}
	switch {
	case a.unknown:
		return a
	case b.unknown:
		return b
	}
	x, y := a.number, b.number
	switch n.Operator {
	case "<":
		return result{truth: x < y}
	case "<=":
		return result{truth: x <= y}
	case ">":
		return result{truth: x > y}
	case ">=":
		return result{truth: x >= y}
	case "==":
		return result{truth: x == y}
	case "!=":
		return result{truth: x != y}
	}
	return arithmetic(n, x, y)
}

// decide is "or" for the deciding value true, "and" for false: one side with that value settles the answer, whatever
// the other is.
func decide(a, b result, deciding bool) result {
	for _, r := range []result{a, b} {
		if !r.unknown && r.truth == deciding {
			return result{truth: deciding}
		}
	}
	if a.unknown {
		return a
	}
	return b
}

// arithmetic gives unknown instead of an infinity or NaN: a ratio to nothing is no ratio.
func arithmetic(n *ast.BinaryNode, x, y float64) result {
	var v float64
	switch n.Operator {
	case "+":
		v = x + y
	case "-":
		v = x - y
	case "*":
		v = x * y
	case "/":
		v = x / y
	default:
		v = math.Pow(x, y)
	}
	if !finite(v) {
		return unknown(firstFigure(n.Right, firstFigure(n.Left, "")))
	}
	return result{number: v}
}

// firstFigure is the name of the first figure below a node, or the fallback. The divisor is the likelier culprit.
func firstFigure(n ast.Node, fallback string) string {
	name := fallback
	found := false
	ast.Walk(&n, visitor(func(n ast.Node) {
		if m, ok := n.(*ast.MemberNode); ok && !found {
			name, _ = dotted(m)
			found = true
		}
	}))
	return name
}

type visitor func(ast.Node)

// Visit implements ast.Visitor.
func (v visitor) Visit(n *ast.Node) { v(*n) }

func call(n *ast.BuiltinNode, m lookup) result {
	args := make([]float64, len(n.Arguments))
	for i, a := range n.Arguments {
		r := eval(a, m)
		if r.unknown {
			return r
		}
		args[i] = r.number
	}
	v := args[0]
	switch n.Name {
	case "abs":
		v = math.Abs(v)
	case "round":
		v = math.Round(v)
	case "floor":
		v = math.Floor(v)
	case "ceil":
		v = math.Ceil(v)
	}
	for _, x := range args[1:] {
		if n.Name == "min" {
			v = math.Min(v, x)
		} else {
			v = math.Max(v, x)
		}
	}
	return result{number: v}
}

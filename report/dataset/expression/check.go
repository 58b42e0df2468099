package expression

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"

	"parcours/internal/diag"
)

// checker finds the type of every node of a syntax tree and builds its operation.
type checker struct {
	src     string
	at      diag.Position
	columns []Column
	used    map[int]bool
	list    diag.List
	silent  bool // the tree is known to be right
	touched touched
}

// term is a checked subexpression.
type term struct {
	node
	typ Type
	at  ast.Node
	lit *literal // when it is a literal
}

var invalid = term{}

func (c *checker) fail(at ast.Node, code diag.Code, hint, format string, args ...any) term {
	if !c.silent {
		c.list.Add(diag.Diagnostic{Severity: diag.Error, Code: code, Pos: c.place(at.Location()), Msg: fmt.Sprintf(format, args...), Hint: hint})
	}
	return invalid
}

func (c *checker) check(n ast.Node) term {
	outer := c.touched
	c.touched = touched{}
	t := c.dispatch(n)
	t.at = n
	t = c.lift(t, c.touched)
	outer.add(c.touched)
	c.touched = outer
	return t
}

func (c *checker) dispatch(n ast.Node) term {
	switch n := n.(type) {
	case *ast.NilNode:
		return constant(&literal{typ: Type{Kind: Null}, null: true})
	case *ast.BoolNode:
		return constant(&literal{typ: Type{Kind: Bool}, b: n.Value})
	case *ast.IntegerNode:
		return constant(&literal{typ: Type{Kind: Int}, i: int64(n.Value)})
	case *ast.FloatNode:
		return constant(number(n.Value))
	case *ast.StringNode:
		return constant(&literal{typ: Type{Kind: Text}, s: n.Value})
	case *ast.IdentifierNode:
		return c.column(n, n.Value)
	case *ast.ChainNode:
		return c.check(n.Node)
	case *ast.MemberNode:
		if name, ok := dotted(n); ok {
			return c.column(n, name)
		}
		return c.fail(n, CodeLimits, `write a column of a group as a.b, or col("name") when the name has other characters`, "lists and fields cannot be used here")
	case *ast.UnaryNode:
		return c.unary(n)
	case *ast.BinaryNode:
		return c.binary(n)
	case *ast.ConditionalNode:
		return c.conditional(n)
	case *ast.BuiltinNode:
		return c.call(n, n.Name, n.Arguments)
	case *ast.CallNode:
		if id, ok := n.Callee.(*ast.IdentifierNode); ok {
			return c.call(n, id.Value, n.Arguments)
		}
	case *ast.ArrayNode:
		return c.fail(n, CodeLimits, "", `a list can only stand after "in"`)
	case *ast.SequenceNode, *ast.VariableDeclaratorNode:
		return c.fail(n, CodeLimits, "", "one expression only: no variables and no semicolon")
	}
	return c.fail(n, CodeLimits, "", "this is not part of the expression language")
}

// dotted returns the name of a column inside groups, "a.b".
func dotted(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return n.Value, true
	case *ast.MemberNode:
		property, ok := n.Property.(*ast.StringNode)
		if !ok || n.Optional {
			return "", false
		}
		parent, ok := dotted(n.Node)
		return parent + "." + property.Value, ok
	}
	return "", false
}

func (c *checker) column(at ast.Node, name string) term {
	for i, col := range c.columns {
		if col.Name != name || col.Hidden {
			continue
		}
		if col.Type.Kind == Opaque {
			return c.fail(at, CodeType, "", "column %q is %s, which expressions cannot use", name, col.Type)
		}
		if c.used == nil {
			c.used = map[int]bool{}
		}
		c.used[i] = true
		c.touched.add(touched{any: true, col: i})
		return term{node: columnNode(i), typ: col.Type}
	}
	names := make([]string, 0, len(c.columns))
	for _, col := range c.columns {
		if !col.Hidden {
			names = append(names, col.Name)
		}
	}
	return c.fail(at, CodeUnknown, ColumnHint(name, names), "unknown column %q", name)
}

// ColumnHint suggests the nearest column, or lists the columns when they are few.
func ColumnHint(name string, columns []string) string {
	if hint := diag.DidYouMean(name, columns); hint != "" {
		return hint
	}
	if len(columns) == 0 {
		return ""
	}
	const few = 15
	if len(columns) > few {
		return "columns: " + strings.Join(columns[:few], ", ") + " and " + strconv.Itoa(len(columns)-few) + " more"
	}
	return "columns: " + strings.Join(columns, ", ")
}

type columnNode int

func (i columnNode) eval(f *Frame) *Vector { return f.Cols[i] }

func (c *checker) unary(n *ast.UnaryNode) term {
	x := c.check(n.Node)
	if x.typ.Kind == Invalid {
		return invalid
	}
	switch n.Operator {
	case "not", "!":
		if x.typ.Kind != Bool && x.typ.Kind != Null {
			return c.fail(n, CodeType, "", `"not" needs true or false, this is %s`, x.typ)
		}
		return term{node: &notNode{x: x.node, out: newScratch(Bool)}, typ: Type{Kind: Bool}}
	case "+":
		if x.typ.Numeric() {
			return x
		}
	case "-":
		if x.lit != nil && x.typ.Numeric() {
			return constant(x.lit.negative())
		}
		if x.typ.Numeric() {
			return term{node: &negateNode{x: x.node, out: scratch{Vector: Vector{Type: x.typ}}}, typ: x.typ}
		}
	}
	return c.fail(n, CodeType, "", `%q needs a number, this is %s`, n.Operator, x.typ)
}

func newScratch(k Kind) scratch { return scratch{Vector: Vector{Type: Type{Kind: k}}} }

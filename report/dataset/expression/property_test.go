package expression

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"

	"parcours/internal/diag"
)

// oracle evaluates a tree one row at a time: nulls by the rules of SQL written out, everything else by the virtual
// machine of expr itself, one operator at a time.
type oracle struct {
	row map[string]any // nil is null
}

func (o oracle) eval(t *testing.T, n ast.Node) any {
	switch n := n.(type) {
	case *ast.NilNode:
		return nil
	case *ast.IntegerNode:
		return n.Value
	case *ast.FloatNode:
		return n.Value
	case *ast.StringNode:
		return n.Value
	case *ast.BoolNode:
		return n.Value
	case *ast.IdentifierNode:
		return o.row[n.Value]
	case *ast.UnaryNode:
		x := o.eval(t, n.Node)
		if x == nil {
			return nil
		}
		return run(t, n.Operator+" a", x, nil)
	case *ast.ConditionalNode:
		if o.eval(t, n.Cond) == true {
			return o.eval(t, n.Exp1)
		}
		return o.eval(t, n.Exp2)
	case *ast.BuiltinNode:
		x := o.eval(t, n.Arguments[0])
		if x == nil {
			return nil
		}
		return run(t, n.Name+"(a)", x, nil)
	case *ast.CallNode: // coalesce
		for _, a := range n.Arguments {
			if x := o.eval(t, a); x != nil {
				return x
			}
		}
		return nil
	case *ast.BinaryNode:
		return o.binary(t, n)
	}
	t.Fatalf("unexpected %T", n)
	return nil
}

func (o oracle) binary(t *testing.T, n *ast.BinaryNode) any {
	l := o.eval(t, n.Left)
	if n.Operator == "in" {
		if l == nil {
			return nil
		}
		for _, e := range n.Right.(*ast.ArrayNode).Nodes {
			if run(t, "a == b", l, o.eval(t, e)) == true {
				return true
			}
		}
		return false
	}
	r := o.eval(t, n.Right)
	_, leftNil := n.Left.(*ast.NilNode)
	_, rightNil := n.Right.(*ast.NilNode)
	switch {
	case (n.Operator == "==" || n.Operator == "!=") && (leftNil || rightNil):
		return (l == r) == (n.Operator == "==")
	case n.Operator == "and" && (l == false || r == false):
		return false
	case n.Operator == "or" && (l == true || r == true):
		return true
	case l == nil || r == nil:
		return nil
	case n.Operator == "/" && number64(r) == 0:
		return nil
	case n.Operator == "%" && number64(r) == 0:
		return nil
	}
	return run(t, "a "+n.Operator+" b", l, r)
}

func number64(x any) float64 {
	switch x := x.(type) {
	case int:
		return float64(x)
	case float64:
		return x
	}
	return math.NaN()
}

func run(t *testing.T, code string, a, b any) any {
	t.Helper()
	out, err := expr.Eval(code, map[string]any{"a": a, "b": b})
	if err != nil {
		t.Fatalf("%s with %v, %v: %v", code, a, b, err)
	}
	return out
}

// generator writes random sources of a given kind.
type generator struct{ *rand.Rand }

func (g generator) pick(s ...string) string { return s[g.IntN(len(s))] }

func (g generator) number(depth int) string {
	if depth == 0 {
		return g.pick("i", "j", "f", "0", "3", "0.5", "2.25", "-7")
	}
	switch g.IntN(8) {
	case 0, 1, 2:
		return "(" + g.number(depth-1) + g.pick(" + ", " - ", " * ") + g.number(depth-1) + ")"
	case 3:
		return "(" + g.number(depth-1) + " / " + g.number(depth-1) + ")"
	case 4:
		return "(" + g.pick("i", "j", "5") + " % " + g.pick("i", "j", "3") + ")"
	case 5:
		return "abs(" + g.number(depth-1) + ")"
	case 6:
		return "coalesce(" + g.number(depth-1) + ", " + g.number(depth-1) + ")"
	}
	return "(" + g.truth(depth-1) + " ? " + g.number(depth-1) + " : " + g.number(depth-1) + ")"
}

func (g generator) text(depth int) string {
	if depth == 0 {
		return g.pick("s", "u", `"ab"`, `""`, `"B c"`)
	}
	switch g.IntN(3) {
	case 0:
		return "(" + g.text(depth-1) + " + " + g.text(depth-1) + ")"
	case 1:
		return g.pick("lower", "upper", "trim") + "(" + g.text(depth-1) + ")"
	}
	return "(" + g.truth(depth-1) + " ? " + g.text(depth-1) + " : " + g.text(depth-1) + ")"
}

func (g generator) truth(depth int) string {
	if depth == 0 {
		return g.pick("p", "q", "true", "false")
	}
	switch g.IntN(9) {
	case 0, 1:
		return "(" + g.truth(depth-1) + g.pick(" and ", " or ") + g.truth(depth-1) + ")"
	case 2:
		return "(not " + g.truth(depth-1) + ")"
	case 3, 4:
		return "(" + g.number(depth-1) + g.pick(" < ", " <= ", " > ", " >= ", " == ", " != ") + g.number(depth-1) + ")"
	case 5:
		return "(" + g.text(depth-1) + g.pick(" < ", " == ", " != ", " startsWith ", " endsWith ", " contains ") + g.text(depth-1) + ")"
	case 6:
		return "(" + g.number(depth-1) + " in [0, 3, 0.5])"
	case 7:
		return "(" + g.text(depth-1) + ` in ["ab", ""])`
	}
	return "(" + g.pick(g.number(depth-1), g.text(depth-1), g.truth(depth-1)) + g.pick(" == ", " != ") + "nil)"
}

// TestVectorsAgreeWithTheVirtualMachineRowByRow compares two independent evaluations of random expressions. Values are
// dyadic fractions, so that decimals and floats agree exactly.
func TestVectorsAgreeWithTheVirtualMachineRowByRow(t *testing.T) {
	g := generator{rand.New(rand.NewPCG(1, 2))}
	columns := []Column{
		{Name: "i", Type: Type{Kind: Int}},
		{Name: "j", Type: Type{Kind: Int}},
		{Name: "f", Type: Type{Kind: Float}},
		{Name: "s", Type: Type{Kind: Text}},
		{Name: "u", Type: Type{Kind: Text}},
		{Name: "p", Type: Type{Kind: Bool}},
		{Name: "q", Type: Type{Kind: Bool}},
	}
	const n = 8
	for k := range 1500 {
		src := []func(int) string{g.number, g.text, g.truth}[k%3](1 + k%4)
		f, rows := randomFrame(g, columns, n)
		p, l := Compile(src, diag.Position{}, columns)
		if p == nil {
			t.Fatalf("%s: %v", src, l.Sorted())
		}
		tree, err := parser.Parse(src)
		if err != nil {
			t.Fatal(err)
		}
		v := p.Evaluator().Eval(f)
		for i := range n {
			want := oracle{rows[i]}.eval(t, tree.Node)
			if got := goValue(v, i); !same(got, want) {
				t.Fatalf("%s\nrow %v\n got %v\nwant %v", src, rows[i], got, want)
			}
		}
	}
}

func randomFrame(g generator, columns []Column, n int) (*Frame, []map[string]any) {
	f := &Frame{N: n, Cols: make([]*Vector, len(columns))}
	rows := make([]map[string]any, n)
	for i := range rows {
		rows[i] = map[string]any{}
	}
	for c, col := range columns {
		v := &Vector{Type: col.Type, Null: make([]bool, n), Int: make([]int64, n), Float: make([]float64, n), Text: make([]string, n), Bool: make([]bool, n)}
		f.Cols[c] = v
		for i := range n {
			v.Int[i] = int64(g.IntN(9) - 4)
			v.Float[i] = float64(g.IntN(33)-16) / 4
			v.Text[i] = g.pick("", "ab", "AB", " b c ", "B c")
			v.Bool[i] = g.IntN(2) == 0
			if v.Null[i] = g.IntN(5) == 0; v.Null[i] {
				continue
			}
			rows[i][col.Name] = goValue(v, i)
			if col.Type.Kind == Int {
				rows[i][col.Name] = int(v.Int[i])
			}
		}
		if g.IntN(3) == 0 {
			v.Null = nil
			for i := range n {
				rows[i][col.Name] = goValue(v, i)
				if col.Type.Kind == Int {
					rows[i][col.Name] = int(v.Int[i])
				}
			}
		}
	}
	return f, rows
}

func goValue(v *Vector, i int) any {
	if v.IsNull(i) {
		return nil
	}
	switch v.Type.Kind {
	case Int:
		return int(v.Int[i])
	case Decimal:
		return float64(v.Int[i]) / math.Pow10(v.Type.Scale)
	case Float:
		return v.Float[i]
	case Text:
		return v.Text[i]
	case Bool:
		return v.Bool[i]
	}
	return fmt.Sprint(v.Type)
}

// same compares numbers by value within rounding, since the machine turns some integers into floats.
func same(a, b any) bool {
	if a == nil || b == nil {
		return a == b
	}
	x, y := number64(a), number64(b)
	if math.IsNaN(x) && math.IsNaN(y) {
		return fmt.Sprint(a) == fmt.Sprint(b)
	}
	return math.Abs(x-y) <= 1e-12*max(1, math.Abs(x))
}

func FuzzCompile(f *testing.F) {
	for _, s := range []string{`Quantity > 0 and not (InvoiceNo startsWith 'C')`, `a.b[0]`, `x in [1,"a",nil]`, `date("2026-10-31") < at`, `round(total,2) ?? row()`, `{`, "\x00", `col("Customer ID")`, `#`, `a ? b : c`, `let x = 1; x`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		p, l := Compile(src, diag.Position{File: "f", Line: 1, Col: 1, Len: len([]rune(src)) + 2}, sample)
		if (p == nil) != l.HasErrors() {
			t.Fatalf("program %v, errors %v", p, l.Sorted())
		}
		if p == nil {
			return
		}
		v := p.Evaluator().Eval(sampleFrame())
		for i := range 4 {
			if s := v.Format(i); strings.Contains(s, "unknown") {
				t.Fatal(s)
			}
		}
	})
}

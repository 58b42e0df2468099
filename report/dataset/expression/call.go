package expression

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
)

// functionNames are the functions of the language, for suggestions.
var functionNames = []string{"lower", "upper", "trim", "length", "abs", "round", "int", "float", "string", "date", "coalesce", "col", "row"}

func (c *checker) call(n ast.Node, name string, args []ast.Node) term {
	switch name {
	case "coalesce":
		if len(args) == 0 {
			return c.fail(n, CodeType, "", "coalesce needs at least one value")
		}
		return c.coalesce(n, args)
	case "row":
		if len(args) != 0 {
			return c.fail(n, CodeType, "", "row() takes no value")
		}
		c.touched.add(touched{any: true, other: true})
		return term{node: &rowNode{out: newScratch(Int)}, typ: Type{Kind: Int}}
	case "col":
		if len(args) == 1 {
			if s, ok := args[0].(*ast.StringNode); ok {
				return c.column(n, s.Value)
			}
		}
		return c.fail(n, CodeType, "", `col needs one quoted column name: col("Customer ID")`)
	case "lower", "upper", "trim", "length", "abs", "int", "float", "string", "date", "round":
	default:
		return c.unknownFunction(n, name)
	}
	if len(args) != 1 && (name != "round" || len(args) != 2) {
		return c.fail(n, CodeType, "", "%s takes one value, not %d", name, len(args))
	}
	x := c.check(args[0])
	if x.typ.Kind == Invalid {
		return invalid
	}
	return c.function(n, name, x, args)
}

func (c *checker) unknownFunction(n ast.Node, name string) term {
	hint := ColumnHint(name, functionNames)
	return c.fail(n, CodeUnknown, strings.Replace(hint, "columns:", "functions:", 1), "unknown function %q", name)
}

func (c *checker) function(n ast.Node, name string, x term, args []ast.Node) term {
	switch name {
	case "lower", "upper", "trim", "length":
		if !textual(x) {
			return c.fail(n, CodeType, "string(x) writes a number as text", "%s needs a text, this is %s", name, x.typ)
		}
		return textFunction(name, cast(x, Type{Kind: Text}))
	case "string":
		return cast(x, Type{Kind: Text})
	case "int", "float":
		return c.toNumber(n, name, x)
	case "abs":
		if !x.typ.Numeric() {
			return c.fail(n, CodeType, "", "abs needs a number, this is %s", x.typ)
		}
		return term{node: &absNode{x: x.node, out: scratch{Vector: Vector{Type: x.typ}}}, typ: x.typ}
	case "date":
		return c.date(n, x)
	}
	digits := 0
	if len(args) == 2 {
		d, ok := args[1].(*ast.IntegerNode)
		if !ok || d.Value < 0 || d.Value > 9 {
			return c.fail(args[1], CodeType, "", "the number of digits must be a plain integer from 0 to 9")
		}
		digits = d.Value
	}
	if !x.typ.Numeric() {
		return c.fail(n, CodeType, "", "round needs a number, this is %s", x.typ)
	}
	if x.typ.Kind == Int || (x.typ.Kind == Decimal && x.typ.Scale <= digits) {
		return x
	}
	t := x.typ
	if t.Kind == Decimal {
		t.Scale = digits
	}
	return term{node: &roundNode{x: x.node, digits: digits, from: x.typ.Scale, out: scratch{Vector: Vector{Type: t}}}, typ: t}
}

// toNumber converts to int (towards zero) or float; text that is not a number is null.
func (c *checker) toNumber(n ast.Node, name string, x term) term {
	to := Type{Kind: Int}
	if name == "float" {
		to.Kind = Float
	}
	switch {
	case x.typ.Kind == to.Kind || x.typ.Kind == Null, to.Kind == Float && x.typ.Numeric():
		return cast(x, to)
	case x.typ.Numeric() || x.typ.Kind == Text:
		return term{node: &numberNode{x: x.node, from: x.typ, out: scratch{Vector: Vector{Type: to}}}, typ: to}
	}
	return c.fail(n, CodeType, "", "%s needs a number or a text, this is %s", name, x.typ)
}

// date reads a date from text, or takes the date of a timestamp, in the zone in which it is stored.
func (c *checker) date(n ast.Node, x term) term {
	if x.lit != nil && x.typ.Kind == Text {
		m, ok := ParseMoment(x.lit.s)
		if !ok || !m.DayOnly {
			return c.fail(n, CodeType, `write it as date("2026-10-31")`, "%q is not a date", x.lit.s)
		}
		return constant(&literal{typ: Type{Kind: Day}, i: m.Micro / 86400e6})
	}
	switch x.typ.Kind {
	case Day:
		return x
	case Text, Time, Null:
		return term{node: &dateNode{x: x.node, from: x.typ.Kind, out: newScratch(Day)}, typ: Type{Kind: Day}}
	}
	return c.fail(n, CodeType, `write it as date("2026-10-31")`, "date needs a text or a timestamp, this is %s", x.typ)
}

// rowNode numbers the rows.
type rowNode struct{ out scratch }

func (c *rowNode) eval(f *Frame) *Vector {
	c.out.begin(f.N)
	for i := range f.N {
		c.out.Int[i] = f.Row + int64(i)
	}
	return &c.out.Vector
}

// absNode drops the sign; the one integer without opposite becomes null.
type absNode struct {
	x   node
	out scratch
}

func (c *absNode) eval(f *Frame) *Vector {
	x := c.x.eval(f)
	c.out.begin(f.N, x)
	if c.out.Type.Kind == Float {
		for i, v := range x.Float[:f.N] {
			c.out.Float[i] = math.Abs(v)
		}
		return &c.out.Vector
	}
	for i, v := range x.Int[:f.N] {
		c.out.Int[i] = max(v, -v)
		if v == math.MinInt64 {
			c.out.setNull(i, f.N)
		}
	}
	return &c.out.Vector
}

// roundNode rounds halves away from zero; a float too large to have digits stays as it is.
type roundNode struct {
	x            node
	digits, from int
	out          scratch
}

func (c *roundNode) eval(f *Frame) *Vector {
	x := c.x.eval(f)
	c.out.begin(f.N, x)
	if c.out.Type.Kind == Decimal {
		for i, v := range x.Int[:f.N] {
			c.out.Int[i], _ = Rescale(v, c.from, c.digits)
		}
		return &c.out.Vector
	}
	for i, v := range x.Float[:f.N] {
		c.out.Float[i] = v
		if m, ok := Round(v, c.digits); ok {
			c.out.Float[i] = float64(m) / float64(pow10[c.digits])
		}
	}
	return &c.out.Vector
}

// numberNode converts text, decimals and floats; what has no such number is null.
type numberNode struct {
	x    node
	from Type
	out  scratch
}

func (c *numberNode) eval(f *Frame) *Vector {
	x := c.x.eval(f)
	c.out.begin(f.N, x)
	for i := range f.N {
		if c.out.IsNull(i) {
			continue
		}
		ok := true
		switch {
		case c.from.Kind == Decimal:
			c.out.Int[i] = x.Int[i] / pow10[c.from.Scale]
		case c.from.Kind == Float:
			v := math.Trunc(x.Float[i])
			if ok = math.Abs(v) < 0x1p63; ok {
				c.out.Int[i] = int64(v)
			}
		case c.out.Type.Kind == Float:
			c.out.Float[i], ok = ParseNumber(x.Text[i])
		default:
			v, err := strconv.ParseInt(strings.TrimSpace(x.Text[i]), 10, 64)
			c.out.Int[i], ok = v, err == nil
		}
		if !ok {
			c.out.setNull(i, f.N)
		}
	}
	return &c.out.Vector
}

// ParseNumber reads a plain decimal number such as "-12.50"; spaces around it are ignored. Thousands separators, hexadecimal, "inf"
// and "nan" are not numbers here.
func ParseNumber(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	for _, r := range s {
		if (r < '0' || r > '9') && !strings.ContainsRune("+-.eE", r) {
			return 0, false
		}
	}
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil
}

// dateNode takes the day of a timestamp or of a text; text that is no date is null.
type dateNode struct {
	x    node
	from Kind
	out  scratch
}

func (c *dateNode) eval(f *Frame) *Vector {
	x := c.x.eval(f)
	c.out.begin(f.N, x)
	for i := range f.N {
		if c.out.IsNull(i) {
			continue
		}
		micro := int64(0)
		if c.from == Text {
			m, ok := ParseMoment(x.Text[i])
			if !ok {
				c.out.setNull(i, f.N)
				continue
			}
			micro = m.Micro
		} else {
			micro = x.Int[i]
		}
		c.out.Int[i] = FloorDiv(micro, 86400e6)
	}
	return &c.out.Vector
}

// FloorDiv divides towards minus infinity; b is positive.
func FloorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func textFunction(name string, x term) term {
	if name == "length" {
		return term{node: &lengthNode{x: x.node, out: newScratch(Int)}, typ: Type{Kind: Int}}
	}
	apply := strings.TrimSpace
	switch name {
	case "lower":
		apply = strings.ToLower
	case "upper":
		apply = strings.ToUpper
	}
	return term{node: &textNode{apply: apply, x: x.node, out: newScratch(Text)}, typ: Type{Kind: Text}}
}

// lengthNode counts characters.
type lengthNode struct {
	x   node
	out scratch
}

func (c *lengthNode) eval(f *Frame) *Vector {
	x := c.x.eval(f)
	c.out.begin(f.N, x)
	for i := range f.N {
		if !c.out.IsNull(i) {
			c.out.Int[i] = int64(utf8.RuneCountInString(x.Text[i]))
		}
	}
	return &c.out.Vector
}

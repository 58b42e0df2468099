package expression

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"

	"parcours/internal/diag"
)

// The codes of this package.
const (
	CodeSyntax  diag.Code = "PX001" // not an expression
	CodeUnknown diag.Code = "PX002" // unknown column or function
	CodeType    diag.Code = "PX003" // an operation that these types do not have
	CodeLimits  diag.Code = "PX004" // valid elsewhere, but not part of this language
	CodeResult  diag.Code = "PX005" // the whole gives the wrong kind of value
)

// maxLength bounds the source, and with it the depth of the parser's recursion.
const maxLength = 4096

// Program is a checked expression. It is immutable and safe for concurrent use; evaluation needs an Evaluator.
type Program struct {
	root    ast.Node
	columns []Column
	used    []int
	typ     Type
}

// Evaluator evaluates a program batch by batch, reusing its memory. It serves one goroutine.
type Evaluator struct {
	root node
}

// node is one operation. Its result is valid until the next call.
type node interface {
	eval(f *Frame) *Vector
}

// Eval returns one value a row of the frame, valid until the next call. Texts may come as codes only, see Expand.
func (e *Evaluator) Eval(f *Frame) *Vector {
	if n, ok := e.root.(*liftedNode); ok && f.Cols[n.col].Codes != nil {
		return n.coded(f, f.Cols[n.col])
	}
	return e.root.eval(f)
}

// Type returns the type of the program's values.
func (p *Program) Type() Type { return p.typ }

// Columns returns the indexes of the columns that the program reads, ascending.
func (p *Program) Columns() []int { return p.used }

// Evaluator returns a new evaluator.
func (p *Program) Evaluator() *Evaluator {
	c := &checker{columns: p.columns, silent: true}
	return &Evaluator{c.check(p.root).node}
}

// Compile parses and checks an expression over columns. All mistakes are reported, each at its place inside the
// text at the given position. The program is nil when there are errors.
func Compile(src string, at diag.Position, columns []Column) (*Program, diag.List) {
	c := &checker{src: src, at: at, columns: columns}
	if len(src) > maxLength {
		c.list.Errorf(CodeLimits, at, "the expression is longer than %d characters", maxLength)
		return nil, c.list
	}
	tree, err := parse(src)
	if err != nil {
		c.syntax(err)
		return nil, c.list
	}
	t := c.check(tree.Node)
	if c.list.HasErrors() {
		return nil, c.list
	}
	p := &Program{root: tree.Node, columns: columns, typ: t.typ}
	for i := range columns {
		if c.used[i] {
			p.used = append(p.used, i)
		}
	}
	return p, c.list
}

// CompileFilter is Compile for a row filter, which must give true or false.
func CompileFilter(src string, at diag.Position, columns []Column) (*Program, diag.List) {
	p, l := Compile(src, at, columns)
	if p != nil && p.typ.Kind != Bool && p.typ.Kind != Null {
		l.Add(diag.Diagnostic{
			Severity: diag.Error, Code: CodeResult, Pos: at,
			Msg:  fmt.Sprintf("the filter gives %s; it must be true or false", p.typ),
			Hint: `compare with something, as in "Quantity > 0"`,
		})
		return nil, l
	}
	return p, l
}

// parse turns a panic of the parser into an error: the text is the user's.
func parse(src string) (tree *parser.Tree, err error) {
	defer func() {
		if r := recover(); r != nil {
			tree, err = nil, errors.New("this cannot be read as an expression")
		}
	}()
	return parser.Parse(src)
}

func (c *checker) syntax(err error) {
	var e *file.Error
	if !errors.As(err, &e) {
		c.list.Errorf(CodeSyntax, c.at, "%v", err)
		return
	}
	hint := ""
	if strings.Contains(e.Message, `Operator("=")`) {
		hint = `compare with "=="`
	}
	c.list.Add(diag.Diagnostic{
		Severity: diag.Error, Code: CodeSyntax, Pos: c.place(e.Location),
		Msg: "not an expression: " + strings.ToLower(e.Message[:1]) + e.Message[1:], Hint: hint,
	})
}

// place turns a place in the expression into one in the file. It is exact for one-line strings without escapes,
// which are as long in the file as their value and two quotes, and falls back to the whole value for the others.
func (c *checker) place(l file.Location) diag.Position {
	pos := c.at
	if pos.Len != utf8.RuneCountInString(c.src)+2 {
		return pos
	}
	pos.Col += 1 + l.From
	pos.Len = max(1, l.To-l.From)
	return pos
}

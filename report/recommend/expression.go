package recommend

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"

	"parcours/internal/diag"
)

// Bounds of an expression. A play has a few comparisons; the bounds keep a hostile file from using the parser's stack.
const (
	maxLength = 1000
	maxNodes  = 400
)

// purpose is what an expression must give.
type purpose int

const (
	condition purpose = iota // true or false
	amount                   // money, or a number without unit
)

// expression is a checked expression and the figures it uses, in the order of the text.
type expression struct {
	tree ast.Node
	uses []string
}

// functions are the only ones that expressions may call: numbers in, a number out.
func functions() []string { return []string{"min", "max", "abs", "round", "floor", "ceil"} }

// options are those of the parser and of the type checker. The optimizer is off: the evaluator walks the tree as written.
func options(known catalogue, want purpose) []expr.Option {
	opts := []expr.Option{expr.Env(known.env), expr.Optimize(false), expr.MaxNodes(maxNodes), expr.DisableAllBuiltins()}
	for _, f := range functions() {
		opts = append(opts, expr.EnableBuiltin(f))
	}
	if want == condition {
		return append(opts, expr.AsBool())
	}
	return append(opts, expr.AsFloat64())
}

// expression checks one expression of a play; nil when it is absent or wrong.
func (p *Play) expression(l *diag.List, known catalogue, name, text string, want purpose) *expression {
	path := p.path + "." + name
	if strings.TrimSpace(text) == "" {
		if p.empty(path, text) || p.doc == nil && want == condition {
			p.report(l, diag.Error, CodeList, p.pos(path), "", name+" is an empty text")
		}
		return nil
	}
	if n := utf8.RuneCountInString(text); n > maxLength {
		p.report(l, diag.Error, CodeLength, p.pos(path), "split the play in two", fmt.Sprintf("the expression has %d characters, more than %d", n, maxLength))
		return nil
	}
	tree, err := parse(text, known, want)
	if err != nil {
		p.badExpression(l, path, text, err)
		return nil
	}
	c := check{known: known, text: text}
	got := c.node(tree)
	c.purpose(tree, got, want)
	failed := false
	for _, f := range c.found {
		p.report(l, f.severity, f.code, p.within(path, f.from, f.to), f.hint, f.msg)
		failed = failed || f.severity == diag.Error
	}
	if failed {
		return nil
	}
	// The checks above are those of the playbook; the last word on names and types is the library's.
	if err := typed(text, known, want); err != nil {
		p.badExpression(l, path, text, err)
		return nil
	}
	return &expression{tree: tree, uses: c.uses}
}

// empty reports whether an empty text stands in the file, rather than nothing or a value of another kind.
func (p *Play) empty(path, text string) bool {
	return p.doc != nil && p.doc.Has(path) && (text != "" || strings.Trim(p.doc.Raw(path), `"'`) == "")
}

// parse returns the tree of an expression. The library's own panics, if any, are errors here.
func parse(text string, known catalogue, want purpose) (tree ast.Node, err error) {
	defer recovered(&err)
	c := conf.CreateNew()
	for _, o := range options(known, want) {
		o(c)
	}
	t, err := parser.ParseWithConfig(text, c)
	if err != nil {
		return nil, err
	}
	return t.Node, nil
}

// typed runs the library's type checker.
func typed(text string, known catalogue, want purpose) (err error) {
	defer recovered(&err)
	_, err = expr.Compile(text, options(known, want)...)
	return err
}

func recovered(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("cannot be read: %v", r)
	}
}

// badExpression reports an error of the library, which counts characters from 0 and ends some messages with a picture.
func (p *Play) badExpression(l *diag.List, path, text string, err error) {
	pos, msg := p.pos(path), err.Error()
	var fe *file.Error
	if errors.As(err, &fe) {
		n := utf8.RuneCountInString(text)
		from := min(max(fe.From, 0), n)
		pos = p.within(path, from, min(max(fe.To, from+1), n+1))
		msg = fe.Message
	}
	msg, _, _ = strings.Cut(msg, "\n")
	if strings.Contains(msg, "maximum allowed nodes") {
		p.report(l, diag.Error, CodeLength, p.pos(path), "split the play in two", fmt.Sprintf("the expression has more than %d parts", maxNodes))
		return
	}
	msg = strings.ReplaceAll(msg, "token EOF", "end")
	p.report(l, diag.Error, CodeSyntax, pos, "conditions compare figures, such as retention.m1 < 0.2 and kpi.orders > 100", "not an expression: "+msg)
}

package site

import (
	"bytes"
	"regexp"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	gtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"parcours/internal/diag"
	"parcours/journey"
)

// newMarkdown is CommonMark with tables, strikethrough and bare links, and with references {{ value "…" }}. Raw HTML
// is never let through, attributes on headings are not read, and no style attribute is written.
func newMarkdown() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(
			extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone)),
			extension.Strikethrough,
			extension.NewLinkify(extension.WithLinkifyAllowedProtocols([]string{"http:", "https:"})),
		),
		goldmark.WithParserOptions(
			parser.WithInlineParsers(util.Prioritized(referenceParser{}, 50)),
			parser.WithASTTransformers(util.Prioritized(headings{}, 100), util.Prioritized(runs{}, 200)),
		),
	)
}

// kindReference is the node of {{ value "…" }} and {{ figure "…" }}.
var kindReference = ast.NewNodeKind("Reference")

// reference is a name to be replaced by a value or a figure.
type reference struct {
	ast.BaseInline
	verb, name string
	start      int // bytes of the body, braces included
	stop       int
	nameAt     int // bytes of the body where the name starts, 0 without a name
}

// Kind implements ast.Node.
func (*reference) Kind() ast.NodeKind { return kindReference }

// Dump implements ast.Node.
func (r *reference) Dump(source []byte, level int) {
	ast.DumpHelper(r, source, level, map[string]string{"verb": r.verb, "name": r.name}, nil)
}

// referenceParser recognises references; code spans and blocks are left alone.
type referenceParser struct{}

// Trigger implements parser.InlineParser.
func (referenceParser) Trigger() []byte { return []byte{'{'} }

var referenceForm = regexp.MustCompile(`^\{\{[ \t]*(?:([a-z]+)[ \t]+"([^"{}]*)"[ \t]*)?`)

// Parse implements parser.InlineParser. Whatever begins with "{{" and ends with "}}" is a reference: a malformed one
// has no verb and is reported.
func (referenceParser) Parse(_ ast.Node, block gtext.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	if !bytes.HasPrefix(line, []byte("{{")) {
		return nil
	}
	end := bytes.Index(line, []byte("}}"))
	if end < 0 {
		return nil
	}
	r := &reference{start: segment.Start, stop: segment.Start + end + 2}
	if m := referenceForm.FindSubmatchIndex(line); m[1] == end && m[2] >= 0 {
		r.verb, r.name, r.nameAt = string(line[m[2]:m[3]]), string(line[m[4]:m[5]]), segment.Start+m[4]
	}
	block.Advance(end + 2)
	return r
}

// headings gives each heading an id made from its text, and moves the headings of a body that uses level 1 down by
// one: the title of the page is its only level 1.
type headings struct{}

// Transform implements parser.ASTTransformer.
func (headings) Transform(doc *ast.Document, reader gtext.Reader, _ parser.Context) {
	top, taken := false, map[string]int{}
	walk(doc, func(n ast.Node) {
		if h, ok := n.(*ast.Heading); ok {
			top = top || h.Level == 1
			id := journey.Slug(plain(h, reader.Source()))
			if id == "" {
				id = "section"
			}
			taken[id]++
			if k := taken[id]; k > 1 {
				id += "-" + itoa(int32(k))
			}
			h.SetAttributeString("id", []byte("p-"+id))
		}
	})
	if !top {
		return
	}
	walk(doc, func(n ast.Node) {
		if h, ok := n.(*ast.Heading); ok {
			h.Level = min(h.Level+1, 6)
		}
	})
}

// runs joins the pieces that the parser leaves of one run of text, so that a mark and the space before it are seen
// together.
type runs struct{}

// Transform implements parser.ASTTransformer.
func (runs) Transform(doc *ast.Document, reader gtext.Reader, _ parser.Context) {
	walk(doc, func(n ast.Node) {
		t, ok := n.(*ast.Text)
		for ok && t.NextSibling() != nil && t.Merge(t.NextSibling(), reader.Source()) {
			t.Parent().RemoveChild(t.Parent(), t.NextSibling())
		}
	})
}

// walk visits every node of a tree.
func walk(n ast.Node, do func(ast.Node)) {
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			do(n)
		}
		return ast.WalkContinue, nil
	})
}

// plain is the text of a node without marks.
func plain(n ast.Node, source []byte) string {
	var b bytes.Buffer
	walk(n, func(c ast.Node) {
		switch c := c.(type) {
		case *ast.Text:
			b.Write(c.Segment.Value(source))
			if c.SoftLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(c.Value)
		}
	})
	return b.String()
}

// isRight reports whether a table cell is aligned to the right, as numbers are.
func isRight(n ast.Node) bool {
	c, ok := n.(*east.TableCell)
	return ok && c.Alignment == east.AlignRight
}

// at is the place in the file of bytes [start, stop) of the body.
func (p *Page) at(start, stop int) diag.Position {
	start = max(0, min(start, len(p.Body)))
	stop = max(start, min(stop, len(p.Body)))
	before := p.Body[:start]
	line := bytes.LastIndexByte(before, '\n') + 1
	return diag.Position{
		File: p.File, Line: p.Line + bytes.Count(before, []byte("\n")),
		Col: utf8.RuneCount(before[line:]) + 1, Len: max(1, utf8.RuneCount(p.Body[start:stop])),
	}
}

// source is the line of the body that holds a byte.
func (p *Page) source(at int) string {
	at = max(0, min(at, len(p.Body)))
	from := bytes.LastIndexByte(p.Body[:at], '\n') + 1
	line, _, _ := bytes.Cut(p.Body[from:], []byte("\n"))
	return string(line)
}

// report adds a message about bytes [start, stop) of the body.
func (p *Page) report(l *diag.List, s diag.Severity, code diag.Code, start, stop int, hint, msg string) {
	l.Add(diag.Diagnostic{Severity: s, Code: code, Pos: p.at(start, stop), Source: p.source(start), Hint: hint, Msg: msg})
}

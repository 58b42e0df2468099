// Package tomlpos loads a TOML file into a struct and knows where every key and value stands.
//
// BurntSushi/toml decides what is valid TOML. Its positions are wrong inside arrays of tables, so go-toml's
// unstable parser, used for nothing else, says where things are.
package tomlpos

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2/unstable"

	"parcours/internal/diag"
)

// Kind is the kind of a TOML value.
type Kind int

// The kinds of TOML values.
const (
	Table Kind = iota
	Array
	String
	Integer
	Float
	Bool
	LocalDate
	LocalTime
	LocalDateTime
	OffsetDateTime
)

var kindNames = [...]string{"a table", "a list", "a text", "an integer", "a number", "true or false", "a date", "a time", "a date and time", "a date and time with a zone"}

// String returns the kind as a user would name it, article included.
func (k Kind) String() string { return kindNames[k] }

// span is a range of bytes.
type span struct{ from, to int }

// node is one value of the document; the children of a table and the elements of an array keep file order.
type node struct {
	name     string
	path     string
	kind     Kind
	key, val span
	children []*node
	byName   map[string]*node
	elems    []*node
	header   bool // made by [table] or [[array]], not inline
}

// Doc is an indexed TOML document.
type Doc struct {
	File  string
	src   []byte
	root  *node
	paths map[string]*node
	order []string // paths of keys in file order, as MetaData.Keys would list them
}

// bom is the byte-order mark, which go-toml refuses and BurntSushi accepts.
var bom = []byte("\xef\xbb\xbf")

// index builds the position index of a document that BurntSushi has accepted.
func index(file string, src []byte) (*Doc, error) {
	src = bytes.TrimPrefix(src, bom)
	d := &Doc{File: file, src: src, paths: map[string]*node{}}
	d.root = &node{kind: Table, byName: map[string]*node{}}
	d.paths[""] = d.root
	var p unstable.Parser
	p.Reset(src)
	current := d.root
	for p.NextExpression() {
		e := p.Expression()
		switch e.Kind {
		case unstable.Table:
			current = d.open(d.root, e, false)
		case unstable.ArrayTable:
			current = d.open(d.root, e, true)
		case unstable.KeyValue:
			d.keyValue(current, e)
		}
	}
	if err := p.Error(); err != nil {
		return nil, fmt.Errorf("index %s: %w", file, err)
	}
	return d, nil
}

// open finds or makes the table that a header names; inside an array of tables it is the last element.
func (d *Doc) open(t *node, e *unstable.Node, array bool) *node {
	it := e.Key()
	for it.Next() {
		k := it.Node()
		at := rangeOf(k)
		last := it.IsLast()
		child := t.byName[string(k.Data)]
		if child == nil {
			child = d.child(t, string(k.Data), at)
			child.kind, child.header = Table, true
			if last && array {
				child.kind = Array
			}
		}
		if last && array {
			d.order = append(d.order, child.path)
			return d.elem(child, at)
		}
		if last {
			child.key, child.val = at, at
			d.order = append(d.order, child.path)
		}
		if child.kind == Array && len(child.elems) > 0 {
			child = child.elems[len(child.elems)-1]
		}
		t = child
	}
	return t
}

func (d *Doc) keyValue(t *node, e *unstable.Node) {
	it := e.Key()
	for it.Next() {
		k := it.Node()
		at := rangeOf(k)
		child := t.byName[string(k.Data)]
		if child == nil {
			child = d.child(t, string(k.Data), at)
		}
		if it.IsLast() {
			d.order = append(d.order, child.path)
			d.value(child, e.Value())
		}
		t = child
	}
}

func (d *Doc) value(n *node, v *unstable.Node) {
	n.val = rangeOf(v)
	switch v.Kind {
	case unstable.InlineTable:
		n.kind = Table
		n.val = n.key
		for it := v.Children(); it.Next(); {
			d.keyValue(n, it.Node())
		}
	case unstable.Array:
		n.kind = Array
		n.val = n.key
		for it := v.Children(); it.Next(); {
			if it.Node().Kind == unstable.Comment {
				continue
			}
			d.value(d.elem(n, n.key), it.Node())
		}
	case unstable.Bool:
		n.kind = Bool
	case unstable.Float:
		n.kind = Float
	case unstable.Integer:
		n.kind = Integer
	case unstable.LocalDate:
		n.kind = LocalDate
	case unstable.LocalTime:
		n.kind = LocalTime
	case unstable.LocalDateTime:
		n.kind = LocalDateTime
	case unstable.DateTime:
		n.kind = OffsetDateTime
	default:
		n.kind = String
	}
}

func (d *Doc) child(t *node, name string, at span) *node {
	n := &node{name: name, path: join(t.path, name), kind: Table, key: at, val: at, byName: map[string]*node{}}
	if t.byName == nil {
		t.byName = map[string]*node{}
	}
	t.byName[name] = n
	t.children = append(t.children, n)
	d.paths[n.path] = n
	return n
}

func (d *Doc) elem(a *node, at span) *node {
	n := &node{name: a.name, path: a.path + "[" + strconv.Itoa(len(a.elems)) + "]", kind: Table, key: at, val: at, byName: map[string]*node{}, header: a.header}
	a.elems = append(a.elems, n)
	d.paths[n.path] = n
	return n
}

func rangeOf(n *unstable.Node) span {
	return span{int(n.Raw.Offset), int(n.Raw.Offset + n.Raw.Length)}
}

// join adds a key to a path, quoting it when it is not a bare key.
func join(path, name string) string {
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return r == '.' || r == '[' || r == ']' || r == ' ' }) {
		name = strconv.Quote(name)
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

// Pos returns the place of the value at a path such as "stage[2].touchpoint[0].channel". A missing path gives the
// place of its nearest existing parent, so a message about an absent key points to the table that lacks it.
func (d *Doc) Pos(path string) diag.Position {
	for p := path; ; p = parent(p) {
		if n, ok := d.paths[p]; ok {
			pos := d.at(n.val)
			pos.Path = path
			return pos
		}
	}
}

// KeyPos returns the place of the key at a path.
func (d *Doc) KeyPos(path string) diag.Position {
	n, ok := d.paths[path]
	if !ok {
		return d.Pos(path)
	}
	pos := d.at(n.key)
	pos.Path = path
	return pos
}

// Has reports whether the document sets the key at a path.
func (d *Doc) Has(path string) bool { _, ok := d.paths[path]; return ok }

// Raw returns the text of a value as written in the file, quotes included.
func (d *Doc) Raw(path string) string {
	if n, ok := d.paths[path]; ok {
		return string(d.src[n.val.from:n.val.to])
	}
	return ""
}

// Within returns the place of characters [from, to) of the text value at a path, counted in decoded characters. It is exact for
// one-line literal and escape-free strings, and falls back to the whole value for the others.
func (d *Doc) Within(path string, from, to int) diag.Position {
	pos := d.Pos(path)
	raw := d.Raw(path)
	if len(raw) < 2 || strings.ContainsAny(raw, "\n\\") || strings.HasPrefix(raw, `"""`) || strings.HasPrefix(raw, `'''`) {
		return pos
	}
	pos.Col += 1 + from
	pos.Len = max(1, to-from)
	return pos
}

// Line returns the text of a line, counted from 1, without its end.
func (d *Doc) Line(n int) string { return Line(d.src, n) }

// Line returns line n of a text, counted from 1, without its end.
func Line(src []byte, n int) string {
	for ; n > 1; n-- {
		i := bytes.IndexByte(src, '\n')
		if i < 0 {
			return ""
		}
		src = src[i+1:]
	}
	line, _, _ := bytes.Cut(src, []byte("\n"))
	return strings.TrimSuffix(string(line), "\r")
}

// at turns a range of bytes into a position counted in characters.
func (d *Doc) at(s span) diag.Position {
	if s.to > len(d.src) || (s.from == 0 && s.to == 0) {
		return diag.Position{File: d.File, Line: 1, Col: 1}
	}
	before := d.src[:s.from]
	line := bytes.Count(before, []byte("\n")) + 1
	start := bytes.LastIndexByte(before, '\n') + 1
	text := d.src[s.from:s.to]
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		text = text[:i]
	}
	return diag.Position{File: d.File, Line: line, Col: utf8.RuneCount(d.src[start:s.from]) + 1, Len: utf8.RuneCount(text)}
}

func parent(path string) string {
	if i := strings.LastIndexAny(path, ".["); i >= 0 {
		return path[:i]
	}
	return ""
}

// Error adds an error at the value of a path, with the source line.
func (d *Doc) Error(l *diag.List, code diag.Code, path, hint, format string, args ...any) {
	d.add(l, diag.Error, code, d.Pos(path), hint, format, args...)
}

// Warn adds a warning at the value of a path, with the source line.
func (d *Doc) Warn(l *diag.List, code diag.Code, path, hint, format string, args ...any) {
	d.add(l, diag.Warning, code, d.Pos(path), hint, format, args...)
}

// ErrorAt adds an error at a position of this document, with the source line.
func (d *Doc) ErrorAt(l *diag.List, code diag.Code, pos diag.Position, hint, format string, args ...any) {
	d.add(l, diag.Error, code, pos, hint, format, args...)
}

func (d *Doc) add(l *diag.List, s diag.Severity, code diag.Code, pos diag.Position, hint, format string, args ...any) {
	l.Add(diag.Diagnostic{Severity: s, Code: code, Pos: pos, Msg: fmt.Sprintf(format, args...), Hint: hint, Source: d.Line(pos.Line)})
}

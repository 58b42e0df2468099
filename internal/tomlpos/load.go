package tomlpos

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/BurntSushi/toml"

	"parcours/internal/diag"
)

// The codes of this package.
const (
	CodeSyntax   diag.Code = "PT001" // not TOML: syntax, duplicate key, redefined table
	CodeUnknown  diag.Code = "PT002" // unknown key
	CodeKind     diag.Code = "PT003" // wrong kind of value
	CodeMissing  diag.Code = "PT004" // missing required key
	CodeEncoding diag.Code = "PT005" // not UTF-8
)

// Shaper is implemented by types with their own UnmarshalTOML; it lists the kinds of value they accept.
type Shaper interface{ TOMLKinds() []Kind }

// Load decodes src into target, a pointer to a struct whose fields carry `toml:"name"` tags, and returns the
// indexed document with every mistake of syntax and shape. A field tagged `required:"true"` must be present.
// When the list has errors, target is incomplete and only the positions may be used; after a syntax error
// the document is nil.
func Load(file string, src []byte, target any) (*Doc, diag.List) {
	var l diag.List
	if at := invalidUTF8(src); at >= 0 {
		line := 1 + strings.Count(string(src[:at]), "\n")
		l.Add(diag.Diagnostic{
			Severity: diag.Error, Code: CodeEncoding, Pos: diag.Position{File: file, Line: line, Col: 1},
			Msg: "the file is not UTF-8 text", Hint: "save it as UTF-8",
		})
		return nil, l
	}
	var raw map[string]any
	if _, err := toml.Decode(string(src), &raw); err != nil {
		l.Add(syntax(file, src, err))
		return nil, l
	}
	d, err := index(file, src)
	if err != nil {
		l.Errorf(CodeSyntax, diag.Position{File: file}, "%v", err)
		return nil, l
	}
	d.shape(&l, d.root, reflect.TypeOf(target).Elem())
	if l.HasErrors() {
		return d, l
	}
	if _, err := toml.Decode(string(src), target); err != nil {
		l.Errorf(CodeKind, diag.Position{File: file}, "%v", err)
	}
	return d, l
}

func invalidUTF8(src []byte) int {
	for i := 0; i < len(src); {
		r, n := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// syntax turns a decoding error of BurntSushi/toml into a diagnostic. Its lines are those of where reading stopped,
// one too far when a line ends too early: the place is that of the first byte that it could not use.
func syntax(file string, src []byte, err error) diag.Diagnostic {
	d := diag.Diagnostic{Severity: diag.Error, Code: CodeSyntax, Pos: diag.Position{File: file}, Msg: err.Error()}
	var pe toml.ParseError
	if !errors.As(err, &pe) {
		return d
	}
	d.Pos.Line, d.Pos.Col = place(src, pe.Position.Start)
	d.Msg = strings.TrimSuffix(pe.Message, ".")
	if d.Msg == "" {
		d.Msg = strings.TrimPrefix(pe.Error(), "toml: ")
	}
	d.Source = Line(src, d.Pos.Line)
	if strings.Contains(d.Msg, "already been defined") {
		// The decoder notices a duplicate after its value; the reader looks for the key.
		d.Pos.Col = 1 + len(d.Source) - len(strings.TrimLeft(d.Source, " \t"))
	}
	return d
}

// place is the line and the column, in characters, of a byte; the end of the file belongs to its last line.
func place(src []byte, at int) (line, col int) {
	if bytes.HasPrefix(src, bom) {
		at += len(bom) // the decoder does not count it
	}
	at = max(0, min(at, len(src)))
	if at == len(src) && at > 0 && src[at-1] == '\n' {
		at--
	}
	start := bytes.LastIndexByte(src[:at], '\n') + 1
	return 1 + bytes.Count(src[:at], []byte("\n")), utf8.RuneCount(bytes.TrimPrefix(src[start:at], bom)) + 1
}

// shape reports every unknown key, wrong kind and missing required key of a table.
func (d *Doc) shape(l *diag.List, n *node, t reflect.Type) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if s, ok := reflect.New(t).Interface().(Shaper); ok {
		d.kinds(l, n, s.TOMLKinds())
		if _, ok := s.(*Strings); ok {
			for _, c := range n.elems {
				d.kinds(l, c, []Kind{String})
			}
		}
		return
	}
	switch t.Kind() {
	case reflect.Struct:
		if d.kinds(l, n, []Kind{Table}) {
			d.fields(l, n, t)
		}
	case reflect.Map:
		if d.kinds(l, n, []Kind{Table}) {
			for _, c := range n.children {
				d.shape(l, c, t.Elem())
			}
		}
	case reflect.Slice:
		if d.kinds(l, n, []Kind{Array}) {
			for _, c := range n.elems {
				d.shape(l, c, t.Elem())
			}
		}
	case reflect.String:
		d.kinds(l, n, []Kind{String})
	case reflect.Bool:
		d.kinds(l, n, []Kind{Bool})
	case reflect.Int, reflect.Int64, reflect.Int32:
		d.kinds(l, n, []Kind{Integer})
	case reflect.Float64:
		d.kinds(l, n, []Kind{Float, Integer})
	case reflect.Interface: // anything goes; its reader checks it
	default:
		panic(fmt.Sprintf("tomlpos: unsupported field type %s", t))
	}
}

func (d *Doc) fields(l *diag.List, n *node, t reflect.Type) {
	known := map[string]reflect.StructField{}
	var names []string
	for i := range t.NumField() {
		f := t.Field(i)
		name := f.Tag.Get("toml")
		if name == "" || name == "-" {
			continue
		}
		known[name] = f
		names = append(names, name)
	}
	for _, c := range n.children {
		f, ok := known[c.name]
		if !ok {
			hint := diag.DidYouMean(c.name, names)
			if hint == "" && len(names) <= 12 {
				hint = "known keys: " + strings.Join(names, ", ")
			}
			where := "at the top of the file"
			if n.path != "" {
				where = "in [" + tableName(n.path) + "]"
			}
			d.add(l, diag.Error, CodeUnknown, d.KeyPos(c.path), hint, "unknown key %q %s", c.name, where)
			continue
		}
		d.shape(l, c, f.Type)
	}
	for _, name := range names {
		if _, ok := n.byName[name]; !ok && known[name].Tag.Get("required") == "true" {
			where := tableName(n.path)
			if where == "" {
				where = "top of the file"
			}
			d.add(l, diag.Error, CodeMissing, d.KeyPos(n.path), "", "missing key %q in [%s]", name, where)
		}
	}
}

func (d *Doc) kinds(l *diag.List, n *node, want []Kind) bool {
	names := make([]string, len(want))
	for i, k := range want {
		if k == n.kind {
			return true
		}
		names[i] = k.String()
	}
	d.add(l, diag.Error, CodeKind, d.Pos(n.path), kindHint(n.kind, want), "%q is %s; expected %s", n.name, n.kind, strings.Join(names, " or "))
	return false
}

// kindHint says how a value is written that only has quotes too many or too few.
func kindHint(got Kind, want []Kind) string {
	has := func(k Kind) bool { return slices.Contains(want, k) }
	switch {
	case got == String && has(LocalDate):
		return "write the date without quotes: 2026-10-31"
	case got == String && (has(Integer) || has(Float)):
		return "write the number without quotes"
	case got == String && has(Bool):
		return "write true or false without quotes"
	case got != Table && got != Array && has(String):
		return "put it between quotes"
	}
	return ""
}

// tableName drops the indexes of a path: "stage[2].touchpoint[0]" is the table [[stage.touchpoint]] of the file.
func tableName(path string) string {
	var b strings.Builder
	skip := false
	for _, r := range path {
		switch {
		case r == '[':
			skip = true
		case r == ']':
			skip = false
		case !skip:
			b.WriteRune(r)
		}
	}
	return b.String()
}

package config

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"parcours/internal/diag"
	"parcours/internal/tomlpos"
)

// The codes of this package.
const (
	CodeFile     diag.Code = "PC001" // site.toml cannot be read
	CodeMissing  diag.Code = "PC002" // a setting that every site needs
	CodeLanguage diag.Code = "PC003" // unknown language, or a text missing in one
	CodeZone     diag.Code = "PC004" // unknown time zone
	CodeCurrency diag.Code = "PC005" // unknown currency
	CodeWord     diag.Code = "PC006" // a word outside a closed vocabulary
	CodeRange    diag.Code = "PC007" // a number out of range
	CodeConflict diag.Code = "PC008" // two settings that contradict each other
	CodeColor    diag.Code = "PC009" // not a colour
	CodePath     diag.Code = "PC010" // a path that cannot be used, or that leads nowhere
	CodeRole     diag.Code = "PC011" // a role that cannot be bound that way
	CodeList     diag.Code = "PC012" // an empty list, an empty text, or something given twice
	CodeWarnings diag.Code = "PC013" // a code that cannot be re-levelled
	CodeUseless  diag.Code = "PC014" // warning: a setting without effect
	CodeSuspect  diag.Code = "PC015" // warning: a setting that is probably not what was meant
)

// Load reads a site.toml and returns it with every mistake that can be found without opening the data. The site is
// nil only when the file cannot be read or is not TOML; otherwise it is filled as far as it can be, so that maps and
// pages can be checked in the same run, and must not be built while the list has errors.
func Load(path string) (*Site, diag.List) {
	var l diag.List
	src, err := os.ReadFile(path)
	if err != nil {
		l.Add(unreadable(path, err))
		return nil, l
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		l.Add(unreadable(path, err))
		return nil, l
	}
	return Parse(filepath.Dir(abs), path, src)
}

func unreadable(path string, err error) diag.Diagnostic {
	d := diag.Diagnostic{Severity: diag.Error, Code: CodeFile, Pos: diag.Position{File: path}, Msg: "the configuration cannot be read"}
	var pe *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.Msg = "there is no such file"
		d.Hint = "`parcours init DIR` makes a project; --config names another file"
	case errors.As(err, &pe):
		d.Msg += ": " + pe.Err.Error()
	}
	return d
}

// Parse is Load for a text already read. Root is the absolute folder that paths are relative to; with an empty root
// nothing is looked up on disk.
func Parse(root, file string, src []byte) (*Site, diag.List) {
	var c checker
	doc, l := tomlpos.Load(file, src, &c.raw)
	if doc == nil {
		return nil, l
	}
	c.bad = wrongKinds(l)
	if l.HasErrors() {
		c.raw = rawSite{}
		if err := doc.Salvage(l, &c.raw); err != nil {
			c.raw = rawSite{}
		}
	}
	c.doc, c.l = doc, l
	c.site = &Site{Root: root, File: file, Doc: doc}
	c.head()
	c.build()
	c.brand()
	c.report()
	c.clv()
	c.data()
	c.dimension()
	c.journey()
	c.playbook()
	c.stages()
	c.warnings()
	return c.site, c.l
}

// checker turns the raw file into a Site. Each method looks at one table and always leaves usable values.
type checker struct {
	doc  *tomlpos.Doc
	raw  rawSite
	site *Site
	l    diag.List
	bad  map[string]bool // paths whose value has the wrong kind: reported already, and not decoded
}

// has reports whether the file gives a setting and its value was decoded.
func (c *checker) has(path string) bool { return c.doc.Has(path) && !c.bad[path] }

// absent reports whether the file says nothing of a setting, not even something wrong.
func (c *checker) absent(path string) bool { return !c.doc.Has(path) }

// wrongKinds lists the values that Salvage left out.
func wrongKinds(l diag.List) map[string]bool {
	bad := map[string]bool{}
	for _, d := range l.Sorted() {
		path := d.Pos.Path
		for strings.HasSuffix(path, "]") {
			path = path[:strings.LastIndexByte(path, '[')]
		}
		if d.Code == tomlpos.CodeKind {
			bad[path] = true
		}
	}
	return bad
}

func (c *checker) errorf(code diag.Code, path, hint, format string, args ...any) {
	c.doc.Error(&c.l, code, path, hint, format, args...)
}

func (c *checker) warnf(code diag.Code, path, hint, format string, args ...any) {
	c.doc.Warn(&c.l, code, path, hint, format, args...)
}

// word returns a value of a closed vocabulary, or the default when it is absent or wrong.
func (c *checker) word(path, value, fallback string, allowed []string) string {
	if !c.has(path) {
		return fallback
	}
	if !slices.Contains(allowed, value) {
		c.errorf(CodeWord, path, diag.OneOf(value, allowed), "%q is not a value of %q", value, key(path))
		return fallback
	}
	return value
}

// atLeast returns an integer that must not be below low, or the default.
func (c *checker) atLeast(path string, value, low, fallback int64) int64 {
	return c.between(path, value, low, math.MaxInt32, fallback)
}

func (c *checker) between(path string, value, low, high, fallback int64) int64 {
	switch {
	case !c.has(path):
		return fallback
	case value < low && high == math.MaxInt32:
		c.errorf(CodeRange, path, "", "%q is %d; expected %d or more", key(path), value, low)
		return fallback
	case value < low || value > high:
		c.errorf(CodeRange, path, "", "%q is %d; expected a number from %d to %d", key(path), value, low, high)
		return fallback
	}
	return value
}

// element returns the path of an element of a setting that is one value or a list.
func (c *checker) element(path string, i int) string {
	if p := path + "[" + strconv.Itoa(i) + "]"; c.doc.Has(p) {
		return p
	}
	return path
}

// list checks that a list of texts says something, and returns the indexes of the elements to look at: neither empty
// nor given before.
func (c *checker) list(path string, values []string) []int {
	if !c.has(path) {
		return nil
	}
	if len(values) == 0 {
		c.errorf(CodeList, path, "leave the line out for the default", "%q is an empty list", key(path))
	}
	var good []int
	for i, v := range values {
		switch {
		case strings.TrimSpace(v) == "":
			c.errorf(CodeList, c.element(path, i), "", "%q holds an empty text", key(path))
		case slices.Contains(values[:i], v):
			c.errorf(CodeList, c.element(path, i), "", "%q is given twice in %q", v, key(path))
		default:
			good = append(good, i)
		}
	}
	return good
}

// key is the last part of a path.
func key(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

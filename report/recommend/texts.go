package recommend

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"parcours/internal/diag"
	"parcours/report/measure"
)

// placeholder is {{name}} in a text, with or without spaces inside.
var placeholder = regexp.MustCompile(`\{\{\s*([^{}]*?)\s*\}\}`)

// Expand replaces every {{name}} of a text by what format makes of the figure of that name. A name that is not among
// the figures stays as it is; Compile has refused it. Format must escape nothing: the result is text, not HTML.
func Expand(text string, figures []measure.Figure, format func(measure.Figure) string) string {
	return placeholder.ReplaceAllStringFunc(text, func(m string) string {
		name := placeholder.FindStringSubmatch(m)[1]
		for _, f := range figures {
			if f.Name == name {
				return format(f)
			}
		}
		return m
	})
}

// prose is one text of a play with its place.
type prose struct{ path, text string }

// proses lists every text of a play, by language.
func (p *Play) proses() []prose {
	var out []prose
	for _, lang := range p.languages() {
		at := p.textPath(lang)
		out = append(out,
			prose{at + ".title", p.Title[lang]}, prose{at + ".why", p.Why[lang]}, prose{at + ".contra", p.Contra[lang]},
			prose{at + ".formula", p.Formula[lang]}, prose{at + ".owner", p.Owner[lang]})
		for i, s := range p.Permanent[lang] {
			out = append(out, prose{p.elementPath(at+".permanent", i), s})
		}
		for i, s := range p.OneOff[lang] {
			out = append(out, prose{p.elementPath(at+".one_off", i), s})
		}
	}
	return out
}

func (p *Play) languages() []string { return slices.Sorted(maps.Keys(p.Title)) }

// textPath is the table that holds the texts in a language.
func (p *Play) textPath(lang string) string {
	if at := p.path + "." + lang; p.doc == nil || p.doc.Has(at) {
		return at
	}
	return p.path + ".text." + lang
}

func (p *Play) elementPath(path string, i int) string {
	if p.doc == nil {
		return path
	}
	return element(p.doc, path, i)
}

// pos returns the place of a setting of the play.
func (p *Play) pos(path string) diag.Position {
	if p.doc == nil {
		return diag.Position{File: p.File, Path: path}
	}
	return p.doc.Pos(path)
}

// within returns the place of some characters of a text of the play.
func (p *Play) within(path string, from, to int) diag.Position {
	if p.doc == nil {
		return diag.Position{File: p.File, Path: path}
	}
	return p.doc.Within(path, from, to)
}

// report adds an error, or a warning, with its line.
func (p *Play) report(l *diag.List, s diag.Severity, code diag.Code, pos diag.Position, hint, msg string) {
	d := diag.Diagnostic{Severity: s, Code: code, Pos: pos, Msg: msg, Hint: hint}
	if p.doc != nil {
		d.Source = p.doc.Line(pos.Line)
	}
	l.Add(d)
}

// quoted checks the placeholders of a play and returns the names they quote, sorted.
func (p *Play) quoted(l *diag.List, known catalogue) []string {
	names := map[string]bool{}
	for _, t := range p.proses() {
		rest := placeholder.ReplaceAllString(t.text, "")
		if strings.Contains(rest, "{{") || strings.Contains(rest, "}}") {
			p.report(l, diag.Error, CodePlaceholder, p.pos(t.path), "write {{name}}, such as {{kpi.aov}}", "a placeholder is not closed")
		}
		for _, m := range placeholder.FindAllStringSubmatchIndex(t.text, -1) {
			name := t.text[m[2]:m[3]]
			if _, ok := known.units[name]; ok {
				names[name] = true
				continue
			}
			from := utf8.RuneCountInString(t.text[:m[2]])
			pos := p.within(t.path, from, from+utf8.RuneCountInString(name))
			p.report(l, diag.Error, CodeFigure, pos, known.near(name), "there is no figure \""+name+"\"")
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

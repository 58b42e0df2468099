// Package diag holds the messages that parcours gives to a user about the user's own files: where, what, and what to do.
package diag

import (
	"cmp"
	"fmt"
	"slices"
)

// Severity tells whether a diagnostic stops the build.
type Severity int

// The severities. An Error stops the build and cannot be silenced; a Warning does not, unless --strict.
const (
	Warning Severity = iota
	Error
)

// String returns "warning" or "error".
func (s Severity) String() string {
	if s == Error {
		return "error"
	}
	return "warning"
}

// MarshalText makes the JSON form readable.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Code is a stable identifier such as "PC003". It never changes with language or wording.
//
// Families: PT toml syntax and shape, PC site.toml, PJ journey maps, PM pages (Markdown), PR playbooks,
// PX expressions, PD data files, PO output.
type Code string

// Position is a place in a user's file. Line and Col start at 1 and count characters; 0 means unknown.
// Path is the logical place: "stage[2].touchpoint[0].channel", or "row group 3, column amount" in a data file.
type Position struct {
	File string `json:"file"`
	Line int    `json:"line,omitempty"`
	Col  int    `json:"column,omitempty"`
	Len  int    `json:"length,omitempty"` // characters to underline; 0 draws a single caret
	Path string `json:"path,omitempty"`
}

// String returns "file:line:col", leaving out what is unknown.
func (p Position) String() string {
	switch {
	case p.Line > 0 && p.Col > 0:
		return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
	case p.Line > 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	case p.Path != "":
		return p.File + ": " + p.Path
	}
	return p.File
}

// IsZero reports whether nothing is known of the place.
func (p Position) IsZero() bool { return p == Position{} }

// Related points to a second place that explains the first.
type Related struct {
	Pos Position `json:"position"`
	Msg string   `json:"message"`
}

// Diagnostic is one message. It is a value, not a Go error, so that a run can collect all of them.
type Diagnostic struct {
	Severity Severity  `json:"severity"`
	Code     Code      `json:"code"`
	Pos      Position  `json:"position"`
	Msg      string    `json:"message"` // no capital, no full stop
	Hint     string    `json:"hint,omitempty"`
	Source   string    `json:"source,omitempty"` // text of the line at Pos
	Related  []Related `json:"related,omitempty"`
}

// String is the one-line form: "file:line:col: error [PC003] message; hint".
func (d Diagnostic) String() string {
	s := fmt.Sprintf("%s: %s [%s] %s", d.Pos, d.Severity, d.Code, d.Msg)
	if d.Pos.IsZero() {
		s = fmt.Sprintf("%s [%s] %s", d.Severity, d.Code, d.Msg)
	}
	if d.Hint != "" {
		s += "; " + d.Hint
	}
	return s
}

// List collects diagnostics. The zero value is ready to use. A List is not safe for concurrent use.
type List struct {
	all []Diagnostic
}

// Errorf adds an error without a hint.
func (l *List) Errorf(code Code, pos Position, format string, args ...any) {
	l.Add(Diagnostic{Severity: Error, Code: code, Pos: pos, Msg: fmt.Sprintf(format, args...)})
}

// Warnf adds a warning without a hint.
func (l *List) Warnf(code Code, pos Position, format string, args ...any) {
	l.Add(Diagnostic{Severity: Warning, Code: code, Pos: pos, Msg: fmt.Sprintf(format, args...)})
}

// Add adds one diagnostic as it is.
func (l *List) Add(d Diagnostic) { l.all = append(l.all, d) }

// Append adds every diagnostic of another list.
func (l *List) Append(other List) { l.all = append(l.all, other.all...) }

// HasErrors reports whether at least one diagnostic is an error.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l.all, func(d Diagnostic) bool { return d.Severity == Error })
}

// Len returns the number of diagnostics, repeats included.
func (l List) Len() int { return len(l.all) }

// Count returns the numbers of errors and of warnings after repeats are dropped.
func (l List) Count() (errors, warnings int) {
	for _, d := range l.Sorted() {
		if d.Severity == Error {
			errors++
		} else {
			warnings++
		}
	}
	return errors, warnings
}

// Sorted returns the diagnostics by file, line, column, code and message, without repeats.
func (l List) Sorted() []Diagnostic {
	out := slices.Clone(l.all)
	slices.SortStableFunc(out, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Pos.File, b.Pos.File),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Col, b.Pos.Col),
			cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Msg, b.Msg),
		)
	})
	return slices.CompactFunc(out, func(a, b Diagnostic) bool {
		return a.Pos == b.Pos && a.Code == b.Code && a.Msg == b.Msg
	})
}

// Strict turns every warning into an error, for --strict.
func (l *List) Strict() {
	for i := range l.all {
		l.all[i].Severity = Error
	}
}

// OnlyErrors returns the list without its warnings.
func (l List) OnlyErrors() List {
	return List{all: slices.DeleteFunc(slices.Clone(l.all), func(d Diagnostic) bool { return d.Severity != Error })}
}

// Relevel gives warnings the severity that the site chose for their code; off codes are dropped. Errors stay.
func (l *List) Relevel(levels map[Code]Severity, off map[Code]bool) {
	l.all = slices.DeleteFunc(l.all, func(d Diagnostic) bool { return d.Severity == Warning && off[d.Code] })
	for i, d := range l.all {
		if s, ok := levels[d.Code]; ok && d.Severity == Warning {
			l.all[i].Severity = s
		}
	}
}

// Excerpt fills in the source line of diagnostics of a file that have a line and no text yet.
func (l *List) Excerpt(file string, line func(n int) string) {
	for i, d := range l.all {
		if d.Pos.File == file && d.Pos.Line > 0 && d.Source == "" {
			l.all[i].Source = line(d.Pos.Line)
		}
	}
}

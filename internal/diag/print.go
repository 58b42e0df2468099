package diag

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// The longest source line and message printed for a person; JSON holds them whole.
const (
	widestLine    = 160
	longestPhrase = 600
)

// PrintText writes the list for a person: position first, then the source line with a caret and the hint.
func (l List) PrintText(w io.Writer) { l.PrintFirst(w, l.Len()) }

// PrintFirst is PrintText for the first diagnostics only; it returns how many are left.
func (l List) PrintFirst(w io.Writer, most int) (left int) {
	list := l.Sorted()
	most = min(most, len(list))
	for _, d := range list[:most] {
		printOne(w, d)
	}
	return len(list) - most
}

func printOne(w io.Writer, d Diagnostic) {
	plain := d
	plain.Hint = ""
	fmt.Fprintln(w, phrase(plain.String()))
	if d.Source != "" && d.Pos.Line > 0 {
		printSource(w, d)
	}
	for _, r := range d.Related {
		fmt.Fprintf(w, "  %s\n", phrase(r.Pos.String()+": "+r.Msg))
	}
	if d.Hint != "" {
		fmt.Fprintf(w, "  %s\n", phrase(d.Hint))
	}
}

// printSource writes the line of the file, of a long one the part around the mistake, and marks under it.
func printSource(w io.Writer, d Diagnostic) {
	line := []rune(visible(d.Source))
	col := min(max(d.Pos.Col, 1), len(line)+1)
	from := 0
	if len(line) > widestLine {
		from = max(0, min(col-1-widestLine/4, len(line)-widestLine))
	}
	part := line[from:min(len(line), from+widestLine)]
	prefix := fmt.Sprintf("  %d | ", d.Pos.Line)
	fmt.Fprintf(w, "%s%s\n", prefix, string(part))
	if d.Pos.Col > 0 {
		pad := strings.Repeat(" ", len(prefix)+col-1-from)
		fmt.Fprintf(w, "%s%s\n", pad, strings.Repeat("^", max(1, min(d.Pos.Len, len(part)-(col-1-from)))))
	}
}

// phrase makes a text fit for a terminal.
func phrase(s string) string {
	if r := []rune(s); len(r) > longestPhrase {
		s = string(r[:longestPhrase]) + "…"
	}
	return visible(s)
}

// visible replaces tabs by one space, so that the caret stands under its character, and drops control and
// direction-changing characters, so that a hostile file cannot rewrite the terminal.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r < 0x20, r == 0x7f, r >= 0x80 && r < 0xa0, r == 0x61c, r == 0x200e, r == 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff:
			return '\uFFFD'
		}
		return r
	}, s)
}

// PrintJSON writes {"diagnostics": [...], "errors": n, "warnings": n} followed by a newline.
func (l List) PrintJSON(w io.Writer) error {
	errors, warnings := l.Count()
	list := l.Sorted()
	if list == nil {
		list = []Diagnostic{}
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(struct {
		Diagnostics []Diagnostic `json:"diagnostics"`
		Errors      int          `json:"errors"`
		Warnings    int          `json:"warnings"`
	}{list, errors, warnings})
}

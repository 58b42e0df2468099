package diag

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// shown is the number of diagnostics printed as text before a count replaces the rest.
const shown = 20

// PrintText writes the list for a person: position first, then the source line with a caret and the hint.
// It stops after twenty and says how many are left.
func (l List) PrintText(w io.Writer) {
	list := l.Sorted()
	for i, d := range list {
		if i == shown {
			fmt.Fprintf(w, "and %d more\n", len(list)-shown)
			break
		}
		printOne(w, d)
	}
}

func printOne(w io.Writer, d Diagnostic) {
	plain := d
	plain.Hint = ""
	fmt.Fprintln(w, plain.String())
	if d.Source != "" && d.Pos.Line > 0 {
		prefix := fmt.Sprintf("  %d | ", d.Pos.Line)
		fmt.Fprintf(w, "%s%s\n", prefix, visible(d.Source))
		if d.Pos.Col > 0 {
			pad := strings.Repeat(" ", len(prefix)+d.Pos.Col-1)
			fmt.Fprintf(w, "%s%s\n", pad, strings.Repeat("^", max(1, d.Pos.Len)))
		}
	}
	for _, r := range d.Related {
		fmt.Fprintf(w, "  %s: %s\n", r.Pos, r.Msg)
	}
	if d.Hint != "" {
		fmt.Fprintf(w, "  %s\n", d.Hint)
	}
}

// visible replaces tabs by one space, so that the caret stands under its character, and drops control and
// direction-changing characters, so that a hostile file cannot rewrite the terminal.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r < 0x20, r == 0x7f, r >= 0x80 && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
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

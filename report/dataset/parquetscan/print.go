package parquetscan

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// WriteJSON writes the report as indented JSON.
func (r Report) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if r.Files == nil {
		r.Files = []File{}
	}
	return enc.Encode(r)
}

// WriteText writes the report for a person: a table of columns for each file, then the mapping.
func (r Report) WriteText(w io.Writer) error {
	for _, f := range r.Files {
		if err := f.writeText(w); err != nil {
			return err
		}
	}
	if r.Mapping == "" {
		return nil
	}
	_, err := fmt.Fprintf(w, "To paste into site.toml:\n\n%s", r.Mapping)
	return err
}

func (f File) writeText(w io.Writer) error {
	fmt.Fprintf(w, "%s\n  %s, %s in %s", clean(f.Path, 200), size(f.Bytes), plural(f.Rows, "row"), plural(int64(len(f.RowGroups)), "row group"))
	if f.Writer != "" {
		fmt.Fprintf(w, ", written by %s", f.Writer)
	}
	if f.Table != "" {
		fmt.Fprintf(w, "; looks like [data.%s]", f.Table)
	}
	fmt.Fprint(w, "\n\n")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "  column\ttype\tnulls\tdistinct\tmin\tmax\tstorage")
	for _, c := range f.Columns {
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\t%s\t%s\t%s\n", clean(c.Name, 40), c.typeText(), c.nullText(), c.distinctText(), c.Min, c.Max, c.storage())
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, c := range f.Columns {
		if c.Note != "" {
			fmt.Fprintf(w, "  %s: %s\n", clean(c.Name, 40), clean(c.Note, 200))
		}
	}
	_, err := fmt.Fprintln(w)
	return err
}

func (c Column) typeText() string {
	s := c.Physical
	if c.Logical != "" {
		s += " " + c.Logical
	}
	if !c.Nullable {
		s += " required"
	}
	return s
}

func (c Column) nullText() string {
	if !c.Scanned {
		return "?"
	}
	return fmt.Sprint(c.Nulls)
}

func (c Column) distinctText() string {
	switch {
	case !c.Scanned:
		return "?"
	case c.Exact:
		return fmt.Sprint(c.Distinct)
	}
	return fmt.Sprintf("~%d", c.Distinct)
}

func (c Column) storage() string {
	return strings.ToLower(strings.Join(c.Codecs, "+")) + ", " + size(c.Bytes) + ", " + strings.ToLower(strings.Join(c.Encodings, "+"))
}

func size(n int64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%d B", n)
}

func plural(n int64, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

package chart

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
)

func TestCSVFollowsTheRFC(t *testing.T) {
	table := Table{
		Columns: []Column{{Name: "Mois", Key: "month"}, {Name: "Net", Key: "net_minor", Num: true}, {Name: "Note", Key: "note"}},
		Rows: []Row{
			{Cells: []Cell{{Text: "oct. 2026", Raw: "2026-10"}, {Text: "−12,50 €", Raw: "-1250"}, {Text: "a", Raw: "a, \"b\"\nc"}}},
			{Cells: []Cell{{Text: "sans valeur brute"}, {Text: "–"}}},
		},
		Foot: []Row{{Cells: []Cell{{Text: "Total", Raw: "total"}, {Text: "x", Raw: "1e3"}, {}, {Raw: "one too many"}}}},
	}
	want := "month,net_minor,note\r\n2026-10,-1250,\"a, \"\"b\"\"\r\nc\"\r\nsans valeur brute,,\r\ntotal,1e3,\r\n"
	if got := string(CSV(table)); got != want {
		t.Errorf("got\n%q, want\n%q", got, want)
	}
}

func TestFormulasAreDisarmedAndNumbersKept(t *testing.T) {
	for _, c := range []struct{ raw, want string }{
		{"=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"},
		{"+1+1", "'+1+1"},
		{"-1+1", "'-1+1"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"\t=1", "'\t=1"},
		{"\r=1", "'\r=1"},
		{"＝1", "'＝1"},
		{"-", "'-"},
		{"-12.5", "-12.5"},
		{"+3", "+3"},
		{"-1.5e-7", "-1.5e-7"},
		{"-1,000", "'-1,000"},
		{"2026-10-31", "2026-10-31"},
		{"l’été", "l’été"},
		{"a\x00b", "ab"},
		{"\x00=1", "'=1"},
		{"", ""},
	} {
		if got := inert(c.raw); got != c.want {
			t.Errorf("%q: got %q, want %q", c.raw, got, c.want)
		}
	}
}

func FuzzCSVIsReadBack(f *testing.F) {
	for _, p := range payloads {
		f.Add(p, "1")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		table := Table{Columns: []Column{{Key: "a"}, {Key: "b"}}, Rows: []Row{{Cells: []Cell{{Raw: a, Text: "t"}, {Raw: b}}}}}
		rows, err := csv.NewReader(bytes.NewReader(CSV(table))).ReadAll()
		if err != nil || len(rows) != 2 || len(rows[1]) != 2 {
			t.Fatalf("%v %v", rows, err)
		}
		for _, cell := range rows[1] {
			if cell != "" && strings.ContainsRune("=@\t", rune(cell[0])) {
				t.Errorf("a formula: %q", cell)
			}
		}
	})
}

// A label of the data can neither command a terminal that shows the file nor turn the rest of a line around.
func TestCSVHoldsNoControlCharacters(t *testing.T) {
	table := Table{Columns: []Column{{Key: "channel"}}, Rows: []Row{{Cells: []Cell{{Raw: "\x1b[31m\u202eweb\u2066\x7f\u0085\x00 two\nlines"}}}, {Cells: []Cell{{Raw: "\x1b=1+1"}}}}}
	got := string(CSV(table))
	if want := "channel\r\n\"[31mweb two\r\nlines\"\r\n'=1+1\r\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

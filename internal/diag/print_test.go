package diag

import (
	"fmt"
	"strings"
	"testing"
)

// A line of ten thousand characters shows its part around the mistake, with the marks under it, and no character of a
// file reaches the terminal as a command.
func TestLongAndHostileLinesAreShownInPart(t *testing.T) {
	long := strings.Repeat("a", 5000) + "WRONG" + strings.Repeat("b", 5000)
	var l List
	l.Add(Diagnostic{
		Severity: Error, Code: "PC001", Pos: Position{File: "f", Line: 1, Col: 5001, Len: 5}, Source: long,
		Msg: "\x1b[31m\u202e" + strings.Repeat("é", 2000),
	})
	var b strings.Builder
	l.PrintText(&b)
	lines := strings.Split(b.String(), "\n")
	if len(lines) != 4 || strings.ContainsAny(b.String(), "\x1b\u202e") {
		t.Fatalf("got %q", lines)
	}
	for _, line := range lines {
		if n := len([]rune(line)); n > longestPhrase+1 {
			t.Errorf("a line has %d characters", n)
		}
	}
	at := strings.Index(lines[1], "WRONG")
	if at < 0 || lines[2] != strings.Repeat(" ", at)+"^^^^^" {
		t.Errorf("got\n%s\n%s", lines[1], lines[2])
	}
}

// Marks never go past the line, and a place after its end is marked there.
func TestMarksStayUnderTheLine(t *testing.T) {
	for _, c := range []struct {
		col, length int
		want        string
	}{{3, 50, "        ^^"}, {5, 1, "          ^"}, {90, 4, "          ^"}, {1, 0, "      ^"}} {
		var l List
		l.Add(Diagnostic{Pos: Position{File: "f", Line: 1, Col: c.col, Len: c.length}, Source: "été!"})
		var b strings.Builder
		l.PrintText(&b)
		if lines := strings.Split(b.String(), "\n"); lines[2] != c.want {
			t.Errorf("%+v: got %q", c, lines[2])
		}
	}
}

func TestTheFirstDiagnosticsAndHowManyAreLeft(t *testing.T) {
	var l List
	for i := range 25 {
		l.Errorf("PC001", Position{File: "f", Line: i + 1}, "no")
	}
	var b strings.Builder
	if left := l.PrintFirst(&b, 20); left != 5 || strings.Count(b.String(), "\n") != 20 {
		t.Errorf("%d left after\n%s", left, b.String())
	}
	b.Reset()
	l.PrintText(&b)
	if !strings.Contains(b.String(), fmt.Sprintf("f:%d:", 25)) {
		t.Error("PrintText leaves some out")
	}
}

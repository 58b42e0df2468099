// Package diagtest compares what a loader says of broken files with what was approved.
package diagtest

import (
	"os"
	"testing"

	"parcours/internal/diag"
)

// Golden fails when got, the diagnostics of one broken file, differs from the file golden or is empty. With update
// it writes golden first.
func Golden(t *testing.T, golden, got string, update bool) {
	t.Helper()
	if update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if got == "" {
		t.Error("nothing was reported")
	}
}

// Codes collects the codes that a set of broken files gives, so that a code without a file is noticed.
type Codes map[diag.Code]bool

// Add notes the codes of a list.
func (c Codes) Add(l diag.List) {
	for _, d := range l.Sorted() {
		c[d.Code] = true
	}
}

// Need fails for each code that no file gave.
func (c Codes) Need(t *testing.T, codes ...diag.Code) {
	t.Helper()
	for _, code := range codes {
		if !c[code] {
			t.Errorf("no test file gives %s", code)
		}
	}
}

package tally_test

import (
	"fmt"
	"strings"
	"testing"

	"parcours/report/dataset/tally"
)

func TestAShortKeyTellsItsText(t *testing.T) {
	for _, text := range []string{"a", "17850", "é", "fourteen bytes", "\x00\xff", "0"} {
		if got, ok := tally.KeyOf([]byte(text)).Text(); !ok || got != text {
			t.Errorf("%q came back as %q, %v", text, got, ok)
		}
	}
	if _, ok := tally.KeyOf([]byte(strings.Repeat("x", tally.KeyBytes+1))).Text(); ok {
		t.Error("the text of a hash is known")
	}
}

func TestSharesAreAboutEqual(t *testing.T) {
	const of, n = 7, 70_000
	var count [of]int
	for i := range n {
		count[tally.KeyOf(fmt.Appendf(nil, "customer-%d", i)).Share(of)]++
	}
	for i, c := range count {
		if c < n/of*9/10 || c > n/of*11/10 {
			t.Errorf("part %d has %d of %d customers", i, c, n)
		}
	}
}

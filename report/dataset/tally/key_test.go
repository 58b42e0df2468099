package tally_test

import (
	"strings"
	"testing"

	"parcours/report/dataset/tally"
)

func TestKeysTellTextsApart(t *testing.T) {
	seen := map[tally.Key]string{}
	for n := range 40 {
		for _, letter := range []string{"a", "b", "\x00", "\xff"} {
			for _, text := range []string{strings.Repeat(letter, n), "0" + strings.Repeat(letter, n)} {
				k := tally.KeyOf([]byte(text))
				if other, ok := seen[k]; ok && other != text {
					t.Errorf("%q and %q have the same key", text, other)
				}
				seen[k] = text
			}
		}
	}
}

func TestKeyOfIsStable(t *testing.T) {
	for text, want := range map[string]tally.Key{
		"":                          {},
		"17850":                     {0x0531373835300000, 0},
		"abcdefghijklmno":           {0x0f61626364656667, 0x68696a6b6c6d6e6f},
		"ana.very.long@example.org": {0x91012d6a491100d5, 0x0c0827188a16a6b6}, // SHA-256; its top bit is set anyway
	} {
		if got := tally.KeyOf([]byte(text)); got != want {
			t.Errorf("key of %q: got %x, want %x", text, got, want)
		}
	}
	if !tally.KeyOf(nil).Null() || tally.KeyOf([]byte{0}).Null() {
		t.Error("only the empty text is null")
	}
}

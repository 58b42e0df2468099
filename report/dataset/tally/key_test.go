package tally_test

import (
	"strconv"
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
		"":                                     {},
		"17850":                                {1, 17850},
		"-3":                                   {1, 0xfffffffffffffffd},
		"017850":                               {0x0006303137383530, 0},
		"abcdefghijklmn":                       {0x000e616263646566, 0x6768696a6b6c6d6e},
		"ana.very.long@example.org":            {0x000f2d6a491100d5, 0x0c0827188a16a6b6}, // SHA-256
		"123e4567-e89b-12d3-a456-426614174000": {0x123e4567e89b12d3, 0xa456426614174000},
	} {
		if got := tally.KeyOf([]byte(text)); got != want {
			t.Errorf("key of %q: got %x, want %x", text, got, want)
		}
	}
	if !tally.KeyOf(nil).Null() || tally.KeyOf([]byte{0}).Null() {
		t.Error("only the empty text is null")
	}
}

func TestKeysOfNumbersAndUUIDsTellTheirText(t *testing.T) {
	for _, text := range []string{
		"0", "-1", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "-9223372036854775809", "00", "-0", "+1", "1.0",
		"123e4567-e89b-12d3-a456-426614174000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "abcdef01-2345-6789-abcd-ef0123456789",
		"123E4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-42661417400g", "123e4567ae89b-12d3-a456-426614174000",
		"00012345-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-4266141740:0", "123e4567-e89b-12d3-a456-4266141740`0",
		"123e4567-e89b-12d3-a456-4266141740/0", "123e4567-e89b-12d3-a456-4266141740\xb00",
	} {
		k := tally.KeyOf([]byte(text))
		got, ok := k.Text()
		if ok && got != text {
			t.Errorf("%q came back as %q", text, got)
		}
		if short := len(text) <= tally.KeyBytes; short && !ok {
			t.Errorf("the key of %q does not tell it", text)
		}
		if n, err := strconv.ParseInt(text, 10, 64); err == nil && strconv.FormatInt(n, 10) == text && k != tally.IntKey(n) {
			t.Errorf("%q is not the key of the number", text)
		}
	}
	if _, ok := tally.KeyOf([]byte("123e4567-e89b-12d3-a456-426614174000")).Text(); !ok {
		t.Error("a UUID is hashed")
	}
}

func TestEveryByteOfAKeyCounts(t *testing.T) {
	const uuid = "123e4567-e89b-12d3-a456-426614174000"
	for n := range tally.KeyBytes + 1 {
		text := []byte("z23456789abcde"[:n])
		if got, ok := tally.KeyOf(text).Text(); !ok || got != string(text) {
			t.Errorf("%q came back as %q", text, got)
		}
	}
	for i := range uuid {
		for c := range 256 {
			b := []byte(uuid)
			b[i] = byte(c)
			if got, ok := tally.KeyOf(b).Text(); ok && got != string(b) {
				t.Errorf("%q came back as %q", b, got)
			}
		}
	}
}

func FuzzKeysAreExact(f *testing.F) {
	f.Add([]byte("123e4567-e89b-12d3-a456-426614174000"))
	f.Add([]byte("-9223372036854775808"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, ok := tally.KeyOf(b).Text(); ok && got != string(b) {
			t.Errorf("%q came back as %q", b, got)
		}
	})
}

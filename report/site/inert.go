package site

import (
	"strings"
	"unicode"
)

// maxLabel is the length of a label from the data beyond which it is cut, in characters.
const maxLabel = 60

// inert makes a label of the data safe to show beside others: without control characters and without the marks that
// turn the direction of text around, on one line, and not too long. Escaping is the template's work.
func inert(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\ufeff', r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > maxLabel {
		s = string(r[:maxLabel-1]) + "…"
	}
	return s
}

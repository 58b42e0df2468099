package i18n

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text sets a text that a person typed, without markup, as prose is printed: a space that French puts before high
// punctuation and inside guillemets never ends a line, and an apostrophe between letters is a typographic one.
// Spaces are kept together in every language, because a text without a language of its own is shown in all of them
// and no other language puts one there; nothing else changes.
func (l *Locale) Text(s string) string {
	return apostrophes(proseSpaces.Replace(strings.Map(visible, s)))
}

// visible drops control characters and the marks that turn the direction of the text around them: whoever writes a map
// or a page may quote them without knowing.
func visible(r rune) rune {
	if unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r) {
		return -1
	}
	return r
}

// proseSpaces are the spaces that keep to the mark beside them. A colon or a semicolon glued to what follows, as in
// ":)" or " ::", is no punctuation of a sentence, but a space before it may stay with it all the same.
var proseSpaces = strings.NewReplacer(
	"\u202f", NBSP,
	" :", NBSP+":", " ;", NBSP+";", " !", NBSP+"!", " ?", NBSP+"?", " »", NBSP+"»", " %", NBSP+"%", " €", NBSP+"€",
	"« ", "«"+NBSP,
)

// apostrophes replaces straight apostrophes that follow a letter and stand before a letter or an opening guillemet:
// an elision, never a quotation mark, a foot or a minute.
func apostrophes(s string) string {
	if !strings.Contains(s, "'") {
		return s
	}
	var b strings.Builder
	var last rune
	for s != "" {
		r, n := utf8.DecodeRuneInString(s)
		if next, _ := utf8.DecodeRuneInString(s[n:]); r == '\'' && unicode.IsLetter(last) && (unicode.IsLetter(next) || next == '«') {
			b.WriteRune('’')
		} else {
			b.WriteString(s[:n])
		}
		last, s = r, s[n:]
	}
	return b.String()
}

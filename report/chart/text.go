package chart

import (
	"math"
	"strings"

	"parcours/report/i18n"
)

// Text writes a value in full, as tooltips, descriptions and tables show it: money with its cents only under a
// thousand. The function text of formatters.js gives the same characters.
func (f Format) Text(loc *i18n.Locale, v float64) string {
	switch f {
	case Percent:
		return loc.Pct(v, 1)
	case Money:
		return loc.MoneyAuto(v)
	case Days:
		return loc.Days(v)
	case Decimal:
		return loc.Dec(v, 1)
	}
	return loc.Dec(v, 0)
}

// Change writes the difference from a to b: percentage points for percentages, otherwise a relative change, or the
// plain difference when a is not positive. What it cannot say is "".
func (f Format) Change(loc *i18n.Locale, a, b float64) string {
	switch {
	case math.IsNaN(a) || math.IsNaN(b):
		return ""
	case f == Percent:
		return loc.Points(b-a, 1)
	case a > 0:
		return loc.SignedPct(b/a-1, 1)
	case b >= a:
		return "+" + f.Text(loc, b-a)
	}
	return i18n.Minus + f.Text(loc, a-b)
}

// label cleans a text that comes from data or from a map: control characters, noncharacters and the signs that turn
// the direction of writing are dropped, and white space is one space.
func label(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r' || r == 0x85 || r == 0x2028 || r == 0x2029:
			return ' '
		case r < 0x20, r >= 0x7f && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0xfdd0 && r <= 0xfdef, r&0xfffe == 0xfffe:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	return strings.Trim(s, " ")
}

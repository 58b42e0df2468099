package i18n

import (
	"math"
	"strings"
)

// Money writes an exact amount of minor units with its decimals: "12,50 €", "€12.50".
func (l *Locale) Money(minor int64) string {
	s := l.Int(minor)
	if d := l.currency.digits; d > 0 {
		whole, rest := minor/pow10(d), minor%pow10(d)
		digits := l.paddedAbs(rest, d)
		s = l.Int(whole) + l.symbols.Decimal + digits
		if minor < 0 && whole == 0 {
			s = Minus + s
		}
	}
	return l.wrap(s, "")
}

// MoneyRound writes an amount of minor units without decimals: "639 324 €".
func (l *Locale) MoneyRound(minor float64) string {
	if !finite(minor) {
		return unknown
	}
	return l.wrap(l.shifted(minor, -l.currency.digits, 0, false), "")
}

// MoneyAuto writes the decimals of an amount only below a thousand: "45,20 €" and "1 234 €".
// It is the form of chart tooltips, where baskets and turnovers share one format.
func (l *Locale) MoneyAuto(minor float64) string {
	if finite(minor) && l.roundsBelow(minor, 1000) && l.currency.digits > 0 {
		return l.wrap(l.shifted(minor, -l.currency.digits, l.currency.digits, false), "")
	}
	return l.MoneyRound(minor)
}

// MoneyCompact writes a large amount with a suffix and one decimal: "639,3 k€", "€639.3k".
// Under ten thousand it is MoneyRound.
func (l *Locale) MoneyCompact(minor float64) string { return l.compact(minor, false) }

// SignedMoneyCompact is MoneyCompact with a plus sign for a positive amount.
func (l *Locale) SignedMoneyCompact(minor float64) string { return l.compact(minor, true) }

func (l *Locale) compact(minor float64, plus bool) string {
	if !finite(minor) {
		return unknown
	}
	d := l.currency.digits
	if l.roundsBelow(minor, 10000) {
		return l.wrap(l.shifted(minor, -d, 0, plus), "")
	}
	shift, unit := 3, l.words.thousand
	if math.Abs(minor) >= 999_950*math.Pow10(d) {
		shift, unit = 6, l.words.million
	}
	if math.Abs(minor) >= 999_950_000*math.Pow10(d) {
		shift, unit = 9, l.words.billion
	}
	return l.wrap(l.shifted(minor, -d-shift, 1, plus), unit)
}

// roundsBelow reports whether the rounded number of major units is under a limit.
func (l *Locale) roundsBelow(minor, limit float64) bool {
	return math.Abs(minor) < (limit-0.5)*math.Pow10(l.currency.digits)
}

// wrap puts the currency around a number: the sign stays in front, the unit of thousands beside the symbol.
func (l *Locale) wrap(number, unit string) string {
	for _, s := range []string{Minus, "+"} {
		if rest, ok := strings.CutPrefix(number, s); ok {
			return s + l.currency.prefix + rest + l.after(unit)
		}
	}
	return l.currency.prefix + number + l.after(unit)
}

// after is what follows the number of an amount: " €", " k€", " k KWD", or "k" where the symbol comes first.
func (l *Locale) after(unit string) string {
	c := l.currency
	switch {
	case c.prefix != "":
		return unit
	case unit == "":
		return NBSP + c.symbol
	case c.symbol != "" && isLetter(c.symbol[0]):
		return NBSP + unit + NBSP + c.symbol
	}
	return NBSP + unit + c.symbol
}

func (l *Locale) paddedAbs(rest int64, digits int) string {
	out := make([]byte, digits)
	for i := digits - 1; i >= 0; i-- {
		d := rest % 10
		if d < 0 { // the remainder of a negative amount is negative, even for the smallest integer
			d = -d
		}
		out[i] = byte('0' + d)
		rest /= 10
	}
	return string(out)
}

func pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

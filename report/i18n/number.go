package i18n

import (
	"math"
	"strconv"
	"strings"
)

// Int writes an integer: "1 234" in French, "1,234" in English.
func (l *Locale) Int(n int64) string {
	digits := strconv.FormatInt(n, 10)
	negative := strings.HasPrefix(digits, "-")
	return sign(negative, false) + l.grouped(strings.TrimPrefix(digits, "-"))
}

// SignedInt is Int with a plus sign for a positive number.
func (l *Locale) SignedInt(n int64) string {
	if n > 0 {
		return "+" + l.Int(n)
	}
	return l.Int(n)
}

// Dec writes a number with a fixed number of decimals, halves away from zero. What is not a number is "–".
func (l *Locale) Dec(v float64, decimals int) string { return l.shifted(v, 0, decimals, false) }

// SignedDec is Dec with a plus sign for a positive number.
func (l *Locale) SignedDec(v float64, decimals int) string { return l.shifted(v, 0, decimals, true) }

// Pct writes a fraction as a percentage: 0.382 is "38,2 %" in French, "38.2%" in English.
func (l *Locale) Pct(fraction float64, decimals int) string { return l.pct(fraction, decimals, false) }

// SignedPct is Pct with a plus sign for a positive fraction.
func (l *Locale) SignedPct(fraction float64, decimals int) string {
	return l.pct(fraction, decimals, true)
}

func (l *Locale) pct(fraction float64, decimals int, plus bool) string {
	if !finite(fraction) {
		return unknown
	}
	return l.shifted(fraction, 2, decimals, plus) + l.symbols.Percent
}

// Points writes a difference of two fractions in percentage points, always signed: 0.005 is "+0,5 pt".
func (l *Locale) Points(fraction float64, decimals int) string {
	if !finite(fraction) {
		return unknown
	}
	return l.shifted(fraction, 2, decimals, true) + NBSP + l.words.points
}

// shifted writes v × 10^shift with a fixed number of decimals.
func (l *Locale) shifted(v float64, shift, decimals int, plus bool) string {
	if !finite(v) {
		return unknown
	}
	whole, fraction := fixed(v, shift, decimals)
	zero := strings.Trim(whole+fraction, "0") == ""
	s := sign(v < 0 && !zero, plus && v > 0 && !zero) + l.grouped(whole)
	if fraction != "" {
		s += l.symbols.Decimal + fraction
	}
	return s
}

func sign(minus, plus bool) string {
	switch {
	case minus:
		return Minus
	case plus:
		return "+"
	}
	return ""
}

// grouped separates thousands.
func (l *Locale) grouped(digits string) string {
	var b strings.Builder
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(l.symbols.Group)
		}
		b.WriteByte(digits[i])
	}
	return b.String()
}

// fixed returns the digits of |v| × 10^shift before and after the point, rounded half away from zero.
// It works on the shortest decimal form of v, so that 0.285 is 28.5 % and 1.005 is 1.01, as a reader expects;
// the browser's formatters do the same, which multiplying floats would not allow.
func fixed(v float64, shift, decimals int) (whole, fraction string) {
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(math.Abs(v), 'e', -1, 64), "e")
	e, _ := strconv.Atoi(exponent)
	digits := strings.Replace(mantissa, ".", "", 1)
	point := e + 1 + shift // digits before the decimal point; may be negative
	if v == 0 {
		point = 1
	}
	digits = roundDigits(digits, &point, decimals)
	if point <= 0 {
		digits, point = strings.Repeat("0", 1-point)+digits, 1
	}
	if need := point + decimals; len(digits) < need {
		digits += strings.Repeat("0", need-len(digits))
	}
	return digits[:point], digits[point : point+decimals]
}

// roundDigits cuts the digits after the given number of decimals; a carry may move the point.
func roundDigits(digits string, point *int, decimals int) string {
	keep := *point + decimals
	if keep >= len(digits) {
		return digits
	}
	if keep < 0 {
		*point = 1
		return "0"
	}
	up := digits[keep] >= '5'
	kept := []byte(digits[:keep])
	if !up {
		if keep == 0 {
			*point = 1
			return "0"
		}
		return string(kept)
	}
	for i := keep - 1; i >= 0; i-- {
		if kept[i] < '9' {
			kept[i]++
			return string(kept)
		}
		kept[i] = '0'
	}
	*point++
	return "1" + string(kept)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// trimZeros drops the zeros after the decimal sign, and the sign when nothing is left.
func trimZeros(s, decimal string) string {
	if !strings.Contains(s, decimal) {
		return s
	}
	return strings.TrimSuffix(strings.TrimRight(s, "0"), decimal)
}

package parquetscan

import (
	"slices"
	"strings"

	"parcours/report/dataset"
	"parcours/report/dataset/expression"
)

// maxMinor bounds one amount in minor units.
const maxMinor = 9e15

// minorOf converts a value to units of 10^−digits, halves away from zero, once a row: sums of such integers do not depend on
// the order of rows.
func minorOf(v *expression.Vector, i, digits int) (int64, bool) {
	var x int64
	ok := true
	switch v.Type.Kind {
	case expression.Int:
		x, ok = expression.Rescale(v.Int[i], 0, digits)
	case expression.Decimal:
		x, ok = expression.Rescale(v.Int[i], v.Type.Scale, digits)
	case expression.Float:
		x, ok = expression.Round(v.Float[i], digits)
	case expression.Text:
		var f float64
		if f, ok = expression.ParseNumber(v.Text[i]); ok {
			x, ok = expression.Round(f, digits)
		}
	default:
		ok = false
	}
	return x, ok && x <= maxMinor && x >= -maxMinor
}

// majorOf is a value as a number of major units, to be converted at a rate.
func majorOf(v *expression.Vector, i int) (float64, bool) {
	switch v.Type.Kind {
	case expression.Int:
		return float64(v.Int[i]), true
	case expression.Decimal:
		text := expression.AppendDecimal(nil, v.Int[i], v.Type.Scale)
		return expression.ParseNumber(string(text))
	case expression.Float:
		return v.Float[i], true
	case expression.Text:
		return expression.ParseNumber(v.Text[i])
	}
	return 0, false
}

// blank reports whether a text stands for no value.
func blank(v *expression.Vector, i int) bool {
	return v.Type.Kind == expression.Text && strings.TrimSpace(v.Text[i]) == ""
}

// minorDigits is the number of minor digits of a currency in which exports count "minor units".
func minorDigits(currency string) int {
	switch currency {
	case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	}
	return 2
}

// rates holds exchange rates by currency, days ascending.
type rates map[string][]rate

type rate struct {
	day  dataset.Day
	rate float64
}

// on returns the rate of a day, or the latest earlier one; false when there is none.
func (r rates) on(currency string, d dataset.Day) (float64, bool) {
	list := r[currency]
	i, found := slices.BinarySearchFunc(list, d, func(x rate, d dataset.Day) int { return int(x.day) - int(d) })
	if !found {
		i--
	}
	if i < 0 {
		return 0, false
	}
	return list[i].rate, true
}

// money converts amounts of one table to minor units of the report's currency.
type money struct {
	currency string
	digits   int
	minor    bool // amounts are integers in minor units
	rates    rates
}

// convert returns one amount. own is the row's currency, "" or the report's when there is nothing to convert.
func (m *money) convert(v *expression.Vector, i int, own string, d dataset.Day) (x int64, ok, known bool) {
	if own == "" || own == m.currency {
		digits := m.digits
		if m.minor {
			digits = 0
		}
		x, ok = minorOf(v, i, digits)
		return x, ok, true
	}
	r, known := m.rates.on(own, d)
	if !known {
		return 0, false, false
	}
	major, ok := majorOf(v, i)
	if m.minor {
		for range minorDigits(own) {
			major /= 10
		}
	}
	if ok {
		x, ok = expression.Round(major*r, m.digits)
	}
	return x, ok && x <= maxMinor && x >= -maxMinor, true
}

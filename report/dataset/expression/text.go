package expression

import (
	"math"
	"strconv"
	"time"
)

// AppendText appends the canonical text of a value that is not null. The same number has the same text whatever its
// type: 17850 as an integer, a decimal or a double is "17850", so keys survive a change of column type.
func (v *Vector) AppendText(b []byte, i int) []byte {
	switch v.Type.Kind {
	case Bool:
		return strconv.AppendBool(b, v.Bool[i])
	case Text:
		return append(b, v.Text[i]...)
	case Float:
		return AppendFloat(b, v.Float[i])
	case Decimal:
		return AppendDecimal(b, v.Int[i], v.Type.Scale)
	case Day:
		return time.Unix(v.Int[i]*86400, 0).UTC().AppendFormat(b, time.DateOnly)
	case Time:
		return time.UnixMicro(v.Int[i]).UTC().AppendFormat(b, "2006-01-02T15:04:05.999999")
	}
	return strconv.AppendInt(b, v.Int[i], 10)
}

// AppendFloat appends the shortest decimal text of a float, without exponent below 1e21 and without ".0".
func AppendFloat(b []byte, x float64) []byte {
	if x == math.Trunc(x) && math.Abs(x) < 1<<53 {
		return strconv.AppendInt(b, int64(x), 10)
	}
	if math.Abs(x) >= 1e21 || math.IsNaN(x) {
		return strconv.AppendFloat(b, x, 'g', -1, 64)
	}
	return strconv.AppendFloat(b, x, 'f', -1, 64)
}

// AppendDecimal appends mantissa × 10^−scale without trailing zeros.
func AppendDecimal(b []byte, mantissa int64, scale int) []byte {
	for scale > 0 && mantissa%10 == 0 {
		mantissa /= 10
		scale--
	}
	if scale == 0 {
		return strconv.AppendInt(b, mantissa, 10)
	}
	u := uint64(mantissa)
	if mantissa < 0 {
		b = append(b, '-')
		u = -u
	}
	p := uint64(pow10[scale])
	b = append(strconv.AppendUint(b, u/p, 10), '.')
	digits := strconv.AppendUint(nil, u%p, 10)
	for n := len(digits); n < scale; n++ {
		b = append(b, '0')
	}
	return append(b, digits...)
}

// pow10 holds the powers of ten that fit an int64.
var pow10 = [19]int64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18}

// Round rounds x × 10^digits to an integer, halves away from zero. A product of floats that should have been a half,
// such as 3 × 0.335, is taken for one: the comparison allows for the last bits. It returns false for what is not
// finite or does not fit.
func Round(x float64, digits int) (int64, bool) {
	m := math.Abs(x) * float64(pow10[digits])
	if !(m < 9e18) {
		return 0, false
	}
	whole := math.Floor(m)
	if m-whole >= 0.5-min(m*0x1p-50, 1e-3) {
		whole++
	}
	if x < 0 {
		whole = -whole
	}
	return int64(whole), true
}

// Rescale turns mantissa × 10^−from into units of 10^−to, halves away from zero; false when it does not fit.
func Rescale(mantissa int64, from, to int) (int64, bool) {
	if to >= from {
		if to-from > 18 {
			return 0, mantissa == 0
		}
		return mul(mantissa, pow10[to-from])
	}
	if from-to > 18 {
		return 0, true
	}
	p := pow10[from-to]
	q, r := mantissa/p, mantissa%p
	switch {
	case r >= p-r && r > 0:
		q++
	case r < 0 && -r >= p+r:
		q--
	}
	return q, true
}

// mul multiplies; false when the product does not fit.
func mul(a, b int64) (int64, bool) {
	if a == 0 || b == 0 {
		return 0, true
	}
	c := a * b
	if c/b != a || (a == -1 && b == math.MinInt64) || (b == -1 && a == math.MinInt64) {
		return 0, false
	}
	return c, true
}

// add adds; false when the sum does not fit.
func add(a, b int64) (int64, bool) {
	c := a + b
	return c, (c > a) == (b > 0)
}

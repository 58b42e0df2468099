package parquetscan

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"unsafe"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/format"

	"parcours/report/dataset/expression"
)

// decoder converts values [from, to) of a page to the elements of dst from at on.
type decoder func(dst *expression.Vector, at int, v *encoding.Values, from, to int) error

var errFew = errors.New("a page is damaged: too few values")

// decoderOf chooses the decoder of a column once, by its physical and logical types.
func decoderOf(l leaf, as expression.Type) (decoder, error) {
	t := l.column.Type()
	switch t.Kind() {
	case parquet.Boolean:
		return decodeBool, nil
	case parquet.Int32:
		return int32Decoder(unsigned(t)), nil
	case parquet.Int64:
		return int64Decoder(l, as), nil
	case parquet.Int96:
		return decodeInt96, nil
	case parquet.Float:
		return decodeFloat, nil
	case parquet.Double:
		return decodeDouble, nil
	case parquet.ByteArray:
		if decimalOf(t) != nil {
			return bytesDecoder(l, as), nil
		}
		return decodeText, nil
	case parquet.FixedLenByteArray:
		return bytesDecoder(l, as), nil
	}
	return nil, fmt.Errorf("its type %s is not supported", t)
}

func logicalOf(t parquet.Type) format.LogicalTypeValue {
	if lt := t.LogicalType(); lt != nil {
		return lt.Value
	}
	return nil
}

func decimalOf(t parquet.Type) *format.DecimalType {
	d, _ := logicalOf(t).(*format.DecimalType)
	return d
}

func unsigned(t parquet.Type) bool {
	i, ok := logicalOf(t).(*format.IntType)
	return ok && !i.IsSigned
}

// section returns values [from, to) of a page of fixed-width values, after checking kind and number.
func section[T any](v *encoding.Values, kind encoding.Kind, from, to int) ([]T, error) {
	var zero T
	data, _ := v.Data()
	if v.Kind() != kind {
		return nil, errors.New("a page is damaged: values of another type")
	}
	size := int(unsafe.Sizeof(zero))
	if to > len(data)/size {
		return nil, errFew
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(data))), to)[from:], nil
}

func decodeBool(dst *expression.Vector, at int, v *encoding.Values, from, to int) error {
	if v.Kind() != encoding.Boolean {
		return errFew
	}
	bits := v.Boolean()
	if to > 8*len(bits) {
		return errFew
	}
	for i := from; i < to; i++ {
		dst.Bool[at+i-from] = bits[i/8]>>(i%8)&1 == 1
	}
	return nil
}

func int32Decoder(unsigned bool) decoder {
	return func(dst *expression.Vector, at int, v *encoding.Values, from, to int) error {
		s, err := section[int32](v, encoding.Int32, from, to)
		out := dst.Int[at:]
		for i, x := range s {
			out[i] = int64(x)
			if unsigned {
				out[i] = int64(uint32(x))
			}
		}
		return err
	}
}

func int64Decoder(l leaf, as expression.Type) decoder {
	return func(dst *expression.Vector, at int, v *encoding.Values, from, to int) error {
		s, err := section[int64](v, encoding.Int64, from, to)
		if err != nil {
			return err
		}
		switch as.Kind {
		case expression.Text: // an unsigned identifier
			for i, x := range s {
				dst.Text[at+i] = strconv.FormatUint(uint64(x), 10)
			}
		case expression.Float:
			unsigned := unsigned(l.column.Type())
			scale := math.Pow10(decimalScale(l.column.Type()))
			for i, x := range s {
				dst.Float[at+i] = float64(x) / scale
				if unsigned {
					dst.Float[at+i] = float64(uint64(x))
				}
			}
		case expression.Time:
			micros(dst.Int[at:], s, l.unit)
		default:
			copy(dst.Int[at:], s)
		}
		return nil
	}
}

func decimalScale(t parquet.Type) int {
	if d := decimalOf(t); d != nil {
		return int(d.Scale)
	}
	return 0
}

// micros converts ticks to µs; what does not fit stays out of every calendar.
func micros(out, ticks []int64, unit int64) {
	switch unit {
	case 1e3:
		for i, x := range ticks {
			out[i] = x * 1000
			if x > math.MaxInt64/1000 || x < math.MinInt64/1000 {
				out[i] = math.MaxInt64
			}
		}
	case 1e9:
		for i, x := range ticks {
			out[i] = expression.FloorDiv(x, 1000)
		}
	default:
		copy(out, ticks)
	}
}

// decodeInt96 reads nanoseconds of the day and a Julian day number.
func decodeInt96(dst *expression.Vector, at int, v *encoding.Values, from, to int) error {
	s, err := section[[3]uint32](v, encoding.Int96, from, to)
	for i, x := range s {
		const julianOf1970 = 2440588
		days := int64(int32(x[2])) - julianOf1970
		nanos := int64(uint64(x[1])<<32 | uint64(x[0]))
		if days > 1e8 || days < -1e8 {
			dst.Int[at+i] = math.MaxInt64
			continue
		}
		dst.Int[at+i] = days*86400e6 + expression.FloorDiv(nanos, 1000)
	}
	return err
}

func decodeFloat(dst *expression.Vector, at int, v *encoding.Values, from, to int) error {
	s, err := section[float32](v, encoding.Float, from, to)
	for i, x := range s {
		dst.Float[at+i] = widen(x)
	}
	return err
}

// widen gives a float32 the value that its shortest decimal text says: 9.99 stays 9.99 instead of 9.989999771118164.
func widen(x float32) float64 {
	wide := float64(x)
	if wide == math.Trunc(wide) || math.IsNaN(wide) {
		return wide
	}
	var buf [32]byte
	if y, err := strconv.ParseFloat(string(strconv.AppendFloat(buf[:0], wide, 'g', -1, 32)), 64); err == nil {
		return y
	}
	return wide
}

func decodeDouble(dst *expression.Vector, at int, v *encoding.Values, from, to int) error {
	s, err := section[float64](v, encoding.Double, from, to)
	copy(dst.Float[at:], s)
	return err
}

// decodeText copies the bytes of all values at once; the texts share them.
func decodeText(dst *expression.Vector, at int, v *encoding.Values, from, to int) error {
	data, offsets, err := textSection(v, from, to)
	if err != nil {
		return err
	}
	base := offsets[0]
	all := string(data[base:offsets[len(offsets)-1]])
	out := dst.Text[at : at+to-from]
	for i := range out {
		out[i] = all[offsets[i]-base : offsets[i+1]-base]
	}
	return nil
}

// lendText is decodeText without the copy.
func lendText(dst *expression.Vector, at int, v *encoding.Values, from, to int) error {
	data, offsets, err := textSection(v, from, to)
	if err != nil {
		return err
	}
	all := unsafe.String(unsafe.SliceData(data), len(data))
	out := dst.Text[at : at+to-from]
	a := offsets[0]
	for i := range out {
		b := offsets[i+1]
		out[i] = all[a:b]
		a = b
	}
	return nil
}

// textSection returns the bytes of a page and the ends of values [from, to), which are checked.
func textSection(v *encoding.Values, from, to int) ([]byte, []uint32, error) {
	if v.Kind() != encoding.ByteArray {
		return nil, nil, errFew
	}
	data, offsets := v.ByteArray()
	if to >= len(offsets) {
		return nil, nil, errFew
	}
	offsets = offsets[from : to+1]
	a := offsets[0]
	for _, b := range offsets {
		if b < a {
			return nil, nil, errFew
		}
		a = b
	}
	if int64(a) > int64(len(data)) {
		return nil, nil, errFew
	}
	return data, offsets, nil
}

// bytesDecoder reads decimals, UUIDs, half floats and plain bytes of fixed or variable length.
func bytesDecoder(l leaf, as expression.Type) decoder {
	t := l.column.Type()
	_, uuid := logicalOf(t).(*format.UUIDType)
	scale := decimalScale(t)
	width := t.Length()
	fixed := t.Kind() == parquet.FixedLenByteArray
	return func(dst *expression.Vector, at int, v *encoding.Values, from, to int) error {
		data, offsets := v.Data()
		if fixed && as.Kind == expression.Text && decimalOf(t) == nil {
			if width < 0 || to > len(data)/max(width, 1) {
				return errFew
			}
			hexTexts(dst.Text[at:at+to-from], data[from*width:to*width], width, uuid && width == 16)
			return nil
		}
		for i := from; i < to; i++ {
			var b []byte
			switch {
			case fixed && (i+1)*width <= len(data):
				b = data[i*width : (i+1)*width]
			case !fixed && i+1 < len(offsets) && offsets[i] <= offsets[i+1] && int(offsets[i+1]) <= len(data):
				b = data[offsets[i]:offsets[i+1]]
			default:
				return errFew
			}
			to := at + i - from
			switch {
			case as.Kind == expression.Decimal:
				dst.Int[to] = bigEndian(b)
			case as.Kind == expression.Float && l.logical == "FLOAT16":
				dst.Float[to] = half(b)
			case as.Kind == expression.Float:
				dst.Float[to] = wideDecimal(b, scale)
			case decimalOf(t) != nil:
				dst.Text[to] = signed(b).String()
			default:
				dst.Text[to] = hex.EncodeToString(b)
			}
		}
		return nil
	}
}

// bigEndian reads a two's complement integer; what does not fit becomes the largest one.
func bigEndian(b []byte) int64 {
	if len(b) == 0 {
		return 0
	}
	fill := byte(0)
	if b[0] >= 0x80 {
		fill = 0xff
	}
	for len(b) > 8 {
		if b[0] != fill {
			return math.MaxInt64
		}
		b = b[1:]
	}
	x := int64(int8(fill))
	for _, c := range b {
		x = x<<8 | int64(c)
	}
	if (x < 0) != (fill != 0) {
		return math.MaxInt64
	}
	return x
}

// signed is bigEndian for any number of bytes.
func signed(b []byte) *big.Int {
	x := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0] >= 0x80 {
		x.Sub(x, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return x
}

// wideDecimal is the float nearest to a decimal of more than 18 digits.
func wideDecimal(b []byte, scale int) float64 {
	x := new(big.Float).SetInt(signed(b))
	x.Quo(x, new(big.Float).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)))
	f, _ := x.Float64()
	return f
}

// half reads an IEEE 754 half-precision number.
func half(b []byte) float64 {
	if len(b) != 2 {
		return math.NaN()
	}
	h := binary.LittleEndian.Uint16(b)
	exponent, fraction := int(h>>10&31), float64(h&1023)
	x := math.Ldexp(fraction+1024, exponent-25)
	switch {
	case exponent == 0:
		x = math.Ldexp(fraction, -24)
	case exponent == 31 && fraction == 0:
		x = math.Inf(1)
	case exponent == 31:
		x = math.NaN()
	}
	if h>>15 == 1 {
		x = -x
	}
	return x
}

// hexTexts writes values of a fixed width in hexadecimal, UUIDs with their hyphens. The texts share their memory.
func hexTexts(out []string, data []byte, width int, uuid bool) {
	size := 2 * width
	if uuid {
		size += 4
	}
	all := make([]byte, 0, size*len(out))
	for i := range out {
		b, from := data[i*width:(i+1)*width], 0
		if uuid {
			for _, end := range [...]int{4, 6, 8, 10} {
				all = append(hex.AppendEncode(all, b[from:end]), '-')
				from = end
			}
		}
		all = hex.AppendEncode(all, b[from:])
	}
	text := unsafe.String(unsafe.SliceData(all), len(all))
	for i := range out {
		out[i] = text[i*size : (i+1)*size]
	}
}

package parquetscan

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/format"
)

// plainDictionary is how older writers, which are many, name the encoding of dictionaries and of indexes into them.
const plainDictionary format.Encoding = 2

// widthOf is the number of bytes of a value, 0 when they differ or are bits.
func widthOf(t parquet.Type) int {
	switch t.Kind() {
	case parquet.Int32, parquet.Float:
		return 4
	case parquet.Int64, parquet.Double:
		return 8
	case parquet.Int96:
		return 12
	case parquet.FixedLenByteArray:
		return max(t.Length(), 0)
	}
	return 0
}

// decode prepares the values of a page of so many rows.
func (p *pages) decode(rows int, data []byte, e format.Encoding) (values, error) {
	t := p.leaf.column.Type()
	width, kind := widthOf(t), t.Kind()
	switch {
	case e == format.RLEDictionary || e == plainDictionary:
		return p.indexes(data)
	case kind == parquet.Boolean:
		return p.booleans(rows, data, e)
	case kind == parquet.ByteArray:
		return p.texts(rows, data, e)
	case width == 0:
		return nil, fmt.Errorf("its type %s is not supported", t)
	case e == format.Plain:
		return &fixedValues{t: t, width: width, data: data}, nil
	case e == format.DeltaBinaryPacked && (kind == parquet.Int32 || kind == parquet.Int64):
		return p.deltas(rows, data, t)
	case e == format.ByteStreamSplit:
		if len(data)%width != 0 {
			return nil, errFew
		}
		return p.whole(data, len(data), t, &parquet.ByteStreamSplit)
	case e == format.DeltaByteArray && kind == parquet.FixedLenByteArray:
		all, _, err := prefixed(data, width, rows, int(p.limit), p.mem)
		return &fixedValues{t: t, width: width, data: all}, err
	}
	return nil, fmt.Errorf("its encoding, %s, is not supported for %s", e, physicalName(p.leaf.column))
}

func (p *pages) indexes(data []byte) (values, error) {
	if p.dict == nil {
		return nil, errors.New("a page is damaged: it refers to a dictionary that is not there")
	}
	if len(data) == 0 {
		return &indexValues{}, nil
	}
	if data[0] > 32 {
		return nil, errors.New("a page is damaged: its indexes are too wide")
	}
	return &indexValues{newHybrid(data[1:], uint(data[0]), p.mem.temp)}, nil
}

func (p *pages) booleans(rows int, data []byte, e format.Encoding) (values, error) {
	switch e {
	case format.Plain:
		return &bitValues{bits: data}, nil
	case format.RLE:
		if len(data) < 4 || uint64(binary.LittleEndian.Uint32(data)) > uint64(len(data)-4) {
			return nil, errFew
		}
		n := binary.LittleEndian.Uint32(data)
		h := newHybrid(data[4:4+n], 1, p.mem.temp)
		return &bitValues{runs: &h}, nil
	}
	return nil, fmt.Errorf("its encoding, %s, is not supported for BOOLEAN", e)
}

func (p *pages) texts(rows int, data []byte, e format.Encoding) (values, error) {
	var offsets []uint32
	var err error
	switch e {
	case format.Plain:
		data, offsets, err = textsOf(data, rows, grow(p.mem.offsets, min(rows, len(data)/4)+1)[:0])
		p.mem.offsets = offsets
	case format.DeltaLengthByteArray:
		var lengths []int32
		if lengths, data, err = deltaInts(data, rows, p.mem.prefixes); err != nil {
			return nil, err
		}
		p.mem.prefixes = lengths
		offsets = append(grow(p.mem.offsets, len(lengths)+1)[:0], 0)
		total := 0
		for _, n := range lengths {
			if total += int(n); n < 0 || total > len(data) {
				return nil, errDelta
			}
			offsets = append(offsets, uint32(total))
		}
		p.mem.offsets = offsets
	case format.DeltaByteArray:
		data, offsets, err = prefixed(data, 0, rows, int(p.limit), p.mem)
	default:
		err = fmt.Errorf("its encoding, %s, is not supported for BYTE_ARRAY", e)
	}
	return &textValues{data: data, offsets: offsets}, err
}

// deltas decodes a page of integers as a whole; the header of the page bounds their number.
func (p *pages) deltas(rows int, data []byte, t parquet.Type) (values, error) {
	width := widthOf(t)
	if int64(rows)*int64(width) > p.limit {
		return nil, fmt.Errorf("a page of %d differences needs %s, but at most %s are allowed: write the file with smaller pages", rows, size(int64(rows)*int64(width)), size(p.limit))
	}
	n, err := deltaWalk(data, byte(8*width), rows)
	if err != nil {
		return nil, err
	}
	return p.whole(data, n*width, t, &parquet.DeltaBinaryPacked)
}

// whole lets the library decode all values of a page to n bytes.
func (p *pages) whole(data []byte, n int, t parquet.Type, e encoding.Encoding) (values, error) {
	if n == 0 {
		return &fixedValues{t: t, width: widthOf(t)}, nil
	}
	p.mem.decoded = grow(p.mem.decoded, n)
	out, err := t.Decode(t.NewValues(p.mem.decoded[:0], nil), data, e)
	if err != nil {
		return nil, plain("a page is damaged", err)
	}
	all, _ := out.Data()
	if len(all) < n {
		return nil, errFew
	}
	return &fixedValues{t: t, width: widthOf(t), data: all[:n]}, nil
}

// textsOf finds at most n values that come after their lengths, and moves them together.
func textsOf(data []byte, n int, offsets []uint32) ([]byte, []uint32, error) {
	offsets = append(offsets, 0)
	to := 0
	for at := 0; len(offsets) <= n && at+4 <= len(data); {
		size := int(binary.LittleEndian.Uint32(data[at:]))
		at += 4
		if size > len(data)-at {
			return nil, nil, errFew
		}
		to += copy(data[to:], data[at:at+size])
		at += size
		offsets = append(offsets, uint32(to))
	}
	return data[:to], offsets, nil
}

// fixedValues have the same width.
type fixedValues struct {
	t     parquet.Type
	width int
	data  []byte
}

func (v *fixedValues) take(n int, _ *pageMemory) (encoding.Values, error) {
	if n > len(v.data)/v.width {
		return encoding.Values{}, errFew
	}
	all := v.data[:n*v.width]
	v.data = v.data[n*v.width:]
	return v.t.NewValues(all, nil), nil
}

func (v *fixedValues) pass(n int) error {
	if n > len(v.data)/v.width {
		return errFew
	}
	v.data = v.data[n*v.width:]
	return nil
}

type textValues struct {
	data    []byte
	offsets []uint32
}

func (v *textValues) take(n int, _ *pageMemory) (encoding.Values, error) {
	if n >= len(v.offsets) {
		return encoding.Values{}, errFew
	}
	some := v.offsets[:n+1]
	v.offsets = v.offsets[n:]
	return encoding.ByteArrayValues(v.data, some), nil
}

func (v *textValues) pass(n int) error {
	if n >= len(v.offsets) {
		return errFew
	}
	v.offsets = v.offsets[n:]
	return nil
}

// indexValues refer to a dictionary.
type indexValues struct{ hybrid }

func (v *indexValues) take(n int, m *pageMemory) (encoding.Values, error) {
	m.indexes = grow(m.indexes, pieceRows)
	k, err := v.hybrid.indexes(m.indexes[:n])
	if err != nil {
		return encoding.Values{}, err
	}
	if k < n {
		return encoding.Values{}, errFew
	}
	return encoding.Int32Values(m.indexes[:n]), nil
}

func (v *indexValues) pass(n int) error { return v.hybrid.pass(n) }

// bitValues are booleans: bits, or runs.
type bitValues struct {
	bits []byte
	at   int
	runs *hybrid
}

func (v *bitValues) take(n int, m *pageMemory) (encoding.Values, error) {
	m.bits = grow(m.bits, pieceRows/8)
	out := m.bits[:(n+7)/8]
	clear(out)
	if v.runs == nil && v.at+n > 8*len(v.bits) {
		return encoding.Values{}, errFew
	}
	if v.runs == nil {
		for i := range n {
			at := v.at + i
			out[i/8] |= v.bits[at/8] >> (at % 8) & 1 << (i % 8)
		}
		v.at += n
		return encoding.BooleanValues(out), nil
	}
	some := make([]byte, n)
	k, err := v.runs.levels(some)
	if err != nil {
		return encoding.Values{}, err
	}
	if k < n {
		return encoding.Values{}, errFew
	}
	for i, x := range some {
		out[i/8] |= x & 1 << (i % 8)
	}
	return encoding.BooleanValues(out), nil
}

func (v *bitValues) pass(n int) error {
	if v.runs != nil {
		return v.runs.pass(n)
	}
	if v.at += n; v.at > 8*len(v.bits) {
		return errFew
	}
	return nil
}

package parquetscan

import (
	"encoding/binary"
	"errors"
	"math"
)

var errDelta = errors.New("a page is damaged: its differences are cut off or impossible")

// deltaHeader is the beginning of a DELTA_BINARY_PACKED stream.
type deltaHeader struct {
	mini  int // values of a miniblock
	minis int // miniblocks of a block
	total int
	first int64
	size  int // bytes of the header
}

func readDeltaHeader(b []byte) (h deltaHeader, err error) {
	var fields [3]uint64
	for i := range fields {
		x, n := binary.Uvarint(b[h.size:])
		if n <= 0 {
			return h, errDelta
		}
		fields[i] = x
		h.size += n
	}
	first, n := binary.Varint(b[h.size:])
	if n <= 0 || fields[0] == 0 || fields[0] > 1<<16 || fields[1] == 0 || fields[1] > fields[0]/32 || fields[2] > math.MaxInt32 {
		return h, errDelta
	}
	h.size, h.first = h.size+n, first
	h.minis, h.total = int(fields[1]), int(fields[2])
	h.mini = int(fields[0]) / h.minis
	if h.mini%32 != 0 {
		return h, errDelta
	}
	return h, nil
}

// deltaWalk checks a stream of at most most values of so many bits, without decoding it, and returns the number of values. The
// library takes memory for as many values as the header claims, and unpacks by widths that it does not check.
func deltaWalk(b []byte, bits byte, most int) (int, error) {
	h, err := readDeltaHeader(b)
	if err != nil {
		return 0, err
	}
	if h.total > most {
		return 0, errDelta
	}
	at := h.size
	for left := h.total - 1; left > 0; {
		_, n := binary.Varint(b[at:])
		if n <= 0 || len(b)-at-n < h.minis {
			return 0, errDelta
		}
		widths := b[at+n : at+n+h.minis]
		at += n + h.minis
		for _, w := range widths {
			if left <= 0 {
				break // widths of miniblocks that do not exist may be anything
			}
			size := h.mini * int(w) / 8
			if w > bits || len(b)-at < min(size, (left*int(w)+7)/8) {
				return 0, errDelta
			}
			at = min(at+size, len(b))
			left -= h.mini
		}
	}
	return h.total, nil
}

// deltaInts decodes a stream of at most most 32-bit values and returns what follows it.
func deltaInts(b []byte, most int, out []int32) (values []int32, rest []byte, err error) {
	h, err := readDeltaHeader(b)
	if err != nil {
		return nil, nil, err
	}
	if h.total > most {
		return nil, nil, errDelta
	}
	out = grow(out, h.total)[:0]
	b = b[h.size:]
	if h.total == 0 {
		return out, b, nil
	}
	last := int32(h.first)
	out = append(out, last)
	for len(out) < h.total {
		least, n := binary.Varint(b)
		if n <= 0 || len(b)-n < h.minis {
			return nil, nil, errDelta
		}
		widths := b[n : n+h.minis]
		b = b[n+h.minis:]
		for _, w := range widths {
			if len(out) == h.total {
				break
			}
			size := h.mini * int(w) / 8
			if w > 32 || size > len(b) {
				return nil, nil, errDelta
			}
			out, last = h.unpack(out, last, int32(least), b, uint(w))
			b = b[size:]
		}
	}
	return out, b, nil
}

// unpack appends the values of a miniblock of differences of so many bits; what follows it in b may be read.
func (h *deltaHeader) unpack(out []int32, last, least int32, b []byte, width uint) ([]int32, int32) {
	n := min(h.mini, h.total-len(out))
	if width == 0 {
		for range n {
			last += least
			out = append(out, last)
		}
		return out, last
	}
	packed, mask := hybrid{src: b[:h.mini*int(width)/8], width: width}, uint32(1)<<width-1
	for i := range n {
		bit := i * int(width)
		x := uint32(0)
		if at := bit / 8; at+8 <= len(b) {
			x = uint32(binary.LittleEndian.Uint64(b[at:])>>(bit%8)) & mask
		} else {
			x = packed.number(i)
		}
		last += least + int32(x)
		out = append(out, last)
	}
	return out, last
}

// prefixed decodes DELTA_BYTE_ARRAY: each value is a beginning of the one before and some bytes. The library's decoder
// writes past its memory when values of a fixed width have another one. fixed is that width, 0 none; values and texts may
// be at most so many.
func prefixed(b []byte, fixed, values, bytes int, m *pageMemory) (data []byte, offsets []uint32, err error) {
	var prefixes, suffixes []int32
	if prefixes, b, err = deltaInts(b, values, m.prefixes); err != nil {
		return nil, nil, err
	}
	m.prefixes = prefixes
	if suffixes, b, err = deltaInts(b, values, m.suffixes); err != nil {
		return nil, nil, err
	}
	m.suffixes = suffixes
	if len(prefixes) != len(suffixes) {
		return nil, nil, errDelta
	}
	total, last, tail := 0, 0, 0
	for i, p := range prefixes {
		n := suffixes[i]
		if p < 0 || n < 0 || int(p) > last || fixed > 0 && int(p)+int(n) != fixed {
			return nil, nil, errDelta
		}
		last = int(p) + int(n)
		total, tail = total+last, tail+int(n)
		if total > bytes || tail > len(b) {
			return nil, nil, errDelta
		}
	}
	data = grow(m.decoded, total)[:0]
	offsets = append(grow(m.offsets, len(prefixes)+1)[:0], 0)
	begin := 0
	for i, p := range prefixes {
		n := suffixes[i]
		next := len(data)
		data = append(data, data[begin:begin+int(p)]...)
		data = append(data, b[:n]...)
		b, begin = b[n:], next
		offsets = append(offsets, uint32(len(data)))
	}
	m.decoded, m.offsets = data, offsets
	return data, offsets, nil
}

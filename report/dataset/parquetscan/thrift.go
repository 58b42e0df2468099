package parquetscan

import (
	"encoding/binary"
	"errors"
)

// The decoder of footers and page headers allocates what a length in the file says, before it sees the bytes. The
// functions of this file walk the same bytes first and refuse lengths that the bytes cannot hold.

var (
	errThrift = errors.New("the metadata is damaged")
	errShort  = errors.New("the metadata is cut off")
)

// maxNesting bounds the depth of structures; real metadata stay below ten.
const maxNesting = 24

// minStruct is the least size of a structure inside a list; a smaller one would let a short text claim much memory.
const minStruct = 3

// The types of Thrift's compact protocol.
const (
	thriftTrue = iota + 1
	thriftFalse
	thriftByte
	thriftI16
	thriftI32
	thriftI64
	thriftDouble
	thriftBinary
	thriftList
	thriftSet
	thriftMap
	thriftStruct
	thriftUUID
)

// skimStruct returns the length of the structure at the start of b. errShort means that more bytes may help.
func skimStruct(b []byte, depth int) (int, error) {
	if depth > maxNesting {
		return 0, errThrift
	}
	n := 0
	for {
		if n >= len(b) {
			return 0, errShort
		}
		head := b[n]
		n++
		if head == 0 {
			return n, nil
		}
		if head>>4 == 0 { // the field number follows in full
			size, err := skimVarint(b[n:])
			if err != nil {
				return 0, err
			}
			n += size
		}
		size, err := skimValue(b[n:], int(head&15), true, depth)
		if err != nil {
			return 0, err
		}
		n += size
	}
}

func skimVarint(b []byte) (int, error) {
	_, n := binary.Uvarint(b)
	switch {
	case n > 0:
		return n, nil
	case n == 0:
		return 0, errShort
	}
	return 0, errThrift
}

// skimValue returns the length of one value. Booleans have no bytes as fields and one as elements.
func skimValue(b []byte, kind int, field bool, depth int) (int, error) {
	switch kind {
	case thriftTrue, thriftFalse:
		if field {
			return 0, nil
		}
		return fixedSize(b, 1)
	case thriftByte:
		return fixedSize(b, 1)
	case thriftI16, thriftI32, thriftI64:
		return skimVarint(b)
	case thriftDouble:
		return fixedSize(b, 8)
	case thriftUUID:
		return fixedSize(b, 16)
	case thriftBinary:
		length, n := binary.Uvarint(b)
		switch {
		case n == 0:
			return 0, errShort
		case n < 0 || length > 1<<31:
			return 0, errThrift
		case uint64(len(b)-n) < length:
			return 0, errShort
		}
		return n + int(length), nil
	case thriftList, thriftSet:
		return skimList(b, depth)
	case thriftStruct:
		return skimStruct(b, depth+1)
	}
	return 0, errThrift // maps occur nowhere in Parquet's metadata
}

func fixedSize(b []byte, n int) (int, error) {
	if len(b) < n {
		return 0, errShort
	}
	return n, nil
}

func skimList(b []byte, depth int) (int, error) {
	if len(b) == 0 {
		return 0, errShort
	}
	size, kind, n := uint64(b[0]>>4), int(b[0]&15), 1
	if size == 15 {
		long, m := binary.Uvarint(b[1:])
		if m <= 0 {
			return 0, errShort
		}
		size, n = long, 1+m
	}
	least := uint64(1)
	if kind == thriftStruct {
		least = minStruct
	}
	if size > uint64(len(b)-n)/least {
		return 0, errShort
	}
	for range size {
		m, err := skimValue(b[n:], kind, false, depth)
		if err != nil {
			return 0, err
		}
		n += m
	}
	return n, nil
}

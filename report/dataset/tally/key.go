package tally

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"math/bits"
	"strconv"
)

// Key identifies a customer or an order: the zero Key is null. Equal texts have equal keys and different texts different
// ones, on any machine: whole numbers, texts of up to KeyBytes bytes and lower-case UUIDs are in the key themselves, in
// forms that the upper 16 bits tell apart.
//
//	0       {1, n} the decimal text of the 64-bit integer n; {0, 0} null
//	1 … 14  the number of bytes of a text that follows, first byte first
//	15      112 bits of the SHA-256 of a longer text: two texts with one key take 2^56 tries to find, and chance never does
//	16 …    the 128 bits of a UUID; those that begin with 000 are taken as longer texts
type Key [2]uint64

// KeyBytes is the number of bytes up to which any text is in its key.
const KeyBytes = 14

const (
	formShift = 48
	hashForm  = 15
	payload   = 1<<formShift - 1
)

// IntKey returns the key of the decimal text of a number.
func IntKey(n int64) Key { return Key{1, uint64(n)} }

// KeyOf returns the key of a text; that of the empty text is null.
func KeyOf(b []byte) Key {
	switch {
	case len(b) == 36:
		if k, ok := uuidKey(b); ok {
			return k
		}
	case len(b) <= 20:
		if n, ok := parseInt(b); ok {
			return IntKey(n)
		}
		if len(b) <= KeyBytes {
			return textKey(b)
		}
	}
	sum := sha256.Sum256(b)
	return Key{hashForm<<formShift | binary.BigEndian.Uint64(sum[:8])&payload, binary.BigEndian.Uint64(sum[8:16])}
}

// textKey puts a text of up to KeyBytes bytes after their number. Two reads that may overlap spare a copy byte by byte.
func textKey(b []byte) Key {
	n := len(b)
	form := uint64(n) << formShift
	switch {
	case n >= 8:
		head, tail := binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[n-8:])
		return Key{form | head>>16, tail << (8 * (KeyBytes - n))}
	case n >= 4:
		head, tail := uint64(binary.BigEndian.Uint32(b)), uint64(binary.BigEndian.Uint32(b[n-4:]))
		word := head<<32 | tail<<(8*(8-n))
		return Key{form | word>>16, word << 48}
	}
	word := uint64(0)
	for i, c := range b {
		word |= uint64(c) << (56 - 8*i)
	}
	return Key{form | word>>16, word << 48}
}

// parseInt reads a text that strconv would write for a 64-bit integer.
func parseInt(b []byte) (int64, bool) {
	digits := b
	if len(b) > 0 && b[0] == '-' {
		digits = b[1:]
	}
	if len(digits) == 0 || len(digits) > 19 || digits[0] == '0' && len(b) > 1 {
		return 0, false
	}
	n := uint64(0)
	for _, c := range digits {
		if c -= '0'; c > 9 {
			return 0, false
		}
		n = 10*n + uint64(c)
	}
	switch {
	case len(digits) == len(b):
		return int64(n), n <= math.MaxInt64
	case n <= 1<<63:
		return -int64(n), true
	}
	return 0, false
}

// uuidKey reads a UUID in its usual form.
func uuidKey(b []byte) (Key, bool) {
	_ = b[35]
	dashes := (b[8] ^ '-') | (b[13] ^ '-') | (b[18] ^ '-') | (b[23] ^ '-')
	big := binary.BigEndian
	a, badA := hex8(big.Uint64(b))
	c, badC := hex8(uint64(big.Uint32(b[9:]))<<32 | uint64(big.Uint32(b[14:])))
	d, badD := hex8(uint64(big.Uint32(b[19:]))<<32 | uint64(big.Uint32(b[24:])))
	e, badE := hex8(big.Uint64(b[28:]))
	k := Key{a<<32 | c, d<<32 | e}
	return k, badA|badC|badD|badE|uint64(dashes) == 0 && k[0]>>formShift > hashForm
}

// hex8 reads eight lower-case hexadecimal digits, all at once; bad is 0 when they are.
func hex8(x uint64) (value, bad uint64) {
	const ones = 0x0101010101010101
	letter := x >> 6 & ones // 1 for a … f
	// Values: the low nibble, plus 9 for letters.
	v := x&(0x0f*ones) + 9*letter
	// Exact check: rebuild the text from the values.
	over := (v + 6*ones) >> 4 & ones // 1 where the value is 10 or more
	bad = (v + 0x30*ones + 0x27*over) ^ x | v&(0xf0*ones)
	v = (v | v>>4) & 0x00ff00ff00ff00ff
	v = (v | v>>8) & 0x0000ffff0000ffff
	v |= v >> 16
	return v & 0xffffffff, bad
}

// Null reports whether the key names nobody.
func (k Key) Null() bool { return k == Key{} }

// spread returns a well-mixed hash.
func (k Key) spread() uint64 {
	hi, lo := bits.Mul64(k[0]^0x9e3779b97f4a7c15, k[1]^0xa0761d6478bd642f)
	h := (hi ^ lo ^ k[0]) * 0xff51afd7ed558ccd
	return h ^ h>>32
}

// Share tells in which of several parts of about the same size a customer is; the same on any machine.
func (k Key) Share(of int) int { return int(k.spread() >> 16 & 0xffffffff % uint64(of)) }

// Text returns the text that a key was made of; false when only its hash is known.
func (k Key) Text() (string, bool) {
	switch form := k[0] >> formShift; {
	case k.Null():
		return "", true
	case form == 0:
		return strconv.FormatInt(int64(k[1]), 10), true
	case form == hashForm:
		return "", false
	case form < hashForm:
		var buf [16]byte
		binary.BigEndian.PutUint64(buf[:8], k[0])
		binary.BigEndian.PutUint64(buf[8:], k[1])
		return string(buf[2 : 2+form]), true
	}
	const digits = "0123456789abcdef"
	var buf [36]byte
	at := 0
	for i := range 32 {
		if i == 8 || i == 12 || i == 16 || i == 20 {
			buf[at] = '-'
			at++
		}
		buf[at] = digits[k[i/16]>>(60-4*(i%16))&15]
		at++
	}
	return string(buf[:]), true
}

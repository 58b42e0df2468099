package tally

import (
	"crypto/sha256"
	"encoding/binary"
)

// Key identifies a customer or an order: the zero Key is null. KeyOf packs texts of up to 15 bytes and hashes longer
// ones to 128 bits.
type Key [2]uint64

// hashed is the top bit of a Key made of a hash, so that it never equals a packed one.
const hashed = 1 << 63

// KeyOf returns the key of a text; that of the empty text is null. Equal texts have equal keys, on any machine.
func KeyOf(b []byte) Key {
	if len(b) <= 15 {
		var buf [16]byte
		buf[0] = byte(len(b))
		copy(buf[1:], b)
		return Key{binary.BigEndian.Uint64(buf[:8]), binary.BigEndian.Uint64(buf[8:])}
	}
	sum := sha256.Sum256(b)
	return Key{binary.BigEndian.Uint64(sum[:8]) | hashed, binary.BigEndian.Uint64(sum[8:16])}
}

// Null reports whether the key names nobody.
func (k Key) Null() bool { return k == Key{} }

// spread returns a well-mixed hash for sharding.
func (k Key) spread() uint64 {
	h := (k[0] ^ k[1]*0x9e3779b97f4a7c15) * 0xff51afd7ed558ccd
	return (h ^ h>>32) * 0xc4ceb9fe1a85ec53
}

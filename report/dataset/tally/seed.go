package tally

import (
	"math/bits"
	"math/rand/v2"
)

// seed makes the hash tables of a run unlike those of any other: who chooses the identifiers in a file cannot choose ones
// that meet in one place and make a run last for hours. No result depends on it.
type seed [2]uint64

func newSeed() seed { return seed{rand.Uint64(), rand.Uint64()} }

// odd is a factor that spreads numbers over the upper bits of the product.
func (s *seed) odd() uint64 { return s[0] | 1 }

// hash is well mixed.
func (s *seed) hash(k Key) uint64 {
	high, low := bits.Mul64(k[0]^s[0], k[1]^s[1])
	h := (high ^ low) * fibonacci
	return h ^ h>>32
}

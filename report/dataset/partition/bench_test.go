package partition_test

import (
	"fmt"
	"testing"

	"parcours/report/dataset/partition"
)

// keys are hashes of customers, enough of them that no predictor learns the partitions; a power of two.
func keys() []uint64 {
	k := make([]uint64, 1<<16)
	x := uint64(88172645463325252)
	for i := range k {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		k[i] = x
	}
	return k
}

// scatter adds n records.
func scatter(s *partition.Store, ks []uint64, n int) error {
	w := s.Writer()
	parts := uint64(s.Parts())
	for i := range n {
		k := ks[i&(len(ks)-1)]
		part := int(k >> 32 * parts >> 32)
		r := w.Try(part)
		if r == nil {
			r = w.Room(part)
		}
		for j := range r {
			r[j] = k + uint64(j)
		}
	}
	return w.Flush()
}

// BenchmarkRoom takes a record as a unit, all of memory used again.
func BenchmarkRoom(b *testing.B) {
	ks := keys()
	const records = 4 << 20
	for _, width := range []int{2, 4} {
		for _, parts := range []int{256, 1024} {
			b.Run(fmt.Sprintf("width=%d/parts=%d", width, parts), func(b *testing.B) {
				pool := partition.NewPool(0, "")
				for b.Loop() {
					s := partition.NewStore(pool, width, parts)
					if err := scatter(s, ks, records); err != nil {
						b.Fatal(err)
					}
					for p := range parts {
						s.Free(p)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/records, "ns/record")
			})
		}
	}
}

// BenchmarkSpill writes everything to the temporary file.
func BenchmarkSpill(b *testing.B) {
	ks := keys()
	const records = 4 << 20
	pool := partition.NewPool(16<<20, b.TempDir())
	defer pool.Close()
	b.SetBytes(records * 16)
	for b.Loop() {
		s := partition.NewStore(pool, 2, 256)
		if err := scatter(s, ks, records); err != nil {
			b.Fatal(err)
		}
		for p := range s.Parts() {
			s.Free(p)
		}
	}
}

// BenchmarkReload reads it back.
func BenchmarkReload(b *testing.B) {
	const records = 4 << 20
	pool := partition.NewPool(16<<20, b.TempDir())
	defer pool.Close()
	s := partition.NewStore(pool, 2, 256)
	if err := scatter(s, keys(), records); err != nil {
		b.Fatal(err)
	}
	b.Run("each", func(b *testing.B) {
		b.SetBytes(records * 16)
		var sum uint64
		for b.Loop() {
			for p := range s.Parts() {
				if err := s.Each(p, func(r []uint64) error { sum += r[0]; return nil }); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("load", func(b *testing.B) {
		b.SetBytes(records * 16)
		var into []uint64
		for b.Loop() {
			for p := range s.Parts() {
				var err error
				if into, err = s.Load(p, into); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

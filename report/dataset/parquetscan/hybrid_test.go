package parquetscan

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// runsOf writes numbers as runs and packed groups, as it comes; the last group may have numbers too many.
func runsOf(r *rand.Rand, numbers []uint32, width int) []byte {
	var out []byte
	for len(numbers) > 0 {
		same := 1
		for same < len(numbers) && numbers[same] == numbers[0] {
			same++
		}
		if r.IntN(2) == 0 {
			n := 1 + r.IntN(same)
			out = binary.AppendUvarint(out, uint64(n)<<1)
			var b [4]byte
			binary.LittleEndian.PutUint32(b[:], numbers[0])
			out = append(out, b[:(width+7)/8]...)
			numbers = numbers[n:]
			continue
		}
		groups := 1 + r.IntN(4)
		if groups*8 > len(numbers) && r.IntN(2) == 0 {
			groups = (len(numbers) + 7) / 8
		}
		if groups*8 > len(numbers)+7 {
			groups = (len(numbers) + 7) / 8
		}
		out = binary.AppendUvarint(out, uint64(groups)<<1|1)
		packed := make([]byte, groups*width)
		for i := range min(groups*8, len(numbers)) {
			for bit := range width {
				if numbers[i]>>bit&1 == 1 {
					at := i*width + bit
					packed[at/8] |= 1 << (at % 8)
				}
			}
		}
		out = append(out, packed...)
		numbers = numbers[min(groups*8, len(numbers)):]
	}
	return out
}

func TestRunsAreReadInStretchesOfAnyLength(t *testing.T) {
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 1))
		width := 1 + r.IntN(32)
		numbers := make([]uint32, r.IntN(300))
		for i := range numbers {
			if numbers[i] = r.Uint32() & (1<<width - 1); i > 0 && r.IntN(3) > 0 {
				numbers[i] = numbers[i-1]
			}
		}
		src := runsOf(r, numbers, width)
		h := newHybrid(slices.Clip(src), uint(width), nil)
		for at := 0; at < len(numbers); {
			n := 1 + r.IntN(min(40, len(numbers)-at))
			if r.IntN(3) == 0 {
				if err := h.pass(n); err != nil {
					t.Fatalf("seed %d: %v", seed, err)
				}
				at += n
				continue
			}
			if value, k, err := h.uniform(1); err != nil || k > 0 && value != numbers[at] {
				t.Fatalf("seed %d: a run of %d at %d: %v", seed, value, at, err)
			}
			out := make([]int32, n)
			if k, err := h.indexes(out); err != nil || k != n {
				t.Fatalf("seed %d: %d of %d: %v", seed, k, n, err)
			}
			for i, x := range out {
				if uint32(x) != numbers[at+i] {
					t.Fatalf("seed %d, width %d: number %d is %d, want %d", seed, width, at+i, uint32(x), numbers[at+i])
				}
			}
			at += n
		}
	}
}

func TestDifferencesAreDecodedAsTheLibraryEncodesThem(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 2))
		numbers := make([]int32, r.IntN(400))
		for i := range numbers {
			numbers[i] = int32(r.Uint32() >> r.IntN(32))
		}
		b, err := parquet.DeltaBinaryPacked.EncodeInt32(nil, numbers)
		if err != nil {
			t.Fatal(err)
		}
		got, rest, err := deltaInts(append(b, "tail"...), len(numbers), nil)
		if err != nil || !slices.Equal(got, numbers) || string(rest) != "tail" {
			t.Fatalf("seed %d: %v, rest %q, %v", seed, got, rest, err)
		}
		if n, err := deltaWalk(b, 32, len(numbers)); err != nil || n != len(numbers) {
			t.Fatalf("seed %d: %d values: %v", seed, n, err)
		}
		if _, _, err := deltaInts(b, len(numbers)-1, nil); err == nil {
			t.Fatalf("seed %d: more values than there may be", seed)
		}
	}
}

func FuzzRunsAndDifferences(f *testing.F) {
	f.Add([]byte{3, 0x88, 0xc6, 0xfa, 10, 1}, uint8(3), uint16(9))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0x0f, 1}, uint8(1), uint16(700))
	f.Add([]byte{128, 1, 4, 5, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1}, uint8(32), uint16(5))
	f.Fuzz(func(t *testing.T, src []byte, width uint8, n uint16) {
		h := newHybrid(src, uint(width%33), nil)
		out := make([]int32, n%5000)
		k, err := h.indexes(out)
		if err == nil && k > len(out) {
			t.Fatal("too many numbers")
		}
		again := newHybrid(src, uint(width%33), nil)
		if err == nil && k == len(out) {
			if err := again.pass(k); err != nil {
				t.Fatalf("%d numbers are read, and not passed over: %v", k, err)
			}
		}
		walked, err := deltaWalk(src, 32, 5000)
		values, _, other := deltaInts(src, 5000, nil)
		if err == nil && other == nil && walked != len(values) {
			t.Fatalf("%d values walked, %d decoded", walked, len(values))
		}
		var m pageMemory
		if data, offsets, err := prefixed(src, int(width%3)*8, 5000, 1<<20, &m); err == nil && (len(data) > 1<<20 || len(offsets) > 5001) {
			t.Fatal("more than is allowed")
		}
	})
}

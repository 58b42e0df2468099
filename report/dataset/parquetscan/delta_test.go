package parquetscan

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go/encoding/delta"
)

func TestDifferencesOfEveryWidthComeBack(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	for width := range 33 {
		for _, n := range []int{0, 1, 2, 31, 129, 700} {
			values := make([]int32, n)
			for i := range values {
				values[i] = int32(r.Uint64() & (1<<width - 1))
			}
			b, err := (&delta.BinaryPackedEncoding{}).EncodeInt32(nil, values)
			if err != nil {
				t.Fatal(err)
			}
			for _, tail := range []string{"", "x", "what follows"} {
				got, rest, err := deltaInts(append(slices.Clip(b), tail...), n, nil)
				if err != nil || !slices.Equal(got, values) || string(rest) != tail {
					t.Errorf("%d bits, %d values: %v %v %q", width, n, err, got[:min(len(got), 9)], rest)
				}
			}
		}
	}
}

package tally

import "testing"

func TestPartitionsAreAPowerOfTwoWithinBounds(t *testing.T) {
	for _, x := range []struct {
		rows int64
		want int
	}{{0, 1}, {partRows - 1, 1}, {2*partRows - 1, 1}, {2 * partRows, 2}, {20_000_000, 256}, {200_000_000, maxParts}, {1 << 40, maxParts}} {
		if got := partsOf(x.rows); got != x.want {
			t.Errorf("%d rows: got %d partitions, want %d", x.rows, got, x.want)
		}
	}
}

func TestPartitionsHaveAboutAsManyCustomers(t *testing.T) {
	const parts, customers = 64, 64 * 2000
	var count [parts]int
	for i := range customers {
		count[partOf(IntKey(int64(1000+i)), parts)]++
	}
	for i, n := range count {
		if n < 1700 || n > 2300 {
			t.Errorf("partition %d has %d of %d customers", i, n, customers)
		}
	}
}

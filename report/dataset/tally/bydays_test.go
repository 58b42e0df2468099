package tally

import (
	"math/rand/v2"
	"slices"
	"testing"

	"parcours/report/dataset"
)

func TestOrdersAreSortedByDayHoweverTheyCome(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var h history
	for range 3000 {
		n, runs := rng.IntN(120), 1+rng.IntN(20)
		h.orders = h.orders[:0]
		for i := range n {
			h.orders = append(h.orders, order{day: dataset.Day(rng.IntN(300)), gross: int64(i)})
		}
		for at := 0; at < n; at += 1 + n/runs {
			insertByDay(h.orders[at:min(n, at+1+n/runs)])
		}
		var seen []int64
		h.sortByDay()
		for i, o := range h.orders {
			seen = append(seen, o.gross)
			if i > 0 && o.day < h.orders[i-1].day {
				t.Fatalf("%d orders in %d runs are not sorted", n, runs)
			}
		}
		slices.Sort(seen)
		if len(slices.Compact(seen)) != n {
			t.Fatalf("%d orders in %d runs: some are lost", n, runs)
		}
	}
}

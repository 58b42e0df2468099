package tally

import (
	"cmp"
	"context"
	"slices"

	"parcours/report/dataset"
)

// edgesOf returns the type-7 quantiles at .2, .4, .6 and .8 of n values: position (n−1)·k/5, linear between
// neighbours. The position is split in integers, so the only rounding is that of the last division.
func edgesOf(n int64, at func(i int64) int64) [4]float64 {
	var out [4]float64
	if n == 0 {
		return out
	}
	for k := range out {
		pos := (n - 1) * int64(k+1)
		lo, rest := pos/5, pos%5
		x := at(lo)
		if rest == 0 {
			out[k] = float64(x)
			continue
		}
		out[k] = float64(5*x+rest*(at(lo+1)-x)) / 5
	}
	return out
}

// counted are the numbers of values, ascending.
type counted struct{ value, customers int64 }

// nth returns the i-th smallest value.
func nth(values []counted, i int64) int64 {
	for _, v := range values {
		if i -= v.customers; i < 0 {
			return v.value
		}
	}
	return 0
}

func (t *tables) recencies() []counted {
	var out []counted
	for days, n := range t.recency {
		if n > 0 {
			out = append(out, counted{int64(days), n})
		}
	}
	return out
}

func (t *tables) frequencies() []counted {
	var out []counted
	t.frequency.each(func(orders uint64, n int64) { out = append(out, counted{int64(orders), n}) })
	slices.SortFunc(out, func(a, b counted) int { return cmp.Compare(a.value, b.value) })
	return out
}

func (t *tables) monetaries() []counted {
	var out []counted
	for bin, n := range t.monetary {
		if n > 0 {
			out = append(out, counted{int64(bin) - binBase, n})
		}
	}
	return out
}

func histogram(values []counted) []dataset.HistogramRow {
	out := make([]dataset.HistogramRow, len(values))
	for i, v := range values {
		out[i] = dataset.HistogramRow{Value: v.value, Customers: v.customers}
	}
	return out
}

// edges returns the quantiles of all three values. Those of net value lie in a few bins of the histogram: only the amounts
// in them are looked at.
func (f *fold) edges(ctx context.Context) (dataset.RFMEdges, error) {
	n := f.totals.Customers
	recency, frequency, bins := f.tables.recencies(), f.tables.frequencies(), f.tables.monetaries()
	e := dataset.RFMEdges{
		Recency:   edgesOf(n, func(i int64) int64 { return nth(recency, i) }),
		Frequency: edgesOf(n, func(i int64) int64 { return nth(frequency, i) }),
	}
	wanted := map[int64]bool{}
	edgesOf(n, func(i int64) int64 { wanted[nth(bins, i)] = true; return 0 })
	amounts, err := f.amounts(ctx, wanted)
	if err != nil {
		return e, err
	}
	e.Monetary = edgesOf(n, func(i int64) int64 {
		below := int64(0) // customers in smaller bins
		for _, b := range bins {
			if i < below+b.customers {
				return amounts[b.value][i-below]
			}
			below += b.customers
		}
		return 0
	})
	return e, nil
}

// amounts returns the net values in some bins, ascending.
func (f *fold) amounts(ctx context.Context, bins map[int64]bool) (map[int64][]int64, error) {
	var want [2 * binBase]bool
	for b := range bins {
		want[b+binBase] = true
	}
	workers, err := parallel(ctx, f.t.workers(), f.pasts.parts(), func() map[int64][]int64 { return map[int64][]int64{} },
		func(out map[int64][]int64, part int) error {
			return f.pasts.eachRecord(part, func(rec []uint64) {
				net := netOf(rec)
				if b := dataset.MonetaryBin(net); want[b+binBase] {
					out[b] = append(out[b], net)
				}
			})
		})
	all := map[int64][]int64{}
	for _, w := range workers {
		for b, values := range w {
			all[b] = append(all[b], values...)
		}
	}
	for _, values := range all {
		slices.Sort(values)
	}
	return all, err
}

// score returns 1 + the number of edges below x: ties share a score, in any order of customers.
func score(edges *[4]float64, x int64) int8 {
	s := int8(1)
	v := float64(x)
	for _, e := range edges {
		if e < v {
			s++
		}
	}
	return s
}

// scorer gives scores by table: there are millions of customers and few different values.
type scorer struct {
	edges       dataset.RFMEdges
	byRecency   []int8 // of all that are there
	byFrequency [256]int8
}

func newScorer(e dataset.RFMEdges, longest int) *scorer {
	s := &scorer{edges: e, byRecency: make([]int8, longest+1)}
	for days := range s.byRecency {
		s.byRecency[days] = 6 - score(&e.Recency, int64(days))
	}
	for orders := range s.byFrequency {
		s.byFrequency[orders] = score(&e.Frequency, int64(orders))
	}
	return s
}

func (s *scorer) recency(days int32) int8 { return s.byRecency[days] }

func (s *scorer) frequency(orders int64) int8 {
	if orders < int64(len(s.byFrequency)) {
		return s.byFrequency[orders]
	}
	return score(&s.edges.Frequency, orders)
}

func (s *scorer) monetary(net int64) int8 { return score(&s.edges.Monetary, net) }

// cube is the RFM table by score.
type cube [6][6][6]dataset.RFMRow

// add counts the customer of a record.
func (c *cube) add(rec []uint64, e *scorer) {
	net, orders := netOf(rec), ordersOf(rec)
	row := &c[e.recency(recencyOf(rec))][e.frequency(orders)][e.monetary(net)]
	row.Customers++
	row.Orders += orders
	row.Net += net
}

func rfmRows(cubes []*cube) []dataset.RFMRow {
	var out []dataset.RFMRow
	for r := range int8(6) {
		for f := range int8(6) {
			for m := range int8(6) {
				row := dataset.RFMRow{R: r, F: f, M: m}
				for _, c := range cubes {
					row.Customers += c[r][f][m].Customers
					row.Orders += c[r][f][m].Orders
					row.Net += c[r][f][m].Net
				}
				if row.Customers > 0 {
					out = append(out, row)
				}
			}
		}
	}
	return out
}

package tally

import (
	"slices"

	"parcours/report/dataset"
)

// values holds recency, frequency and net value of every customer: the exact quantiles need them all.
type values struct {
	recency   []int32
	frequency []int64
	monetary  []int64
}

func (v *values) add(recency int32, frequency, monetary int64) {
	v.recency = append(v.recency, recency)
	v.frequency = append(v.frequency, frequency)
	v.monetary = append(v.monetary, monetary)
}

// edges returns the type-7 quantiles at .2, .4, .6 and .8: position (n−1)·k/5, linear between neighbours. The
// position is split in integers, so the only rounding is that of the last division.
func edges[N int32 | int64](values []N) [4]float64 {
	var out [4]float64
	if len(values) == 0 {
		return out
	}
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	for k := range out {
		pos := (len(sorted) - 1) * (k + 1)
		lo, rest := pos/5, int64(pos%5)
		x := int64(sorted[lo])
		if rest == 0 {
			out[k] = float64(x)
			continue
		}
		out[k] = float64(5*x+rest*(int64(sorted[lo+1])-x)) / 5
	}
	return out
}

// score returns 1 + the number of edges below x: ties share a score, in any order of customers.
func score(edges [4]float64, x int64) int8 {
	s := int8(1)
	for _, e := range edges {
		if e < float64(x) {
			s++
		}
	}
	return s
}

func (v *values) edges() dataset.RFMEdges {
	return dataset.RFMEdges{Recency: edges(v.recency), Frequency: edges(v.frequency), Monetary: edges(v.monetary)}
}

func (v *values) rfm(e dataset.RFMEdges) []dataset.RFMRow {
	var cube [6][6][6]dataset.RFMRow
	for i := range v.recency {
		r := 6 - score(e.Recency, int64(v.recency[i]))
		f, m := score(e.Frequency, v.frequency[i]), score(e.Monetary, v.monetary[i])
		row := &cube[r][f][m]
		row.R, row.F, row.M = r, f, m
		row.Customers++
		row.Orders += v.frequency[i]
		row.Net += v.monetary[i]
	}
	var out []dataset.RFMRow
	for _, plane := range cube {
		for _, line := range plane {
			for _, row := range line {
				if row.Customers > 0 {
					out = append(out, row)
				}
			}
		}
	}
	return out
}

func histogram[N int32 | int64](values []N, bin func(int64) int64) []dataset.HistogramRow {
	counts := map[int64]int64{}
	for _, v := range values {
		counts[bin(int64(v))]++
	}
	out := make([]dataset.HistogramRow, 0, len(counts))
	for v, n := range counts {
		out = append(out, dataset.HistogramRow{Value: v, Customers: n})
	}
	slices.SortFunc(out, func(a, b dataset.HistogramRow) int {
		if a.Value < b.Value {
			return -1
		}
		return 1
	})
	return out
}

func itself(v int64) int64 { return v }

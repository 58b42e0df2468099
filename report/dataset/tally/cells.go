package tally

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"parcours/report/dataset"
)

// score gives every customer the scores of recency and frequency.
func (b *purchases) score(v *values, e dataset.RFMEdges) {
	i := 0
	for _, part := range b.pasts {
		for j := range part {
			part[j].r = 6 - score(e.Recency, int64(v.recency[i]))
			part[j].f = score(e.Frequency, v.frequency[i])
			i++
		}
	}
}

// groups adds customers up by key. It is given up when there are more keys than the limit.
type groups[K comparable, R any] struct {
	index map[K]int32
	rows  []R
	most  int
}

// at returns the row of a key, which fresh makes, or nil when there are too many.
func (g *groups[K, R]) at(k K, fresh func(K) R) *R {
	i, ok := g.index[k]
	if !ok {
		if len(g.rows) == g.most {
			return nil
		}
		i = int32(len(g.rows))
		g.index[k] = i
		g.rows = append(g.rows, fresh(k))
	}
	return &g.rows[i]
}

// histories makes the rows of Cells and Calibration at the finest resolution that keeps both few.
func (f *fold) histories() (resolution int32, cells []dataset.CellRow, calibration []dataset.CalibrationRow) {
	most := f.req.MaxCells
	for i, width := range dataset.Resolutions {
		if i == len(dataset.Resolutions)-1 {
			most = maxRows
		}
		var few bool
		if cells, few = f.cellRows(width, most, false); !few {
			continue
		}
		if calibration, few = f.calibrationRows(width, most); few {
			resolution = width
			break
		}
	}
	if f.req.Dimension != "" {
		byValue, _ := f.cellRows(resolution, maxRows, true)
		cells = append(cells, byValue...)
	}
	slices.SortFunc(cells, func(a, b dataset.CellRow) int {
		return cmp.Or(cmp.Compare(a.Dim, b.Dim), cmp.Compare(a.Cohort, b.Cohort), cmp.Compare(a.R, b.R), cmp.Compare(a.F, b.F),
			cmp.Compare(a.X, b.X), cmp.Compare(a.TX, b.TX), cmp.Compare(a.T, b.T))
	})
	slices.SortFunc(calibration, func(a, b dataset.CalibrationRow) int {
		return cmp.Or(cmp.Compare(a.X, b.X), cmp.Compare(a.TX, b.TX), cmp.Compare(a.T, b.T), cmp.Compare(a.Later, b.Later))
	})
	return resolution, cells, calibration
}

// maxRows is no limit.
const maxRows = math.MaxInt

type historyKey struct {
	dim, cohort, x, tx, t int32
	r, f                  int8
}

// cellRows makes the rows of all customers or of the values of the dimension, in no order. It reports whether they are
// at most so many.
func (f *fold) cellRows(width int32, most int, byDim bool) ([]dataset.CellRow, bool) {
	g := groups[historyKey, dataset.CellRow]{index: map[historyKey]int32{}, most: most}
	fresh := func(k historyKey) dataset.CellRow {
		return dataset.CellRow{Dim: f.outNames[k.dim], Cohort: k.cohort, R: k.r, F: k.f, X: k.x, TX: k.tx, T: k.t}
	}
	at := -1
	for _, part := range f.purchases.pasts {
		for i := range part {
			p := &part[i]
			at++
			if p.x < 0 {
				continue
			}
			age := f.asOf - p.first
			k := historyKey{cohort: p.cohort, x: p.x, tx: dataset.Bucket(p.tx, width), t: dataset.Bucket(age, width), r: p.r, f: p.f}
			if byDim {
				k.dim = p.dim
			}
			row := g.at(k, fresh)
			if row == nil {
				return nil, false
			}
			row.Customers++
			row.SumTX += int64(p.tx)
			row.SumT += int64(age)
			row.Net += f.values.monetary[at]
			row.FirstSpend += p.firstSpend
			if p.spend > 0 {
				row.Spenders++
				row.Spend += p.spend
			}
			row.LogGaps += p.logGaps
		}
	}
	return g.rows, true
}

type calibrationKey struct{ x, tx, t, later int32 }

// calibrationRows makes the rows of the customers with a purchase by the end of calibration, in no order. It reports
// whether they are at most so many.
func (f *fold) calibrationRows(width int32, most int) ([]dataset.CalibrationRow, bool) {
	g := groups[calibrationKey, dataset.CalibrationRow]{index: map[calibrationKey]int32{}, most: most}
	fresh := func(k calibrationKey) dataset.CalibrationRow {
		return dataset.CalibrationRow{X: k.x, TX: k.tx, T: k.t, Later: k.later}
	}
	for _, part := range f.purchases.pasts {
		for i := range part {
			p := &part[i]
			if p.earlyX < 0 {
				continue
			}
			age := f.purchases.calibration - p.first
			row := g.at(calibrationKey{p.earlyX, dataset.Bucket(p.earlyTX, width), dataset.Bucket(age, width), p.x - p.earlyX}, fresh)
			if row == nil {
				return nil, false
			}
			row.Customers++
			row.SumTX += int64(p.earlyTX)
			row.SumT += int64(age)
			if p.earlySpend > 0 {
				row.Spenders++
				row.Spend += p.earlySpend
			}
			row.LogGaps += p.earlyLogGaps
			row.LaterSpend += p.spend - p.earlySpend
		}
	}
	return g.rows, true
}

type worthKey struct{ x, bin int32 }

// spendRows counts what repeat purchases are worth; of tells their number and worth.
func (b *purchases) spendRows(of func(*past) (x int32, worth int64)) []dataset.SpendRow {
	rows := counter[worthKey, dataset.SpendRow]{}
	for _, part := range b.pasts {
		for i := range part {
			x, worth := of(&part[i])
			if worth <= 0 {
				continue
			}
			bin := dataset.SpendBin(worth)
			row := rows.at(worthKey{x, bin})
			row.X, row.Bin = x, bin
			row.Customers++
			row.Sum += worth
			row.LogSum += logOf(worth)
			high, low := bits.Mul64(uint64(worth), uint64(worth))
			var carry uint64
			row.SquaresLow, carry = bits.Add64(row.SquaresLow, low, 0)
			row.SquaresHigh, _ = bits.Add64(row.SquaresHigh, high, carry)
		}
	}
	out := make([]dataset.SpendRow, 0, len(rows))
	for _, row := range rows {
		out = append(out, *row)
	}
	slices.SortFunc(out, func(x, y dataset.SpendRow) int { return cmp.Or(cmp.Compare(x.X, y.X), cmp.Compare(x.Bin, y.Bin)) })
	return out
}

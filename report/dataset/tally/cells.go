package tally

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"sync"

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

// histories makes the rows of Cells and Calibration at the finest resolution that keeps both few.
func (f *fold) histories() (resolution int32, cells []dataset.CellRow, calibration []dataset.CalibrationRow) {
	var seen *groups[dataset.CellRow]
	var early *groups[dataset.CalibrationRow]
	most := f.req.MaxCells
	for i, width := range dataset.Resolutions {
		if i == len(dataset.Resolutions)-1 {
			most = math.MaxInt
		}
		resolution = width
		var wait sync.WaitGroup
		wait.Go(func() { seen = f.cellRows(width, most, nil) })
		early = f.calibrationRows(width, most)
		if wait.Wait(); seen != nil && early != nil {
			break
		}
	}
	cells, calibration = seen.sorted(), early.sorted()
	if f.req.Dimension != "" {
		cells = append(cells, f.cellRows(resolution, math.MaxInt, f.ranks()).sorted()...)
	}
	return resolution, cells, calibration
}

// ranks returns the places of the values of the dimension among all of them, by name.
func (f *fold) ranks() []uint64 {
	names := slices.Clone(f.outNames)
	slices.Sort(names)
	out := make([]uint64, len(names))
	for i, name := range f.outNames {
		place, _ := slices.BinarySearch(names, name)
		out[i] = uint64(place)
	}
	return out
}

// cellRows makes the rows of all customers or, given the ranks of its values, those of the dimension; nil when they are
// more than the limit.
func (f *fold) cellRows(width int32, most int, ranks []uint64) *groups[dataset.CellRow] {
	g := newGroups[dataset.CellRow](most)
	at := -1
	for _, part := range f.purchases.pasts {
		for i := range part {
			p := &part[i]
			at++
			if p.x < 0 {
				continue
			}
			age, dim, rank := f.asOf-p.first, int32(0), uint64(0)
			if ranks != nil {
				dim, rank = p.dim, ranks[p.dim]
			}
			tx, t := dataset.Bucket(p.tx, width), dataset.Bucket(age, width)
			row, fresh := g.at(key{rank<<32 | signed(p.cohort), uint64(p.r)<<40 | uint64(p.f)<<32 | uint64(p.x), uint64(tx)<<32 | uint64(t)})
			if row == nil {
				return nil
			}
			if fresh {
				row.Dim, row.Cohort, row.R, row.F, row.X, row.TX, row.T = f.outNames[dim], p.cohort, p.r, p.f, p.x, tx, t
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
	return g
}

// calibrationRows makes the rows of the customers with a purchase by the end of calibration; nil when they are more
// than the limit.
func (f *fold) calibrationRows(width int32, most int) *groups[dataset.CalibrationRow] {
	g := newGroups[dataset.CalibrationRow](most)
	for _, part := range f.purchases.pasts {
		for i := range part {
			p := &part[i]
			if p.earlyX < 0 {
				continue
			}
			age, later := f.purchases.calibration-p.first, p.x-p.earlyX
			tx, t := dataset.Bucket(p.earlyTX, width), dataset.Bucket(age, width)
			row, fresh := g.at(key{uint64(p.earlyX), uint64(tx)<<32 | uint64(t), uint64(later)})
			if row == nil {
				return nil
			}
			if fresh {
				row.X, row.TX, row.T, row.Later = p.earlyX, tx, t, later
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
	return g
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

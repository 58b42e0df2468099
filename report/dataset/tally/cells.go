package tally

import (
	"cmp"
	"context"
	"math"
	"math/bits"
	"slices"
	"sync/atomic"

	"parcours/report/dataset"
)

// histories makes the rows of Cells and Calibration at the finest resolution that keeps both few.
func (f *fold) histories(ctx context.Context, e *dataset.RFMEdges) (resolution int32, cells []dataset.CellRow, calibration []dataset.CalibrationRow, err error) {
	var seen *groups[cellSums]
	var early *groups[calibrationSums]
	for i, width := range dataset.Resolutions {
		most := f.req.MaxCells
		if i == len(dataset.Resolutions)-1 {
			most = math.MaxInt32
		}
		resolution = width
		if seen, early, err = f.atResolution(ctx, e, width, most); err != nil {
			return 0, nil, nil, err
		}
		if seen != nil && early != nil {
			break
		}
	}
	cells, calibration = cellRows(seen, func(uint64) string { return "" }), calibrationRows(early)
	if f.req.Dimension != "" {
		ranks, names := f.ranks()
		ofDims, _, err := f.grouped(ctx, e, resolution, math.MaxInt32, ranks)
		if err != nil {
			return 0, nil, nil, err
		}
		cells = append(cells, cellRows(ofDims, func(rank uint64) string { return names[rank] })...)
	}
	return resolution, cells, calibration, nil
}

// ranks returns the places of the values of the dimension among all of them, by name, and the names in that order.
func (f *fold) ranks() ([]uint64, []string) {
	names := slices.Clone(f.outNames)
	slices.Sort(names)
	out := make([]uint64, len(names))
	for i, name := range f.outNames {
		place, _ := slices.BinarySearch(names, name)
		out[i] = uint64(place)
	}
	return out, names
}

func (f *fold) atResolution(ctx context.Context, e *dataset.RFMEdges, width int32, most int) (*groups[cellSums], *groups[calibrationSums], error) {
	return f.grouped(ctx, e, width, most, nil)
}

// grouping adds customers up by history. It serves one goroutine.
type grouping struct {
	fold  *fold
	edges *dataset.RFMEdges
	width int32
	ranks []uint64 // nil: without the dimension
	full  *atomic.Bool
	seen  *groups[cellSums]
	early *groups[calibrationSums] // nil: not wanted
}

// grouped adds all customers up, by value of the dimension if its ranks are given and Calibration is left out then. It
// returns nil when there are more rows than the limit.
func (f *fold) grouped(ctx context.Context, e *dataset.RFMEdges, width int32, most int, ranks []uint64) (*groups[cellSums], *groups[calibrationSums], error) {
	var full atomic.Bool
	workers, err := parallel(ctx, f.t.plan.Workers, f.t.parts, func() *grouping {
		g := &grouping{fold: f, edges: e, width: width, ranks: ranks, full: &full, seen: newGroups[cellSums](most)}
		if ranks == nil {
			g.early = newGroups[calibrationSums](most)
		}
		return g
	}, (*grouping).part)
	if err != nil || full.Load() {
		return nil, nil, err
	}
	first := workers[0]
	for _, w := range workers[1:] {
		if !merge(first.seen, w.seen, (*cellSums).add) || first.early != nil && !merge(first.early, w.early, (*calibrationSums).add) {
			return nil, nil, nil
		}
	}
	return first.seen, first.early, nil
}

func (g *grouping) part(part int) error {
	if g.full.Load() {
		return nil
	}
	return g.fold.pasts.each(part, func(p *past) {
		if g.full.Load() {
			return
		}
		if !g.add(p) {
			g.full.Store(true)
		}
	})
}

// add adds a customer; false when there are too many rows.
func (g *grouping) add(p *past) bool {
	if p.x < 0 {
		return true
	}
	rank := uint64(0)
	if g.ranks != nil {
		rank = g.ranks[p.dim]
	}
	age := g.fold.asOf - p.first
	r, f := 6-score(&g.edges.Recency, int64(p.recency)), score(&g.edges.Frequency, p.orders)
	tx, t := dataset.Bucket(p.tx, g.width), dataset.Bucket(age, g.width)
	sums := g.seen.at(key{rank<<32 | signed(p.cohort), uint64(r)<<40 | uint64(f)<<32 | uint64(p.x), uint64(tx)<<32 | uint64(t)})
	if sums == nil {
		return false
	}
	sums.customers++
	sums.tx += int64(p.tx)
	sums.t += int64(age)
	sums.net += p.net
	sums.firstSpend += p.firstSpend
	if p.spend > 0 {
		sums.spenders++
		sums.spend += p.spend
	}
	sums.logGaps += p.logGaps
	return g.early == nil || p.earlyX < 0 || g.addEarly(p)
}

// addEarly adds a customer with a purchase by the end of calibration.
func (g *grouping) addEarly(p *past) bool {
	age, later := g.fold.calibration-p.first, p.x-p.earlyX
	tx, t := dataset.Bucket(p.earlyTX, g.width), dataset.Bucket(age, g.width)
	sums := g.early.at(key{uint64(p.earlyX), uint64(tx)<<32 | uint64(t), uint64(later)})
	if sums == nil {
		return false
	}
	sums.customers++
	sums.tx += int64(p.earlyTX)
	sums.t += int64(age)
	if p.earlySpend > 0 {
		sums.spenders++
		sums.spend += p.earlySpend
	}
	sums.logGaps += p.earlyLogGaps
	sums.laterSpend += p.spend - p.earlySpend
	return true
}

// cellSums is dataset.CellRow without its key.
type cellSums struct{ customers, tx, t, net, firstSpend, spenders, spend, logGaps int64 }

func (s *cellSums) add(o *cellSums) {
	s.customers += o.customers
	s.tx += o.tx
	s.t += o.t
	s.net += o.net
	s.firstSpend += o.firstSpend
	s.spenders += o.spenders
	s.spend += o.spend
	s.logGaps += o.logGaps
}

// calibrationSums is dataset.CalibrationRow without its key.
type calibrationSums struct{ customers, tx, t, spenders, spend, logGaps, laterSpend int64 }

func (s *calibrationSums) add(o *calibrationSums) {
	s.customers += o.customers
	s.tx += o.tx
	s.t += o.t
	s.spenders += o.spenders
	s.spend += o.spend
	s.logGaps += o.logGaps
	s.laterSpend += o.laterSpend
}

func cellRows(g *groups[cellSums], dim func(rank uint64) string) []dataset.CellRow {
	out := make([]dataset.CellRow, 0, len(g.keys))
	g.sorted(func(k key, s *cellSums) {
		out = append(out, dataset.CellRow{
			Dim: dim(k[0] >> 32), Cohort: unsigned(k[0]), R: int8(k[1] >> 40), F: int8(k[1] >> 32 & 0xff), X: int32(k[1]), TX: int32(k[2] >> 32), T: int32(k[2]),
			Customers: s.customers, SumTX: s.tx, SumT: s.t, Net: s.net, FirstSpend: s.firstSpend, Spenders: s.spenders, Spend: s.spend, LogGaps: s.logGaps,
		})
	})
	return out
}

func calibrationRows(g *groups[calibrationSums]) []dataset.CalibrationRow {
	out := make([]dataset.CalibrationRow, 0, len(g.keys))
	g.sorted(func(k key, s *calibrationSums) {
		out = append(out, dataset.CalibrationRow{
			X: int32(k[0]), TX: int32(k[1] >> 32), T: int32(k[1]), Later: int32(k[2]),
			Customers: s.customers, SumTX: s.tx, SumT: s.t, Spenders: s.spenders, Spend: s.spend, LogGaps: s.logGaps, LaterSpend: s.laterSpend,
		})
	})
	return out
}

// worths counts what repeat purchases are worth, by number of purchases and bin.
type worths map[worthKey]*dataset.SpendRow

type worthKey struct{ x, bin int32 }

func (w worths) add(x int32, worth int64) {
	if worth <= 0 {
		return
	}
	row := w.at(worthKey{x, dataset.SpendBin(worth)})
	row.Customers++
	row.Sum += worth
	row.LogSum += logOf(worth)
	high, low := bits.Mul64(uint64(worth), uint64(worth))
	addSquares(row, high, low)
}

func (w worths) at(k worthKey) *dataset.SpendRow {
	row := w[k]
	if row == nil {
		row = &dataset.SpendRow{X: k.x, Bin: k.bin}
		w[k] = row
	}
	return row
}

func addSquares(row *dataset.SpendRow, high, low uint64) {
	var carry uint64
	row.SquaresLow, carry = bits.Add64(row.SquaresLow, low, 0)
	row.SquaresHigh, _ = bits.Add64(row.SquaresHigh, high, carry)
}

func spendRows(all []worths) []dataset.SpendRow {
	sum := worths{}
	for _, w := range all {
		for k, from := range w {
			row := sum.at(k)
			row.Customers += from.Customers
			row.Sum += from.Sum
			row.LogSum += from.LogSum
			addSquares(row, from.SquaresHigh, from.SquaresLow)
		}
	}
	out := make([]dataset.SpendRow, 0, len(sum))
	for _, row := range sum {
		out = append(out, *row)
	}
	slices.SortFunc(out, func(x, y dataset.SpendRow) int { return cmp.Or(cmp.Compare(x.X, y.X), cmp.Compare(x.Bin, y.Bin)) })
	return out
}

// distributions counts customers by scores, and what repeat purchases are worth.
type distributions struct {
	cube        cube
	late, early worths
}

func (f *fold) distributions(ctx context.Context, e *dataset.RFMEdges) (rfm []dataset.RFMRow, spend, early []dataset.SpendRow, err error) {
	workers, err := parallel(ctx, f.t.plan.Workers, f.t.parts, func() *distributions { return &distributions{late: worths{}, early: worths{}} },
		func(d *distributions, part int) error {
			return f.pasts.each(part, func(p *past) {
				d.cube.add(p, e)
				d.late.add(p.x, p.spend)
				d.early.add(p.earlyX, p.earlySpend)
			})
		})
	var cubes []*cube
	var lates, earlies []worths
	for _, d := range workers {
		cubes, lates, earlies = append(cubes, &d.cube), append(lates, d.late), append(earlies, d.early)
	}
	return rfmRows(cubes), spendRows(lates), spendRows(earlies), err
}

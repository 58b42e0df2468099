package tally

import (
	"context"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"parcours/report/dataset"
)

// histories makes the rows of Cells and Calibration at the finest resolution that keeps both few.
func (f *fold) histories(ctx context.Context, e *scorer) (resolution int32, cells []dataset.CellRow, calibration []dataset.CalibrationRow, err error) {
	var g *grouped
	workers := f.groupings(e)
	for i, width := range dataset.Resolutions {
		most := f.req.MaxCells
		if i == len(dataset.Resolutions)-1 {
			most = math.MaxInt
		}
		resolution = width
		if g, err = f.group(ctx, workers, width, most, nil); err != nil {
			return 0, nil, nil, err
		}
		if g != nil {
			break
		}
	}
	cells, calibration = cellRows(g.seen, func(uint64) string { return "" }), calibrationRows(g.early)
	if f.req.Dimension != "" {
		ranks, names := f.ranks()
		if g, err = f.group(ctx, workers, resolution, math.MaxInt, ranks); err != nil {
			return 0, nil, nil, err
		}
		cells = append(cells, cellRows(g.seen, func(rank uint64) string { return names[rank] })...)
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

// grouped are customers with the same history added up, by key.
type grouped struct {
	seen  []group[cellSums]
	early []group[calibrationSums]
}

// groupings returns a worker for each goroutine. They are used again at every resolution, with their memory.
func (f *fold) groupings(e *scorer) []*grouping {
	workers := make([]*grouping, f.t.workers())
	size := min(f.totals.Customers, int64(f.req.MaxCells)) / int64(len(workers)) * 5 / 4
	for i := range workers {
		workers[i] = &grouping{fold: f, scores: e}
		workers[i].all.seen, workers[i].all.early = make([]group[cellSums], 0, size), make([]group[calibrationSums], 0, size)
	}
	return workers
}

// group adds all customers up, by value of the dimension if its ranks are given, and then without Calibration. It returns
// nil when there are more rows than the limit.
func (f *fold) group(ctx context.Context, workers []*grouping, width int32, most int, ranks []uint64) (*grouped, error) {
	var certain [2]atomic.Int64
	for _, w := range workers {
		w.width, w.ranks, w.most, w.certain = width, ranks, int64(most), &certain
		w.all.seen, w.all.early = w.all.seen[:0], w.all.early[:0]
	}
	_, err := parallel(ctx, len(workers), f.pasts.parts(), each(workers), (*grouping).part)
	if err != nil || workers[0].full() {
		return nil, err
	}
	var all grouped
	var sorting sync.WaitGroup
	sorting.Go(func() {
		all.seen = merged(workers, func(w *grouping) []group[cellSums] { return w.all.seen }, (*cellSums).add)
	})
	all.early = merged(workers, func(w *grouping) []group[calibrationSums] { return w.all.early }, (*calibrationSums).add)
	if sorting.Wait(); len(all.seen) > most || len(all.early) > most {
		return nil, nil
	}
	return &all, nil
}

// each returns a function that returns the elements of a list in turn.
func each[W any](list []W) func() W {
	i := -1
	return func() W { i++; return list[i] }
}

// grouping adds customers up by history. It serves one goroutine. The customers of a partition began at about the same
// time, so that their histories are few and the table stays in the cache; only those whose age falls into a bucket that the
// next partition shares may come again there.
type grouping struct {
	fold    *fold
	scores  *scorer
	width   int32
	ranks   []uint64 // nil: without the dimension
	most    int64
	certain *[2]atomic.Int64 // least numbers of rows of both tables
	seen    groups[cellSums]
	early   groups[calibrationSums]
	all     grouped
}

// full reports whether there are too many rows.
func (g *grouping) full() bool { return g.certain[0].Load() > g.most || g.certain[1].Load() > g.most }

func (g *grouping) part(part int) error {
	if g.full() {
		return nil
	}
	g.seen.reset()
	g.early.reset()
	if err := g.fold.pasts.each(part, g.add); err != nil {
		return err
	}
	g.all.seen, g.all.early = append(g.all.seen, g.seen.rows...), append(g.all.early, g.early.rows...)
	last := g.fold.pasts.lastDay(part)
	g.certain[0].Add(without(&g.seen, g.fold.asOf-last, g.width, func(k cell) int32 { return int32(k[2]) }))
	g.certain[1].Add(without(&g.early, g.fold.calibration-last, g.width, func(k cell) int32 { return int32(k[1]) }))
	return nil
}

// without counts the rows that the next partition cannot have: its customers are younger than age, that of the youngest of
// this one.
func without[S any](g *groups[S], age, width int32, bucketOf func(cell) int32) int64 {
	shared := dataset.Bucket(max(age, 0), width)
	if age > 0 && dataset.Bucket(age-1, width) != shared {
		return int64(len(g.rows))
	}
	var n int64
	for i := range g.rows {
		if bucketOf(g.rows[i].key) != shared {
			n++
		}
	}
	return n
}

// add adds a customer.
func (g *grouping) add(p *past) {
	if p.x < 0 {
		return
	}
	rank := uint64(0)
	if g.ranks != nil {
		rank = g.ranks[p.dim]
	}
	age := g.fold.asOf - p.first
	r, f := g.scores.recency(p.recency), g.scores.frequency(p.orders)
	tx, t := dataset.Bucket(p.tx, g.width), dataset.Bucket(age, g.width)
	sums := g.seen.at(cell{rank<<32 | signed(p.cohort), uint64(r)<<40 | uint64(f)<<32 | uint64(p.x), uint64(tx)<<32 | uint64(t)})
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
	if g.ranks == nil && p.earlyX >= 0 {
		g.addEarly(p)
	}
}

// addEarly adds a customer with a purchase by the end of calibration.
func (g *grouping) addEarly(p *past) {
	age, later := g.fold.calibration-p.first, p.x-p.earlyX
	tx, t := dataset.Bucket(p.earlyTX, g.width), dataset.Bucket(age, g.width)
	sums := g.early.at(cell{uint64(p.earlyX), uint64(tx)<<32 | uint64(t), uint64(later)})
	sums.customers++
	sums.tx += int64(p.earlyTX)
	sums.t += int64(age)
	if p.earlySpend > 0 {
		sums.spenders++
		sums.spend += p.earlySpend
	}
	sums.logGaps += p.earlyLogGaps
	sums.laterSpend += p.spend - p.earlySpend
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

func cellRows(rows []group[cellSums], dim func(rank uint64) string) []dataset.CellRow {
	out := make([]dataset.CellRow, len(rows))
	for i := range rows {
		k, s := &rows[i].key, &rows[i].sums
		out[i] = dataset.CellRow{
			Dim: dim(k[0] >> 32), Cohort: unsigned(k[0]), R: int8(k[1] >> 40), F: int8(k[1] >> 32 & 0xff), X: int32(k[1]), TX: int32(k[2] >> 32), T: int32(k[2]),
			Customers: s.customers, SumTX: s.tx, SumT: s.t, Net: s.net, FirstSpend: s.firstSpend, Spenders: s.spenders, Spend: s.spend, LogGaps: s.logGaps,
		}
	}
	return out
}

func calibrationRows(rows []group[calibrationSums]) []dataset.CalibrationRow {
	out := make([]dataset.CalibrationRow, len(rows))
	for i := range rows {
		k, s := &rows[i].key, &rows[i].sums
		out[i] = dataset.CalibrationRow{
			X: int32(k[0]), TX: int32(k[1] >> 32), T: int32(k[1]), Later: int32(k[2]),
			Customers: s.customers, SumTX: s.tx, SumT: s.t, Spenders: s.spenders, Spend: s.spend, LogGaps: s.logGaps, LaterSpend: s.laterSpend,
		}
	}
	return out
}

// scoreboard returns the RFM table.
func (f *fold) scoreboard(ctx context.Context, e *scorer) ([]dataset.RFMRow, error) {
	cubes, err := parallel(ctx, f.t.workers(), f.pasts.parts(), func() *cube { return &cube{} },
		func(c *cube, part int) error {
			return f.pasts.eachRecord(part, func(rec []uint64) { c.add(rec, e) })
		})
	return rfmRows(cubes), err
}

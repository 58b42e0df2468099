package shoptest

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"parcours/report/dataset"
)

// Purchase is a day on which a customer kept something of what they ordered, and what it was worth.
type Purchase struct {
	Day   dataset.Day
	Value int64
}

// Purchases lists the purchases of a customer in order: orders of a day are one, cancelled ones are none.
func (c Customer) Purchases() []Purchase {
	worth := map[dataset.Day]int64{}
	for _, o := range c.Orders {
		if o.Amount == 0 || o.Refund < o.Amount {
			worth[o.Day] += o.Amount - o.Refund
		}
	}
	var out []Purchase
	for day, value := range worth {
		out = append(out, Purchase{day, value})
	}
	slices.SortFunc(out, func(a, b Purchase) int { return cmp.Compare(a.Day, b.Day) })
	return out
}

// history is a customer seen up to a day.
type history struct {
	x, tx, t           int32
	first, spend, gaps int64
}

// seen sums up purchases until a day, of which there is at least one.
func seen(all []Purchase, until dataset.Day) history {
	h := history{x: -1, first: all[0].Value, t: until - all[0].Day}
	for i, p := range all {
		if p.Day > until {
			break
		}
		h.x++
		h.tx = p.Day - all[0].Day
		if i > 0 {
			h.spend += p.Value
			h.gaps += billionths(float64(p.Day - all[i-1].Day))
		}
	}
	return h
}

func billionths(x float64) int64 { return int64(math.Round(1e9 * math.Log(x))) }

// spenders counts a customer whose repeat purchases are worth something.
func (h history) spenders() int64 {
	if h.spend > 0 {
		return 1
	}
	return 0
}

type cellKey struct {
	dim      string
	cohort   int32
	r, f     int8
	x, tx, t int32
}

type purchaseTables struct {
	cells       map[cellKey]*dataset.CellRow
	calibration map[[4]int32]*dataset.CalibrationRow
	track       map[dataset.Day]*dataset.TrackRow
	spend       map[[2]int32]*dataset.SpendRow
	early       map[[2]int32]*dataset.SpendRow
	discrete    map[[3]int32]*dataset.DiscreteRow
}

// AddPurchases fills the tables of purchases of the shop's aggregates, at the resolution of days.
func (s Shop) AddPurchases(a *dataset.Aggregates) {
	t := purchaseTables{
		map[cellKey]*dataset.CellRow{},
		map[[4]int32]*dataset.CalibrationRow{},
		map[dataset.Day]*dataset.TrackRow{},
		map[[2]int32]*dataset.SpendRow{},
		map[[2]int32]*dataset.SpendRow{},
		map[[3]int32]*dataset.DiscreteRow{},
	}
	a.Manifest.Calibration = dataset.CalibrationEnd(a.Manifest.First, s.AsOf)
	for _, c := range s.Customers {
		all := c.Purchases()
		recency, orders, net := s.RFM(c)
		if len(all) == 0 {
			a.Totals.CancelledCustomers++
			a.Totals.CancelledNet += int64(net)
			continue
		}
		for _, p := range all {
			if p.Value == 0 {
				a.Totals.EmptyPurchases++
			}
		}
		now := seen(all, s.AsOf)
		scores := [2]int8{6 - score(a.Edges.Recency, recency), score(a.Edges.Frequency, orders)}
		for _, dim := range []string{"", c.Channel} {
			t.cell(dim, s.Cohort(c), scores, int64(net), now)
		}
		addSpend(t.spend, now)
		s.discrete(t, all)
		if end := a.Manifest.Calibration; end == dataset.NoCalibration {
			t.follow(all)
		} else if all[0].Day <= end {
			t.follow(all)
			t.calibrate(seen(all, end), now)
		}
	}
	t.fill(a)
}

func (t purchaseTables) cell(dim string, cohort int32, scores [2]int8, net int64, h history) {
	k := cellKey{dim, cohort, scores[0], scores[1], h.x, h.tx, h.t}
	if t.cells[k] == nil {
		t.cells[k] = &dataset.CellRow{Dim: dim, Cohort: cohort, R: scores[0], F: scores[1], X: h.x, TX: h.tx, T: h.t}
	}
	row := t.cells[k]
	row.Customers++
	row.SumTX += int64(h.tx)
	row.SumT += int64(h.t)
	row.Net += net
	row.FirstSpend += h.first
	row.Spenders += h.spenders()
	row.Spend += h.spend
	row.LogGaps += h.gaps
}

func (t purchaseTables) calibrate(then, now history) {
	k := [4]int32{then.x, then.tx, then.t, now.x - then.x}
	if t.calibration[k] == nil {
		t.calibration[k] = &dataset.CalibrationRow{X: k[0], TX: k[1], T: k[2], Later: k[3]}
	}
	row := t.calibration[k]
	row.Customers++
	row.SumTX += int64(then.tx)
	row.SumT += int64(then.t)
	row.Spenders += then.spenders()
	row.Spend += then.spend
	row.LogGaps += then.gaps
	row.LaterSpend += now.spend - then.spend
	addSpend(t.early, then)
}

func (t purchaseTables) follow(all []Purchase) {
	for i, p := range all {
		if t.track[p.Day] == nil {
			t.track[p.Day] = &dataset.TrackRow{Day: p.Day}
		}
		if i == 0 {
			t.track[p.Day].First++
			continue
		}
		t.track[p.Day].Repeat++
		t.track[p.Day].RepeatSpend += p.Value
	}
}

func addSpend(rows map[[2]int32]*dataset.SpendRow, h history) {
	if h.spend == 0 {
		return
	}
	k := [2]int32{h.x, dataset.SpendBin(h.spend)}
	if rows[k] == nil {
		rows[k] = &dataset.SpendRow{X: k[0], Bin: k[1]}
	}
	rows[k].Customers++
	rows[k].Sum += h.spend
	rows[k].LogSum += billionths(float64(h.spend))
	high, low := bits.Mul64(uint64(h.spend), uint64(h.spend))
	var carry uint64
	rows[k].SquaresLow, carry = bits.Add64(rows[k].SquaresLow, low, 0)
	rows[k].SquaresHigh += high + carry
}

func (s Shop) discrete(t purchaseTables, all []Purchase) {
	active := map[int32]bool{}
	for _, p := range all {
		active[s.Period(p.Day)] = true
	}
	var k [3]int32
	first := s.Period(all[0].Day)
	for p := first + 1; s.Calendar.End(s.Grain, p) <= s.AsOf; p++ {
		k[2]++
		if active[p] {
			k[0]++
			k[1] = p - first
		}
	}
	if t.discrete[k] == nil {
		t.discrete[k] = &dataset.DiscreteRow{X: k[0], TX: k[1], N: k[2]}
	}
	t.discrete[k].Customers++
}

func (t purchaseTables) fill(a *dataset.Aggregates) {
	c := cmp.Compare[int32]
	a.Cells = sorted(t.cells, func(x, y dataset.CellRow) int {
		return by(cmp.Compare(x.Dim, y.Dim), c(x.Cohort, y.Cohort), cmp.Compare(x.R, y.R), cmp.Compare(x.F, y.F),
			c(x.X, y.X), c(x.TX, y.TX), c(x.T, y.T))
	})
	a.Calibration = sorted(t.calibration, func(x, y dataset.CalibrationRow) int {
		return by(c(x.X, y.X), c(x.TX, y.TX), c(x.T, y.T), c(x.Later, y.Later))
	})
	a.Track = sorted(t.track, func(x, y dataset.TrackRow) int { return c(x.Day, y.Day) })
	spend := func(x, y dataset.SpendRow) int { return by(c(x.X, y.X), c(x.Bin, y.Bin)) }
	a.Spend, a.EarlySpend = sorted(t.spend, spend), sorted(t.early, spend)
	a.Discrete = sorted(t.discrete, func(x, y dataset.DiscreteRow) int { return by(c(x.X, y.X), c(x.TX, y.TX), c(x.N, y.N)) })
}

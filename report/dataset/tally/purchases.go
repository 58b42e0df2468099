package tally

import (
	"cmp"
	"math"
	"slices"

	"parcours/report/dataset"
)

// discreteBits is the width of each part of the key of tables.discrete: a number of periods.
const discreteBits = 18

// calibrationEnd returns the day asked for when the data begin by then and go on after it.
func calibrationEnd(asked *dataset.Day, first, asOf dataset.Day) dataset.Day {
	switch {
	case asked == nil:
		return dataset.CalibrationEnd(first, asOf)
	case *asked < first || *asked >= asOf:
		return dataset.NoCalibration
	}
	return *asked
}

// cancelled reports whether refunds left nothing of an order that was worth something.
func (o *order) cancelled() bool { return o.gross > 0 && o.net <= 0 }

// recall tells the past of a customer, and counts what comes up on the way.
func (w *worker) recall(p *past, h *history) {
	*p = past{x: -1, earlyX: -1}
	w.walk(p, h)
	p.cohort, p.dim = h.cohort, h.outDim
	p.recency = w.fold.asOf - h.orders[len(h.orders)-1].day
	for _, r := range h.refunds {
		if !r.named && !w.fold.orphan(h, r) {
			p.net -= r.amount
		}
	}
}

// walk counts the orders of a customer in the tables of all, their rhythm, and the days on which they bought. It is the hot
// loop of the engine, and so does everything that needs an order at once, a day at a time.
func (w *worker) walk(p *past, h *history) {
	f, b, orders := w.fold, w.enrol(h, 0), h.orders
	first, before := orders[0].day, orders[0].day
	begin, period, window := f.since(first), int32(-1), int32(-1)
	isFirst := int32(1)              // of activity
	var x, tx, start, complete int32 // of discrete periods
	for i := 0; i < len(orders); {
		from, day := i, orders[i].day
		var number, gross, net, value int64
		bought := false
		for ; i < len(orders) && orders[i].day == day; i++ {
			one := &orders[i]
			number += int64(one.n)
			gross += one.gross
			net += one.net
			if !one.cancelled() {
				bought = true
				value += one.net
			}
		}
		p.orders += number
		p.net += net
		now := f.since(day)
		cell := &b.cells[now-b.shift]
		cell.orders += number
		cell.gross += gross
		cell.net += net
		if now == begin {
			b.news.newNet += gross
		}
		if now != period {
			cell.active++
			if from > 0 {
				*w.tables.activity[2*period+isFirst].at(now - period)++
				isFirst = 0
			}
			period = now
		}
		if n := f.windows[day-first]; n != window {
			window = n
			b.enter(n)
		}
		if from > 0 {
			w.tables.gaps[day-before]++
		}
		w.tables.gaps[0] += number - 1
		before = day
		if !bought {
			continue
		}
		if value <= 0 {
			w.totals.EmptyPurchases++
			value = 0
		}
		w.purchase(p, day, value)
		if p.x == 0 {
			start = now
			complete = f.complete - f.base - start
		} else if age := now - start; age > tx && age <= complete {
			x++
			tx = age
		}
	}
	*w.tables.activity[2*period+isFirst].at(0)++
	if p.x >= 0 {
		n := max(0, complete)
		*w.tables.discrete.at(uint64(x)<<(2*discreteBits) | uint64(tx)<<discreteBits | uint64(n))++
	}
}

// keep keeps a past for the tables that want scores.
func (w *worker) keep(p *past) {
	s := w.short
	if p.x > 0 {
		s = w.long
	}
	p.put(s.Room(w.fold.pasts.of(p)))
	if p.x < 0 {
		w.totals.CancelledCustomers++
		w.totals.CancelledNet += p.net
	}
}

// purchase adds the next purchase of a customer.
func (w *worker) purchase(p *past, day dataset.Day, value int64) {
	f := w.fold
	p.x++
	row := &w.track[day-f.first]
	if p.x == 0 {
		p.first, p.firstSpend = day, value
		if f.calibration == dataset.NoCalibration || day <= f.calibration {
			row.First++
		}
	} else {
		p.logGaps += f.logs[day-p.first-p.tx]
		p.spend += value
		p.tx = day - p.first
		if f.calibration == dataset.NoCalibration || p.first <= f.calibration {
			row.Repeat++
			row.RepeatSpend += value
		}
	}
	if day <= f.calibration {
		p.earlyX, p.earlyTX, p.earlySpend, p.earlyLogGaps = p.x, p.tx, p.spend, p.logGaps
	}
}

// logOf is ln x in units of dataset.LogUnit.
func logOf(x int64) int64 { return int64(math.Round(1e9 * math.Log(float64(x)))) }

func trackRows(track []dataset.TrackRow, first dataset.Day) []dataset.TrackRow {
	var out []dataset.TrackRow
	for i, row := range track {
		if row.First+row.Repeat > 0 {
			row.Day = first + int32(i)
			out = append(out, row)
		}
	}
	return out
}

func discreteRows(b *bag) []dataset.DiscreteRow {
	const mask = 1<<discreteBits - 1
	out := make([]dataset.DiscreteRow, 0, b.used)
	b.each(func(k uint64, n int64) {
		out = append(out, dataset.DiscreteRow{
			X: int32(k >> (2 * discreteBits)), TX: int32(k >> discreteBits & mask), N: int32(k & mask), Customers: n,
		})
	})
	slices.SortFunc(out, func(x, y dataset.DiscreteRow) int {
		return cmp.Or(cmp.Compare(x.X, y.X), cmp.Compare(x.TX, y.TX), cmp.Compare(x.N, y.N))
	})
	return out
}

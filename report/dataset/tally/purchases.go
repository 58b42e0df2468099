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

// addPurchases counts the days on which a customer with orders bought, and keeps what the tables need that want scores.
func (w *worker) addPurchases(h *history, net int64, recency int32) error {
	p := &w.past
	w.pastOf(p, h, net, recency)
	s := w.short
	if p.x > 0 {
		s = w.long
	}
	p.put(s.Room(w.pastPart))
	if p.x < 0 {
		w.totals.CancelledCustomers++
		w.totals.CancelledNet += net
	}
	return nil
}

// pastOf tells the past of a customer, and counts the purchases by day and by period.
func (w *worker) pastOf(p *past, h *history, net int64, recency int32) {
	f := w.fold
	*p = past{cohort: h.cohort, dim: h.outDim, x: -1, earlyX: -1, net: net, orders: int64(len(h.orders)), recency: recency}
	var x, tx, start, complete int32 // of discrete periods
	for i := 0; i < len(h.orders); {
		day, value, bought := h.orders[i].day, int64(0), false
		for ; i < len(h.orders) && h.orders[i].day == day; i++ {
			if o := &h.orders[i]; !o.cancelled() {
				bought = true
				value += o.net
			}
		}
		if !bought {
			continue
		}
		if value <= 0 {
			w.totals.EmptyPurchases++
			value = 0
		}
		w.purchase(p, day, value)
		if p.x == 0 {
			start = f.period(day)
			complete = f.complete - start
		} else if age := f.period(day) - start; age > tx && age <= complete {
			x++
			tx = age
		}
	}
	if p.x >= 0 {
		n := max(0, complete)
		*w.tables.discrete.at(uint64(x)<<(2*discreteBits) | uint64(tx)<<discreteBits | uint64(n))++
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

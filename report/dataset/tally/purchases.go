package tally

import (
	"cmp"
	"math"
	"slices"

	"parcours/report/dataset"
)

// past is what the tables of purchases need of a customer once the scores are known. It takes 72 bytes a customer, while
// the rows of the customer, of about as many bytes each, can be freed.
type past struct {
	firstSpend, spend, logGaps int64       // by the end of observation
	earlySpend, earlyLogGaps   int64       // by the end of calibration
	first                      dataset.Day // of the purchases; the rest means nothing when x < 0
	cohort, dim                int32
	x, tx                      int32 // −1: no purchase
	earlyX, earlyTX            int32 // −1: no purchase by the end of calibration
	r, f                       int8  // scores, once they are known
}

// purchases collects the distinct days on which customers bought.
type purchases struct {
	asOf, first dataset.Day // first order
	calibration dataset.Day
	pasts       [][]past // of customers with orders, a slice a part, in the order of values
	track       []dataset.TrackRow
	logs        []int64 // logOf by days, 0 also when not known yet
	discrete    counter[discreteKey, int64]
}

type discreteKey struct{ x, tx, n int32 }

func (f *fold) newPurchases() purchases {
	days := f.asOf - f.first + 1
	return purchases{
		asOf: f.asOf, first: f.first, calibration: calibrationEnd(f.req.Calibration, f.first, f.asOf),
		track: make([]dataset.TrackRow, days), logs: make([]int64, days), discrete: counter[discreteKey, int64]{},
	}
}

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
func (o order) cancelled() bool { return o.gross > 0 && o.net <= 0 }

// addPurchases counts a customer with orders in the tables that need no scores, and remembers them for the others.
func (f *fold) addPurchases(h *history, net int64) {
	b := &f.purchases
	p := past{cohort: h.cohort, dim: h.outDim, x: -1, earlyX: -1}
	var d discreteKey
	for i := 0; i < len(h.orders); {
		day, value, bought := h.orders[i].day, int64(0), false
		for ; i < len(h.orders) && h.orders[i].day == day; i++ {
			if o := h.orders[i]; !o.cancelled() {
				bought = true
				value += o.net
			}
		}
		if !bought {
			continue
		}
		if value <= 0 {
			f.totals.EmptyPurchases++
			value = 0
		}
		b.purchase(&p, day, value)
		if age := f.period(day) - f.period(p.first); age > d.tx && age <= f.complete-f.period(p.first) {
			d.x++
			d.tx = age
		}
	}
	last := len(b.pasts) - 1
	b.pasts[last] = append(b.pasts[last], p)
	if p.x < 0 {
		f.totals.CancelledCustomers++
		f.totals.CancelledNet += net
		return
	}
	d.n = max(0, f.complete-f.period(p.first))
	*b.discrete.at(d)++
}

// purchase adds the next purchase of a customer.
func (b *purchases) purchase(p *past, day dataset.Day, value int64) {
	p.x++
	row := &b.track[day-b.first]
	if p.x == 0 {
		p.first, p.firstSpend = day, value
		if b.calibration == dataset.NoCalibration || day <= b.calibration {
			row.First++
		}
	} else {
		p.logGaps += b.logOfDays(day - p.first - p.tx)
		p.spend += value
		p.tx = day - p.first
		if b.calibration == dataset.NoCalibration || p.first <= b.calibration {
			row.Repeat++
			row.RepeatSpend += value
		}
	}
	if day <= b.calibration {
		p.earlyX, p.earlyTX, p.earlySpend, p.earlyLogGaps = p.x, p.tx, p.spend, p.logGaps
	}
}

func (b *purchases) logOfDays(days int32) int64 {
	if b.logs[days] == 0 {
		b.logs[days] = logOf(int64(days))
	}
	return b.logs[days]
}

// logOf is ln x in units of dataset.LogUnit.
func logOf(x int64) int64 { return int64(math.Round(1e9 * math.Log(float64(x)))) }

func (b *purchases) trackRows() []dataset.TrackRow {
	var out []dataset.TrackRow
	for i, row := range b.track {
		if row.First+row.Repeat > 0 {
			row.Day = b.first + int32(i)
			out = append(out, row)
		}
	}
	return out
}

func (b *purchases) discreteRows() []dataset.DiscreteRow {
	out := make([]dataset.DiscreteRow, 0, len(b.discrete))
	for k, n := range b.discrete {
		out = append(out, dataset.DiscreteRow{X: k.x, TX: k.tx, N: k.n, Customers: *n})
	}
	slices.SortFunc(out, func(x, y dataset.DiscreteRow) int {
		return cmp.Or(cmp.Compare(x.X, y.X), cmp.Compare(x.TX, y.TX), cmp.Compare(x.N, y.N))
	})
	return out
}

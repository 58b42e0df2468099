package tally

import (
	"cmp"
	"slices"

	"parcours/report/dataset"
)

// maxDims is the number of values of the dimension that keep their name.
const maxDims = 20

// fold is what is known of all rows when histories are turned into tables. Workers share it and do not change it.
type fold struct {
	t           *Tally
	req         dataset.Request
	asOf        dataset.Day
	first       dataset.Day // of the first order
	calibration dataset.Day
	complete    int32   // last complete period
	base        int32   // the first period with a row
	last        int32   // the period of as-of
	memo        []int32 // period since the first with a row, by day since memoFirst
	memoFirst   dataset.Day
	logs        []int64 // logOf by days
	windows     []int32 // findWindow by days
	bins        *binFloors
	channels    bool // new customers by channel are asked for

	outNames []string // 0: all
	outDim   map[uint32]int32
	otherDim int32
	noDim    int32

	// Results of the passes over the customers.
	totals dataset.Totals
	tables tables
	track  []dataset.TrackRow
	late   *worths
	early  *worths
	pasts  pasts
}

func newFold(t *Tally, asOf dataset.Day) *fold {
	f := &fold{t: t, req: t.req, asOf: asOf, first: asOf, outNames: []string{""}, outDim: map[uint32]int32{}, totals: t.totals}
	if t.firstSale != NoDay {
		f.first = t.firstSale
	}
	f.bins = newBinFloors()
	f.channels = t.req.Tables.Spend != nil
	from := f.first
	if t.first != NoDay {
		from = min(from, t.first)
	}
	f.base = f.req.Calendar.PeriodOf(f.req.Grain, from)
	f.remember(from, asOf+1)
	f.complete, f.last = f.period(asOf+1)-1, f.period(asOf)
	f.calibration = calibrationEnd(f.req.Calibration, f.first, f.asOf)
	days := int(asOf-f.first) + 2
	f.logs, f.windows = make([]int64, days), make([]int32, days)
	for i := range days {
		f.windows[i] = f.findWindow(int32(i))
		if i > 0 {
			f.logs[i] = logOf(int64(i))
		}
	}
	return f
}

// remember fills the table of periods by day.
func (f *fold) remember(from, to dataset.Day) {
	f.memoFirst, f.memo = from, make([]int32, to-from+1)
	for d := from; d <= to; {
		p := f.req.Calendar.PeriodOf(f.req.Grain, d)
		for end := f.req.Calendar.End(f.req.Grain, p); d <= min(end, to); d++ {
			f.memo[d-from] = p - f.base
		}
	}
}

func (f *fold) period(d dataset.Day) int32 {
	if i := int(d) - int(f.memoFirst); uint(i) < uint(len(f.memo)) {
		return f.memo[i] + f.base
	}
	return f.req.Calendar.PeriodOf(f.req.Grain, d)
}

// findWindow returns the window that holds a number of days after the first order; as a count, so many windows end before
// that day.
func (f *fold) findWindow(days int32) int32 {
	widths := f.req.Window
	for i, w := range widths {
		if days < w {
			return int32(i)
		}
		if i == len(widths)-1 {
			return int32(i) + days/w
		}
		days -= w
	}
	return 0
}

// since returns the number of a day's period since the first with a row.
func (f *fold) since(d dataset.Day) int32 { return f.memo[d-f.memoFirst] }

// chooseDims gives the values of the dimension with most customers their own place in the output.
func (f *fold) chooseDims(customers map[uint32]int64) {
	names := f.t.labels.names
	codes := make([]uint32, 0, len(customers))
	for c := range customers {
		if c != 0 {
			codes = append(codes, c)
		}
	}
	slices.SortFunc(codes, func(a, b uint32) int {
		return cmp.Or(-cmp.Compare(customers[a], customers[b]), cmp.Compare(names.text[a], names.text[b]))
	})
	for _, c := range codes[:min(len(codes), maxDims)] {
		f.outDim[c] = int32(len(f.outNames))
		f.outNames = append(f.outNames, names.text[c])
	}
	f.otherDim, f.noDim = int32(len(f.outNames)), int32(len(f.outNames)+1)
	f.outNames = append(f.outNames, dataset.OtherDim, dataset.NoDim)
}

// place finds where a customer belongs: value of the dimension, first period, cohort.
func (f *fold) place(h *history) {
	if f.req.Dimension != "" {
		out, named := f.outDim[h.dim]
		switch {
		case !h.hasOrder || h.dim == 0:
			out = f.noDim
		case !named:
			out = f.otherDim
		}
		h.outDim = out
	}
	if !h.hasOrder {
		return
	}
	h.first = f.period(h.orders[0].day)
	h.cohort = h.first
	if f.req.Cohort == dataset.BySignUp && h.signUp != NoDay {
		h.cohort = min(h.first, f.period(h.signUp))
	}
}

// acquired tells the new customers by channel.
func (f *fold) acquired(yield func(channel uint32, period int32, customers int64)) {
	for k, n := range f.tables.acquired {
		yield(k.channel, k.period, n)
	}
}

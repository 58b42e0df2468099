package tally

import (
	"cmp"
	"math/bits"
	"slices"

	"parcours/report/dataset"
)

// maxDims is the number of values of the dimension that keep their name.
const maxDims = 20

// fold turns histories into tables, in two steps: group and chooseDims find the values of the dimension that
// matter, addPart counts.
type fold struct {
	t         *Tally
	req       dataset.Request
	asOf      dataset.Day
	memo      []int32 // period + 1 − the first day's, by day since memoFirst; 0: not known yet
	base      int32
	h         history
	active    []int32 // scratch of activePeriods
	counted   [2]int32
	conflicts [shardCount][]claim

	dimCustomers map[uint32]int64
	outNames     []string // 0: all
	outDim       map[uint32]int32
	otherDim     int32
	noDim        int32

	totals    dataset.Totals
	first     dataset.Day // of the first order
	complete  int32       // last complete period
	tables    tables
	values    values
	purchases purchases
}

func newFold(t *Tally, asOf dataset.Day) *fold {
	f := &fold{
		t: t, req: t.req, asOf: asOf, memo: make([]int32, memoDays), base: t.req.Calendar.PeriodOf(t.req.Grain, memoFirst),
		first: asOf, dimCustomers: map[uint32]int64{}, outDim: map[uint32]int32{}, totals: t.totals, tables: newTables(),
	}
	if t.firstSale != NoDay {
		f.first = t.firstSale
	}
	f.complete = f.period(asOf+1) - 1
	f.purchases = f.newPurchases()
	return f
}

// The days of which periods are remembered: those that a time of a row may have, 1900 to 2200.
const (
	memoFirst dataset.Day = -25567
	memoDays              = 301 * 366
)

func (f *fold) period(d dataset.Day) int32 {
	i := d - memoFirst
	if i < 0 || i >= memoDays {
		return f.req.Calendar.PeriodOf(f.req.Grain, d)
	}
	if f.memo[i] == 0 {
		f.memo[i] = f.req.Calendar.PeriodOf(f.req.Grain, d) - f.base + 1
	}
	return f.memo[i] + f.base - 1
}

// group sorts the rows of a part by customer and order, counts the values of the dimension and remembers who claims
// which order.
func (f *fold) group(p *part[line]) {
	p.group(func(l *line) uint32 { return l.customer })
	for _, id := range p.ids {
		lines := p.of(id)
		slices.SortFunc(lines, byOrder)
		f.claim(lines)
		if f.req.Dimension == "" {
			continue
		}
		f.h.read(lines, f.t.dims, f.t.channels)
		if f.h.hasOrder {
			f.dimCustomers[f.h.dim]++
		}
	}
}

// chooseDims gives the largest values their own place in the output.
func (f *fold) chooseDims() {
	f.outNames = []string{""}
	if f.req.Dimension == "" {
		return
	}
	codes := make([]uint32, 0, len(f.dimCustomers))
	for c := range f.dimCustomers {
		if c != 0 {
			codes = append(codes, c)
		}
	}
	slices.SortFunc(codes, func(a, b uint32) int {
		return cmp.Or(-cmp.Compare(f.dimCustomers[a], f.dimCustomers[b]), cmp.Compare(f.t.dims.text[a], f.t.dims.text[b]))
	})
	for _, c := range codes[:min(len(codes), maxDims)] {
		f.outDim[c] = int32(len(f.outNames))
		f.outNames = append(f.outNames, f.t.dims.text[c])
	}
	f.otherDim, f.noDim = int32(len(f.outNames)), int32(len(f.outNames)+1)
	f.outNames = append(f.outNames, dataset.OtherDim, dataset.NoDim)
}

// addPart counts the customers of a part.
func (f *fold) addPart(p *part[line]) {
	f.purchases.pasts = append(f.purchases.pasts, make([]past, 0, len(p.ids)))
	for key, id := range p.ids {
		f.h.read(p.of(id), f.t.dims, f.t.channels)
		if s, ok := f.t.customers[key]; ok {
			f.h.signUp = s
		}
		f.place(&f.h)
		f.addPeriods(&f.h)
		if f.h.hasOrder {
			f.addCustomer(&f.h)
		}
	}
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

// dimsOf returns the output values that a customer counts in: all, and their own.
func (f *fold) dimsOf(h *history) []int32 {
	if f.req.Dimension == "" {
		return f.counted[:1]
	}
	f.counted[1] = h.outDim
	return f.counted[:]
}

// claim is an order id used by a customer; each customer claims an id once, so two claims are a conflict.
type claim struct {
	order Key
	rows  int64
}

// claim remembers the orders of a customer, for conflicting.
func (f *fold) claim(lines []line) {
	for len(lines) > 0 {
		n := 1
		for n < len(lines) && lines[n].order == lines[0].order {
			n++
		}
		if k := lines[0].order; !k.Null() {
			s := k.spread() % shardCount
			f.conflicts[s] = append(f.conflicts[s], claim{k, int64(n)})
		}
		lines = lines[n:]
	}
}

// conflicting returns the number of rows whose order id names several customers.
func (f *fold) conflicting() int64 {
	var rows int64
	var slots []int32 // 1 + number of a claim, at the hash of its order or after it; 0: free
	for i, claims := range f.conflicts {
		size := 1 << bits.Len(uint(2*len(claims)))
		slots = slices.Grow(slots[:0], size)[:size]
		clear(slots)
		rows += conflicts(claims, slots)
		f.conflicts[i] = nil
	}
	return rows
}

// conflicts uses up the claims: of an order id with several, the rows of the first count when the second is met.
func conflicts(claims []claim, slots []int32) int64 {
	var rows int64
	mask := uint64(len(slots) - 1)
	for i := range claims {
		c := &claims[i]
		at := c.order.spread() >> 16 & mask
		for slots[at] != 0 && claims[slots[at]-1].order != c.order {
			at = (at + 1) & mask
		}
		if slots[at] == 0 {
			slots[at] = int32(i + 1)
			continue
		}
		first := &claims[slots[at]-1]
		rows += first.rows + c.rows
		first.rows = 0
	}
	return rows
}

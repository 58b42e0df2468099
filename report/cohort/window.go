package cohort

import "parcours/report/dataset"

// windows fills mode Window. A window begins and ends on each customer's own days, so a cell is complete only once
// it has ended for the last customer of the cohort, and is future until it has begun for the first.
func (b *builder) windows() {
	n := b.windowCount()
	for i := range b.table.Cohorts {
		c := &b.table.Cohorts[i]
		c.Cells = make([]Cell, n)
		for w := range c.Cells {
			c.Cells[w].State = b.windowState(c.Cohort, int32(w))
		}
	}
	for _, r := range b.agg.Windows {
		cell := b.cell(r.Dim, r.Cohort, r.Window)
		if cell == nil {
			continue
		}
		cell.Active = r.Active
		switch {
		case r.Complete == b.table.Cohorts[b.index[r.Cohort]].Size:
			cell.State = dataset.Complete
		case r.Active > 0 || r.Complete > 0:
			cell.State = dataset.Partial
		}
	}
}

// windowState is the state that follows from the calendar alone, for cells without a row: the cohort's first orders
// lie between the start of its period (or of the data) and its end. A cohort by sign-up has no such end, so that
// only its rows can say that a window is complete.
func (b *builder) windowState(cohort, w int32) dataset.State {
	from, to := windowDays(b.table.Widths, w)
	start := max(b.cal.Start(b.grain(), cohort), b.agg.Manifest.First)
	end := min(b.cal.End(b.grain(), cohort), b.agg.Manifest.AsOf)
	switch asOf := b.agg.Manifest.AsOf; {
	case end+to <= asOf && b.agg.Manifest.Cohort != dataset.BySignUp:
		return dataset.Complete
	case start+from <= asOf:
		return dataset.Partial
	}
	return dataset.Future
}

// windowDays returns the first and last day of a window, counted from the first order's day; the last width repeats.
func windowDays(widths []int32, w int32) (from, to int32) {
	n := int32(len(widths))
	for i := range min(w, n) {
		from += widths[i]
	}
	from += max(0, w-n) * widths[n-1]
	return from, from + widths[min(w, n-1)] - 1
}

// windowCount is the number of windows that have begun for the oldest cohort, or for anyone.
func (b *builder) windowCount() int32 {
	n := int32(1)
	for b.windowState(b.table.Cohorts[0].Cohort, n) != dataset.Future {
		n++
	}
	for _, r := range b.agg.Windows {
		if r.Dim == b.table.Dim && (r.Active > 0 || r.Complete > 0) {
			n = max(n, r.Window+1)
		}
	}
	return n
}

package cohort

import "parcours/report/dataset"

// windows fills mode Window. A window begins and ends on each customer's own days, so a cell is complete only once
// it has ended for the last customer of the cohort, and is future until it has begun for the first. Both stand in
// the rows; the calendar alone cannot tell, since first orders rarely fall on the first day of a cohort's period.
func (b *builder) windows() {
	n := b.windowCount()
	for i := range b.table.Cohorts {
		c := &b.table.Cohorts[i]
		c.Cells = make([]Cell, n)
		for w := range c.Cells {
			c.Cells[w].State = dataset.Future
		}
	}
	for _, r := range b.agg.Windows {
		cell := b.cell(r.Dim, r.Cohort, r.Window)
		if cell == nil {
			continue
		}
		cell.Active, cell.State = r.Active, dataset.Partial
		if r.Complete == b.table.Cohorts[b.index[r.Cohort]].Size {
			cell.State = dataset.Complete
		}
	}
}

// windowCount is the number of windows that have begun for anyone.
func (b *builder) windowCount() int32 {
	n := int32(1)
	for _, r := range b.agg.Windows {
		if r.Dim == b.table.Dim {
			n = max(n, r.Window+1)
		}
	}
	return n
}

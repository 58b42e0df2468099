package cohort

import (
	"slices"

	"parcours/report/dataset"
	"parcours/report/stats"
)

// defaultMinCell is the size below which a cohort is Small: the usual threshold under which a rate says little.
const defaultMinCell = 30

// Compute tabulates retention in one mode for one value of the dimension, "" for all customers.
func Compute(agg *dataset.Aggregates, cal dataset.Calendar, mode Mode, dim string, opt Options) Table {
	t := Table{Mode: mode, Dim: dim, Grain: agg.Manifest.Grain}
	if mode == Window {
		t.Widths = widths(agg.Manifest.Window)
	}
	b := builder{agg: agg, cal: cal, table: &t, index: map[int32]int{}}
	b.sizes()
	switch {
	case len(t.Cohorts) == 0:
		return t
	case mode == Window:
		b.windows()
	default:
		b.calendar()
	}
	for i := range t.Cohorts {
		t.Cohorts[i].rate(minCell(opt))
	}
	t.Mean = means(t, opt)
	return t
}

func minCell(opt Options) int64 {
	if opt.MinCell > 0 {
		return opt.MinCell
	}
	return defaultMinCell
}

// widths returns the configured widths. A width below a day would never end.
func widths(configured []int32) []int32 {
	if len(configured) == 0 {
		return []int32{30}
	}
	w := slices.Clone(configured)
	for i := range w {
		w[i] = max(1, w[i])
	}
	return w
}

type builder struct {
	agg   *dataset.Aggregates
	cal   dataset.Calendar
	table *Table
	index map[int32]int // cohort period → place in the table
}

func (b *builder) grain() dataset.Grain { return b.agg.Manifest.Grain }

// sizes makes the rows. A cohort of nobody is no cohort; one that nobody came back to is.
func (b *builder) sizes() {
	for _, r := range b.agg.Cohorts {
		if r.Dim == b.table.Dim && r.Age == dataset.SizeAge && r.Active > 0 {
			b.table.Cohorts = append(b.table.Cohorts, Cohort{Cohort: r.Cohort, Size: r.Active})
		}
	}
	first, truncated := FirstTruncated(b.agg, b.cal)
	for i := range b.table.Cohorts {
		c := &b.table.Cohorts[i]
		b.index[c.Cohort] = i
		c.Truncated = truncated && c.Cohort == first
	}
}

// FirstTruncated returns the cohort that mixes new and old customers because the data start in it; ok is false when
// there is none. It is the period of the first order, unless cohorts of sign-ups before that period show that the
// history reaches further back. An export says nothing about customers before its first day, so even a shop that
// opened on that day is flagged: that its first customers were new cannot be known from orders alone.
func FirstTruncated(agg *dataset.Aggregates, cal dataset.Calendar) (period int32, ok bool) {
	period = cal.PeriodOf(agg.Manifest.Grain, agg.Manifest.First)
	for _, r := range agg.Cohorts {
		if r.Dim != "" || r.Age != dataset.SizeAge || r.Active == 0 {
			continue
		}
		if r.Cohort < period {
			return 0, false
		}
		ok = ok || r.Cohort == period
	}
	return period, ok
}

// calendar fills the modes whose ages are calendar periods.
func (b *builder) calendar() {
	asOf, cohorts := b.agg.Manifest.AsOf, b.table.Cohorts
	last := b.cal.PeriodOf(b.grain(), asOf)
	for i := range cohorts {
		c := &cohorts[i]
		c.Cells = make([]Cell, max(0, last-cohorts[0].Cohort+1))
		for age := range c.Cells {
			c.Cells[age].State = b.cal.StateOf(b.grain(), c.Cohort+int32(age), asOf)
		}
	}
	if b.table.Mode == On {
		b.on()
		return
	}
	b.onOrAfter()
}

// cell returns the cell of a row of the aggregates, nil for rows outside the table.
func (b *builder) cell(dim string, cohort, age int32) *Cell {
	i, ok := b.index[cohort]
	if dim != b.table.Dim || !ok || age < 0 || int(age) >= len(b.table.Cohorts[i].Cells) {
		return nil
	}
	return &b.table.Cohorts[i].Cells[age]
}

func (b *builder) on() {
	for _, r := range b.agg.Cohorts {
		if c := b.cell(r.Dim, r.Cohort, r.Age); c != nil && c.State != dataset.Future {
			c.Active, c.Orders, c.Net = r.Active, r.Orders, r.Net
		}
	}
	for i := range b.table.Cohorts {
		b.table.Cohorts[i].accumulate()
	}
}

func (c *Cohort) accumulate() {
	for age := range c.Cells {
		cell := &c.Cells[age]
		if cell.State == dataset.Future {
			return
		}
		c.Total.Orders += cell.Orders
		c.Total.Net += cell.Net
		cell.CumulativeNet = c.Total.Net
	}
}

// onOrAfter counts customers last seen at each age or later, hence from the oldest age backwards.
func (b *builder) onOrAfter() {
	for _, r := range b.agg.LastSeen {
		if c := b.cell(r.Dim, r.Cohort, r.Age); c != nil {
			c.Active += r.Customers
		}
	}
	for i := range b.table.Cohorts {
		cells, later := b.table.Cohorts[i].Cells, int64(0)
		for age := len(cells) - 1; age >= 0; age-- {
			later += cells[age].Active
			cells[age].Active = 0
			if cells[age].State != dataset.Future {
				cells[age].Active = later
			}
		}
	}
}

func (c *Cohort) rate(least int64) {
	for i := range c.Cells {
		cell := &c.Cells[i]
		cell.Small = c.Size < least
		if cell.State == dataset.Future {
			continue
		}
		cell.Rate, _ = stats.Ratio(cell.Active, c.Size)
		w := stats.Wilson(cell.Active, c.Size)
		cell.Low, cell.High = w.Low, w.High
	}
}

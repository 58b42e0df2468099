package cohort

import (
	"parcours/report/dataset"
	"parcours/report/stats"
)

// means computes the mean row: for each age with a complete cell, ratios of sums over the complete cells.
func means(t Table, opt Options) []Mean {
	var row []Mean
	for age := range t.Cohorts[0].Cells {
		var m Mean
		var net, cumulative, start int64
		for _, c := range t.Cohorts {
			cell := c.Cells[age]
			if cell.State != dataset.Complete || c.Truncated && opt.ExcludeTruncated {
				continue
			}
			m.Cohorts++
			m.Customers += c.Size
			m.Active += cell.Active
			net, cumulative, start = net+cell.Net, cumulative+cell.CumulativeNet, start+c.Cells[0].Net
		}
		if m.Cohorts == 0 {
			continue
		}
		m.Age = int32(age)
		m.Rate, _ = stats.Ratio(m.Active, m.Customers)
		w := stats.Wilson(m.Active, m.Customers)
		m.Low, m.High = w.Low, w.High
		if t.Mode == On {
			m.money(net, cumulative, start)
		}
		row = append(row, m)
	}
	return row
}

func (m *Mean) money(net, cumulative, start int64) {
	m.Net, _ = stats.Ratio(net, m.Customers)
	m.CumulativeNet, _ = stats.Ratio(cumulative, m.Customers)
	if start > 0 {
		m.NetRate, m.NetRateKnown = float64(net)/float64(start), true
	}
}

// At returns the mean at an age, ok false when no cohort is complete there.
func (t Table) At(age int32) (Mean, bool) {
	for _, m := range t.Mean {
		if m.Age == age {
			return m, true
		}
	}
	return Mean{}, false
}

// Latest returns the most recent cohort whose cell at an age is complete.
func (t Table) Latest(age int32) (Cohort, bool) {
	for i := len(t.Cohorts) - 1; i >= 0; i-- {
		c := t.Cohorts[i]
		if age >= 0 && int(age) < len(c.Cells) && c.Cells[age].State == dataset.Complete {
			return c, true
		}
	}
	return Cohort{}, false
}

// Retained pools an age over the cohorts that were followed for at least followUp complete periods more; ok is false
// when there are none. truncated tells that only a truncated first cohort was.
//
// It is what makes on-or-after retention readable: without time after an age, "or later" cannot happen.
func (t Table) Retained(age, followUp int32) (m Mean, truncated, ok bool) {
	truncated = true
	for _, c := range t.Cohorts {
		end := int(age + followUp)
		if end >= len(c.Cells) || c.Cells[end].State != dataset.Complete {
			continue
		}
		m.Cohorts++
		m.Customers += c.Size
		m.Active += c.Cells[age].Active
		truncated = truncated && c.Truncated
	}
	if m.Cohorts == 0 {
		return Mean{}, false, false
	}
	m.Age = age
	m.Rate, _ = stats.Ratio(m.Active, m.Customers)
	w := stats.Wilson(m.Active, m.Customers)
	m.Low, m.High = w.Low, w.High
	return m, truncated, true
}

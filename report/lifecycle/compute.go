package lifecycle

import "parcours/report/dataset"

// Compute tabulates the flows of every period from the first order to as-of, from each active period's distance to
// the customer's next one. In a partial period Dormant counts those who have not come yet.
func Compute(agg *dataset.Aggregates, cal dataset.Calendar) *Report {
	m := agg.Manifest
	r := &Report{Grain: m.Grain, Current: -1}
	if len(agg.Activity) == 0 {
		return r
	}
	first, last := agg.Activity[0].Period, cal.PeriodOf(m.Grain, m.AsOf)
	for p := first; p <= last; p++ {
		state := cal.StateOf(m.Grain, p, m.AsOf)
		if state == dataset.Complete {
			r.Current = len(r.Periods)
		}
		r.Periods = append(r.Periods, Period{Period: p, State: state})
	}
	for _, row := range agg.Activity {
		r.add(row, first)
	}
	for i := 1; i < len(r.Periods); i++ {
		r.Periods[i].Dormant = r.Periods[i-1].Active - r.Periods[i].Returning
	}
	return r
}

// add counts a row in its own period and, as returning or resurrected, in the period of the next activity.
func (r *Report) add(row dataset.ActivityRow, first int32) {
	at := func(p int32) *Period {
		if i := p - first; 0 <= i && int(i) < len(r.Periods) {
			return &r.Periods[i]
		}
		return &Period{} // outside the report: counted nowhere
	}
	own := at(row.Period)
	own.Active += row.Customers
	if row.First {
		own.New += row.Customers
	}
	switch {
	case row.Gap == 1:
		at(row.Period + 1).Returning += row.Customers
	case row.Gap > 1:
		at(row.Period + row.Gap).Resurrected += row.Customers
	}
}

// NetGrowth is the change of the number of active customers: new + resurrected − dormant.
func (p Period) NetGrowth() int64 { return p.New + p.Resurrected - p.Dormant }

// QuickRatio is (new + resurrected) ÷ dormant, above 1 when more come than go; ok is false when nobody went dormant.
func (p Period) QuickRatio() (ratio float64, ok bool) {
	if p.Dormant == 0 {
		return 0, false
	}
	return float64(p.New+p.Resurrected) / float64(p.Dormant), true
}

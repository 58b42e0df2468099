package segment

import (
	"parcours/report/dataset"
	"parcours/report/kpi"
)

// Thresholds that stand in when there are fewer than MinGaps gaps between orders to derive them from, in days.
const (
	DefaultActiveDays = 90
	DefaultLostDays   = 365
	MinGaps           = 30
)

// Names lists the segments, best first.
func Names() []Name {
	return []Name{
		Champions, Loyal, PotentialLoyalist, New, Promising, NeedAttention, AboutToSleep, AtRisk, CantLose, Hibernating, Lost,
	}
}

// Of returns the segment of a cell of the R × F grid, scores from 1 to 5. The grid is the customary one of ten names
// with Lost split from Hibernating at (1, 1), as in lists of eleven.
func Of(r, f int) Name {
	switch {
	case r == 1 && f == 1:
		return Lost
	case r <= 2 && f <= 2:
		return Hibernating
	case r <= 2 && f <= 4:
		return AtRisk
	case r <= 2:
		return CantLose
	case r == 3 && f <= 2:
		return AboutToSleep
	case r == 3 && f == 3:
		return NeedAttention
	case r == 5 && f >= 4:
		return Champions
	case f >= 4:
		return Loyal
	case f >= 2:
		return PotentialLoyalist
	case r == 5:
		return New
	}
	return Promising
}

// Compute groups the customers of the bundle; nil without any.
func Compute(agg *dataset.Aggregates, rhythm kpi.Rhythm, opt Options) *Report {
	if agg.Totals.Customers == 0 || len(agg.RFM) == 0 {
		return nil
	}
	r := &Report{Edges: agg.Edges, Status: status(agg.Recency, rhythm, opt)}
	place := map[Name]int{}
	for i, n := range Names() {
		r.Segments = append(r.Segments, Segment{Name: n})
		place[n] = i
	}
	for i := range r.Grid {
		for j := range r.Grid[i] {
			r.Grid[i][j].Name = Of(i+1, j+1)
		}
	}
	var top, topNet int64
	for _, row := range agg.RFM {
		if !scored(row) {
			continue
		}
		r.add(row, place)
		if row.M == 5 {
			top, topNet = top+row.Customers, topNet+row.Net
		}
	}
	if r.TopKnown = r.Customers > 0 && r.Net > 0; r.TopKnown {
		r.TopCustomers, r.TopNet = float64(top)/float64(r.Customers), float64(topNet)/float64(r.Net)
	}
	return r
}

// scored guards the grid against a bundle written by someone else.
func scored(row dataset.RFMRow) bool {
	return 1 <= row.R && row.R <= 5 && 1 <= row.F && row.F <= 5
}

func (r *Report) add(row dataset.RFMRow, place map[Name]int) {
	r.Customers += row.Customers
	r.Net += row.Net
	cell := &r.Grid[row.R-1][row.F-1]
	cell.Customers += row.Customers
	cell.Net += row.Net
	s := &r.Segments[place[cell.Name]]
	s.Customers += row.Customers
	s.Orders += row.Orders
	s.Net += row.Net
}

func status(recency []dataset.HistogramRow, rhythm kpi.Rhythm, opt Options) Status {
	s := Status{ActiveDays: rhythm.P80, LostDays: rhythm.P95, Configured: opt.ActiveDays > 0 && opt.LostDays > 0}
	if rhythm.Gaps < MinGaps {
		s.ActiveDays, s.LostDays, s.Fallback = DefaultActiveDays, DefaultLostDays, !s.Configured
	}
	if opt.ActiveDays > 0 {
		s.ActiveDays = opt.ActiveDays
	}
	s.LostDays = max(s.LostDays, s.ActiveDays)
	if opt.LostDays > 0 {
		s.LostDays = opt.LostDays
	}
	s.ActiveDays = min(s.ActiveDays, s.LostDays)
	for _, h := range recency {
		switch {
		case h.Value <= int64(s.ActiveDays):
			s.Active += h.Customers
		case h.Value <= int64(s.LostDays):
			s.Dormant += h.Customers
		default:
			s.Lost += h.Customers
		}
	}
	return s
}

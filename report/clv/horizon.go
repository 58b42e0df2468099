package clv

import (
	"math"
	"slices"
	"time"

	"parcours/report/dataset"
)

// weeksAYear is the mean length of a year, of 365.25 days.
const weeksAYear = daysPerYear / daysAWeek

// horizons holds the times at which a forecast is read, in weeks after the end of observation.
type horizons struct {
	months []int32   // of the horizons shown, ascending: 12, 24, 36 and the chosen one
	chosen int       // index of the chosen one
	weeks  []float64 // of months
	curve  []float64 // of the months 1 … chosen
	ends   []float64 // of the periods that end after the end of observation and within the chosen horizon
	period int32     // the first of these
	delta  float64   // continuous discount rate per week
}

// newHorizons reads times from the calendar: months are calendar months.
func newHorizons(m dataset.Manifest, cal dataset.Calendar, set Settings) horizons {
	h := horizons{months: []int32{12, 24, 36}, delta: math.Log1p(set.DiscountRate) / weeksAYear}
	if !slices.Contains(h.months, set.HorizonMonths) {
		h.months = append(h.months, set.HorizonMonths)
		slices.Sort(h.months)
	}
	h.chosen = slices.Index(h.months, set.HorizonMonths)
	after := func(d dataset.Day) float64 { return float64(d-m.AsOf) / daysAWeek }
	for _, n := range h.months {
		h.weeks = append(h.weeks, after(monthsLater(m.AsOf, n)))
	}
	for n := range set.HorizonMonths {
		h.curve = append(h.curve, after(monthsLater(m.AsOf, n+1)))
	}
	last := monthsLater(m.AsOf, set.HorizonMonths)
	h.period = cal.PeriodOf(m.Grain, m.AsOf+1)
	for p := h.period; cal.End(m.Grain, p) <= last; p++ {
		h.ends = append(h.ends, after(cal.End(m.Grain, p)))
	}
	return h
}

// monthsLater is the same day of a later month, or the last of that month when it is shorter.
func monthsLater(d dataset.Day, months int32) dataset.Day {
	year, month, day := dataset.Date(d)
	next := month + time.Month(months)
	last := dataset.CivilDay(year, next+1, 1) - 1
	return min(dataset.CivilDay(year, next, 1)+dataset.Day(day-1), last)
}

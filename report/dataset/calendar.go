package dataset

import (
	"fmt"
	"time"
)

// Day is a number of days since 1970-01-01 in the report's time zone.
type Day = int32

// Grain is the length of a period.
type Grain string

// The grains.
const (
	Week    Grain = "week"
	Month   Grain = "month"
	Quarter Grain = "quarter"
)

// Calendar turns days into periods and back. The zero value is UTC, weeks from Monday, fiscal year from January.
//
// Period numbers are consecutive integers. Month: year×12 + month − 1. Quarter: fiscal year×4 + quarter − 1,
// where fiscal year Y starts in month FiscalStart of calendar year Y (of Y−1 when FiscalStart is not January, so that
// the year is named after the one it ends in). Week: weeks since the week of 1970-01-01.
type Calendar struct {
	Zone        *time.Location // nil: UTC
	WeekStart   time.Weekday   // zero value Sunday means Monday unless SundayWeek
	SundayWeek  bool
	FiscalStart time.Month // 0: January
}

// Location returns the report's time zone.
func (c Calendar) Location() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}

// DayOf returns the report day of an instant.
func (c Calendar) DayOf(t time.Time) Day {
	y, m, d := t.In(c.Location()).Date()
	return CivilDay(y, m, d)
}

// CivilDay returns the day number of a calendar date.
func CivilDay(y int, m time.Month, d int) Day {
	return Day(floorDiv(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix(), 86400))
}

// Date returns the calendar date of a day number.
func Date(d Day) (y int, m time.Month, day int) { return DayTime(d).Date() }

// DayTime returns midnight UTC of a day number, for formatting with time's layouts.
func DayTime(d Day) time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// FormatDay returns 2026-10-31.
func FormatDay(d Day) string { return DayTime(d).Format(time.DateOnly) }

func (c Calendar) weekStart() time.Weekday {
	switch {
	case c.SundayWeek:
		return time.Sunday
	case c.WeekStart == time.Sunday:
		return time.Monday
	}
	return c.WeekStart
}

// weekShift is the number of days from the start of the week that holds 1970-01-01, a Thursday, to that day.
func (c Calendar) weekShift() int32 { return int32((time.Thursday - c.weekStart() + 7) % 7) }

func (c Calendar) fiscal() int {
	if c.FiscalStart == 0 {
		return 0
	}
	return int(c.FiscalStart - 1)
}

// PeriodOf returns the period that holds a day.
func (c Calendar) PeriodOf(g Grain, d Day) int32 {
	switch g {
	case Week:
		return int32(floorDiv(int64(d+c.weekShift()), 7))
	case Quarter:
		y, m, _ := Date(d)
		months := y*12 + int(m) - 1 - c.fiscal()
		if c.fiscal() > 0 {
			months += 12
		}
		return int32(floorDiv(int64(months), 3))
	}
	y, m, _ := Date(d)
	return int32(y*12 + int(m) - 1)
}

// Start returns the first day of a period.
func (c Calendar) Start(g Grain, p int32) Day {
	switch g {
	case Week:
		return p*7 - c.weekShift()
	case Quarter:
		months := int(p)*3 + c.fiscal()
		if c.fiscal() > 0 {
			months -= 12
		}
		return CivilDay(0, time.Month(months+1), 1)
	}
	return CivilDay(0, time.Month(p+1), 1)
}

// End returns the last day of a period.
func (c Calendar) End(g Grain, p int32) Day { return c.Start(g, p+1) - 1 }

// PerYear returns the number of periods after which the same season comes back: 12, 4, or 52 weeks.
func PerYear(g Grain) int32 {
	switch g {
	case Week:
		return 52
	case Quarter:
		return 4
	}
	return 12
}

// Key is the machine name of a period: 2026-10, 2026-Q4, or the first day of a week 2026-10-05.
func (c Calendar) Key(g Grain, p int32) string {
	switch g {
	case Week:
		return FormatDay(c.Start(g, p))
	case Quarter:
		return fmt.Sprintf("%04d-Q%d", floorDiv(int64(p), 4), p-int32(floorDiv(int64(p), 4))*4+1)
	}
	return DayTime(c.Start(g, p)).Format("2006-01")
}

// State says whether a period can be compared.
type State string

// The states: ended on or before as-of, in progress, not begun, and begun before the first day of the data.
const (
	Complete State = "complete"
	Partial  State = "partial"
	Future   State = "future"
)

// StateOf returns the state of a period at the end of observation.
func (c Calendar) StateOf(g Grain, p int32, asOf Day) State {
	switch {
	case c.End(g, p) <= asOf:
		return Complete
	case c.Start(g, p) <= asOf:
		return Partial
	}
	return Future
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

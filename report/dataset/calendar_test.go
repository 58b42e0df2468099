package dataset_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"parcours/report/dataset"
)

var calendars = map[string]dataset.Calendar{
	"plain":            {},
	"weeks from Sun":   {SundayWeek: true},
	"weeks from Sat":   {WeekStart: time.Saturday},
	"fiscal April":     {FiscalStart: time.April},
	"fiscal October":   {FiscalStart: time.October},
	"fiscal January":   {FiscalStart: time.January},
	"fiscal December":  {FiscalStart: time.December},
	"Monday on demand": {WeekStart: time.Monday},
}

var grains = []dataset.Grain{dataset.Week, dataset.Month, dataset.Quarter}

func TestPeriodsTileTheDays(t *testing.T) {
	for name, cal := range calendars {
		for _, g := range grains {
			first, last := dataset.CivilDay(1899, 1, 1), dataset.CivilDay(2201, 12, 31)
			old := cal.PeriodOf(g, first-1)
			for d := first; d <= last; d++ {
				p := cal.PeriodOf(g, d)
				start, end := cal.Start(g, p), cal.End(g, p)
				if d < start || d > end {
					t.Fatalf("%s: %s of %s runs from %s to %s", name, g, dataset.FormatDay(d), dataset.FormatDay(start), dataset.FormatDay(end))
				}
				if p != old && (p != old+1 || d != start) {
					t.Fatalf("%s: %s %d follows %d on %s", name, g, p, old, dataset.FormatDay(d))
				}
				old = p
			}
		}
	}
}

func TestWeeksFromMondayAreISOWeeks(t *testing.T) {
	var cal dataset.Calendar
	for d := dataset.CivilDay(1969, 1, 1); d < dataset.CivilDay(2050, 1, 1); d++ {
		start := dataset.DayTime(cal.Start(dataset.Week, cal.PeriodOf(dataset.Week, d)))
		y1, w1 := dataset.DayTime(d).ISOWeek()
		y2, w2 := start.ISOWeek()
		if start.Weekday() != time.Monday || y1 != y2 || w1 != w2 {
			t.Fatalf("week of %s starts on %s", dataset.FormatDay(d), start.Format(time.DateOnly))
		}
	}
}

func TestPeriodsHaveTheNamesOfTheirTime(t *testing.T) {
	april, october := dataset.Calendar{FiscalStart: time.April}, dataset.Calendar{FiscalStart: time.October}
	for _, x := range []struct {
		cal    dataset.Calendar
		grain  dataset.Grain
		day    string
		key    string
		first  string
		last   string
		number int32
	}{
		{dataset.Calendar{}, dataset.Month, "2026-10-31", "2026-10", "2026-10-01", "2026-10-31", 2026*12 + 9},
		{dataset.Calendar{}, dataset.Month, "2024-02-29", "2024-02", "2024-02-01", "2024-02-29", 2024*12 + 1},
		{dataset.Calendar{}, dataset.Month, "1969-12-31", "1969-12", "1969-12-01", "1969-12-31", 1969*12 + 11},
		{dataset.Calendar{}, dataset.Quarter, "2026-12-31", "2026-Q4", "2026-10-01", "2026-12-31", 2026*4 + 3},
		{april, dataset.Quarter, "2026-03-31", "2026-Q4", "2026-01-01", "2026-03-31", 2026*4 + 3},
		{april, dataset.Quarter, "2026-04-01", "2027-Q1", "2026-04-01", "2026-06-30", 2027 * 4},
		{october, dataset.Quarter, "2025-10-01", "2026-Q1", "2025-10-01", "2025-12-31", 2026 * 4},
		{october, dataset.Quarter, "2026-09-30", "2026-Q4", "2026-07-01", "2026-09-30", 2026*4 + 3},
		{dataset.Calendar{}, dataset.Week, "1970-01-01", "1969-12-29", "1969-12-29", "1970-01-04", 0},
		{dataset.Calendar{SundayWeek: true}, dataset.Week, "1970-01-01", "1969-12-28", "1969-12-28", "1970-01-03", 0},
		{dataset.Calendar{}, dataset.Week, "2026-10-11", "2026-10-05", "2026-10-05", "2026-10-11", 2962},
		{dataset.Calendar{SundayWeek: true}, dataset.Week, "2026-10-11", "2026-10-11", "2026-10-11", "2026-10-17", 2963},
		{dataset.Calendar{WeekStart: time.Saturday}, dataset.Week, "2026-10-11", "2026-10-10", "2026-10-10", "2026-10-16", 2963},
	} {
		day, err := time.Parse(time.DateOnly, x.day)
		if err != nil {
			t.Fatal(err)
		}
		p := x.cal.PeriodOf(x.grain, x.cal.DayOf(day))
		got := [3]string{x.cal.Key(x.grain, p), dataset.FormatDay(x.cal.Start(x.grain, p)), dataset.FormatDay(x.cal.End(x.grain, p))}
		if want := [3]string{x.key, x.first, x.last}; got != want || p != x.number {
			t.Errorf("%s of %s: got %d %v, want %d %v", x.grain, x.day, p, got, x.number, want)
		}
	}
}

func TestDaysAreThoseOfTheWallClock(t *testing.T) {
	for _, x := range []struct{ zone, instant, day string }{
		{"UTC", "2024-03-30T23:59:59Z", "2024-03-30"},
		{"Europe/Paris", "2024-03-30T22:59:59Z", "2024-03-30"},
		{"Europe/Paris", "2024-03-30T23:00:00Z", "2024-03-31"}, // winter time
		{"Europe/Paris", "2024-03-31T21:59:59Z", "2024-03-31"},
		{"Europe/Paris", "2024-03-31T22:00:00Z", "2024-04-01"}, // summer time since 01:00 UTC
		{"Europe/Paris", "2024-10-26T22:00:00Z", "2024-10-27"},
		{"Europe/Paris", "2024-10-27T22:59:59Z", "2024-10-27"}, // a day of 25 hours
		{"Europe/Paris", "2024-10-27T23:00:00Z", "2024-10-28"},
		{"America/Sao_Paulo", "2018-11-04T02:59:59Z", "2018-11-03"},
		{"America/Sao_Paulo", "2018-11-04T03:00:00Z", "2018-11-04"}, // the day begins at 01:00
		{"Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29"},
		{"Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31"}, // 30 December did not take place
		{"Asia/Kathmandu", "2024-01-01T18:14:59Z", "2024-01-01"},
		{"Asia/Kathmandu", "2024-01-01T18:15:00Z", "2024-01-02"},
	} {
		zone, err := time.LoadLocation(x.zone)
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.Parse(time.RFC3339, x.instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := dataset.FormatDay(dataset.Calendar{Zone: zone}.DayOf(at)); got != x.day {
			t.Errorf("%s in %s: got %s, want %s", x.instant, x.zone, got, x.day)
		}
	}
}

func TestStateFollowsTheEndOfObservation(t *testing.T) {
	var cal dataset.Calendar
	oct := int32(2026*12 + 9)
	for _, x := range []struct {
		asOf string
		want dataset.State
	}{
		{"2026-09-30", dataset.Future}, {"2026-10-01", dataset.Partial}, {"2026-10-30", dataset.Partial}, {"2026-10-31", dataset.Complete},
	} {
		day, err := time.Parse(time.DateOnly, x.asOf)
		if err != nil {
			t.Fatal(err)
		}
		if got := cal.StateOf(dataset.Month, oct, cal.DayOf(day)); got != x.want {
			t.Errorf("October as of %s: got %s, want %s", x.asOf, got, x.want)
		}
	}
}

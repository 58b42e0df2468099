package demo

import (
	"testing"
	"time"
	_ "time/tzdata" // the oracle of this test only: the package has its own rule
)

func TestLocalTimeOfParisFollowsTheZoneDatabase(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	cal := newCalendar(26, 1)
	for d := range cal.days {
		for _, second := range []uint32{0, 3600, 2*3600 - 1, 4 * 3600, 12 * 3600, daySeconds - 1} {
			got := time.Unix(cal.utc(d, second), 0).In(paris)
			want := civil(cal.first + int64(d)).Add(time.Duration(second) * time.Second)
			if d == 0 && second < 2*3600 {
				continue // the day before the history has no offset of its own
			}
			if got.Format(time.DateTime) != want.Format(time.DateTime) {
				t.Fatalf("day %d second %d is %s in Paris, want %s", d, second, got.Format(time.DateTime), want.Format(time.DateTime))
			}
			if back := cal.dayOf(cal.utc(d, second)); back != d {
				t.Fatalf("day %d second %d falls on day %d", d, second, back)
			}
		}
	}
}

func TestHistoryEndsOnTheLastDayAndStartsWithAMonth(t *testing.T) {
	cal := newCalendar(26, 1)
	if got := civil(cal.first).Format(time.DateOnly); got != "2024-09-01" {
		t.Errorf("the history starts on %s", got)
	}
	if got := civil(cal.first + int64(len(cal.days)) - 1).Format(time.DateOnly); got != AsOf {
		t.Errorf("the history ends on %s", got)
	}
	for _, date := range []string{reminderStart, freeFrom, trackingFixed} {
		if d := cal.index(date); d < 0 || d >= len(cal.days) {
			t.Errorf("%s is outside the history", date)
		}
	}
}

func TestEveryCustomerIsBornOnce(t *testing.T) {
	for _, n := range []int64{1, 7, 13_000, maxCustomers} {
		cal := newCalendar(120, 5)
		last := int64(0)
		for d := range cal.days {
			if b := cal.bornBefore(d, n); b < last {
				t.Fatalf("%d customers: day %d has fewer born before than the day before", n, d)
			} else {
				last = b
			}
		}
		if got := cal.bornBefore(len(cal.days), n); got != n {
			t.Errorf("%d customers born, want %d", got, n)
		}
	}
}

func TestBlackFriday(t *testing.T) {
	for _, c := range []struct {
		date string
		want bool
	}{{"2024-11-29", true}, {"2025-11-28", true}, {"2025-11-26", false}, {"2025-12-01", false}, {"2026-11-27", true}, {"2026-11-12", false}} {
		d, _ := time.Parse(time.DateOnly, c.date)
		if got := d.Month() == time.November && blackFriday(d); got != c.want {
			t.Errorf("Black Friday week holds %s: %v, want %v", c.date, got, c.want)
		}
	}
}

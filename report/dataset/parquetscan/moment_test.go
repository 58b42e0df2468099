package parquetscan

import (
	"math/rand/v2"
	"testing"
	"time"

	"parcours/report/dataset"
	"parcours/report/dataset/expression"
)

func zoneOf(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Skip(err)
	}
	return loc
}

// TestDaysAgreeWithTheStandardLibrary compares the cached arithmetic with time.Time over random instants, many of
// them near changes of clock.
func TestDaysAgreeWithTheStandardLibrary(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var near []int64
	for _, s := range []string{"2024-03-31T01:00:00Z", "2024-10-27T01:00:00Z", "2011-12-30T10:00:00Z", "2024-04-07T15:00:00Z", "1916-06-14T23:00:00Z", "2007-12-09T07:00:00Z"} {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		near = append(near, at.UnixMicro())
	}
	for _, name := range []string{"UTC", "Europe/Paris", "America/Caracas", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Kolkata"} {
		loc := zoneOf(t, name)
		c := newClock(time.UTC, loc)
		for range 3000 {
			us := near[r.IntN(len(near))] + r.Int64N(5*3600e6) - 2.5*3600e6
			if r.IntN(2) == 0 {
				us = firstMicro + r.Int64N(lastMicro-firstMicro)
			}
			_, day, verdict := one(c, &expression.Vector{Type: expression.Type{Kind: expression.Time, UTC: true}, Int: []int64{us}})
			if want := (dataset.Calendar{Zone: loc}).DayOf(time.UnixMicro(us)); verdict != good || day != want {
				t.Fatalf("%s, %d: day %d, want %d", name, us, day, want)
			}
		}
	}
}

// TestWallClocksComeBackFromTheirInstants checks local times without zone against time.Date.
func TestWallClocksComeBackFromTheirInstants(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, name := range []string{"UTC", "Europe/Paris", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"} {
		z := newZone(zoneOf(t, name))
		for range 5000 {
			wall := time.Date(2000+r.IntN(30), time.Month(1+r.IntN(12)), 1+r.IntN(28), r.IntN(24), r.IntN(60), r.IntN(60), 0, time.UTC)
			if r.IntN(2) == 0 {
				wall = time.Date(2024, 3, 30, 12+r.IntN(24), r.IntN(60), 0, 0, time.UTC)
			}
			got := time.UnixMicro(z.instant(wall.UnixMicro())).In(z.loc)
			y, mo, d := wall.Date()
			want := time.Date(y, mo, d, wall.Hour(), wall.Minute(), wall.Second(), 0, z.loc)
			shown := want.Format(time.DateTime) == wall.Format(time.DateTime)
			if shown && got.Format(time.DateTime) != wall.Format(time.DateTime) {
				t.Fatalf("%s %v: got %v", name, wall, got)
			}
			if !shown && got.Before(want.Add(-2*time.Hour)) {
				t.Fatalf("%s %v does not exist: got %v, Go says %v", name, wall, got, want)
			}
		}
	}
}

func TestClocksThatGoBackGiveTheFirstInstantAndSkippedOnesMoveOn(t *testing.T) {
	z := newZone(zoneOf(t, "Europe/Paris"))
	for _, warm := range []string{"2024-01-01T00:00:00", "2024-07-01T00:00:00", "2024-12-01T00:00:00"} {
		for wall, want := range map[string]string{
			"2024-10-27T02:30:00": "2024-10-27T00:30:00Z", "2024-10-27T01:59:59": "2024-10-26T23:59:59Z", "2024-10-27T03:00:00": "2024-10-27T02:00:00Z",
			"2024-03-31T02:30:00": "2024-03-31T01:30:00Z", "2024-03-31T03:00:00": "2024-03-31T01:00:00Z",
		} {
			m, _ := expression.ParseMoment(warm)
			z.instant(m.Micro)
			m, _ = expression.ParseMoment(wall)
			if got := time.UnixMicro(z.instant(m.Micro)).UTC().Format(time.RFC3339); got != want {
				t.Errorf("after %s: %s is %s, want %s", warm, wall, got, want)
			}
		}
	}
}

func one(c *clock, v *expression.Vector) (int64, dataset.Day, uint8) {
	instant, day, verdict := make([]int64, 1), make([]dataset.Day, 1), make([]uint8, 1)
	c.read(v, 1, instant, day, verdict)
	return instant[0], day[0], verdict[0]
}

func TestTimesOfAllKindsFallOnTheirReportDay(t *testing.T) {
	paris, apia := zoneOf(t, "Europe/Paris"), zoneOf(t, "Pacific/Apia")
	text := func(s string) *expression.Vector {
		return &expression.Vector{Type: expression.Type{Kind: expression.Text}, Text: []string{s}}
	}
	number := func(k expression.Kind, x int64) *expression.Vector {
		return &expression.Vector{Type: expression.Type{Kind: k}, Int: []int64{x}}
	}
	for _, test := range []struct {
		name          string
		local, report *time.Location
		v             *expression.Vector
		want          string // "" bad, "-" null
	}{
		{"a civil date is not moved", time.UTC, apia, text("2024-05-01"), "2024-05-01"},
		{"DATE is not moved", paris, apia, number(expression.Day, 19844), "2024-05-01"},
		{"UTC late in the evening is tomorrow in Paris", time.UTC, paris, text("2024-05-01T22:30:00Z"), "2024-05-02"},
		{"naive in the shop's zone", paris, paris, text("2024-05-01 23:59:59"), "2024-05-01"},
		{"naive in UTC by default", time.UTC, paris, text("2024-05-01 23:59:59"), "2024-05-02"},
		{"offset", time.UTC, paris, text("2024-05-01T23:30:00-05:00"), "2024-05-02"},
		{"seconds", time.UTC, time.UTC, number(expression.Int, 1714521600), "2024-05-01"},
		{"milliseconds", time.UTC, time.UTC, number(expression.Int, 1714521600000), "2024-05-01"},
		{"microseconds", time.UTC, time.UTC, number(expression.Int, 1714521600000000), "2024-05-01"},
		{"nanoseconds", time.UTC, time.UTC, number(expression.Int, 1714521600000000000), "2024-05-01"},
		{"yyyymmdd", apia, apia, number(expression.Int, 20240501), "2024-05-01"},
		{"no such day is read as seconds", time.UTC, time.UTC, number(expression.Int, 20241399), "1970-08-23"},
		{"too early", time.UTC, time.UTC, text("1899-12-31"), ""},
		{"too late", time.UTC, time.UTC, text("2201-01-01"), ""},
		{"last day", time.UTC, time.UTC, text("2200-12-31"), "2200-12-31"},
		{"empty", time.UTC, time.UTC, text(""), "-"},
		{"words", time.UTC, time.UTC, text("yesterday"), ""},
		{"overflow", time.UTC, time.UTC, number(expression.Time, 1<<62), ""},
	} {
		_, day, verdict := one(newClock(test.local, test.report), test.v)
		got := map[uint8]string{good: dataset.FormatDay(day), isBad: "", isNull: "-"}[verdict]
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestMessageStatesAreReadFromTheWordsOfTools(t *testing.T) {
	for s, want := range map[string]string{
		"sent": "0", "Received Email": "1", "Opened Email": "2", "email_clicked": "3", "Placed Order": "4", "ouvert": "2", "Cliqué": "3",
		"bounced": "filtered", "Unsubscribed": "filtered", "": "no-value", "xyz": "bad-value",
	} {
		state, reason := stateOf(s)
		got := string(reason)
		if reason == "" {
			got = string(rune('0' + state))
		}
		if got != want {
			t.Errorf("%q: %s, want %s", s, got, want)
		}
	}
}

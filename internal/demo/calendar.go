package demo

import "time"

const daySeconds = 86400

// calendar is the shop's time: days counted from the first of its history, in local time of Paris.
type calendar struct {
	first  int64 // day number of day 0 since 1970-01-01
	days   []day
	births []int64 // cumulative weight of first orders, births[d] before day d; one more element than days
	clock  []int32 // cumulative purchase clock, in the same form: about 1000 a day, faster in season
}

// day is one day of the history.
type day struct {
	month  int16 // calendar months since the first
	offset int32 // seconds that Paris is ahead of UTC after three in the morning
}

// Turning points of the story that the data tells, beside AsOf. Maps and pages quote them.
const (
	reminderStart = "2026-06-03" // the message 21 days after a first order
	freeFrom      = "2026-09-28" // free delivery from 45 € instead of 60 €: smaller baskets
	trackingFixed = "2026-09-30" // a message half-way through the delivery
)

func newCalendar(months int, seed uint64) *calendar {
	last := dayNumber(AsOf)
	end := civil(last)
	start := time.Date(end.Year(), end.Month()-time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	c := &calendar{first: start.Unix() / daySeconds}
	births, clock := int64(0), int32(0)
	for n := c.first; n <= last; n++ {
		t := civil(n)
		month := (t.Year()-start.Year())*12 + int(t.Month()-start.Month())
		c.days = append(c.days, day{int16(month), parisOffset(t)})
		c.births = append(c.births, births)
		c.clock = append(c.clock, clock)
		births += birthWeight(t, n-c.first, seed)
		clock += int32(purchaseWeight(t))
	}
	c.births = append(c.births, births)
	c.clock = append(c.clock, clock)
	return c
}

// dayNumber reads one of the package's own dates; a wrong one gives a day far in the past, which tests notice.
func dayNumber(date string) int64 {
	t, _ := time.Parse(time.DateOnly, date)
	return t.Unix() / daySeconds
}

// index is the day of a date of the story in this history, negative before it.
func (c *calendar) index(date string) int { return int(dayNumber(date) - c.first) }

// parisOffset applies the European rule: summer time from the last Sunday of March to the last Sunday of October.
// The package has no other zone and must not depend on a zone database.
func parisOffset(t time.Time) int32 {
	from, to := lastSunday(t.Year(), time.March), lastSunday(t.Year(), time.October)
	if !t.Before(from) && t.Before(to) {
		return 2 * 3600
	}
	return 3600
}

func lastSunday(year int, m time.Month) time.Time {
	end := time.Date(year, m, 31, 0, 0, 0, 0, time.UTC)
	return end.AddDate(0, 0, -int(end.Weekday()))
}

// utc turns a local second of a day into seconds since 1970. Nothing is drawn between two and four in the morning,
// when the clocks change, so before two the offset of the day before is in force.
func (c *calendar) utc(d int, second uint32) int64 {
	from := d
	if second < 2*3600 && d > 0 {
		from--
	}
	return (c.first+int64(d))*daySeconds + int64(second) - int64(c.days[from].offset)
}

// end is the first second after the history.
func (c *calendar) end() int64 { return c.utc(len(c.days)-1, daySeconds-1) + 1 }

// dayOf is the local day of an instant.
func (c *calendar) dayOf(at int64) int {
	d := int((at+3600)/daySeconds - c.first)
	d = min(max(d, 0), len(c.days)-1)
	return int((at+int64(c.days[d].offset))/daySeconds - c.first)
}

// at is the day on which the purchase clock shows x, or the number of days when that is after the history.
func (c *calendar) at(x int32, from int) int {
	d := from
	for d < len(c.days) && c.clock[d+1] <= x {
		d++
	}
	return d
}

// bornBefore is the number of customers born before day d, of n in all.
func (c *calendar) bornBefore(d int, n int64) int64 {
	return n/c.births[len(c.births)-1]*c.births[d] + n%c.births[len(c.births)-1]*c.births[d]/c.births[len(c.births)-1]
}

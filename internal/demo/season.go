package demo

import "time"

// Weights by month and by day of the week, in thousandths of an average day.
var (
	birthSeason    = [12]int64{900, 900, 950, 980, 1110, 960, 870, 790, 990, 1060, 1480, 1760}
	purchaseSeason = [12]int64{830, 850, 930, 950, 1060, 970, 930, 880, 980, 1000, 1290, 1420}
	weekdaySeason  = [7]int64{1120, 1050, 1020, 1000, 980, 900, 930} // Sunday first
)

// birthWeight is the weight of a day for first orders: growth of 16 % of the first day's level a year, season, peaks
// and a daily hazard of ±12 %.
func birthWeight(t time.Time, age int64, seed uint64) int64 {
	var d draw
	d.start(seed, uint64(age), onDay, 0)
	w := 1000 + age*160/365
	w = w * birthSeason[t.Month()-1] / 1000 * weekdaySeason[t.Weekday()] / 1000
	return w * peak(t) / 1000 * (880 + int64(d.below(241))) / 1000
}

// purchaseWeight is the speed of the purchase clock on a day.
func purchaseWeight(t time.Time) int64 {
	return purchaseSeason[t.Month()-1] * weekdaySeason[t.Weekday()] / 1000 * peak(t) / 1000
}

// peak holds the days that no month shows: Black Friday week, the rush before Christmas and the lull after it.
func peak(t time.Time) int64 {
	m, d := t.Month(), t.Day()
	switch {
	case m == time.November && blackFriday(t):
		return 1700
	case m == time.December && d <= 16:
		return 1350
	case m == time.December && d >= 20:
		return 480
	case m == time.February && d >= 8 && d <= 12: // Saint Valentine, delivered in time
		return 1300
	}
	return 1000
}

// blackFriday reports whether a day of November is in the five from the fourth Thursday on.
func blackFriday(t time.Time) bool {
	first := time.Date(t.Year(), time.November, 1, 0, 0, 0, 0, time.UTC)
	thursday := 1 + (int(time.Thursday)-int(first.Weekday())+7)%7 + 21
	return t.Day() >= thursday && t.Day() <= thursday+4
}

// christmas reports whether a first order on this day is often a gift of someone who will not come back.
func christmas(t time.Time) bool {
	return t.Month() == time.December || t.Month() == time.November && t.Day() >= 20
}

// saleChance is the chance in thousandths that an order carries a discount code.
func saleChance(t time.Time) uint32 {
	switch m := t.Month(); {
	case m == time.November && blackFriday(t):
		return 620
	case m == time.January && t.Day() >= 8, m == time.July && t.Day() <= 20: // the legal sales
		return 300
	}
	return 90
}

// civil is midnight UTC of a day number, for the calendar alone.
func civil(n int64) time.Time { return time.Unix(n*daySeconds, 0).UTC() }

// hours of purchase and of support requests, local time; nothing from two to four, when the clocks change.
func purchaseHours() weights {
	return newWeights(12, 5, 0, 0, 1, 3, 12, 25, 38, 48, 55, 56, 63, 58, 50, 47, 48, 52, 58, 64, 86, 94, 68, 33)
}

func supportHours() weights {
	return newWeights(4, 1, 0, 0, 0, 1, 6, 18, 42, 66, 70, 62, 56, 54, 58, 56, 54, 58, 72, 78, 74, 60, 34, 14)
}

// second draws a second of the day.
func (w weights) second(d *draw) uint32 { return uint32(w.pick(d))*3600 + d.below(3600) }

package tally

import (
	"math"

	"parcours/report/dataset"
)

// dayCounts counts rows by day, to know those after the end of observation once it is known.
type dayCounts struct {
	first dataset.Day // of n
	n     []int64
	far   map[dataset.Day]int64 // the others, which no time of a file has
}

// The days that dayCounts keeps in a slice: more than a file can have, and little memory even when a row is on each end.
const (
	nearFirst dataset.Day = -25567    // 1900-01-01
	nearDays              = 301 * 366 // to 2200
)

// add counts a row; a null day is none.
func (c *dayCounts) add(d dataset.Day) {
	if i := int64(d) - int64(c.first); uint64(i) < uint64(len(c.n)) {
		c.n[i]++
		return
	}
	c.more(d, 1)
}

// more counts rows of a day, whether or not there is a place for it.
func (c *dayCounts) more(d dataset.Day, rows int64) {
	switch {
	case d == NoDay || rows == 0:
		return
	case d < nearFirst || d >= nearFirst+nearDays:
		if c.far == nil {
			c.far = map[dataset.Day]int64{}
		}
		c.far[d] += rows
		return
	}
	c.reach(d)
	c.n[d-c.first] += rows
}

// reach makes place for a day, and for some more so that it is seldom called.
func (c *dayCounts) reach(d dataset.Day) {
	end := c.first + dataset.Day(len(c.n))
	if len(c.n) > 0 && d >= c.first && d < end {
		return
	}
	from, to := d, d+1
	if len(c.n) > 0 {
		from, to = min(d, c.first), max(d+1, end)
	}
	slack := dataset.Day(64 + len(c.n)/2)
	from, to = max(from-slack, nearFirst), min(to+slack, nearFirst+nearDays)
	n := make([]int64, to-from)
	if len(c.n) > 0 {
		copy(n[c.first-from:], c.n)
	}
	c.first, c.n = from, n
}

func (c *dayCounts) each(f func(d dataset.Day, rows int64)) {
	for i, n := range c.n {
		if n != 0 {
			f(c.first+dataset.Day(i), n)
		}
	}
	for d, n := range c.far {
		f(d, n)
	}
}

func (c *dayCounts) merge(o *dayCounts) { o.each(c.more) }

// span returns the first and the last day, NoDay when there is none.
func (c *dayCounts) span() (first, last dataset.Day) {
	first, last = math.MaxInt32, NoDay
	c.each(func(d dataset.Day, _ int64) { first, last = min(first, d), max(last, d) })
	if last == NoDay {
		first = NoDay
	}
	return first, last
}

// after counts the rows later than a day.
func (c *dayCounts) after(day dataset.Day) int64 {
	var late int64
	c.each(func(d dataset.Day, n int64) {
		if d > day {
			late += n
		}
	})
	return late
}

// periods tells the period of a day without asking the calendar each time. It may be read by several goroutines.
type periods struct {
	calendar dataset.Calendar
	grain    dataset.Grain
	first    dataset.Day
	of       []int32 // by day since first
}

// newPeriods knows the days of a table by heart.
func newPeriods(req *dataset.Request, days *dayCounts) *periods {
	p := &periods{calendar: req.Calendar, grain: req.Grain}
	if days == nil || len(days.n) == 0 {
		return p
	}
	p.first, p.of = days.first, make([]int32, len(days.n))
	for i := range p.of {
		p.of[i] = p.calendar.PeriodOf(p.grain, p.first+dataset.Day(i))
	}
	return p
}

func (p *periods) at(d dataset.Day) int32 {
	if i := int64(d) - int64(p.first); uint64(i) < uint64(len(p.of)) {
		return p.of[i]
	}
	return p.calendar.PeriodOf(p.grain, d)
}

package i18n

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"parcours/report/dataset"
)

// words are the names that formats need, read once from the catalogue; English where it has none.
type words struct {
	months, shortMonths        [12]string
	first                      string // first day of a month: "1er"
	points, days               string
	thousand, million, billion string
	week, month, quarter       string // letter of an age
	quarterName                string // letter of a calendar quarter
	and                        string
	hour, minute               string
	weekOf                     string
}

func (l *Locale) readWords() words {
	word := func(id, fallback string) string {
		if l.Has(id) {
			return l.T(id)
		}
		return fallback
	}
	w := words{
		first: word("format-first-of-month", "1"), points: word("format-points", "pp"), days: word("format-days", "d"),
		thousand: word("format-thousand", "k"), million: word("format-million", "M"), billion: word("format-billion", "bn"),
		week: word("format-age-week", "W"), month: word("format-age-month", "M"), quarter: word("format-age-quarter", "Q"),
		quarterName: word("format-quarter", "Q"), and: word("format-and", "and"),
		hour: word("format-hours", "h"), minute: word("format-minutes", "min"),
		weekOf: word("format-week-of", "week of"),
	}
	for i := range 12 {
		name := time.Month(i + 1).String()
		n := strconv.Itoa(i + 1)
		w.months[i] = word("format-month-"+n, name)
		w.shortMonths[i] = word("format-month-short-"+n, name[:3])
	}
	return w
}

// Day writes a date in full: "31 octobre 2026".
func (l *Locale) Day(d dataset.Day) string { return l.day(d, l.words.months) }

// DayShort writes a date with a short month: "31 oct. 2026".
func (l *Locale) DayShort(d dataset.Day) string { return l.day(d, l.words.shortMonths) }

func (l *Locale) day(d dataset.Day, months [12]string) string {
	y, m, n := dataset.Date(d)
	day := strconv.Itoa(n)
	if n == 1 {
		day = l.words.first
	}
	return fmt.Sprintf("%s %s %d", day, months[m-1], y)
}

// Period writes a period in full: "octobre 2026", "T4 2026", "semaine du 5 octobre 2026".
func (l *Locale) Period(cal dataset.Calendar, g dataset.Grain, p int32) string {
	if g == dataset.Week {
		return l.words.weekOf + " " + l.Day(cal.Start(g, p))
	}
	return l.period(cal, g, p, l.words.months)
}

// PeriodShort writes a period for an axis or a row heading: "oct. 2026", "T4 2026", "5 oct. 2026".
func (l *Locale) PeriodShort(cal dataset.Calendar, g dataset.Grain, p int32) string {
	if g == dataset.Week {
		return l.DayShort(cal.Start(g, p))
	}
	return l.period(cal, g, p, l.words.shortMonths)
}

func (l *Locale) period(cal dataset.Calendar, g dataset.Grain, p int32, months [12]string) string {
	if g == dataset.Quarter {
		year, quarter, _ := strings.Cut(cal.Key(g, p), "-Q")
		return l.words.quarterName + quarter + " " + year
	}
	y, m, _ := dataset.Date(cal.Start(g, p))
	return fmt.Sprintf("%s %d", months[m-1], y)
}

// Age names the n-th period after acquisition: "M1", and in French "S1" for weeks, "T1" for quarters.
func (l *Locale) Age(g dataset.Grain, n int32) string {
	letter := l.words.month
	switch g {
	case dataset.Week:
		letter = l.words.week
	case dataset.Quarter:
		letter = l.words.quarter
	}
	return letter + strconv.Itoa(int(n))
}

// Minutes writes a duration with its two largest units: "45 min", "2 h 05", "3 j 4 h".
func (l *Locale) Minutes(minutes int32) string {
	n, w := int64(minutes), l.words
	if n < 0 {
		return Minus + l.minutes(-n, w)
	}
	return l.minutes(n, w)
}

func (l *Locale) minutes(n int64, w words) string {
	switch {
	case n < 60:
		return fmt.Sprintf("%d"+NBSP+"%s", n, w.minute)
	case n < 24*60 && n%60 == 0:
		return fmt.Sprintf("%d"+NBSP+"%s", n/60, w.hour)
	case n < 24*60:
		return fmt.Sprintf("%d"+NBSP+"%s"+NBSP+"%02d", n/60, w.hour, n%60)
	}
	s := l.Int(n/(24*60)) + NBSP + w.days
	if h := n % (24 * 60) / 60; h > 0 {
		s += fmt.Sprintf(NBSP+"%d"+NBSP+"%s", h, w.hour)
	}
	return s
}

// Days writes a number of days with its unit: "45 j".
func (l *Locale) Days(n float64) string {
	if !finite(n) {
		return unknown
	}
	return l.Dec(n, 0) + NBSP + l.words.days
}

// List joins items: "a, b et c".
func (l *Locale) List(items []string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " " + l.words.and + " " + items[last]
}

package expression

import "time"

// ParseDay reads 2006-01-02 or 20060102.
func ParseDay(s string) (days int64, ok bool) {
	layout := time.DateOnly
	if len(s) == 8 {
		layout = "20060102"
	}
	t, err := time.Parse(layout, s)
	if err != nil {
		return 0, false
	}
	return t.Unix() / 86400, t.Unix()%86400 == 0
}

// Moment is a point in time as text says it.
type Moment struct {
	Micro   int64 // µs since 1970-01-01, of UTC when Zoned, else of the wall clock
	Zoned   bool
	DayOnly bool
}

// ParseMoment reads ISO 8601 and what databases print: 2006-01-02, 20060102, 2006-01-02 15:04, with or without
// seconds, fractions, T, Z, " UTC" or an offset such as +02:00, +0200 or +02.
func ParseMoment(s string) (Moment, bool) {
	for len(s) > 0 && s[0] == ' ' {
		s = s[1:]
	}
	for len(s) > 0 && s[len(s)-1] == ' ' {
		s = s[:len(s)-1]
	}
	if len(s) == 8 {
		days, ok := ParseDay(s)
		return Moment{Micro: days * 86400e6, DayOnly: true}, ok
	}
	p := scanner{s: s}
	y, m, d := p.number(4), p.after('-').number(2), p.after('-').number(2)
	if p.bad || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
		return Moment{}, false
	}
	midnight := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).UnixMicro()
	if p.s == "" {
		return Moment{Micro: midnight, DayOnly: true}, true
	}
	if p.s[0] != 'T' && p.s[0] != ' ' && p.s[0] != 't' {
		return Moment{}, false
	}
	p.s = p.s[1:]
	clock := p.clock()
	offset, zoned := p.zone()
	if p.bad || p.s != "" {
		return Moment{}, false
	}
	return Moment{Micro: midnight + clock - offset, Zoned: zoned}, true
}

func daysIn(y, m int) int { return time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC).Day() }

// scanner reads fixed shapes off the front of a text; the first mismatch sets bad.
type scanner struct {
	s   string
	bad bool
}

func (p *scanner) number(digits int) int {
	if len(p.s) < digits {
		p.bad = true
		return 0
	}
	n := 0
	for i := range digits {
		c := p.s[i]
		if c < '0' || c > '9' {
			p.bad = true
			return 0
		}
		n = n*10 + int(c-'0')
	}
	p.s = p.s[digits:]
	return n
}

func (p *scanner) after(c byte) *scanner {
	if p.s == "" || p.s[0] != c {
		p.bad = true
		return p
	}
	p.s = p.s[1:]
	return p
}

// clock reads 15:04, 15:04:05 or 15:04:05.999999999 and returns µs since midnight.
func (p *scanner) clock() int64 {
	h, m := p.number(2), p.after(':').number(2)
	sec, micro := 0, int64(0)
	if p.s != "" && p.s[0] == ':' {
		sec = p.after(':').number(2)
		if p.s != "" && (p.s[0] == '.' || p.s[0] == ',') {
			p.s = p.s[1:]
			unit := int64(1e5)
			for p.s != "" && p.s[0] >= '0' && p.s[0] <= '9' {
				micro += int64(p.s[0]-'0') * unit
				unit /= 10
				p.s = p.s[1:]
			}
		}
	}
	if h > 23 || m > 59 || sec > 60 {
		p.bad = true
	}
	return int64(h*3600+m*60+sec)*1e6 + micro
}

// zone reads what may follow the clock and returns the offset east of UTC in µs.
func (p *scanner) zone() (offset int64, zoned bool) {
	switch p.s {
	case "":
		return 0, false
	case "Z", "z", " UTC", "UTC", " Z", " GMT":
		p.s = ""
		return 0, true
	}
	if p.s[0] == ' ' {
		p.s = p.s[1:]
	}
	if p.s == "" || (p.s[0] != '+' && p.s[0] != '-') {
		p.bad = true
		return 0, false
	}
	sign := int64(1)
	if p.s[0] == '-' {
		sign = -1
	}
	p.s = p.s[1:]
	h, m := p.number(2), 0
	if p.s != "" && p.s[0] == ':' {
		p.s = p.s[1:]
	}
	if p.s != "" {
		m = p.number(2)
	}
	if h > 18 || m > 59 {
		p.bad = true
	}
	return sign * int64(h*3600+m*60) * 1e6, true
}

package parquetscan

import (
	"math"
	"time"

	"parcours/report/dataset"
	"parcours/report/dataset/expression"
)

const (
	dayMicros  = 86400e6
	firstMicro = -2208988800e6 // 1900-01-01
	lastMicro  = 7289654400e6  // 2201-01-01
)

// zone answers for a time zone how far local clocks are from UTC, remembering the stretch between two transitions
// that it answered from last: rows come close together in time. It serves one goroutine.
type zone struct {
	loc      *time.Location
	from, to int64 // µs UTC
	offset   int64 // µs east of UTC
}

func newZone(loc *time.Location) *zone { return &zone{loc: loc, from: 1, to: 0} }

// at returns the offset at an instant.
func (z *zone) at(utc int64) int64 {
	if utc >= z.from && utc < z.to {
		return z.offset
	}
	t := time.UnixMicro(utc).In(z.loc)
	_, seconds := t.Zone()
	start, end := t.ZoneBounds()
	z.offset, z.from, z.to = int64(seconds)*1e6, math.MinInt64, math.MaxInt64
	if !start.IsZero() {
		z.from = start.UnixMicro()
	}
	if !end.IsZero() {
		z.to = end.UnixMicro()
	}
	return z.offset
}

// margin is more than any offset or change of offset.
const margin = 27 * 3600e6

// instant returns the instant at which local clocks show a wall time. The first of two when clocks went back; when
// they skipped it, as if they had not yet been put forward.
func (z *zone) instant(wall int64) int64 {
	if utc := wall - z.offset; z.from < z.to && utc < z.to && (z.from == math.MinInt64 || utc >= z.from+margin) {
		return utc
	}
	before := z.at(wall - margin)
	utc := wall - before
	after := z.at(utc)
	if after == before {
		return utc
	}
	if later := wall - after; z.at(later) == after {
		return later
	}
	return utc
}

// clock turns values of a time role into instants and report days. It serves one goroutine.
type clock struct {
	local, report *zone
	same          bool
	utcSpan       span
	wallSpan      span
	entries       moments // of a dictionary
	of            *expression.Vector
}

// moments is what a clock makes of values.
type moments struct {
	instant []int64
	day     []dataset.Day
	verdict []uint8
	clean   bool
}

// span is a stretch of values, in µs, of one report day and one difference to UTC.
type span struct {
	from, to int64
	offset   int64 // value − instant
	day      dataset.Day
}

func newClock(local, report *time.Location) *clock {
	return &clock{local: newZone(local), report: newZone(report), same: local.String() == report.String()}
}

// The verdicts on a value. Those on times come first; orders go on with those on amounts.
const (
	good uint8 = iota
	isNull
	isBad
	isLate
	noAmount
	badAmount
	noRate
	foreign // on its way to one of the others
	absent
)

// read converts n values; verdict[i] is good, isNull or isBad. It reports whether all are good.
func (c *clock) read(v *expression.Vector, n int, instant []int64, day []dataset.Day, verdict []uint8) bool {
	instant, day, verdict = instant[:n], day[:n], verdict[:n]
	clear(verdict)
	clean := true
	switch {
	case v.Codes != nil:
		return c.coded(v, n, moments{instant: instant, day: day, verdict: verdict})
	case v.Type.Kind == expression.Time && v.Type.UTC:
		clean = c.utc(v.Int[:n], instant, day, verdict)
	case v.Type.Kind == expression.Time:
		clean = c.wall(v.Int[:n], instant, day, verdict)
	case v.Type.Kind == expression.Day:
		clean = c.days(v.Int[:n], instant, day, verdict)
	default:
		return c.each(v, n, instant, day, verdict)
	}
	if v.Null != nil {
		for i, null := range v.Null[:n] {
			if null {
				verdict[i], clean = isNull, false
			}
		}
	}
	return clean
}

// utc converts instants. Those of the day before cost a comparison.
func (c *clock) utc(in, instant []int64, day []dataset.Day, verdict []uint8) bool {
	s, clean := c.utcSpan, true
	for i, x := range in {
		if x < s.from || x >= s.to {
			if x < firstMicro || x >= lastMicro {
				verdict[i], clean = isBad, false
				continue
			}
			s = c.report.span(x)
		}
		instant[i], day[i] = x, s.day
	}
	c.utcSpan = s
	return clean
}

// span returns the stretch around an instant in which the day and the offset stay.
func (z *zone) span(utc int64) span {
	offset := z.at(utc)
	d := expression.FloorDiv(utc+offset, dayMicros)
	midnight := d*dayMicros - offset
	return span{from: max(midnight, z.from, firstMicro), to: min(midnight+dayMicros, z.to, lastMicro), day: dataset.Day(d)}
}

// wall converts times of local clocks.
func (c *clock) wall(in, instant []int64, day []dataset.Day, verdict []uint8) bool {
	s, clean := c.wallSpan, true
	for i, x := range in {
		if x < s.from || x >= s.to {
			utc, d, ok := c.wallOne(x)
			if !ok {
				verdict[i], clean = isBad, false
				continue
			}
			instant[i], day[i] = utc, d
			s = c.around(x, utc, d)
			continue
		}
		instant[i], day[i] = x-s.offset, s.day
	}
	c.wallSpan = s
	return clean
}

func (c *clock) wallOne(wall int64) (utc int64, d dataset.Day, ok bool) {
	if wall < firstMicro || wall >= lastMicro {
		return 0, 0, false
	}
	utc = c.local.instant(wall)
	if c.same {
		return utc, dataset.Day(expression.FloorDiv(wall, dayMicros)), true
	}
	if utc < firstMicro || utc >= lastMicro {
		return 0, 0, false
	}
	return utc, dataset.Day(expression.FloorDiv(utc+c.report.at(utc), dayMicros)), true
}

// around returns the stretch of wall times around one that are as far from UTC and of the same report day; an empty one near
// a change of the local clock.
func (c *clock) around(wall, utc int64, d dataset.Day) span {
	z := c.local
	offset := wall - utc
	if offset != z.offset || z.from >= z.to || utc >= z.to || z.from != math.MinInt64 && utc < z.from+margin {
		return span{from: 1}
	}
	s := span{from: firstMicro, to: lastMicro, offset: offset, day: d}
	if z.from != math.MinInt64 {
		s.from = max(s.from, z.from+margin+offset)
	}
	if z.to != math.MaxInt64 {
		s.to = min(s.to, z.to+offset)
	}
	if c.same {
		s.from, s.to = max(s.from, int64(d)*dayMicros), min(s.to, (int64(d)+1)*dayMicros)
		return s
	}
	r := c.report.span(utc)
	s.from, s.to = max(s.from, r.from+offset), min(s.to, r.to+offset)
	return s
}

// days converts civil days: one is that day everywhere.
func (c *clock) days(in, instant []int64, day []dataset.Day, verdict []uint8) bool {
	clean, last, begin := true, int64(0), c.report.instant(0)
	for i, d := range in {
		if d != last {
			if d < firstMicro/dayMicros || d >= lastMicro/dayMicros {
				verdict[i], clean = isBad, false
				continue
			}
			last, begin = d, c.report.instant(d*dayMicros)
		}
		instant[i], day[i] = begin, dataset.Day(d)
	}
	return clean
}

// coded converts the entries of a dictionary once.
func (c *clock) coded(v *expression.Vector, n int, out moments) bool {
	e := &c.entries
	if c.of != v.Dict {
		size := len(v.Dict.Text)
		e.instant, e.day, e.verdict = grow(e.instant, size), grow(e.day, size), grow(e.verdict, size)
		c.each(v.Dict, size, e.instant, e.day, e.verdict)
		e.clean = true
		for _, x := range e.verdict[:size-1] { // the last entry is null
			e.clean = e.clean && x == good
		}
		c.of = v.Dict
	}
	for i, code := range v.Codes[:n] {
		out.instant[i], out.day[i], out.verdict[i] = e.instant[code], e.day[code], e.verdict[code]
	}
	if e.clean && v.Null == nil {
		return true
	}
	for _, x := range out.verdict {
		if x != good {
			return false
		}
	}
	return true
}

// each converts values of any type one by one.
func (c *clock) each(v *expression.Vector, n int, instant []int64, day []dataset.Day, verdict []uint8) bool {
	clean := true
	for i := range n {
		if instant[i], day[i], verdict[i] = c.one(v, i); verdict[i] != good {
			clean = false
		}
	}
	return clean
}

func (c *clock) one(v *expression.Vector, i int) (int64, dataset.Day, uint8) {
	if v.IsNull(i) {
		return 0, 0, isNull
	}
	m, zoned, ok := momentOf(v, i)
	if ok && !zoned && !m.DayOnly {
		utc, d, ok := c.wallOne(m.Micro)
		if !ok {
			return 0, 0, isBad
		}
		return utc, d, good
	}
	if !ok || m.Micro < firstMicro || m.Micro >= lastMicro {
		if v.Type.Kind == expression.Text && v.Text[i] == "" || v.Type.Kind == expression.Float && math.IsNaN(v.Float[i]) {
			return 0, 0, isNull
		}
		return 0, 0, isBad
	}
	if m.DayOnly { // a civil day is that day everywhere
		return c.report.instant(m.Micro), dataset.Day(expression.FloorDiv(m.Micro, dayMicros)), good
	}
	return m.Micro, dataset.Day(expression.FloorDiv(m.Micro+c.report.at(m.Micro), dayMicros)), good
}

// momentOf reads one value; zoned says that Micro is of UTC.
func momentOf(v *expression.Vector, i int) (m expression.Moment, zoned, ok bool) {
	switch v.Type.Kind {
	case expression.Day:
		d := v.Int[i]
		return expression.Moment{Micro: d * dayMicros, DayOnly: true}, false, d > -1e6 && d < 1e6
	case expression.Time:
		return expression.Moment{Micro: v.Int[i]}, v.Type.UTC, true
	case expression.Text:
		m, ok = expression.ParseMoment(v.Text[i])
		return m, m.Zoned, ok
	case expression.Float:
		x := v.Float[i]
		if !(math.Abs(x) < 1e18) {
			return m, true, false
		}
		if math.Abs(x) < 1e11 { // seconds with a fraction
			if whole := int64(x); whole < 19000101 || whole > 22001231 || float64(whole) != x {
				return expression.Moment{Micro: int64(math.Round(x * 1e6))}, true, true
			}
		}
		return epoch(int64(x))
	case expression.Decimal:
		x, _ := expression.Rescale(v.Int[i], v.Type.Scale, 0)
		return epoch(x)
	}
	return epoch(v.Int[i])
}

// epoch reads 20261031, or seconds, milliseconds, microseconds or nanoseconds since 1970 by magnitude.
func epoch(x int64) (m expression.Moment, zoned, ok bool) {
	if x >= 19000101 && x <= 22001231 {
		y, mo, d := int(x/10000), int(x/100%100), int(x%100)
		if t := time.Date(y, time.Month(mo), d, 0, 0, 0, 0, time.UTC); t.Day() == d && int(t.Month()) == mo {
			return expression.Moment{Micro: t.UnixMicro(), DayOnly: true}, false, true
		}
	}
	a := max(x, -x)
	switch {
	case a < 1e11:
		x *= 1e6
	case a < 1e14:
		x *= 1e3
	case a < 1e17:
	default:
		x = expression.FloorDiv(x, 1000)
	}
	return expression.Moment{Micro: x}, true, true
}

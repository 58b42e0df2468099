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
}

func newClock(local, report *time.Location) *clock {
	return &clock{local: newZone(local), report: newZone(report), same: local.String() == report.String()}
}

// The verdicts on a value.
const (
	good uint8 = iota
	isNull
	isBad
)

// read converts n values; verdict[i] is good, isNull or isBad.
func (c *clock) read(v *expression.Vector, n int, instant []int64, day []dataset.Day, verdict []uint8) {
	for i := range n {
		verdict[i] = good
		if v.IsNull(i) {
			verdict[i] = isNull
			continue
		}
		m, zoned, ok := momentOf(v, i)
		if ok && !zoned && !m.DayOnly {
			ok = m.Micro >= firstMicro && m.Micro < lastMicro
			if ok {
				wall := m.Micro
				m.Micro = c.local.instant(wall)
				if c.same {
					instant[i], day[i] = m.Micro, dataset.Day(expression.FloorDiv(wall, dayMicros))
					continue
				}
			}
		}
		if !ok || m.Micro < firstMicro || m.Micro >= lastMicro {
			verdict[i] = isBad
			if v.Type.Kind == expression.Text && v.Text[i] == "" || v.Type.Kind == expression.Float && math.IsNaN(v.Float[i]) {
				verdict[i] = isNull
			}
			continue
		}
		if m.DayOnly { // a civil day is that day everywhere
			day[i] = dataset.Day(expression.FloorDiv(m.Micro, dayMicros))
			instant[i] = c.report.instant(m.Micro)
			continue
		}
		instant[i] = m.Micro
		day[i] = dataset.Day(expression.FloorDiv(m.Micro+c.report.at(m.Micro), dayMicros))
	}
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

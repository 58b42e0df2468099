package tally

import (
	"cmp"
	"slices"

	"parcours/report/dataset"
)

// click is an event at a touchpoint.
type click struct {
	instant    int64
	day        dataset.Day
	touchpoint uint32
}

func (c click) compare(d click) int {
	return cmp.Or(cmp.Compare(c.day, d.day), cmp.Compare(c.instant, d.instant), cmp.Compare(c.touchpoint, d.touchpoint))
}

func (c click) before(d click) bool {
	if c.day != d.day {
		return c.day < d.day
	}
	if c.instant != d.instant {
		return c.instant < d.instant
	}
	return c.touchpoint < d.touchpoint
}

// sortClicks sorts the events of a customer. They mostly come in their order, and are few.
func sortClicks(events []click) {
	if len(events) > 48 {
		slices.SortFunc(events, click.compare)
		return
	}
	for i := 1; i < len(events); i++ {
		e, at := events[i], i
		for ; at > 0 && e.before(events[at-1]); at-- {
			events[at] = events[at-1]
		}
		events[at] = e
	}
}

// The widths of records: customer and touchpoint, instant and day; customer, instant, day and touchpoint.
const (
	shortEvent = 2
	longEvent  = 4
)

// Events adds touchpoint events. It serves one goroutine; several may add at the same time.
type Events struct {
	t         *Tally
	limit     dataset.Day
	days      dayCounts
	anonymous sums[int64] // events without customer by touchpoint and day
	records   recorder
}

// Events returns a new place to add events.
func (t *Tally) Events() *Events {
	return &Events{t: t, limit: t.limit(), records: t.eventRecords().recorder()}
}

func (t *Tally) eventRecords() *records {
	return t.recordsOf(&t.events, shortEvent, longEvent, t.plan.PartsOf("events"), labelPlace{0, false}, labelPlace{3, false})
}

// Add adds touchpoint events.
func (e *Events) Add(r *EventRows) {
	for i, day := range r.Day {
		e.days.add(day)
		k := r.Customer[i]
		switch {
		case day > e.limit:
		case k.Null():
			*e.anonymous.at(cell{uint64(r.Touchpoint[i]), uint64(uint32(day))})++
		default:
			e.record(k, r.Instant[i], day, r.Touchpoint[i])
		}
	}
}

func (e *Events) record(k Key, instant int64, day dataset.Day, touchpoint uint32) {
	part := partOf(k, e.records.parts)
	id, small := smallKey(k)
	moment, near := packMoment(instant, day)
	if small && near {
		w := e.records.short.Room(part)
		_ = w[1]
		w[0], w[1] = id<<32|uint64(touchpoint), moment
		return
	}
	w := e.records.long.Room(part)
	_ = w[3]
	w[0], w[1], w[2], w[3] = k[0], k[1], uint64(instant), pack(day, touchpoint)
}

// Flush says that all rows were added. It is called before Finish.
func (e *Events) Flush() error {
	e.t.mu.Lock()
	e.t.seen(eventsTable, &e.days)
	e.t.anonymous.merge(&e.anonymous, addCount)
	e.t.mu.Unlock()
	return e.records.flush()
}

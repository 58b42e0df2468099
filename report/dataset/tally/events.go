package tally

import (
	"cmp"
	"slices"
	"strings"

	"parcours/report/dataset"
)

// click is an event at a touchpoint.
type click struct {
	instant              int64
	day                  dataset.Day
	customer, touchpoint uint32
}

func (c click) compare(d click) int {
	return cmp.Or(cmp.Compare(c.day, d.day), cmp.Compare(c.instant, d.instant), cmp.Compare(c.touchpoint, d.touchpoint))
}

// AddEvents adds touchpoint events.
func (t *Tally) AddEvents(r *EventRows) {
	for i, day := range r.Day {
		t.seen(eventsTable, day)
		p := &t.clicks[r.Customer[i].spread()%shardCount]
		p.add(click{r.Instant[i], day, p.id(r.Customer[i]), t.texts.of(r.Touchpoint[i])})
	}
}

type touchKey struct {
	touchpoint uint32
	period     int32
}

type stepKey struct {
	pair   int
	period int32
}

// journeys counts events by touchpoint and the passage between consecutive ones.
type journeys struct {
	f       *fold
	asOf    dataset.Day
	pairs   []dataset.Pair
	codes   [][2]uint32
	touched counter[touchKey, dataset.TouchpointRow]
	steps   counter[stepKey, dataset.StepRow]
}

func (t *Tally) newJourneys(f *fold, asOf dataset.Day) *journeys {
	j := &journeys{f: f, asOf: asOf, touched: counter[touchKey, dataset.TouchpointRow]{}, steps: counter[stepKey, dataset.StepRow]{}}
	for _, p := range t.req.Touchpoint {
		if !slices.Contains(j.pairs, p) {
			j.pairs = append(j.pairs, p)
			j.codes = append(j.codes, [2]uint32{t.texts.of(p.From), t.texts.of(p.To)})
		}
	}
	return j
}

// addPart counts the events of some customers.
func (j *journeys) addPart(p *part[click]) {
	p.group(func(c *click) uint32 { return c.customer })
	for key, id := range p.ids {
		events := p.of(id)
		slices.SortFunc(events, click.compare)
		for len(events) > 0 && events[len(events)-1].day > j.asOf {
			events = events[:len(events)-1]
		}
		j.addTouchpoints(events, !key.Null())
		if !key.Null() {
			j.addSteps(events)
		}
	}
}

func (j *journeys) addTouchpoints(events []click, identified bool) {
	last := map[uint32]int32{} // touchpoint: last period seen
	for _, e := range events {
		p := j.f.period(e.day)
		row := j.touched.at(touchKey{e.touchpoint, p})
		row.Events++
		if old, ok := last[e.touchpoint]; identified && (!ok || old != p) {
			row.Customers++
			last[e.touchpoint] = p
		}
	}
}

// addSteps counts, by period, whether the customer came from one touchpoint to the next.
func (j *journeys) addSteps(events []click) {
	for i, code := range j.codes {
		seen, period := false, int32(0)
		for at, e := range events {
			if e.touchpoint != code[0] {
				continue
			}
			p := j.f.period(e.day)
			if seen && p == period {
				continue
			}
			seen, period = true, p
			row := j.steps.at(stepKey{i, p})
			row.Entered++
			if j.passed(events, at, code[1]) {
				row.Passed++
			}
		}
	}
}

// passed reports whether an event at to follows events[from] in time: at the same instant will do, except when the
// step leads back to where it started.
func (j *journeys) passed(events []click, from int, to uint32) bool {
	start := events[from]
	sameTime := func(e click) bool { return e.day == start.day && e.instant == start.instant }
	for from > 0 && sameTime(events[from-1]) {
		from--
	}
	for _, e := range events[from:] {
		if e.day-start.day > j.f.req.StepDays {
			return false
		}
		if e.touchpoint == to && (to != start.touchpoint || !sameTime(e)) {
			return true
		}
	}
	return false
}

func (j *journeys) touchpointRows(text []string) []dataset.TouchpointRow {
	out := make([]dataset.TouchpointRow, 0, len(j.touched))
	for k, v := range j.touched {
		v.Touchpoint, v.Period = text[k.touchpoint], k.period
		out = append(out, *v)
	}
	slices.SortFunc(out, func(a, b dataset.TouchpointRow) int {
		return cmp.Or(strings.Compare(a.Touchpoint, b.Touchpoint), cmp.Compare(a.Period, b.Period))
	})
	return out
}

func (j *journeys) stepRows() []dataset.StepRow {
	out := make([]dataset.StepRow, 0, len(j.steps))
	for k, v := range j.steps {
		v.From, v.To, v.Period = j.pairs[k.pair].From, j.pairs[k.pair].To, k.period
		out = append(out, *v)
	}
	slices.SortFunc(out, func(a, b dataset.StepRow) int {
		return cmp.Or(strings.Compare(a.From, b.From), strings.Compare(a.To, b.To), cmp.Compare(a.Period, b.Period))
	})
	return out
}

// otherTables fills the tables that do not come from orders, those of inputs that the request has.
func (t *Tally) otherTables(a *dataset.Aggregates, f *fold, asOf dataset.Day) {
	in := t.req.Tables
	if in.Customers != nil {
		a.Totals.SignUps = t.signUps(asOf)
	}
	if in.Spend != nil {
		a.Acquisition = t.acquisitionRows(f, asOf)
	}
	if in.Messages != nil {
		a.Messages = t.messageRows(f, asOf)
	}
	if in.Surveys != nil {
		a.Scores = t.scoreRows(f, asOf)
	}
	if in.Tickets != nil {
		a.Tickets = t.ticketRows(f, asOf)
	}
	if in.Events == nil {
		return
	}
	j := t.newJourneys(f, asOf)
	for i := range t.clicks {
		j.addPart(&t.clicks[i])
		t.clicks[i] = part[click]{}
	}
	a.Touchpoints, a.Steps = j.touchpointRows(t.texts.text), j.stepRows()
}

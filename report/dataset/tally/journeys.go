package tally

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"parcours/report/dataset"
)

// touch counts events at a touchpoint in a period, and the customers who have any.
type touch struct {
	events, customers int64
	last              int64 // number of the customer counted last
}

// step counts the customers at the first touchpoint of a pair in a period, and those who went on to the second.
type step struct{ entered, passed int64 }

// journeys is what the goroutines that count events know.
type journeys struct {
	t       *Tally
	asOf    dataset.Day
	periods *periods
	pairs   []dataset.Pair
	to      []uint32  // label of the second touchpoint of a pair
	from    [][]int32 // pairs by label of the first touchpoint; labels beyond have none
}

func (t *Tally) newJourneys(asOf dataset.Day) *journeys {
	j := &journeys{t: t, asOf: asOf, periods: newPeriods(&t.req, t.days[eventsTable])}
	for _, p := range t.req.Touchpoint {
		if slices.Contains(j.pairs, p) {
			continue
		}
		from := int(t.labels.Of(p.From))
		for len(j.from) <= from {
			j.from = append(j.from, nil)
		}
		j.from[from] = append(j.from[from], int32(len(j.pairs)))
		j.pairs, j.to = append(j.pairs, p), append(j.to, t.labels.Of(p.To))
	}
	return j
}

// span returns the first and the last period of the events that count.
func (j *journeys) span() (first, last int32) {
	days := j.t.days[eventsTable]
	if days == nil {
		return 0, -1
	}
	from, to := days.span()
	return j.periods.at(from), j.periods.at(min(to, j.asOf))
}

// walk counts the events of some partitions. It serves one goroutine.
type walk struct {
	*journeys
	touched  *plot[touch] // by touchpoint
	steps    *plot[step]  // by pair
	customer int64        // number of the customer being counted, from 1

	throngs map[Key]int // customers of the partition who are counted already
	others  int64       // records of the others

	people people
	who    []int32 // customer of an event
	events []click
	sorted []click // by customer
	ends   []int32
}

// addPart counts the events of a partition.
func (w *walk) addPart(ctx context.Context, part int) error {
	crowd, err := w.countThrongs(ctx, part)
	if err != nil {
		return err
	}
	w.throngs, w.others = nil, w.t.events.count(part)
	if crowd != nil {
		w.throngs, w.others = crowd.who, w.others-crowd.records
	}
	return w.t.events.inTurns(part, w.others, func(now turn) error {
		w.people.reset()
		room := int(w.others/int64(now.of)) * 9 / 8
		w.who, w.events = slices.Grow(w.who[:0], room), slices.Grow(w.events[:0], room)
		err := w.eachEvent(ctx, part, func(k Key, e click) { w.take(k, e, now) })
		if err != nil {
			return err
		}
		w.group()
		start := int32(0)
		for _, end := range w.ends {
			w.add(w.sorted[start:end])
			start = end
		}
		return nil
	})
}

// eachEvent calls f with all events of a partition.
func (j *journeys) eachEvent(ctx context.Context, part int, f func(k Key, e click)) error {
	return j.t.events.each(ctx, part, func(recs []uint64) {
		for ; len(recs) >= shortEvent; recs = recs[shortEvent:] {
			instant, day := unpackMoment(recs[1])
			f(Key{1, recs[0] >> 32}, click{instant, day, uint32(recs[0])})
		}
	}, func(recs []uint64) {
		for ; len(recs) >= longEvent; recs = recs[longEvent:] {
			f(Key{recs[0], recs[1]}, click{int64(recs[2]), dataset.Day(int32(recs[3] >> 32)), uint32(recs[3])})
		}
	})
}

func (w *walk) take(k Key, e click, now turn) {
	if e.day > w.asOf || !now.has(k) {
		return
	}
	if len(w.throngs) > 0 {
		if _, ok := w.throngs[k]; ok {
			return
		}
	}
	w.who, w.events = append(w.who, w.people.number(k)), append(w.events, e)
}

// group brings the events of each customer together, by counting.
func (w *walk) group() {
	n := len(w.people.keys)
	w.ends = slices.Grow(w.ends[:0], n)[:n]
	clear(w.ends)
	for _, c := range w.who {
		w.ends[c]++
	}
	start := int32(0)
	for c, size := range w.ends {
		w.ends[c] = start
		start += size
	}
	w.sorted = slices.Grow(w.sorted[:0], len(w.events))[:len(w.events)]
	for i, c := range w.who {
		w.sorted[w.ends[c]] = w.events[i]
		w.ends[c]++
	}
}

// add counts the events of one customer.
func (w *walk) add(events []click) {
	sortClicks(events)
	w.customer++
	for i, e := range events {
		p := w.periods.at(e.day)
		row := w.touched.at(e.touchpoint, p)
		row.events++
		if row.last == w.customer {
			continue
		}
		row.last = w.customer
		row.customers++
		if int(e.touchpoint) < len(w.from) {
			w.enter(events, i, p)
		}
	}
}

// enter counts the first event of a customer at a touchpoint in a period for the pairs that begin there.
func (w *walk) enter(events []click, at int, period int32) {
	for _, pair := range w.from[events[at].touchpoint] {
		row := w.steps.at(uint32(pair), period)
		row.entered++
		if w.passed(events, at, w.to[pair]) {
			row.passed++
		}
	}
}

// passed reports whether an event at to follows events[from] in time: at the same instant will do, except when the
// step leads back to where it started.
func (w *walk) passed(events []click, from int, to uint32) bool {
	start := events[from]
	sameTime := func(e click) bool { return e.day == start.day && e.instant == start.instant }
	for from > 0 && sameTime(events[from-1]) {
		from--
	}
	for _, e := range events[from:] {
		if e.day-start.day > w.t.req.StepDays {
			return false
		}
		if e.touchpoint == to && (to != start.touchpoint || !sameTime(e)) {
			return true
		}
	}
	return false
}

// journeyRows counts events by touchpoint, and the passage between consecutive ones.
func (t *Tally) journeyRows(ctx context.Context, a *dataset.Aggregates, asOf dataset.Day) error {
	j := t.newJourneys(asOf)
	var walks []*walk
	first, last := j.span()
	err := t.eachPart(ctx, t.events.parts(), func() func(int) error {
		w := &walk{journeys: j, touched: newPlot[touch](first, last), steps: newPlot[step](first, last)}
		walks = append(walks, w)
		return func(part int) error { return w.addPart(ctx, part) }
	})
	if err != nil {
		return err
	}
	var touched sums[touch]
	var steps sums[step]
	for _, w := range walks {
		w.touched.each(func(touchpoint uint32, period int32, row *touch) {
			if row.events > 0 {
				to := touched.at(cell{uint64(touchpoint), uint64(uint32(period))})
				to.events, to.customers = to.events+row.events, to.customers+row.customers
			}
		})
		w.steps.each(func(pair uint32, period int32, row *step) {
			if row.entered > 0 {
				to := steps.at(cell{uint64(pair), uint64(uint32(period))})
				to.entered, to.passed = to.entered+row.entered, to.passed+row.passed
			}
		})
	}
	for i, c := range t.anonymous.cells {
		if day := dataset.Day(int32(c[1])); day <= asOf {
			touched.at(cell{c[0], uint64(uint32(j.periods.at(day)))}).events += t.anonymous.rows[i]
		}
	}
	a.Touchpoints, a.Steps = t.touchpointRows(&touched), j.stepRows(&steps)
	return nil
}

func (t *Tally) touchpointRows(touched *sums[touch]) []dataset.TouchpointRow {
	out := make([]dataset.TouchpointRow, len(touched.rows))
	for i, c := range touched.cells {
		r := &touched.rows[i]
		out[i] = dataset.TouchpointRow{
			Touchpoint: t.label(uint32(c[0])), Period: int32(c[1]), Events: r.events, Customers: r.customers,
		}
	}
	slices.SortFunc(out, func(a, b dataset.TouchpointRow) int {
		return cmp.Or(strings.Compare(a.Touchpoint, b.Touchpoint), cmp.Compare(a.Period, b.Period))
	})
	return out
}

func (j *journeys) stepRows(steps *sums[step]) []dataset.StepRow {
	out := make([]dataset.StepRow, len(steps.rows))
	for i, c := range steps.cells {
		pair, r := j.pairs[c[0]], &steps.rows[i]
		out[i] = dataset.StepRow{From: pair.From, To: pair.To, Period: int32(c[1]), Entered: r.entered, Passed: r.passed}
	}
	slices.SortFunc(out, func(a, b dataset.StepRow) int {
		return cmp.Or(strings.Compare(a.From, b.From), strings.Compare(a.To, b.To), cmp.Compare(a.Period, b.Period))
	})
	return out
}

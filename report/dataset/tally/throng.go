package tally

import "context"

// Some identifiers are those of nobody: a guest, a test, a till. Half of all events may have one, too many to be brought
// together and sorted. What is asked of a customer's events can be had without, in two passes: the first finds when each
// touchpoint was met first in each period, the second which of these steps were passed.

// throngs are such customers of a partition.
type throngs struct {
	*journeys
	who     map[Key]int
	met     sums[meeting] // by customer, touchpoint and period
	pending [][]entry     // by customer and pair: steps that were not passed yet
	records int64
}

// meeting is a touchpoint that a customer met in a period.
type meeting struct {
	events int64
	first  click
}

// entry is a step that a customer entered.
type entry struct {
	click
	period int32
}

// earlier reports whether a click comes before another in time.
func (c click) earlier(d click) bool { return c.day < d.day || c.day == d.day && c.instant < d.instant }

// throngFactor is the number of turns of a partition from which on it is asked who has many of the records.
const throngFactor = 4

// throngs finds the customers who have many of the records of a partition, and counts their events. It returns nil when
// there are none.
func (w *walk) countThrongs(ctx context.Context, part int) (*throngs, error) {
	r := w.t.events
	turns := r.count(part) / r.turn
	if turns < throngFactor {
		return nil, nil
	}
	t := &throngs{journeys: w.journeys}
	if err := t.find(ctx, part, int(2*turns)); err != nil || len(t.who) == 0 {
		return nil, err
	}
	if err := w.eachEvent(ctx, part, t.meet); err != nil {
		return nil, err
	}
	t.enter(w)
	return t, w.eachEvent(ctx, part, func(k Key, e click) { t.pass(w, k, e) })
}

// find fills who with all customers who have more than 1/(most+1) of the records, and some others: the algorithm of Misra
// and Gries, Finding repeated elements, Science of Computer Programming 2 (1982).
func (t *throngs) find(ctx context.Context, part, most int) error {
	count := map[Key]int64{}
	err := t.eachEvent(ctx, part, func(k Key, _ click) {
		if n, ok := count[k]; ok || len(count) < most {
			count[k] = n + 1
			return
		}
		for k, n := range count {
			if n == 1 {
				delete(count, k)
			} else {
				count[k] = n - 1
			}
		}
	})
	t.who = map[Key]int{}
	for k := range count {
		t.who[k] = len(t.who)
	}
	return err
}

func (t *throngs) meet(k Key, e click) {
	who, ok := t.who[k]
	if !ok {
		return
	}
	t.records++
	if e.day > t.asOf {
		return
	}
	m := t.met.at(cell{uint64(who), uint64(e.touchpoint), uint64(uint32(t.periods.at(e.day)))})
	if m.events++; m.events == 1 || e.earlier(m.first) {
		m.first = e
	}
}

// enter counts what was met.
func (t *throngs) enter(w *walk) {
	t.pending = make([][]entry, len(t.who)*len(t.pairs))
	for i, c := range t.met.cells {
		who, touchpoint, period, m := int(c[0]), uint32(c[1]), int32(c[2]), &t.met.rows[i]
		row := w.touched.at(touchpoint, period)
		row.events += m.events
		row.customers++
		if int(touchpoint) >= len(t.from) {
			continue
		}
		for _, pair := range t.from[touchpoint] {
			w.steps.at(uint32(pair), period).entered++
			at := who*len(t.pairs) + int(pair)
			t.pending[at] = append(t.pending[at], entry{m.first, period})
		}
	}
}

// pass takes the steps that an event ends from those that are pending.
func (t *throngs) pass(w *walk, k Key, e click) {
	who, ok := t.who[k]
	if !ok || e.day > t.asOf {
		return
	}
	for pair, to := range t.to {
		if to != e.touchpoint {
			continue
		}
		pending := &t.pending[who*len(t.pairs)+pair]
		for i := 0; i < len(*pending); {
			if p := (*pending)[i]; !t.leads(p.click, e) {
				i++
				continue
			}
			w.steps.at(uint32(pair), (*pending)[i].period).passed++
			last := len(*pending) - 1
			(*pending)[i] = (*pending)[last]
			*pending = (*pending)[:last]
		}
	}
}

// leads is what walk.passed asks of one event.
func (t *throngs) leads(from, e click) bool {
	if e.earlier(from) || e.day-from.day > t.t.req.StepDays {
		return false
	}
	return e.touchpoint != from.touchpoint || from.earlier(e)
}

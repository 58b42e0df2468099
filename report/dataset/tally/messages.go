package tally

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"parcours/report/dataset"
)

// stateCount is the number of states of a message.
const stateCount = int(Converted) + 1

// The widths of records: customer, day and state, channel and campaign; with a customer of two words and the day apart.
const (
	shortMessage = 2
	longMessage  = 4
)

// Messages adds message events. It serves one goroutine; several may add at the same time.
type Messages struct {
	t       *Tally
	limit   dataset.Day
	days    dayCounts
	nobody  int64
	records recorder
}

// Messages returns a new place to add message events.
func (t *Tally) Messages() *Messages {
	return &Messages{t: t, limit: t.limit(), records: t.messageRecords().recorder()}
}

func (t *Tally) messageRecords() *records {
	return t.recordsOf(&t.messages, shortMessage, longMessage, t.plan.PartsOf("messages"), labelPlace{1, true}, labelPlace{2, true})
}

// Add adds message events.
func (m *Messages) Add(r *MessageRows) {
	for i, day := range r.Day {
		k := r.Customer[i]
		if k.Null() && day <= m.limit {
			m.nobody++
			continue
		}
		if int(r.State[i]) >= stateCount {
			continue
		}
		m.days.add(day)
		if day <= m.limit {
			m.record(k, day, r.State[i], pack(labelAt(r.Channel, i), labelAt(r.Campaign, i)))
		}
	}
}

func (m *Messages) record(k Key, day dataset.Day, state uint8, labels uint64) {
	part := partOf(k, m.records.parts)
	if id, small := smallKey(k); small && day<<3>>3 == day {
		w := m.records.short.Room(part)
		_ = w[1]
		w[0], w[1] = id<<32|uint64(uint32(day<<3))|uint64(state), labels
		return
	}
	w := m.records.long.Room(part)
	_ = w[3]
	w[0], w[1], w[2], w[3] = k[0], k[1], labels, pack(day, uint32(state))
}

// Flush says that all rows were added. It is called before Finish.
func (m *Messages) Flush() error {
	m.t.mu.Lock()
	m.t.seen(messagesTable, &m.days)
	m.t.nobody[messagesTable] += m.nobody
	m.t.mu.Unlock()
	return m.records.flush()
}

// reached tells when a customer first reached each state of a campaign, as sortable does; 0: never.
type reached [stateCount]uint32

// sortable makes the order of days that of numbers, with a null day as 0.
func sortable(d dataset.Day) uint32 { return uint32(d) ^ 1<<31 }

func fromSortable(n uint32) dataset.Day { return dataset.Day(n ^ 1<<31) }

func (r *reached) has(state uint8) int64 {
	if r[state] == 0 {
		return 0
	}
	return 1
}

// day is that of the first sending or, without one, of the earliest state.
func (r *reached) day() dataset.Day {
	first := r[Sent]
	if first == 0 {
		for _, d := range r {
			if d != 0 && (first == 0 || d < first) {
				first = d
			}
		}
	}
	return fromSortable(first)
}

// mailing counts the messages of some partitions. It serves one goroutine.
type mailing struct {
	t       *Tally
	asOf    dataset.Day
	periods *periods
	pairs   sums[reached]            // by customer, channel and campaign
	rows    sums[dataset.MessageRow] // by channel and campaign, and period
}

// addPart counts each pair of customer and campaign once.
func (m *mailing) addPart(ctx context.Context, part int) error {
	return m.t.messages.inTurns(part, m.t.messages.count(part), func(now turn) error {
		m.pairs.reset()
		err := m.t.messages.each(ctx, part, func(recs []uint64) { m.gatherShort(recs, now) }, func(recs []uint64) { m.gatherLong(recs, now) })
		if err != nil {
			return err
		}
		for i, c := range m.pairs.cells {
			m.add(&m.pairs.rows[i], c[2])
		}
		return nil
	})
}

func (m *mailing) gatherShort(recs []uint64, now turn) {
	for ; len(recs) >= shortMessage; recs = recs[shortMessage:] {
		low := uint32(recs[0])
		m.take(Key{1, recs[0] >> 32}, recs[1], dataset.Day(int32(low)>>3), uint8(low&7), now)
	}
}

func (m *mailing) gatherLong(recs []uint64, now turn) {
	for ; len(recs) >= longMessage; recs = recs[longMessage:] {
		m.take(Key{recs[0], recs[1]}, recs[2], dataset.Day(int32(recs[3]>>32)), uint8(recs[3]), now)
	}
}

func (m *mailing) take(k Key, labels uint64, day dataset.Day, state uint8, now turn) {
	if day > m.asOf || !now.has(k) {
		return
	}
	pair := m.pairs.at(cell{k[0], k[1], labels})
	if s, d := &pair[state], sortable(day); *s == 0 || d < *s {
		*s = d
	}
}

func (m *mailing) add(r *reached, labels uint64) {
	row := m.rows.at(cell{labels, uint64(uint32(m.periods.at(r.day())))})
	row.Sent += r.has(Sent)
	row.Delivered += r.has(Delivered)
	row.Opened += r.has(Opened)
	row.Clicked += r.has(Clicked)
	row.Converted += r.has(Converted)
}

// messageRows counts the pairs of customers and campaigns by the states that they reached.
func (t *Tally) messageRows(ctx context.Context, asOf dataset.Day) ([]dataset.MessageRow, error) {
	var all []*mailing
	days := newPeriods(&t.req, t.days[messagesTable])
	err := t.eachPart(ctx, t.messages.parts(), func() func(int) error {
		m := &mailing{t: t, asOf: asOf, periods: days}
		all = append(all, m)
		return func(part int) error { return m.addPart(ctx, part) }
	})
	if err != nil {
		return nil, err
	}
	var rows sums[dataset.MessageRow]
	for _, m := range all {
		rows.merge(&m.rows, func(to, from *dataset.MessageRow) {
			to.Sent += from.Sent
			to.Delivered += from.Delivered
			to.Opened += from.Opened
			to.Clicked += from.Clicked
			to.Converted += from.Converted
		})
	}
	for i, c := range rows.cells {
		r := &rows.rows[i]
		r.Channel, r.Campaign, r.Period = t.label(uint32(c[0]>>32)), t.label(uint32(c[0])), int32(c[1])
	}
	slices.SortFunc(rows.rows, func(a, b dataset.MessageRow) int {
		return cmp.Or(strings.Compare(a.Channel, b.Channel), strings.Compare(a.Campaign, b.Campaign), cmp.Compare(a.Period, b.Period))
	})
	return rows.rows, nil
}

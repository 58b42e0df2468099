package tally

import (
	"cmp"
	"slices"
	"strings"

	"parcours/report/dataset"
)

// Surveys adds survey answers. It serves one goroutine; several may add at the same time.
type Surveys struct {
	t       *Tally
	limit   dataset.Day
	days    dayCounts
	answers sums[int64] // by metric and touchpoint, day and score
}

// Surveys returns a new place to add survey answers.
func (t *Tally) Surveys() *Surveys { return &Surveys{t: t, limit: t.limit()} }

// Add adds survey answers.
func (s *Surveys) Add(r *SurveyRows) {
	for i, day := range r.Day {
		s.days.add(day)
		if day <= s.limit {
			*s.answers.at(cell{pack(r.Metric[i], labelAt(r.Touchpoint, i)), pack(day, r.Score[i])})++
		}
	}
}

// Flush says that all rows were added. It is called before Finish.
func (s *Surveys) Flush() error {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	s.t.seen(surveysTable, &s.days)
	s.t.scores.merge(&s.answers, addCount)
	return nil
}

// scoreRows counts the answers up to as-of; the day of the cell becomes a period.
func (t *Tally) scoreRows(asOf dataset.Day) []dataset.ScoreRow {
	var rows sums[int64]
	days := newPeriods(&t.req, t.days[surveysTable])
	for i, c := range t.scores.cells {
		if day := dataset.Day(int32(c[1] >> 32)); day <= asOf {
			*rows.at(cell{c[0], pack(days.at(day), uint32(c[1]))}) += t.scores.rows[i]
		}
	}
	out := make([]dataset.ScoreRow, len(rows.rows))
	for i, c := range rows.cells {
		out[i] = dataset.ScoreRow{
			Metric: t.label(uint32(c[0] >> 32)), Touchpoint: t.label(uint32(c[0])), Period: int32(c[1] >> 32), Score: int32(c[1]),
			Answers: rows.rows[i],
		}
	}
	slices.SortFunc(out, func(a, b dataset.ScoreRow) int {
		return cmp.Or(strings.Compare(a.Metric, b.Metric), strings.Compare(a.Touchpoint, b.Touchpoint),
			cmp.Compare(a.Period, b.Period), cmp.Compare(a.Score, b.Score))
	})
	return out
}

// Tickets adds support tickets. It serves one goroutine; several may add at the same time.
type Tickets struct {
	t     *Tally
	limit dataset.Day
	given bool // the limit is the end of observation
	days  dayCounts
	count sums[int64] // by channel and bucket, day and day of the reply
}

// Tickets returns a new place to add support tickets.
func (t *Tally) Tickets() *Tickets { return &Tickets{t: t, limit: t.limit(), given: t.req.AsOf != nil} }

// Add adds support tickets.
func (k *Tickets) Add(r *TicketRows) {
	for i, day := range r.Day {
		k.days.add(day)
		if day > k.limit {
			continue
		}
		wait, replied := bucket(r.Minutes[i]), NoDay
		if r.Replied != nil && wait != dataset.NoReply {
			replied = r.Replied[i]
		}
		if k.given {
			wait, replied = answered(wait, replied, k.limit), NoDay
		}
		*k.count.at(cell{pack(labelAt(r.Channel, i), wait), pack(day, replied)})++
	}
}

// answered is the bucket of a ticket as it was known at the end of observation.
func answered(wait int32, replied, asOf dataset.Day) int32 {
	if replied > asOf {
		return dataset.NoReply
	}
	return wait
}

// Flush says that all rows were added. It is called before Finish.
func (k *Tickets) Flush() error {
	k.t.mu.Lock()
	defer k.t.mu.Unlock()
	k.t.seen(ticketsTable, &k.days)
	k.t.tickets.merge(&k.count, addCount)
	return nil
}

// bucket returns the smallest of the bounds that is not exceeded.
func bucket(minutes int32) int32 {
	if minutes < 0 {
		return dataset.NoReply
	}
	for _, b := range dataset.TicketBuckets {
		if minutes <= b {
			return b
		}
	}
	return dataset.TicketBuckets[len(dataset.TicketBuckets)-1]
}

// ticketRows counts the tickets up to as-of by the time to the first reply.
func (t *Tally) ticketRows(asOf dataset.Day) []dataset.TicketRow {
	var rows sums[int64]
	days := newPeriods(&t.req, t.days[ticketsTable])
	for i, c := range t.tickets.cells {
		day, replied := dataset.Day(int32(c[1]>>32)), dataset.Day(int32(c[1]))
		if day > asOf {
			continue
		}
		wait := answered(int32(c[0]), replied, asOf)
		*rows.at(cell{pack(uint32(c[0]>>32), wait), uint64(uint32(days.at(day)))}) += t.tickets.rows[i]
	}
	out := make([]dataset.TicketRow, len(rows.rows))
	for i, c := range rows.cells {
		out[i] = dataset.TicketRow{
			Channel: t.label(uint32(c[0] >> 32)), Period: int32(c[1]), Bucket: int32(c[0]), Tickets: rows.rows[i],
		}
	}
	slices.SortFunc(out, func(a, b dataset.TicketRow) int {
		return cmp.Or(strings.Compare(a.Channel, b.Channel), cmp.Compare(a.Period, b.Period), cmp.Compare(a.Bucket, b.Bucket))
	})
	return out
}

package tally

import (
	"cmp"
	"slices"
	"strings"

	"parcours/report/dataset"
)

// AddCustomers adds rows of customers: the earliest sign-up of each counts.
func (t *Tally) AddCustomers(r *CustomerRows) {
	for i, k := range r.Customer {
		day := NoDay
		if r.SignUp != nil {
			day = r.SignUp[i]
		}
		if k.Null() {
			t.nobody[customersTable]++
			continue
		}
		t.seen(customersTable, day)
		s, ok := t.customers[k]
		switch {
		case day == NoDay:
			s.undated = true
			if !ok {
				s.day = NoDay
			}
		case !ok || s.day == NoDay || day < s.day:
			s.day = day
		}
		t.customers[k] = s
	}
}

// signUp is what is known of a customer's sign-up.
type signUp struct {
	day     dataset.Day // the earliest, NoDay when none has a date
	undated bool        // a row without date says that the customer exists
}

// signUps counts the customers who had signed up by as-of, or at an unknown day.
func (t *Tally) signUps(asOf dataset.Day) int64 {
	var n int64
	for _, s := range t.customers {
		if s.undated || s.day <= asOf {
			n++
		}
	}
	return n
}

type scoreKey struct {
	metric, touchpoint uint32
	day                dataset.Day
	score              int32
}

// AddSurveys adds survey answers.
func (t *Tally) AddSurveys(r *SurveyRows) {
	for i, day := range r.Day {
		t.seen(surveysTable, day)
		t.scores[scoreKey{t.texts.of(r.Metric[i]), t.texts.of(at(r.Touchpoint, i)), day, r.Score[i]}]++
	}
}

// scoreRows counts the answers up to as-of; the day of the key becomes a period.
func (t *Tally) scoreRows(f *fold, asOf dataset.Day) []dataset.ScoreRow {
	rows := counter[scoreKey, int64]{}
	for k, n := range t.scores {
		if k.day <= asOf {
			k.day = f.period(k.day)
			*rows.at(k) += n
		}
	}
	out := make([]dataset.ScoreRow, 0, len(rows))
	for k, n := range rows {
		out = append(out, dataset.ScoreRow{
			Metric: t.texts.text[k.metric], Touchpoint: t.texts.text[k.touchpoint], Period: k.day, Score: k.score, Answers: *n,
		})
	}
	slices.SortFunc(out, func(a, b dataset.ScoreRow) int {
		return cmp.Or(strings.Compare(a.Metric, b.Metric), strings.Compare(a.Touchpoint, b.Touchpoint),
			cmp.Compare(a.Period, b.Period), cmp.Compare(a.Score, b.Score))
	})
	return out
}

type ticketKey struct {
	channel      uint32
	day, replied dataset.Day
	bucket       int32
}

// AddTickets adds support tickets.
func (t *Tally) AddTickets(r *TicketRows) {
	for i, day := range r.Day {
		t.seen(ticketsTable, day)
		k := ticketKey{t.texts.of(at(r.Channel, i)), day, NoDay, bucket(r.Minutes[i])}
		if r.Replied != nil && k.bucket != dataset.NoReply {
			k.replied = r.Replied[i]
		}
		t.tickets[k]++
	}
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

func (t *Tally) ticketRows(f *fold, asOf dataset.Day) []dataset.TicketRow {
	rows := counter[ticketKey, int64]{}
	for k, n := range t.tickets {
		if k.day > asOf {
			continue
		}
		if k.replied > asOf {
			k.bucket = dataset.NoReply
		}
		k.day, k.replied = f.period(k.day), NoDay
		*rows.at(k) += n
	}
	out := make([]dataset.TicketRow, 0, len(rows))
	for k, n := range rows {
		out = append(out, dataset.TicketRow{Channel: t.texts.text[k.channel], Period: k.day, Bucket: k.bucket, Tickets: *n})
	}
	slices.SortFunc(out, func(a, b dataset.TicketRow) int {
		return cmp.Or(strings.Compare(a.Channel, b.Channel), cmp.Compare(a.Period, b.Period), cmp.Compare(a.Bucket, b.Bucket))
	})
	return out
}

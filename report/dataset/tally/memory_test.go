package tally_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"parcours/internal/diag"
	"parcours/report/dataset"
	"parcours/report/dataset/tally"
)

// memory is a Source over rows in memory: it does for a Tally what a scanner does, in batches of random size.
type memory struct {
	rows map[string][]dataset.Row
	rng  *rand.Rand
}

func (m memory) Aggregate(_ context.Context, req dataset.Request) (*dataset.Aggregates, diag.List, error) {
	s := &session{req: req, Tally: tally.New(req, tally.Plan{OrderWords: 2})}
	s.CountRead(int64(len(m.rows["orders"])))
	var batches []func()
	for table, rows := range m.rows {
		rows = slices.Clone(rows)
		m.rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		for len(rows) > 0 {
			batch := rows[:min(len(rows), 1+m.rng.IntN(40))]
			batches = append(batches, func() { s.add(table, batch) })
			rows = rows[len(batch):]
		}
	}
	m.rng.Shuffle(len(batches), func(i, j int) { batches[i], batches[j] = batches[j], batches[i] })
	for _, b := range batches {
		b()
	}
	a, err := s.Finish()
	return a, diag.List{}, err
}

type session struct {
	*tally.Tally
	req dataset.Request
}

func text(r dataset.Row, role string) string {
	s, _ := r[role].(string)
	return s
}

func number(r dataset.Row, role string) int64 {
	n, _ := r[role].(int64)
	return n
}

func key(r dataset.Row, role string) tally.Key { return tally.KeyOf([]byte(text(r, role))) }

// when returns the instant and the day of a row, NoDay when it has none.
func (s *session) when(r dataset.Row, role string) (int64, dataset.Day) {
	at, ok := r[role].(time.Time)
	if !ok {
		return 0, tally.NoDay
	}
	return at.UnixMicro(), s.req.Calendar.DayOf(at)
}

// usable reports whether a row has what it needs and counts it otherwise.
func (s *session) usable(table string, r dataset.Row, roles map[string]dataset.Reason, order ...string) bool {
	if _, day := s.when(r, "time"); s.req.AsOf != nil && day > *s.req.AsOf {
		if table == "orders" || table == "spend" || table == "messages" && r["event"] != nil {
			return true // the tally can count it
		}
		s.AddQuality(dataset.QualityRow{Table: table, Reason: dataset.AfterAsOf, Rows: 1})
		return false
	}
	for _, role := range order {
		if v, ok := r[role]; !ok || v == nil || v == "" {
			s.AddQuality(dataset.QualityRow{Table: table, Reason: roles[role], Rows: 1})
			return false
		}
	}
	return true
}

func (s *session) add(table string, rows []dataset.Row) {
	reasons := map[string]dataset.Reason{
		"time": dataset.NoTime, "amount": dataset.NoAmount, "event": dataset.NoValue, "metric": dataset.NoValue,
		"score": dataset.NoValue, "touchpoint": dataset.NoValue,
	}
	need := map[string][]string{
		"orders": {"time", "amount"}, "spend": {"time", "amount"}, "messages": {"time", "event"},
		"surveys": {"time", "metric", "score"}, "tickets": {"time"}, "events": {"time", "touchpoint"},
	}
	var used []dataset.Row
	for _, r := range rows {
		if s.usable(table, r, reasons, need[table]...) {
			used = append(used, r)
		}
	}
	switch table {
	case "orders":
		s.orders(used)
	case "customers":
		b := &tally.CustomerRows{}
		for _, r := range used {
			_, day := s.when(r, "sign_up")
			b.Customer, b.SignUp = append(b.Customer, key(r, "customer")), append(b.SignUp, day)
		}
		s.AddCustomers(b)
	case "spend":
		b := &tally.SpendRows{}
		for _, r := range used {
			_, day := s.when(r, "time")
			b.Day, b.Channel, b.Amount = append(b.Day, day), append(b.Channel, text(r, "channel")), append(b.Amount, number(r, "amount"))
		}
		s.AddSpend(b)
	case "messages":
		s.messages(used)
	case "surveys":
		b := &tally.SurveyRows{}
		for _, r := range used {
			_, day := s.when(r, "time")
			b.Day, b.Metric, b.Touchpoint = append(b.Day, day), append(b.Metric, strings.ToLower(text(r, "metric"))), append(b.Touchpoint, text(r, "touchpoint"))
			b.Score = append(b.Score, int32(math.Round(r["score"].(float64)*100)))
		}
		s.AddSurveys(b)
	case "tickets":
		s.tickets(used)
	case "events":
		b := &tally.EventRows{}
		for _, r := range used {
			at, day := s.when(r, "time")
			b.Customer, b.Instant, b.Day = append(b.Customer, key(r, "customer")), append(b.Instant, at), append(b.Day, day)
			b.Touchpoint = append(b.Touchpoint, text(r, "touchpoint"))
		}
		s.AddEvents(b)
	}
}

func (s *session) orders(rows []dataset.Row) {
	in := s.req.Tables.Orders
	b := &tally.OrderRows{}
	for _, r := range rows {
		at, day := s.when(r, "time")
		if text(r, "customer") == "" && (s.req.AsOf == nil || day <= *s.req.AsOf) {
			s.AddQuality(dataset.QualityRow{Table: "orders", Reason: dataset.Unidentified, Rows: 1})
		}
		b.Customer, b.Order = append(b.Customer, key(r, "customer")), append(b.Order, key(r, "order"))
		b.Instant, b.Day = append(b.Instant, at), append(b.Day, day)
		b.Amount = append(b.Amount, number(r, "amount"))
		b.Quantity = append(b.Quantity, number(r, "quantity"))
		if in.Refund.Set() {
			b.Refund = append(b.Refund, number(r, "refund"))
		}
		if len(in.RefundStatus) > 0 {
			b.IsRefund = append(b.IsRefund, slices.Contains(in.RefundStatus, text(r, "status")))
		}
		if s.req.Dimension != "" {
			b.Dim = append(b.Dim, s.Labels().Of(text(r, s.req.Dimension)))
		}
		if in.Channel.Set() {
			b.Channel = append(b.Channel, s.Labels().Of(text(r, "channel")))
		}
	}
	s.Orders().Add(b)
}

func (s *session) messages(rows []dataset.Row) {
	states := []string{"sent", "delivered", "opened", "clicked", "converted"}
	b := &tally.MessageRows{}
	for _, r := range rows {
		_, day := s.when(r, "time")
		b.Customer, b.Day = append(b.Customer, key(r, "customer")), append(b.Day, day)
		b.State = append(b.State, uint8(slices.Index(states, text(r, "event"))))
		b.Channel, b.Campaign = append(b.Channel, text(r, "channel")), append(b.Campaign, text(r, "campaign"))
	}
	s.AddMessages(b)
}

func (s *session) tickets(rows []dataset.Row) {
	b := &tally.TicketRows{}
	for _, r := range rows {
		at, day := s.when(r, "time")
		reply, replied := s.when(r, "first_reply")
		minutes := int32(-1)
		if replied != tally.NoDay {
			if reply < at {
				s.AddQuality(dataset.QualityRow{Table: "tickets", Reason: dataset.BadValue, Rows: 1})
				continue
			}
			minutes = int32((reply - at + 59_999_999) / 60_000_000)
		}
		b.Day, b.Channel = append(b.Day, day), append(b.Channel, text(r, "channel"))
		b.Minutes, b.Replied = append(b.Minutes, minutes), append(b.Replied, replied)
	}
	s.AddTickets(b)
}

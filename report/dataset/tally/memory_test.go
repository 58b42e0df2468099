package tally_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"parcours/internal/diag"
	"parcours/report/dataset"
	"parcours/report/dataset/tally"
)

// memory is a Source over rows in memory: it does for a Tally what a scanner does, in batches of random size that some
// goroutines add at the same time.
type memory struct {
	rows map[string][]dataset.Row
	rng  *rand.Rand
}

// plan is any that suits the rows.
func (m memory) plan() tally.Plan {
	rows := []int64{0, 1 << 17, 1 << 20}[m.rng.IntN(3)]
	p := tally.Plan{Rows: rows, Events: rows, Messages: rows, Workers: m.rng.IntN(4), Memory: m.rng.Int64N(2) << 16}
	for _, r := range m.rows["orders"] {
		k := key(r, "order")
		switch {
		case k.Null():
		case k[0] == 1: // a number
			p.OrderWords = max(p.OrderWords, 1)
		default:
			p.OrderWords = 2
		}
	}
	if m.rng.IntN(3) == 0 {
		p.OrderWords = 2
	}
	if m.rng.IntN(2) == 0 { // what is known of the ids need not be true
		p.IDs.Least = m.rng.Int64N(20)
		p.IDs.Most = p.IDs.Least + m.rng.Int64N(100)
	}
	return p
}

func (m memory) Aggregate(ctx context.Context, req dataset.Request) (*dataset.Aggregates, diag.List, error) {
	t := tally.New(req, m.plan())
	defer t.Close()
	if m.rng.IntN(3) == 0 {
		t.ReadInTurns(1 + m.rng.IntN(30))
	}
	t.CountRead(int64(len(m.rows["orders"])))
	sessions := make([]*session, 1+m.rng.IntN(3))
	batches := make([][]func(), len(sessions))
	for i := range sessions {
		sessions[i] = newSession(t, req)
	}
	for table, rows := range m.rows {
		rows = slices.Clone(rows)
		m.rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		for len(rows) > 0 {
			batch := rows[:min(len(rows), 1+m.rng.IntN(40))]
			i := m.rng.IntN(len(sessions))
			batches[i] = append(batches[i], func() { sessions[i].add(table, batch) })
			rows = rows[len(batch):]
		}
	}
	var running sync.WaitGroup
	failed := make([]error, len(sessions))
	for i, s := range sessions {
		m.rng.Shuffle(len(batches[i]), func(a, b int) { batches[i][a], batches[i][b] = batches[i][b], batches[i][a] })
		running.Go(func() {
			for _, b := range batches[i] {
				b()
			}
			failed[i] = s.flush()
		})
	}
	running.Wait()
	if err := errors.Join(failed...); err != nil {
		return nil, diag.List{}, err
	}
	for _, s := range sessions {
		for _, q := range s.quality {
			t.AddQuality(q)
		}
	}
	a, err := t.Finish(ctx)
	return a, diag.List{}, err
}

// session is one goroutine that adds rows of all tables.
type session struct {
	req     dataset.Request
	labels  *tally.Labels
	quality []dataset.QualityRow

	orders    *tally.Orders
	customers *tally.Customers
	spend     *tally.Spend
	messages  *tally.Messages
	surveys   *tally.Surveys
	tickets   *tally.Tickets
	events    *tally.Events
}

func newSession(t *tally.Tally, req dataset.Request) *session {
	return &session{
		req: req, labels: t.Labels(), orders: t.Orders(), customers: t.Customers(), spend: t.Spend(), messages: t.Messages(),
		surveys: t.Surveys(), tickets: t.Tickets(), events: t.Events(),
	}
}

func (s *session) flush() error {
	return errors.Join(s.orders.Flush(), s.customers.Flush(), s.spend.Flush(), s.messages.Flush(), s.surveys.Flush(),
		s.tickets.Flush(), s.events.Flush())
}

func (s *session) countQuality(table string, reason dataset.Reason) {
	s.quality = append(s.quality, dataset.QualityRow{Table: table, Reason: reason, Rows: 1})
}

func (s *session) label(r dataset.Row, role string) uint32 { return s.labels.Of(text(r, role)) }

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
		s.countQuality(table, dataset.AfterAsOf)
		return false
	}
	for _, role := range order {
		if v, ok := r[role]; !ok || v == nil || v == "" {
			s.countQuality(table, roles[role])
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
		s.addOrders(used)
	case "customers":
		b := &tally.CustomerRows{}
		for _, r := range used {
			_, day := s.when(r, "sign_up")
			b.Customer, b.SignUp = append(b.Customer, key(r, "customer")), append(b.SignUp, day)
		}
		s.customers.Add(b)
	case "spend":
		b := &tally.SpendRows{}
		for _, r := range used {
			_, day := s.when(r, "time")
			b.Day, b.Channel, b.Amount = append(b.Day, day), append(b.Channel, s.label(r, "channel")), append(b.Amount, number(r, "amount"))
		}
		s.spend.Add(b)
	case "messages":
		s.addMessages(used)
	case "surveys":
		b := &tally.SurveyRows{}
		for _, r := range used {
			_, day := s.when(r, "time")
			b.Day, b.Metric, b.Touchpoint = append(b.Day, day), append(b.Metric, s.labels.Of(strings.ToLower(text(r, "metric")))), append(b.Touchpoint, s.label(r, "touchpoint"))
			b.Score = append(b.Score, int32(math.Round(r["score"].(float64)*100)))
		}
		s.surveys.Add(b)
	case "tickets":
		s.addTickets(used)
	case "events":
		b := &tally.EventRows{}
		for _, r := range used {
			at, day := s.when(r, "time")
			b.Customer, b.Instant, b.Day = append(b.Customer, key(r, "customer")), append(b.Instant, at), append(b.Day, day)
			b.Touchpoint = append(b.Touchpoint, s.label(r, "touchpoint"))
		}
		s.events.Add(b)
	}
}

func (s *session) addOrders(rows []dataset.Row) {
	in := s.req.Tables.Orders
	b := &tally.OrderRows{}
	for _, r := range rows {
		at, day := s.when(r, "time")
		if text(r, "customer") == "" && (s.req.AsOf == nil || day <= *s.req.AsOf) {
			s.countQuality("orders", dataset.Unidentified)
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
			b.Dim = append(b.Dim, s.label(r, s.req.Dimension))
		}
		if in.Channel.Set() {
			b.Channel = append(b.Channel, s.label(r, "channel"))
		}
	}
	s.orders.Add(b)
}

func (s *session) addMessages(rows []dataset.Row) {
	states := []string{"sent", "delivered", "opened", "clicked", "converted"}
	b := &tally.MessageRows{}
	for _, r := range rows {
		_, day := s.when(r, "time")
		b.Customer, b.Day = append(b.Customer, key(r, "customer")), append(b.Day, day)
		b.State = append(b.State, uint8(slices.Index(states, text(r, "event"))))
		b.Channel, b.Campaign = append(b.Channel, s.label(r, "channel")), append(b.Campaign, s.label(r, "campaign"))
	}
	s.messages.Add(b)
}

func (s *session) addTickets(rows []dataset.Row) {
	b := &tally.TicketRows{}
	for _, r := range rows {
		at, day := s.when(r, "time")
		reply, replied := s.when(r, "first_reply")
		minutes := int32(-1)
		if replied != tally.NoDay {
			if reply < at {
				s.countQuality("tickets", dataset.BadValue)
				continue
			}
			minutes = int32((reply - at + 59_999_999) / 60_000_000)
		}
		b.Day, b.Channel = append(b.Day, day), append(b.Channel, s.label(r, "channel"))
		b.Minutes, b.Replied = append(b.Minutes, minutes), append(b.Replied, replied)
	}
	s.tickets.Add(b)
}

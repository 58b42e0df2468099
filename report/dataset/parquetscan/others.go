package parquetscan

import (
	"errors"
	"math"
	"strings"

	"parcours/report/dataset"
	"parcours/report/dataset/expression"
	"parcours/report/dataset/tally"
)

// added are rows that are in the tally already.
type added struct{}

func (added) deliver(*scan) {}
func (added) done()         {}

// sink is a place of one goroutine to add rows to the tally.
type sink interface{ Flush() error }

// sinkOf returns the worker's sink of a table, however many bindings its files have.
func sinkOf[S sink](w *worker, b *binding, open func() S) S {
	name := b.table.files.Name
	if s, ok := w.sinks[name]; ok {
		return s.(S)
	}
	s := open()
	if w.sinks == nil {
		w.sinks = map[string]sink{}
	}
	w.sinks[name] = s
	return s
}

// flush ends the worker's part of the tally.
func (w *worker) flush() error {
	var failed []error
	for _, s := range w.sinks {
		failed = append(failed, s.Flush())
	}
	return errors.Join(failed...)
}

// labeler turns values into the labels of the tally, and asks it for each text once.
type labeler struct {
	*converter
	all   *tally.Labels
	known map[string]uint32
}

func newLabeler(w *worker, b *binding, unit string) *labeler {
	return &labeler{newConverter(w, b, unit), w.scan.tally.Labels(), map[string]uint32{}}
}

// number returns the label of a value, 0 for null.
func (l *labeler) number(v *expression.Vector, i int) uint32 { return l.named(l.label(v, i)) }

func (l *labeler) named(text string) uint32 {
	if text == "" {
		return 0
	}
	n, ok := l.known[text]
	if !ok {
		if len(l.known) >= maxLabels {
			clear(l.known)
		}
		n = l.all.Of(text)
		l.known[text] = n
	}
	return n
}

type customers struct {
	*labeler
	sink *tally.Customers
	out  tally.CustomerRows
}

func newCustomers(w *worker, b *binding) consumer {
	return &customers{labeler: newLabeler(w, b, ""), sink: sinkOf(w, b, w.scan.tally.Customers)}
}

// begin empties the columns of the batch.
func (c *customers) begin() {
	o := &c.out
	o.Customer, o.SignUp = o.Customer[:0], o.SignUp[:0]
}

func (c *customers) consume(b *batch) rows {
	who := c.val(b, "customer")
	dated := c.val(b, "sign_up") != nil
	if dated {
		c.times(b, "sign_up")
	}
	out := &c.out
	c.begin()
	for _, i := range b.keep {
		k := c.key(who, i)
		if k.Null() {
			b.drop(dataset.Unidentified, i)
			continue
		}
		day := tally.NoDay
		switch {
		case !dated || c.verdict[i] == isNull:
		case c.verdict[i] == isBad:
			b.drop(dataset.BadTime, i)
			continue
		default:
			day = c.day[i]
		}
		b.task.used++
		out.Customer, out.SignUp = append(out.Customer, k), append(out.SignUp, day)
	}
	c.sink.Add(out)
	return added{}
}

type spend struct {
	*labeler
	sink *tally.Spend
	out  tally.SpendRows
}

func newSpend(w *worker, b *binding) consumer {
	return &spend{labeler: newLabeler(w, b, w.scan.req.Tables.Spend.Unit), sink: sinkOf(w, b, w.scan.tally.Spend)}
}

// begin empties the columns of the batch.
func (c *spend) begin() {
	o := &c.out
	o.Day, o.Channel, o.Amount = o.Day[:0], o.Channel[:0], o.Amount[:0]
}

func (c *spend) consume(b *batch) rows {
	amount, currency, channel := c.val(b, "amount"), c.val(b, "currency"), c.val(b, "channel")
	c.times(b, "time")
	out := &c.out
	c.begin()
	for _, i := range b.keep {
		if !c.timely(b, i) {
			continue
		}
		a, ok := c.amount(b, amount, currency, i)
		if !ok {
			continue
		}
		b.task.used++
		out.Day, out.Amount = append(out.Day, c.day[i]), append(out.Amount, a)
		if channel != nil {
			out.Channel = append(out.Channel, c.number(channel, i))
		}
	}
	c.sink.Add(out)
	return added{}
}

type messages struct {
	*labeler
	sink *tally.Messages
	out  tally.MessageRows
}

func newMessages(w *worker, b *binding) consumer {
	return &messages{labeler: newLabeler(w, b, ""), sink: sinkOf(w, b, w.scan.tally.Messages)}
}

// begin empties the columns of the batch.
func (c *messages) begin() {
	o := &c.out
	o.Customer, o.Day, o.State, o.Channel, o.Campaign = o.Customer[:0], o.Day[:0], o.State[:0], o.Channel[:0], o.Campaign[:0]
}

func (c *messages) consume(b *batch) rows {
	who, event, channel, campaign := c.val(b, "customer"), c.val(b, "event"), c.val(b, "channel"), c.val(b, "campaign")
	c.times(b, "time")
	out := &c.out
	c.begin()
	for _, i := range b.keep {
		if !c.timely(b, i) {
			continue
		}
		state, verdict := stateOf(c.label(event, i))
		if verdict != "" {
			b.drop(verdict, i)
			continue
		}
		k := c.key(who, i)
		if k.Null() {
			b.drop(dataset.Unidentified, i)
			continue
		}
		b.task.used++
		out.Customer, out.Day, out.State = append(out.Customer, k), append(out.Day, c.day[i]), append(out.State, state)
		if channel != nil {
			out.Channel = append(out.Channel, c.number(channel, i))
		}
		if campaign != nil {
			out.Campaign = append(out.Campaign, c.number(campaign, i))
		}
	}
	c.sink.Add(out)
	return added{}
}

// stateOf reads the state of a message event by the words of e-mail tools, French ones included. Events that are no
// step of the path (bounces, complaints, …) are left out like rows that a filter drops.
func stateOf(text string) (state uint8, dropped dataset.Reason) {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == ' ' || r == '_' || r == '-' || r == '.' || r == ':' })
	if len(words) == 0 {
		return 0, dataset.NoValue
	}
	for _, w := range words {
		switch w {
		case "sent", "send", "processed", "envoyé", "envoye", "envoi", "targeted":
			return tally.Sent, ""
		case "delivered", "delivery", "received", "délivré", "delivre", "reçu", "recu":
			return tally.Delivered, ""
		case "opened", "open", "read", "ouvert", "ouverture", "lu":
			return tally.Opened, ""
		case "clicked", "click", "cliqué", "clique", "clic":
			return tally.Clicked, ""
		case "converted", "conversion", "purchased", "purchase", "placed", "ordered", "redeemed", "converti", "achat", "commande":
			return tally.Converted, ""
		case "bounced", "bounce", "unsubscribed", "unsubscribe", "spam", "complained", "complaint", "dropped", "deferred", "désinscrit", "désabonné", "rebond", "failed":
			return 0, dataset.Filtered
		}
	}
	return 0, dataset.BadValue
}

type surveys struct {
	*labeler
	sink *tally.Surveys
	out  tally.SurveyRows
}

func newSurveys(w *worker, b *binding) consumer {
	return &surveys{labeler: newLabeler(w, b, ""), sink: sinkOf(w, b, w.scan.tally.Surveys)}
}

// begin empties the columns of the batch.
func (c *surveys) begin() {
	o := &c.out
	o.Day, o.Metric, o.Touchpoint, o.Score = o.Day[:0], o.Metric[:0], o.Touchpoint[:0], o.Score[:0]
}

func (c *surveys) consume(b *batch) rows {
	score, metric, touchpoint := c.val(b, "score"), c.val(b, "metric"), c.val(b, "touchpoint")
	c.times(b, "time")
	out := &c.out
	c.begin()
	for _, i := range b.keep {
		if !c.timely(b, i) {
			continue
		}
		name := strings.ToLower(c.label(metric, i))
		if score.IsNull(i) || score.Type.Kind == expression.Null || blank(score, i) || name == "" {
			b.drop(dataset.NoValue, i)
			continue
		}
		x, ok := minorOf(score, i, 2)
		if !ok || x > math.MaxInt32 || x < math.MinInt32 {
			b.drop(dataset.BadValue, i)
			continue
		}
		b.task.used++
		out.Day, out.Metric, out.Score = append(out.Day, c.day[i]), append(out.Metric, c.named(name)), append(out.Score, int32(x))
		if touchpoint != nil {
			out.Touchpoint = append(out.Touchpoint, c.number(touchpoint, i))
		}
	}
	c.sink.Add(out)
	return added{}
}

// tickets reads two times a row, and so has a second converter.
type tickets struct {
	*labeler
	reply *converter
	sink  *tally.Tickets
	out   tally.TicketRows
}

func newTickets(w *worker, b *binding) consumer {
	return &tickets{labeler: newLabeler(w, b, ""), reply: newConverter(w, b, ""), sink: sinkOf(w, b, w.scan.tally.Tickets)}
}

// begin empties the columns of the batch.
func (c *tickets) begin() {
	o := &c.out
	o.Day, o.Channel, o.Minutes, o.Replied = o.Day[:0], o.Channel[:0], o.Minutes[:0], o.Replied[:0]
}

func (c *tickets) consume(b *batch) rows {
	channel := c.val(b, "channel")
	c.times(b, "time")
	replies := c.val(b, "first_reply") != nil
	if replies {
		c.reply.times(b, "first_reply")
	}
	out := &c.out
	c.begin()
	for _, i := range b.keep {
		if !c.timely(b, i) {
			continue
		}
		minutes, replied := int32(-1), tally.NoDay
		if replies && c.reply.verdict[i] != isNull {
			var ok bool
			if minutes, ok = c.waited(i); !ok {
				b.drop(dataset.BadValue, i)
				continue
			}
			replied = c.reply.day[i]
		}
		b.task.used++
		out.Day, out.Minutes, out.Replied = append(out.Day, c.day[i]), append(out.Minutes, minutes), append(out.Replied, replied)
		if channel != nil {
			out.Channel = append(out.Channel, c.number(channel, i))
		}
	}
	c.sink.Add(out)
	return added{}
}

// waited counts the minutes begun before the first reply; false when it cannot be read or came before the ticket.
func (c *tickets) waited(i int) (int32, bool) {
	wait := c.reply.instant[i] - c.instant[i]
	if c.reply.verdict[i] == isBad || wait < 0 {
		return 0, false
	}
	return int32(min((wait+60e6-1)/60e6, math.MaxInt32)), true
}

type events struct {
	*labeler
	sink *tally.Events
	out  tally.EventRows
}

func newEvents(w *worker, b *binding) consumer {
	return &events{labeler: newLabeler(w, b, ""), sink: sinkOf(w, b, w.scan.tally.Events)}
}

// begin empties the columns of the batch.
func (c *events) begin() {
	o := &c.out
	o.Customer, o.Instant, o.Day, o.Touchpoint = o.Customer[:0], o.Instant[:0], o.Day[:0], o.Touchpoint[:0]
}

func (c *events) consume(b *batch) rows {
	who, touchpoint := c.val(b, "customer"), c.val(b, "touchpoint")
	c.times(b, "time")
	out := &c.out
	c.begin()
	for _, i := range b.keep {
		if !c.timely(b, i) {
			continue
		}
		name := c.number(touchpoint, i)
		if name == 0 {
			b.drop(dataset.NoValue, i)
			continue
		}
		b.task.used++
		out.Customer, out.Instant = append(out.Customer, c.key(who, i)), append(out.Instant, c.instant[i])
		out.Day, out.Touchpoint = append(out.Day, c.day[i]), append(out.Touchpoint, name)
	}
	c.sink.Add(out)
	return added{}
}

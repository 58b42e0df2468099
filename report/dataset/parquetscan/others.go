package parquetscan

import (
	"math"
	"strings"

	"parcours/report/dataset"
	"parcours/report/dataset/expression"
	"parcours/report/dataset/tally"
)

// delivery is a batch for the tally that is not used again.
type delivery func(*tally.Tally)

func (d delivery) deliver(s *scan) { d(s.tally) }
func (d delivery) done()           {}

type customers struct{ *converter }

func newCustomers(w *worker, b *binding) consumer { return customers{newConverter(w, b, "")} }

func (c customers) consume(b *batch) rows {
	who, channel, country := c.val(b, "customer"), c.val(b, "channel"), c.val(b, "country")
	dated := c.val(b, "sign_up") != nil
	if dated {
		c.times(b, "sign_up")
	}
	out := &tally.CustomerRows{}
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
		if channel != nil {
			out.Channel = append(out.Channel, c.label(channel, i))
		}
		if country != nil {
			out.Country = append(out.Country, c.label(country, i))
		}
	}
	return delivery(func(t *tally.Tally) { t.AddCustomers(out) })
}

type spend struct{ *converter }

func newSpend(w *worker, b *binding) consumer {
	return spend{newConverter(w, b, w.scan.req.Tables.Spend.Unit)}
}

func (c spend) consume(b *batch) rows {
	amount, currency, channel := c.val(b, "amount"), c.val(b, "currency"), c.val(b, "channel")
	c.times(b, "time")
	out := &tally.SpendRows{}
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
			out.Channel = append(out.Channel, c.label(channel, i))
		}
	}
	return delivery(func(t *tally.Tally) { t.AddSpend(out) })
}

type messages struct{ *converter }

func newMessages(w *worker, b *binding) consumer { return messages{newConverter(w, b, "")} }

func (c messages) consume(b *batch) rows {
	who, event, channel, campaign := c.val(b, "customer"), c.val(b, "event"), c.val(b, "channel"), c.val(b, "campaign")
	c.times(b, "time")
	out := &tally.MessageRows{}
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
			out.Channel = append(out.Channel, c.label(channel, i))
		}
		if campaign != nil {
			out.Campaign = append(out.Campaign, c.label(campaign, i))
		}
	}
	return delivery(func(t *tally.Tally) { t.AddMessages(out) })
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

type surveys struct{ *converter }

func newSurveys(w *worker, b *binding) consumer { return surveys{newConverter(w, b, "")} }

func (c surveys) consume(b *batch) rows {
	score, metric, touchpoint := c.val(b, "score"), c.val(b, "metric"), c.val(b, "touchpoint")
	c.times(b, "time")
	out := &tally.SurveyRows{}
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
		out.Day, out.Metric, out.Score = append(out.Day, c.day[i]), append(out.Metric, name), append(out.Score, int32(x))
		if touchpoint != nil {
			out.Touchpoint = append(out.Touchpoint, c.label(touchpoint, i))
		}
	}
	return delivery(func(t *tally.Tally) { t.AddSurveys(out) })
}

// tickets reads two times a row, and so has a second converter.
type tickets struct {
	*converter
	reply *converter
}

func newTickets(w *worker, b *binding) consumer {
	return tickets{newConverter(w, b, ""), newConverter(w, b, "")}
}

func (c tickets) consume(b *batch) rows {
	channel := c.val(b, "channel")
	c.times(b, "time")
	replies := c.val(b, "first_reply") != nil
	if replies {
		c.reply.times(b, "first_reply")
	}
	out := &tally.TicketRows{}
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
			out.Channel = append(out.Channel, c.label(channel, i))
		}
	}
	return delivery(func(t *tally.Tally) { t.AddTickets(out) })
}

// waited counts the minutes begun before the first reply; false when it cannot be read or came before the ticket.
func (c tickets) waited(i int) (int32, bool) {
	wait := c.reply.instant[i] - c.instant[i]
	if c.reply.verdict[i] == isBad || wait < 0 {
		return 0, false
	}
	return int32(min((wait+60e6-1)/60e6, math.MaxInt32)), true
}

type events struct{ *converter }

func newEvents(w *worker, b *binding) consumer { return events{newConverter(w, b, "")} }

func (c events) consume(b *batch) rows {
	who, touchpoint := c.val(b, "customer"), c.val(b, "touchpoint")
	c.times(b, "time")
	out := &tally.EventRows{}
	for _, i := range b.keep {
		if !c.timely(b, i) {
			continue
		}
		name := c.label(touchpoint, i)
		if name == "" {
			b.drop(dataset.NoValue, i)
			continue
		}
		b.task.used++
		out.Customer, out.Instant = append(out.Customer, c.key(who, i)), append(out.Instant, c.instant[i])
		out.Day, out.Touchpoint = append(out.Day, c.day[i]), append(out.Touchpoint, name)
	}
	return delivery(func(t *tally.Tally) { t.AddEvents(out) })
}

package parquetscan

import (
	"strings"

	"parcours/report/dataset"
	"parcours/report/dataset/expression"
	"parcours/report/dataset/tally"
)

type messages struct {
	*labeler
	sink                *tally.Messages
	out                 tally.MessageRows
	who                 resolved[tally.Key]
	states              resolved[reached]
	words               map[string]reached // states by label
	channels, campaigns resolved[uint32]
	mem                 struct {
		who               []tally.Key
		states            []reached
		channel, campaign []uint32
	}
}

// reached is the state that the text of a message event tells, or why it tells none.
type reached struct {
	state  uint8
	reason dataset.Reason
}

func newMessages(w *worker, b *binding) consumer {
	c := &messages{labeler: newLabeler(w, b, ""), sink: sinkOf(w, b, w.scan.tally.Messages), words: map[string]reached{}}
	c.mem.who, c.mem.states = make([]tally.Key, batchRows), make([]reached, batchRows)
	c.mem.channel, c.mem.campaign = make([]uint32, batchRows), make([]uint32, batchRows)
	return c
}

func (c *messages) consume(b *batch) rows {
	sel := c.dated(b)
	states := c.mem.states[:len(sel)]
	each(c.val(b, "event"), sel, states, &c.states, c.stateOf)
	sel, states = c.known(b, sel, states)
	who := c.mem.who[:len(sel)]
	nulls := c.keys(c.val(b, "customer"), sel, who, &c.who)
	out := &c.out
	out.State = out.State[:0]
	for j, s := range states {
		if !nulls || !who[j].Null() {
			out.State = append(out.State, s.state)
		}
	}
	if len(out.State) < len(sel) {
		sel, who = need(b, dataset.Unidentified, sel, who)
	}
	out.Customer = who
	out.Channel = c.optional(c.val(b, "channel"), sel, c.mem.channel, &c.channels)
	out.Campaign = c.optional(c.val(b, "campaign"), sel, c.mem.campaign, &c.campaigns)
	out.Day = compact(c.day, c.day, sel)
	b.task.used += int64(len(sel))
	c.sink.Add(out)
	return added{}
}

// known returns the chosen rows with a state, and counts the others.
func (c *messages) known(b *batch, sel []int, states []reached) ([]int, []reached) {
	kept := 0
	for j, i := range sel {
		if r := states[j].reason; r != "" {
			b.drop(r, i)
			continue
		}
		sel[kept], states[kept] = i, states[j]
		kept++
	}
	return sel[:kept], states[:kept]
}

func (c *messages) stateOf(v *expression.Vector, i int) reached {
	text := c.label(v, i)
	r, ok := c.words[text]
	if !ok {
		if len(c.words) >= maxLabels {
			clear(c.words)
		}
		r.state, r.reason = stateOf(text)
		c.words[text] = r
	}
	return r
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

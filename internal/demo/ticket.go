package demo

// Channels and topics of support requests.
const (
	ticketChat = iota
	ticketEmail
	ticketPhone
	ticketSocial
)

var (
	ticketChannels = [...]string{"chat", "email", "phone", "social"}
	ticketTopics   = [...]string{"suivi de colis", "retour ou échange", "question produit", "paiement", "facture"}
)

type ticket struct {
	at       int64
	reply    int64 // 0: none
	resolved int64 // 0: open
	customer uint32
	channel  uint8
	topic    uint8
}

func (t ticket) row() ticketRow {
	row := ticketRow{
		Customer: customerID(t.customer), Created: t.at * micros,
		Channel: ticketChannels[t.channel], Topic: ticketTopics[t.topic],
	}
	if t.reply != 0 {
		reply := t.reply * micros
		row.FirstReply = &reply
	}
	if t.resolved != 0 {
		resolved := t.resolved * micros
		row.Resolved = &resolved
	}
	return row
}

// contact draws the support request of an order: 7.6 % of orders, of which nearly half ask where the parcel is;
// after the fix a third of those never need to ask.
func (c *companions) contact(o *sale, d int) {
	var r draw
	c.start(&r, o, onSupport)
	if !r.chance(76) {
		return
	}
	day := d + int(r.below(7))
	topic := newWeights(47, 20, 19, 8, 6).pick(&r)
	if day >= len(c.cal.days) || topic == 0 && day >= c.fixed && r.chance(380) {
		return
	}
	t := ticket{customer: o.customer, topic: uint8(topic), channel: uint8(newWeights(46, 34, 12, 8).pick(&r))}
	second := c.support.second(&r)
	if t.channel == ticketPhone {
		second = 9*3600 + r.below(9*3600) // the line is open from nine to six
	}
	t.at = c.cal.utc(day, second)
	c.answer(&t, day, second, &r)
	c.tickets = append(c.tickets, t)
	c.afterContact(&t, o, second, &r)
}

// answer draws the first reply and the solution, both only when they fall inside the history.
func (c *companions) answer(t *ticket, day int, second uint32, r *draw) {
	if r.chance(22) {
		return
	}
	reply := t.at + c.wait(t, day, second, r)
	solved := reply + int64(r.lognormal(solution[t.channel], 1))
	if reply >= c.cal.end() {
		return
	}
	t.reply = reply
	if solved < c.cal.end() && !r.chance(45) {
		t.resolved = solved
	}
}

// solution is the median time from first reply to solution in seconds, by channel.
var solution = [...]float64{14 * 60, 9 * 3600, 8 * 60, 6 * 3600}

// wait is the time to the first reply in seconds. The friction put here on purpose: the chat is staffed from nine to
// six, and who writes outside waits for a late agent or for the next morning.
func (c *companions) wait(t *ticket, day int, second uint32, r *draw) int64 {
	switch t.channel {
	case ticketEmail:
		return int64(r.lognormal(5*3600, 0.8))
	case ticketPhone:
		return int64(r.lognormal(42, 0.8))
	case ticketSocial:
		return int64(r.lognormal(2*3600, 0.9))
	}
	if !closed(second) {
		return int64(r.lognormal(52, 0.8))
	}
	if second >= 18*3600 && r.chance(350) {
		return int64(r.lognormal(45*60, 0.9))
	}
	morning := int64(9 * 3600)
	if second >= 18*3600 {
		morning += daySeconds
	}
	return morning - int64(second) + int64(r.lognormal(25*60, 0.8))
}

// closed reports whether nobody staffs the chat at that second of the day.
func closed(second uint32) bool { return second < 9*3600 || second >= 18*3600 }

package demo

// States of a message, in order.
const (
	eventSent = iota
	eventDelivered
	eventOpened
	eventClicked
	eventConverted
)

var messageEvents = [...]string{"sent", "delivered", "opened", "clicked", "converted"}

// Campaigns; those from campaignLetter on are the monthly letters, one a month since the start of the history.
const (
	campaignWelcome = iota
	campaignReminder
	campaignWakeUp
	campaignWakeUpSMS
	campaignLetter
)

// campaignNames lists every campaign of a history.
func campaignNames(cal *calendar) []string {
	names := []string{"bienvenue", "relance-j21", "reveil-90", "reveil-90-sms"}
	for month := range int(cal.days[len(cal.days)-1].month) + 1 {
		names = append(names, "lettre-"+civil(cal.first).AddDate(0, month, 0).Format("2006-01"))
	}
	return names
}

type message struct {
	at       int64
	customer uint32
	campaign int16
	event    uint8
}

func (c *companions) messageRow(m message) messageRow {
	row := messageRow{
		Customer: customerID(m.customer), At: m.at * micros, Event: messageEvents[m.event],
		Channel: "email", Campaign: c.campaigns[m.campaign],
	}
	if m.campaign == campaignWakeUpSMS {
		row.Channel = "sms"
	}
	return row
}

// reaction is how a campaign works: chances in thousandths of an opening among delivered and of a click among opened.
type reaction struct{ open, click uint32 }

var reactions = [...]reaction{{520, 150}, {410, 170}, {270, 90}, {1000, 60}, {330, 85}}

// message draws the messages that an order sets off. Who will buy within ten days of a message anyway is more likely
// to have opened it: the log alone proves no effect.
func (c *companions) message(o *sale, d int) {
	var r draw
	c.start(&r, o, onMessages)
	next := 1 << 14
	if o.next >= 0 {
		next = int(o.next)
	}
	if o.ordinal == 0 {
		c.send(o, campaignWelcome, d+2, 10, next-2, &r)
		if d+21 >= c.reminder && next > 21 && !r.chance(100) { // one in ten is the control group
			c.send(o, campaignReminder, d+21, 18, next-21, &r)
		}
		c.letters(o, d, &r)
	}
	if next > 90 {
		c.send(o, campaignWakeUp, d+90, 11, next-90, &r)
		if r.chance(180) {
			c.send(o, campaignWakeUpSMS, d+97, 12, next-97, &r)
		}
	}
}

// letters are sent on the first day of every month at nine to the third of customers who subscribed, until they tire of them.
func (c *companions) letters(o *sale, d int, r *draw) {
	if !r.chance(330) {
		return
	}
	until := d + int(min(r.exponential(), 20)*400)
	for day := max(d+1, c.web); day < len(c.cal.days) && day < until; day++ {
		if c.cal.days[day].month != c.cal.days[day-1].month {
			c.send(o, campaignLetter+int(c.cal.days[day].month), day, 9, -1, r)
		}
	}
}

// send draws the states of one message; next is the number of days to the order that follows it.
func (c *companions) send(o *sale, campaign, day, hour, next int, r *draw) {
	if day < c.web || day >= len(c.cal.days) {
		return
	}
	how := reactions[min(campaign, campaignLetter)]
	buyer := next >= 0 && next <= 10
	if buyer {
		how.open, how.click = max(how.open, 750), 500
	}
	at := c.cal.utc(day, uint32(hour*3600)+r.below(1800))
	m := message{at: at, customer: o.customer, campaign: int16(campaign)}
	sms := campaign == campaignWakeUpSMS
	wait := []float64{0, 4, float64(3 * 3600), 70, 1800}
	chances := []uint32{1000, 984, how.open, how.click, 30}
	if buyer {
		chances[eventConverted] = 700
	}
	for e, p := range chances {
		if !r.chance(p) {
			return
		}
		if sms && e == eventOpened { // an SMS reports no opening
			continue
		}
		m.event = uint8(e)
		m.at += int64(min(float64(wait[e]*r.exponential()), 5*daySeconds))
		if m.at >= c.cal.end() {
			return
		}
		c.messages = append(c.messages, m)
	}
}

package demo

// Metrics of the surveys: csat from 1 to 5, ces from 1 (hard) to 7 (easy), nps from 0 to 10.
const (
	csat = iota
	ces
	nps
)

var surveyMetrics = [...]string{"csat", "ces", "nps"}

// Places a survey asks about, by the ids of the map; aboutShop names none.
const (
	atHome = iota
	atProduct
	atCart
	atPayment
	atTracking
	atParcel
	atChat
	atReview
	aboutShop
)

var surveyPlaces = [...]string{"accueil", "fiche", "panier", "paiement", "suivi", "colis", "chat", "avis", ""}

type survey struct {
	at       int64
	customer uint32
	metric   uint8
	place    uint8
	score    uint8
	comment  int16 // index in verbatims of the place and mood, −1 for none
}

func (s survey) row() surveyRow {
	row := surveyRow{Customer: customerID(s.customer), At: s.at * micros, Metric: surveyMetrics[s.metric], Score: int32(s.score)}
	if s.place != aboutShop {
		row.Touchpoint = &surveyPlaces[s.place]
	}
	if s.comment >= 0 {
		row.Comment = &verbatims[s.place][s.mood()][s.comment]
	}
	return row
}

// mood is 0 for an unhappy answer and 1 for the others.
func (s *survey) mood() int {
	middle := [...]uint8{3, 4, 7}[s.metric]
	if s.score < middle {
		return 0
	}
	return 1
}

// Distributions of scores, worst score first. Payment is asked of those who gave up.
var (
	scoresHome        = newWeights(4, 12, 28, 34, 22)
	scoresProduct     = newWeights(16, 27, 28, 19, 10)
	scoresCart        = newWeights(3, 8, 18, 38, 33)
	scoresPayMobile   = newWeights(83, 14, 2, 1, 0)
	scoresPayDesktop  = newWeights(75, 19, 4, 1, 1)
	scoresSilent      = newWeights(52, 30, 12, 5, 1) // tracking before the fix
	scoresTracked     = newWeights(37, 33, 18, 9, 3)
	scoresParcel      = newWeights(3, 5, 12, 37, 43)
	scoresChatOpen    = newWeights(8, 14, 24, 34, 20)
	scoresChatClosed  = newWeights(38, 28, 18, 11, 5)
	scoresReview      = newWeights(2, 4, 12, 40, 42)
	scoresEaseMobile  = newWeights(9, 12, 16, 18, 19, 16, 10)
	scoresEaseDesktop = newWeights(2, 4, 7, 13, 22, 29, 23)
	scoresLoyal       = newWeights(2, 1, 1, 2, 3, 6, 8, 14, 19, 20, 24)
	scoresNew         = newWeights(4, 2, 3, 4, 4, 9, 9, 15, 17, 15, 18)
)

// survey draws the answers that follow an order. Rates are in thousandths of orders, so about one order in two has one.
func (c *companions) survey(o *sale, d int) {
	var r draw
	c.start(&r, o, onSurvey)
	pay, ease := scoresPayDesktop, scoresEaseDesktop
	if o.mobile() {
		ease = scoresEaseMobile
	}
	if r.chance(750) { // three abandoned payments in four are mobile
		pay = scoresPayMobile
	}
	tracking := scoresSilent
	if d >= c.fixed {
		tracking = scoresTracked
	}
	c.ask(o, csat, atHome, 63, scoresHome, d, 0, &r)
	c.ask(o, csat, atProduct, 60, scoresProduct, d, 0, &r)
	c.ask(o, csat, atCart, 54, scoresCart, d, 0, &r)
	c.ask(o, csat, atPayment, 62, pay, d, 0, &r)
	c.ask(o, ces, atPayment, 60, ease, d, 0, &r)
	if o.status != statusPaid {
		return
	}
	c.ask(o, csat, atTracking, 52, tracking, d, 2, &r)
	c.ask(o, csat, atParcel, 125, scoresParcel, d, 4+int(r.below(4)), &r)
	c.ask(o, csat, atReview, 7, scoresReview, d, 12, &r)
	loyal := scoresNew
	if o.ordinal > 0 {
		loyal = scoresLoyal
	}
	c.ask(o, nps, aboutShop, 95, loyal, d, 14, &r)
}

// afterContact draws the answer to the survey that ends a chat.
func (c *companions) afterContact(t *ticket, o *sale, second uint32, r *draw) {
	if t.channel != ticketChat || t.reply == 0 {
		return
	}
	scores := scoresChatOpen
	if closed(second) {
		scores = scoresChatClosed
	}
	c.ask(o, csat, atChat, 620, scores, c.cal.dayOf(t.reply), 0, r)
}

// ask records an answer after some days, if there is one inside the history.
func (c *companions) ask(o *sale, metric, place uint8, rate uint32, scores weights, d, after int, r *draw) {
	if !r.chance(rate) {
		return
	}
	s := survey{customer: o.customer, metric: metric, place: place, score: uint8(scores.pick(r)), comment: -1}
	if metric != nps {
		s.score++
	}
	second := o.second + 300 + r.below(3600)
	if after > 0 || place == atChat {
		second = c.purchase.second(r)
	}
	if bank := verbatims[place][s.mood()]; len(bank) > 0 && r.chance(380) {
		s.comment = int16(r.below(uint32(len(bank))))
	}
	day := d + after + int(second/daySeconds)
	if day >= len(c.cal.days) {
		return
	}
	s.at = c.cal.utc(day, second%daySeconds)
	c.surveys = append(c.surveys, s)
}

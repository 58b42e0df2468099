package demo

// Touchpoint events of the web site and the delivery, in the order of the journey.
const (
	sawAd = iota
	sawHome
	sawProduct
	filledCart
	startedPayment
	confirmed
	delivered
	clickedReminder
	openedAccount
	reordered
)

var touchpointEvents = [...]string{
	"clic_publicite", "page_accueil", "fiche_produit", "ajout_panier", "debut_paiement", "commande_confirmee", "colis_livre",
	"clic_relance", "espace_client", "commande_rapide",
}

type event struct {
	at      uint32 // seconds since 1970, like every time below; 32 bits last until 2106
	visitor uint32
	kind    uint8
	mobile  bool
}

func (e event) row() eventRow {
	row := eventRow{Visitor: firstVisitor + int64(e.visitor), At: int64(e.at) * micros, Touchpoint: touchpointEvents[e.kind], Device: "desktop"}
	if e.mobile {
		row.Device = "mobile"
	}
	return row
}

const firstVisitor = 5_000_000

// browse draws the visits around an order: its own, and the visits that stopped on the way for each that succeeded.
// Half of the visitors accept to be measured. The friction put here on purpose: delivery costs appear at payment only,
// which loses one mobile visitor in four and one in eleven elsewhere. The product page loses more, without a word on
// any map: it does not say when the parcel arrives.
func (c *companions) browse(o *sale, d int) {
	if d < c.web {
		return
	}
	var r draw
	c.start(&r, o, onVisits)
	if r.chance(500) {
		c.bought(o, d, &r)
	}
	if r.chance(500) {
		lost := 100 // per thousand visits that pay
		if o.mobile() {
			lost = 330
		}
		c.lost(d, startedPayment, lost, o.mobile(), &r)
		c.lost(d, filledCart, 345, r.chance(640), &r)
		c.lost(d, sawProduct, 2300, r.chance(660), &r)
		c.lost(d, sawHome, 1650, r.chance(680), &r)
		c.lost(d, sawAd, 250, r.chance(720), &r)
	}
	if o.ordinal > 0 && d >= c.reminder {
		c.fromReminder(o, d, &r)
	}
}

// bought is the visit of an order, then its delivery.
func (c *companions) bought(o *sale, d int, r *draw) {
	at := c.walk(d, o.second-min(o.second, 400), confirmed, o.mobile(), r)
	if o.status != statusPaid || r.chance(4) {
		return
	}
	day := d + 2 + int(newWeights(34, 38, 17, 7, 4).pick(r))
	if day < len(c.cal.days) {
		at = max(at, c.cal.utc(day, 9*3600+r.below(10*3600)))
		c.events = append(c.events, event{uint32(at), c.visitor, delivered, o.mobile()})
	}
}

// lost draws visits that end at a step, perMille of them for each order, within three days of it.
func (c *companions) lost(d, last, perMille int, mobile bool, r *draw) {
	n := perMille / 1000
	if r.chance(uint32(perMille % 1000)) {
		n++
	}
	for range n {
		day := d - 3 + int(r.below(7))
		if second := c.purchase.second(r); day >= c.web && day < len(c.cal.days) {
			c.walk(day, second, last, mobile, r)
		}
	}
}

// pause is the mean time in seconds from a step to the next.
var pause = [...]float64{9, 75, 140, 110, 95, 0}

// walk records a visit from the home page, or from an advertisement, to its last step and returns the time of that one.
func (c *companions) walk(day int, second uint32, last int, mobile bool, r *draw) int64 {
	c.visitor++
	at := c.cal.utc(day, second)
	step := sawHome
	if last == sawAd || r.chance(360) {
		step = sawAd
	}
	for ; ; step++ {
		c.events = append(c.events, event{uint32(at), c.visitor, uint8(step), mobile})
		if step == last {
			return at
		}
		if at+600 < c.cal.end() {
			at += 1 + int64(min(float64(pause[step]*r.exponential()), 480))
		}
	}
}

// fromReminder draws visits that came by the message at 21 days: a forgotten password stops a third of them.
func (c *companions) fromReminder(o *sale, d int, r *draw) {
	if !r.chance(420) {
		return
	}
	last := clickedReminder + newWeights(340, 120, 540).pick(r)
	c.visitor++
	at := c.cal.utc(d, o.second)
	for step := clickedReminder; step <= last; step++ {
		c.events = append(c.events, event{uint32(at), c.visitor, uint8(step), o.mobile()})
		if at+600 < c.cal.end() {
			at += 1 + int64(min(float64(60*r.exponential()), 480))
		}
	}
}

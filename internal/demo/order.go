package demo

// Statuses of an order row. A refund is a row of its own at its own date, with a negative amount and the order's id.
const (
	statusPaid = iota
	statusCancelled
	statusRefunded
)

var statuses = [...]string{"paid", "cancelled", "refunded"}

var categories = [...]string{"Bougies", "Décoration", "Bijoux", "Coffrets", "Papeterie"}

// Prices relative to an average order, and refunds per thousand orders, by category.
var (
	categoryPrice  = [...]float64{0.78, 1.22, 1.18, 1.38, 0.55}
	categoryRefund = [...]uint32{38, 74, 88, 52, 26}
)

// medianOrder is in cents; amounts are lognormal around it.
const (
	medianOrder = 5480.0
	orderSpread = 0.52
)

// sale is an order as simulated, before it has its number.
type sale struct {
	second   uint32 // of the local day
	customer uint32
	amount   int32 // cents, after discount
	discount int32 // cents
	ordinal  uint16
	next     int16 // days until the customer's next order, −1 for none in the history
	channel  uint8
	where    uint8 // as in visit
	category uint8
	items    uint8
	status   uint8
	back     uint8 // days until it is sent back, 0 for never
	percent  uint8 // of the amount that is then refunded
	guest    bool  // bought without signing in: the export has no customer
	refund   int64 // of a refund row, the number of its order; 0 for an order
}

func (s *sale) mobile() bool { return s.where&mobileBit != 0 }

// shop draws orders.
type shop struct {
	seed     uint64
	cal      *calendar
	hours    weights
	category weights
	items    weights
	back     weights // channels of orders after the first
	drift    []float64
	sales    []uint32 // chance of a discount by day, per thousand
}

func newShop(seed uint64, cal *calendar) *shop {
	s := &shop{
		seed: seed, cal: cal, hours: purchaseHours(),
		category: newWeights(310, 190, 170, 150, 180),
		items:    newWeights(520, 255, 120, 55, 28, 14, 8),
		back:     newWeights(140, 190, 90, 40, 320, 220, 0),
	}
	lower := cal.index(freeFrom)
	for d := range cal.days {
		t := civil(cal.first + int64(d))
		level := 1 + float64(0.03*float64(d)/365)
		if m := t.Month(); m == 11 || m == 12 {
			level = float64(level * 1.07)
		}
		if d >= lower {
			level = float64(level * 0.965)
		}
		s.drift = append(s.drift, level)
		s.sales = append(s.sales, saleChance(t))
	}
	return s
}

// draw fills in an order of the visit on its day. after is the earliest second.
func (s *shop) draw(v *visit, day int, after uint32, d *draw) sale {
	o := sale{customer: v.customer, ordinal: v.ordinal, where: v.where, channel: v.channel, next: -1}
	o.second = s.hours.second(d)
	if o.second <= after && v.ordinal > 0 {
		o.second = after + 60 + d.below(1200)
	}
	if v.ordinal > 0 && v.channel != channelB2B && d.chance(640) {
		o.channel = uint8(s.back.pick(d))
	}
	o.category = uint8(s.category.pick(d))
	o.items = uint8(1 + s.items.pick(d))
	s.price(&o, day, d)
	switch {
	case d.chance(21):
		o.status = statusCancelled
	case d.chance(categoryRefund[o.category]):
		o.back = uint8(4 + d.below(24))
		o.percent = 100
		if o.items > 1 && d.chance(550) {
			o.percent = uint8(100 / uint32(o.items))
		}
	}
	o.guest = v.ordinal > 0 && d.chance(28)
	return o
}

// price draws the amount: lognormal, a little more for several articles and known customers, ending in 90, 99 or 00 cents.
func (s *shop) price(o *sale, day int, d *draw) {
	cents := float64(d.lognormal(medianOrder, orderSpread) * s.drift[day])
	cents = float64(cents * categoryPrice[o.category])
	cents = float64(cents * (0.86 + float64(0.075*float64(o.items))))
	if o.ordinal > 0 {
		cents = float64(cents * 1.03)
	}
	if o.channel == channelB2B {
		cents = float64(cents * 3)
	}
	full := snap(int64(cents), d)
	if d.chance(s.sales[day]) {
		rate := int64(10)
		if d.chance(300) {
			rate = 20
		}
		o.discount = int32(full * rate / 100)
	}
	o.amount = int32(full) - o.discount
}

// snap gives a price the ending of a price tag.
func snap(cents int64, d *draw) int64 {
	euros := min(max(cents, 600), 2_000_000) / 100 * 100
	switch x := d.below(100); {
	case x < 55:
		return euros + 90
	case x < 80:
		return euros + 99
	}
	return euros + 100
}

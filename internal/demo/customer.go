package demo

// Channels, by which a customer came and by which each order came. The words are those of French marketing teams and
// read the same in English.
const (
	channelSEA = iota
	channelSEO
	channelSocial
	channelAffiliate
	channelEmail
	channelDirect
	channelB2B
	channelCount
)

var channels = [channelCount]string{"SEA", "SEO", "Social", "Affiliation", "E-mail", "Direct", "B2B"}

var countries = [...]string{"FR", "BE", "CH", "DE", "LU"}

// profile is what a channel brings: quality multiplies the purchase rate; passing is the share in thousandths of
// customers who lose interest within weeks; cost is euro cents spent per new customer.
type profile struct {
	share, giftShare uint32
	quality          float64
	passing          uint32
	cost             int64
}

var profiles = [channelCount]profile{
	channelSEA:       {287, 300, 1.00, 380, 5240},
	channelSEO:       {236, 190, 1.32, 300, 1180},
	channelSocial:    {224, 310, 0.70, 520, 6170},
	channelAffiliate: {102, 110, 0.80, 450, 4830},
	channelEmail:     {62, 40, 1.45, 270, 620},
	channelDirect:    {86, 48, 1.22, 310, 0},
	channelB2B:       {2, 1, 1.80, 150, 1820},
}

// Lifetimes in units of the purchase clock (about 1000 a day), and the spread of purchase rates between customers.
const (
	shortLife  = 24_000.0
	longLife   = 560_000.0
	rateSpread = 0.95
	gapFloor   = 2_500.0 // nobody buys much more than three times a week
)

// visit is the next order of a customer. It is all that is remembered of customers between two orders.
type visit struct {
	customer uint32  // index in order of first purchase
	clock    int32   // on the purchase clock
	stop     int32   // the clock at which the customer is gone for good
	gap      float32 // mean units of the clock between orders, 0: never again
	ordinal  uint16  // 0 for the first order
	channel  uint8   // of acquisition
	where    uint8   // country, with bit 7 for a mobile buyer
}

const mobileBit = 1 << 7

// population draws customers.
type population struct {
	seed      uint64
	cal       *calendar
	share     [2]weights // channels: ordinary days, Christmas
	country   weights
	scale     float64 // of purchase rates, in orders per unit of the clock
	gift      []bool  // by day
	reminders int     // first day whose customers get the message at 21 days in time
}

func newPopulation(o Options, cal *calendar) *population {
	p := &population{seed: o.Seed, cal: cal, country: newWeights(836, 84, 42, 22, 16)}
	var share, gift [channelCount]uint32
	for c, f := range profiles {
		share[c], gift[c] = f.share, f.giftShare
	}
	p.share = [2]weights{newWeights(share[:]...), newWeights(gift[:]...)}
	p.reminders = cal.index(reminderStart)
	for d := range cal.days {
		p.gift = append(p.gift, christmas(civil(cal.first+int64(d))))
	}
	p.scale = p.calibrate(o)
	return p
}

// passing is the share in thousandths of a day's customers of a channel who are soon gone.
func (p *population) passing(channel, day int) uint32 {
	share := profiles[channel].passing
	if p.gift[day] {
		share += (1000 - share) * 45 / 100
	}
	return share
}

func (p *population) channelWeights(day int) weights {
	if p.gift[day] {
		return p.share[1]
	}
	return p.share[0]
}

// calibrate returns the scale at which the expected number of orders is the one asked for: the number of further
// orders is a Poisson count of rate × time until the earlier of departure and the end, E[min(L, R)] = m·(1 − e^(−R/m)).
func (p *population) calibrate(o Options) float64 {
	further := o.Orders - o.Customers
	if further == 0 {
		return 0
	}
	cal, exposure := p.cal, 0.0
	for d := range cal.days {
		rest := float64(cal.clock[len(cal.days)] - cal.clock[d])
		short := float64(shortLife * (1 - exp(-rest/shortLife)))
		long := float64(longLife * (1 - exp(-rest/longLife)))
		mean, w, before := 0.0, p.channelWeights(d), uint32(0)
		for c, until := range w {
			soon := float64(p.passing(c, d)) / 1000
			stay := float64(soon*short) + float64((1-soon)*long)
			mean += float64(float64(until-before) / float64(w[len(w)-1]) * float64(profiles[c].quality*stay))
			before = until
		}
		born := cal.bornBefore(d+1, o.Customers) - cal.bornBefore(d, o.Customers)
		exposure += float64(float64(born) * mean)
	}
	return float64(further) / exposure
}

// born draws a customer at the first order.
func (p *population) born(customer uint32, day int) visit {
	var d draw
	d.start(p.seed, uint64(customer), onTraits, 0)
	v := visit{customer: customer, channel: uint8(p.channelWeights(day).pick(&d)), where: uint8(p.country.pick(&d))}
	if d.chance(580) {
		v.where |= mobileBit
	}
	v.clock = p.cal.clock[day] + int32(d.below(uint32(p.cal.clock[day+1]-p.cal.clock[day])))
	life := longLife
	if d.chance(p.passing(int(v.channel), day)) {
		life = shortLife
	}
	v.stop = v.clock + int32(min(float64(life*d.exponential()), 1e8))
	rate := float64(p.scale * float64(profiles[v.channel].quality*d.lognormal(exp(-rateSpread*rateSpread/2), rateSpread)))
	if rate > 0 {
		v.gap = float32(max(1/rate, gapFloor))
	}
	return v
}

// next moves the visit to the customer's next order, reporting whether there is one. The first return comes sooner
// for those who get the reminder.
func (p *population) next(v *visit, day int, d *draw) bool {
	if v.gap == 0 || v.ordinal == 1<<16-1 {
		return false
	}
	gap := float64(float64(v.gap) * d.exponential())
	if v.ordinal == 0 && day >= p.reminders-21 {
		gap = float64(gap * 0.8)
	}
	gap = min(gap, 1e8)
	v.ordinal++
	v.clock += int32(gap)
	return v.clock < v.stop && v.clock < p.cal.clock[len(p.cal.days)]
}

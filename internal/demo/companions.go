package demo

import (
	"cmp"
	"path/filepath"
	"slices"
)

// companionOrders bounds the tables beside orders. A larger shop keeps them for a fixed share of its customers, chosen
// by a hash, such that about this many orders have messages, surveys, tickets and visits.
const companionOrders = 150_000

// companions collects the tables beside orders in memory, which companionOrders bounds.
type companions struct {
	seed     uint64
	cal      *calendar
	share    uint64 // customers whose hash is below it are followed
	web      int    // first day of web measurement and of message logs: thirteen months are kept
	fixed    int    // first day after trackingFixed
	visitor  uint32 // number of the latest visit
	messages []message
	surveys  []survey
	tickets  []ticket
	events   []event
	reminder int // first day of the message at 21 days

	campaigns []string
	support   weights
	purchase  weights
}

// loggedMonths is how long the fictional shop keeps visits and messages.
const loggedMonths = 13

func newCompanions(o Options, cal *calendar) *companions {
	c := &companions{
		seed: o.Seed, cal: cal, share: 1 << 32,
		fixed: cal.index(trackingFixed) + 1, reminder: cal.index(reminderStart),
		support: supportHours(), purchase: purchaseHours(), campaigns: campaignNames(cal),
	}
	if o.Orders > companionOrders {
		c.share = uint64(companionOrders) << 32 / uint64(o.Orders)
	}
	last := cal.days[len(cal.days)-1].month
	for c.web < len(cal.days) && last-cal.days[c.web].month > loggedMonths {
		c.web++
	}
	return c
}

// order draws what goes with an order.
func (c *companions) order(o *sale, d int) {
	if mix(c.seed^mix(uint64(o.customer)+1<<40))>>32 >= c.share {
		return
	}
	c.contact(o, d)
	c.message(o, d)
	c.browse(o, d)
	c.survey(o, d)
}

// start begins the stream of an order for one purpose.
func (c *companions) start(r *draw, o *sale, occasion uint32) {
	r.start(c.seed, uint64(o.customer), occasion, uint32(o.ordinal))
}

// write sorts and writes the tables. Ties in time are broken by all that a row shows, so that the order does not
// depend on how rows were made.
func (c *companions) write(dir string) error {
	slices.SortStableFunc(c.messages, func(a, b message) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.customer, b.customer), cmp.Compare(a.event, b.event))
	})
	slices.SortStableFunc(c.surveys, func(a, b survey) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.customer, b.customer))
	})
	slices.SortStableFunc(c.tickets, func(a, b ticket) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.customer, b.customer))
	})
	slices.SortFunc(c.events, func(a, b event) int { // a visit passes a touchpoint once: no two are equal
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.visitor, b.visitor), cmp.Compare(a.kind, b.kind))
	})
	return firstOf(
		writeTable(filepath.Join(dir, "messages.parquet"), c.seed, c.messages, c.messageRow),
		writeTable(filepath.Join(dir, "surveys.parquet"), c.seed, c.surveys, survey.row),
		writeTable(filepath.Join(dir, "tickets.parquet"), c.seed, c.tickets, ticket.row),
		writeTable(filepath.Join(dir, "events.parquet"), c.seed, c.events, event.row),
	)
}

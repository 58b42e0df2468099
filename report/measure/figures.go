package measure

import (
	"strconv"
	"strings"

	"parcours/report/kpi"
	"parcours/report/segment"
)

// Spec announces a named figure before any data is read: what plays and pages are checked against.
type Spec struct {
	Name string
	Unit Unit
	Page string // "overview", "retention", "lifetime-value", "segments" or "lifecycle"
	// Change is true for the change of another figure (Name without its suffix): it is written with a sign.
	Change bool
}

// Pages that show figures.
const (
	pageOverview  = "overview"
	pageRetention = "retention"
	pageValue     = "lifetime-value"
	pageSegments  = "segments"
	pageLifecycle = "lifecycle"
)

// Suffixes of the changes of a key figure: against the period before, and against the same period a year earlier.
const (
	suffixChange     = "_change"
	suffixChangeYear = "_change_year"
)

// segmentPrefix starts the names of a segment's figures: cant-lose gives segments.cant_lose.
func segmentPrefix(n segment.Name) string {
	return "segments." + strings.ReplaceAll(string(n), "-", "_")
}

// Ages at which retention is named, in periods.
func namedAges() []int32 { return []int32{1, 2, 3, 6, 12} }

func ageName(prefix string, age int32) string { return prefix + strconv.Itoa(int(age)) }

// Catalogue lists every named figure. The names never depend on the data: a figure that cannot be computed exists
// and is not known.
func Catalogue() []Spec {
	var c catalogue
	c.kpi()
	c.repeat()
	c.retention()
	c.value()
	c.segments()
	c.lifecycle()
	c.listening()
	return c.specs
}

type catalogue struct{ specs []Spec }

func (c *catalogue) add(page string, unit Unit, names ...string) {
	for _, n := range names {
		c.specs = append(c.specs, Spec{Name: n, Unit: unit, Page: page})
	}
}

func (c *catalogue) kpi() {
	for _, k := range kpiFigures() {
		c.add(pageOverview, k.unit, "kpi."+k.name)
		change := UnitRate
		if k.unit == UnitRate {
			change = UnitPoints
		}
		for _, suffix := range []string{suffixChange, suffixChangeYear} {
			c.specs = append(c.specs, Spec{Name: "kpi." + k.name + suffix, Unit: change, Page: pageOverview, Change: true})
		}
	}
	c.add(pageOverview, UnitCount, "totals.customers", "totals.orders")
	c.add(pageOverview, UnitMoney, "totals.gross", "totals.net", "totals.aov")
	c.add(pageOverview, UnitRate, "totals.refund_rate", "totals.unidentified_share")
	c.add(pageOverview, UnitRatio, "totals.orders_per_customer")
}

func (c *catalogue) repeat() {
	c.add(pageRetention, UnitRate, "repeat.d30", "repeat.d60", "repeat.d90", "repeat.d180", "repeat.d365")
	c.add(pageRetention, UnitDays, "repeat.median_days", "rhythm.p50", "rhythm.p80", "rhythm.p90")
}

func (c *catalogue) retention() {
	for _, age := range namedAges() {
		c.add(pageRetention, UnitRate, ageName("retention.p", age), ageName("retention.m", age))
	}
	c.add(pageRetention, UnitRate, "retention.last_p1")
	c.add(pageRetention, UnitPoints, "retention.last_p1_gap")
	for _, age := range namedAges() {
		if age == 2 {
			continue
		}
		c.add(pageRetention, UnitRate, ageName("retention.unbounded_p", age), ageName("retention.net_p", age))
	}
}

func (c *catalogue) value() {
	c.add(pageValue, UnitMoney, "clv.formula", "clv.formula_margin", "clv.aov")
	c.add(pageValue, UnitRatio, "clv.orders_per_year")
	c.add(pageValue, UnitRate, "clv.churn")
	c.add(pageValue, UnitYears, "clv.lifespan")
	c.add(pageValue, UnitMoney, "clv.cac")
	c.add(pageValue, UnitRatio, "clv.ratio")
	c.add(pageValue, UnitMoney, "clv.observed_p3", "clv.observed_p6", "clv.observed_p12")
	c.add(pageValue, UnitPeriods, "clv.payback")
	c.prediction()
	c.add(pageValue, UnitRate, "channels.repeat_best", "channels.repeat_worst")
	c.add(pageValue, UnitPoints, "channels.repeat_spread")
	c.add(pageValue, UnitRatio, "channels.cac_worst_ratio")
	c.add(pageValue, UnitMoney, "cac.all", "cac.spend")
	c.add(pageValue, UnitCount, "cac.new_customers")
}

// prediction names what the models say of the customers known at the end of the data.
func (c *catalogue) prediction() {
	c.add(pageValue, UnitMoney, "clv.predicted", "clv.total", "clv.equity")
	c.add(pageValue, UnitRate, "clv.gone_share")
	c.add(pageValue, UnitMoney, "clv.at_risk", "clv.new_customer")
	c.add(pageValue, UnitRatio, "clv.new_customer_ratio")
	c.add(pageValue, UnitMonths, "clv.payback_months")
	c.add(pageValue, UnitRate, "clv.holdout_bias")
}

func (c *catalogue) segments() {
	for _, n := range segment.Names() {
		p := segmentPrefix(n)
		c.add(pageSegments, UnitCount, p+"_customers")
		c.add(pageSegments, UnitRate, p+"_share")
		c.add(pageSegments, UnitMoney, p+"_net")
		c.add(pageSegments, UnitRate, p+"_net_share")
	}
	for _, s := range []string{"active", "dormant", "lost"} {
		c.add(pageSegments, UnitCount, "status."+s+"_customers")
		c.add(pageSegments, UnitRate, "status."+s+"_share")
	}
}

func (c *catalogue) lifecycle() {
	c.add(pageLifecycle, UnitCount, "lifecycle.new", "lifecycle.returning", "lifecycle.resurrected", "lifecycle.dormant",
		"lifecycle.net_growth")
	c.add(pageLifecycle, UnitRatio, "lifecycle.quick_ratio")
}

func (c *catalogue) listening() {
	c.add(pageOverview, UnitScore, "nps.value")
	c.add(pageOverview, UnitCount, "nps.answers")
	c.add(pageOverview, UnitRate, "csat.value")
	c.add(pageOverview, UnitScore, "csat.mean")
	c.add(pageOverview, UnitCount, "csat.answers")
	c.add(pageOverview, UnitScore, "ces.value")
	c.add(pageOverview, UnitCount, "ces.answers")
	c.add(pageOverview, UnitRate, "messages.open_rate", "messages.click_rate", "messages.conversion_rate")
	c.add(pageOverview, UnitCount, "messages.sent", "tickets.count")
	c.add(pageOverview, UnitRatio, "tickets.per_100_orders")
	c.add(pageOverview, UnitRate, "tickets.unanswered_share")
	c.add(pageOverview, UnitMinutes, "tickets.median_minutes", "tickets.p90_minutes")
	c.add(pageOverview, UnitRate, "funnel.worst_loss")
	c.add(pageOverview, UnitCount, "funnel.worst_entered")
	c.add(pageOverview, UnitRate, "funnel.overall")
}

// kpiFigure is a key figure of a period that is published under its name; of gives its value and sample size.
type kpiFigure struct {
	name string
	unit Unit
	of   func(kpi.Period) (value float64, n int64, ok bool)
}

func kpiFigures() []kpiFigure {
	plain := func(get func(kpi.Period) int64) func(kpi.Period) (float64, int64, bool) {
		return func(p kpi.Period) (float64, int64, bool) { return float64(get(p)), 0, true }
	}
	ratio := func(get func(kpi.Period) (float64, bool), n func(kpi.Period) int64) func(kpi.Period) (float64, int64, bool) {
		return func(p kpi.Period) (float64, int64, bool) {
			v, ok := get(p)
			return v, n(p), ok
		}
	}
	customers := func(p kpi.Period) int64 { return p.Customers }
	orders := func(p kpi.Period) int64 { return p.Orders }
	return []kpiFigure{
		{"customers", UnitCount, plain(customers)},
		{"new_customers", UnitCount, plain(func(p kpi.Period) int64 { return p.New })},
		{"returning_customers", UnitCount, plain(func(p kpi.Period) int64 { return p.Returning })},
		{"returning_share", UnitRate, ratio(kpi.Period.ReturningShare, customers)},
		{"orders", UnitCount, plain(orders)},
		{"aov", UnitMoney, ratio(kpi.Period.AOV, orders)},
		{"frequency", UnitRatio, ratio(kpi.Period.Frequency, customers)},
		{"gross", UnitMoney, plain(func(p kpi.Period) int64 { return p.Gross })},
		{"net", UnitMoney, plain(func(p kpi.Period) int64 { return p.Net })},
		{"refunds", UnitMoney, plain(func(p kpi.Period) int64 { return p.Refunds })},
		{"refund_rate", UnitRate, ratio(kpi.Period.RefundRate, orders)},
	}
}

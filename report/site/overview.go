package site

import (
	"html/template"
	"math"

	"parcours/report/kpi"
)

// overviewModel is the month in one screen, then the proof.
type overviewModel struct {
	Headline  string
	Lede      string
	Equation  []kpiView
	Note      string
	Spark     string // what the sparklines cover
	Why       []string
	Fall      []fallRow
	FallNote  string
	FallCSV   string
	TodoTitle string
	Todo      []todo
	TodoEmpty string
	Revenue   *figure
	Partial   string
	Side      []string
	Loyalty   string
	KPIs      []kpiView
	Forecast  string // what the models expect, "" nothing that may be told
	Segments  *figure
	SegSide   []string
	Lifecycle *figure
	LifeSide  []string
	Data      *figure
	DataSide  []string
	Terms     []term
}

// fallRow is one step of the decomposition.
type fallRow struct {
	Name, Text string
	SVG        template.HTML
	Total      bool
}

// todo is one of the three things to do.
type todo struct {
	Title, Href, Stake, Meta string
}

// indexPage is the overview.
func (b *builder) indexPage() page {
	m := overviewModel{
		Headline: b.headline(), Equation: b.equation(), Note: b.equationNote(), Partial: b.partialNote(),
		Why: b.why(), Todo: b.todos(), KPIs: b.loyaltyKPIs(), Loyalty: b.loyaltyFinding(),
		Terms: b.terms("customers", "frequency", "aov", "refunds", "net", "m1", "observed", "dormant-flow", "established"),
	}
	if n := len(b.history(sparkPeriods)); n > 1 {
		m.Spark = b.t("overview.sparks", "Count", n)
	}
	m.Fall, m.FallNote, m.FallCSV = b.decomposition()
	m.TodoTitle = b.t("overview.todo")
	if len(m.Todo) < 3 {
		m.TodoTitle = b.t("overview.todo_some")
	}
	if len(m.Todo) == 0 {
		m.TodoEmpty = b.t("overview.todo_empty")
	}
	m.Forecast = b.predictionSummary()
	m.Revenue, m.Side = b.revenueFigure()
	m.Segments, m.SegSide = b.segmentsSummary()
	m.Lifecycle, m.LifeSide = b.lifecycleSummary()
	m.Data, m.DataSide = b.coverage()
	if len(m.Equation) == 0 {
		m.Lede = b.t("overview.lede_none")
	}
	return page{
		Slug: "index", Template: "index", Class: "overview", NavOrder: navIndex,
		Title: b.t("nav.index"), NavLabel: b.t("nav.index"), Description: m.Headline, Model: m,
	}
}

// headline is the month in a sentence: how much, and what moved it.
func (b *builder) headline() string {
	p, ok := b.current()
	if !ok {
		t := b.Results.Totals
		return b.t("overview.headline_none", "Count", t.Orders, "Net", b.money(float64(t.Net)))
	}
	change := b.named("kpi.net_change")
	if !change.Known {
		return b.t("overview.headline_first", "In", b.inPeriod(p.Period), "Net", b.money(float64(p.Net)), "Count", p.Customers)
	}
	id := "overview.headline_up"
	switch {
	case math.Abs(change.Value) < 0.005:
		return b.t("overview.headline_flat", "In", b.inPeriod(p.Period), "Net", b.money(float64(p.Net)))
	case change.Value < 0:
		id = "overview.headline_down"
	}
	drivers := b.drivers()
	if drivers == "" {
		id += "_bare"
	}
	return b.t(id, "In", b.inPeriod(p.Period), "Change", b.pct(math.Abs(change.Value)), "Drivers", drivers)
}

// part is one term of the decomposition, with its effect on net revenue.
type part struct {
	id     string // catalogue: part.<id>, driver.<id>_up and driver.<id>_down
	effect int64
}

func parts(d *kpi.Decomposition) []part {
	return []part{
		{"customers", d.Customers}, {"frequency", d.Frequency}, {"basket", d.Basket}, {"refunds", d.Refunds},
	}
}

// minDriver is the share of the largest effect below which a part is not worth a word.
const minDriver = 0.2

// drivers names what moved net revenue: the parts in its direction, then the strongest against it.
func (b *builder) drivers() string {
	d := b.Results.Change
	if d == nil {
		return ""
	}
	same, against := splitParts(d)
	if len(same) == 0 {
		return ""
	}
	var names []string
	for _, p := range same {
		names = append(names, b.driver(p))
	}
	if len(against) == 0 {
		return b.loc.List(names)
	}
	return b.t("overview.despite", "Drivers", b.loc.List(names), "Against", b.driver(against[0]))
}

func (b *builder) driver(p part) string {
	if p.effect > 0 {
		return b.t("driver." + p.id + "_up")
	}
	return b.t("driver." + p.id + "_down")
}

// splitParts sorts the parts by effect, largest first, into those with the sign of the total and those against,
// leaving out the negligible.
func splitParts(d *kpi.Decomposition) (same, against []part) {
	var largest int64
	for _, p := range parts(d) {
		largest = max(largest, abs(p.effect))
	}
	for _, p := range sortedByEffect(parts(d)) {
		switch {
		case p.effect == 0 || float64(abs(p.effect)) < minDriver*float64(largest):
		case (p.effect > 0) == (d.Total > 0):
			same = append(same, p)
		default:
			against = append(against, p)
		}
	}
	return same, against
}

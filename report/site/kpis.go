package site

import (
	"html/template"

	"parcours/report/dataset"
	"parcours/report/kpi"
)

// kpiView is a key figure: name, value with its unit set smaller, sparkline and changes.
type kpiView struct {
	Op                  string // sign in front, of an equation
	Name, Href          string
	Before, Value, Unit string
	Note                string
	Spark               template.HTML
	Deltas              []delta
	Total               bool
	Class               string
	Unknown             bool
}

// setAmount puts a written value in the view, with its unit apart.
func (k *kpiView) setAmount(s string) { k.Before, k.Value, k.Unit = splitUnit(s) }

// current is the last complete period, ok false when there is none.
func (b *builder) current() (kpi.Period, bool) {
	t := b.Results.KPI
	if t.Current < 0 || t.Current >= len(t.Periods) {
		return kpi.Period{}, false
	}
	return t.Periods[t.Current], true
}

// back is the period n before the current one.
func (b *builder) back(n int) (kpi.Period, bool) {
	t := b.Results.KPI
	if i := t.Current - n; t.Current >= 0 && i >= 0 {
		return t.Periods[i], true
	}
	return kpi.Period{}, false
}

// sparkPeriods is how many periods a sparkline shows: a year and the season that it comes back to.
const sparkPeriods = 13

// history are the last complete periods, oldest first.
func (b *builder) history(n int) []kpi.Period {
	t := b.Results.KPI
	if t.Current < 0 {
		return nil
	}
	return t.Periods[max(0, t.Current+1-n) : t.Current+1]
}

// sparkOf draws one value of the last periods.
func (b *builder) sparkOf(value func(kpi.Period) (float64, bool), write func(float64) string) template.HTML {
	var values []float64
	for _, p := range b.history(sparkPeriods) {
		if v, ok := value(p); ok {
			values = append(values, v)
		}
	}
	if len(values) < 2 {
		return ""
	}
	alt := b.t("spark.alt", "Count", len(values), "From", write(values[0]), "To", write(values[len(values)-1]))
	return spark(values, alt)
}

func count(field func(kpi.Period) int64) func(kpi.Period) (float64, bool) {
	return func(p kpi.Period) (float64, bool) { return float64(field(p)), true }
}

// equation is customers × orders per customer × basket − refunds = net revenue, exact before rounding.
func (b *builder) equation() []kpiView {
	p, ok := b.current()
	if !ok {
		return nil
	}
	whole := func(v float64) string { return b.int(int64(v)) }
	customers := kpiView{
		Name: b.t("kpi.customers"), Href: b.def("customers"), Value: b.int(p.Customers),
		Spark: b.sparkOf(count(func(p kpi.Period) int64 { return p.Customers }), whole), Deltas: b.changes("kpi.customers", 1),
	}
	frequency := kpiView{
		Op: "×", Name: b.t("kpi.frequency"), Href: b.def("frequency"), Value: "–",
		Deltas: b.changes("kpi.frequency", 1),
	}
	if v, ok := p.Frequency(); ok {
		frequency.Value = b.loc.Dec(v, 2)
		frequency.Spark = b.sparkOf(kpi.Period.Frequency, func(v float64) string { return b.loc.Dec(v, 2) })
	}
	basket := kpiView{Op: "×", Name: b.t("kpi.aov"), Href: b.def("aov"), Value: "–", Deltas: b.changes("kpi.aov", 1)}
	if v, ok := p.AOV(); ok {
		basket.setAmount(b.money(v))
		basket.Spark = b.sparkOf(kpi.Period.AOV, b.money)
	}
	net := kpiView{
		Op: "=", Name: b.t("kpi.net"), Href: b.def("net"), Total: true, Deltas: b.changes("kpi.net", 1),
		Spark: b.sparkOf(count(func(p kpi.Period) int64 { return p.Net }), b.money),
	}
	net.setAmount(b.money(float64(p.Net)))
	if b.Results.Totals.Refunds == 0 {
		return []kpiView{customers, frequency, basket, net}
	}
	refunds := kpiView{
		Op: "−", Name: b.t("kpi.refunds"), Href: b.def("refunds"), Deltas: b.changes("kpi.refunds", -1),
		Spark: b.sparkOf(count(func(p kpi.Period) int64 { return p.Refunds }), b.money),
	}
	refunds.setAmount(b.money(float64(p.Refunds)))
	return []kpiView{customers, frequency, basket, refunds, net}
}

// equationNote says that the equation is exact before rounding, with the gross revenue that it hides.
func (b *builder) equationNote() string {
	p, ok := b.current()
	if !ok {
		return ""
	}
	id := "overview.equation"
	if b.Results.Totals.Refunds == 0 {
		id = "overview.equation_gross"
	}
	return b.t(id, "Orders", b.int(p.Orders), "Customers", b.int(p.Customers),
		"Gross", b.loc.Money(p.Gross), "Refunds", b.loc.Money(p.Refunds), "Net", b.loc.Money(p.Net))
}

// partialNote explains the period in progress, "" when the data ends with a whole period.
func (b *builder) partialNote() string {
	t := b.Results.KPI.Periods
	if len(t) == 0 || t[len(t)-1].State != dataset.Partial {
		return ""
	}
	last := t[len(t)-1]
	cal, g := b.Results.Calendar, b.grain()
	start, end := cal.Start(g, last.Period), cal.End(g, last.Period)
	return b.t("overview.partial", "Period", capital(b.period(last.Period)),
		"Count", int(b.Results.Manifest.AsOf-start+1), "Days", b.int(int64(end-start+1)),
		"Net", b.money(float64(last.Net)))
}

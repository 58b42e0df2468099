package site

import (
	"math"
	"strings"

	"parcours/report/chart"
	"parcours/report/clv"
	"parcours/report/cohort"
	"parcours/report/dataset"
)

// valueModel is the page of lifetime value.
type valueModel struct {
	Headline, Lede string
	Prediction     *predictionModel // nil: the models are switched off
	FormulaFinding string
	Equation       []kpiView
	EquationNote   string
	Results        []kpiView
	Missing        string
	Inputs         *figure
	InputsSide     []string
	Curve          *figure
	CurveSide      []string
	Channels       *figure
	ChannelSide    []string
	Spend          *figure
	Means          []string
	Doubts         []string
	Terms          []term
}

// valuePage is the page of lifetime value.
func (b *builder) valuePage() page {
	r := b.Results.CLV
	if r == nil {
		return page{}
	}
	m := valueModel{Headline: b.predictionHeadline(r), Lede: b.predictionLede(r), Prediction: b.prediction(r)}
	if m.Headline == "" {
		m.Headline, m.Lede = b.valueHeadline(r), b.valueLede(r)
	}
	if f := r.Formula; f != nil {
		m.Equation, m.EquationNote = b.valueEquation(r, f), b.valueEquationNote(r, f)
		m.Results, m.FormulaFinding = b.valueResults(r, f), strings.TrimSuffix(b.valueLede(r), ".")
		m.Inputs, m.InputsSide = b.inputsFigure(r, f)
	} else {
		m.Missing = b.t("value.missing." + missingID(b, r.Missing))
	}
	m.Curve, m.CurveSide = b.valueCurve(r)
	m.Channels, m.ChannelSide = b.channelsFigure(r)
	m.Spend = b.spendFigure(r)
	m.Means = []string{b.t("value.means_formula"), b.t("value.means_observed")}
	m.Doubts = b.valueDoubts(r)
	if m.Prediction != nil {
		m.Prediction.Contents = b.valueContents(&m)
	}
	m.Terms = b.terms(append(predictionTerms(r), "clv", "orders-per-year", "churn", "lifespan", "margin", "cac", "observed", "payback")...)
	return page{
		Slug: "lifetime-value", Template: "lifetime-value", Class: "value", NavOrder: navValue,
		Title: b.t("nav.lifetime-value"), NavLabel: b.t("nav.lifetime-value"), Description: m.Headline, Model: m,
	}
}

// missingID falls back to a general wording for a reason without a message.
func missingID(b *builder, reason string) string {
	if reason != "" && b.loc.Has("value.missing."+reason) {
		return reason
	}
	return "general"
}

// lastObserved is the mean observed value at the oldest named age that is known.
func (b *builder) lastObserved() (value float64, age int32, ok bool) {
	for _, age := range []int32{12, 6, 3} {
		if f := b.named("clv.observed_p" + itoa(age)); f.Known {
			return f.Value, age, true
		}
	}
	return 0, 0, false
}

func (b *builder) valueHeadline(r *clv.Report) string {
	value, age, ok := b.lastObserved()
	cac := b.named("clv.cac")
	switch {
	case ok && cac.Known:
		return b.tg("value.headline_cac", "Value", b.money(value), "Age", b.int(int64(age)), "CAC", b.money(cac.Value))
	case ok:
		return b.tg("value.headline", "Value", b.money(value), "Age", b.int(int64(age)))
	case r.Formula != nil:
		return b.t("value.headline_formula", "Value", b.money(r.Formula.Gross))
	}
	return b.t("value.headline_none")
}

func (b *builder) valueLede(r *clv.Report) string {
	if r.Formula == nil {
		return b.t("value.lede_observed")
	}
	f, id := r.Formula, "value.lede"
	if f.CACKnown {
		id = "value.lede_cac"
	}
	return b.t(id, "Value", b.money(f.Gross), "Interval", b.interval(b.money(f.GrossLow), b.money(f.GrossHigh)),
		"Span", b.years(f.Lifespan))
}

// years is "1,2 an", "2,4 ans", "1.2 years": French counts from two on as a plural.
func (b *builder) years(v float64) string { return b.loc.Dec(v, 1) + "\u00a0" + b.yearsUnit(v) }

func (b *builder) yearsUnit(v float64) string {
	if v < 1.95 { // shown with one decimal
		return b.t("unit.years_under_two")
	}
	return b.t("unit.years")
}

// valueEquation is basket × orders a year × lifespan − acquisition cost = value.
func (b *builder) valueEquation(r *clv.Report, f *clv.Formula) []kpiView {
	basket := kpiView{Name: b.t("kpi.aov"), Href: b.def("aov"), Note: b.t("value.aov_note", "Count", f.Orders)}
	basket.setAmount(b.money(f.AOV))
	rate := kpiView{
		Op: "×", Name: b.t("kpi.orders_per_year"), Href: b.def("orders-per-year"), Value: b.loc.Dec(f.OrdersPerYear, 2),
		Note: b.t("value.rate_note", "Years", b.loc.Dec(f.CustomerYears, 0)),
	}
	life := kpiView{
		Op: "×", Name: b.t("kpi.lifespan"), Href: b.def("lifespan"), Value: b.loc.Dec(f.Lifespan, 1), Unit: " " + b.yearsUnit(f.Lifespan),
		Note: b.t("value.life_note", "Churn", b.pct(f.Churn), "Interval", b.interval(b.loc.Dec(f.LifespanLow, 1), b.loc.Dec(f.LifespanHigh, 1))),
	}
	if f.LifespanCap {
		life.Note = b.t("value.life_cap", "Churn", b.pct(f.Churn), "Max", b.int(clv.MaxLifespan))
	}
	out := []kpiView{basket, rate, life}
	if f.CACKnown {
		cac := kpiView{Op: "−", Name: b.t("kpi.cac"), Href: b.def("cac"), Note: b.t("value.cac_note")}
		cac.setAmount(b.money(f.CAC))
		out = append(out, cac)
	}
	total := kpiView{
		Op: "=", Name: b.t("kpi.clv"), Href: b.def("clv"), Total: true,
		Note: b.interval(b.money(f.GrossLow), b.money(f.GrossHigh)),
	}
	total.setAmount(b.money(f.Gross))
	return append(out, total)
}

func (b *builder) valueEquationNote(r *clv.Report, f *clv.Formula) string {
	id := "value.equation"
	if !f.CACKnown {
		id = "value.equation_nocac"
	}
	return b.t(id, "Refunds", b.pct(f.RefundRate))
}

// valueResults are the value at margin, and what it is worth against acquisition.
func (b *builder) valueResults(r *clv.Report, f *clv.Formula) []kpiView {
	var out []kpiView
	if r.Margin < 1 {
		k := kpiView{
			Name: b.t("kpi.clv_margin"), Href: b.def("margin"),
			Note: b.t("value.margin_note", "Margin", b.loc.Pct(r.Margin, 0), "Interval", b.interval(b.money(f.NetLow), b.money(f.NetHigh))),
		}
		k.setAmount(b.money(f.Net))
		out = append(out, k)
	}
	if value, age, ok := b.lastObserved(); ok {
		k := kpiView{Name: b.tg("kpi.observed", "Age", b.int(int64(age))), Href: b.def("observed"), Note: b.t("loyalty.observed_note_plain")}
		k.setAmount(b.money(value))
		out = append(out, k)
	}
	if q := b.named("clv.ratio"); q.Known {
		out = append(out, kpiView{Name: b.t("kpi.ratio"), Href: b.def("clv"), Before: "× ", Value: b.loc.Dec(q.Value, 1), Note: b.t("value.ratio_note")})
	}
	if p := b.named("clv.payback"); p.Known && p.Value >= 0 {
		out = append(out, kpiView{Name: b.t("kpi.payback"), Href: b.def("payback"), Value: b.age(int32(p.Value)), Note: b.t("value.payback_note")})
	}
	return out
}

func (b *builder) inputsFigure(r *clv.Report, f *clv.Formula) (*figure, []string) {
	t := chart.Table{ID: "lifetime-value-inputs", Columns: []chart.Column{b.col("input"), b.colN("value"), b.colN("low"), b.colN("high"), b.col("basis")}}
	row := func(id string, v, low, high chart.Cell, basis string) {
		t.Rows = append(t.Rows, chart.Row{Cells: []chart.Cell{keyed(b.t("kpi."+id), id), v, low, high, {Text: basis}}})
	}
	no := unknownCell()
	row("aov", b.cellValue(f.AOV), no, no, b.t("basis.aov", "Count", f.Orders))
	row("orders_per_year", b.cellDec(f.OrdersPerYear, 2), no, no, b.t("basis.rate", "Years", b.loc.Dec(f.CustomerYears, 0)))
	row("churn", b.cellPct(f.Churn), b.cellPct(f.ChurnLow), b.cellPct(f.ChurnHigh), b.t("basis.churn", "Age", b.age(f.ChurnAge), "Count", f.ChurnN))
	row("lifespan", b.cellDec(f.Lifespan, 2), b.cellDec(f.LifespanLow, 2), b.cellDec(f.LifespanHigh, 2), b.t("basis.life", "Max", b.int(clv.MaxLifespan)))
	if f.CACKnown {
		row("cac", b.cellValue(f.CAC), no, no, b.t("basis.cac"))
	}
	row("clv", b.cellValue(f.Gross), b.cellValue(f.GrossLow), b.cellValue(f.GrossHigh), b.t("basis.clv"))
	if r.Margin < 1 {
		row("clv_margin", b.cellValue(f.Net), b.cellValue(f.NetLow), b.cellValue(f.NetHigh), b.t("basis.margin", "Margin", b.loc.Pct(r.Margin, 0)))
	}
	fig := b.figure("lifetime-value", b.t("inputs.finding", "Churn", b.pct(f.Churn), "Span", b.years(f.Lifespan)), b.t("inputs.sub"), b.t("inputs.source"), nil, t)
	return &fig, []string{b.t("inputs.side", "Refunds", b.pct(f.RefundRate))}
}

// valueCurve is the observed cumulative value per customer: cohorts grey, mean thick, acquisition cost as a line.
func (b *builder) valueCurve(r *clv.Report) (*figure, []string) {
	var mean []clv.Point
	for _, p := range r.Mean {
		if p.Customers >= b.minCell() && b.followed(p.Age) {
			mean = append(mean, p)
		}
	}
	if len(mean) < 2 {
		return nil, nil
	}
	limit := int(mean[len(mean)-1].Age)
	spec := chart.Spec{ID: "f-value", Kind: chart.Line, Y: chart.Money, Height: 360, XName: b.tg("triangle.ages")}
	for age := 0; age <= limit; age++ {
		spec.X = append(spec.X, b.age(int32(age)))
	}
	spec.Series = b.valueLines(r, limit)
	m := chart.Series{Name: b.t("curves.mean"), Role: chart.Mean, Label: b.t("curves.mean"), Values: nans(limit + 1)}
	t := chart.Table{ID: "lifetime-value-observed", Caption: b.t("valuecurve.caption"), Columns: []chart.Column{b.col("age"), b.colN("value_minor"), b.colN("eligible")}}
	for _, p := range mean {
		m.Values[p.Age] = p.Value
		t.Rows = append(t.Rows, chart.Row{Cells: []chart.Cell{keyed(b.age(p.Age), itoa(p.Age)), b.cellValue(p.Value), b.cellInt(p.Customers)}})
	}
	spec.Series = append(spec.Series, m)
	if cac := b.named("clv.cac"); cac.Known {
		spec.Marks = []chart.Mark{{Value: cac.Value, Label: b.t("kpi.cac") + " " + b.money(cac.Value), Role: chart.Cost}}
	}
	finding := b.t("valuecurve.finding", "First", b.money(mean[0].Value), "Last", b.money(mean[len(mean)-1].Value), "Age", b.age(int32(limit)))
	f := b.figure("lifetime-value", finding, b.t("valuecurve.sub"), b.t("valuecurve.source"), &spec, t)
	return &f, []string{b.t("valuecurve.side")}
}

// followed reports whether an age is one that several cohorts, and a quarter of them all, have reached: beyond, the mean
// of a value jumps when one large cohort leaves it.
func (b *builder) followed(age int32) bool {
	t, ok := b.byMode(cohort.On)
	m, known := meanAt(t, age)
	all, _ := meanAt(t, 0)
	return !ok || known && m.Cohorts >= max(leastCohorts, all.Cohorts/4)
}

func (b *builder) valueLines(r *clv.Report, limit int) []chart.Series {
	var out []chart.Series
	for _, c := range r.Observed {
		if c.Size < b.minCell() {
			continue
		}
		s := chart.Series{Name: b.periodShort(c.Cohort), Role: chart.Context, Values: nans(limit + 1)}
		points := 0
		for _, p := range c.Points {
			if p.State == dataset.Complete && int(p.Age) <= limit {
				s.Values[p.Age] = p.Value
				points++
			}
		}
		if points > 1 {
			out = append(out, s)
		}
	}
	return out[max(0, len(out)-shownCohorts):]
}

func nans(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.NaN()
	}
	return out
}

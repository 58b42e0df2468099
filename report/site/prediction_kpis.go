package site

import (
	"parcours/report/chart"
	"parcours/report/clv"
)

// estimateKPI is a key figure with its interval; of a forecast that failed its test the note says so.
func (b *builder) estimateKPI(id, def string, e clv.Estimate, write func(float64) string, poor bool) kpiView {
	k := kpiView{Name: b.t("kpi." + id), Href: b.def(def), Note: b.ranged(e, write)}
	k.setAmount(write(e.Value))
	if poor {
		k.Note, k.Class = b.poorNote(k.Note), "poor"
	}
	return k
}

// poorNote marks a figure of a forecast that failed its test, beside its interval.
func (b *builder) poorNote(interval string) string {
	if interval == "" {
		return b.t("prediction.kpi_poor")
	}
	return interval + " – " + b.t("prediction.kpi_poor")
}

// forecastEquation is what customers brought + what they will bring = their value.
func (b *builder) forecastEquation(p *clv.Prediction, f *clv.Forecast) ([]kpiView, string) {
	so := kpiView{Name: b.t("kpi.historic"), Href: b.def("historic"), Note: b.t("prediction.historic_note", "Day", b.endDay(p))}
	so.setAmount(b.big(float64(f.Historic)))
	come := b.estimateKPI("to_come", "equity", f.Equity, b.big, p.Poor)
	come.Op = "+"
	total := b.estimateKPI("total", "total", plus(f.Equity, float64(f.Historic)), b.big, p.Poor)
	total.Op, total.Total = "=", true
	note := b.t("prediction.equation", "Count", f.Customers, "Months", b.months(f.Months), "Rate", b.pct0(f.Rate))
	return []kpiView{so, come, total}, note
}

// forecastKPIs are the figures that people ask of a customer base, then of a new customer.
func (b *builder) forecastKPIs(r *clv.Report, p *clv.Prediction, f *clv.Forecast) []kpiView {
	of := func(id, def string, e clv.Estimate, write func(float64) string) kpiView {
		return b.estimateKPI(id, def, e, write, p.Poor)
	}
	out := []kpiView{
		of("predicted", "equity", per(f.Equity, f.Customers), b.money), of("still_active", "alive", f.Active, b.whole),
		of("gone_share", "gone", f.Gone, b.pct0), of("at_risk", "at-risk", f.AtRisk, b.big),
	}
	if n := f.New; n != nil {
		out = append(out, of("new_customer", "new-customer", n.Value, b.money))
		if n.CACKnown && n.CAC > 0 {
			out = append(out, of("new_ratio", "new-ratio", n.Ratio, b.times), b.paybackKPI(r, p, f))
		}
	}
	return append(out, of("buyers", "buyers", f.Buyers, b.whole))
}

// paybackKPI is the month in which a new customer has paid back what they cost.
func (b *builder) paybackKPI(r *clv.Report, p *clv.Prediction, f *clv.Forecast) kpiView {
	k := kpiView{Name: b.t("kpi.payback_months"), Href: b.def("payback-months"), Value: b.t("prediction.beyond", "Months", b.months(f.Months))}
	switch n := f.New; {
	case n.Payback == 0:
		k.Value = b.t("prediction.first_order")
	case n.Payback > 0:
		k.Value, k.Unit = b.int(int64(n.Payback)), "\u00a0"+b.t("unit.months", "Count", n.Payback)
	}
	k.Note = b.t("prediction.payback_note", "CAC", b.money(f.New.CAC), "Margin", b.marginText(r))
	if p.Poor {
		k.Note, k.Class = b.t("prediction.kpi_poor"), "poor"
	}
	return k
}

func (b *builder) marginText(r *clv.Report) string {
	if r.MarginKnown {
		return b.t("prediction.at_margin", "Margin", b.loc.Pct(r.Margin, 0))
	}
	return b.t("prediction.at_revenue")
}

// forecastBasis says what the figures rest on: model, day, horizon, discount, n, resolution, intervals.
func (b *builder) forecastBasis(p *clv.Prediction, f *clv.Forecast) string {
	id := "prediction.basis"
	switch {
	case !f.Bootstrap.Known:
		id = "prediction.basis_unsure"
	case byPeriod(p):
		id = "prediction.basis_period"
	}
	return b.t(id, "Model", b.modelName(p.Chosen), "Day", b.endDay(p), "Months", b.months(f.Months), "Rate", b.pct0(f.Rate),
		"Customers", b.int(f.Customers), "Resolution", b.resolution(p), "Draws", b.int(int64(f.Bootstrap.Draws-f.Bootstrap.Failed)))
}

// resolution is the width of the cells that models were fitted to.
func (b *builder) resolution(p *clv.Prediction) string {
	switch p.Resolution {
	case 0, 1:
		return b.t("prediction.day")
	case 7:
		return b.t("prediction.week")
	}
	return b.t("content.days", "Count", p.Resolution)
}

// bounds3 are an estimate's three cells: value, low, high.
func bounds3(e clv.Estimate, cell func(float64) chart.Cell) []chart.Cell {
	return []chart.Cell{cell(e.Value), cell(e.Low), cell(e.High)}
}

// spread is an estimate's interval as one cell; the CSV has both bounds.
func (b *builder) spread(e clv.Estimate, write func(float64) string) chart.Cell {
	if !sure(e) {
		return unknownCell()
	}
	return chart.Cell{Text: b.interval(write(e.Low), write(e.High)), Raw: rawFloat(e.Low) + ".." + rawFloat(e.High)}
}

// cellBig is an amount of many customers.
func (b *builder) cellBig(minor float64) chart.Cell {
	c := b.cellValue(minor)
	if c.Raw != "" {
		c.Text = b.loc.MoneyRound(minor)
	}
	return c
}

// cellWhole is an expected number of customers or orders.
func (b *builder) cellWhole(v float64) chart.Cell { return b.cellDec(v, 0) }

func (b *builder) cellPct0(v float64) chart.Cell {
	c := b.cellPct(v)
	if c.Raw != "" {
		c.Text = b.pct0(v)
	}
	return c
}

// horizons is the value to come by horizon, discounted and not, as revenue and at margin.
func (b *builder) horizons(r *clv.Report, f *clv.Forecast) (*figure, []string) {
	if len(f.Horizons) == 0 {
		return nil, nil
	}
	t := chart.Table{ID: "lifetime-value-horizons", Columns: []chart.Column{
		b.col("horizon"), b.colN("expected_orders"), b.colN("undiscounted_minor"), b.colN("discounted_minor"), b.colN("interval"),
	}}
	if r.MarginKnown {
		t.Columns = append(t.Columns, b.colN("margin_undiscounted_minor"), b.colN("margin_discounted_minor"))
	}
	for _, h := range f.Horizons {
		name := keyed(b.t("content.periods.month", "Count", h.Months), itoa(h.Months))
		discounted := b.cellBig(h.Discounted.Value)
		discounted.Class = "strong"
		row := []chart.Cell{name, b.cellWhole(h.Purchases.Value), b.cellBig(h.Value.Value), discounted, b.spread(h.Discounted, b.loc.MoneyRound)}
		if r.MarginKnown {
			row = append(row, b.cellBig(h.Value.Value*r.Margin), b.cellBig(h.Discounted.Value*r.Margin))
		}
		t.Rows = append(t.Rows, chart.Row{Cells: row})
	}
	if f.EndlessKnown {
		row := []chart.Cell{keyed(b.t("prediction.endless"), "endless"), unknownCell(), unknownCell(), b.cellBig(f.Endless.Value), b.spread(f.Endless, b.loc.MoneyRound)}
		if r.MarginKnown {
			row = append(row, unknownCell(), b.cellBig(f.Endless.Value*r.Margin))
		}
		t.Rows = append(t.Rows, chart.Row{Cells: row})
	}
	first, last := f.Horizons[0], f.Horizons[len(f.Horizons)-1]
	finding := b.t("horizons.finding", "First", b.big(first.Discounted.Value), "A", b.int(int64(first.Months)), "Last", b.big(last.Discounted.Value), "Z", b.int(int64(last.Months)))
	if len(f.Horizons) == 1 {
		finding = b.t("horizons.finding_one", "First", b.big(first.Discounted.Value), "A", b.int(int64(first.Months)))
	}
	fig := b.figure("lifetime-value", finding, b.t("horizons.sub", "Count", f.Customers), b.t("prediction.source"), nil, t)
	side := []string{b.t("horizons.side_discount", "Rate", b.pct0(f.Rate))}
	if r.MarginKnown {
		side = append(side, b.t("horizons.side_margin", "Margin", b.loc.Pct(r.Margin, 0)))
	} else {
		side = append(side, b.t("horizons.side_revenue"))
	}
	return &fig, side
}

// months is "12 months", with the plural that the language asks for.
func (b *builder) months(n int32) string {
	return b.int(int64(n)) + "\u00a0" + b.t("unit.months", "Count", n)
}

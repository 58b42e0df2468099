package site

import (
	"html/template"
	"math"

	"parcours/report/chart"
	"parcours/report/clv"
	"parcours/report/dataset"
)

// agesDiffer is the ratio of mean ages from which totals of channels do not compare.
const agesDiffer = 1.25

// channelForecasts compares channels by what their customers brought and will bring.
func (b *builder) channelForecasts(r *clv.Report, f *clv.Forecast) (*figure, []string) {
	if len(f.Channels) == 0 {
		return nil, nil
	}
	dimension := b.dimension()
	t := chart.Table{ID: "lifetime-value-forecast-by-" + dimension, Columns: []chart.Column{
		{Name: capital(b.t("dimension." + dimension)), Key: dimension},
		b.colN("customers"), b.colN("mean_age_days"), b.colN("still_active"),
		b.colN("historic_per_customer_minor"), b.colN("predicted_per_customer_minor"), b.colN("interval"),
		b.colN("total_per_customer_minor"), b.colN("equity_minor"),
	}}
	cost := false
	for _, c := range f.Channels {
		cost = cost || c.CACKnown
	}
	if cost {
		t.Columns = append(t.Columns, b.colN("cac_minor"), b.colN("ratio"), b.colN("payback_months"))
	}
	for _, c := range f.Channels {
		t.Rows = append(t.Rows, b.channelForecastRow(c, cost, len(t.Columns), f.Months))
	}
	fig := b.figure("lifetime-value", b.channelForecastFinding(f), b.t("channelvalue.sub", "Months", b.months(f.Months)), b.t("channelvalue.source"), nil, t)
	notes := b.channelForecastNotes(r, f, cost)
	if hidden := fig.Table.hideFew(); hidden > 0 {
		notes = append(notes, b.t("dims.hidden", "Count", hidden, "N", b.int(b.minCell())))
	}
	return &fig, notes
}

// dimension is the attribute of customers that the report compares.
func (b *builder) dimension() string {
	if d := b.Results.Manifest.Dimension; d != "" {
		return d
	}
	return "channel"
}

func (b *builder) channelForecastRow(c clv.GroupForecast, cost bool, columns int, months int32) chart.Row {
	name := keyed(b.dimLabel(c.Dim), dimKey(c.Dim))
	if c.Small || c.Customers < b.minCell() {
		return b.fewRow(name, columns)
	}
	value := b.cellValue(c.Value.Value)
	value.Class = "proj"
	row := []chart.Cell{
		name, b.cellInt(c.Customers), b.cellDays(c.Age), b.cellPct0(c.Active.Value), b.cellValue(c.Historic), value,
		b.spread(c.Value, b.money), b.cellValue(c.Total.Value), b.cellBig(c.Equity.Value),
	}
	if cost {
		row = append(row, b.forecastCost(c, months)...)
	}
	return chart.Row{Cells: row}
}

func (b *builder) cellDays(v float64) chart.Cell {
	if math.IsNaN(v) {
		return unknownCell()
	}
	return chart.Cell{Text: b.loc.Days(math.Round(v)), Raw: rawFloat(v)}
}

// forecastCost are the cost of a customer, how often their value covers it, and the month in which it does.
func (b *builder) forecastCost(c clv.GroupForecast, months int32) []chart.Cell {
	if !c.CACKnown || c.CAC <= 0 {
		return []chart.Cell{unknownCell(), unknownCell(), unknownCell()}
	}
	ratioCell := chart.Cell{Text: b.times(c.Ratio.Value), Raw: rawFloat(c.Ratio.Value), Class: "strong"}
	if c.Ratio.Value < 1 {
		ratioCell.Class = "strong bad-t"
	}
	payback := chart.Cell{Text: b.t("prediction.beyond", "Months", b.months(months))}
	switch {
	case c.Payback == 0:
		payback = keyed(b.t("prediction.first_order"), "0")
	case c.Payback > 0:
		payback = keyed(b.t("content.periods.month", "Count", c.Payback), itoa(c.Payback))
	}
	return []chart.Cell{b.cellValue(c.CAC), ratioCell, payback}
}

// channelForecastFinding names who will bring most and least, when their intervals do not meet.
func (b *builder) channelForecastFinding(f *clv.Forecast) string {
	var best, worst *clv.GroupForecast
	for i := range f.Channels {
		c := &f.Channels[i]
		if c.Small || c.Customers < b.minCell() || c.Dim == dataset.OtherDim || c.Dim == dataset.NoDim {
			continue
		}
		if best == nil || c.Value.Value > best.Value.Value {
			best = c
		}
		if worst == nil || c.Value.Value < worst.Value.Value {
			worst = c
		}
	}
	if best == nil || best == worst {
		return b.t("channelvalue.finding_one")
	}
	id := "channelvalue.finding"
	if !(best.Value.Low > worst.Value.High) {
		id = "channelvalue.finding_unsure"
	}
	return b.t(id, "Best", b.dimLabel(best.Dim), "High", b.money(best.Value.Value), "Worst", b.dimLabel(worst.Dim), "Low", b.money(worst.Value.Value))
}

// channelForecastNotes warns of channels whose customers are not of the same age.
func (b *builder) channelForecastNotes(r *clv.Report, f *clv.Forecast, cost bool) []string {
	notes := []string{b.t("channelvalue.side")}
	young, old := math.Inf(1), 0.0
	for _, c := range f.Channels {
		if !c.Small && c.Customers >= b.minCell() {
			young, old = math.Min(young, c.Age), math.Max(old, c.Age)
		}
	}
	if old > agesDiffer*young {
		notes = append(notes, b.t("channelvalue.ages", "Young", b.loc.Days(math.Round(young)), "Old", b.loc.Days(math.Round(old))))
	}
	if cost {
		notes = append(notes, b.t("channelvalue.cost", "Margin", b.marginText(r)))
	}
	return notes
}

// segmentForecasts is what each segment is expected to bring.
func (b *builder) segmentForecasts(f *clv.Forecast) *figure {
	if len(f.Segments) == 0 {
		return nil
	}
	t := chart.Table{ID: "lifetime-value-forecast-by-segment", Columns: []chart.Column{
		b.col("segment"), b.colN("customers"), b.colN("still_active"), b.colN("orders_per_customer"), b.colN("predicted_per_customer_minor"),
		b.colN("interval"), b.colN("equity_minor"), b.colN("equity_share"),
	}}
	top, best := 0.0, (*clv.SegmentForecast)(nil)
	var bars []template.HTML
	for i := range f.Segments {
		s := &f.Segments[i]
		if !b.smallSegment(*s) && (best == nil || s.Equity.Value > best.Equity.Value) {
			best, top = s, s.Equity.Value
		}
	}
	for _, s := range f.Segments {
		if s.Customers == 0 {
			continue
		}
		t.Rows = append(t.Rows, b.segmentForecastRow(s, f, len(t.Columns)))
		if b.smallSegment(s) || top <= 0 {
			bars = append(bars, "")
			continue
		}
		bars = append(bars, bar(s.Equity.Value/top, "f-s5"))
	}
	finding := b.t("segmentvalue.finding_none")
	if best != nil && f.Equity.Value > 0 {
		finding = b.t("segmentvalue.finding", "Segment", b.segmentName(best.Name), "Share", b.pct0(best.Equity.Value/f.Equity.Value))
	}
	fig := b.figure("lifetime-value", finding, b.t("segmentvalue.sub", "Months", b.months(f.Months)), b.t("prediction.source"), nil, t)
	fig.Table.draw(7, keyBar, b.t("col.equity_share"), bars)
	fig.Table.Class = "data rows"
	return &fig
}

func (b *builder) smallSegment(s clv.SegmentForecast) bool {
	return s.Small || s.Customers < b.minCell()
}

func (b *builder) segmentForecastRow(s clv.SegmentForecast, f *clv.Forecast, columns int) chart.Row {
	name := keyed(b.segmentName(s.Name), string(s.Name))
	if b.smallSegment(s) {
		return b.fewRow(name, columns)
	}
	value := b.cellValue(s.Value.Value)
	value.Class = "proj"
	part := math.NaN()
	if f.Equity.Value > 0 {
		part = s.Equity.Value / f.Equity.Value
	}
	return chart.Row{Cells: []chart.Cell{
		name, b.cellInt(s.Customers), b.cellPct0(s.Active.Value), b.cellDec(s.Purchases.Value, 2), value, b.spread(s.Value, b.money),
		b.cellBig(s.Equity.Value), b.cellPct(part),
	}}
}

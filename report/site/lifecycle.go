package site

import (
	"math"

	"parcours/report/chart"
	"parcours/report/dataset"
	"parcours/report/lifecycle"
)

// lifecycleModel is the page of flows.
type lifecycleModel struct {
	Headline, Lede string
	Chart          *figure
	ChartSide      []string
	Ledger         *figure
	LedgerSide     []string
	Notes          []note
	Terms          []term
}

// lifecyclePage is the page of customers who come, come back and leave.
func (b *builder) lifecyclePage() page {
	l := b.Results.Lifecycle
	if l == nil || len(l.Periods) == 0 {
		return page{}
	}
	m := lifecycleModel{Headline: b.t("lifecycle.headline_none")}
	if l.Current >= 1 && l.Current < len(l.Periods) {
		now := l.Periods[l.Current]
		m.Headline = capital(b.t("lifecycle.headline", "In", b.inPeriod(now.Period), "Finding", b.lifecycleFinding(l)))
		m.Lede = b.lifecycleLede(l)
		f := b.figure("lifecycle", b.t("ledger.finding", "Count", now.Active), b.tg("lifecycle.sub"), b.t("lifecycle.source"), nil, b.ledgerTable(l))
		m.Ledger, m.LedgerSide = &f, []string{b.t("ledger.identity")}
	}
	m.Chart, m.ChartSide = b.flowsFigure(l)
	m.Terms = b.terms("lc-new", "lc-returning", "lc-resurrected", "lc-dormant", "net-growth", "quick-ratio")
	return page{
		Slug: "lifecycle", Template: "lifecycle", Class: "lifecycle", NavOrder: navLifecycle,
		Title: b.t("nav.lifecycle"), NavLabel: b.t("nav.lifecycle"), Description: m.Headline, Model: m,
	}
}

func (b *builder) lifecycleLede(l *lifecycle.Report) string {
	now := l.Periods[l.Current]
	s := b.t("lifecycle.lede", "New", b.int(now.New), "Returning", b.int(now.Returning), "Resurrected", b.int(now.Resurrected), "Dormant", b.int(now.Dormant))
	leaking, judged := 0, 0
	for _, p := range l.Periods[max(1, l.Current+1-int(dataset.PerYear(b.grain()))) : l.Current+1] {
		judged++
		if p.New+p.Resurrected < p.Dormant {
			leaking++
		}
	}
	switch {
	case judged < 2:
		return s
	case leaking == 0:
		return s + " " + b.tg("lifecycle.leaking_none", "Of", b.int(int64(judged)))
	}
	return s + " " + b.tg("lifecycle.leaking", "Count", leaking, "Of", b.int(int64(judged)))
}

// shownFlows is how many periods the chart draws.
const shownFlows = 25

func (b *builder) flowsFigure(l *lifecycle.Report) (*figure, []string) {
	shown := l.Periods[max(0, len(l.Periods)-shownFlows):]
	spec := chart.Spec{ID: "f-flows", Kind: chart.Stack, Y: chart.Integer, Height: 380}
	series := []chart.Series{
		{Name: b.t("flow.returning"), Role: chart.Main},
		{Name: b.t("flow.resurrected"), Role: chart.Mid},
		{Name: b.t("flow.new"), Role: chart.Soft},
		{Name: b.t("flow.dormant"), Role: chart.Bad},
	}
	for i, p := range shown {
		spec.X = append(spec.X, b.periodShort(p.Period))
		dormant := -float64(p.Dormant)
		if i == 0 && len(shown) == len(l.Periods) {
			dormant = 0 // nobody was there before the first period
		}
		if p.State == dataset.Partial {
			dormant = math.NaN() // who has not ordered yet is not gone
		}
		for j, v := range []float64{float64(p.Returning), float64(p.Resurrected), float64(p.New), dormant} {
			series[j].Values = append(series[j].Values, v)
		}
		if p.State == dataset.Partial {
			spec.Partial++
		}
	}
	spec.Series = series
	finding := b.flowsFinding(l)
	f := b.figure("lifecycle", finding, b.tg("flows.sub"), b.t("lifecycle.source"), &spec, b.flowsTable(l))
	f.Table.Rows = f.Table.Rows[:len(shown)] // the latest come first
	side := []string{b.t("flows.read")}
	if len(shown) == len(l.Periods) {
		side = append(side, b.t("flows.first"))
	}
	if spec.Partial > 0 {
		side = append(side, b.tg("flows.partial"))
	}
	return &f, side
}

func (b *builder) flowsFinding(l *lifecycle.Report) string {
	if l.Current < 1 || l.Current >= len(l.Periods) {
		return b.t("lifecycle.headline_none")
	}
	year := int(dataset.PerYear(b.grain()))
	now := l.Periods[l.Current]
	if i := l.Current - year; i >= 0 && l.Periods[i].Active > 0 {
		change := float64(now.Active-l.Periods[i].Active) / float64(l.Periods[i].Active)
		return b.t("flows.finding_year", "Count", now.Active, "In", b.inPeriod(now.Period), "Change", b.loc.SignedPct(change, 1))
	}
	return b.t("flows.finding", "Count", now.Active, "In", b.inPeriod(now.Period), "Returning", b.pct(ratio(now.Returning, now.Active)))
}

func (b *builder) flowsTable(l *lifecycle.Report) chart.Table {
	t := chart.Table{ID: "lifecycle", Caption: b.t("flows.caption"), Columns: []chart.Column{
		b.col("period"), b.colN("active"), b.colN("new"), b.colN("returning"), b.colN("resurrected"), b.colN("dormant"), b.colN("net_growth"),
	}}
	for i := len(l.Periods) - 1; i >= 0; i-- {
		p := l.Periods[i]
		dormant, growth := b.cellInt(p.Dormant), b.cellSigned(p.New+p.Resurrected-p.Dormant)
		if i == 0 || p.State == dataset.Partial {
			dormant, growth = unknownCell(), unknownCell()
		}
		row := chart.Row{Cells: []chart.Cell{
			keyed(b.periodShort(p.Period), b.Results.Calendar.Key(b.grain(), p.Period)), b.cellInt(p.Active), b.cellInt(p.New),
			b.cellInt(p.Returning), b.cellInt(p.Resurrected), dormant, growth,
		}}
		if p.State == dataset.Partial {
			row.Class = "few"
			row.Cells[0].Text += " (" + b.t("state.partial") + ")"
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

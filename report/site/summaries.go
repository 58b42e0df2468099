package site

import (
	"math"

	"parcours/report/chart"
	"parcours/report/dataset"
	"parcours/report/kpi"
	"parcours/report/segment"
)

// revenueFigure is net revenue by period, of new and of returning customers; the current period and its year-ago.
func (b *builder) revenueFigure() (*figure, []string) {
	periods := b.Results.KPI.Periods
	if len(periods) == 0 {
		return nil, nil
	}
	shown := periods[max(0, len(periods)-sparkPeriods-1):]
	spec := chart.Spec{ID: "f-revenue", Kind: chart.Stack, Y: chart.Money, Height: 320}
	known := chart.Series{Name: b.t("revenue.known"), Role: chart.Main}
	fresh := chart.Series{Name: b.t("revenue.new"), Role: chart.Soft}
	orders := int64(0)
	for _, p := range shown {
		spec.X = append(spec.X, b.periodShort(p.Period))
		known.Values = append(known.Values, float64(p.Net-p.NewNet))
		fresh.Values = append(fresh.Values, float64(p.NewNet))
		if p.State == dataset.Partial {
			spec.Partial++
			continue
		}
		orders += p.Orders
	}
	spec.Series = []chart.Series{known, fresh}
	finding := b.revenueFinding()
	sub := b.t("revenue.sub", "From", b.period(shown[0].Period), "To", b.period(shown[len(shown)-1].Period), "Orders", b.int(orders))
	f := b.figure("index", finding, sub, b.t("revenue.source"), &spec, b.periodsTable(periods))
	f.Table.Rows = f.Table.Rows[len(f.Table.Rows)-len(shown):]
	f.Table.drop(1)
	return &f, b.revenueSide()
}

func (b *builder) revenueFinding() string {
	p, ok := b.current()
	if !ok || p.Net <= 0 {
		return b.t("revenue.finding_none")
	}
	share := ratio(p.Net-p.NewNet, p.Net)
	if share < 0 || share > 1 { // refunds of one group larger than its orders
		return b.t("revenue.finding_net", "In", b.inPeriod(p.Period), "Net", b.money(float64(p.Net)))
	}
	if y, ok := b.back(int(dataset.PerYear(b.grain()))); ok && y.Net > 0 {
		return b.t("revenue.finding_year", "Share", b.pct(share), "Before", b.pct(ratio(y.Net-y.NewNet, y.Net)))
	}
	return b.t("revenue.finding", "Share", b.pct(share), "In", b.inPeriod(p.Period))
}

func (b *builder) revenueSide() []string {
	var out []string
	if best, ok := best(b.history(sparkPeriods)); ok {
		out = append(out, b.t("revenue.best", "Period", capital(b.period(best.Period)), "Net", b.money(float64(best.Net))))
	}
	if share := b.named("totals.unidentified_share"); share.Known && b.Results.Totals.UnidentifiedRows > 0 {
		out = append(out, b.t("revenue.unidentified", "Count", b.Results.Totals.UnidentifiedRows,
			"Net", b.money(float64(b.Results.Totals.UnidentifiedNet))))
	}
	return out
}

func best(list []kpi.Period) (kpi.Period, bool) {
	if len(list) < 3 {
		return kpi.Period{}, false
	}
	top := list[0]
	for _, p := range list {
		if p.Net > top.Net {
			top = p
		}
	}
	return top, true
}

// periodsTable holds every period; the page shows the last ones, without the state, which it writes beside the name.
func (b *builder) periodsTable(periods []kpi.Period) chart.Table {
	t := chart.Table{ID: "periods", Caption: b.tg("revenue.caption"), Columns: []chart.Column{
		b.col("period"), b.col("state"), b.colN("customers"), b.colN("new_customers"), b.colN("orders"), b.colN("gross_minor"),
		b.colN("refunds_minor"), b.colN("net_minor"), b.colN("new_net_minor"),
	}}
	for _, p := range periods {
		row := chart.Row{Cells: []chart.Cell{
			keyed(b.periodShort(p.Period), b.Results.Calendar.Key(b.grain(), p.Period)),
			keyed(b.t("state."+string(p.State)), string(p.State)),
			b.cellInt(p.Customers), b.cellInt(p.New), b.cellInt(p.Orders), b.cellMoney(p.Gross), b.cellMoney(p.Refunds),
			b.cellMoney(p.Net), b.cellMoney(p.NewNet),
		}}
		if p.State == dataset.Partial {
			row.Class = "few"
			row.Cells[0].Text += " (" + b.t("state.partial") + ")"
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// segmentName is the name of a segment in this language.
func (b *builder) segmentName(n segment.Name) string { return b.t("segment." + string(n) + ".name") }

// segmentsSummary is the table of segments that hold someone.
func (b *builder) segmentsSummary() (*figure, []string) {
	r := b.Results.Segments
	if r == nil || r.Customers == 0 {
		return nil, nil
	}
	f := b.figure("index", b.segmentsFinding(), b.t("segments.sub", "AsOf", b.loc.Day(b.Results.Manifest.AsOf), "Count", r.Customers),
		b.t("segments.source"), nil, b.segmentsTable(r))
	b.drawShares(&f, r)
	var side []string
	for _, n := range []segment.Name{segment.CantLose, segment.AtRisk} {
		for _, s := range r.Segments {
			if s.Name == n && s.Customers >= b.minCell() {
				side = append(side, b.t("segments.side", "Name", b.segmentName(n), "Count", s.Customers,
					"Share", b.pct(ratio(s.Net, r.Net)), "Advice", b.t("segment."+string(n)+".advice")))
			}
		}
	}
	return &f, side
}

// segmentsFinding says what the best customers weigh.
func (b *builder) segmentsFinding() string {
	r := b.Results.Segments
	var customers, net int64
	for _, s := range r.Segments {
		if s.Name == segment.Champions || s.Name == segment.Loyal {
			customers, net = customers+s.Customers, net+s.Net
		}
	}
	if customers == 0 || r.Net <= 0 {
		return b.t("segments.finding_none", "Count", r.Customers)
	}
	return b.t("segments.finding", "Share", b.pct(ratio(customers, r.Customers)), "Net", b.pct(ratio(net, r.Net)))
}

func (b *builder) segmentsTable(r *segment.Report) chart.Table {
	t := chart.Table{ID: "segments", Caption: "", Columns: []chart.Column{
		b.col("segment"), b.colN("customers"), b.colN("customers_share"), b.colN("net_minor"), b.colN("net_share"), b.colN("net_per_customer_minor"),
	}}
	for _, s := range r.Segments {
		t.Rows = append(t.Rows, b.segmentRow(r, s))
	}
	t.Foot = []chart.Row{{Cells: []chart.Cell{
		keyed(b.t("col.all"), "all"), b.cellInt(r.Customers), b.cellPct(1), b.cellMoney(r.Net), b.cellPct(1),
		b.cellValue(perHead(r.Net, r.Customers)),
	}}}
	return t
}

// segmentRow hides the money of a group so small that it could be recognised.
func (b *builder) segmentRow(r *segment.Report, s segment.Segment) chart.Row {
	name := keyed(b.segmentName(s.Name), string(s.Name))
	if s.Customers < b.minCell() {
		few := chart.Cell{Text: b.few(), Class: "n"}
		if s.Customers == 0 {
			few = b.cellInt(0)
		}
		return chart.Row{Class: "few", Cells: []chart.Cell{name, few, unknownCell(), unknownCell(), unknownCell(), unknownCell()}}
	}
	return chart.Row{Cells: []chart.Cell{
		name, b.cellInt(s.Customers), b.cellPct(ratio(s.Customers, r.Customers)), b.cellMoney(s.Net),
		b.cellPct(ratio(s.Net, r.Net)), b.cellValue(perHead(s.Net, s.Customers)),
	}}
}

// few is "n < 30".
func (b *builder) few() string { return b.t("few", "N", b.int(b.minCell())) }

func perHead(net, customers int64) float64 {
	if customers == 0 {
		return math.NaN()
	}
	return float64(net) / float64(customers)
}

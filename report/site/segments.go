package site

import (
	"html/template"
	"math"

	"parcours/report/chart"
	"parcours/report/dataset"
	"parcours/report/segment"
)

// segmentsModel is the page of recency, frequency and value.
type segmentsModel struct {
	Headline, Lede string
	Grid           gridView
	GridNotes      []note
	Table          *figure
	Advice         []advice
	AdviceIntro    string
	Status         *figure
	StatusSide     []string
	Edges          *figure
	EdgesSide      []string
	Terms          []term
}

// gridView is the R × F grid as a table: recency from 5 down, frequency from 1 up.
type gridView struct {
	Finding, Sub, Source, CSV, CSVName string
	Columns                            []gridHead
	Rows                               []gridRow
	Scale                              []scaleStep
}

// gridHead is a score with what it stands for.
type gridHead struct{ Name, Rule string }

type gridRow struct {
	gridHead
	Cells []gridCell
}

type gridCell struct{ Name, Customers, Share, Class, Title string }

// advice is one line of what to do for a segment.
type advice struct{ ID, Name, Who, Text, Size string }

// segmentsPage is the page of segments.
func (b *builder) segmentsPage() page {
	r := b.Results.Segments
	if r == nil || r.Customers == 0 {
		return page{}
	}
	m := segmentsModel{Headline: b.segmentsFinding(), Lede: b.segmentsLede(r)}
	m.Grid = b.gridView(r)
	m.GridNotes = []note{{b.t("grid.read_title"), b.t("grid.read"), false}, {b.t("grid.ties_title"), b.t("grid.ties"), false}}
	f := b.figure("segments", b.t("segmenttable.finding", "Count", b.filled(r)),
		b.t("segments.sub", "AsOf", b.loc.Day(b.Results.Manifest.AsOf), "Count", r.Customers), b.t("segments.source"), nil, b.segmentsTable(r))
	b.drawShares(&f, r)
	m.Table = &f
	for _, s := range r.Segments {
		if s.Customers < b.minCell() {
			continue
		}
		m.Advice = append(m.Advice, advice{
			ID: "segment-" + string(s.Name), Name: b.segmentName(s.Name), Who: b.t("segment." + string(s.Name) + ".who"),
			Text: b.t("segment." + string(s.Name) + ".advice"), Size: b.t("segments.size", "Count", s.Customers),
		})
	}
	m.Status, m.StatusSide = b.statusFigure(r)
	m.Edges, m.EdgesSide = b.edgesFigure(r)
	m.Terms = b.terms("rfm", "score", "active", "segment")
	return page{
		Slug: "segments", Template: "segments", Class: "segments", NavOrder: navSegments,
		Title: b.t("nav.segments"), NavLabel: b.t("nav.segments"), Description: m.Headline, Model: m,
	}
}

// filled counts the segments that hold someone.
func (b *builder) filled(r *segment.Report) int {
	n := 0
	for _, s := range r.Segments {
		if s.Customers > 0 {
			n++
		}
	}
	return n
}

func (b *builder) segmentsLede(r *segment.Report) string {
	if r.TopCustomers <= 0 || r.TopNet <= 0 {
		return b.t("segments.lede_none")
	}
	return b.t("segments.lede", "Customers", b.pct(r.TopCustomers), "Net", b.pct(r.TopNet))
}

// shareBounds are the colour bands of the grid: the share of customers in a cell; 4 % is an even spread.
func shareBounds() []float64 { return []float64{.005, .01, .02, .04, .06, .08, .12, .20} }

func (b *builder) gridView(r *segment.Report) gridView {
	table := b.gridTable(r)
	g := gridView{
		Finding: b.gridFinding(r), Sub: b.t("grid.sub"), Source: b.t("segments.source"), CSV: b.table(table), CSVName: table.ID,
		Scale: b.scale(shareBounds(), func(v float64) string { return b.loc.Dec(v*100, 1) }),
	}
	for f := 1; f <= 5; f++ {
		g.Columns = append(g.Columns, gridHead{b.t("grid.f", "N", itoa(int32(f))), b.frequencyRule(r.Edges, f)})
	}
	for score := 5; score >= 1; score-- {
		row := gridRow{gridHead: gridHead{b.t("grid.r", "N", itoa(int32(score))), b.recencyRule(r.Edges, score)}}
		for f := 1; f <= 5; f++ {
			row.Cells = append(row.Cells, b.gridCell(r, r.Grid[score-1][f-1]))
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

func (b *builder) gridCell(r *segment.Report, c segment.Cell) gridCell {
	out := gridCell{Name: b.segmentName(c.Name)}
	switch {
	case c.Customers == 0:
		out.Customers, out.Class = b.int(0), "none"
	case c.Customers < b.minCell():
		out.Customers, out.Class = b.few(), "few"
	default:
		share := ratio(c.Customers, r.Customers)
		out.Customers, out.Share, out.Class = b.int(c.Customers), b.pct(share), band(share, shareBounds())
		out.Title = b.t("grid.cell_title", "Net", b.money(float64(c.Net)), "Head", b.loc.MoneyAuto(perHead(c.Net, c.Customers)))
	}
	return out
}

// gridFinding names the fullest cell.
func (b *builder) gridFinding(r *segment.Report) string {
	var top segment.Cell
	for _, row := range r.Grid {
		for _, c := range row {
			if c.Customers > top.Customers {
				top = c
			}
		}
	}
	return b.t("grid.finding", "Share", b.pct(ratio(top.Customers, r.Customers)), "Name", b.segmentName(top.Name))
}

func (b *builder) gridTable(r *segment.Report) chart.Table {
	t := chart.Table{ID: "rfm-grid", Columns: []chart.Column{
		{Key: "recency_score"}, {Key: "frequency_score"}, {Key: "segment"}, {Key: "customers"}, {Key: "net_minor"},
	}}
	for i, row := range r.Grid {
		for j, c := range row {
			cells := []chart.Cell{text(itoa(int32(i + 1))), text(itoa(int32(j + 1))), text(string(c.Name)), {}, {}}
			if c.Customers == 0 || c.Customers >= b.minCell() {
				cells[3], cells[4] = b.cellInt(c.Customers), b.cellMoney(c.Net)
			}
			t.Rows = append(t.Rows, chart.Row{Cells: cells})
		}
	}
	return t
}

// statusFigure splits customers by recency alone.
func (b *builder) statusFigure(r *segment.Report) (*figure, []string) {
	s := r.Status
	total := s.Active + s.Dormant + s.Lost
	if total == 0 {
		return nil, nil
	}
	t := chart.Table{ID: "status", Columns: []chart.Column{b.col("status"), b.col("since_last"), b.colN("customers"), b.colN("customers_share")}}
	var bars []template.HTML
	for _, line := range []struct {
		id, rule string
		n        int64
		class    string
	}{
		{"active", b.t("status.active_rule", "Count", s.ActiveDays), s.Active, "f-brand"},
		{"dormant", b.t("status.dormant_rule", "From", b.int(int64(s.ActiveDays+1)), "To", b.int(int64(s.LostDays))), s.Dormant, "f-s5"},
		{"lost", b.t("status.lost_rule", "Count", s.LostDays), s.Lost, "f-grey"},
	} {
		t.Rows = append(t.Rows, chart.Row{Cells: []chart.Cell{
			keyed(b.t("status."+line.id), line.id), {Text: line.rule}, b.cellInt(line.n), b.cellPct(ratio(line.n, total)),
		}})
		bars = append(bars, bar(ratio(line.n, total), line.class))
	}
	f := b.figure("segments", b.t("status.finding", "Share", b.pct(ratio(s.Active, total)), "Count", s.ActiveDays),
		b.t("status.sub"), b.t("segments.source"), nil, t)
	f.Table.draw(4, keyBar, b.t("col.customers_share"), bars)
	f.Table.Class = "data rows"
	id := "status.derived"
	switch {
	case s.Configured:
		id = "status.configured"
	case s.Fallback:
		id = "status.fallback"
	}
	return &f, []string{b.t(id)}
}

// edgesFigure prints the thresholds of the scores.
func (b *builder) edgesFigure(r *segment.Report) (*figure, []string) {
	t := chart.Table{ID: "rfm-thresholds", Columns: []chart.Column{b.col("score"), b.col("recency"), b.col("frequency"), b.col("monetary")}}
	e := r.Edges
	for i := 4; i >= 0; i-- {
		t.Rows = append(t.Rows, chart.Row{Cells: []chart.Cell{
			text(itoa(int32(i + 1))),
			{Text: b.recencyRule(e, i+1), Raw: edgeRaw(e.Recency, 4-i)},
			{Text: b.frequencyRule(e, i+1), Raw: edgeRaw(e.Frequency, i)},
			{Text: b.edgeText(e.Monetary, i, b.loc.MoneyAuto), Raw: edgeRaw(e.Monetary, i)},
		}})
	}
	f := b.figure("segments", b.t("edges.finding"), b.t("edges.sub"), b.t("edges.source"), nil, t)
	var side []string
	if e.Frequency[0] == e.Frequency[3] || e.Frequency[0] == e.Frequency[1] {
		side = append(side, b.t("edges.tied"))
	}
	return &f, append(side, b.t("edges.side"))
}

// recencyRule is what a recency score stands for, in days; 5 is the most recent.
func (b *builder) recencyRule(e dataset.RFMEdges, score int) string {
	return b.edgeText(e.Recency, 5-score, b.loc.Days)
}

// frequencyRule is what a frequency score stands for, in orders. Quantiles of whole numbers may fall between two.
func (b *builder) frequencyRule(e dataset.RFMEdges, score int) string {
	return b.edgeText(e.Frequency, score-1, func(v float64) string { return b.loc.Dec(math.Floor(v), 0) })
}

// edgeText writes the i-th class (0 lowest) of a value cut by four edges. A score grows when an edge is passed: the
// classes are open below and closed above, and recency counts the other way round.
func (b *builder) edgeText(edges [4]float64, i int, write func(float64) string) string {
	switch i {
	case 0:
		return b.t("edges.upto", "High", write(edges[0]))
	case 4:
		return b.t("edges.beyond", "Low", write(edges[3]))
	}
	if edges[i-1] == edges[i] {
		return b.t("edges.empty")
	}
	return b.t("edges.between", "Low", write(edges[i-1]), "High", write(edges[i]))
}

func edgeRaw(edges [4]float64, i int) string {
	switch i {
	case 0:
		return "<=" + rawFloat(edges[0])
	case 4:
		return ">" + rawFloat(edges[3])
	}
	return rawFloat(edges[i-1]) + ".." + rawFloat(edges[i])
}

package site

import (
	"html/template"

	"parcours/report/chart"
	"parcours/report/dataset"
	"parcours/report/lifecycle"
	"parcours/report/segment"
)

// drawShares adds bars of the share of net to a table of segments, before its last column.
func (b *builder) drawShares(f *figure, r *segment.Report) {
	top := 0.0
	for _, s := range r.Segments {
		top = max(top, ratio(s.Net, r.Net))
	}
	if top <= 0 {
		return
	}
	var bars []template.HTML
	for _, s := range r.Segments {
		if s.Customers < b.minCell() {
			bars = append(bars, "")
			continue
		}
		class := "f-s5"
		if s.Name == segment.Champions || s.Name == segment.Loyal {
			class = "f-brand"
		}
		bars = append(bars, bar(ratio(s.Net, r.Net)/top, class))
	}
	f.Table.draw(5, keyBar, b.t("col.net_share"), bars)
	f.Table.Class = "data rows"
}

// lifecycleSummary is the ledger of the active customers: who was there, came, came back and left.
func (b *builder) lifecycleSummary() (*figure, []string) {
	l := b.Results.Lifecycle
	if l == nil || l.Current < 1 || l.Current >= len(l.Periods) {
		return nil, nil
	}
	f := b.figure("index", capital(b.lifecycleFinding(l)), b.tg("lifecycle.sub"), b.t("lifecycle.source"), nil, b.ledgerTable(l))
	var side []string
	if q := b.named("lifecycle.quick_ratio"); q.Known {
		side = append(side, b.t("lifecycle.quick", "Ratio", b.loc.Dec(q.Value, 2)))
	}
	now, before := l.Periods[l.Current], l.Periods[l.Current-1]
	if before.Active > 0 {
		side = append(side, b.tg("lifecycle.leave", "Count", now.Dormant, "Share", b.pct(ratio(now.Dormant, before.Active))))
	}
	return &f, side
}

// lifecycleFinding is the reading aid: the bucket fills or leaks.
func (b *builder) lifecycleFinding(l *lifecycle.Report) string {
	now := l.Periods[l.Current]
	in := now.New + now.Resurrected
	id := "lifecycle.finding_up"
	switch {
	case in < now.Dormant:
		id = "lifecycle.finding_down"
	case in == now.Dormant:
		id = "lifecycle.finding_flat"
	}
	return b.t(id, "In", b.int(in), "Out", b.int(now.Dormant))
}

// ledgerTable shows the last complete period, the one before and the one a year earlier, as an account.
func (b *builder) ledgerTable(l *lifecycle.Report) chart.Table {
	t := chart.Table{ID: "lifecycle-ledger", Columns: []chart.Column{b.col("movement")}}
	var at []int
	for _, back := range []int{0, 1, int(dataset.PerYear(b.grain()))} {
		if i := l.Current - back; i >= 1 {
			at = append(at, i)
			key := b.Results.Calendar.Key(b.grain(), l.Periods[i].Period)
			t.Columns = append(t.Columns, chart.Column{Name: capital(b.period(l.Periods[i].Period)), Key: key, Num: true})
		}
	}
	line := func(id, class string, value func(i int) chart.Cell) chart.Row {
		row := chart.Row{Class: class, Cells: []chart.Cell{keyed(b.tg("ledger."+id), id)}}
		for _, i := range at {
			row.Cells = append(row.Cells, value(i))
		}
		return row
	}
	p := l.Periods
	t.Rows = []chart.Row{
		line("start", "", func(i int) chart.Cell { return b.cellInt(p[i-1].Active) }),
		line("new", "", func(i int) chart.Cell { return b.cellInt(p[i].New) }),
		line("resurrected", "", func(i int) chart.Cell { return b.cellInt(p[i].Resurrected) }),
		line("dormant", "", func(i int) chart.Cell { return b.cellInt(p[i].Dormant) }),
	}
	t.Foot = []chart.Row{line("end", "", func(i int) chart.Cell { return b.cellInt(p[i].Active) })}
	return t
}

// coverage is the strip of the tables that were read. It is silent on files, so that only the data page depends on how
// the rows are split into them.
func (b *builder) coverage() (*figure, []string) {
	q := b.Results.Quality
	if len(q.Files) == 0 {
		return nil, nil
	}
	sums, order := b.tableSums()
	t := chart.Table{ID: "coverage", Columns: []chart.Column{
		b.col("table"), b.colN("rows_read"), b.colN("rows_used"), b.colN("rows_unused"), b.col("reason"),
	}}
	for _, name := range order {
		s := sums[name]
		reason := unknownCell()
		if s.reason != "" {
			reason = keyed(b.t("reason.short", "Reason", b.reason(s.reason), "Count", s.most), string(s.reason))
		}
		t.Rows = append(t.Rows, chart.Row{Cells: []chart.Cell{
			keyed(b.tableName(name), name), b.cellInt(s.rows), b.cellInt(s.used), b.cellInt(s.rows - s.used), reason,
		}})
	}
	m := b.Results.Manifest
	finding := b.t("coverage.finding", "From", b.loc.Day(m.First), "To", b.loc.Day(m.AsOf))
	f := b.figure("index", finding, "", b.t("coverage.source"), nil, t)
	side := []string{b.t("coverage.orders", "Orders", b.int(b.Results.Totals.Orders), "Count", b.Results.Totals.Customers)}
	return &f, side
}

// tableSum is what was read of one table over its files.
type tableSum struct {
	rows, used, most int64
	reason           dataset.Reason
}

func (b *builder) tableSums() (sums map[string]*tableSum, order []string) {
	sums = map[string]*tableSum{}
	for _, f := range b.Results.Quality.Files {
		s, ok := sums[f.Table]
		if !ok {
			s = &tableSum{}
			sums[f.Table] = s
			order = append(order, f.Table)
		}
		s.rows, s.used = s.rows+f.Rows, s.used+f.Used
	}
	byReason := map[string]map[dataset.Reason]int64{}
	for _, r := range b.Results.Quality.Reasons {
		if byReason[r.Table] == nil {
			byReason[r.Table] = map[dataset.Reason]int64{}
		}
		byReason[r.Table][r.Reason] += r.Rows
		if s := sums[r.Table]; s != nil && byReason[r.Table][r.Reason] > s.most && r.Reason != dataset.ConflictingOrder {
			s.most, s.reason = byReason[r.Table][r.Reason], r.Reason
		}
	}
	return sums, order
}

func (b *builder) tableName(name string) string {
	if b.loc.Has("table." + name) {
		return b.t("table." + name)
	}
	return name
}

// todos are the first three recommendations.
func (b *builder) todos() []todo {
	var out []todo
	for _, r := range b.Advice.Recommendations {
		if len(out) == 3 {
			break
		}
		t := todo{Title: b.expand(r, b.localised(r.Play.Title)), Href: b.href("recommendations#" + r.Play.ID)}
		if r.Value != nil {
			t.Stake = b.t("todo.stake", "Range", b.stake(*r.Value))
		}
		t.Meta = b.t("todo.effort", "Effort", b.t("effort."+itoa(int32(min(max(r.Play.Effort, 1), 5)))))
		if owner := b.expand(r, b.localised(r.Play.Owner)); owner != "" {
			t.Meta += " " + b.t("todo.owner", "Owner", owner)
		}
		out = append(out, t)
	}
	return out
}

// localised picks the text of this language, else of the default one, else of English.
func (b *builder) localised(texts map[string]string) string {
	for _, lang := range []string{b.lang, b.Config.Languages[0], "en", "fr"} {
		if s := texts[lang]; s != "" {
			return s
		}
	}
	return ""
}

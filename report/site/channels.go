package site

import (
	"cmp"
	"html/template"
	"math"
	"slices"

	"parcours/report/chart"
	"parcours/report/clv"
	"parcours/report/dataset"
)

// channelsFigure compares customers by acquisition channel.
func (b *builder) channelsFigure(r *clv.Report) (*figure, []string) {
	if len(r.Channels) == 0 {
		return nil, nil
	}
	t := chart.Table{ID: "lifetime-value-channels", Columns: []chart.Column{
		b.col("channel"), b.colN("customers"), b.colN("net_per_customer_minor"), b.colN("repeat90"), b.colN("interval"),
	}}
	if r.HasCAC {
		t.Columns = append(t.Columns, b.colN("cac_minor"), b.colN("ratio"), b.colN("payback"))
	}
	limit := 0.0
	for _, c := range r.Channels {
		if c.Customers >= b.minCell() {
			limit = max(limit, c.PerHead)
		}
	}
	var bars []template.HTML
	for _, c := range r.Channels {
		t.Rows = append(t.Rows, b.channelRow(r, c))
		if c.Customers < b.minCell() || limit <= 0 {
			bars = append(bars, "")
			continue
		}
		bars = append(bars, bar(c.PerHead/limit, "f-s5"))
	}
	f := b.figure("lifetime-value", b.channelsFinding(r), b.t("channels.sub"), b.t("channels.source"), nil, t)
	f.Table.draw(3, keyBar, b.t("col.net_per_customer_minor"), bars)
	f.Table.Class = "data rows"
	side := []string{b.t("channels.side")}
	if r.HasCAC {
		side = append(side, b.t("channels.side_cac"))
	}
	return &f, side
}

func (b *builder) channelRow(r *clv.Report, c clv.Channel) chart.Row {
	name := keyed(b.dimLabel(c.Dim), dimKey(c.Dim))
	if c.Customers < b.minCell() {
		row := chart.Row{Class: "few", Cells: []chart.Cell{name, {Text: b.few(), Class: "n"}, unknownCell(), unknownCell(), unknownCell()}}
		if r.HasCAC {
			row.Cells = append(row.Cells, unknownCell(), unknownCell(), unknownCell())
		}
		return row
	}
	repeat, interval := unknownCell(), unknownCell()
	if c.RepeatN >= b.minCell() {
		repeat = b.cellPct(c.Repeat)
		interval = chart.Cell{Text: b.pctInterval(c.RepeatLow, c.RepeatHigh), Raw: rawFloat(c.RepeatLow) + ".." + rawFloat(c.RepeatHigh)}
	}
	row := chart.Row{Cells: []chart.Cell{name, b.cellInt(c.Customers), b.cellValue(c.PerHead), repeat, interval}}
	if r.HasCAC {
		row.Cells = append(row.Cells, b.cacCells(c)...)
	}
	return row
}

func (b *builder) cacCells(c clv.Channel) []chart.Cell {
	if !c.CACKnown {
		return []chart.Cell{unknownCell(), unknownCell(), unknownCell()}
	}
	ratioCell := chart.Cell{Text: "× " + b.loc.Dec(c.Ratio, 1), Raw: rawFloat(c.Ratio), Class: "strong"}
	if c.Ratio < 1 {
		ratioCell.Class = "strong bad-t"
	}
	payback := chart.Cell{Text: b.t("channels.not_yet")}
	if c.Payback >= 0 {
		payback = keyed(b.age(c.Payback), itoa(c.Payback))
	}
	return []chart.Cell{b.cellValue(c.CAC), ratioCell, payback}
}

// channelsFinding says which channels do not cover their cost; without costs, who is worth most and least so far.
func (b *builder) channelsFinding(r *clv.Report) string {
	var under []string
	var best, worst *clv.Channel
	judged := 0
	for i := range r.Channels {
		c := &r.Channels[i]
		if c.Customers < b.minCell() || c.Dim == dataset.OtherDim || c.Dim == dataset.NoDim {
			continue
		}
		if c.CACKnown {
			judged++
			if c.Ratio < 1 {
				under = append(under, b.t("quoted", "Name", b.dimLabel(c.Dim)))
			}
		}
		if best == nil || c.PerHead > best.PerHead {
			best = c
		}
		if worst == nil || c.PerHead < worst.PerHead {
			worst = c
		}
	}
	switch {
	case len(under) > 0:
		return b.t("channels.finding_under", "Count", len(under), "List", b.loc.List(under))
	case judged > 0:
		return b.t("channels.finding_covered", "Count", judged)
	case best == nil || best == worst:
		return b.t("channels.finding_one")
	}
	return b.t("channels.finding_spread", "Best", b.dimLabel(best.Dim), "High", b.money(best.PerHead), "Worst", b.dimLabel(worst.Dim), "Low", b.money(worst.PerHead))
}

// spendFigure is the acquisition cost by channel.
func (b *builder) spendFigure(r *clv.Report) *figure {
	if len(r.CAC) == 0 {
		return nil
	}
	t := chart.Table{ID: "acquisition-cost", Columns: []chart.Column{b.col("channel"), b.colN("spend_minor"), b.colN("new_customers"), b.colN("cac_minor")}}
	bySpend := slices.Clone(r.CAC)
	slices.SortStableFunc(bySpend, func(a, c clv.CAC) int { return cmp.Compare(c.Spend, a.Spend) })
	for _, c := range bySpend {
		name := keyed(b.dimLabel(c.Channel), dimKey(c.Channel))
		if c.Channel == "" {
			name = keyed(b.t("col.all"), "all")
		}
		value := math.NaN()
		if c.Known {
			value = c.Value
		}
		cells := []chart.Cell{name, b.cellMoney(c.Spend), b.cellInt(c.NewCustomers), b.cellValue(value)}
		if c.Channel == "" {
			t.Foot = append(t.Foot, chart.Row{Cells: cells})
			continue
		}
		t.Rows = append(t.Rows, chart.Row{Cells: cells})
	}
	f := b.figure("lifetime-value", b.spendFinding(), b.t("spend.sub"), b.t("spend.source"), nil, t)
	return &f
}

func (b *builder) spendFinding() string {
	if cac := b.named("cac.all"); cac.Known {
		return b.t("spend.finding", "CAC", b.money(cac.Value))
	}
	return b.t("spend.finding_none")
}

// valueDoubts says when not to believe the value.
func (b *builder) valueDoubts(r *clv.Report) []string {
	out := []string{b.t("doubt.past"), b.t("doubt.mean")}
	if f := r.Formula; f != nil {
		if f.LifespanCap {
			out = append(out, b.t("doubt.cap", "Max", b.int(clv.MaxLifespan)))
		}
		if f.ChurnAge > 0 && f.ChurnAge < dataset.PerYear(b.grain()) {
			out = append(out, b.t("doubt.short", "Age", b.age(f.ChurnAge)))
		}
		if f.RefundRate > 0 {
			out = append(out, b.t("doubt.gross", "Refunds", b.pct(f.RefundRate)))
		}
	}
	if r.Margin >= 1 {
		out = append(out, b.t("doubt.margin"))
	}
	if !r.HasCAC {
		out = append(out, b.t("doubt.cac"))
	}
	return out
}

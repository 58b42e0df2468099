package site

import (
	"math"

	"parcours/report/chart"
	"parcours/report/cohort"
	"parcours/report/dataset"
)

// firstReturn is the share of each cohort that came back after one period, with its interval.
func (b *builder) firstReturn(t cohort.Table) (*figure, []string) {
	out := chart.Table{ID: "retention-first", Caption: b.tg("first.caption"), Columns: []chart.Column{
		b.col("cohort"), b.colN("customers"), b.colN("returned"), b.colN("rate"), b.colN("low"), b.colN("high"),
	}}
	spec := chart.Spec{ID: "f-first", Kind: chart.Line, Y: chart.Percent, Height: 280}
	s := chart.Series{Name: b.tg("kpi.return"), Role: chart.Main}
	for _, c := range latest(t.Cohorts) {
		if len(c.Cells) < 2 || c.Cells[1].State != dataset.Complete || c.Cells[1].Small {
			continue
		}
		cell := c.Cells[1]
		spec.X = append(spec.X, b.periodShort(c.Cohort))
		s.Values, s.Low, s.High = append(s.Values, cell.Rate), append(s.Low, cell.Low), append(s.High, cell.High)
		out.Rows = append(out.Rows, chart.Row{Cells: []chart.Cell{
			keyed(b.periodShort(c.Cohort), b.Results.Calendar.Key(b.grain(), c.Cohort)), b.cellInt(c.Size), b.cellInt(cell.Active),
			b.cellPct(cell.Rate), b.cellPct(cell.Low), b.cellPct(cell.High),
		}})
	}
	if len(out.Rows) < 3 {
		return nil, nil
	}
	spec.Series = []chart.Series{s}
	mean, ok := meanAt(t, 1)
	if ok {
		spec.Marks = []chart.Mark{{Value: mean.Rate, Label: b.t("curves.mean") + " " + b.pct(mean.Rate), Role: chart.Mean}}
	}
	finding := b.trendFinding(t)
	f := b.figure("retention", finding, b.tg("first.sub"), b.t("first.source"), &spec, out)
	return &f, []string{b.t("first.read")}
}

// trendFinding compares the newest complete cohort with the same season a year earlier, else with the mean.
func (b *builder) trendFinding(t cohort.Table) string {
	c, cell, ok := lastComplete(t, 1)
	if !ok {
		return b.t("triangle.finding_none")
	}
	for _, y := range t.Cohorts {
		if y.Cohort != c.Cohort-dataset.PerYear(b.grain()) || len(y.Cells) < 2 || y.Cells[1].State != dataset.Complete || y.Cells[1].Small {
			continue
		}
		id := "first.same"
		switch {
		case cell.Low > y.Cells[1].High:
			id = "first.up"
		case cell.High < y.Cells[1].Low:
			id = "first.down"
		}
		return b.t(id, "Rate", b.pct(cell.Rate), "Of", b.ofPeriod(c.Cohort), "Before", b.pct(y.Cells[1].Rate))
	}
	return b.tg("first.only", "Rate", b.pct(cell.Rate), "Of", b.ofPeriod(c.Cohort))
}

// moneyTriangles are revenue retention and cumulative value per customer.
func (b *builder) moneyTriangles(t cohort.Table) (revenue, value *triangleFigure) {
	table := b.cohortTable(t)
	csv := b.table(table)
	revenue = &triangleFigure{
		ID: "f-revenue-retention", Finding: b.revenueRetentionFinding(), Sub: b.t("netretention.sub"), Source: b.t("netretention.source"),
		CSV: csv, CSVName: table.ID, Label: b.t("netretention.label"), View: b.revenueTriangle(t),
	}
	revenue.View.Label, revenue.View.Caption = revenue.Finding, b.t("netretention.caption")
	value = &triangleFigure{
		ID: "f-cumulative", Finding: b.cumulativeFinding(), Sub: b.t("cumulative.sub", "Currency", b.Results.Manifest.Currency),
		Source: b.t("cumulative.source"), CSV: csv, CSVName: table.ID, Label: b.t("cumulative.label"), View: b.valueTriangle(t),
	}
	value.View.Label, value.View.Caption = value.Finding, b.t("cumulative.caption", "Currency", b.Results.Manifest.Currency)
	return revenue, value
}

func (b *builder) revenueRetentionFinding() string {
	for _, age := range []int32{12, 6, 3, 1} {
		if f := b.named("retention.net_p" + itoa(age)); f.Known {
			return b.t("netretention.finding", "Share", b.pct(f.Value), "Age", b.age(age))
		}
	}
	return b.t("netretention.finding_none")
}

func (b *builder) cumulativeFinding() string {
	for _, age := range []int32{12, 6, 3} {
		if f := b.named("clv.observed_p" + itoa(age)); f.Known {
			return b.t("cumulative.finding", "Value", b.money(f.Value), "Age", b.age(age))
		}
	}
	return b.t("cumulative.finding_none")
}

// repeatFigure is the share of customers with a second order within so many days, corrected for censoring.
func (b *builder) repeatFigure() (*figure, []string) {
	t := chart.Table{ID: "repeat", Columns: []chart.Column{
		b.col("within"), b.colN("rate"), b.colN("low"), b.colN("high"), b.colN("eligible"), b.colN("eligible_rate"), b.colN("naive"),
	}}
	known := 0
	for _, r := range b.Results.Repeat {
		rate, low, high, eligible := r.Rate, r.Low, r.High, r.EligibleRate
		if !r.OK {
			rate, low, high = math.NaN(), math.NaN(), math.NaN()
		} else {
			known++
		}
		if r.Eligible < b.minCell() {
			eligible = math.NaN()
		}
		t.Rows = append(t.Rows, chart.Row{Cells: []chart.Cell{
			keyed(b.t("repeat.days", "Count", r.Days), itoa(r.Days)), b.cellPct(rate), b.cellPct(low), b.cellPct(high),
			b.cellInt(r.Eligible), b.cellPct(eligible), b.cellPct(r.Naive),
		}})
	}
	if known == 0 {
		return nil, nil
	}
	f := b.figure("retention", b.repeatFinding(), b.t("repeat.sub"), b.t("repeat.source"), nil, t)
	side := []string{b.t("repeat.read")}
	if r := b.Results.Rhythm; r.Gaps > 0 {
		side = append(side, b.t("repeat.rhythm", "P50", b.loc.Days(float64(r.P50)), "P80", b.loc.Days(float64(r.P80)), "N", b.int(r.Gaps)))
	}
	return &f, side
}

func (b *builder) repeatFinding() string {
	if f := b.named("repeat.median_days"); f.Known {
		return b.t("repeat.finding_median", "Days", b.loc.Dec(f.Value, 0))
	}
	for i := len(b.Results.Repeat) - 1; i >= 0; i-- {
		if r := b.Results.Repeat[i]; r.OK {
			return b.t("repeat.finding", "Rate", b.pct(r.Rate), "Count", r.Days)
		}
	}
	return b.t("repeat.finding_none")
}

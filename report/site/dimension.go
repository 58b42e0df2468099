package site

import (
	"html/template"
	"math"

	"parcours/report/chart"
	"parcours/report/cohort"
	"parcours/report/dataset"
)

// dimLabel is the label of a value of the dimension. The value comes from the data.
func (b *builder) dimLabel(value string) string {
	switch value {
	case dataset.OtherDim:
		return b.t("dim.other")
	case dataset.NoDim, "":
		return b.t("dim.none")
	}
	if s := inert(value); s != "" {
		return s
	}
	return b.t("dim.none")
}

// dimKey is the label in the CSV.
func dimKey(value string) string {
	switch value {
	case dataset.OtherDim:
		return "(other)"
	case dataset.NoDim, "":
		return "(none)"
	}
	return value
}

// dimensions compares the values of the dimension: a table with intervals, and curves of the largest.
func (b *builder) dimensions() (table, curves *figure, side []string) {
	all, ok := b.byMode(cohort.On)
	if !ok || b.Results.Manifest.Dimension == "" || len(b.Results.ByDim) == 0 || len(b.Results.Dims) == 0 {
		return nil, nil, nil
	}
	ages := knownAges(all)
	if len(ages) == 0 {
		return nil, nil, nil
	}
	t := b.dimTable(all, ages)
	name := b.t("dimension." + b.Results.Manifest.Dimension)
	f := b.figure("retention", b.dimFinding(), b.tg("dims.sub", "Dimension", name), b.t("dims.source"), nil, t)
	b.drawRanges(&f, all)
	side = []string{b.t("dims.read")}
	if hidden := f.Table.hideFew(); hidden > 0 {
		side = append(side, b.t("dims.hidden", "Count", hidden, "N", b.int(b.minCell())))
	}
	return &f, b.dimCurves(all, name), side
}

// maxFew is how many groups too small to show a table may still name.
const maxFew = 4

// hideFew takes the rows of small groups out of the page when they are many, and says how many; the CSV names them.
func (v *tableView) hideFew() int {
	var shown []rowView
	for _, r := range v.Rows {
		if r.Class != "few" {
			shown = append(shown, r)
		}
	}
	hidden := len(v.Rows) - len(shown)
	if hidden <= maxFew {
		return 0
	}
	v.Rows = shown
	return hidden
}

// knownAges are the named ages with a mean.
func knownAges(t cohort.Table) []int32 {
	var out []int32
	for _, age := range []int32{1, 3, 6, 12} {
		if _, ok := meanAt(t, age); ok {
			out = append(out, age)
		}
	}
	return out
}

func (b *builder) byDim(value string) (cohort.Table, bool) {
	for _, t := range b.Results.ByDim {
		if t.Dim == value {
			return t, true
		}
	}
	return cohort.Table{}, false
}

func (b *builder) dimTable(all cohort.Table, ages []int32) chart.Table {
	t := chart.Table{ID: "retention-by-" + b.Results.Manifest.Dimension, Columns: []chart.Column{
		{Name: capital(b.t("dimension." + b.Results.Manifest.Dimension)), Key: b.Results.Manifest.Dimension}, b.colN("eligible"),
	}}
	for i, age := range ages {
		t.Columns = append(t.Columns, chart.Column{Name: b.age(age), Key: "rate_" + itoa(age), Num: true})
		if i == 0 {
			t.Columns = append(t.Columns, b.colN("low"), b.colN("high"))
		}
	}
	for _, d := range b.Results.Dims {
		table, _ := b.byDim(d.Value)
		t.Rows = append(t.Rows, b.dimRow(keyed(b.dimLabel(d.Value), dimKey(d.Value)), table, ages))
	}
	t.Foot = []chart.Row{b.dimRow(keyed(b.t("col.all"), "all"), all, ages)}
	return t
}

// dimRow shows the rates of one value at the ages for which enough customers could be followed.
func (b *builder) dimRow(name chart.Cell, t cohort.Table, ages []int32) chart.Row {
	row := chart.Row{Cells: []chart.Cell{name}}
	for i, age := range ages {
		m, ok := meanAt(t, age)
		small := !ok || m.Customers < b.minCell()
		if i == 0 {
			row.Cells = append(row.Cells, b.eligibleCell(m, small))
		}
		if small {
			m.Rate, m.Low, m.High = math.NaN(), math.NaN(), math.NaN()
		}
		row.Cells = append(row.Cells, b.cellPct(m.Rate))
		if i == 0 {
			row.Cells[len(row.Cells)-1].Class = "strong"
			row.Cells = append(row.Cells, b.cellPct(m.Low), b.cellPct(m.High))
			if small {
				row.Class = "few"
			}
		}
	}
	return row
}

func (b *builder) eligibleCell(m cohort.Mean, small bool) chart.Cell {
	if small {
		return chart.Cell{Text: b.few(), Class: "n"}
	}
	return b.cellInt(m.Customers)
}

// drawRanges adds the intervals at the first age, on one scale, with the mean of all as a hairline.
func (b *builder) drawRanges(f *figure, all cohort.Table) {
	mean, _ := meanAt(all, 1)
	limit := mean.High
	each := make([]cohort.Mean, len(b.Results.Dims))
	for i, d := range b.Results.Dims {
		table, _ := b.byDim(d.Value)
		each[i], _ = meanAt(table, 1)
		if each[i].Customers >= b.minCell() {
			limit = max(limit, each[i].High)
		}
	}
	var svgs []template.HTML
	for _, m := range each {
		if m.Customers < b.minCell() {
			svgs = append(svgs, "")
			continue
		}
		svgs = append(svgs, rangeBar(m.Low, m.Rate, m.High, mean.Rate, limit*1.02))
	}
	f.Table.draw(3, keyRange, b.t("col.interval_drawn", "Max", b.pct(limit)), svgs)
	f.Table.Class = "data rows ranges"
}

// extremes are the value that surely returns most and the one that surely returns least: the highest lower bound and
// the lowest upper bound. A small group with a wide interval can be neither. Both are "" when one value is judged.
func (b *builder) extremes() (best, worst string) {
	low, high, judged := -1.0, 2.0, 0
	for _, d := range b.Results.Dims {
		t, _ := b.byDim(d.Value)
		m, ok := meanAt(t, 1)
		if !ok || m.Customers < b.minCell() || d.Value == dataset.OtherDim || d.Value == dataset.NoDim {
			continue
		}
		judged++
		if m.Low > low {
			best, low = d.Value, m.Low
		}
		if m.High < high {
			worst, high = d.Value, m.High
		}
	}
	if judged < 2 || best == worst {
		return "", ""
	}
	return best, worst
}

// dimFinding compares the two extremes.
func (b *builder) dimFinding() string {
	best, worst := b.extremes()
	if best == "" {
		return b.t("dims.finding_none")
	}
	tBest, _ := b.byDim(best)
	tWorst, _ := b.byDim(worst)
	most, _ := meanAt(tBest, 1)
	least, _ := meanAt(tWorst, 1)
	if most.Low <= least.High {
		return b.t("dims.finding_same", "Best", b.dimLabel(best), "Worst", b.dimLabel(worst))
	}
	return b.tg("dims.finding", "Best", b.dimLabel(best), "BestRate", b.pct(most.Rate), "Worst", b.dimLabel(worst), "WorstRate", b.pct(least.Rate))
}

// dimCurvesFinding tells the extremes at the oldest named age that both have reached.
func (b *builder) dimCurvesFinding(lines int) string {
	best, worst := b.extremes()
	tBest, _ := b.byDim(best)
	tWorst, _ := b.byDim(worst)
	for _, age := range []int32{12, 6, 3} {
		most, ok := meanAt(tBest, age)
		least, okWorst := meanAt(tWorst, age)
		if best == "" || !ok || !okWorst || most.Customers < b.minCell() || least.Customers < b.minCell() {
			continue
		}
		id := "dims.later"
		if most.Low <= least.High {
			id = "dims.later_same"
		}
		return b.t(id, "Age", b.age(age), "Best", b.dimLabel(best), "BestRate", b.pct(most.Rate), "Worst", b.dimLabel(worst), "WorstRate", b.pct(least.Rate))
	}
	return b.t("dims.curves_finding", "Count", lines)
}

// maxLines is how many values of the dimension are drawn; all are in the table.
const maxLines = 5

func (b *builder) dimCurves(all cohort.Table, name string) *figure {
	last := b.shownAges(all)
	if last < 2 {
		return nil
	}
	spec := chart.Spec{ID: "f-dim-curves", Kind: chart.Line, Y: chart.Percent, Height: 320, XName: b.tg("triangle.ages")}
	for age := 1; age <= last; age++ {
		spec.X = append(spec.X, b.age(int32(age)))
	}
	out := chart.Table{ID: "retention-curves-by-" + b.Results.Manifest.Dimension, Caption: b.t("dims.curves_caption"), Columns: []chart.Column{
		{Name: capital(name), Key: b.Results.Manifest.Dimension},
	}}
	for age := 1; age <= last; age++ {
		out.Columns = append(out.Columns, chart.Column{Name: b.age(int32(age)), Key: "rate_" + itoa(int32(age)), Num: true})
	}
	best, worst := b.extremes()
	for i, d := range b.Results.Dims {
		t, _ := b.byDim(d.Value)
		s := chart.Series{Name: b.dimLabel(d.Value), Label: b.dimLabel(d.Value), Values: make([]float64, last)}
		points, row := 0, chart.Row{Cells: []chart.Cell{keyed(s.Name, dimKey(d.Value))}}
		for age := 1; age <= last; age++ {
			s.Values[age-1] = math.NaN()
			if m, ok := meanAt(t, int32(age)); ok && m.Customers >= b.minCell() {
				s.Values[age-1] = m.Rate
				points++
			}
			row.Cells = append(row.Cells, b.cellPct(s.Values[age-1]))
		}
		if points > 0 {
			out.Rows = append(out.Rows, row)
		}
		s.Role = chart.Q3
		switch d.Value {
		case best:
			s.Role = chart.Good
		case worst:
			s.Role = chart.Bad
		}
		if points > 1 && (i < maxLines || s.Role != chart.Q3) {
			spec.Series = append(spec.Series, s)
		}
	}
	if len(spec.Series) < 2 {
		return nil
	}
	finding := b.dimCurvesFinding(len(spec.Series))
	f := b.figure("retention", finding, b.tg("dims.sub", "Dimension", name), b.t("dims.source"), &spec, out)
	return &f
}

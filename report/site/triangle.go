package site

import (
	"math"

	"parcours/report/chart"
	"parcours/report/cohort"
	"parcours/report/dataset"
)

// triangleView is a retention triangle as a table: the mean row first, then cohorts, oldest on top.
type triangleView struct {
	Label    string
	Caption  string
	AgesName string // over the age columns
	Ages     []string
	Mean     []triCell
	MeanSize string
	Eligible []string
	Rows     []triRow
	Scale    []scaleStep
	Partial  bool // some cell is hatched
	Small    bool // some cohort is too small
}

type triRow struct {
	Name, Size, SizeTitle string
	Class                 string
	Truncated             bool
	Cells                 []triCell
}

type triCell struct {
	Text, Class, Title string
}

type scaleStep struct{ Class, Text string }

// Bounds of the nine colour bands, fixed from one report to the next so that two reports can be laid side by side.
// The first are for rates of return in a period, in a geometric progression: shops at 8 % and at 40 % both show
// their contrasts. The second are for unbounded retention, which lives between 10 and 90 %. The last are for the
// cumulative value as a multiple of the first period's.
func rateBounds() []float64      { return []float64{.02, .04, .07, .10, .14, .20, .28, .40} }
func unboundedBounds() []float64 { return []float64{.10, .20, .30, .40, .50, .60, .70, .80} }
func multipleBounds() []float64  { return []float64{1.05, 1.1, 1.2, 1.35, 1.5, 1.75, 2, 3} }

func band(v float64, limits []float64) string {
	n := int32(0)
	for _, l := range limits {
		if v >= l {
			n++
		}
	}
	return "q" + itoa(n)
}

// scale is the legend of the bands.
func (b *builder) scale(limits []float64, write func(float64) string) []scaleStep {
	out := []scaleStep{{"q0", b.t("scale.below", "High", write(limits[0]))}}
	for i := 1; i < len(limits); i++ {
		out = append(out, scaleStep{"q" + itoa(int32(i)), b.t("scale.between", "Low", write(limits[i-1]), "High", write(limits[i]))})
	}
	n := len(limits)
	return append(out, scaleStep{"q" + itoa(int32(n)), b.t("scale.above", "Low", write(limits[n-1]))})
}

// percentNumber writes a rate for a cell, where the caption carries the unit.
func (b *builder) percentNumber(v float64) string { return b.loc.Dec(v*100, 1) }

// shownAges is how many ages a page shows; the CSV has them all.
func (b *builder) shownAges(t cohort.Table) int {
	limit := map[dataset.Grain]int{dataset.Week: 12, dataset.Month: 12, dataset.Quarter: 8}[b.grain()]
	most := 0
	for _, c := range t.Cohorts {
		most = max(most, len(c.Cells)-1)
	}
	return min(limit, most)
}

// shownCohorts is how many cohorts a page shows, the latest.
const shownCohorts = 36

func latest(list []cohort.Cohort) []cohort.Cohort { return list[max(0, len(list)-shownCohorts):] }

// begun leaves out cohorts that have nothing to show yet at an age.
func begun(list []cohort.Cohort, age int) []cohort.Cohort {
	out := make([]cohort.Cohort, 0, len(list))
	for _, c := range list {
		if age < len(c.Cells) && c.Cells[age].State != dataset.Future {
			out = append(out, c)
		}
	}
	return out
}

// cellValue gives what a triangle shows of a cell: text, number for the colour band, ok false when undefined.
type cellValue func(c cohort.Cohort, age int) (text string, value float64, ok bool)

// meanValue gives the mean row's text and tooltip at an age.
type meanValue func(m cohort.Mean) (text, title string, ok bool)

// triangle lays out a table of retention. Age 0 is left out: it is the whole cohort by definition and would eat the scale.
func (b *builder) triangle(t cohort.Table, limits []float64, value cellValue, mean meanValue, from int) triangleView {
	v := triangleView{AgesName: b.agesName(t)}
	last := b.shownAges(t)
	for age := from; age <= last; age++ {
		v.Ages = append(v.Ages, b.ageLabel(t, int32(age)))
		cell, eligible := triCell{Text: "–"}, "–"
		if m, ok := meanAt(t, int32(age)); ok {
			if text, title, ok := mean(m); ok {
				cell, eligible = triCell{Text: text, Title: title}, b.int(m.Customers)
			}
		}
		v.Mean, v.Eligible = append(v.Mean, cell), append(v.Eligible, eligible)
	}
	var size int64
	for _, c := range t.Cohorts {
		size += c.Size
	}
	v.MeanSize = b.int(size)
	for _, c := range begun(latest(t.Cohorts), from) {
		v.Rows = append(v.Rows, b.triangleRow(&v, c, limits, value, from, last))
	}
	return v
}

// agesName is the heading over the ages.
func (b *builder) agesName(t cohort.Table) string {
	if t.Mode == cohort.Window {
		return b.t("triangle.windows")
	}
	return b.tg("triangle.ages")
}

// ageLabel is "M3", or in the window mode the number of the window.
func (b *builder) ageLabel(t cohort.Table, age int32) string {
	if t.Mode == cohort.Window {
		return b.t("triangle.window", "N", itoa(age))
	}
	return b.age(age)
}

func (b *builder) triangleRow(v *triangleView, c cohort.Cohort, limits []float64, value cellValue, from, last int) triRow {
	row := triRow{Name: b.periodShort(c.Cohort), Size: b.int(c.Size), Truncated: c.Truncated}
	if c.Size < b.minCell() {
		row.Class, row.Size, v.Small = "few", b.t("few_size", "N", b.int(b.minCell())), true
	}
	for age := from; age <= last; age++ {
		cell := triCell{Class: "future"}
		if age < len(c.Cells) && c.Cells[age].State != dataset.Future {
			cell = b.triangleCell(v, c, age, limits, value)
		}
		row.Cells = append(row.Cells, cell)
	}
	return row
}

func (b *builder) triangleCell(v *triangleView, c cohort.Cohort, age int, limits []float64, value cellValue) triCell {
	if c.Size < b.minCell() {
		return triCell{Text: "·", Title: b.few()}
	}
	text, number, ok := value(c, age)
	if !ok {
		return triCell{Text: "–"}
	}
	cell := c.Cells[age]
	out := triCell{Text: text}
	if cell.State == dataset.Partial {
		v.Partial = true
		out.Class, out.Title = "partial", b.t("triangle.partial_title")
		return out
	}
	out.Class = band(number, limits)
	if cell.High > 0 {
		out.Title = b.t("triangle.cell_title", "Active", b.int(cell.Active), "Size", b.int(c.Size), "Interval", b.pctInterval(cell.Low, cell.High))
	}
	return out
}

// rateTriangle shows the share of each cohort that came back.
func (b *builder) rateTriangle(t cohort.Table, limits []float64) triangleView {
	v := b.triangle(t, limits, func(c cohort.Cohort, age int) (string, float64, bool) {
		r := c.Cells[age].Rate
		return b.percentNumber(r), r, true
	}, func(m cohort.Mean) (string, string, bool) {
		return b.percentNumber(m.Rate), b.t("triangle.mean_title", "Interval", b.pctInterval(m.Low, m.High), "Cohorts", b.int(int64(m.Cohorts))), true
	}, 1)
	v.Scale = b.scale(limits, func(f float64) string { return b.loc.Dec(f*100, 0) })
	return v
}

// revenueTriangle shows the net revenue of each cohort by age as a share of that of its first period.
func (b *builder) revenueTriangle(t cohort.Table) triangleView {
	limits := rateBounds()
	v := b.triangle(t, limits, func(c cohort.Cohort, age int) (string, float64, bool) {
		if c.Cells[0].Net <= 0 {
			return "", 0, false
		}
		r := ratio(c.Cells[age].Net, c.Cells[0].Net)
		return b.percentNumber(r), r, true
	}, func(m cohort.Mean) (string, string, bool) {
		return b.percentNumber(m.NetRate), "", m.NetRateKnown
	}, 1)
	v.Scale = b.scale(limits, func(f float64) string { return b.loc.Dec(f*100, 0) })
	return noTitles(v)
}

// valueTriangle shows the cumulative net revenue per customer; the colour is its multiple of the first period's.
func (b *builder) valueTriangle(t cohort.Table) triangleView {
	limits := multipleBounds()
	v := b.triangle(t, limits, func(c cohort.Cohort, age int) (string, float64, bool) {
		per := perHead(c.Cells[age].CumulativeNet, c.Size)
		return b.amountNumber(per), ratio(c.Cells[age].CumulativeNet, c.Cells[0].Net), c.Size > 0
	}, func(m cohort.Mean) (string, string, bool) { return b.amountNumber(m.CumulativeNet), "", true }, 0)
	v.Scale = b.scale(limits, func(f float64) string { return "× " + b.loc.Dec(f, 2) })
	return noTitles(v)
}

// noTitles drops the titles of single cells: they speak of customers, not of money.
func noTitles(v triangleView) triangleView {
	for i := range v.Rows {
		for j := range v.Rows[i].Cells {
			if c := &v.Rows[i].Cells[j]; c.Class != "partial" {
				c.Title = ""
			}
		}
	}
	return v
}

// amountNumber writes an amount without its currency, for dense tables whose caption carries it.
func (b *builder) amountNumber(minor float64) string {
	if math.IsNaN(minor) {
		return "–"
	}
	_, digits, _ := splitUnit(b.loc.MoneyAuto(minor))
	if math.Abs(minor) >= 1e5*math.Pow10(b.Results.Manifest.Digits) {
		_, digits, _ = splitUnit(b.loc.MoneyRound(minor))
	}
	return digits
}

// cohortTable is the whole triangle in long form, for the CSV. Cells of small cohorts are empty.
func (b *builder) cohortTable(t cohort.Table) chart.Table {
	out := chart.Table{ID: "retention-" + string(t.Mode), Columns: []chart.Column{
		{Key: "cohort"}, {Key: "customers"}, {Key: "truncated"}, {Key: "age"}, {Key: "state"}, {Key: "active"}, {Key: "rate"}, {Key: "low"}, {Key: "high"},
	}}
	money := t.Mode == cohort.On
	if money {
		out.Columns = append(out.Columns, chart.Column{Key: "orders"}, chart.Column{Key: "net_minor"}, chart.Column{Key: "cumulative_net_minor"})
	}
	for _, c := range t.Cohorts {
		for age, cell := range c.Cells {
			if cell.State == dataset.Future {
				continue
			}
			out.Rows = append(out.Rows, b.cohortRow(c, age, cell, money))
		}
	}
	return out
}

func (b *builder) cohortRow(c cohort.Cohort, age int, cell cohort.Cell, money bool) chart.Row {
	raw := func(s string) chart.Cell { return chart.Cell{Text: s, Raw: s} }
	small := c.Size < b.minCell()
	whole := func(v int64) chart.Cell {
		if small {
			return raw("")
		}
		return b.cellInt(v)
	}
	rate := func(v float64) chart.Cell {
		if small {
			return raw("")
		}
		return raw(rawFloat(v))
	}
	truncated, state := "", string(cell.State)
	if c.Truncated {
		truncated = "yes"
	}
	if small {
		state = "small"
	}
	cells := []chart.Cell{
		raw(b.Results.Calendar.Key(b.grain(), c.Cohort)), whole(c.Size), raw(truncated), raw(itoa(int32(age))), raw(state),
		whole(cell.Active), rate(cell.Rate), rate(cell.Low), rate(cell.High),
	}
	if money {
		cells = append(cells, whole(cell.Orders), whole(cell.Net), whole(cell.CumulativeNet))
	}
	return chart.Row{Cells: cells}
}

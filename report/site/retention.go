package site

import (
	"math"

	"parcours/report/chart"
	"parcours/report/cohort"
	"parcours/report/dataset"
)

// retentionModel is the page of cohorts.
type retentionModel struct {
	Headline, Lede string
	Triangle       *triangleFigure
	Notes          []note
	Curves         *figure
	CurveSide      []string
	First          *figure
	FirstSide      []string
	Others         []triangleFigure
	Revenue        *triangleFigure
	Value          *triangleFigure
	Dims           *figure
	DimCurves      *figure
	DimLabel       string
	DimSide        []string
	Repeat         *figure
	RepeatSide     []string
	Terms          []term
}

// triangleFigure is a triangle under its finding.
type triangleFigure struct {
	ID, Finding, Sub, Source, CSV, CSVName string
	Label, Note                            string
	View                                   triangleView
}

// note is a remark beside a figure; Care marks one that changes the reading.
type note struct {
	Title, Text string
	Care        bool
}

// retentionPage is the page of cohorts.
func (b *builder) retentionPage() page {
	t, ok := b.mainTable()
	if !ok || len(t.Cohorts) == 0 {
		return page{}
	}
	m := retentionModel{Headline: b.retentionHeadline(t), Lede: b.retentionLede(t)}
	m.Triangle = b.triangleFigure(t, b.triangleFinding(t))
	m.Notes = b.triangleNotes(t, m.Triangle.View)
	m.Curves, m.CurveSide = b.curves(t)
	m.First, m.FirstSide = b.firstReturn(t)
	for _, other := range b.Results.Retention {
		if other.Mode != t.Mode && other.Dim == "" && len(other.Cohorts) > 0 {
			f := b.triangleFigure(other, b.otherFinding(other))
			f.Note = b.t("mode." + string(other.Mode) + ".note")
			m.Others = append(m.Others, *f)
		}
	}
	if t.Mode == cohort.On {
		m.Revenue, m.Value = b.moneyTriangles(t)
	}
	m.Dims, m.DimCurves, m.DimSide = b.dimensions()
	if d := b.Results.Manifest.Dimension; d != "" {
		m.DimLabel = capital(b.t("dimension." + d))
	}
	m.Repeat, m.RepeatSide = b.repeatFigure()
	m.Terms = b.terms(b.retentionTerms()...)
	return page{
		Slug: "retention", Template: "retention", Class: "retention", NavOrder: navRetention,
		Title: b.t("nav.retention"), NavLabel: b.t("nav.retention"), Description: m.Headline, Model: m,
	}
}

func (b *builder) retentionTerms() []string {
	ids := []string{"cohort", "mean", "interval", "partial"}
	for _, t := range b.Results.Retention {
		if t.Dim == "" {
			ids = append(ids, "mode-"+string(t.Mode))
		}
	}
	return append(ids, "scale", "repeat", "small")
}

func (b *builder) retentionHeadline(t cohort.Table) string {
	if m, ok := meanAt(t, 1); ok {
		return b.tg("retention.headline", "Rate", b.pct(m.Rate))
	}
	return b.t("retention.headline_none")
}

// retentionLede tells the mean at the ages that are known.
func (b *builder) retentionLede(t cohort.Table) string {
	var known []string
	for _, age := range []int32{3, 6, 12} {
		if m, ok := told(t, age); ok {
			known = append(known, b.t("retention.at", "Rate", b.pct(m.Rate), "Age", b.ageLabel(t, age)))
		}
	}
	s := b.lastCohortSentence()
	if len(known) > 0 {
		s = b.t("retention.lede", "List", b.loc.List(known)) + " " + s
	}
	return s
}

func (b *builder) triangleFigure(t cohort.Table, finding string) *triangleFigure {
	limits := rateBounds()
	if t.Mode == cohort.OnOrAfter {
		limits = unboundedBounds()
	}
	table := b.cohortTable(t)
	f := &triangleFigure{
		ID: "f-" + table.ID, Finding: finding, Source: b.t("triangle.source"), CSV: b.table(table), CSVName: table.ID,
		Sub: b.modeSub(t), Label: b.t("mode." + string(t.Mode) + ".name"), View: b.rateTriangle(t, limits),
	}
	f.View.Label, f.View.Caption = finding, b.t("triangle.caption")
	return f
}

// modeSub says what a triangle measures, how many cohorts it shows and of how many.
func (b *builder) modeSub(t cohort.Table) string {
	var size int64
	for _, c := range t.Cohorts {
		size += c.Size
	}
	s := b.tg("mode."+string(t.Mode)+".sub", "Days", b.windowDays(t))
	shown := len(latest(t.Cohorts))
	if shown < len(t.Cohorts) {
		return s + " " + b.tg("triangle.shown_of", "Shown", b.int(int64(shown)), "Count", len(t.Cohorts), "N", b.int(size))
	}
	return s + " " + b.tg("triangle.shown", "Count", len(t.Cohorts), "N", b.int(size))
}

// windowDays is the width of the windows: "30", or "30, 60 puis 90".
func (b *builder) windowDays(t cohort.Table) string {
	var widths []string
	for _, w := range t.Widths {
		widths = append(widths, b.int(int64(w)))
	}
	if len(widths) == 0 {
		return b.int(30)
	}
	return b.loc.List(widths)
}

// triangleFinding compares the last complete cohorts with the mean at age 1.
func (b *builder) triangleFinding(t cohort.Table) string {
	mean, ok := meanAt(t, 1)
	if !ok {
		return b.t("triangle.finding_none")
	}
	above, below, judged := 0, 0, 0
	for _, c := range latest(t.Cohorts) {
		if len(c.Cells) < 2 || c.Cells[1].State != dataset.Complete || c.Cells[1].Small {
			continue
		}
		judged++
		switch cell := c.Cells[1]; {
		case cell.Low > mean.Rate:
			above++
		case cell.High < mean.Rate:
			below++
		}
	}
	of := b.int(int64(judged))
	if above+below > 0 && above <= 3 && below <= 3 {
		return b.namedCohorts(t, mean)
	}
	switch {
	case above+below == 0:
		return b.tg("triangle.finding_even", "Count", judged)
	case below == 0:
		return b.tg("triangle.only_above", "Count", above, "Of", of)
	case above == 0:
		return b.tg("triangle.only_below", "Count", below, "Of", of)
	}
	return b.tg("triangle.both", "Count", above, "Of", of, "Below", b.int(int64(below)))
}

// namedCohorts names the cohorts whose interval excludes the mean, when they are few.
func (b *builder) namedCohorts(t cohort.Table, mean cohort.Mean) string {
	var above, below []string
	for _, c := range latest(t.Cohorts) {
		if len(c.Cells) < 2 || c.Cells[1].State != dataset.Complete || c.Cells[1].Small {
			continue
		}
		switch cell := c.Cells[1]; {
		case cell.Low > mean.Rate:
			above = append(above, b.period(c.Cohort))
		case cell.High < mean.Rate:
			below = append(below, b.period(c.Cohort))
		}
	}
	switch {
	case len(below) == 0:
		return b.tg("triangle.named_above", "Cohorts", b.loc.List(above))
	case len(above) == 0:
		return b.tg("triangle.named_below", "Cohorts", b.loc.List(below))
	}
	return b.tg("triangle.named", "Above", b.loc.List(above), "Below", b.loc.List(below))
}

func (b *builder) otherFinding(t cohort.Table) string {
	for _, age := range []int32{12, 6, 3, 1} {
		if m, ok := told(t, age); ok {
			return b.t("mode."+string(t.Mode)+".finding", "Rate", b.pct(m.Rate), "Age", b.ageLabel(t, age))
		}
	}
	return b.t("mode." + string(t.Mode) + ".finding_none")
}

func (b *builder) triangleNotes(t cohort.Table, v triangleView) []note {
	var out []note
	if v.Partial {
		out = append(out, note{b.t("note.partial_title"), b.t("note.partial"), true})
	}
	if shown := latest(t.Cohorts); len(shown) > 0 && shown[0].Truncated {
		out = append(out, note{b.t("note.truncated_title"), b.t("note.truncated", "Cohort", b.period(t.Cohorts[0].Cohort)), true})
	}
	if v.Small {
		out = append(out, note{b.t("note.small_title"), b.t("note.small", "N", b.int(b.minCell())), true})
	}
	return append(out, note{b.t("note.read_title"), b.t("note.read"), false})
}

// curves are the cohorts as lines: all grey, the three latest told, the mean thick with its interval.
func (b *builder) curves(t cohort.Table) (*figure, []string) {
	last := b.shownAges(t)
	if last < 2 {
		return nil, nil
	}
	spec := chart.Spec{ID: "f-curves", Kind: chart.Line, Y: chart.Percent, Height: 380, XName: b.agesName(t)}
	for age := 1; age <= last; age++ {
		spec.X = append(spec.X, b.ageLabel(t, int32(age)))
	}
	spec.Series = b.cohortLines(t, last)
	mean := chart.Series{Name: b.t("curves.mean"), Role: chart.Mean, Label: b.t("curves.mean")}
	for age := 1; age <= last; age++ {
		m, ok := meanAt(t, int32(age))
		if !ok {
			m.Rate, m.Low, m.High = math.NaN(), math.NaN(), math.NaN()
		}
		mean.Values, mean.Low, mean.High = append(mean.Values, m.Rate), append(mean.Low, m.Low), append(mean.High, m.High)
	}
	spec.Series = append(spec.Series, mean)
	finding := b.curvesFinding(t)
	f := b.figure("retention", finding, b.t("curves.sub"), b.t("curves.source"), &spec, b.meanTable(t))
	f.Table.Rows = f.Table.Rows[:min(len(f.Table.Rows), last)]
	return &f, b.curvesSide(t)
}

// cohortLines are the complete cells of each cohort that is large enough; the three latest with two points stand out.
func (b *builder) cohortLines(t cohort.Table, last int) []chart.Series {
	var out []chart.Series
	for _, c := range latest(t.Cohorts) {
		s := chart.Series{Name: b.periodShort(c.Cohort), Role: chart.Context, Values: make([]float64, last)}
		points := 0
		for age := 1; age <= last; age++ {
			s.Values[age-1] = math.NaN()
			if age < len(c.Cells) && c.Cells[age].State == dataset.Complete && !c.Cells[age].Small {
				s.Values[age-1] = c.Cells[age].Rate
				points++
			}
		}
		if points > 0 {
			out = append(out, s)
		}
	}
	for i := max(0, len(out)-3); i < len(out); i++ {
		out[i].Role = chart.Good
		out[i].Label = out[i].Name
	}
	return out
}

func (b *builder) curvesFinding(t cohort.Table) string {
	first, ok := meanAt(t, 1)
	if !ok {
		return b.t("curves.finding_none")
	}
	var lastMean cohort.Mean
	for _, m := range t.Mean {
		if _, ok := told(t, m.Age); ok && int(m.Age) <= b.shownAges(t) && m.Customers >= b.minCell() {
			lastMean = m
		}
	}
	if lastMean.Age <= 1 {
		return b.t("curves.finding_one", "Rate", b.pct(first.Rate), "Age", b.ageLabel(t, 1))
	}
	id := "curves.finding_same"
	switch {
	case lastMean.High < first.Low:
		id = "curves.finding_less"
	case lastMean.Low > first.High:
		id = "curves.finding_more"
	}
	return b.t(id, "First", b.pct(first.Rate), "A", b.ageLabel(t, 1), "Last", b.pct(lastMean.Rate), "Z", b.ageLabel(t, lastMean.Age))
}

// curvesSide warns when the oldest ages rest on one cohort.
func (b *builder) curvesSide(t cohort.Table) []string {
	out := []string{b.t("curves.read")}
	if len(t.Cohorts) > 0 && t.Cohorts[0].Truncated {
		out = append(out, b.t("curves.truncated"))
	}
	for _, m := range t.Mean {
		if m.Age >= 1 && m.Cohorts == 1 && int(m.Age) <= b.shownAges(t) {
			return append(out, b.t("curves.one_cohort", "Age", b.ageLabel(t, m.Age), "N", b.int(m.Customers)))
		}
	}
	return out
}

func (b *builder) meanTable(t cohort.Table) chart.Table {
	out := chart.Table{ID: "retention-mean", Caption: b.t("curves.caption"), Columns: []chart.Column{
		b.col("age"), b.colN("rate"), b.colN("low"), b.colN("high"), b.colN("eligible"), b.colN("cohorts"),
	}}
	for _, m := range t.Mean {
		if m.Age == 0 {
			continue
		}
		out.Rows = append(out.Rows, chart.Row{Cells: []chart.Cell{
			keyed(b.ageLabel(t, m.Age), itoa(m.Age)), b.cellPct(m.Rate), b.cellPct(m.Low), b.cellPct(m.High),
			b.cellInt(m.Customers), b.cellInt(int64(m.Cohorts)),
		}})
	}
	return out
}

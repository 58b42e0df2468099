package site

import (
	"parcours/report/chart"
	"parcours/report/clv"
)

// drawnCohorts is how many cohorts have their forecast drawn: more bands would hide each other.
const drawnCohorts = 3

// cohortCurve is a cohort's value per customer: observed, then continued.
type cohortCurve struct {
	name     string
	forecast clv.CohortForecast
	observed []clv.Point
}

// cohortCurves are the cohorts that may be shown, oldest first.
func (b *builder) cohortCurves(r *clv.Report, f *clv.Forecast) []cohortCurve {
	var out []cohortCurve
	for _, c := range f.Cohorts {
		o, ok := cohortObserved(r, c.Cohort)
		if points := completePoints(o); ok && c.Customers >= b.minCell() && len(points) > 0 && len(c.Points) > 0 {
			out = append(out, cohortCurve{b.periodShort(c.Cohort), c, points})
		}
	}
	return out
}

// spreadOut picks a few cohorts over the whole history, the oldest and the newest with two points among them.
func spreadOut(list []cohortCurve) []cohortCurve {
	var long []cohortCurve
	for _, c := range list {
		if len(c.observed) > 1 {
			long = append(long, c)
		}
	}
	if len(long) <= drawnCohorts {
		return long
	}
	out := make([]cohortCurve, drawnCohorts)
	for i := range out {
		out[i] = long[i*(len(long)-1)/(drawnCohorts-1)]
	}
	return out
}

// forecastCurves continues cohort curves: solid as observed, dashed with a band as expected.
func (b *builder) forecastCurves(r *clv.Report, f *clv.Forecast) (*figure, []string) {
	all := b.cohortCurves(r, f)
	drawn := spreadOut(all)
	if len(drawn) == 0 {
		return nil, nil
	}
	last := int32(0)
	for _, c := range drawn {
		last = max(last, c.observed[len(c.observed)-1].Age, c.forecast.Points[len(c.forecast.Points)-1].Age)
	}
	spec := chart.Spec{ID: "f-forecast", Kind: chart.Line, Y: chart.Money, Height: 400, XName: b.tg("triangle.ages")}
	for age := range last + 1 {
		spec.X = append(spec.X, b.age(age))
	}
	roles := []chart.Role{chart.Mean, chart.Good, chart.Third}
	for i, c := range drawn {
		spec.Series = append(spec.Series, b.curveSeries(c, roles[i%len(roles)], int(last)+1)...)
	}
	newest := drawn[len(drawn)-1]
	end := newest.forecast.Points[len(newest.forecast.Points)-1]
	now := newest.observed[len(newest.observed)-1]
	finding := b.t("forecast.finding", "Cohort", newest.name, "Now", b.money(now.Value), "At", b.age(now.Age), "Then", b.money(end.Value.Value), "Age", b.age(end.Age))
	fig := b.figure("lifetime-value", finding, b.t("forecast.sub"), b.t("forecast.source"), &spec, b.curvesCSV(all))
	fig.Table = b.tableView(b.curvesTable(drawn, last))
	fig.Table.Label = finding
	side := []string{b.t("forecast.side")}
	if len(drawn) < len(all) {
		side = append(side, b.t("forecast.side_drawn", "Count", len(drawn), "All", b.int(int64(len(all)))))
	}
	return &fig, side
}

// curveSeries are the two lines of a cohort, joined at the last value that was observed.
func (b *builder) curveSeries(c cohortCurve, role chart.Role, n int) []chart.Series {
	seen := chart.Series{Name: c.name, Role: role, Values: nans(n)}
	next := chart.Series{
		Name: b.t("forecast.series", "Cohort", c.name), Role: role, Values: nans(n), Low: nans(n), High: nans(n), Dashed: true,
	}
	for _, p := range c.observed {
		seen.Values[p.Age] = p.Value
	}
	join := c.observed[len(c.observed)-1]
	next.Values[join.Age], next.Low[join.Age], next.High[join.Age] = join.Value, join.Value, join.Value
	for _, p := range c.forecast.Points {
		if p.Age > join.Age {
			next.Values[p.Age], next.Low[p.Age], next.High[p.Age] = p.Value.Value, p.Value.Low, p.Value.High
		}
	}
	return []chart.Series{seen, next}
}

// curvesTable has one column for each cohort drawn; what is expected has its interval.
func (b *builder) curvesTable(drawn []cohortCurve, last int32) chart.Table {
	t := chart.Table{Caption: b.t("forecast.caption"), Columns: []chart.Column{b.col("age")}}
	for _, c := range drawn {
		t.Columns = append(t.Columns, chart.Column{Name: c.name, Key: c.name, Num: true})
	}
	for age := range last + 1 {
		row := chart.Row{Cells: []chart.Cell{text(b.age(age))}}
		for _, c := range drawn {
			row.Cells = append(row.Cells, b.curveCell(c, age))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (b *builder) curveCell(c cohortCurve, age int32) chart.Cell {
	for _, p := range c.observed {
		if p.Age == age {
			return b.cellValue(p.Value)
		}
	}
	for _, p := range c.forecast.Points {
		if p.Age == age {
			cell := b.cellValue(p.Value.Value)
			cell.Class = "proj"
			if s := b.ranged(p.Value, b.amountNumber); s != "" {
				cell.Text += " " + s
			}
			return cell
		}
	}
	return unknownCell()
}

// curvesCSV is every cohort in long form.
func (b *builder) curvesCSV(all []cohortCurve) chart.Table {
	t := chart.Table{ID: "lifetime-value-forecast", Columns: []chart.Column{
		{Key: "cohort"}, {Key: "customers"}, {Key: "age"}, {Key: "state"}, {Key: "value_minor"}, {Key: "low_minor"}, {Key: "high_minor"},
	}}
	raw := func(s string) chart.Cell { return chart.Cell{Text: s, Raw: s} }
	for _, c := range all {
		row := func(age int32, state string, cells ...chart.Cell) {
			key := raw(b.Results.Calendar.Key(b.grain(), c.forecast.Cohort))
			t.Rows = append(t.Rows, chart.Row{Cells: append([]chart.Cell{key, b.cellInt(c.forecast.Size), raw(itoa(age)), raw(state)}, cells...)})
		}
		for _, p := range c.observed {
			row(p.Age, "observed", b.cellValue(p.Value), unknownCell(), unknownCell())
		}
		join := c.observed[len(c.observed)-1].Age
		for _, p := range c.forecast.Points {
			if p.Age > join {
				row(p.Age, "forecast", bounds3(p.Value, b.cellValue)...)
			}
		}
	}
	return t
}

// cohortForecasts is each cohort's value per customer: so far, to come, in total.
func (b *builder) cohortForecasts(r *clv.Report, f *clv.Forecast) *figure {
	if len(f.Cohorts) == 0 {
		return nil
	}
	t := chart.Table{ID: "lifetime-value-cohorts", Columns: []chart.Column{
		b.col("cohort"), b.colN("customers"), b.colN("still_active"), b.colN("historic_per_customer_minor"),
		b.colN("predicted_per_customer_minor"), b.colN("interval"), b.colN("total_per_customer_minor"),
	}}
	for _, c := range f.Cohorts[max(0, len(f.Cohorts)-shownCohorts):] {
		name := keyed(b.periodShort(c.Cohort), b.Results.Calendar.Key(b.grain(), c.Cohort))
		if c.Customers < b.minCell() {
			t.Rows = append(t.Rows, b.fewRow(name, len(t.Columns)))
			continue
		}
		so, come := perHead(c.Historic, c.Customers), per(c.Value, c.Customers)
		value := b.cellValue(come.Value)
		value.Class = "proj"
		t.Rows = append(t.Rows, chart.Row{Cells: []chart.Cell{
			name, b.cellInt(c.Customers), b.cellPct0(c.Active.Value), b.cellValue(so), value, b.spread(come, b.money), b.cellValue(so + come.Value),
		}})
	}
	fig := b.figure("lifetime-value", b.t("cohortvalue.finding", "Months", b.months(f.Months)), b.t("cohortvalue.sub", "Months", b.months(f.Months)), b.t("forecast.source"), nil, t)
	return &fig
}

// fewRow is the row of a group too small to show.
func (b *builder) fewRow(name chart.Cell, columns int) chart.Row {
	row := chart.Row{Class: "few", Cells: []chart.Cell{name, {Text: b.few(), Class: "n"}}}
	for len(row.Cells) < columns {
		row.Cells = append(row.Cells, unknownCell())
	}
	return row
}

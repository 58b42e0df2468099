package site

import (
	"fmt"
	"html/template"

	"parcours/report/chart"
)

// figure is a chart or a table under a finding: the sentence, the measurement, the source, the CSV, the table.
type figure struct {
	ID      string // id of the heading and of the chart
	Finding string // a sentence from the data
	Sub     string // what is measured, unit, period, n
	Source  string
	CSV     string      // path of the CSV
	CSVName string      // name of the CSV for the link's hidden text
	Option  template.JS // chart options as JSON, "" no chart: the table is the figure
	Alt     string      // description of the chart for screen readers
	Table   tableView
	Values  string // id of the figure whose table has this chart's values, "" the table is its own
}

// tableView is a table as the part "table" writes it.
type tableView struct {
	Caption string
	Label   string // accessible name of the scrolling region
	Class   string
	Columns []chart.Column
	Rows    []rowView
	Foot    []rowView
}

type rowView struct {
	ID, Class string
	Cells     []cellView
}

// cellView is a cell with what a chart.Cell cannot hold: a drawn bar and a title.
type cellView struct {
	Text, Class, Link, Title string
	SVG                      template.HTML // from package chart, never from data
	Head, Num                bool
}

// figure publishes the table of a chart and makes its figure; a nil spec makes a figure that is a table.
func (b *builder) figure(slug, finding, sub, source string, spec *chart.Spec, t chart.Table) figure {
	f := figure{
		ID: "f-" + t.ID, Finding: finding, Sub: sub, Source: source,
		CSV: b.table(t), CSVName: t.ID + ".csv", Table: b.tableView(t),
	}
	f.Table.Label = finding
	if spec == nil {
		return f
	}
	option, err := chart.Options(*spec, b.loc)
	if err != nil {
		b.failures = append(b.failures, fmt.Errorf("chart %s: %w", spec.ID, err))
		return f
	}
	f.ID = spec.ID
	f.Option, f.Alt = template.JS(option), chart.Description(*spec, b.loc) //nolint:gosec // JSON with <, > and & escaped
	b.charts[slug] = true
	return f
}

// tableView turns a table into its HTML form: the first cell of a row is its heading.
func (b *builder) tableView(t chart.Table) tableView {
	v := tableView{Caption: t.Caption, Label: t.Caption, Class: "data", Columns: t.Columns}
	v.Rows = rowViews(t.Columns, t.Rows)
	v.Foot = rowViews(t.Columns, t.Foot)
	return v
}

func rowViews(columns []chart.Column, rows []chart.Row) []rowView {
	out := make([]rowView, 0, len(rows))
	for _, r := range rows {
		view := rowView{Class: r.Class}
		for i, c := range r.Cells {
			num := i < len(columns) && columns[i].Num
			view.Cells = append(view.Cells, cellView{Text: c.Text, Class: c.Class, Link: c.Link, Head: i == 0, Num: num})
		}
		out = append(out, view)
	}
	return out
}

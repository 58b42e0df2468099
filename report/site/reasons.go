package site

import (
	"fmt"
	"strings"

	"parcours/report/chart"
	"parcours/report/dataset"
)

// shownFiles is how many files the page lists; the CSV has them all.
const shownFiles = 50

// reasonsTable counts the rows that are not used by file and reason, for the CSV.
func (b *builder) reasonsTable() chart.Table {
	t := chart.Table{ID: "rows-not-used", Columns: []chart.Column{
		b.col("file"), b.col("reason"), b.colN("rows"), b.col("kind"), b.col("examples"),
	}}
	for _, q := range b.Results.Quality.Reasons {
		kind := kindOf(q.Reason)
		examples := strings.Join(q.Examples, "; ")
		t.Rows = append(t.Rows, chart.Row{Cells: []chart.Cell{
			keyed(inert(q.File), q.File), keyed(b.reason(q.Reason), string(q.Reason)), b.cellInt(q.Rows), keyed(b.t("kind."+kind), kind), text(examples),
		}})
	}
	return t
}

// kindOf is "dropped" for what cannot be read, "kept" for what is remarkable, else "expected".
func kindOf(r dataset.Reason) string {
	switch {
	case r == dataset.ConflictingOrder:
		return "kept"
	case r.Dropped():
		return "dropped"
	}
	return "expected"
}

// reasonsSummary is what the page shows: one line for each table and reason, with a few places.
func (b *builder) reasonsSummary() tableView {
	type sum struct {
		table  string
		reason dataset.Reason
		rows   int64
		files  int
		places []string
	}
	var list []*sum
	find := map[string]*sum{}
	for _, q := range b.Results.Quality.Reasons {
		key := q.Table + " " + string(q.Reason)
		s, ok := find[key]
		if !ok {
			s = &sum{table: q.Table, reason: q.Reason}
			find[key] = s
			list = append(list, s)
		}
		s.rows, s.files = s.rows+q.Rows, s.files+1
		for _, e := range q.Examples {
			if len(s.places) < 3 {
				s.places = append(s.places, b.t("reasons.place", "File", inert(q.File), "Place", b.place(e)))
			}
		}
	}
	v := tableView{Class: "data", Columns: []chart.Column{
		b.col("table"), b.col("reason"), b.col("kind"), b.colN("rows"), b.colN("files"), b.col("examples"),
	}}
	for _, s := range list {
		v.Rows = append(v.Rows, rowView{Cells: []cellView{
			{Text: b.tableName(s.table), Head: true},
			{Text: b.reason(s.reason)},
			{Text: b.t("kind." + kindOf(s.reason))},
			{Text: b.int(s.rows), Num: true},
			{Text: b.int(int64(s.files)), Num: true},
			{Text: strings.Join(s.places, " · "), Class: "n"},
		}})
	}
	return v
}

// place writes a position in the language of the page; both numbers count from 0, as tools do.
func (b *builder) place(example string) string {
	var group, row int64
	if n, err := fmt.Sscanf(example, "row group %d, row %d", &group, &row); n == 2 && err == nil {
		return b.t("reasons.position", "Group", b.int(group), "Row", b.int(row))
	}
	return inert(example)
}

func (b *builder) reasonsFinding() string {
	var dropped int64
	for _, q := range b.Results.Quality.Reasons {
		if q.Reason.Dropped() {
			dropped += q.Rows
		}
	}
	if dropped == 0 {
		return b.t("reasons.finding_none")
	}
	return b.t("reasons.finding", "Count", dropped)
}

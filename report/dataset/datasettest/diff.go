package datasettest

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"

	"parcours/report/dataset"
)

// Diff compares two bundles field by field and returns a line for each difference, none when they say the same.
// What only a Source can know is left out: Files, Manifest.Source and Manifest.Roles, and in Quality the files and
// the places. An empty table and none are the same.
func Diff(got, want *dataset.Aggregates) []string {
	g, w := reflect.ValueOf(shared(got)), reflect.ValueOf(shared(want))
	var out []string
	for i := range g.NumField() {
		name := g.Type().Field(i).Name
		if g.Field(i).Kind() == reflect.Slice {
			out = append(out, diffRows(name, g.Field(i), w.Field(i))...)
		} else {
			out = append(out, diffFields(name, g.Field(i), w.Field(i))...)
		}
	}
	return out
}

func shared(a *dataset.Aggregates) dataset.Aggregates {
	out := *a
	out.Files = nil
	out.Manifest.Source, out.Manifest.Roles = "", nil
	out.Quality = nil
	for _, q := range a.Quality {
		q.File, q.Examples = "", nil
		i := slices.IndexFunc(out.Quality, func(o dataset.QualityRow) bool { return o.Table == q.Table && o.Reason == q.Reason })
		if i < 0 {
			out.Quality = append(out.Quality, q)
		} else {
			out.Quality[i].Rows += q.Rows
		}
	}
	slices.SortFunc(out.Quality, func(a, b dataset.QualityRow) int {
		return cmp.Or(cmp.Compare(a.Table, b.Table), cmp.Compare(a.Reason, b.Reason))
	})
	return out
}

// maxLines is the number of differing rows shown of a table.
const maxLines = 4

func diffRows(table string, got, want reflect.Value) []string {
	var out []string
	for i := range max(got.Len(), want.Len()) {
		if i < got.Len() && i < want.Len() && reflect.DeepEqual(got.Index(i).Interface(), want.Index(i).Interface()) {
			continue
		}
		out = append(out, fmt.Sprintf("%s[%d]: got %s, want %s", table, i, row(got, i), row(want, i)))
		if len(out) == maxLines {
			out = append(out, fmt.Sprintf("%s: got %d rows, want %d; only the first differences are shown", table, got.Len(), want.Len()))
			break
		}
	}
	return out
}

func row(rows reflect.Value, i int) string {
	if i >= rows.Len() {
		return "no row"
	}
	return fmt.Sprintf("%+v", rows.Index(i).Interface())
}

func diffFields(name string, got, want reflect.Value) []string {
	var out []string
	for i := range got.NumField() {
		g, w := got.Field(i).Interface(), want.Field(i).Interface()
		if fmt.Sprint(g) != fmt.Sprint(w) {
			out = append(out, fmt.Sprintf("%s.%s: got %v, want %v", name, got.Type().Field(i).Name, g, w))
		}
	}
	return out
}

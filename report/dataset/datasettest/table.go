package datasettest

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"parcours/report/dataset"
)

// table reads rows from a text: the first line names the roles, a dash is a null. Times are like 2024-01-31T22:30
// or 2024-01-31, in UTC.
func table(text string) []dataset.Row {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	roles := strings.Fields(lines[0])
	var rows []dataset.Row
	for _, line := range lines[1:] {
		row := dataset.Row{}
		for i, cell := range strings.Fields(line) {
			row[roles[i]] = value(kinds[roles[i]], cell)
		}
		rows = append(rows, row)
	}
	return rows
}

func value(kind Kind, cell string) any {
	if cell == "-" {
		return nil
	}
	var v any
	var err error
	switch kind {
	case Instant:
		layout := "2006-01-02T15:04:05"[:len(cell)]
		v, err = time.Parse(layout, cell)
	case Integer:
		v, err = strconv.ParseInt(cell, 10, 64)
	case Real:
		v, err = strconv.ParseFloat(cell, 64)
	default:
		v = cell
	}
	if err != nil {
		panic(fmt.Sprintf("cell %q of a case: %v", cell, err))
	}
	return v
}

// same compares rows with those computed by hand.
func same[R any](t *testing.T, what string, got []R, want ...R) {
	t.Helper()
	for _, line := range diffRows(what, reflect.ValueOf(got), reflect.ValueOf(want)) {
		t.Error(line)
	}
}

// of returns the rows that a predicate picks, for checks of one part of a table.
func of[R any](rows []R, which func(R) bool) []R {
	var out []R
	for _, r := range rows {
		if which(r) {
			out = append(out, r)
		}
	}
	return out
}

func date(y int, m time.Month, d int) *dataset.Day {
	day := dataset.CivilDay(y, m, d)
	return &day
}

// month is the number of a month, as dataset.Calendar counts them.
func month(y int, m time.Month) int32 { return int32(y*12 + int(m) - 1) }

func zone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

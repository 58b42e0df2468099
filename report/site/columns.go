package site

import (
	"html/template"
	"math"
	"strconv"

	"parcours/report/chart"
)

// col makes a column of text, colN one of numbers. The heading is the message "col.<key>" unless one is given.
func (b *builder) col(key string) chart.Column {
	return chart.Column{Name: b.t("col." + key), Key: key}
}

func (b *builder) colN(key string) chart.Column {
	return chart.Column{Name: b.t("col." + key), Key: key, Num: true}
}

// Cells: as read and as computed with. NaN is unknown.

func (b *builder) cellInt(v int64) chart.Cell {
	return chart.Cell{Text: b.int(v), Raw: strconv.FormatInt(v, 10)}
}

func (b *builder) cellSigned(v int64) chart.Cell {
	return chart.Cell{Text: b.loc.SignedInt(v), Raw: strconv.FormatInt(v, 10)}
}

func (b *builder) cellPct(v float64) chart.Cell {
	if math.IsNaN(v) {
		return unknownCell()
	}
	return chart.Cell{Text: b.pct(v), Raw: rawFloat(v)}
}

func (b *builder) cellDec(v float64, decimals int) chart.Cell {
	if math.IsNaN(v) {
		return unknownCell()
	}
	return chart.Cell{Text: b.loc.Dec(v, decimals), Raw: rawFloat(v)}
}

// cellMoney is an amount rounded to units for tables; the CSV keeps minor units.
func (b *builder) cellMoney(minor int64) chart.Cell {
	return chart.Cell{Text: b.loc.MoneyRound(float64(minor)), Raw: strconv.FormatInt(minor, 10)}
}

// cellValue is an amount per customer, with decimals when small.
func (b *builder) cellValue(minor float64) chart.Cell {
	if math.IsNaN(minor) {
		return unknownCell()
	}
	return chart.Cell{Text: b.loc.MoneyAuto(minor), Raw: rawFloat(minor)}
}

func unknownCell() chart.Cell { return chart.Cell{Text: "–"} }

func text(s string) chart.Cell { return chart.Cell{Text: s, Raw: s} }

// keyed is a label in the page's language over a key that is the same in all.
func keyed(label, key string) chart.Cell { return chart.Cell{Text: label, Raw: key} }

// rawFloat writes a float for the CSV: six significant decimals, no exponent, no trailing zeros.
func rawFloat(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	return strconv.FormatFloat(math.Round(v*1e6)/1e6, 'f', -1, 64)
}

// drop takes a column out of the page; the CSV keeps it.
func (v *tableView) drop(at int) {
	v.Columns = append(v.Columns[:at:at], v.Columns[at+1:]...)
	for _, rows := range [][]rowView{v.Rows, v.Foot} {
		for i, r := range rows {
			if at < len(r.Cells) {
				rows[i].Cells = append(r.Cells[:at:at], r.Cells[at+1:]...)
			}
		}
	}
}

// Keys of drawn columns: the heading of a bar repeats its neighbour's and is for screen readers only; that of a range
// names its scale.
const (
	keyBar   = "bar"
	keyRange = "range"
)

// draw puts a column of drawings before column at.
func (v *tableView) draw(at int, key, heading string, drawings []template.HTML) {
	v.Columns = append(v.Columns[:at:at], append([]chart.Column{{Name: heading, Key: key}}, v.Columns[at:]...)...)
	insert := func(r *rowView, svg template.HTML) {
		if at > len(r.Cells) {
			return
		}
		r.Cells = append(r.Cells[:at:at], append([]cellView{{Class: "bar", SVG: svg}}, r.Cells[at:]...)...)
	}
	for i := range v.Rows {
		var svg template.HTML
		if i < len(drawings) {
			svg = drawings[i]
		}
		insert(&v.Rows[i], svg)
	}
	for i := range v.Foot {
		insert(&v.Foot[i], "")
	}
}

package report

import (
	"fmt"

	"parcours/internal/diag"
	"parcours/report/clv"
	"parcours/report/dataset"
)

// The warnings that need the data.
const (
	codeBare        diag.Code = "PD010" // a report will be empty, or end in silence
	codeCalibration diag.Code = "PD011" // the forecast cannot be tested where the site wants it
)

// bare warns when no order counts, or when observation goes on long after the last one: such a report is correct and
// says nothing, which is seldom what was meant.
func (p *project) bare(agg *dataset.Aggregates) diag.List {
	var l diag.List
	orders := p.site.Data.Orders
	t := agg.Totals
	if orders == nil || t.RowsRead == 0 {
		return l
	}
	warn := func(pos diag.Position, hint, format string, args ...any) {
		l.Add(diag.Diagnostic{Severity: diag.Warning, Code: codeBare, Pos: pos, Source: p.site.Doc.Line(pos.Line), Msg: fmt.Sprintf(format, args...), Hint: hint})
	}
	asOf := dataset.FormatDay(agg.Manifest.AsOf)
	switch {
	case t.Orders > 0:
		if n := silence(agg, p.site.Calendar); n > 1 {
			warn(p.asOfPos(orders), "leave as_of out to stop at the last day of the data",
				"there is no order in the last %d whole %ss before the as-of date %s", n, agg.Manifest.Grain, asOf)
		}
	case t.RowsUsed > 0:
		warn(orders.Pos, `write negative = "order" if negative amounts are orders here`, "all %d rows used of [data.orders] are refunds: there is no order", t.RowsUsed)
	case t.UnidentifiedRows > 0:
		warn(orders.Pos, `name the column of the customers: customer = "…"`, "no row of [data.orders] up to %s has a customer: only revenue can be told", asOf)
	default:
		warn(p.asOfPos(orders), "as_of is the last day that counts", "no row of [data.orders] counts up to the as-of date %s", asOf)
	}
	return l
}

// asOfPos is where the as-of date is written, else the orders, when it came from the command line.
func (p *project) asOfPos(o *dataset.Orders) diag.Position {
	if p.site.Doc.Has("report.as_of") {
		return p.site.Doc.Pos("report.as_of")
	}
	return o.Pos
}

// silence counts the whole periods without an order that end the observation.
func silence(agg *dataset.Aggregates, cal dataset.Calendar) int32 {
	last := int32(0)
	for _, r := range agg.Periods {
		if r.Dim == "" && r.Orders > 0 {
			last = max(last, r.Period)
		}
	}
	return cal.PeriodOf(agg.Manifest.Grain, agg.Manifest.AsOf) - last - 1
}

// untested warns when calibration_end leaves nothing to learn from or nothing to test on. Whether what it leaves is enough is
// for the models to say, on the page.
func (p *project) untested(agg *dataset.Aggregates) diag.List {
	var l diag.List
	end := p.site.Report.Calibration
	if end.IsZero() || agg.Totals.Orders == 0 || p.site.Report.Options.Predict.Model == clv.ModelNone {
		return l
	}
	first, asOf := agg.Manifest.First, agg.Manifest.AsOf
	why := ""
	switch day := end.Days(); {
	case day < first:
		why = "before the first order, of " + dataset.FormatDay(first)
	case day >= asOf:
		why = "not before the last day that counts, " + dataset.FormatDay(asOf)
	default:
		return l
	}
	pos := p.site.Doc.Pos("clv.calibration_end")
	l.Add(diag.Diagnostic{
		Severity: diag.Warning, Code: codeCalibration, Pos: pos, Source: p.site.Doc.Line(pos.Line),
		Msg:  fmt.Sprintf("calibration_end is %s, %s: the forecast is not tested on held-out history", end, why),
		Hint: "leave calibration_end out to hold out the later half of the history, a year at most",
	})
	return l
}

package site

import (
	"math"
	"slices"
	"strings"

	"parcours/report/chart"
	"parcours/report/clv"
	"parcours/report/clv/estimate"
	"parcours/report/dataset"
	"parcours/report/measure"
)

func dayKey(d dataset.Day) string { return dataset.FormatDay(d) }

// frequencies compares how many customers bought how often: in the data of the fit, and in the test.
func (b *builder) frequencies(p *clv.Prediction) (*figure, []string) {
	stage := p.Calibration
	if stage == nil {
		stage = p.Final
	}
	fit, ok := measure.ChosenFit(p, stage)
	if !ok || len(fit.Histogram) == 0 {
		return nil, nil
	}
	t := chart.Table{ID: "lifetime-value-frequencies", Caption: b.t("frequencies.caption"), Columns: []chart.Column{
		b.col("repeat_purchases"), b.colN("observed"), b.colN("expected"),
	}}
	var tested []clv.HistogramBar
	if p.Holdout != nil {
		tested = p.Holdout.Histogram
	}
	if len(tested) > 0 {
		t.Columns = append(t.Columns, b.colN("observed_test"), b.colN("expected_test"))
	}
	spec := chart.Spec{ID: "f-frequencies", Kind: chart.Bar, Y: chart.Integer, Height: 280, XName: b.t("frequencies.axis")}
	observed := chart.Series{Name: b.t("col.observed"), Role: chart.Soft}
	expected := chart.Series{Name: b.t("col.expected"), Role: chart.Main}
	for i := range max(len(fit.Histogram), len(tested)) {
		var row []chart.Cell
		if i < len(fit.Histogram) {
			bar := fit.Histogram[i]
			spec.X = append(spec.X, b.barName(bar))
			observed.Values, expected.Values = append(observed.Values, float64(bar.Observed)), append(expected.Values, bar.Expected)
			row = []chart.Cell{keyed(b.barName(bar), barKey(bar)), b.cellInt(bar.Observed), b.cellDec(bar.Expected, 1)}
		} else {
			row = []chart.Cell{keyed(b.barName(tested[i]), barKey(tested[i])), unknownCell(), unknownCell()}
		}
		switch {
		case len(tested) == 0:
		case i < len(tested):
			row = append(row, b.cellInt(tested[i].Observed), b.cellDec(tested[i].Expected, 1))
		default:
			row = append(row, unknownCell(), unknownCell())
		}
		t.Rows = append(t.Rows, chart.Row{Cells: row})
	}
	spec.Series = []chart.Series{observed, expected}
	fig := b.figure("lifetime-value", b.frequencyFinding(fit.ChiSquare), b.t("frequencies.sub", "Model", b.modelName(p.Chosen)), b.t("tracking.source"), &spec, t)
	return &fig, b.frequencySide(p, fit)
}

func (b *builder) barName(h clv.HistogramBar) string {
	if h.More {
		return b.t("span.more", "From", b.int(int64(h.X)))
	}
	return b.int(int64(h.X))
}

func barKey(h clv.HistogramBar) string {
	if h.More {
		return itoa(h.X) + "+"
	}
	return itoa(h.X)
}

func (b *builder) frequencyFinding(c clv.ChiSquare) string {
	if !c.Known {
		return b.t("frequencies.finding_none")
	}
	return b.t("frequencies.finding", "Largest", b.points(c.Largest))
}

// frequencySide are the tests of the histograms. With many customers every difference is significant: the size says more.
func (b *builder) frequencySide(p *clv.Prediction, fit clv.Fit) []string {
	var out []string
	add := func(id string, c clv.ChiSquare) {
		if c.Known {
			out = append(out, b.t(id, "Chi", b.dec2(c.Statistic), "Count", c.DF, "P", b.pValue(c.P), "Largest", b.points(c.Largest)))
		}
	}
	add("frequencies.chi", fit.ChiSquare)
	if p.Holdout != nil {
		add("frequencies.chi_test", p.Holdout.ChiSquare)
	}
	return append(out, b.t("frequencies.side"))
}

// points writes the size of a difference of shares, without a sign.
func (b *builder) points(v float64) string { return strings.TrimPrefix(b.loc.Points(v, 1), "+") }

func (b *builder) pValue(p float64) string {
	if p < .001 {
		return b.t("p.tiny", "P", b.loc.Dec(.001, 3))
	}
	return b.t("p.value", "P", b.loc.Dec(p, 3))
}

// conditional compares mean purchases in the test among customers who looked alike before it.
func (b *builder) conditional(p *clv.Prediction) (byX, byRecency *figure) {
	h := p.Holdout
	byX = b.groupsFigure("by-frequency", h.ByX, func(g clv.Group) string { return b.groupSpan(g) })
	byRecency = b.groupsFigure("by-recency", h.ByRecency, func(g clv.Group) string {
		if g.More {
			return b.t("span.days_more", "From", b.int(int64(g.From)))
		}
		return b.t("span.days", "Span", b.groupSpan(g))
	})
	return byX, byRecency
}

func (b *builder) groupSpan(g clv.Group) string {
	switch {
	case g.More:
		return b.t("span.more", "From", b.int(int64(g.From)))
	case g.From == g.To:
		return b.int(int64(g.From))
	}
	return b.t("span.between", "From", b.int(int64(g.From)), "To", b.int(int64(g.To)))
}

func groupKey(g clv.Group) string {
	switch {
	case g.More:
		return itoa(g.From) + "+"
	case g.From == g.To:
		return itoa(g.From)
	}
	return itoa(g.From) + ".." + itoa(g.To)
}

func (b *builder) groupsFigure(id string, groups []clv.Group, name func(clv.Group) string) *figure {
	t := chart.Table{ID: "lifetime-value-test-" + id, Caption: b.t("conditional.caption." + id), Columns: []chart.Column{
		b.col(map[string]string{"by-frequency": "repeat_purchases", "by-recency": "since_last"}[id]), b.colN("customers"), b.colN("actual_mean"), b.colN("expected_mean"),
	}}
	spec := chart.Spec{ID: "f-" + id, Kind: chart.Bar, Y: chart.Decimal, Height: 280, XName: b.t("conditional.axis." + id)}
	actual := chart.Series{Name: b.t("tracking.actual"), Role: chart.Soft}
	expected := chart.Series{Name: b.t("tracking.expected"), Role: chart.Main}
	for _, g := range groups {
		if g.Customers == 0 {
			continue
		}
		if g.Customers < b.minCell() {
			t.Rows = append(t.Rows, b.fewRow(keyed(name(g), groupKey(g)), len(t.Columns)))
			continue
		}
		spec.X = append(spec.X, name(g))
		actual.Values, expected.Values = append(actual.Values, g.Actual), append(expected.Values, g.Expected)
		t.Rows = append(t.Rows, chart.Row{Cells: []chart.Cell{keyed(name(g), groupKey(g)), b.cellInt(g.Customers), b.cellDec(g.Actual, 2), b.cellDec(g.Expected, 2)}})
	}
	if len(spec.X) < 2 {
		return nil
	}
	spec.Series = []chart.Series{actual, expected}
	fig := b.figure("lifetime-value", b.t("conditional.finding."+id), b.t("conditional.sub"), b.t("tracking.source"), &spec, t)
	return &fig
}

// modelsFigure lays the models side by side, the chosen one first, then the baselines.
func (b *builder) modelsFigure(p *clv.Prediction) (*figure, []string) {
	stage := p.Calibration
	if stage == nil {
		stage = p.Final
	}
	if stage == nil || len(stage.Models) == 0 {
		return nil, nil
	}
	t := chart.Table{ID: "lifetime-value-models", Columns: []chart.Column{
		b.col("model"), b.colN("log_likelihood"), b.colN("bic"), b.colN("largest_share_error"), b.colN("expected_orders"), b.colN("bias"),
		b.colN("mae"), b.colN("rmse"), b.col("fit"),
	}}
	for _, chosen := range []bool{true, false} {
		for _, f := range stage.Models {
			if (string(f.Name) == p.Chosen) == chosen {
				t.Rows = append(t.Rows, b.modelRow(p, f, chosen))
			}
		}
	}
	if p.Holdout != nil {
		for _, base := range p.Holdout.Baselines {
			if base.Name == "nbd" { // already a row
				continue
			}
			no := unknownCell()
			row := []chart.Cell{keyed(b.modelName(base.Name), base.Name), no, no, no}
			t.Rows = append(t.Rows, chart.Row{Cells: append(append(row, b.testCells(base)...), keyed(b.t("fit.baseline"), "baseline"))})
		}
	}
	sub := b.t("models.sub_untested", "Day", b.loc.Day(stage.End))
	if h := p.Holdout; h != nil {
		sub = b.t("models.sub", "Day", b.loc.Day(stage.End), "Count", h.Actual)
	}
	finding := b.t("models.finding_none")
	if p.Chosen != "" {
		finding = b.t("models.finding", "Model", b.modelName(p.Chosen))
	}
	fig := b.figure("lifetime-value", finding, sub, b.t("models.source", "Cells", b.int(int64(stage.Cells)), "Customers", b.int(stage.Customers), "Repeaters", b.int(stage.Repeaters), "Resolution", b.resolution(p)), nil, t)
	return &fig, []string{b.t("models.side")}
}

func (b *builder) modelRow(p *clv.Prediction, f clv.Fit, chosen bool) chart.Row {
	no := unknownCell()
	row := chart.Row{Cells: []chart.Cell{keyed(b.fitName(f), string(f.Name)), no, no, no, no, no, no, no, keyed(b.fitStatus(f), string(f.Status))}}
	if chosen {
		row.Class = "chosen"
	}
	if len(f.Params) > 0 {
		row.Cells[1], row.Cells[2] = b.cellDec(f.LogLikelihood, 1), b.cellDec(f.BIC, 1)
	}
	if f.ChiSquare.Known {
		row.Cells[3] = b.cellPct(f.ChiSquare.Largest)
	}
	if p.Holdout == nil {
		return row
	}
	for _, t := range slices.Concat(p.Holdout.Baselines, p.Holdout.Models) {
		if t.Name == string(f.Name) {
			copy(row.Cells[4:8], b.testCells(t))
		}
	}
	return row
}

func (b *builder) testCells(t clv.Test) []chart.Cell {
	bias := b.cellPct(t.Bias)
	if bias.Raw != "" {
		bias.Text = b.loc.SignedPct(t.Bias, 1)
	}
	return []chart.Cell{b.cellWhole(t.Expected), bias, b.cellDec(t.MAE, 3), b.cellDec(t.RMSE, 3)}
}

func (b *builder) fitName(f clv.Fit) string {
	if f.K > 1 {
		return b.t("model.k", "Model", b.modelName(string(f.Name)), "K", itoa(int32(f.K)))
	}
	return b.modelName(string(f.Name))
}

// fitStatus says how a fit went: starts that agree, parameters at their boundary.
func (b *builder) fitStatus(f clv.Fit) string {
	switch f.Status {
	case estimate.Converged:
		return b.t("fit.converged", "Agree", b.int(int64(f.Agree)), "Starts", b.int(int64(f.Starts)))
	case estimate.AtBoundary:
		var names []string
		for _, x := range f.Boundary {
			names = append(names, symbol(x.Name))
		}
		return b.t("fit.boundary", "Names", b.loc.List(names))
	case estimate.Disagreed:
		return b.t("fit.disagreed", "Agree", b.int(int64(f.Agree)), "Starts", b.int(int64(f.Starts)))
	}
	return b.t("fit.failed")
}

// parameters are the estimates of every model that could be fitted, with their intervals.
func (b *builder) parameters(p *clv.Prediction) *figure {
	t := chart.Table{ID: "lifetime-value-parameters", Caption: b.t("params.caption"), Columns: []chart.Column{
		b.col("model"), b.col("parameter"), b.col("data_until"), b.colN("estimate"), b.colN("standard_error"), b.colN("low"), b.colN("high"),
	}}
	for _, stage := range []*clv.Stage{p.Calibration, p.Final} {
		if stage == nil {
			continue
		}
		for _, f := range stage.Models {
			b.parameterRows(&t, b.fitName(f), string(f.Name), stage.End, f.Result)
		}
		if s := stage.Spend; s != nil {
			b.parameterRows(&t, b.modelName(s.Name), s.Name, stage.End, s.Result)
		}
	}
	if w := p.Renewal; w != nil {
		b.parameterRows(&t, b.modelName(clv.ModelSBG), clv.ModelSBG, b.Results.Manifest.AsOf, w.Result)
	}
	if d := p.Discrete; d != nil {
		b.parameterRows(&t, b.modelName(clv.ModelBGBB), clv.ModelBGBB, b.Results.Manifest.AsOf, d.Result)
	}
	if len(t.Rows) == 0 {
		return nil
	}
	fig := b.figure("lifetime-value", b.t("params.title"), "", b.t("params.source"), nil, t)
	return &fig
}

func (b *builder) parameterRows(t *chart.Table, name, key string, end dataset.Day, r estimate.Result) {
	at := func(list []float64, i int) float64 {
		if i < len(list) {
			return list[i]
		}
		return math.NaN()
	}
	for i, parameter := range r.Names {
		if i >= len(r.Params) {
			break
		}
		t.Rows = append(t.Rows, chart.Row{Cells: []chart.Cell{
			keyed(name, key), keyed(symbol(parameter), parameter), keyed(b.loc.Day(end), dayKey(end)), b.cellSig(r.Params[i]), b.cellSig(at(r.SE, i)),
			b.cellSig(at(r.Low, i)), b.cellSig(at(r.High, i)),
		}})
	}
}

// cellSig writes a parameter with about four significant digits.
func (b *builder) cellSig(v float64) chart.Cell {
	switch a := math.Abs(v); {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return unknownCell()
	case a >= 1e6:
		return chart.Cell{Text: b.t("params.huge"), Raw: rawFloat(v)}
	case a >= 100:
		return b.cellDec(v, 1)
	case a >= 10:
		return b.cellDec(v, 2)
	case a >= 1:
		return b.cellDec(v, 3)
	case a < 1e-4 && a > 0:
		return chart.Cell{Text: b.t("params.tiny"), Raw: rawFloat(v)}
	}
	return b.cellDec(v, 4)
}

package site

import (
	"math"

	"parcours/report/chart"
	"parcours/report/clv"
	"parcours/report/measure"
)

// proofModel is the panel that says whether the forecast may be believed.
type proofModel struct {
	Verdict, Class string
	Text           []string
	Tracking       *figure
	TrackingSide   []string
	Weekly         *figure
	Frequency      *figure
	FrequencySide  []string
	ByX            *figure
	ByRecency      *figure
	Models         *figure
	ModelSide      []string
	Why            []string
	Ladder         []string
	Params         *figure
	Spend          []string
}

// proof is nil when nothing was fitted and nothing tried.
func (b *builder) proof(p *clv.Prediction) *proofModel {
	if p.Final == nil && p.Holdout == nil && len(p.Ladder) == 0 {
		return nil
	}
	m := &proofModel{Why: b.sentences(p.Why)}
	m.Verdict, m.Class, m.Text = b.verdict(p)
	if p.Holdout != nil {
		m.Tracking, m.TrackingSide = b.tracking(p)
		m.Weekly = b.weekly(p.Holdout)
		m.ByX, m.ByRecency = b.conditional(p)
	}
	m.Frequency, m.FrequencySide = b.frequencies(p)
	m.Models, m.ModelSide = b.modelsFigure(p)
	for _, r := range p.Ladder {
		m.Ladder = append(m.Ladder, b.t("ladder.line", "Model", b.modelName(r.Name), "Why", b.sentence(r.Why)))
	}
	m.Params, m.Spend = b.parameters(p), b.spendSentences(p)
	return m
}

// Limits of a forecast that may be relied on as it stands: purchases of the test within a tenth, their value and all purchases
// since the first within 15 %.
const (
	trustBias  = .10
	trustValue = .15
	trustTrack = .15
)

// verdict says in a sentence whether to trust the forecast, with care or not at all, and what that rests on.
func (b *builder) verdict(p *clv.Prediction) (title, class string, lines []string) {
	test, tested := measure.ChosenTest(p)
	switch {
	case p.Chosen == "" && p.Forecast == nil:
		return b.t("verdict.none"), "v-na", nil
	case p.Poor:
		title, class, lines = b.t("verdict.poor"), "v-no", b.sentences(p.PoorWhy)
	case !tested && byPeriod(p):
		return b.t("verdict.untested"), "v-mid", []string{b.t("verdict.untested_period", "Model", b.modelName(p.Chosen))}
	case !tested:
		return b.t("verdict.untested"), "v-mid", []string{b.t("verdict.untested_why")}
	case b.trustworthy(p, test):
		title, class = b.t("verdict.trust"), "v-ok"
	default:
		title, class = b.t("verdict.care"), "v-mid"
	}
	if !tested {
		return title, class, lines
	}
	h := p.Holdout
	lines = append(lines, b.t("verdict.count", "Count", h.Actual, "Expected", b.whole(test.Expected), "Bias", b.loc.SignedPct(test.Bias, 1),
		"From", b.loc.Day(h.From), "To", b.loc.Day(h.To), "Customers", b.int(h.Customers)))
	if base, ok := baseline(h, "same-rate"); ok {
		lines = append(lines, b.t("verdict.baseline", "MAE", b.loc.Dec(test.MAE, 3), "RMSE", b.loc.Dec(test.RMSE, 3),
			"BaseMAE", b.loc.Dec(base.MAE, 3), "BaseRMSE", b.loc.Dec(base.RMSE, 3)))
	}
	if v := h.Value; v != nil {
		lines = append(lines, b.t("verdict.value", "Actual", b.big(v.Actual), "Expected", b.big(v.Expected), "Bias", b.loc.SignedPct(v.Bias, 1)))
	}
	return title, class, lines
}

// trustworthy asks for a small bias of orders and of value, for a forecast that is worth something, and for a model that
// tracks the purchases from the first day on, not only those of the test.
func (b *builder) trustworthy(p *clv.Prediction, test clv.Test) bool {
	h := p.Holdout
	if !(math.Abs(test.Bias) <= trustBias) || h.Value != nil && !(math.Abs(h.Value.Bias) <= trustValue) {
		return false
	}
	if p.Forecast != nil && p.Forecast.Equity.Value <= 0 {
		return false
	}
	if n := len(h.Weeks); n > 0 {
		last := h.Weeks[n-1]
		if math.Abs(last.CumulativeExpected-float64(last.CumulativeActual)) > trustTrack*float64(last.CumulativeActual) {
			return false
		}
	}
	for _, base := range h.Baselines {
		if !(test.MAE <= base.MAE) && !(test.RMSE <= base.RMSE) {
			return false
		}
	}
	return true
}

func baseline(h *clv.Holdout, name string) (clv.Test, bool) {
	for _, t := range h.Baselines {
		if t.Name == name {
			return t, true
		}
	}
	return clv.Test{}, false
}

// splitAt is the first week of the test.
func splitAt(weeks []clv.Week) int {
	for i, w := range weeks {
		if w.Holdout {
			return i
		}
	}
	return -1
}

// trackingSpec is what both charts of weeks share.
func (b *builder) trackingSpec(id string, h *clv.Holdout) chart.Spec {
	spec := chart.Spec{ID: id, Kind: chart.Line, Y: chart.Integer, Height: 340}
	for _, w := range h.Weeks {
		spec.X = append(spec.X, b.loc.DayShort(w.End))
	}
	if at := splitAt(h.Weeks); at > 0 {
		spec.Split = &chart.Split{At: at - 1, Label: b.t("tracking.split")}
	}
	return spec
}

// tracking follows all repeat purchases week by week against what the model expected.
func (b *builder) tracking(p *clv.Prediction) (*figure, []string) {
	h := p.Holdout
	if len(h.Weeks) < 2 {
		return nil, nil
	}
	n := len(h.Weeks)
	spec := b.trackingSpec("f-tracking", h)
	actual := chart.Series{Name: b.t("tracking.actual"), Role: chart.Mean, Label: b.t("tracking.actual"), Values: nans(n)}
	expected := chart.Series{Name: b.t("tracking.expected"), Role: chart.Good, Label: b.t("tracking.expected"), Values: nans(n), Dashed: true}
	band := false
	low, high := nans(n), nans(n)
	for i, w := range h.Weeks {
		actual.Values[i], expected.Values[i] = float64(w.CumulativeActual), w.CumulativeExpected
		if w.CumulativeHigh > 0 {
			low[i], high[i], band = w.CumulativeLow, w.CumulativeHigh, true
		}
	}
	if band {
		expected.Low, expected.High = low, high
	}
	spec.Series = []chart.Series{actual, expected}
	last := h.Weeks[n-1]
	finding := b.t("tracking.finding", "Expected", b.whole(last.CumulativeExpected), "Count", last.CumulativeActual)
	fig := b.figure("lifetime-value", finding, b.t("tracking.sub", "End", b.loc.Day(h.From-1)), b.t("tracking.source"), &spec, b.trackingTable(h))
	// The weeks that were learned from are in the CSV.
	if at := splitAt(h.Weeks); at > 0 {
		fig.Table.Rows = fig.Table.Rows[at:]
	}
	fig.Table.drop(1)
	return &fig, []string{b.t("tracking.side")}
}

func (b *builder) trackingTable(h *clv.Holdout) chart.Table {
	t := chart.Table{ID: "lifetime-value-tracking", Caption: b.t("tracking.caption"), Columns: []chart.Column{
		b.col("week_end"), {Key: "holdout"}, b.colN("actual"), b.colN("expected"), b.colN("cumulative_actual"), b.colN("cumulative_expected"), b.colN("gap"),
	}}
	for _, w := range h.Weeks {
		part := "calibration"
		if w.Holdout {
			part = "holdout"
		}
		gap := math.NaN()
		if w.CumulativeActual > 0 {
			gap = w.CumulativeExpected/float64(w.CumulativeActual) - 1
		}
		difference := b.cellPct(gap)
		if difference.Raw != "" {
			difference.Text = b.loc.SignedPct(gap, 1)
		}
		t.Rows = append(t.Rows, chart.Row{Cells: []chart.Cell{
			keyed(b.loc.Day(w.End), dayKey(w.End)), text(part), b.cellInt(w.Actual), b.cellDec(w.Expected, 1), b.cellInt(w.CumulativeActual),
			b.cellDec(w.CumulativeExpected, 1), difference,
		}})
	}
	return t
}

func distance(w clv.Week) float64 { return math.Abs(float64(w.Actual) - w.Expected) }

// weekly shows the same weeks one by one: seasons that no model here knows.
func (b *builder) weekly(h *clv.Holdout) *figure {
	if len(h.Weeks) < 2 {
		return nil
	}
	spec := b.trackingSpec("f-weekly", h)
	actual := chart.Series{Name: b.t("tracking.actual"), Role: chart.Mid, Label: b.t("tracking.actual")}
	expected := chart.Series{Name: b.t("tracking.expected"), Role: chart.Mean, Label: b.t("tracking.expected"), Dashed: true}
	most := len(h.Weeks) - 1
	for i, w := range h.Weeks {
		if w.Holdout && distance(w) > distance(h.Weeks[most]) {
			most = i
		}
		actual.Values, expected.Values = append(actual.Values, float64(w.Actual)), append(expected.Values, w.Expected)
	}
	spec.Series = []chart.Series{actual, expected}
	top := h.Weeks[most]
	finding := b.t("weekly.finding", "Day", b.loc.Day(top.End), "Count", top.Actual, "Expected", b.whole(top.Expected))
	fig := b.figure("lifetime-value", finding, b.t("weekly.sub"), b.t("tracking.source"), &spec, b.trackingTable(h))
	fig.Values = "f-tracking" // the same weeks: a second table would repeat the first
	return &fig
}

package site

import (
	"math"

	"parcours/report/clv"
	"parcours/report/dataset"
	"parcours/report/measure"
)

// predictionModel is what the page of lifetime value says by models: the forecast, then why one may believe it.
type predictionModel struct {
	Poor, PoorTitle string // banner over a forecast that failed its test, "" none
	NoneTitle       string // why there is no forecast, "" there is one
	None            []string
	Equation        []kpiView
	EquationNote    string
	Contents        []contentsLink
	KPIs            []kpiView
	KPINote         string
	Horizons        *figure
	HorizonSide     []string
	Curves          *figure
	CurveSide       []string
	Cohorts         *figure
	Channels        *figure
	ChannelLabel    string
	ChannelNotes    []string
	Segments        *figure
	SegmentNotes    []string
	Matrix          *heatView
	MatrixSide      []string
	Bands           *figure
	BandSide        []string
	Proof           *proofModel
	Renewal         *figure
	RenewalSide     []string
	Assumes         []string
	Doubts          []string
	Notes           []string
}

// prediction is nil when the site switched the models off.
func (b *builder) prediction(r *clv.Report) *predictionModel {
	p := r.Prediction
	if p == nil || p.Settings.Model == clv.ModelNone {
		return nil
	}
	m := &predictionModel{Proof: b.proof(p), Notes: b.sentences(p.Notes)}
	if f := measure.ShownForecast(p); f != nil {
		b.forecast(m, r, p, f)
	} else {
		m.NoneTitle, m.None = b.t("prediction.none_title"), b.sentences(p.Why)
	}
	m.Renewal, m.RenewalSide = b.renewal(p)
	return m
}

// forecast fills the part that rests on the chosen model.
func (b *builder) forecast(m *predictionModel, r *clv.Report, p *clv.Prediction, f *clv.Forecast) {
	if p.Poor {
		m.PoorTitle, m.Poor = b.t("prediction.poor_title"), b.paragraph(p.PoorWhy)
	}
	m.Equation, m.EquationNote = b.forecastEquation(p, f)
	m.KPIs, m.KPINote = b.forecastKPIs(r, p, f), b.forecastBasis(p, f)
	m.Horizons, m.HorizonSide = b.horizons(r, f)
	m.Curves, m.CurveSide = b.forecastCurves(r, f)
	m.Cohorts = b.cohortForecasts(r, f)
	m.Channels, m.ChannelNotes = b.channelForecasts(r, f)
	m.ChannelLabel = b.t("channelvalue.label", "Dimension", b.t("dimension."+b.dimension()))
	m.Segments = b.segmentForecasts(f)
	if f.Certain > 0 {
		m.SegmentNotes = []string{b.t("alive.certain", "Share", b.pct0(f.Certain), "Model", b.modelName(p.Chosen))}
	}
	m.Matrix, m.MatrixSide = b.aliveMatrix(p, f)
	m.Bands, m.BandSide = b.valueBands(f)
	m.Assumes, m.Doubts = b.assumptions(p), b.predictionDoubts(r, p, f)
}

// trusted reports whether a forecast is there and did not fail its test.
func trusted(r *clv.Report) (*clv.Forecast, bool) {
	if r == nil || r.Prediction == nil || r.Prediction.Poor {
		return nil, false
	}
	f := measure.ShownForecast(r.Prediction)
	return f, f != nil && f.Customers > 0
}

// predictionHeadline tells the forecast in a sentence, "" without one that may be told.
func (b *builder) predictionHeadline(r *clv.Report) string {
	f, ok := trusted(r)
	if !ok {
		return ""
	}
	id := "prediction.headline"
	if !sure(f.Equity) {
		id += "_plain"
	}
	return b.t(id, "Count", f.Customers, "Day", b.endDay(r.Prediction), "Value", b.big(f.Equity.Value), "Months", b.months(f.Months),
		"Low", b.big(f.Equity.Low), "High", b.big(f.Equity.High))
}

// predictionLede keeps apart what was brought, what is to come, and how sure that is.
func (b *builder) predictionLede(r *clv.Report) string {
	f, ok := trusted(r)
	if !ok {
		return ""
	}
	id := "prediction.lede"
	if f.Certain > 0 {
		id += "_certain"
	}
	lede := b.t(id, "Historic", b.big(float64(f.Historic)), "Gone", b.loc.Pct(f.Gone.Value, 0), "Model", b.modelName(r.Prediction.Chosen))
	test, known := measure.ChosenTest(r.Prediction)
	if !known {
		return lede + " " + b.untested(r.Prediction)
	}
	h := r.Prediction.Holdout
	id, args := "prediction.lede_tested", []any{"From", b.loc.Day(h.From), "To", b.loc.Day(h.To), "Bias", b.loc.SignedPct(test.Bias, 1)}
	if h.Value != nil {
		id, args = id+"_value", append(args, "Value", b.loc.SignedPct(h.Value.Bias, 1))
	}
	lede += " " + b.t(id, args...)
	switch {
	case !sure(f.Equity):
		return lede
	case beyondInterval(r.Prediction, f):
		return lede + " " + b.t("prediction.lede_missed")
	}
	return lede + " " + b.t("prediction.lede_interval")
}

// beyondInterval reports whether the test was missed by more than the interval of the forecast: the interval is of the
// parameters, so that a reader who takes it for the whole uncertainty would be misled.
func beyondInterval(p *clv.Prediction, f *clv.Forecast) bool {
	test, known := measure.ChosenTest(p)
	if !known || !sure(f.Equity) || f.Equity.Value <= 0 {
		return false
	}
	missed := math.Abs(test.Bias)
	if v := p.Holdout.Value; v != nil {
		missed = max(missed, math.Abs(v.Bias))
	}
	return missed > max(f.Equity.High-f.Equity.Value, f.Equity.Value-f.Equity.Low)/f.Equity.Value
}

// untested says why nothing stands behind a forecast: models by period are never tested.
func (b *builder) untested(p *clv.Prediction) string {
	if byPeriod(p) {
		return b.t("prediction.lede_untested_period", "Model", b.modelName(p.Chosen))
	}
	return b.t("prediction.lede_untested")
}

// byPeriod reports whether the forecast comes from a model that counts periods instead of purchases.
func byPeriod(p *clv.Prediction) bool { return p.Chosen == clv.ModelSBG || p.Chosen == clv.ModelBGBB }

// predictionSummary is the sentence of the overview, "" without a forecast that may be told.
func (b *builder) predictionSummary() string {
	f, ok := trusted(b.Results.CLV)
	if !ok {
		return ""
	}
	text := b.predictionHeadline(b.Results.CLV) + b.t("prediction.stop")
	if beyondInterval(b.Results.CLV.Prediction, f) {
		text += " " + b.t("prediction.summary_missed")
	}
	return text + " " + b.t("prediction.summary_gone", "Gone", b.loc.Pct(f.Gone.Value, 0), "Risk", b.big(f.AtRisk.Value))
}

// endDay is the day up to which the customers of the forecast are known.
func (b *builder) endDay(p *clv.Prediction) string {
	if p.Final != nil {
		return b.loc.Day(p.Final.End)
	}
	return b.loc.Day(b.Results.Manifest.AsOf)
}

// sure reports whether an interval is known.
func sure(e clv.Estimate) bool { return !math.IsNaN(e.Low) && !math.IsNaN(e.High) }

// big writes an amount of many customers: compact from a hundred thousand on.
func (b *builder) big(minor float64) string {
	if math.Abs(minor) >= 1e5*math.Pow10(b.Results.Manifest.Digits) {
		return b.loc.MoneyCompact(minor)
	}
	return b.money(minor)
}

// ranged writes an interval by a formatter, "" when it is not known. Amounts whose bounds would look alike when they are
// shortened are written in full.
func (b *builder) ranged(e clv.Estimate, write func(float64) string) string {
	if !sure(e) {
		return ""
	}
	low, high := write(e.Low), write(e.High)
	if at := write(e.Value); (low == at || high == at) && e.Low != e.High && low == b.big(e.Low) {
		low, high = b.loc.MoneyRound(e.Low), b.loc.MoneyRound(e.High)
	}
	return b.interval(low, high)
}

func (b *builder) whole(v float64) string { return b.loc.Dec(math.Round(v), 0) }
func (b *builder) dec1(v float64) string  { return b.loc.Dec(v, 1) }
func (b *builder) dec2(v float64) string  { return b.loc.Dec(v, 2) }
func (b *builder) pct0(v float64) string  { return b.loc.Pct(v, 0) }

// times is a value over a cost: "× 3.1".
func (b *builder) times(v float64) string { return "×\u00a0" + b.loc.Dec(v, 1) }

// atMargin is an estimate of revenue at the margin rate.
func atMargin(e clv.Estimate, margin float64) clv.Estimate {
	return clv.Estimate{Value: e.Value * margin, Low: e.Low * margin, High: e.High * margin}
}

// per divides an estimate of a whole by its customers.
func per(e clv.Estimate, customers int64) clv.Estimate {
	return atMargin(e, 1/float64(max(customers, 1)))
}

// plus adds a known amount to an estimate.
func plus(e clv.Estimate, v float64) clv.Estimate {
	return clv.Estimate{Value: e.Value + v, Low: e.Low + v, High: e.High + v}
}

// cohortObserved is the curve of a cohort.
func cohortObserved(r *clv.Report, cohort int32) (clv.Observed, bool) {
	for _, o := range r.Observed {
		if o.Cohort == cohort {
			return o, true
		}
	}
	return clv.Observed{}, false
}

// completePoints are the points of a curve that no later order can change.
func completePoints(o clv.Observed) []clv.Point {
	var out []clv.Point
	for _, p := range o.Points {
		if p.State == dataset.Complete {
			out = append(out, p)
		}
	}
	return out
}

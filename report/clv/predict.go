package clv

import (
	"math"

	"parcours/report/clv/btyd"
	"parcours/report/dataset"
)

// predictor makes a prediction.
type predictor struct {
	agg    *dataset.Aggregates
	cal    dataset.Calendar
	report *Report
	least  int64
	out    *Prediction
	rows   []dataset.CellRow // of all customers
	final  histories
	early  histories
}

// predict fits the models, tests them, chooses one and forecasts with it; nil when the site switched that off.
func predict(agg *dataset.Aggregates, cal dataset.Calendar, r *Report, opt Options) *Prediction {
	set := opt.Settings.withDefaults()
	if set.Model == ModelNone {
		return nil
	}
	p := predictor{
		agg: agg, cal: cal, report: r, least: opt.MinCell,
		out: &Prediction{Settings: set, Resolution: agg.Manifest.Resolution},
	}
	p.run()
	return p.out
}

// withDefaults puts the defaults in place.
func (s Settings) withDefaults() Settings {
	if s.Model == "" {
		s.Model = ModelAuto
	}
	if s.HorizonMonths <= 0 {
		s.HorizonMonths = DefaultHorizon
	}
	if !s.DiscountGiven {
		s.DiscountRate = DefaultDiscount
	}
	if !(s.DiscountRate >= 0) || math.IsInf(s.DiscountRate, 0) {
		s.DiscountRate = 0
	}
	if s.Draws <= 0 {
		s.Draws = DefaultDraws
	}
	return s
}

func (p *predictor) run() {
	rows, tallies := known(p.agg)
	earlier := early(p.agg)
	p.rows = rows
	curve := curveKnown(p.report)
	if n, example := invalid(append(tallies[:len(tallies):len(tallies)], earlier...)); n > 0 {
		p.take(refused(message("clv.ladder.invalid", "rows", count(n), "example", example), curve))
		return
	}
	p.final, p.early = gather(tallies), gather(earlier)
	p.out.Final = newStage(p.agg.Manifest.AsOf, p.final)
	t, testable := newTrial(p.agg, p.early)
	if testable {
		p.out.Calibration = newStage(p.agg.Manifest.Calibration, p.early)
	}
	p.remark()
	p.out.Renewal = fitRenewal(p.agg, p.cal, p.out.Settings)
	p.out.Discrete = discreteFit(p.agg, periodsWithin(p.agg.Manifest.Grain, p.out.Settings.HorizonMonths))
	if why, ok := tooFew(p.out.Final); ok {
		p.take(refused(why, curve))
		return
	}
	p.fit(t)
	if p.periodic(curve) {
		return
	}
	c := choose(p.out.Final, p.out.Holdout, p.out.Settings, curve)
	p.take(c)
	if c.ok {
		p.foresee(c.fit.Fitted, t)
	}
}

// tooFew says why nothing is fitted.
func tooFew(s *Stage) (Message, bool) {
	switch {
	case s.Customers == 0:
		return message("clv.ladder.no-customers"), true
	case s.Repeaters < leastRepeaters:
		return message("clv.ladder.few-repeaters", "repeaters", count(s.Repeaters), "least", count(leastRepeaters)), true
	}
	return Message{}, false
}

// take writes a choice down.
func (p *predictor) take(c choice) {
	p.out.Why, p.out.Ladder = c.why, c.ladder
	if c.ok {
		p.out.Chosen = string(c.fit.Name)
	}
}

// fit fits all models and the spend model to both stages, and tests the earlier ones. A stage with too few customers who
// bought again is left without fits.
func (p *predictor) fit(t *trial) {
	m, s := p.agg.Manifest, p.out
	s.Final.Spend = fitSpend(p.agg.Spend, p.final, m.Digits)
	s.Final.fit(p.final.cells, tried(s.Final, s.Settings.Model))
	if t == nil {
		return
	}
	if _, few := tooFew(s.Calibration); !few {
		s.Calibration.Spend = fitSpend(p.agg.EarlySpend, p.early, m.Digits)
		s.Calibration.fit(p.early.cells, tried(s.Calibration, s.Settings.Model))
	}
	s.Holdout = t.holdout(s.Calibration, m)
}

// foresee tests the chosen model in detail and forecasts with it.
func (p *predictor) foresee(f btyd.Fitted, t *trial) {
	if earlier, ok := p.out.Calibration.usable(f.Name); ok {
		t.detail(p.out.Holdout, earlier.Fitted, p.out.Calibration, p.agg)
	}
	p.out.judge()
	o, s := p.outcome(f), p.out.Final.Spend
	b := bootstrap{
		sample: mergedCells(o.ledger.cells, mostSampled), merged: o.ledger.merged(mostCells), fit: f, horizons: o.horizons, prices: o.prices,
		spend: newSpendDraws(s, bins(p.agg.Spend, p.agg.Manifest.Digits), p.agg.Manifest.Digits),
	}
	o.figures = b.run(o.figures.value, p.out.Settings.Draws)
	p.out.Forecast = o.forecast(p.out.Settings)
	p.out.Forecast.Outcome = o.outcome(b.merged)
	p.out.scorer = newScorer(o)
	p.warn(o)
}

// periodic forecasts with a model of periods when the site asks for one. They are not for "auto": contracts and fixed
// chances to buy are something that the site knows and the data do not tell.
func (p *predictor) periodic(curve bool) bool {
	s, name := p.out, p.out.Settings.Model
	if name != ModelSBG && name != ModelBGBB {
		return false
	}
	if name == ModelSBG {
		s.Forecast = renewalForecast(p.agg, p.cal, p.report, s.Renewal, s.Settings, p.least)
	} else {
		s.Forecast = discreteForecast(p.agg, p.cal, p.report, s.Discrete, s.Settings, p.least)
	}
	p.take(forcePeriodic(s.Final, name, s.Forecast != nil, curve))
	if s.Forecast == nil {
		return true
	}
	s.Chosen = name
	s.note("clv.note.untested-model", "model", name)
	p.warnHorizon()
	if !s.Forecast.Bootstrap.Known {
		s.note("clv.note.no-intervals")
	}
	return true
}

// outcome computes what the chosen model expects, without intervals.
func (p *predictor) outcome(f btyd.Fitted) *outcome {
	o := &outcome{agg: p.agg, report: p.report, least: p.least, fit: f, factor: 1 - refundRate(p.rows)}
	o.horizons = newHorizons(p.agg.Manifest, p.cal, p.out.Settings)
	o.ledger = newLedger(p.agg, p.final)
	o.layout = newLayout(o.horizons, len(o.ledger.groups), o.ledger.cohorts)
	o.prices = p.out.Final.Spend.prices(p.agg.Manifest.Digits)
	o.prices.factor = o.factor
	o.details = make([]customer, len(o.ledger.cells))
	o.figures = exact(o.ledger.evaluate(f, o.prices, o.horizons, o.details))
	return o
}

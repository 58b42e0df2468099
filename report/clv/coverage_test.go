package clv

import (
	"testing"

	"parcours/report/clv/btyd"
)

// intervalsAndTruth are the forecast of a simulated shop by a model that is fitted to it, and by the law that made it.
func intervalsAndTruth(s *shop, l law, draws int) (got, truth *Forecast) {
	agg := s.aggregates()
	rows, tallies := known(agg)
	set := Settings{Draws: draws, DiscountGiven: true}.withDefaults()
	p := predictor{agg: agg, report: plainReport(), rows: rows, final: gather(tallies), out: &Prediction{Settings: set}}
	p.out.Final = newStage(s.asOf, p.final)
	p.out.Final.Spend = fitSpend(agg.Spend, p.final, s.digits)
	fit := btyd.Fit(l.name, p.final.cells)
	p.foresee(fit, nil)
	got = p.out.Forecast
	fit.Params = l.params
	fit.Model, _ = btyd.New(l.name, l.k, l.params)
	p.out.Final.Spend.Params = []float64{l.spend.P, l.spend.Q, l.spend.Gamma}
	return got, p.outcome(fit).forecast(set)
}

// Over seeds the intervals must hold the truth at about their nominal rate, and the outcome what really came: 95 % of 40 is
// 38, and fewer than 34 or so would be seen once in a hundred times. Forecasts must be right on average.
func TestIntervalsHoldTheTruthOfSimulatedShops(t *testing.T) {
	if testing.Short() {
		t.Skip("many simulated shops")
	}
	const seeds = 40
	l := usualLaw()
	l.customers, l.calibration = 1200, 0
	held, ratio, realised := map[string]int{}, 0., 0.
	for seed := range uint64(seeds) {
		s, purchases, value := l.simulate(seed, 365)
		got, truth := intervalsAndTruth(s, l, 60)
		hold := func(name string, e Estimate, v float64) {
			if e.Low <= v && v <= e.High {
				held[name]++
			}
		}
		hold("equity", got.Equity, truth.Equity.Value)
		hold("purchases", got.Purchases, truth.Purchases.Value)
		hold("active", got.Active, truth.Active.Value)
		hold("buyers", got.Buyers, truth.Buyers.Value)
		hold("at risk", got.AtRisk, truth.AtRisk.Value)
		hold("new customer", got.New.Value, truth.New.Value.Value)
		hold("cohort", got.Cohorts[3].Value, truth.Cohorts[3].Value.Value)
		hold("channel", got.Channels[0].Equity, truth.Channels[0].Equity.Value)
		hold("segment", got.Segments[0].Equity, truth.Segments[0].Equity.Value)
		hold("outcome of purchases", got.Outcome.Purchases, purchases)
		hold("outcome of value", got.Outcome.Equity, value)
		ratio += got.Equity.Value / truth.Equity.Value / seeds
		realised += got.Equity.Value / value / seeds
	}
	for name, n := range held {
		if n < 34 {
			t.Errorf("%s: %d of %d intervals hold", name, n, seeds)
		}
	}
	approach(t, "forecast over truth", ratio, 1, .02)
	approach(t, "forecast over what came", realised, 1, .04)
}

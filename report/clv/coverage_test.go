package clv

import (
	"testing"

	"parcours/report/clv/btyd"
	"parcours/report/dataset"
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

var _ testing.TB
var _ dataset.Day

package site

import (
	"parcours/report/clv"
)

// predictionTerms are the definitions at the foot of the page: those of the figures that it shows.
func predictionTerms(r *clv.Report) []string {
	p := r.Prediction
	if p == nil || p.Forecast == nil {
		return nil
	}
	return []string{"equity", "historic", "alive", "gone", "at-risk", "new-customer", "discounting", "holdout", "bias", "mean-or-one"}
}

// methodTerms are all definitions of what the models say.
func methodTerms(r *clv.Report) []string {
	p := r.Prediction
	if p == nil || p.Settings.Model == clv.ModelNone {
		return nil
	}
	return []string{
		"purchase", "cells", "btyd", "alive", "expected", "spend-model", "discounting", "horizon", "equity", "historic", "total", "predicted-margin",
		"gone", "at-risk", "buyers", "new-customer", "new-ratio", "payback-months", "cohort-forecast", "distribution", "bootstrap", "mean-or-one",
		"calibration", "holdout", "bias", "mae", "rmse", "baseline", "log-likelihood", "bic", "chi-square", "renewal", "discrete",
	}
}

// predictionArgs are the settings of the models as arguments of definitions.
func (b *builder) predictionArgs() []any {
	horizon, discount, resolution, draws, end, model := "–", "–", "–", "–", "–", "–"
	if r := b.Results.CLV; r != nil && r.Prediction != nil {
		p := r.Prediction
		if p.Settings.HorizonMonths > 0 {
			horizon = b.int(int64(p.Settings.HorizonMonths))
		}
		discount, draws, resolution = b.pct(p.Settings.DiscountRate), b.int(int64(p.Settings.Draws)), b.resolution(p)
		if p.Calibration != nil {
			end = b.loc.Day(p.Calibration.End)
		}
		if p.Chosen != "" {
			model = b.modelName(p.Chosen)
		}
	}
	return []any{"Horizon", horizon, "Discount", discount, "Resolution", resolution, "Draws", draws, "CalibrationEnd", end, "Model", model}
}

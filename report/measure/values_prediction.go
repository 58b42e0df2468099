package measure

import (
	"math"

	"parcours/report/clv"
)

// predictionValues are the figures of the models. What a text or a play quotes has no room for a caveat: a forecast
// that failed its holdout is left unknown here, and only its bias is told.
func (r *Results) predictionValues(v values) {
	if r.CLV == nil || r.CLV.Prediction == nil {
		return
	}
	p := r.CLV.Prediction
	if t, ok := ChosenTest(p); ok {
		v.set("clv.holdout_bias", t.Bias, p.Holdout.Customers)
	}
	f := ShownForecast(p)
	if f == nil || p.Poor || f.Customers <= 0 {
		return
	}
	n := f.Customers
	v.estimate("clv.predicted", scaled(f.Equity, 0, 1/float64(n)), n)
	v.estimate("clv.total", scaled(f.Equity, float64(f.Historic), 1/float64(n)), n)
	v.estimate("clv.equity", f.Equity, n)
	v.estimate("clv.gone_share", f.Gone, n)
	v.estimate("clv.at_risk", f.AtRisk, n)
	if c := f.New; c != nil {
		v.estimate("clv.new_customer", c.Value, n)
		if c.CACKnown && c.CAC > 0 {
			v.estimate("clv.new_customer_ratio", c.Ratio, n)
		}
		v.setIf(c.CACKnown && c.Payback >= 0, "clv.payback_months", float64(c.Payback), n)
	}
}

func (v values) estimate(name string, e clv.Estimate, n int64) {
	if math.IsNaN(e.Low) || math.IsNaN(e.High) {
		v.set(name, e.Value, n)
		return
	}
	v.between(name, e.Value, e.Low, e.High, n)
}

// scaled is (e + add) × by.
func scaled(e clv.Estimate, add, by float64) clv.Estimate {
	return clv.Estimate{Value: (e.Value + add) * by, Low: (e.Low + add) * by, High: (e.High + add) * by}
}

// ChosenTest is the holdout of the chosen model.
func ChosenTest(p *clv.Prediction) (clv.Test, bool) {
	if p.Holdout == nil {
		return clv.Test{}, false
	}
	for _, t := range p.Holdout.Models {
		if t.Name == p.Chosen {
			return t, true
		}
	}
	return clv.Test{}, false
}

// ChosenFit is the fit of the chosen model in a stage.
func ChosenFit(p *clv.Prediction, s *clv.Stage) (clv.Fit, bool) {
	if s == nil {
		return clv.Fit{}, false
	}
	for _, f := range s.Models {
		if string(f.Name) == p.Chosen {
			return f, true
		}
	}
	return clv.Fit{}, false
}

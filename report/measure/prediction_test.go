package measure_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"parcours/report/clv"
	"parcours/report/dataset"
	"parcours/report/measure"
	"parcours/report/measure/shoptest"
)

// predicted are the results of a simulated shop with a made-up prediction.
func predicted(grain dataset.Grain) *measure.Results {
	a, cal := full(5, grain)
	r := measure.Compute(a, cal, options())
	r.CLV.Prediction = shoptest.Prediction(a, r.CLV)
	r.Why = "MBG/NBD fits best."
	return r
}

func document(t *testing.T, r *measure.Results) []byte {
	t.Helper()
	b, err := r.JSON(nil, "en")
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range validate(t, b) {
		t.Error(fault)
	}
	return b
}

func TestThePredictionFollowsTheSchema(t *testing.T) {
	for _, grain := range []dataset.Grain{dataset.Week, dataset.Month, dataset.Quarter} {
		r := predicted(grain)
		document(t, r)
		r.CLV.Prediction = shoptest.Poor(r.CLV.Prediction)
		document(t, r)
		r.CLV.Prediction = shoptest.NoModel()
		document(t, r)
		r.CLV.Prediction = nil
		document(t, r)
		r.CLV.Prediction = &clv.Prediction{}
		document(t, r)
	}
}

// The keys are those that the issue names; parameters and log-likelihood are as the models give them.
func TestThePredictionHasTheKeysOfTheContract(t *testing.T) {
	var got struct {
		CLV struct {
			Unit, Chosen, Why string
			Calibration       struct {
				End              string
				Customers, Cells int64
				Models           []struct {
					Name          string
					Params        map[string]float64
					SE            map[string]*float64
					LogLikelihood float64 `json:"log_likelihood"`
					Status        string
				}
				Spend struct {
					Name          string
					Params        map[string]float64
					LogLikelihood float64 `json:"log_likelihood"`
					Customers     int64
				}
			}
			Holdout struct {
				From, To          string
				Customers, Actual int64
				Expected, Bias    float64
				MAE, RMSE         float64
				Baselines         []struct{ Name string }
			}
			Forecast struct {
				Months    int32            `json:"horizon_months"`
				Equity    int64            `json:"equity_minor"`
				Low       int64            `json:"low_minor"`
				High      int64            `json:"high_minor"`
				ByCohort  []map[string]any `json:"by_cohort"`
				ByChannel []map[string]any `json:"by_channel"`
				BySegment []map[string]any `json:"by_segment"`
				Matrix    struct {
					Cells [][]struct{ Customers *int64 }
				} `json:"alive_matrix"`
			}
		}
	}
	r := predicted(dataset.Month)
	if err := json.Unmarshal(document(t, r), &got); err != nil {
		t.Fatal(err)
	}
	c := got.CLV
	if c.Unit != "week" || c.Chosen != "mbg-nbd" || c.Why != r.Why {
		t.Errorf("%q %q %q", c.Unit, c.Chosen, c.Why)
	}
	m := c.Calibration.Models[2]
	if m.Name != "mbg-nbd" || m.Params["r"] != .525 || m.Params["b"] != 1.614 || m.LogLikelihood != -9582.136 || m.Status != "converged" {
		t.Errorf("%+v", m)
	}
	if p := c.Calibration.Models[3]; p.SE["s"] != nil {
		t.Errorf("a standard error that is not known is %v", *p.SE["s"])
	}
	if s := c.Calibration.Spend; s.Params["gamma"] != 15.444 || s.LogLikelihood != -4055.918 || s.Customers == 0 {
		t.Errorf("%+v", s)
	}
	if h := c.Holdout; h.Bias != -.0612 || h.MAE != .7648 || h.RMSE != 1.6072 || len(h.Baselines) != 2 || h.Expected == 0 {
		t.Errorf("%+v", h)
	}
	f := c.Forecast
	if f.Months != 12 || f.Equity <= f.Low || f.Equity >= f.High || len(f.ByCohort) == 0 || len(f.ByChannel) == 0 || len(f.BySegment) == 0 {
		t.Errorf("%+v", f)
	}
	hidden := 0
	for i, row := range f.Matrix.Cells {
		for j, cell := range row {
			if n := r.CLV.Prediction.Forecast.Matrix.Cells[i][j].Customers; cell.Customers == nil {
				hidden++
			} else if n > 0 && n < 30 {
				t.Errorf("%d customers are told", n)
			}
		}
	}
	if hidden == 0 {
		t.Error("no small cell was hidden: the fixture tests nothing")
	}
}

func TestIntervalsThatAreNotKnownAreNull(t *testing.T) {
	r := predicted(dataset.Month)
	r.CLV.Prediction.Forecast.Bootstrap.Known = false
	text := string(document(t, r))
	if !strings.Contains(text, `"low_minor":null,"high_minor":null`) {
		t.Error("bounds without bootstrap draws")
	}
	if f := figures(r)["clv.equity"]; !f.Known || f.HasInterval {
		t.Errorf("%+v", f)
	}
	if e := r.CLV.Prediction.Forecast.Cohorts[0].Value; math.IsNaN(e.Low) {
		t.Error("the results themselves were changed")
	}
}

func TestAForecastThatFailedItsTestIsNotQuoted(t *testing.T) {
	r := predicted(dataset.Month)
	for _, name := range []string{"clv.predicted", "clv.total", "clv.equity", "clv.gone_share", "clv.at_risk", "clv.new_customer", "clv.new_customer_ratio", "clv.payback_months"} {
		if f := figures(r)[name]; !f.Known || f.N == 0 {
			t.Errorf("%+v", f)
		}
	}
	r.CLV.Prediction = shoptest.Poor(r.CLV.Prediction)
	f := figures(r)
	if f["clv.equity"].Known || f["clv.new_customer"].Known || !f["clv.holdout_bias"].Known {
		t.Errorf("%+v %+v", f["clv.equity"], f["clv.holdout_bias"])
	}
}

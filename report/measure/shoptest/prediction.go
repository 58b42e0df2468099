package shoptest

import (
	"math"

	"parcours/report/clv"
	"parcours/report/clv/btyd"
	"parcours/report/clv/estimate"
	"parcours/report/dataset"
	"parcours/report/segment"
)

// Prediction makes up what the models could say of a shop: every part is there and every number is plausible, none is
// computed. Tests of pages and of metrics.json need no model for it.
func Prediction(agg *dataset.Aggregates, report *clv.Report) *clv.Prediction {
	end := agg.Manifest.AsOf
	calibration := (agg.Manifest.First + end) / 2
	p := &clv.Prediction{
		Chosen: string(btyd.MBGNBD), Resolution: 7, Settings: clv.Settings{Model: clv.ModelAuto, HorizonMonths: 12, DiscountRate: .1, Draws: 200},
		Why: []clv.Message{
			{ID: "clv.why.best", Args: map[string]string{"model": "mbg-nbd", "second": "bg-nbd", "gap": "0.587"}},
			{ID: "clv.why.confirmed", Args: map[string]string{"model": "mbg-nbd", "bias": "-0.0612"}},
		},
		Ladder: []clv.Rung{
			{Name: string(btyd.MBGNBD), Used: true, Why: clv.Message{ID: "clv.ladder.used"}},
			{Name: string(btyd.BGNBD), Why: clv.Message{ID: "clv.ladder.not-chosen", Args: map[string]string{"gap": "0.587"}}},
			{Name: string(btyd.ParetoNBD), Why: clv.Message{ID: "clv.ladder.disagreed", Args: map[string]string{"agree": "2", "starts": "5"}}},
			{Name: string(btyd.BGCNBD), Why: clv.Message{ID: "clv.ladder.irregular"}},
			{Name: string(btyd.NBD), Why: clv.Message{ID: "clv.ladder.not-needed"}},
		},
		Calibration: stage(calibration, agg.Totals.Customers*6/10), Final: stage(end, agg.Totals.Customers),
		Holdout: holdout(agg, calibration), Forecast: forecast(agg, report), Renewal: renewal(agg), Discrete: discrete(agg),
		Notes: []clv.Message{
			{ID: "clv.note.resolution", Args: map[string]string{"days": "7"}},
			{ID: "clv.note.refunds", Args: map[string]string{"share": "0.0210"}},
			{ID: "clv.note.discount", Args: map[string]string{"share": "0.1000"}},
		},
	}
	return p
}

// Poor is a prediction whose test failed.
func Poor(p *clv.Prediction) *clv.Prediction {
	q := *p
	q.Poor = true
	q.PoorWhy = []clv.Message{
		{ID: "clv.poor.bias", Args: map[string]string{"bias": "0.5570", "limit": "0.2500"}},
		{ID: "clv.poor.baseline", Args: map[string]string{"baseline": "same-rate", "mae": "1.041", "other_mae": "0.905"}},
	}
	return &q
}

// NoModel is what remains when nothing can be fitted.
func NoModel() *clv.Prediction {
	return &clv.Prediction{
		Settings: clv.Settings{Model: clv.ModelAuto, HorizonMonths: 12, DiscountRate: .1, Draws: 200}, Resolution: 1,
		Why: []clv.Message{{ID: "clv.why.cohort-curve"}},
		Ladder: []clv.Rung{
			{Name: string(btyd.BGNBD), Why: clv.Message{ID: "clv.ladder.few-repeaters", Args: map[string]string{"repeaters": "12", "least": "30"}}},
			{Name: "cohort-curve", Used: true, Why: clv.Message{ID: "clv.ladder.curve"}},
			{Name: "none", Why: clv.Message{ID: "clv.ladder.nothing"}},
		},
		Notes: []clv.Message{{ID: "clv.note.short-history", Args: map[string]string{"days": "90", "least": "180"}}},
	}
}

func around(v, half float64) clv.Estimate {
	return clv.Estimate{Value: v, Low: v * (1 - half), High: v * (1 + half)}
}

func share(v, half float64) clv.Estimate {
	return clv.Estimate{Value: v, Low: math.Max(0, v-half), High: math.Min(1, v+half)}
}

func fitted(ll float64, status estimate.Status, names []string, params ...float64) estimate.Result {
	r := estimate.Result{
		Names: names, Params: params, LogLikelihood: ll, BIC: -2*ll + 30, Status: status, Starts: 5, Agree: 5, Gradient: 1e-8,
		Condition: 240, Evaluations: 61,
	}
	for _, v := range params {
		r.Theta = append(r.Theta, math.Log(v))
		r.SE = append(r.SE, v/10)
		r.Low, r.High = append(r.Low, v*math.Exp(-.196)), append(r.High, v*math.Exp(.196))
	}
	return r
}

func test(name string, expected, bias, mae, rmse, correlation float64) clv.Test {
	return clv.Test{Name: name, Expected: expected, Bias: bias, MAE: mae, RMSE: rmse, Correlation: correlation}
}

func bars(customers int64) []clv.HistogramBar {
	var out []clv.HistogramBar
	for x, share := range []float64{.6, .19, .09, .045, .026, .016, .012, .021} {
		n := share * float64(customers)
		out = append(out, clv.HistogramBar{X: int32(x), More: x == 7, Observed: int64(n), Expected: n * (1 + .01*float64(x%3-1))})
	}
	return out
}

// oddModel stands for a fitted model that nobody asks for predictions.
type oddModel struct{ btyd.Model }

func stage(end dataset.Day, customers int64) *clv.Stage {
	four := func(a, b, c, d string) []string { return []string{a, b, c, d} }
	fit := func(name btyd.Name, delta float64, r estimate.Result) clv.Fit {
		return clv.Fit{
			Fitted: btyd.Fitted{Name: name, Model: oddModel{}, K: 1, Result: r}, DeltaNBD: delta,
			ChiSquare: clv.ChiSquare{Known: true, Statistic: 2.955, DF: 3, P: .399, Largest: .008}, Histogram: bars(customers),
		}
	}
	pareto := fitted(-9594.976, estimate.AtBoundary, four("r", "alpha", "s", "beta"), .553, 10.578, 3.2e6, 11.669)
	pareto.Boundary = []estimate.AtBound{{Name: "s", Upper: true}}
	pareto.SE[2], pareto.High[2] = math.NaN(), math.Inf(1)
	regular := fitted(-9640.1, estimate.Failed, nil)
	return &clv.Stage{
		End: end, Customers: customers, Repeaters: customers * 4 / 10, Purchases: customers, Cells: 1016,
		Models: []clv.Fit{
			fit(btyd.NBD, 0, fitted(-9763.658, estimate.Converged, []string{"r", "alpha"}, .385, 12.072)),
			fit(btyd.BGNBD, 181.2, fitted(-9582.429, estimate.Converged, four("r", "alpha", "a", "b"), .243, 4.414, .793, 2.426)),
			fit(btyd.MBGNBD, 181.5, fitted(-9582.136, estimate.Converged, four("r", "alpha", "a", "b"), .525, 6.183, .891, 1.614)),
			fit(btyd.ParetoNBD, 168.7, pareto),
			{Fitted: btyd.Fitted{Name: btyd.BGCNBD, K: 2, Result: regular}},
		},
		Spend: &clv.SpendFit{
			Name: "gamma-gamma", Result: fitted(-4055.918, estimate.Converged, []string{"p", "q", "gamma"}, 6.25, 3.744, 15.444),
			Customers: customers * 4 / 10, Worthless: 3, Correlation: .114, CorrLow: .05, CorrHigh: .177, Independent: true,
			Mean: 3522, MeanKnown: true, ByFrequency: []clv.FrequencyValue{
				{From: 1, To: 1, Customers: 400, Purchases: 400, Mean: 3400},
				{From: 2, To: 4, Customers: 300, Purchases: 800, Mean: 3600},
				{From: 5, Customers: 90, Purchases: 700, Mean: 3900},
			},
		},
	}
}

func holdout(agg *dataset.Aggregates, calibration dataset.Day) *clv.Holdout {
	n := agg.Totals.Customers * 6 / 10
	h := &clv.Holdout{
		From: calibration + 1, To: agg.Manifest.AsOf, Customers: n, Actual: n * 8 / 10, Histogram: bars(n),
		Models: []clv.Test{
			test("nbd", 1.24*float64(n), .557, 1.041, 1.8595, .61), test("bg-nbd", .703*float64(n), -.1215, .7855, 1.608, .6256),
			test("mbg-nbd", .751*float64(n), -.0612, .7648, 1.6072, .6249),
		},
		Baselines: []clv.Test{test("same-rate", 1.1*float64(n), .375, .905, 1.93, math.NaN()), test("nbd", 1.24*float64(n), .557, 1.041, 1.8595, .61)},
		ChiSquare: clv.ChiSquare{Known: true, Statistic: 18.2, DF: 6, P: .006, Largest: .021},
		Value:     &clv.ValueTest{Actual: 2800 * float64(n), Expected: 2700 * float64(n), Bias: -.0357},
	}
	for x := range int32(8) {
		v := .24 + .5*float64(x)
		h.ByX = append(h.ByX, clv.Group{From: x, To: x, More: x == 7, Customers: n / (2 + 3*int64(x)), Actual: v, Expected: v * .93})
	}
	for i, to := range []int32{30, 90, 180, 0} {
		h.ByRecency = append(h.ByRecency, clv.Group{From: []int32{0, 31, 91, 181}[i], To: to, More: to == 0, Customers: n / 4, Actual: 1 - .2*float64(i), Expected: .95 - .2*float64(i)})
	}
	var actual int64
	expected := 0.
	for end := agg.Manifest.First + 6; end <= agg.Manifest.AsOf; end += 7 {
		i := len(h.Weeks)
		w := clv.Week{End: end, Holdout: end > calibration, Actual: int64(20 + i%7), Expected: 22.5 - .05*float64(i)}
		actual, expected = actual+w.Actual, expected+w.Expected
		w.CumulativeActual, w.CumulativeExpected = actual, expected
		if w.Holdout {
			w.CumulativeLow, w.CumulativeHigh = expected*.97, expected*1.03
		}
		h.Weeks = append(h.Weeks, w)
	}
	return h
}

func forecast(agg *dataset.Aggregates, report *clv.Report) *clv.Forecast {
	n := agg.Totals.Customers
	equity := .4 * float64(agg.Totals.Net)
	f := &clv.Forecast{
		Months: 12, Rate: .1, Customers: n, Equity: around(equity, .08), Historic: agg.Totals.Net, Purchases: around(.9*float64(n), .06),
		Endless: around(equity*1.7, .2), EndlessKnown: true, Active: around(.42*float64(n), .05), Gone: share(.58, .03), Certain: 0,
		AtRisk: around(equity*.3, .1), Buyers: around(.33*float64(n), .05), RefundRate: .021, TopShare: .61,
		Single: clv.Single{X: 2, Mean: 1.23, Low: 0, High: 5, None: .47, Known: true}, Bootstrap: clv.Bootstrap{Draws: 200, Cells: 1016, Known: true},
	}
	for i, months := range []int32{12, 24, 36} {
		by := 1 + .6*float64(i)
		f.Horizons = append(f.Horizons, clv.Horizon{
			Months: months, Purchases: around(.9*float64(n)*by, .06), Value: around(equity*1.05*by, .08), Discounted: around(equity*by*(1-.05*float64(i)), .08),
		})
	}
	f.New = newCustomer()
	f.Cohorts = cohortForecasts(report)
	f.Channels, f.Segments = channelForecasts(report), segmentForecasts(agg)
	f.Matrix, f.Distribution = matrix(n), bands(n, equity)
	return f
}

func newCustomer() *clv.NewCustomer {
	c := &clv.NewCustomer{
		First: 9000, Repeat: around(1.1, .05), Value: around(18400, .06), CAC: 3000, CACKnown: true, Ratio: around(3.07, .06), Payback: 4,
	}
	for month := range 13 {
		c.Curve = append(c.Curve, around(9000+9400*math.Sqrt(float64(month)/12), .01*float64(min(month, 6))))
	}
	return c
}

func cohortForecasts(report *clv.Report) []clv.CohortForecast {
	if report == nil {
		return nil
	}
	var out []clv.CohortForecast
	for _, o := range report.Observed {
		last := clv.Point{}
		for _, p := range o.Points {
			if p.State == dataset.Complete {
				last = p
			}
		}
		c := clv.CohortForecast{
			Cohort: o.Cohort, Customers: o.Size, Size: o.Size, Active: share(.4, .05), Historic: int64(last.Value) * o.Size, Value: around(4000*float64(o.Size), .12),
		}
		for i := range int32(12) {
			v := last.Value + 4000*(1-math.Exp(-float64(i+1)/9))
			c.Points = append(c.Points, clv.ForecastPoint{Age: last.Age + 1 + i, Value: clv.Estimate{Value: v, Low: v * (1 - .01*float64(i)), High: v * (1 + .012*float64(i))}})
		}
		out = append(out, c)
	}
	return out
}

func channelForecasts(report *clv.Report) []clv.GroupForecast {
	if report == nil {
		return nil
	}
	var out []clv.GroupForecast
	for i, c := range report.Channels {
		out = append(out, clv.GroupForecast{
			Dim: c.Dim, Customers: c.Customers, Age: 300 + 150*float64(i), Active: share(.4+.05*float64(i), .04), Historic: c.PerHead,
			Value: around(5200+900*float64(i), .1), Total: around(c.PerHead+5200+900*float64(i), .04), Equity: around(5200*float64(c.Customers), .1),
			CAC: c.CAC, CACKnown: c.CACKnown, Ratio: around(2.4, .08), Payback: int32(3 - 4*((i+1)%2)), Small: c.Customers < 30,
		})
	}
	return out
}

func segmentForecasts(agg *dataset.Aggregates) []clv.SegmentForecast {
	var out []clv.SegmentForecast
	for i, name := range segment.Names() {
		n := agg.Totals.Customers / int64(i+2)
		out = append(out, clv.SegmentForecast{
			Name: name, Customers: n, Active: share(.9-.08*float64(i), .03), Purchases: around(3/float64(i+1), .08),
			Value: around(30000/float64(i+1), .09), Equity: around(30000/float64(i+1)*float64(n), .09), Small: n < 30,
		})
	}
	return out
}

func matrix(n int64) clv.Matrix {
	m := clv.Matrix{Recency: []int32{30, 60, 90, 180, 365}, Purchases: []int32{1, 2, 3, 5, 10}}
	for r := range len(m.Recency) + 1 {
		row := make([]clv.MatrixCell, len(m.Purchases)+1)
		for c := range row {
			if customers := n / int64((r+2)*(c+1)*(c+1)); r+c < 9 {
				row[c] = clv.MatrixCell{Customers: customers, Alive: math.Exp(-.2 * float64(r*(c+1))), Value: 9000 * float64(c+1) / float64(r+1)}
			}
		}
		m.Cells = append(m.Cells, row)
	}
	return m
}

func bands(n int64, equity float64) []clv.ValueBand {
	edges := []float64{0, 1000, 2000, 5000, 10000, 20000, 50000, 0}
	shares := [][2]float64{{.45, .02}, {.15, .05}, {.15, .1}, {.12, .2}, {.08, .25}, {.04, .23}, {.01, .15}}
	var out []clv.ValueBand
	for i, s := range shares {
		out = append(out, clv.ValueBand{From: edges[i], To: edges[i+1], Customers: int64(s[0] * float64(n)), Equity: s[1] * equity})
	}
	return out
}

func renewal(agg *dataset.Aggregates) *clv.Renewal {
	w := &clv.Renewal{
		Result: fitted(-1680.265, estimate.Converged, []string{"alpha", "beta"}, .704, 1.182), Customers: agg.Totals.Customers, Cohorts: 12,
	}
	for age := range int32(25) {
		v := math.Pow(float64(age+1), -.5)
		w.Points = append(w.Points, clv.RenewalPoint{Age: age, Observed: v * 1.01, Known: age < 13 && age > 0, Expected: share(v, .02)})
	}
	return w
}

func discrete(agg *dataset.Aggregates) *clv.Discrete {
	return &clv.Discrete{
		Result:    fitted(-33225.58, estimate.Converged, []string{"alpha", "beta", "gamma", "delta"}, 1.2035, .7497, .6567, 2.7834),
		Customers: agg.Totals.Customers, Expected: bars(agg.Totals.Customers), Next: around(.8, .05), Periods: 12, Active: share(.41, .03),
	}
}

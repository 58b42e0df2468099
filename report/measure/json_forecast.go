package measure

import (
	"math"

	"parcours/report/clv"
	"parcours/report/dataset"
	"parcours/report/segment"
)

type jsonHoldout struct {
	From        string      `json:"from"`
	To          string      `json:"to"`
	Customers   int64       `json:"customers"`
	Actual      int64       `json:"actual"`
	Expected    *number     `json:"expected"`
	Bias        *number     `json:"bias"`
	MAE         *number     `json:"mae"`
	RMSE        *number     `json:"rmse"`
	Correlation *number     `json:"correlation"`
	Models      []jsonTest  `json:"models"`
	Baselines   []jsonTest  `json:"baselines"`
	ByFrequency []jsonGroup `json:"by_frequency"`
	ByRecency   []jsonGroup `json:"by_recency"` // days since the last purchase
	Weeks       []jsonWeek  `json:"weeks"`
	Histogram   []jsonBars  `json:"histogram"`
	ChiSquare   *jsonChi    `json:"chi_square"`
	Value       *jsonWorth  `json:"value"`
}

type jsonTest struct {
	Name        string  `json:"name"`
	Expected    *number `json:"expected"`
	Bias        *number `json:"bias"`
	MAE         *number `json:"mae"`
	RMSE        *number `json:"rmse"`
	Correlation *number `json:"correlation"`
}

type jsonGroup struct {
	From      int32   `json:"from"`
	To        *int32  `json:"to"` // null: no bound
	Customers int64   `json:"customers"`
	Actual    *number `json:"actual"`
	Expected  *number `json:"expected"`
}

type jsonWeek struct {
	End                string  `json:"end"`
	Holdout            bool    `json:"holdout"`
	Actual             int64   `json:"actual"`
	Expected           *number `json:"expected"`
	CumulativeActual   int64   `json:"cumulative_actual"`
	CumulativeExpected *number `json:"cumulative_expected"`
	CumulativeLow      *number `json:"cumulative_low"`
	CumulativeHigh     *number `json:"cumulative_high"`
}

type jsonWorth struct {
	Actual   *int64  `json:"actual_minor"`
	Expected *int64  `json:"expected_minor"`
	Bias     *number `json:"bias"`
}

// jsonRange is an estimate with its 95 % interval, jsonMoneyRange one of money.
type jsonRange struct {
	Value *number `json:"value"`
	Low   *number `json:"low"`
	High  *number `json:"high"`
}

type jsonMoneyRange struct {
	Value *int64 `json:"value_minor"`
	Low   *int64 `json:"low_minor"`
	High  *int64 `json:"high_minor"`
}

func rangeOf(e clv.Estimate) jsonRange {
	return jsonRange{known(e.Value, true), known(e.Low, true), known(e.High, true)}
}

func moneyOf(e clv.Estimate) jsonMoneyRange {
	return jsonMoneyRange{finiteMinor(e.Value), finiteMinor(e.Low), finiteMinor(e.High)}
}

func finiteMinor(v float64) *int64 { return minor(v, !math.IsInf(v, 0)) }

// maybe returns a range, null unless ok.
func maybe(e clv.Estimate, ok bool) *jsonRange {
	if !ok {
		return nil
	}
	return when(rangeOf(e), true)
}

func maybeMoney(e clv.Estimate, ok bool) *jsonMoneyRange {
	if !ok {
		return nil
	}
	return when(moneyOf(e), true)
}

type jsonForecast struct {
	Months       int32           `json:"horizon_months"`
	Rate         number          `json:"discount_rate"`
	Customers    int64           `json:"customers"`
	Equity       *int64          `json:"equity_minor"` // discounted net revenue to come within the horizon
	Low          *int64          `json:"low_minor"`
	High         *int64          `json:"high_minor"`
	Margin       *jsonMoneyRange `json:"at_margin"`
	Historic     int64           `json:"historic_minor"`
	Total        jsonMoneyRange  `json:"total"`
	Purchases    jsonRange       `json:"purchases"`
	Horizons     []jsonHorizon   `json:"horizons"`
	Endless      *jsonMoneyRange `json:"endless"`
	Active       jsonRange       `json:"active_customers"`
	Gone         jsonRange       `json:"gone_share"`
	Certain      *number         `json:"certain_share"` // P(alive) is 1 by the model's construction
	AtRisk       jsonMoneyRange  `json:"at_risk"`
	Buyers       jsonRange       `json:"buyers"`
	RefundRate   *number         `json:"refund_rate"`
	New          *jsonNew        `json:"new_customer"`
	ByCohort     []jsonByCohort  `json:"by_cohort"`
	ByChannel    []jsonByChannel `json:"by_channel"`
	BySegment    []jsonBySegment `json:"by_segment"`
	Matrix       jsonMatrix      `json:"alive_matrix"`
	Distribution []jsonBand      `json:"distribution"`
	TopShare     *number         `json:"top_tenth_share"`
	Single       *jsonSingle     `json:"single_customer"`
	Bootstrap    jsonBootstrap   `json:"bootstrap"`
}

// jsonBootstrap says how the intervals were made; without enough usable draws they are null.
type jsonBootstrap struct {
	Draws  int  `json:"draws"`
	Failed int  `json:"failed"`
	Cells  int  `json:"cells"`
	Usable bool `json:"usable"`
}

type jsonHorizon struct {
	Months           int32           `json:"months"`
	Purchases        jsonRange       `json:"purchases"`
	Value            jsonMoneyRange  `json:"undiscounted"`
	Discounted       jsonMoneyRange  `json:"discounted"`
	Margin           *jsonMoneyRange `json:"undiscounted_at_margin"`
	DiscountedMargin *jsonMoneyRange `json:"discounted_at_margin"`
}

type jsonNew struct {
	First   *int64           `json:"first_minor"`
	Repeat  jsonRange        `json:"repeat_purchases"`
	Value   jsonMoneyRange   `json:"value"`
	Margin  *jsonMoneyRange  `json:"at_margin"`
	Curve   []jsonMoneyRange `json:"cumulative_by_month"`
	CAC     *int64           `json:"cac_minor"`
	Ratio   *jsonRange       `json:"value_to_cac"`
	Payback *int32           `json:"payback_months"`
}

type jsonByCohort struct {
	Cohort    string              `json:"cohort"`
	Customers int64               `json:"customers"`
	Small     bool                `json:"small"`
	Active    jsonRange           `json:"active_share"`
	Historic  int64               `json:"historic_minor"`
	Equity    *int64              `json:"equity_minor"`
	Low       *int64              `json:"low_minor"`
	High      *int64              `json:"high_minor"`
	Points    []jsonForecastPoint `json:"points"` // undiscounted, cumulative, per customer
}

type jsonForecastPoint struct {
	Age int32 `json:"age"`
	jsonMoneyRange
}

type jsonByChannel struct {
	Group     string         `json:"group"`
	Channel   *string        `json:"channel"`
	Customers int64          `json:"customers"`
	Small     bool           `json:"small"`
	Age       *number        `json:"mean_age_days"`
	Active    jsonRange      `json:"active_share"`
	Historic  *int64         `json:"historic_per_customer_minor"`
	Value     jsonMoneyRange `json:"predicted_per_customer"`
	Total     jsonMoneyRange `json:"total_per_customer"`
	Equity    *int64         `json:"equity_minor"`
	Low       *int64         `json:"low_minor"`
	High      *int64         `json:"high_minor"`
	CAC       *int64         `json:"cac_minor"`
	Ratio     *jsonRange     `json:"value_to_cac"`
	Payback   *int32         `json:"payback_months"`
}

type jsonBySegment struct {
	Name      segment.Name   `json:"segment"`
	Customers int64          `json:"customers"`
	Small     bool           `json:"small"`
	Active    jsonRange      `json:"active_share"`
	Purchases jsonRange      `json:"purchases_per_customer"`
	Value     jsonMoneyRange `json:"predicted_per_customer"`
	Equity    *int64         `json:"equity_minor"`
	Low       *int64         `json:"low_minor"`
	High      *int64         `json:"high_minor"`
}

// jsonMatrix hides what it says of groups under the minimum: a cell may be one person.
type jsonMatrix struct {
	Recency   []int32            `json:"recency_days"`
	Purchases []int32            `json:"purchases"`
	Cells     [][]jsonMatrixCell `json:"cells"`
}

type jsonMatrixCell struct {
	Customers *int64  `json:"customers"`
	Alive     *number `json:"alive"`
	Value     *int64  `json:"value_minor"`
}

type jsonBand struct {
	From      *int64 `json:"from_minor"`
	To        *int64 `json:"to_minor"` // null: no bound
	Customers *int64 `json:"customers"`
	Equity    *int64 `json:"equity_minor"`
}

type jsonSingle struct {
	X    int32   `json:"repeat_purchases"`
	Mean *number `json:"expected"`
	Low  int32   `json:"low_5"`
	High int32   `json:"high_95"`
	None *number `json:"probability_of_none"`
}

type jsonRenewal struct {
	jsonEstimation
	Customers int64              `json:"customers"`
	Cohorts   int                `json:"cohorts"`
	Points    []jsonRenewalPoint `json:"points"`
}

type jsonRenewalPoint struct {
	Age      int32     `json:"age"`
	Observed *number   `json:"observed"`
	Expected jsonRange `json:"expected"`
}

type jsonDiscrete struct {
	jsonEstimation
	Customers int64      `json:"customers"`
	Histogram []jsonBars `json:"histogram"`
	Periods   int32      `json:"next_periods"`
	Next      jsonRange  `json:"expected_per_customer"`
	Active    jsonRange  `json:"active_share"`
}

func (r *Results) jsonHoldout(p *clv.Prediction) *jsonHoldout {
	h := p.Holdout
	if h == nil {
		return nil
	}
	out := &jsonHoldout{
		From: dataset.FormatDay(h.From), To: dataset.FormatDay(h.To), Customers: h.Customers, Actual: h.Actual,
		Models: jsonTests(h.Models), Baselines: jsonTests(h.Baselines), ByFrequency: r.jsonTested(h.ByX),
		ByRecency: r.jsonTested(h.ByRecency), Weeks: []jsonWeek{}, Histogram: jsonBarsOf(h.Histogram),
		ChiSquare: jsonChiOf(h.ChiSquare),
	}
	if t, ok := ChosenTest(p); ok {
		c := jsonTestOf(t)
		out.Expected, out.Bias, out.MAE, out.RMSE, out.Correlation = c.Expected, c.Bias, c.MAE, c.RMSE, c.Correlation
	}
	for _, w := range h.Weeks {
		band := w.CumulativeHigh > 0
		out.Weeks = append(out.Weeks, jsonWeek{
			dataset.FormatDay(w.End), w.Holdout, w.Actual, known(w.Expected, true), w.CumulativeActual,
			known(w.CumulativeExpected, true), known(w.CumulativeLow, band), known(w.CumulativeHigh, band),
		})
	}
	if v := h.Value; v != nil {
		out.Value = &jsonWorth{finiteMinor(v.Actual), finiteMinor(v.Expected), known(v.Bias, true)}
	}
	return out
}

func jsonTestOf(t clv.Test) jsonTest {
	return jsonTest{
		t.Name, known(t.Expected, true), known(t.Bias, true), known(t.MAE, true), known(t.RMSE, true), known(t.Correlation, true),
	}
}

func jsonTests(list []clv.Test) []jsonTest {
	out := make([]jsonTest, 0, len(list))
	for _, t := range list {
		out = append(out, jsonTestOf(t))
	}
	return out
}

// jsonTested hides the means of groups under the minimum.
func (r *Results) jsonTested(list []clv.Group) []jsonGroup {
	out := make([]jsonGroup, 0, len(list))
	for _, g := range list {
		some := g.Customers >= r.minCell
		out = append(out, jsonGroup{g.From, when(g.To, !g.More), g.Customers, known(g.Actual, some), known(g.Expected, some)})
	}
	return out
}

func (r *Results) jsonForecast(c *clv.Report, f *clv.Forecast) *jsonForecast {
	if f == nil {
		return nil
	}
	m, margin := c.Margin, c.MarginKnown
	out := &jsonForecast{
		Months: f.Months, Rate: number(f.Rate), Customers: f.Customers, Equity: finiteMinor(f.Equity.Value),
		Low: finiteMinor(f.Equity.Low), High: finiteMinor(f.Equity.High), Margin: maybeMoney(scaled(f.Equity, 0, m), margin),
		Historic: f.Historic, Total: moneyOf(scaled(f.Equity, float64(f.Historic), 1)), Purchases: rangeOf(f.Purchases),
		Horizons: []jsonHorizon{}, Endless: maybeMoney(f.Endless, f.EndlessKnown), Active: rangeOf(f.Active),
		Gone: rangeOf(f.Gone), Certain: known(f.Certain, true), AtRisk: moneyOf(f.AtRisk), Buyers: rangeOf(f.Buyers),
		RefundRate: known(f.RefundRate, true), New: jsonNewOf(f.New, m, margin), ByCohort: []jsonByCohort{},
		ByChannel: []jsonByChannel{}, BySegment: []jsonBySegment{}, Matrix: r.jsonMatrix(f.Matrix),
		Distribution: []jsonBand{}, TopShare: known(f.TopShare, len(f.Distribution) > 0),
		Bootstrap: jsonBootstrap{f.Bootstrap.Draws, f.Bootstrap.Failed, f.Bootstrap.Cells, f.Bootstrap.Known},
	}
	for _, h := range f.Horizons {
		out.Horizons = append(out.Horizons, jsonHorizon{
			h.Months, rangeOf(h.Purchases), moneyOf(h.Value), moneyOf(h.Discounted),
			maybeMoney(scaled(h.Value, 0, m), margin), maybeMoney(scaled(h.Discounted, 0, m), margin),
		})
	}
	for _, b := range f.Distribution {
		shown := b.Customers == 0 || b.Customers >= r.minCell
		out.Distribution = append(out.Distribution, jsonBand{finiteMinor(b.From), minor(b.To, b.To > 0), when(b.Customers, shown), minor(b.Equity, shown)})
	}
	if s := f.Single; s.Known {
		out.Single = &jsonSingle{s.X, known(s.Mean, true), s.Low, s.High, known(s.None, true)}
	}
	r.jsonGroups(out, f)
	return out
}

func jsonNewOf(n *clv.NewCustomer, m float64, margin bool) *jsonNew {
	if n == nil {
		return nil
	}
	out := &jsonNew{
		First: finiteMinor(n.First), Repeat: rangeOf(n.Repeat), Value: moneyOf(n.Value), Margin: maybeMoney(scaled(n.Value, 0, m), margin),
		Curve: []jsonMoneyRange{}, CAC: minor(n.CAC, n.CACKnown), Ratio: maybe(n.Ratio, n.CACKnown && n.CAC > 0),
		Payback: when(n.Payback, n.CACKnown && n.Payback >= 0),
	}
	for _, e := range n.Curve {
		out.Curve = append(out.Curve, moneyOf(e))
	}
	return out
}

// jsonGroups are the parts of the forecast by cohort, channel and segment.
func (r *Results) jsonGroups(out *jsonForecast, f *clv.Forecast) {
	for _, c := range f.Cohorts {
		points := make([]jsonForecastPoint, 0, len(c.Points))
		for _, p := range c.Points {
			points = append(points, jsonForecastPoint{p.Age, moneyOf(p.Value)})
		}
		out.ByCohort = append(out.ByCohort, jsonByCohort{
			r.key(c.Cohort), c.Customers, c.Customers < r.minCell, rangeOf(c.Active), c.Historic, finiteMinor(c.Value.Value),
			finiteMinor(c.Value.Low), finiteMinor(c.Value.High), points,
		})
	}
	for _, g := range f.Channels {
		group := "value"
		switch g.Dim {
		case dataset.OtherDim:
			group = "other"
		case dataset.NoDim:
			group = "none"
		}
		out.ByChannel = append(out.ByChannel, jsonByChannel{
			Group: group, Channel: when(g.Dim, lone(g.Dim)), Customers: g.Customers, Small: g.Small, Age: known(g.Age, g.Customers > 0),
			Active: rangeOf(g.Active), Historic: minor(g.Historic, g.Customers > 0), Value: moneyOf(g.Value), Total: moneyOf(g.Total),
			Equity: finiteMinor(g.Equity.Value), Low: finiteMinor(g.Equity.Low), High: finiteMinor(g.Equity.High),
			CAC: minor(g.CAC, g.CACKnown), Ratio: maybe(g.Ratio, g.CACKnown && g.CAC > 0), Payback: when(g.Payback, g.Payback >= 0),
		})
	}
	for _, s := range f.Segments {
		out.BySegment = append(out.BySegment, jsonBySegment{
			s.Name, s.Customers, s.Small, rangeOf(s.Active), rangeOf(s.Purchases), moneyOf(s.Value), finiteMinor(s.Equity.Value),
			finiteMinor(s.Equity.Low), finiteMinor(s.Equity.High),
		})
	}
}

func (r *Results) jsonMatrix(m clv.Matrix) jsonMatrix {
	out := jsonMatrix{Recency: append([]int32{}, m.Recency...), Purchases: append([]int32{}, m.Purchases...), Cells: [][]jsonMatrixCell{}}
	for _, row := range m.Cells {
		cells := make([]jsonMatrixCell, 0, len(row))
		for _, c := range row {
			shown := c.Customers >= r.minCell
			cells = append(cells, jsonMatrixCell{
				when(c.Customers, shown || c.Customers == 0), known(c.Alive, shown), minor(c.Value, shown),
			})
		}
		out.Cells = append(out.Cells, cells)
	}
	return out
}

func jsonRenewalOf(w *clv.Renewal) *jsonRenewal {
	if w == nil {
		return nil
	}
	out := &jsonRenewal{jsonEstimationOf(w.Result), w.Customers, w.Cohorts, []jsonRenewalPoint{}}
	for _, p := range w.Points {
		out.Points = append(out.Points, jsonRenewalPoint{p.Age, known(p.Observed, p.Known), rangeOf(p.Expected)})
	}
	return out
}

func jsonDiscreteOf(d *clv.Discrete) *jsonDiscrete {
	if d == nil {
		return nil
	}
	return &jsonDiscrete{
		jsonEstimationOf(d.Result), d.Customers, jsonBarsOf(d.Expected), d.Periods, rangeOf(d.Next), rangeOf(d.Active),
	}
}

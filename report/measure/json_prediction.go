package measure

import (
	"math"
	"strconv"

	"parcours/report/clv"
	"parcours/report/clv/estimate"
	"parcours/report/dataset"
)

// jsonPrediction are the keys of clv that come from models.
type jsonPrediction struct {
	Unit        string         `json:"unit"`
	Chosen      *string        `json:"chosen"` // null: no model may be used, or none was asked for
	Why         string         `json:"why"`    // a sentence in the language of the document
	Reasons     []jsonSentence `json:"reasons"`
	Poor        *bool          `json:"poor"` // null: not tested
	PoorReasons []jsonSentence `json:"poor_reasons"`
	Ladder      []jsonRung     `json:"ladder"`
	Settings    *jsonSettings  `json:"settings"`
	Resolution  *int32         `json:"resolution_days"`
	Calibration *jsonStage     `json:"calibration"`
	Final       *jsonStage     `json:"final"`
	Holdout     *jsonHoldout   `json:"holdout"`
	Forecast    *jsonForecast  `json:"forecast"`
	Renewal     *jsonRenewal   `json:"renewal"`
	Discrete    *jsonDiscrete  `json:"discrete"`
	Notes       []jsonSentence `json:"notes"`
}

type jsonSentence struct {
	ID   string            `json:"id"`
	Args map[string]string `json:"args"`
}

type jsonRung struct {
	Name string       `json:"name"`
	Used bool         `json:"used"`
	Why  jsonSentence `json:"why"`
}

type jsonSettings struct {
	Model    string  `json:"model"`
	Horizon  int32   `json:"horizon_months"`
	Discount number  `json:"discount_rate"` // a year
	Margin   *number `json:"margin"`
	Draws    int     `json:"draws"`
}

type jsonStage struct {
	End       string     `json:"end"`
	Customers int64      `json:"customers"`
	Repeaters int64      `json:"repeaters"`
	Purchases int64      `json:"repeat_purchases"`
	Cells     int        `json:"cells"`
	Models    []jsonFit  `json:"models"`
	Spend     *jsonSpend `json:"spend"`
}

// jsonEstimation is how parameters were found. Times are in weeks.
type jsonEstimation struct {
	Params        jsonNamed    `json:"params"`
	SE            jsonNamed    `json:"se"`
	Low           jsonNamed    `json:"low"`
	High          jsonNamed    `json:"high"`
	LogLikelihood *number      `json:"log_likelihood"`
	BIC           *number      `json:"bic"`
	Status        string       `json:"status"`
	Starts        int          `json:"starts"`
	Agree         int          `json:"starts_agree"`
	Boundary      []jsonBounds `json:"boundary"`
	Gradient      *precise     `json:"gradient"`
	Condition     *precise     `json:"condition"`
	Evaluations   int          `json:"evaluations"`
}

type jsonBounds struct {
	Name string `json:"name"`
	To   string `json:"to"` // "zero" or "infinity"
}

type jsonFit struct {
	Name string `json:"name"`
	K    int    `json:"k"`
	jsonEstimation
	Usable    bool       `json:"usable"`
	DeltaNBD  *number    `json:"log_likelihood_over_nbd"`
	ChiSquare *jsonChi   `json:"chi_square"`
	Histogram []jsonBars `json:"histogram"`
}

type jsonChi struct {
	Statistic *number `json:"statistic"`
	DF        int     `json:"df"`
	P         *number `json:"p"`
	Largest   *number `json:"largest_share_error"`
}

type jsonBars struct {
	Purchases int32   `json:"purchases"`
	More      bool    `json:"or_more"`
	Observed  int64   `json:"observed"`
	Expected  *number `json:"expected"`
}

type jsonSpend struct {
	Name string `json:"name"`
	jsonEstimation
	Customers   int64           `json:"customers"`
	Worthless   int64           `json:"customers_left_out"`
	Correlation *number         `json:"correlation"`
	CorrLow     *number         `json:"correlation_low"`
	CorrHigh    *number         `json:"correlation_high"`
	Independent bool            `json:"independent"`
	Mean        *int64          `json:"mean_minor"`
	ByFrequency []jsonFrequency `json:"by_frequency"`
}

type jsonFrequency struct {
	From      int32  `json:"from"`
	To        *int32 `json:"to"`
	Customers int64  `json:"customers"`
	Purchases int64  `json:"purchases"`
	Mean      *int64 `json:"mean_minor"`
}

// precise is a float with ten significant digits: parameters may be very small.
type precise float64

// MarshalJSON implements json.Marshaler.
func (p precise) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(p)) || math.IsInf(float64(p), 0) {
		return []byte("null"), nil
	}
	return strconv.AppendFloat(nil, float64(p), 'g', 10, 64), nil
}

func knownPrecise(v float64) *precise {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	p := precise(v)
	return &p
}

// jsonNamed are values by the name of their parameter, in the order of the model.
type jsonNamed struct {
	names  []string
	values []float64
}

// MarshalJSON implements json.Marshaler.
func (n jsonNamed) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, name := range n.names {
		if i >= len(n.values) {
			break
		}
		if i > 0 {
			out = append(out, ',')
		}
		value, err := precise(n.values[i]).MarshalJSON()
		if err != nil {
			return nil, err
		}
		out = append(strconv.AppendQuote(out, name), ':')
		out = append(out, value...)
	}
	return append(out, '}'), nil
}

func (r *Results) jsonPrediction(c *clv.Report) jsonPrediction {
	out := jsonPrediction{
		Unit: "week", Reasons: []jsonSentence{}, PoorReasons: []jsonSentence{}, Ladder: []jsonRung{}, Notes: []jsonSentence{},
	}
	p := c.Prediction
	if p == nil {
		return out
	}
	out.Chosen, out.Why = when(p.Chosen, p.Chosen != ""), r.Why
	out.Reasons, out.PoorReasons, out.Notes = jsonSentences(p.Why), jsonSentences(p.PoorWhy), jsonSentences(p.Notes)
	out.Poor = when(p.Poor, p.Holdout != nil)
	for _, rung := range p.Ladder {
		out.Ladder = append(out.Ladder, jsonRung{rung.Name, rung.Used, jsonSentenceOf(rung.Why)})
	}
	s := p.Settings
	out.Settings = &jsonSettings{s.Model, s.HorizonMonths, number(s.DiscountRate), known(c.Margin, c.MarginKnown), s.Draws}
	out.Resolution = when(p.Resolution, p.Resolution > 0)
	out.Calibration, out.Final = jsonStageOf(p.Calibration), jsonStageOf(p.Final)
	out.Holdout = r.jsonHoldout(p)
	out.Forecast = r.jsonForecast(c, ShownForecast(p))
	out.Renewal, out.Discrete = jsonRenewalOf(p.Renewal), jsonDiscreteOf(p.Discrete)
	return out
}

func jsonSentences(list []clv.Message) []jsonSentence {
	out := make([]jsonSentence, 0, len(list))
	for _, m := range list {
		out = append(out, jsonSentenceOf(m))
	}
	return out
}

func jsonSentenceOf(m clv.Message) jsonSentence {
	args := m.Args
	if args == nil {
		args = map[string]string{}
	}
	return jsonSentence{m.ID, args}
}

func jsonStageOf(s *clv.Stage) *jsonStage {
	if s == nil {
		return nil
	}
	out := &jsonStage{
		End: dataset.FormatDay(s.End), Customers: s.Customers, Repeaters: s.Repeaters, Purchases: s.Purchases, Cells: s.Cells,
		Models: []jsonFit{},
	}
	for _, f := range s.Models {
		out.Models = append(out.Models, jsonFitOf(f))
	}
	if s.Spend != nil {
		out.Spend = jsonSpendOf(s.Spend)
	}
	return out
}

func jsonEstimationOf(e estimate.Result) jsonEstimation {
	out := jsonEstimation{
		Params: jsonNamed{e.Names, e.Params}, SE: jsonNamed{e.Names, e.SE}, Low: jsonNamed{e.Names, e.Low},
		High: jsonNamed{e.Names, e.High}, LogLikelihood: known(e.LogLikelihood, len(e.Params) > 0),
		BIC: known(e.BIC, len(e.Params) > 0), Status: string(e.Status), Starts: e.Starts, Agree: e.Agree,
		Boundary: []jsonBounds{}, Gradient: knownPrecise(e.Gradient), Condition: knownPrecise(e.Condition),
		Evaluations: e.Evaluations,
	}
	for _, b := range e.Boundary {
		to := "zero"
		if b.Upper {
			to = "infinity"
		}
		out.Boundary = append(out.Boundary, jsonBounds{b.Name, to})
	}
	return out
}

func jsonFitOf(f clv.Fit) jsonFit {
	return jsonFit{
		Name: string(f.Name), K: max(f.K, 1), jsonEstimation: jsonEstimationOf(f.Result), Usable: f.Model != nil && f.Usable(),
		DeltaNBD: known(f.DeltaNBD, len(f.Params) > 0), Histogram: jsonBarsOf(f.Histogram),
		ChiSquare: jsonChiOf(f.ChiSquare),
	}
}

func jsonChiOf(c clv.ChiSquare) *jsonChi {
	if !c.Known {
		return nil
	}
	return &jsonChi{known(c.Statistic, true), c.DF, known(c.P, true), known(c.Largest, true)}
}

func jsonBarsOf(bars []clv.HistogramBar) []jsonBars {
	out := make([]jsonBars, 0, len(bars))
	for _, b := range bars {
		out = append(out, jsonBars{b.X, b.More, b.Observed, known(b.Expected, true)})
	}
	return out
}

func jsonSpendOf(s *clv.SpendFit) *jsonSpend {
	out := &jsonSpend{
		Name: s.Name, jsonEstimation: jsonEstimationOf(s.Result), Customers: s.Customers, Worthless: s.Worthless,
		Correlation: known(s.Correlation, true), CorrLow: known(s.CorrLow, true), CorrHigh: known(s.CorrHigh, true),
		Independent: s.Independent, Mean: minor(s.Mean, s.MeanKnown), ByFrequency: []jsonFrequency{},
	}
	for _, f := range s.ByFrequency {
		out.ByFrequency = append(out.ByFrequency, jsonFrequency{
			f.From, when(f.To, f.To > 0), f.Customers, f.Purchases, minor(f.Mean, f.Purchases > 0),
		})
	}
	return out
}

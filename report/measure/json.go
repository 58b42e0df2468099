package measure

import (
	"bytes"
	_ "embed" // for the schema
	"encoding/json"
	"math"
	"strconv"

	"parcours/report/dataset"
)

// JSONRecommendation is a recommendation as metrics.json publishes it; Value, Low and High are in minor units, nil
// without an estimate.
type JSONRecommendation struct {
	ID, Stage        string
	Value, Low, High *float64
	Evidence         []Figure
}

//go:embed metrics.schema.json
var schema []byte

// Schema is the JSON Schema (draft 2020-12) of what JSON writes.
func Schema() []byte { return bytes.Clone(schema) }

// jsonSchemaVersion is the version of the keys of metrics.json.
const jsonSchemaVersion = 1

// JSON writes the content of data/metrics.json: one line, keys in a fixed order. Rates are fractions rounded to six
// decimals, money is in whole minor units under names that end in _minor, and what is not known is null.
func (r *Results) JSON(recs []JSONRecommendation, language string) ([]byte, error) {
	m := r.Manifest
	out := jsonReport{
		Schema: jsonSchemaVersion, AsOf: dataset.FormatDay(m.AsOf), AsOfGiven: m.AsOfGiven, First: r.first(),
		Currency: m.Currency, Digits: m.Digits, Language: language, Zone: m.Zone, Grain: m.Grain, Cohort: m.Cohort,
		Negative: m.Negative, Totals: r.jsonTotals(), Periods: r.jsonPeriods(), KPI: r.jsonKPI(), Repeat: r.jsonRepeat(),
		Retention: r.jsonRetention(), CLV: r.jsonCLV(), Segments: r.jsonSegments(), Lifecycle: r.jsonLifecycle(),
		Funnel: r.jsonFunnel(), Figures: jsonFigures(r.Figures()), Quality: r.jsonQuality(), Warnings: r.jsonWarnings(),
		Recommendations: []jsonRecommendation{},
	}
	for _, rec := range recs {
		out.Recommendations = append(out.Recommendations, jsonRecommendation{
			ID: rec.ID, Stage: rec.Stage, Value: minorOf(rec.Value), Low: minorOf(rec.Low), High: minorOf(rec.High),
			Evidence: jsonFigures(rec.Evidence),
		})
	}
	b, err := json.Marshal(out)
	if err != nil {
		return nil, err
	}
	return append(b, '\n'), nil
}

type jsonReport struct {
	Schema          int                  `json:"schema"`
	AsOf            string               `json:"as_of"`
	AsOfGiven       bool                 `json:"as_of_given"`
	First           *string              `json:"first_day"`
	Currency        string               `json:"currency"`
	Digits          int                  `json:"minor_digits"`
	Language        string               `json:"language"`
	Zone            string               `json:"timezone"`
	Grain           dataset.Grain        `json:"grain"`
	Cohort          dataset.CohortBy     `json:"cohort_by"`
	Negative        dataset.Negative     `json:"negative"`
	Totals          jsonTotals           `json:"totals"`
	Periods         []jsonPeriod         `json:"periods"`
	KPI             jsonKPI              `json:"kpi"`
	Repeat          jsonRepeat           `json:"repeat"`
	Retention       jsonRetention        `json:"retention"`
	CLV             *jsonCLV             `json:"clv"`
	Segments        *jsonSegments        `json:"segments"`
	Lifecycle       *jsonLifecycle       `json:"lifecycle"`
	Funnel          *jsonFunnel          `json:"funnel"`
	Figures         []any                `json:"figures"`
	Quality         jsonQuality          `json:"quality"`
	Warnings        []jsonWarning        `json:"warnings"`
	Recommendations []jsonRecommendation `json:"recommendations"`
}

type jsonRecommendation struct {
	ID       string `json:"id"`
	Stage    string `json:"stage"`
	Value    *int64 `json:"value_minor"`
	Low      *int64 `json:"value_low_minor"`
	High     *int64 `json:"value_high_minor"`
	Evidence []any  `json:"evidence"`
}

// number is a float that is written with at most six decimals, and as null when it is not finite.
type number float64

// MarshalJSON implements json.Marshaler.
func (n number) MarshalJSON() ([]byte, error) {
	v := math.Round(float64(n)*1e6) / 1e6
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	if v == 0 {
		v = 0 // no −0
	}
	return strconv.AppendFloat(nil, v, 'f', -1, 64), nil
}

// known returns n when ok, else null.
func known(v float64, ok bool) *number {
	if !ok || math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	n := number(v)
	return &n
}

// minor rounds to whole minor units, null unless ok.
func minor(v float64, ok bool) *int64 {
	if !ok || math.IsNaN(v) || math.Abs(v) > math.MaxInt64/2 {
		return nil
	}
	n := int64(math.Round(v))
	return &n
}

func minorOf(v *float64) *int64 {
	if v == nil {
		return nil
	}
	return minor(*v, true)
}

// when returns v when ok, else null.
func when[T any](v T, ok bool) *T {
	if !ok {
		return nil
	}
	return &v
}

func (r *Results) first() *string {
	return when(dataset.FormatDay(r.Manifest.First), r.Totals.Orders > 0)
}

// jsonFigure is a figure that is not money, jsonMoney one that is.
type jsonFigure struct {
	Name  string  `json:"name"`
	Unit  Unit    `json:"unit"`
	Value *number `json:"value"`
	Low   *number `json:"low"`
	High  *number `json:"high"`
	N     *int64  `json:"n"`
}

type jsonMoney struct {
	Name  string `json:"name"`
	Unit  Unit   `json:"unit"`
	Value *int64 `json:"value_minor"`
	Low   *int64 `json:"low_minor"`
	High  *int64 `json:"high_minor"`
	N     *int64 `json:"n"`
}

func jsonFigures(figures []Figure) []any {
	out := make([]any, 0, len(figures))
	for _, f := range figures {
		interval := f.Known && f.HasInterval
		n := when(f.N, f.Known && f.N > 0)
		if f.Unit == UnitMoney {
			out = append(out, jsonMoney{
				f.Name, f.Unit, minor(f.Value, f.Known), minor(f.Low, interval), minor(f.High, interval), n,
			})
			continue
		}
		out = append(out, jsonFigure{
			f.Name, f.Unit, known(f.Value, f.Known), known(f.Low, interval), known(f.High, interval), n,
		})
	}
	return out
}

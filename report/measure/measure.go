// Package measure computes every metric of a bundle, names the single figures that texts and plays may quote, and
// writes the published metrics.json.
package measure

import (
	"parcours/report/clv"
	"parcours/report/cohort"
	"parcours/report/dataset"
	"parcours/report/funnel"
	"parcours/report/kpi"
	"parcours/report/lifecycle"
	"parcours/report/segment"
)

// Results is everything computed from one bundle. Nil parts had no input.
type Results struct {
	Manifest   dataset.Manifest
	Calendar   dataset.Calendar
	Totals     dataset.Totals
	KPI        kpi.Table
	Repeat     []kpi.Repeat // by dataset.RepeatDays
	Rhythm     kpi.Rhythm
	Change     *kpi.Decomposition // last complete period against the one before
	YearChange *kpi.Decomposition // against the same period a year earlier
	Retention  []cohort.Table     // one per configured mode, all customers
	ByDim      []cohort.Table     // mode "on", one per value of the dimension
	Dims       []Dim              // the values, most customers first
	CLV        *clv.Report
	Segments   *segment.Report
	Lifecycle  *lifecycle.Report
	Funnel     *funnel.Report
	Quality    Quality
	Warnings   []Warning // for footnotes and for `check`

	// Why is the choice of the model as a sentence of the site's language, for metrics.json; whoever has the catalogues
	// sets it from CLV.Prediction.Why.
	Why string

	// Figures are named whatever modes the site shows.
	on, after cohort.Table
	minCell   int64
	margin    bool
}

// Dim is one value of the dimension.
type Dim struct {
	Value     string
	Customers int64
}

// Quality is the data page: files, and rows not used by reason.
type Quality struct {
	Files   []dataset.FileRow
	Reasons []dataset.QualityRow
}

// Warning is a remark about a result: a stable code, a catalogue message id "warning.<id>" and its values, ready to be
// put into a text of any language: whole numbers, days as 2026-10-31 and periods as Calendar.Key writes them.
type Warning struct {
	Code string
	ID   string
	Args map[string]string
}

// Options are the report's choices.
type Options struct {
	Modes   []cohort.Mode
	MinCell int64 // smallest cohort or group shown; 0: 30
	Margin  float64
	Active  int32 // days; 0: derived
	Lost    int32
	Predict clv.Settings
}

// Unit says how a named figure is written and with what it may be compared.
type Unit string

// The units.
const (
	UnitCount   Unit = "count"
	UnitRate    Unit = "rate"  // a fraction
	UnitMoney   Unit = "money" // minor units
	UnitDays    Unit = "days"
	UnitYears   Unit = "years"
	UnitMinutes Unit = "minutes"
	UnitScore   Unit = "score"
	UnitRatio   Unit = "ratio"
	UnitPoints  Unit = "points"  // a difference of two fractions
	UnitPeriods Unit = "periods" // of the report's grain
	UnitMonths  Unit = "months"  // of forecasts, whatever the grain
)

// Figure is one named value, as quoted by plays and pages: "retention.m1", "kpi.aov".
type Figure struct {
	Name        string
	Unit        Unit
	Known       bool // false: not applicable (no input, too few customers); never taken for 0
	Value       float64
	Low, High   float64 // 95 %, when HasInterval
	HasInterval bool
	N           int64  // sample size, 0 when it has no meaning
	Page        string // page that shows it: "overview", "retention", "lifetime-value", "segments", "lifecycle"
}

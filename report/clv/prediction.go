package clv

import (
	"parcours/report/clv/btyd"
	"parcours/report/clv/estimate"
	"parcours/report/dataset"
	"parcours/report/segment"
)

// Settings are the site's choices for predictions.
type Settings struct {
	Model         string  // "" or "auto", "none", or a name: those of btyd, ModelBGBB, ModelSBG
	HorizonMonths int32   // 0: DefaultHorizon
	DiscountRate  float64 // a year, 0.1 is 10 %; meaningful when DiscountGiven
	DiscountGiven bool    // false: DefaultDiscount
	Draws         int     // bootstrap draws; 0: DefaultDraws
}

// Defaults of Settings.
const (
	DefaultHorizon  = 12
	DefaultDiscount = .1
	DefaultDraws    = 200
)

// Models that package btyd does not hold.
const (
	ModelBGBB = "bg-bb" // chances to buy come period by period: Fader, Hardie and Shang 2010
	ModelSBG  = "sbg"   // contracts: customers renew or leave. Fader and Hardie 2007
	ModelNone = "none"
	ModelAuto = "auto"
)

// Estimate is a value with its 95 % interval; of a mean or a sum over the customers, never of a single one.
type Estimate struct{ Value, Low, High float64 }

// Message is a sentence of the catalogue: id and values ready to be put into it. Rates are written as "0.123" with
// four decimals, counts as integers, days as 2026-10-31; the page formats them by the name of the argument.
type Message struct {
	ID   string
	Args map[string]string
}

// Prediction is everything that the models say. When no model may be used Chosen is "" and Forecast nil, and Why says
// why; what was tried is there all the same.
type Prediction struct {
	Chosen      string
	Why         []Message // the choice explained, in order
	Ladder      []Rung    // what was tried, in order
	Settings    Settings  // with the defaults in place
	Resolution  int32     // days of the cells
	Calibration *Stage    // nil when the history is too short
	Final       *Stage
	Holdout     *Holdout // nil without a calibration
	// Poor is true when the holdout says not to trust the forecast; PoorWhy says what failed.
	Poor     bool
	PoorWhy  []Message
	Forecast *Forecast
	Renewal  *Renewal // shifted-beta-geometric projection of the retention row; nil when it cannot be fitted
	Discrete *Discrete
	Notes    []Message // what readers must know: refunds that name no order, cancelled orders, customers with P(alive) = 1 …

	scorer *scorer // of the chosen model; nil without one
}

// Rung is one step of the fall-back ladder.
type Rung struct {
	Name string // a model, "cohort-curve" or "none"
	Used bool
	Why  Message
}

// Stage is a set of fits to the customers known on a day.
type Stage struct {
	End       dataset.Day
	Customers int64 // with a purchase by End
	Repeaters int64 // with X > 0
	Purchases int64 // ΣX
	Cells     int   // distinct (X, TX, T)
	Models    []Fit
	Spend     *SpendFit // nil without enough repeaters
}

// Fit is a fitted model with its goodness of fit.
type Fit struct {
	btyd.Fitted
	DeltaNBD  float64 // log-likelihood − that of the NBD
	ChiSquare ChiSquare
	Histogram []HistogramBar
}

// HistogramBar compares the number of customers with X repeat purchases in the data of the fit.
type HistogramBar struct {
	X        int32
	More     bool // X or more
	Observed int64
	Expected float64
}

// ChiSquare is Pearson's test over bars with an expected count of at least 5, pooled from the tail.
type ChiSquare struct {
	Known     bool
	Statistic float64
	DF        int
	P         float64
	Largest   float64 // largest absolute difference of shares: the effect size, since p is tiny with many customers
}

// SpendFit is the spend model.
type SpendFit struct {
	Name string // "gamma-gamma" or "mean-by-frequency"
	estimate.Result
	Customers   int64   // with repeat purchases worth something
	Worthless   int64   // repeaters whose repeat purchases are worth nothing: left out
	Correlation float64 // of ln X and ln mean value, over Customers
	CorrLow     float64
	CorrHigh    float64
	Independent bool             // the correlation is small enough for Gamma-Gamma
	Mean        float64          // expected value of a repeat purchase of a customer without one, minor units
	MeanKnown   bool             // false when q ≤ 1: infinite
	ByFrequency []FrequencyValue // of mean-by-frequency, and for the page
}

// FrequencyValue is the mean value of a repeat purchase among customers with From to To of them (To 0: no bound).
type FrequencyValue struct {
	From, To  int32
	Customers int64
	Purchases int64
	Mean      float64 // minor units
}

// Holdout is the test of the calibration fits on what came after.
type Holdout struct {
	From, To  dataset.Day
	Customers int64
	Actual    int64  // purchases
	Models    []Test // each usable model
	Baselines []Test // "same-rate" (purchases so far ÷ time so far, at least four weeks) and "nbd"
	ByX       []Group
	ByRecency []Group
	Weeks     []Week         // tracking, from the first purchase to the end
	Histogram []HistogramBar // customers by number of purchases in the holdout, chosen model
	ChiSquare ChiSquare      // of Histogram; no parameter was fitted to it
	Value     *ValueTest     // nil without a spend model
}

// Test is one forecast of the holdout, in purchases of each customer.
type Test struct {
	Name        string
	Expected    float64
	Bias        float64 // Expected ÷ Actual − 1
	MAE, RMSE   float64
	Correlation float64 // of actual and expected by customer; NaN when it has none
}

// Group compares means over customers by what was known of them at the end of calibration: their repeat purchases, or the
// days since their last one; chosen model.
type Group struct {
	From, To  int32 // To 0 with More: no bound. Purchases, or days since the last purchase
	More      bool  // From or more
	Customers int64
	Actual    float64
	Expected  float64
}

// Week is one week of tracking, counted from the first purchase of all; chosen model.
type Week struct {
	End                           dataset.Day
	Holdout                       bool
	Actual                        int64 // repeat purchases in the week
	Expected                      float64
	CumulativeActual              int64
	CumulativeExpected            float64
	CumulativeLow, CumulativeHigh float64 // 0 when not computed
}

// ValueTest compares the value of the purchases of the holdout with its forecast, minor units.
type ValueTest struct {
	Actual, Expected float64
	Bias             float64
}

// Forecast is what the customers known at the end of observation are expected to bring from then on. Money is in
// minor units of net revenue; ×Report.Margin makes it margin. Sums are discounted unless they say otherwise.
type Forecast struct {
	Months    int32
	Rate      float64 // a year
	Customers int64
	Equity    Estimate  // over Months
	Historic  int64     // net value so far of the same customers
	Purchases Estimate  // expected over Months, not discounted
	Horizons  []Horizon // 12, 24, 36 months and the chosen one, ascending
	// Endless is the equity without a horizon, known when the discount rate is above 0 (and the drop-out makes it finite).
	Endless      Estimate
	EndlessKnown bool
	Active       Estimate // expected number of customers who still buy: Σ P(alive)
	Gone         Estimate // share of customers likely gone: 1 − mean P(alive)
	Certain      float64  // share of customers whose P(alive) is 1 by the model's construction
	AtRisk       Estimate // Σ (1 − P(alive)) × what the customer would bring if active
	Buyers       Estimate // expected number of customers with a purchase within Months
	RefundRate   float64  // share taken off for refunds that name no order
	New          *NewCustomer
	Cohorts      []CohortForecast
	Channels     []GroupForecast // by value of the dimension, most customers first; empty without a dimension
	Segments     []SegmentForecast
	Matrix       Matrix
	Distribution []ValueBand
	TopShare     float64 // share of the equity held by the tenth of customers with most of it; 0 without a Distribution
	Single       Single
	Bootstrap    Bootstrap
	Outcome      Outcome
}

// Outcome is what the same customers may really bring within Months, chance included, given that the model is right: 95 of
// 100 sums fall within. Equity and Purchases have the same values, with the narrower intervals of what is expected.
type Outcome struct {
	Purchases Estimate
	Equity    Estimate
	Known     bool // false without intervals, or when the spend model gives no variance
}

// Bootstrap says how the intervals were made: every draw resamples the customers, fits the chosen model and the spend
// model anew and forecasts the same customers again. The intervals hold the uncertainty of the models' parameters,
// given that the models are right; what a single customer or a single year brings by chance is beyond them. The models by
// period (ModelSBG, ModelBGBB) draw parameters from the normal law of their estimates instead, and what a customer brings
// from that of its mean over cohorts; their Cells are the rows of the fit.
type Bootstrap struct {
	Draws  int  // asked for
	Failed int  // without a usable fit, left out
	Cells  int  // that were resampled: those of the final stage, or fewer when these were merged
	Known  bool // enough draws were usable; otherwise every Low and High equals Value
}

// Horizon is the expected value until a number of months.
type Horizon struct {
	Months     int32
	Purchases  Estimate
	Value      Estimate // not discounted
	Discounted Estimate
}

// NewCustomer is the value of a customer at the first purchase, that purchase included.
type NewCustomer struct {
	First    float64    // value of a first purchase, minor units
	Repeat   Estimate   // expected repeat purchases within Months
	Value    Estimate   // First + repeat purchases within Months, discounted, revenue
	Curve    []Estimate // cumulative, discounted, by month 0…Months (0: First)
	CAC      float64
	CACKnown bool
	Ratio    Estimate // Value × margin ÷ CAC, when CACKnown
	// Payback is the first month in which Curve × margin covers CAC, −1 when not within Months.
	Payback int32
}

// CohortForecast is a cohort's value per customer, observed and to come.
type CohortForecast struct {
	Cohort    int32
	Customers int64 // with a purchase
	// Size is that of the observed curve, which Points continue: customers without a purchase, whose orders were all
	// cancelled or who only signed up, are in it.
	Size     int64
	Active   Estimate // share still active
	Historic int64    // net so far, all customers
	Value    Estimate // to come within Months, discounted, all customers
	Points   []ForecastPoint
}

// ForecastPoint continues a cohort's cumulative value per customer of its Size, not discounted, at the end of a period: the
// age is in periods of the report's grain.
type ForecastPoint struct {
	Age   int32
	Value Estimate
}

// GroupForecast is the value of the customers of a channel (or another value of the dimension).
type GroupForecast struct {
	Dim       string
	Customers int64
	Age       float64  // mean days since the first purchase: groups of different ages do not compare
	Active    Estimate // share still active
	Historic  float64  // net so far per customer
	Value     Estimate // to come per customer within Months, discounted
	Total     Estimate // Historic + Value
	Equity    Estimate // of all its customers
	CAC       float64
	CACKnown  bool
	Ratio     Estimate // Total × margin ÷ CAC, when CACKnown
	Payback   int32    // months, from the new-customer curve scaled to what the channel's customers are worth (Total) against all; −1 unknown or not within Months
	Small     bool     // fewer customers than the smallest group shown
}

// SegmentForecast is the value of the customers of an RFM segment.
type SegmentForecast struct {
	Name      segment.Name
	Customers int64
	Active    Estimate
	Purchases Estimate // per customer within Months
	Value     Estimate // per customer
	Equity    Estimate
	Small     bool
}

// Matrix is the mean P(alive) of the customers by days since the last purchase and number of purchases.
type Matrix struct {
	Recency   []int32 // upper bounds in days, inclusive; the last row has none: len(Cells) = len(Recency)+1
	Purchases []int32 // upper bounds of all purchases, the first included; the last column has none
	Cells     [][]MatrixCell
}

// MatrixCell is known with customers.
type MatrixCell struct {
	Customers int64
	Alive     float64
	Value     float64 // mean value to come per customer
}

// ValueBand counts customers by what they are expected to bring within Months, discounted, cell by cell.
type ValueBand struct {
	From, To  float64 // minor units; To 0: no bound
	Customers int64
	Equity    float64
}

// Single says how wide the prediction for one customer is, as opposed to the confidence in a mean: the share of
// customers expected to buy nothing, and the range in which nine of ten fall, of a typical active customer.
type Single struct {
	X         int32   // purchases after the first of the customer shown
	Mean      float64 // expected purchases within Months
	Low, High int32   // 5 % and 95 % of the predicted number of purchases
	None      float64 // probability of no purchase
	Known     bool
}

// Renewal is the shifted-beta-geometric model of how many customers stay from one period to the next, fitted to the
// on-or-after retention of all cohorts.
type Renewal struct {
	estimate.Result
	Customers int64
	Cohorts   int
	FollowUp  int32 // periods that must follow an age before those not seen since count as gone
	Renewals  int32 // greatest age that the fit knows
	// Dispersion is how much more losses scatter between cohorts than chance explains, 1 or more: the intervals of the
	// points hold it, the standard errors of the parameters do not.
	Dispersion float64
	Points     []RenewalPoint
}

// RenewalPoint is the share of customers still there at an age in periods.
type RenewalPoint struct {
	Age      int32
	Observed float64
	Known    bool // Observed is known: the age is seen in enough cohorts
	// Expected is the fitted share up to the last age that is known, and after it the last observed share × the share of
	// customers there then whom the model expects to stay.
	Expected Estimate
}

// Discrete is the beta-geometric/beta-binomial model of periods with a purchase.
type Discrete struct {
	estimate.Result
	Customers int64
	Expected  []HistogramBar // customers by number of periods with a purchase, in the data of the fit
	Next      Estimate       // expected periods with a purchase among the next Periods, per customer
	Periods   int32
	Active    Estimate // share alive at the next period
}

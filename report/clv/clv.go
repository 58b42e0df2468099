// Package clv computes customer lifetime value: observed so far, and by the formula of e-commerce practice.
// Predictive models will be further files of this package; Report leaves their place.
package clv

import "parcours/report/dataset"

// Report is everything the lifetime-value page shows.
type Report struct {
	Formula  *Formula // nil when an input cannot be computed, with the reason in Missing
	Missing  string   // "no-complete-period", "no-churn", …: a message id
	Margin   float64  // rate applied to revenue, 1 when none is configured
	HasCAC   bool
	Observed []Observed // cumulative value per customer by cohort, mode "on"
	Mean     []Point    // weighted over complete cells
	Channels []Channel  // by acquisition channel, when orders have one
	CAC      []CAC      // by channel and in total, when spend is given
}

// Formula is value = (average order value × orders per year × lifespan) − acquisition cost, money in minor units.
//
// AOV is gross ÷ orders over Months complete periods; OrdersPerYear is orders ÷ customer-years of exposure
// (from each customer's first order to its last complete active age or as-of); Lifespan in years is 1 ÷ yearly churn,
// where yearly churn is 1 − the on-or-after retention at one year (see Churn fields). Every input is shown.
type Formula struct {
	AOV           float64
	Orders        int64
	OrdersPerYear float64
	CustomerYears float64
	Churn         float64 // a year
	ChurnLow      float64
	ChurnHigh     float64
	ChurnN        int64
	ChurnAge      int32   // age in periods at which churn was read
	Lifespan      float64 // years
	LifespanLow   float64
	LifespanHigh  float64
	LifespanCap   bool // true when capped at MaxLifespan
	CAC           float64
	CACKnown      bool
	Gross         float64 // revenue value: AOV × OrdersPerYear × Lifespan − CAC
	GrossLow      float64
	GrossHigh     float64
	Net           float64 // at margin: AOV × margin × OrdersPerYear × Lifespan − CAC
	NetLow        float64
	NetHigh       float64
	RefundRate    float64 // refunds ÷ gross, for the note
}

// MaxLifespan caps the lifespan, in years: nothing observed justifies more.
const MaxLifespan = 5

// Observed is one cohort's cumulative net value per customer.
type Observed struct {
	Cohort    int32
	Size      int64
	Truncated bool
	Points    []Point
}

// Point is a value at an age, in minor units per customer of the cohort.
type Point struct {
	Age       int32
	State     dataset.State
	Value     float64
	Customers int64
}

// Channel compares customers by acquisition channel.
type Channel struct {
	Dim                   string
	Customers             int64
	Orders                int64
	Net                   int64
	PerHead               float64 // net ÷ customers, minor units
	Repeat                float64 // eligible-only repeat rate at 90 days
	RepeatLow, RepeatHigh float64
	RepeatN               int64
	CAC                   float64
	CACKnown              bool
	Ratio                 float64 // PerHead × margin ÷ CAC
	Payback               int32   // first age with cumulative margin per customer ≥ CAC, −1 not reached
}

// CAC is acquisition cost over complete periods: spend ÷ new customers.
type CAC struct {
	Channel      string // "" all
	Spend        int64
	NewCustomers int64
	Value        float64
	Known        bool // false without new customers: shown as n/a, never 0
}

// Options are the report's choices.
type Options struct {
	Margin  float64 // 0: not configured
	MinCell int64
}

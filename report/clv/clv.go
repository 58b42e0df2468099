// Package clv computes customer lifetime value: observed so far, by the formula of e-commerce practice, and forecast
// by probability models that are tested on held-out history.
package clv

import "parcours/report/dataset"

// Report is everything the lifetime-value page shows.
type Report struct {
	Formula *Formula // nil when an input cannot be computed, with the reason in Missing
	Missing string   // "no-complete-period" or "no-churn" (no cohort was followed for long enough): a message id
	Margin  float64  // rate applied to revenue, 1 when none is configured
	// MarginKnown is true when Margin is the site's.
	MarginKnown bool
	HasCAC      bool
	Observed    []Observed // cumulative value per customer by cohort, mode "on"
	Mean        []Point    // weighted over complete cells
	Payback     Payback    // of all customers, from Mean at margin and the cost of all channels
	Channels    []Channel  // by acquisition channel, when orders have one
	// Prediction is what the models say; nil only when the site switched them off.
	Prediction *Prediction
	CAC        []CAC // in total ("") first, then by channel, when spend is given
}

// Formula is value = average order value × orders per year × lifespan − acquisition cost, money in minor units.
//
// It reads a customer's life as a sequence of years, each with an order or not, and all its inputs at that scale so
// that they can be multiplied:
//
//   - AOV is gross ÷ orders, and OrdersPerYear is orders ÷ customers with an order, over the last complete year: the
//     last Periods complete periods, 12 months, 4 quarters or 52 weeks. When the data hold fewer, OrdersPerYear is that of
//     the shorter time, not extrapolated (customers who come once a year would count several times): a lower bound,
//     marked ShortYear.
//   - Churn is the share of customers without an order from one year after the first on: 1 − on-or-after retention at
//     the age of one year, over the cohorts followed for ChurnFollowUp complete periods more (the time in which four of
//     five customers who come back do). When no cohort is old enough, it is read at the greatest age that is possible,
//     ChurnAge periods, and brought to a year as 1 − (1 − c)^(periods a year ÷ ChurnAge), marked Extrapolated: too high
//     when most losses follow the first order.
//   - Lifespan is 1 ÷ Churn years, the mean number of years with an order when each is followed by another with
//     probability 1 − Churn; at most MaxLifespan.
//
// The intervals hold the uncertainty of Churn alone (Wilson's, 95 %); order value, rhythm and cost are taken as
// they are. Reading a single rate for all ages and all customers understates loyal ones: the formula gives an order of
// magnitude.
type Formula struct {
	AOV            float64
	GrossSum       int64   // gross of the last complete year
	Orders         int64   // orders of it
	OrdersPerYear  float64 // per customer with an order
	Customers      int64   // with an order in it, each once
	CustomerYears  float64 // the same as years with an order: one for each of Customers
	Periods        int32
	ShortYear      bool
	Churn          float64 // a year
	ChurnLow       float64
	ChurnHigh      float64
	ChurnN         int64   // customers of the cohorts that were followed for long enough
	ChurnAge       int32   // age in periods at which churn was read
	ChurnFollowUp  int32   // periods
	Extrapolated   bool    // ChurnAge is not a year
	ChurnTruncated bool    // only the truncated first cohort was followed for long enough
	Lifespan       float64 // years
	LifespanLow    float64
	LifespanHigh   float64
	LifespanCap    bool    // true when capped at MaxLifespan
	CAC            float64 // 0 when not known
	CACKnown       bool
	Gross          float64 // revenue value: AOV × OrdersPerYear × Lifespan − CAC
	GrossLow       float64
	GrossHigh      float64
	Net            float64 // at margin: AOV × margin × OrdersPerYear × Lifespan − CAC
	NetLow         float64
	NetHigh        float64
	Ratio          float64 // (Net + CAC) ÷ CAC, value at margin for one unit of cost; 0 when CAC is not known or 0
	RatioKnown     bool
	RefundRate     float64 // refunds ÷ gross of the year, for the note: AOV is before refunds
}

// Payback is the first age at which cumulative net per customer at margin covers the acquisition cost.
type Payback struct {
	Known   bool  // a cost and at least one complete age
	Reached bool  // false: not within Horizon
	Age     int32 // in periods, when reached
	Horizon int32 // greatest age observed in at least three cohorts, or in all when there are fewer
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
	Cohorts   int // that a mean is over; 0 for a single cohort's own curve
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
	Ratio                 float64 // PerHead × margin ÷ CAC, 0 when CAC is not known or 0
	RatioKnown            bool
	Payback               int32 // first age with cumulative margin per customer ≥ CAC, −1 not reached or not known
}

// CAC is acquisition cost, spend ÷ new customers, over the complete periods from the first to the last with spend in any
// channel: customers of a time without records of spend would make the others look cheap.
type CAC struct {
	Channel      string // "" all
	Spend        int64
	NewCustomers int64
	Value        float64
	Known        bool // false without new customers: shown as n/a, never 0
}

// Options are the report's choices.
type Options struct {
	Margin   float64 // 0: not configured
	MinCell  int64
	Settings Settings
}

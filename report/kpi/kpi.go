// Package kpi computes the key figures of each period and their changes against comparable periods.
package kpi

import (
	"parcours/report/dataset"
	"parcours/report/stats"
)

// Table holds the key figures of every period from the first order to as-of, without gaps.
type Table struct {
	Grain   dataset.Grain
	Periods []Period // oldest first
	// Current is the index in Periods of the last complete period, −1 when there is none: the period that the
	// overview tells. A partial period is never compared.
	Current int
	// FirstCut tells that the data begin inside the first period, which is then never compared.
	FirstCut bool
}

// Period is one period's figures. Money is in minor units.
type Period struct {
	Period    int32
	State     dataset.State
	Customers int64 // with an order in the period
	New       int64 // with their first order in it
	Returning int64 // Customers − New
	Orders    int64
	Gross     int64
	Refunds   int64 // positive, at the refund's date
	Net       int64
	NewNet    int64 // net of the customers new in the period
}

// AOV is gross ÷ orders in minor units, ok false without orders.
func (p Period) AOV() (float64, bool) { return stats.Ratio(p.Gross, p.Orders) }

// Frequency is orders ÷ customers, ok false without customers.
func (p Period) Frequency() (float64, bool) { return stats.Ratio(p.Orders, p.Customers) }

// RefundRate is refunds ÷ gross.
func (p Period) RefundRate() (float64, bool) { return stats.Ratio(p.Refunds, p.Gross) }

// ReturningShare is the share of the period's customers who had ordered before it.
func (p Period) ReturningShare() (float64, bool) { return stats.Ratio(p.Returning, p.Customers) }

// Repeat is the repeat purchase rate within Days of the first order, corrected for censoring.
//
// Rate is the Kaplan–Meier estimate 1 − S(Days) with Greenwood's interval on the log-minus-log scale; Eligible* is
// the ratio over customers with at least Days of follow-up, with Wilson's interval. Naive is kept for the methods page.
type Repeat struct {
	Days                                    int32
	Rate, Low, High                         float64
	OK                                      bool // false: follow-up shorter than Days for everyone
	EligibleRate, EligibleLow, EligibleHigh float64
	Eligible, Repeated                      int64
	Naive                                   float64
	Customers                               int64
}

// Decomposition splits the change of net revenue between two periods into the effects of customers, frequency
// (orders ÷ customers), basket (gross ÷ orders) and refunds; the parts add up to the change of net exactly, in minor
// units. See Decompose.
type Decomposition struct {
	From, To                              Period
	Customers, Frequency, Basket, Refunds int64
	Total                                 int64
}

// Rhythm is the purchase rhythm: type-7 quantiles of days between consecutive orders over observed gaps, rounded up
// to whole days, and the median time to the second order corrected for censoring. Observed gaps leave out those
// who never came back, so their quantiles are on the short side.
type Rhythm struct {
	Gaps                int64 // number of observed gaps; the quantiles are 0 without any
	P50, P80, P90, P95  int32 // of observed gaps, in days
	MedianToSecond      int32 // Kaplan–Meier median time to the second order, in days; 0 when never reached
	MedianToSecondKnown bool
}

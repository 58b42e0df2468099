// Package cohort computes retention by acquisition cohort: who comes back, when, and with how much.
package cohort

import "parcours/report/dataset"

// Mode is a way to count a customer as retained. The bare word "rolling" is never used: see Window and OnOrAfter.
type Mode string

// The modes: On, an order in the calendar period itself; OnOrAfter, an order in it or later (unbounded);
// Window, an order in the n-th window of days after the first order.
const (
	On        Mode = "on"
	OnOrAfter Mode = "on-or-after"
	Window    Mode = "window"
)

// Table is the retention of every cohort in one mode, for one value of the dimension.
//
// In mode OnOrAfter the last ages are biased downwards even where complete: a customer can only be seen at an age
// or later if there was time to. See Table.Retained.
type Table struct {
	Mode    Mode
	Dim     string // "" all customers
	Grain   dataset.Grain
	Widths  []int32  // of the window mode, in days; the last repeats
	Cohorts []Cohort // oldest first, empty cohorts left out
	Mean    []Mean   // by age, ages with at least one complete cell; age 0 included
}

// Cohort is one row of the triangle.
type Cohort struct {
	Cohort int32 // period number
	Size   int64
	// Truncated marks a first cohort that may mix new and old customers, because the data start in it and no sign-up
	// before says otherwise.
	Truncated bool
	Cells     []Cell // by age (number of the window in mode Window), from 0 to the last age of the oldest cohort; future cells included
	Total     Money
}

// Money sums a cohort's life so far, in minor units.
type Money struct {
	Orders int64
	Net    int64
}

// Cell is a cohort at an age. Active, Orders and Net are meaningless when State is future.
type Cell struct {
	State         dataset.State
	Active        int64 // customers retained in the mode of the table
	Orders        int64 // of the period (mode "on" only)
	Net           int64 // of the period, refunds at the order's date when they name it (mode "on" only)
	CumulativeNet int64 // net of ages 0…this (mode "on" only)
	Rate          float64
	Low, High     float64 // Wilson, 95 %
	Small         bool    // cohort below the configured minimum: shown grey, or hidden
}

// Mean is the mean over cohorts whose cell at this age is complete, weighted by size: Σ retained ÷ Σ size.
// Cohorts with nobody retained count; the truncated first cohort counts unless Options.ExcludeTruncated.
type Mean struct {
	Age       int32
	Rate      float64
	Low, High float64 // Wilson on the pooled proportion
	Customers int64   // Σ size of eligible cohorts
	Active    int64
	Cohorts   int
	// Net is Σ net ÷ Σ size at this age, and CumulativeNet the same for ages 0…Age over the cohorts complete at Age, in
	// minor units per customer (mode "on" only).
	Net, CumulativeNet float64
	// NetRate is revenue retention, Σ net at this age ÷ Σ net at age 0 over the same cohorts; not known when the
	// latter is not positive (mode "on" only). Age 0 holds first orders and, on average, half a period: an index, not
	// the renewal rate of a subscription.
	NetRate      float64
	NetRateKnown bool
}

// Options are the report's choices.
type Options struct {
	MinCell          int64 // cohorts below are Small; 0: 30
	ExcludeTruncated bool
}

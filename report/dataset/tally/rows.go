// Package tally turns streams of bound rows into aggregates.
//
// A scanner reads files, binds columns to roles and hands over batches of rows; a Tally keeps what it needs of them
// and Finish computes every table. The result depends on the rows alone, never on their order or on how they were
// cut into batches.
package tally

import (
	"math"

	"parcours/report/dataset"
)

// NoDay stands for a null day.
const NoDay dataset.Day = math.MinInt32

// Money in every batch is in whole minor units of the report's currency: the scanner rounds each row once, half away
// from zero, after the expression and the exchange rate. Line totals of invoices are rounded the same way, sums of
// integers keep every identity between the tables exact, and on a real year of 400,000 lines with prices of a tenth
// of a cent the sum stays within half a cent of the exact one.

// OrderRows is a batch of used rows of orders, one entry a row in every slice; rows keep no order among batches.
//
// Used means: passed the filter, with a readable time and amount (package dataset gives the order of checks). Rows without a customer are included (zero
// Customer) and the scanner also counts them as dataset.Unidentified by file. Rows later than a given as-of may be
// left out by the scanner, which then counts them as dataset.AfterAsOf by file; those it leaves in are left out and
// counted by Finish.
type OrderRows struct {
	Customer []Key         // zero: unidentified
	Order    []Key         // zero: the row is an order of its own
	Instant  []int64       // µs since 1970 UTC, to find the earliest row of an order
	Day      []dataset.Day // report day of Instant
	Amount   []int64       // minor units, signed
	Refund   []int64       // minor units ≥ 0, the refund column; nil when no such role
	IsRefund []bool        // separate refund rows by status: Amount counts as −|Amount|; nil when none
	Quantity []int64       // items; nil when no role
	Dim      []uint32      // label of the value of the dimension, 0 none; nil when no dimension
	Channel  []uint32      // label of the channel of the order; nil when no role
}

// CustomerRows is a batch of rows of the customers table; the earliest sign-up of a customer counts.
type CustomerRows struct {
	Customer []Key
	SignUp   []dataset.Day // NoDay when null; nil when no role
}

// SpendRows is a batch of marketing cost, in minor units.
type SpendRows struct {
	Day     []dataset.Day
	Channel []uint32 // label, 0 none: counts in the total only; nil when no role
	Amount  []int64
}

// The states of MessageRows.State.
const (
	Sent uint8 = iota
	Delivered
	Opened
	Clicked
	Converted
)

// MessageRows is a batch of message events.
type MessageRows struct {
	Customer          []Key // zero: left out and counted by Finish, unless the scanner did
	Day               []dataset.Day
	State             []uint8  // Sent … Converted
	Channel, Campaign []uint32 // labels; nil when no role
}

// SurveyRows is a batch of answers.
type SurveyRows struct {
	Day                []dataset.Day
	Metric, Touchpoint []uint32 // labels; Touchpoint is nil when no role
	Score              []int32  // hundredths of a point
}

// TicketRows is a batch of support tickets.
type TicketRows struct {
	Day     []dataset.Day
	Channel []uint32      // label; nil when no role
	Minutes []int32       // begun before the first reply, rounded up: 61 s are 2; −1 none
	Replied []dataset.Day // report day of the first reply: one after as-of does not count; nil: all count
}

// EventRows is a batch of touchpoint events.
type EventRows struct {
	Customer   []Key // zero: counts as an event, in no count of customers
	Instant    []int64
	Day        []dataset.Day
	Touchpoint []uint32 // label
}

package dataset

// Aggregates is the bundle from which every page is made: small integer tables, additive over disjoint sets of
// customers (Edges apart). Every slice is sorted by its key fields in the order in which they are declared.
//
// Dim is "" for all customers, else a value of Manifest.Dimension as found at the customer's first order: the
// twenty values with most customers, ties by name, then OtherDim for the rest. Rows of the values add up to the
// row of "". Period numbers are those of Calendar.PeriodOf at Manifest.Grain; money is in minor units.
type Aggregates struct {
	Manifest    Manifest
	Totals      Totals
	Periods     []PeriodRow
	Cohorts     []CohortRow
	Windows     []WindowRow
	LastSeen    []LastSeenRow
	Second      []SecondRow
	Repeat      []RepeatRow
	Gaps        []GapRow
	Activity    []ActivityRow
	Cells       []CellRow
	Calibration []CalibrationRow
	Track       []TrackRow
	Spend       []SpendRow // at the end of observation
	EarlySpend  []SpendRow // at the end of calibration
	Discrete    []DiscreteRow
	Recency     []HistogramRow // days between as-of and last order
	Frequency   []HistogramRow // orders
	Monetary    []HistogramRow // bin of net value, see MonetaryBin
	Edges       RFMEdges
	RFM         []RFMRow
	Touchpoints []TouchpointRow
	Steps       []StepRow
	Scores      []ScoreRow
	Acquisition []AcquisitionRow
	Messages    []MessageRow
	Tickets     []TicketRow
	Files       []FileRow
	Quality     []QualityRow
}

// OtherDim stands for all values of the dimension beyond the twenty largest; NoDim for customers without a value.
const (
	OtherDim = "\x00other"
	NoDim    = "\x00none"
)

// SchemaVersion is the version of the tables' meaning; a bundle of another version is computed anew.
const SchemaVersion = 3

// Manifest says what the tables were computed from and how.
type Manifest struct {
	Schema    int
	AsOf      Day    // end of observation, the last day that counts
	AsOfGiven bool   // false: the last day in the data
	First     Day    // day of the first order
	Grain     Grain  // of every period in the bundle
	Zone      string // IANA name
	Currency  string // ISO 4217
	Digits    int    // minor units: 2 for EUR, 0 for JPY, 3 for KWD
	Cohort    CohortBy
	Dimension string  // "", "channel", "country" or "category"
	Window    []int32 // widths in days of the window mode, the last repeated
	Negative  Negative
	// Calibration is the last day from which models learn before they are tested on the rest, NoCalibration when there
	// is none: the history from First is too short, or the day given cannot be used. CalibrationGiven says that the site
	// asked for a day.
	Calibration      Day
	CalibrationGiven bool
	Resolution       int32    // width in days of the buckets of Cells and Calibration, one of Resolutions
	Source           string   // "parquet"
	Tables           []string // names of the tables that were given: "orders", "customers", …
	Roles            []string // optional roles bound in orders: "channel", "country", "refund", …
}

// Totals are figures over all used rows up to as-of.
//
// RowsUsed are rows of identified customers that passed the filter. Gross − Refunds = Net. Customers have at least
// one order; refunds of people without one, or that name no order and are dated before the period of their first,
// count in Refunds and Net and are repeated in OrphanRefunds, since no cohort can hold them. Items are the quantities
// of sale rows. First order, Refunds and the rest are defined in the package documentation.
type Totals struct {
	RowsRead, RowsUsed                int64
	Customers, Orders                 int64
	Gross, Refunds, Net               int64
	Items                             int64
	UnidentifiedRows, UnidentifiedNet int64
	OrphanRefunds                     int64
	// CancelledCustomers have orders, all of them cancelled, and so no purchase; CancelledNet is their net value.
	CancelledCustomers, CancelledNet int64
	// EmptyPurchases are purchase days worth nothing or less.
	EmptyPurchases int64
	SignUps        int64 // distinct customers of the customers table by as-of, with or without an order
}

// PeriodRow counts the activity of one period. Customers have an order in the period; NewCustomers have their
// first order in it. Refunds (positive) are at their own date, so Net of a period may be negative. Periods without
// an order or a refund have no row.
type PeriodRow struct {
	Dim                     string
	Period                  int32
	Orders                  int64
	Customers, NewCustomers int64
	NewNet                  int64 // net of orders and refunds in the period of customers new in it
	Gross, Refunds, Net     int64
}

// CohortRow is one cell of the triangle: customers whose cohort period is Cohort, Age periods later. Age 0 is the
// cohort period itself. Size rows have Age −1: Active is then the number of customers of the cohort.
// Net values a refund that names its order at that order's date, any other refund at its own.
type CohortRow struct {
	Dim    string
	Cohort int32
	Age    int32
	Active int64
	Orders int64
	Net    int64
}

// SizeAge marks the CohortRow that holds a cohort's size.
const SizeAge = -1

// WindowRow counts customers with an order in window Window after their first order: days since the first order's
// day, cut by Manifest.Window. Window 0 holds the first order. Complete counts customers whose window had ended by as-of.
// A window has a row once it has begun for one customer of the cohort, even if nobody was active in it: a window
// without a row cannot be observed yet.
type WindowRow struct {
	Dim            string
	Cohort         int32
	Window         int32
	Active         int64 // with an order in the window
	Complete       int64 // whose window ended on or before as-of
	ActiveComplete int64 // both
}

// LastSeenRow counts customers by the age of their last active period.
type LastSeenRow struct {
	Dim       string
	Cohort    int32
	Age       int32
	Customers int64
}

// SecondRow is the time to the second order, for Kaplan–Meier. Censored rows have no second order yet; Days is then
// the follow-up, as-of − first order. Otherwise Days is the lag, 0 included.
type SecondRow struct {
	Dim       string
	Cohort    int32
	Censored  bool
	Days      int32
	Customers int64
}

// RepeatRow gives repeat purchase within Days of the first order. Eligible customers had at least Days of
// follow-up; Repeated are those among them with a second order within Days; RepeatedAll is the same over everyone.
type RepeatRow struct {
	Dim         string
	Cohort      int32
	Days        int32
	Customers   int64
	Eligible    int64
	Repeated    int64
	RepeatedAll int64
}

// RepeatDays are the windows of RepeatRow.
var RepeatDays = []int32{30, 60, 90, 180, 365}

// GapRow counts gaps in days between consecutive orders of a customer, 0 included.
type GapRow struct {
	Days  int32
	Count int64
}

// ActivityRow counts customers active in Period by whether it was their first and by the number of periods to
// their next active one; Gap 0 means none yet.
type ActivityRow struct {
	Period    int32
	First     bool
	Gap       int32
	Customers int64
}

// HistogramRow counts customers by a value.
type HistogramRow struct {
	Value     int64
	Customers int64
}

// RFMEdges are type-7 quantiles at .2, .4, .6 and .8 of recency in days, orders and net in minor units.
// They are exact, hence not additive.
type RFMEdges struct {
	Recency, Frequency, Monetary [4]float64
}

// RFMRow is one cell of the 5×5×5 table; scores go from 1 to 5, 5 best, ties share a score.
type RFMRow struct {
	R, F, M   int8
	Customers int64
	Orders    int64
	Net       int64
}

// TouchpointRow counts events at a touchpoint.
type TouchpointRow struct {
	Touchpoint string
	Period     int32
	Events     int64
	Customers  int64
}

// StepRow counts an ordered pair of touchpoints: Entered have an event at From in the period, Passed have one at To
// at or after their first such event and within Request.StepDays.
type StepRow struct {
	From, To string
	Period   int32
	Entered  int64
	Passed   int64
}

// ScoreRow counts answers. Score is in hundredths of a point, so 4.5 is 450.
type ScoreRow struct {
	Metric     string // "nps", "csat", "ces" or a name of the user's
	Touchpoint string // "" when the answer names none
	Period     int32
	Score      int32
	Answers    int64
}

// AcquisitionRow is spend by channel with the customers whose first order has that channel; Channel "" is all of
// them. NewCustomers of a channel is 0 when orders have no channel.
type AcquisitionRow struct {
	Channel      string
	Period       int32
	Spend        int64
	NewCustomers int64
}

// MessageRow counts distinct (customer, campaign) pairs that reached each state. Period is that of the sending, or of the
// earliest known state of the pair.
type MessageRow struct {
	Channel, Campaign                           string
	Period                                      int32
	Sent, Delivered, Opened, Clicked, Converted int64
}

// TicketRow counts support tickets by first-reply time: Bucket is an upper bound of TicketBuckets in minutes, or
// NoReply.
type TicketRow struct {
	Channel string
	Period  int32
	Bucket  int32
	Tickets int64
}

// TicketBuckets are upper bounds in minutes, inclusive; the last catches everything longer. NoReply means not answered by as-of.
var TicketBuckets = []int32{1, 5, 15, 30, 60, 240, 480, 1440, 2880, 10080, 1 << 30}

// NoReply is the bucket of unanswered tickets.
const NoReply int32 = -1

// FileRow describes one input file; Hash is the SHA-256 of its footer and size, the fingerprint.
type FileRow struct {
	Table string
	File  string // relative to site.toml, slashes
	Bytes int64
	Rows  int64
	Used  int64
	Hash  string
}

// QualityRow counts rows that are not used, by reason, with up to three places and never a value.
type QualityRow struct {
	Table    string
	File     string
	Reason   Reason
	Rows     int64
	Examples []string // "row group 2, row 153", both from 0
}

// Reason says why a row is not used, or what is remarkable about it.
type Reason string

// The reasons. Filtered and Unidentified are expected; the others count as dropped.
const (
	Filtered         Reason = "filtered"          // where said no
	Unidentified     Reason = "unidentified"      // no customer
	NoTime           Reason = "no-time"           // time is null
	BadTime          Reason = "bad-time"          // time cannot be read or is out of 1900…2200
	AfterAsOf        Reason = "after-as-of"       // later than the end of observation
	NoAmount         Reason = "no-amount"         // amount is null
	BadAmount        Reason = "bad-amount"        // not finite or beyond ±9e15 minor units
	WrongCurrency    Reason = "wrong-currency"    // in another currency, no rate given
	NoValue          Reason = "no-value"          // another needed role is null (score, touchpoint, …)
	BadValue         Reason = "bad-value"         // another needed role cannot be read
	ConflictingOrder Reason = "conflicting-order" // an order id with two customers: kept, counted, not dropped
)

// Dropped reports whether the reason counts toward the configured limit of dropped rows.
func (r Reason) Dropped() bool {
	switch r {
	case Filtered, Unidentified, AfterAsOf, ConflictingOrder:
		return false
	}
	return true
}

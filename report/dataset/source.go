package dataset

import (
	"context"

	"parcours/internal/diag"
)

// Source answers one question: the aggregates for this request. Implementations: the embedded Parquet scanner,
// later SQL engines and hand-off folders. A Source reads only in Aggregate and Inspect.
type Source interface {
	// Aggregate computes the bundle. Mistakes of the user in data or mapping come in the list (then the bundle is
	// nil); err is for cancellation and failures of the machine.
	Aggregate(ctx context.Context, req Request) (*Aggregates, diag.List, error)
}

// CustomerSource can also tell customers apart, for lists that leave the house on purpose.
type CustomerSource interface {
	Source
	// Customers calls yield with every customer of Aggregates.Cells once, in an order that depends on the rows alone,
	// in bounded memory: it may read the files several times. The slice is reused. A comes from Aggregate and the same request.
	Customers(ctx context.Context, req Request, a *Aggregates, yield func([]Customer) error) (diag.List, error)
}

// Customer is one customer as CellRow counts them, at the resolution of days.
type Customer struct {
	ID          string // as given
	Dim         string // as found, "" none
	Cohort      int32
	R, F, M     int8
	X, TX, T    int32
	Orders      int64
	Net, Spend  int64
	First, Last Day // first and last purchase
}

// Request is the whole question. The zero value of optional fields means the documented default.
type Request struct {
	Calendar Calendar
	Grain    Grain
	AsOf     *Day // nil: the last day with an order
	// Calibration is the last day from which models learn before they are tested; nil: CalibrationEnd chooses. A day
	// before the first order, or not before the end of observation, cannot be used: there is no calibration then.
	Calibration *Day
	MaxCells    int // bound of the rows of Cells and Calibration, which decides the resolution; 0: MaxCells
	Currency    string
	Digits      int
	Cohort      CohortBy
	Dimension   string  // role of orders that cuts cohorts: "", "channel", "country", "category"
	Window      []int32 // widths in days of the window mode; nil: {30}
	Touchpoint  []Pair  // consecutive touchpoints of the maps, for Steps
	StepDays    int32   // 0: 7
	MaxDropped  float64 // share of dropped rows of a table that is an error; 0: 0.05
	Tables      Tables
	// Memory is what the whole process may take, in bytes; 0: no promise. The answer does not depend on it.
	Memory   int64                   `json:"-"`
	Progress func(rows, total int64) `json:"-"` // may be nil; called from one goroutine at a time
	Phase    func(name string)       `json:"-"` // may be nil; called when something else than reading begins
}

// Pair is an ordered pair of touchpoint events.
type Pair struct{ From, To string }

// CohortBy says what makes a customer's cohort.
type CohortBy string

// The cohort keys. BySignUp needs the customers table; customers without a sign-up date fall back to their first order.
const (
	ByFirstOrder CohortBy = "first-order"
	BySignUp     CohortBy = "sign-up"
)

// Negative says what a row with a negative amount is.
type Negative string

// NegativeRefund (default): lowers value, is never an order or activity. NegativeOrder: counts like any row.
const (
	NegativeRefund Negative = "refund"
	NegativeOrder  Negative = "order"
)

// Tables binds the inputs. A nil table is absent, and so are its aggregates and its pages.
type Tables struct {
	Orders    *Orders
	Customers *Customers
	Spend     *Spend
	Messages  *Messages
	Surveys   *Surveys
	Tickets   *Tickets
	Events    *Events
	Rates     *Rates
}

// Text is a setting with its place in site.toml, which is no part of the question. The zero value means not set.
type Text struct {
	Value string
	Pos   diag.Position `json:"-"`
}

// Set reports whether the setting is given.
func (t Text) Set() bool { return t.Value != "" }

// Files says where a table's rows are.
type Files struct {
	Name     string        // "orders": the table's name in messages
	Root     string        // absolute folder of site.toml; paths and messages are relative to it
	Paths    []Text        // files, globs or folders, slashes
	Where    Text          // row filter, an expression
	Zone     string        // of timestamps without zone; "" is UTC
	Pos      diag.Position `json:"-"` // of the [data.x] header
	Optional bool          // a path that matches nothing is a warning instead of an error
}

// Column is a role: a column name, or an expression over columns. Unset optional roles are looked for among the
// aliases of the role; Disabled says not to.
type Column struct {
	Text
	Disabled bool // written as role = false
}

// Orders is one row an order or an order line.
type Orders struct {
	Files
	Customer, Order, Time, Amount                                   Column // Customer, Time and Amount are required (aliases count)
	Status, Channel, Currency, Country, Product, Category, Quantity Column
	Discount                                                        Column // informative only
	Refund                                                          Column // positive amount refunded on this row, at the row's date
	Negative                                                        Negative
	Unit                                                            string // "major" (default) or "minor": integer minor units
	// RefundStatus lists values of Status whose rows are refunds of their (absolute) amount.
	RefundStatus []string
}

// Customers is one row a customer.
type Customers struct {
	Files
	Customer, SignUp, Channel, Country Column
}

// Spend is marketing cost by day and channel.
type Spend struct {
	Files
	Time, Channel, Amount, Currency Column
	Unit                            string
}

// Messages is one row a message event: Event is sent, delivered, opened, clicked, converted (aliases accepted).
type Messages struct {
	Files
	Customer, Time, Event, Channel, Campaign Column
}

// Surveys is one row an answer; Metric is a column or, when no column has that name, the constant itself.
type Surveys struct {
	Files
	Customer, Time, Score, Metric, Touchpoint Column
}

// Tickets is one row a support ticket; FirstReply is a timestamp.
type Tickets struct {
	Files
	Customer, Time, FirstReply, Channel Column
}

// Events is one row a touchpoint event.
type Events struct {
	Files
	Customer, Time, Touchpoint Column
}

// Rates is a table of daily rates: one unit of Currency is Rate units of the report's currency on Time's day; the
// latest earlier day serves when a day is missing.
type Rates struct {
	Files
	Time, Currency, Rate Column
}

package tally

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"parcours/report/dataset"
	"parcours/report/dataset/partition"
)

// maxMoney bounds the sum of all absolute amounts, so that no sum or quantile of them can overflow.
const maxMoney = math.MaxInt64 / 8

// Tally collects everything of one request. Rows are added to the places that Orders, Events and the like return, one or more
// for each goroutine; these copy what they keep, so that batches can be used again. Its own Add methods are not safe for
// concurrent use.
type Tally struct {
	req    dataset.Request
	mu     sync.Mutex
	plan   Plan
	parts  int             // partitions of records, a power of two: partOf
	pool   *partition.Pool // of all records
	turn   int             // of gatherer; 0: as there
	labels Labels
	totals dataset.Totals
	money  int64 // Σ of absolute amounts, up to maxMoney
	kept   []*restored

	orderMoney int64 // what of money is of orders that were added

	places places           // of customers
	rows   rowStores        // of orders
	claims *partition.Store // of order ids; nil when every row is an order of its own

	refundsNegative bool        // a negative amount is a refund
	end             dataset.Day // the last day that counts, if it is given

	signUps, messages, events *records     // nil without rows
	signedUp                  atomic.Int64 // customers of the partitions of signUps that were read
	anonymous                 sums[int64]  // events without customer by touchpoint and day
	spend                     sums[int64]  // by channel and day
	scores                    sums[int64]  // by metric and touchpoint, day and score
	tickets                   sums[int64]  // by channel and bucket, day and day of the reply

	first     dataset.Day              // of a row of a customer, NoDay when there is none
	last      dataset.Day              // of a row of orders, NoDay when there is none
	firstSale dataset.Day              // of a customer, NoDay when there is none
	late      int64                    // rows of orders after a given as-of
	days      map[tableName]*dayCounts // rows of the other tables by day
	nobody    map[tableName]int64      // rows without the customer they need
	files     []dataset.FileRow
	quality   []dataset.QualityRow
}

type tableName string

// The tables that the tally counts rows of.
const (
	ordersTable    tableName = "orders"
	customersTable tableName = "customers"
	spendTable     tableName = "spend"
	messagesTable  tableName = "messages"
	surveysTable   tableName = "surveys"
	ticketsTable   tableName = "tickets"
	eventsTable    tableName = "events"
)

// Plan is what is known of the rows before any is read.
type Plan struct {
	Rows       int64  // of orders, about
	Customers  int64  // rows of the customers table, about
	Messages   int64  // rows of messages, about
	Events     int64  // rows of events, about
	IDs        Range  // of the customers, if they are numbers, as far as the files tell
	OrderWords int    // 0: every row is an order of its own, 1: every order id is a number, 2: any text
	Memory     int64  // bytes for records of rows and customers, 0: no limit; more goes to a temporary file
	TempDir    string // of that file; "": the system's
	Workers    int    // of Finish; 0: one a processor
	// Parts is the number of partitions of orders (and with them customers), messages and events, a power of two, where
	// records of earlier runs decide it; 0: as the rows ask for.
	Parts map[string]int
}

// Range is a range of numbers, both ends included; the zero Range is unknown.
type Range struct{ Least, Most int64 }

// New returns an empty Tally for a request.
func New(req dataset.Request, plan Plan) *Tally {
	req = req.WithDefaults()
	t := &Tally{
		req:             req,
		plan:            plan,
		parts:           plan.PartsOf("orders"),
		pool:            partition.NewPool(plan.Memory, plan.TempDir),
		labels:          Labels{names: newNames()},
		refundsNegative: req.Negative() == dataset.NegativeRefund,
		first:           NoDay,
		last:            NoDay,
		firstSale:       NoDay,
		days:            map[tableName]*dayCounts{},
		nobody:          map[tableName]int64{},
	}
	t.places = newPlaces(t.parts, plan.IDs, plan.Rows)
	t.end = t.limit()
	t.rows = newRowStores(req, plan, t.pool, t.parts)
	if plan.OrderWords > 0 {
		t.claims = partition.NewStore(t.pool, claimWords, t.parts)
	}
	return t
}

// Labels returns the numbers of the values of the dimension and of channels.
func (t *Tally) Labels() *Labels { return &t.labels }

// Close gives the memory and the temporary files of the tally back, finished or not.
func (t *Tally) Close() error { return t.pool.Close() }

// CountRead adds to the number of rows of orders read.
func (t *Tally) CountRead(n int64) { t.totals.RowsRead += n }

// AddFile adds the description of an input file.
func (t *Tally) AddFile(f dataset.FileRow) { t.files = append(t.files, f) }

// AddQuality adds a count of rows by reason; counts of the same table, file and reason add up.
func (t *Tally) AddQuality(q dataset.QualityRow) {
	q.Examples = slices.Clone(q.Examples)
	t.quality = append(t.quality, q)
}

// Finish computes the aggregates; the caller then sets Manifest.Source and Manifest.Roles, which only the scanner
// knows. The Tally must not be used afterwards. It fails when the amounts are too large to add up, when the context ends,
// and when the temporary file cannot be written or read.
func (t *Tally) Finish(ctx context.Context) (*dataset.Aggregates, error) {
	t.addKept()
	if t.money >= maxMoney {
		return nil, ErrMoney
	}
	asOf := t.asOf()
	f := newFold(t, asOf)
	if err := f.count(ctx); err != nil {
		return nil, err
	}
	conflicting, err := f.conflicting(ctx)
	if err != nil {
		return nil, err
	}
	a, err := f.aggregates(ctx)
	if err != nil {
		return nil, err
	}
	if err := t.otherTables(ctx, a, asOf, f.acquired); err != nil {
		return nil, err
	}
	a.Files = t.files
	a.Quality = t.qualityRows(asOf, conflicting)
	slices.SortFunc(a.Files, func(x, y dataset.FileRow) int {
		return cmp.Or(cmp.Compare(x.Table, y.Table), cmp.Compare(x.File, y.File))
	})
	return a, nil
}

// ErrMoney says that the amounts are too large to add up.
var ErrMoney = fmt.Errorf("the amounts add up to more than %d minor units: is unit = \"minor\" missing?", int64(maxMoney))

// asOf returns the end of observation: the one asked for, else the last day of orders, else of anything.
func (t *Tally) asOf() dataset.Day {
	switch {
	case t.req.AsOf != nil:
		return *t.req.AsOf
	case t.last != NoDay:
		return t.last
	}
	last := NoDay
	for _, days := range t.days {
		_, d := days.span()
		last = max(last, d)
	}
	if last == NoDay {
		return 0
	}
	return last
}

func (t *Tally) qualityRows(asOf dataset.Day, conflicting int64) []dataset.QualityRow {
	rows := t.quality
	add := func(table tableName, reason dataset.Reason, n int64) {
		if n > 0 {
			rows = append(rows, dataset.QualityRow{Table: string(table), Reason: reason, Rows: n})
		}
	}
	add(ordersTable, dataset.AfterAsOf, t.late)
	add(ordersTable, dataset.ConflictingOrder, conflicting)
	for table, days := range t.days {
		add(table, dataset.AfterAsOf, days.after(asOf))
	}
	for table, n := range t.nobody {
		add(table, dataset.Unidentified, n)
	}
	return mergeQuality(rows)
}

// mergeQuality sorts and adds up; examples are cut to three, the first of the file in the order given.
func mergeQuality(rows []dataset.QualityRow) []dataset.QualityRow {
	slices.SortStableFunc(rows, func(a, b dataset.QualityRow) int {
		return cmp.Or(cmp.Compare(a.Table, b.Table), cmp.Compare(a.File, b.File), cmp.Compare(a.Reason, b.Reason))
	})
	var out []dataset.QualityRow
	for _, r := range rows {
		if n := len(out); n > 0 && out[n-1].Table == r.Table && out[n-1].File == r.File && out[n-1].Reason == r.Reason {
			out[n-1].Rows += r.Rows
			out[n-1].Examples = append(out[n-1].Examples, r.Examples...)
		} else {
			out = append(out, r)
		}
	}
	for i := range out {
		out[i].Examples = out[i].Examples[:min(len(out[i].Examples), 3)]
	}
	return out
}

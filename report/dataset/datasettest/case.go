// Package datasettest is the acceptance corpus that every dataset.Source must pass: hand-made cases with expected
// numbers, and random ones judged by dataset.Reference.
package datasettest

import (
	"fmt"
	"slices"
	"testing"

	"parcours/report/dataset"
)

// Case is a question with the rows it is asked of.
//
// Request.Tables has a table for each entry of Rows, every role bound to a column of the role's name and the other
// optional roles disabled; Files is empty: where the rows are is up to the Source under test. Amounts are in minor
// units. At least one row of orders is of use: whether none is a mistake is up to the Source.
type Case struct {
	Name    string
	Request dataset.Request
	Rows    map[string][]dataset.Row
	Parts   int                                       // number of files of each table; 0: 1
	Check   func(t *testing.T, a *dataset.Aggregates) // numbers computed by hand; may be nil
}

// Run puts a Source to the test: the hand-made cases, then n random ones. Open returns a source that answers the
// request of a case from its rows.
func Run(t *testing.T, n int, open func(t *testing.T, c Case) dataset.Source) {
	t.Helper()
	for _, c := range Cases() {
		t.Run(c.Name, func(t *testing.T) { judge(t, c, open(t, c)) })
	}
	for seed := range n {
		c := Random(uint64(seed))
		if !t.Run(c.Name, func(t *testing.T) { judge(t, c, open(t, c)) }) {
			return // one failure says it all
		}
	}
}

func judge(t *testing.T, c Case, src dataset.Source) {
	t.Helper()
	got, mistakes, err := src.Aggregate(t.Context(), c.Request)
	if err != nil {
		t.Fatalf("Aggregate: %v", err)
	}
	if got == nil {
		t.Fatalf("Aggregate found mistakes: %v", mistakes)
	}
	for _, line := range Diff(got, dataset.Reference(c.Request, c.Rows)) {
		t.Error(line)
	}
	if c.Check != nil {
		c.Check(t, got)
	}
}

// Kind is the kind of a column's values.
type Kind string

// The kinds, with the type of a row's value.
const (
	Text    Kind = "text"    // string
	Integer Kind = "integer" // int64
	Real    Kind = "real"    // float64
	Instant Kind = "instant" // time.Time, whole microseconds
)

// Column is a nullable column of a table.
type Column struct {
	Name string
	Kind Kind
}

var kinds = map[string]Kind{
	"time": Instant, "sign_up": Instant, "first_reply": Instant,
	"amount": Integer, "refund": Integer, "quantity": Integer, "score": Real,
}

// required lists the columns that a table has even when no row has a value.
var required = map[string][]string{
	"orders":    {"customer", "order", "time", "amount"},
	"customers": {"customer", "sign_up"},
	"spend":     {"time", "channel", "amount"},
	"messages":  {"customer", "time", "event"},
	"surveys":   {"time", "metric", "score"},
	"tickets":   {"time"},
	"events":    {"customer", "time", "touchpoint"},
}

// Columns returns the columns of a table of the case, sorted by name.
func (c Case) Columns(table string) []Column {
	names := slices.Clone(required[table])
	for _, row := range c.Rows[table] {
		for name := range row {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	out := make([]Column, len(names))
	for i, name := range names {
		out[i] = Column{Name: name, Kind: Text}
		if k, ok := kinds[name]; ok {
			out[i].Kind = k
		}
	}
	return out
}

// Split returns the rows of a table by file, at least one, which may be empty.
func (c Case) Split(table string) [][]dataset.Row {
	parts := make([][]dataset.Row, max(c.Parts, 1))
	for i, row := range c.Rows[table] {
		// Uneven on purpose: the first file gets most rows, the last may stay empty.
		p := i % (2 * len(parts))
		if p >= len(parts) {
			p = 0
		}
		parts[p] = append(parts[p], row)
	}
	return parts
}

// bind fills Request.Tables from the rows.
func (c Case) bind() Case {
	has := func(table string) func(role string) dataset.Column {
		columns := c.Columns(table)
		return func(role string) dataset.Column {
			if slices.ContainsFunc(columns, func(col Column) bool { return col.Name == role }) {
				return dataset.Column{Text: dataset.Text{Value: role}}
			}
			return dataset.Column{Disabled: true}
		}
	}
	in := &c.Request.Tables
	for table := range c.Rows {
		files, col := dataset.Files{Name: table}, has(table)
		switch table {
		case "orders":
			old := dataset.Orders{}
			if in.Orders != nil {
				old = *in.Orders
			}
			in.Orders = &dataset.Orders{
				Files: files, Customer: col("customer"), Order: col("order"), Time: col("time"), Amount: col("amount"),
				Status: col("status"), Channel: col("channel"), Currency: col("currency"), Country: col("country"),
				Product: col("product"), Category: col("category"), Quantity: col("quantity"), Discount: col("discount"),
				Refund: col("refund"), Negative: old.Negative, Unit: "minor", RefundStatus: old.RefundStatus,
			}
		case "customers":
			in.Customers = &dataset.Customers{
				Files: files, Customer: col("customer"), SignUp: col("sign_up"), Channel: col("channel"), Country: col("country"),
			}
		case "spend":
			in.Spend = &dataset.Spend{
				Files: files, Time: col("time"), Channel: col("channel"), Amount: col("amount"), Currency: col("currency"), Unit: "minor",
			}
		case "messages":
			in.Messages = &dataset.Messages{
				Files: files, Customer: col("customer"), Time: col("time"), Event: col("event"), Channel: col("channel"), Campaign: col("campaign"),
			}
		case "surveys":
			in.Surveys = &dataset.Surveys{
				Files: files, Customer: col("customer"), Time: col("time"), Score: col("score"), Metric: col("metric"), Touchpoint: col("touchpoint"),
			}
		case "tickets":
			in.Tickets = &dataset.Tickets{
				Files: files, Customer: col("customer"), Time: col("time"), FirstReply: col("first_reply"), Channel: col("channel"),
			}
		case "events":
			in.Events = &dataset.Events{Files: files, Customer: col("customer"), Time: col("time"), Touchpoint: col("touchpoint")}
		default:
			panic(fmt.Sprintf("case %s: no table %s", c.Name, table))
		}
	}
	return c
}

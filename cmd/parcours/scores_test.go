package main

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/rogpeppe/go-internal/testscript"
)

// scoreRow is written here once more: what others read must not change with the writer's type.
type scoreRow struct {
	Customer string  `parquet:"customer_id"`
	X        int32   `parquet:"x"`
	TX       int32   `parquet:"t_x_days"`
	Age      int32   `parquet:"age_days"`
	Alive    float64 `parquet:"p_alive"`
	Orders   float64 `parquet:"expected_orders"`
	Value    int64   `parquet:"expected_value_minor"`
	Currency string  `parquet:"currency"`
	Segment  string  `parquet:"segment"`
	Months   int32   `parquet:"horizon_months"`
	AsOf     int32   `parquet:"as_of,date"`
}

// scoresCmd checks a file of scores against the figures of the same site: scores FILE METRICS.JSON
func scoresCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: scores FILE METRICS.JSON")
	}
	rows, err := parquet.ReadFile[scoreRow](ts.MkAbs(args[0]))
	ts.Check(err)
	var want struct {
		Totals struct {
			Customers int64 `json:"customers"`
		} `json:"totals"`
		AsOf string `json:"as_of"`
		CLV  struct {
			Forecast struct {
				HorizonMonths int32   `json:"horizon_months"`
				Equity        float64 `json:"equity_minor"`
			} `json:"forecast"`
			Final struct {
				Customers int64 `json:"customers"`
			} `json:"final"`
		} `json:"clv"`
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &want))
	if n := int64(len(rows)); n != want.CLV.Final.Customers || n > want.Totals.Customers || n == 0 {
		ts.Fatalf("%d rows, %d customers with a purchase, %d with an order", n, want.CLV.Final.Customers, want.Totals.Customers)
	}
	var names []string
	value := 0.0
	for _, r := range rows {
		if problem := r.problem(want.CLV.Forecast.HorizonMonths); problem != "" {
			ts.Fatalf("%s: %+v", problem, r)
		}
		names = append(names, r.Customer)
		value += float64(r.Value)
	}
	// Each customer is rounded, and cells are scored at their means: the sum is that of the page but for that.
	if e := want.CLV.Forecast.Equity; math.Abs(value-e) > .01*math.Abs(e) {
		ts.Fatalf("the values add up to %.0f, the page says %.0f", value, e)
	}
	slices.Sort(names)
	if n := len(slices.Compact(names)); n != len(rows) {
		ts.Fatalf("%d rows of %d customers", len(rows), n)
	}
}

// problem says what is impossible in a row.
func (r scoreRow) problem(months int32) string {
	switch {
	case r.Customer == "" || strings.TrimSpace(r.Customer) != r.Customer:
		return "no identifier"
	case r.X < 0 || r.TX < 0 || r.Age < r.TX || r.X == 0 && r.TX != 0 || r.X > r.TX:
		return "an impossible history"
	case !(r.Alive >= 0 && r.Alive <= 1):
		return "no probability"
	case !(r.Orders >= 0) || math.IsInf(r.Orders, 0) || r.Value < 0:
		return "no expectation"
	case r.Currency != "EUR" || r.Segment == "" || r.Months != months || r.AsOf < 19000:
		return "a wrong constant"
	}
	return ""
}

// schemaCmd prints the columns of a Parquet file: schema FILE
func schemaCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: schema FILE")
	}
	text := ts.ReadFile(args[0])
	f, err := parquet.OpenFile(strings.NewReader(text), int64(len(text)))
	ts.Check(err)
	for _, c := range f.Schema().Fields() {
		fmt.Fprintln(ts.Stdout(), c.Name(), c.Type())
	}
}

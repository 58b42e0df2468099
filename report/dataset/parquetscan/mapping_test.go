package parquetscan_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"parcours/internal/diag"
	"parcours/report/dataset"
	"parcours/report/dataset/parquetscan"
)

// mistakes runs a request that must fail and returns its messages.
func mistakes(t *testing.T, req dataset.Request) []diag.Diagnostic {
	t.Helper()
	if req.Currency == "" {
		req.Currency, req.Digits = "EUR", 2
	}
	agg, l, err := parquetscan.New(req.Tables).Aggregate(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	if agg != nil || !l.HasErrors() {
		t.Fatalf("accepted; %v", l.Sorted())
	}
	return l.Sorted()
}

// line is an order with defaults for what a test does not care about.
type line struct {
	customer, day, currency, status, channel string
	amount                                   float64
}

func lines(t *testing.T, rows ...line) dataset.Request {
	t.Helper()
	opt := parquet.Optional(parquet.String())
	null := func(s string) parquet.Value {
		if s == "" {
			return parquet.Value{}
		}
		return parquet.ByteArrayValue([]byte(s))
	}
	fields := []field{{name: "customer_id", node: opt}, {name: "ordered_at", node: opt}, {name: "currency", node: opt}, {name: "status", node: opt}, {name: "channel", node: opt}, {name: "amount", node: parquet.Optional(parquet.Leaf(parquet.DoubleType))}}
	for _, r := range rows {
		amount := parquet.DoubleValue(r.amount)
		if r.amount == 0 {
			amount = parquet.Value{}
		}
		for i, v := range []parquet.Value{null(r.customer), null(r.day), null(r.currency), null(r.status), null(r.channel), amount} {
			fields[i].values = append(fields[i].values, v)
		}
	}
	return ordersIn(filesAt(store(t, t.TempDir(), "orders.parquet", encode(t, fields, 0))))
}

func TestRowsInAnotherCurrencyAreAnErrorThatCountsThem(t *testing.T) {
	req := lines(t, line{customer: "a", day: "2026-01-01", currency: "eur", amount: 1}, line{customer: "a", day: "2026-01-01", currency: "USD", amount: 1},
		line{customer: "a", day: "2026-01-01", currency: "CHF", amount: 1}, line{customer: "a", day: "2026-01-02", currency: "USD", amount: 1}, line{customer: "a", day: "2026-01-02", amount: 1})
	got := mistakes(t, req)
	if len(got) != 1 || got[0].Code != parquetscan.CodeCurrency || !strings.Contains(got[0].Msg, "1 in CHF, 2 in USD") {
		t.Error(got)
	}
}

func TestRatesConvertAtTheLatestEarlierDay(t *testing.T) {
	req := lines(t, line{customer: "a", day: "2026-01-01", currency: "EUR", amount: 1}, line{customer: "a", day: "2026-01-05", currency: "USD", amount: 10},
		line{customer: "a", day: "2026-01-10", currency: "usd", amount: 10})
	dir := t.TempDir()
	store(t, dir, "rates.parquet", encode(t, []field{
		{name: "date", node: parquet.Date(), values: int32s(20454, 20463)}, // 2026-01-01, 2026-01-10
		{name: "currency", node: parquet.String(), values: texts("USD", "USD")},
		{name: "rate", node: parquet.Leaf(parquet.DoubleType), values: doubles(0.9, 0.5005)},
	}, 0))
	req.Tables.Rates = &dataset.Rates{Files: dataset.Files{Root: dir, Paths: []dataset.Text{text("rates.parquet")}}}
	if got := result(t, req); got.Totals.Net != 100+900+501 {
		t.Errorf("%+v", got.Totals)
	}
	req.Tables.Orders.Files = lines(t, line{customer: "a", day: "2025-12-31", currency: "USD", amount: 1}).Tables.Orders.Files
	if got := mistakes(t, req); !strings.Contains(got[0].Hint, "no rate") {
		t.Error(got)
	}
}

func TestDroppedRowsAreCountedByReasonAndLimited(t *testing.T) {
	rows := []line{{customer: "a", day: "soon", amount: 1}, {customer: "a", amount: 1}, {customer: "a", day: "2026-01-01"}, {customer: "a", day: "1066-10-14", amount: 1}, {customer: "a", day: "2026-01-01", amount: 1e16}}
	for range 15 {
		rows = append(rows, line{customer: "b", day: "2026-01-01", amount: 2})
	}
	req := lines(t, rows...)
	got := mistakes(t, req)
	want := "5 of 20 rows of [data.orders] cannot be used, more than max_dropped = 0.05 allows: 2 bad-time (first: orders.parquet, row group 0, row 0), 1 bad-amount (first: orders.parquet, row group 0, row 4), 1 no-amount (first: orders.parquet, row group 0, row 2), 1 no-time (first: orders.parquet, row group 0, row 1)"
	if len(got) != 1 || got[0].Msg != want {
		t.Error(got)
	}
	req.MaxDropped = 0.25
	req.Currency, req.Digits = "EUR", 2
	agg := aggregate(t, req)
	if agg.Totals.RowsRead != 20 || agg.Totals.RowsUsed != 15 || agg.Files[0].Used != 15 || len(agg.Quality) != 4 {
		t.Errorf("%+v %+v %+v", agg.Totals, agg.Files, agg.Quality)
	}
}

func TestMistakesInTheMappingAreReportedTogetherWithSuggestions(t *testing.T) {
	req := lines(t, line{customer: "a", day: "2026-01-01", amount: 1})
	o := req.Tables.Orders
	o.Customer, o.Amount, o.Channel, o.Where = column("custmer_id"), column("amount * status"), column("Chanel"), text("statut == 'paid'")
	o.Time = column("status == 'x'")
	var all []string
	for _, d := range mistakes(t, req) {
		all = append(all, fmt.Sprintf("%d:%d %s %s", d.Pos.Line, d.Pos.Col, d.Code, d.Hint))
	}
	got := strings.Join(all, "\n")
	for _, want := range []string{`9:11 PX002 did you mean "customer_id"?`, `9:18 PX003 float(x)`, `PX002 did you mean "channel"?`, `9:11 PX002 did you mean "status"?`, `PD005 it must be a date`} {
		if !strings.Contains(got, want) {
			t.Errorf("missing %q in\n%s", want, got)
		}
	}
}

func TestAmbiguousNamesListTheCandidates(t *testing.T) {
	f := func(names ...string) dataset.Request {
		var fields []field
		for _, n := range names {
			fields = append(fields, field{name: n, node: parquet.Leaf(parquet.DoubleType), values: doubles(1.7e9)})
		}
		return ordersIn(filesAt(store(t, t.TempDir(), "a.parquet", encode(t, fields, 0))))
	}
	got := mistakes(t, f("customer_id", "Customer ID", "date", "amount"))
	if len(got) != 1 || got[0].Code != parquetscan.CodeAmbig || !strings.Contains(got[0].Msg, "Customer ID, customer_id") {
		t.Error(got)
	}
	got = mistakes(t, f("customer_id", "date", "Quantity", "Unit Price"))
	if len(got) != 1 || !strings.Contains(got[0].Hint, `Quantity * col(\"Unit Price\")`) {
		t.Error(got)
	}
	if agg := aggregate(t, dataset.Request{Currency: "EUR", Digits: 2, Tables: f("customer_id", "created_at", "processed_at", "amount").Tables}); agg.Totals.Orders != 1 {
		t.Error(agg.Totals)
	}
}

func TestTheChosenMappingCanBeShown(t *testing.T) {
	req := lines(t, line{customer: "a", day: "2026-01-01", amount: 1})
	req.Currency, req.Digits = "EUR", 2
	req.Tables.Orders.Amount = column("amount")
	req.Tables.Orders.Channel = dataset.Column{Disabled: true}
	s := parquetscan.New(req.Tables)
	if _, _, err := s.Aggregate(context.Background(), req); err != nil {
		t.Fatal(err)
	}
	want := "[{orders customer customer_id true} {orders time ordered_at true} {orders amount amount false} {orders status status true} {orders currency currency true}]"
	if got := fmt.Sprint(s.Mapping()); got != want {
		t.Errorf("got %s", got)
	}
	if req.Tables.Orders.Customer.Set() {
		t.Error("the request was changed")
	}
}

func TestAFileWithoutARequiredColumnIsNamed(t *testing.T) {
	dir := t.TempDir()
	day := field{name: "date", node: parquet.Date(), values: int32s(20000)}
	amount := field{name: "amount", node: parquet.Leaf(parquet.DoubleType), values: doubles(1)}
	customer := field{name: "customer_id", node: parquet.String(), values: texts("a")}
	typo := customer
	typo.name = "customer_idd"
	store(t, dir, "a.parquet", encode(t, []field{day, amount, customer}, 0))
	store(t, dir, "b.parquet", encode(t, []field{day, amount, typo}, 0))
	got := mistakes(t, ordersIn(dataset.Files{Root: dir, Paths: []dataset.Text{text(".")}}))
	if len(got) != 1 || !strings.Contains(got[0].Msg, "b.parquet lacks") || !strings.Contains(got[0].Hint, "customer_idd") {
		t.Error(got)
	}
}

func TestPathsThatCannotBeReadAreErrorsAtTheirPlace(t *testing.T) {
	dir := t.TempDir()
	store(t, dir, "a.csv.parquet", []byte("customer,amount\n1,2\n"))
	store(t, dir, "b.parquet", []byte("PAR1\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"))
	store(t, dir, "c.parquet", []byte("PARE....PARE"))
	c, o, at, a := plainShop()
	whole := encode(t, shop(c, o, at, a), 0)
	store(t, dir, "d.parquet", whole[:len(whole)-20])
	req := ordersIn(dataset.Files{Root: dir, Paths: []dataset.Text{text("*.parquet"), text("none/*.parquet"), text("[")}})
	got := fmt.Sprint(mistakes(t, req))
	for _, want := range []string{"but text, perhaps CSV", "b.parquet: error [PD002] it is cut off", "c.parquet: error [PD002] it is encrypted", "d.parquet: error [PD002] it is cut off", "site.toml:9:10: error [PD001] no Parquet file matches none/*.parquet", "site.toml:9:10: error [PD001] cannot read ["} {
		if !strings.Contains(got, want) {
			t.Errorf("missing %q in %s", want, got)
		}
	}
}

func TestCancellationStopsTheScan(t *testing.T) {
	req := lines(t, line{customer: "a", day: "2026-01-01", amount: 1})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := parquetscan.New(req.Tables).Aggregate(ctx, req); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestAFilterThatLeavesNothingIsAnError(t *testing.T) {
	req := lines(t, line{customer: "a", day: "2026-01-01", status: "paid", amount: 1})
	req.Tables.Orders.Where = text("status == 'payed'")
	if got := mistakes(t, req); got[0].Code != parquetscan.CodeEmpty {
		t.Error(got)
	}
}

func TestHivePartitionsAreColumns(t *testing.T) {
	dir := t.TempDir()
	for _, m := range []string{"country=FR/day=2026-01-31", "country=BE/day=2026-02-01", "country=__HIVE_DEFAULT_PARTITION__/day=2026-02-02", "country=C%C3%B4te%20d%27Ivoire/day=2026-02-03"} {
		store(t, dir, m+"/x.parquet", encode(t, []field{{name: "customer_id", node: parquet.String(), values: texts(m)}, {name: "amount", node: parquet.Leaf(parquet.DoubleType), values: doubles(5)}}, 0))
	}
	req := ordersIn(dataset.Files{Root: dir, Paths: []dataset.Text{text(".")}})
	req.Tables.Orders.Time = column("day")
	req.Dimension = "country"
	got := result(t, req)
	var dims []string
	for _, p := range got.Periods {
		dims = append(dims, fmt.Sprintf("%s %d", p.Dim, p.Period))
	}
	if want := "[ 24312  24313 \x00none 24313 BE 24313 Côte d'Ivoire 24313 FR 24312]"; fmt.Sprint(dims) != want {
		t.Errorf("%q", dims)
	}
}

func TestAColumnOfTheWrongTypeIsNotTakenForARole(t *testing.T) {
	data := encode(t, []field{
		{name: "customer_id", node: parquet.String(), values: texts("a")},
		{name: "date", node: parquet.Date(), values: int32s(20000)},
		{name: "amount", node: parquet.Leaf(parquet.DoubleType), values: doubles(5)},
		{name: "refund", node: parquet.Leaf(parquet.BooleanType), values: bools(true)},
	}, 0)
	if got := result(t, ordersIn(filesAt(store(t, t.TempDir(), "a.parquet", data)))); got.Totals.Net != 500 || got.Totals.Refunds != 0 {
		t.Errorf("%+v", got.Totals)
	}
}

func TestRefundsAsColumnAndAsRowsWithAStatus(t *testing.T) {
	fields := []field{
		{name: "customer_id", node: parquet.String(), values: texts("a", "a", "b")},
		{name: "order_id", node: parquet.Int(64), values: int64s(1, 1, 2)},
		{name: "date", node: parquet.Date(), values: int32s(20000, 20010, 20020)},
		{name: "amount", node: parquet.Decimal(2, 9, parquet.Int32Type), values: int32s(1000, 400, 2000)},
		{name: "status", node: parquet.String(), values: texts("paid", "refunded", "paid")},
		{name: "refund", node: parquet.Decimal(2, 9, parquet.Int32Type), values: int32s(0, 0, -250)},
	}
	req := ordersIn(filesAt(store(t, t.TempDir(), "a.parquet", encode(t, fields, 0))))
	req.Tables.Orders.RefundStatus = []string{"refunded"}
	if got := result(t, req).Totals; got.Gross != 3000 || got.Refunds != 650 || got.Orders != 2 {
		t.Errorf("%+v", got)
	}
}

func TestMinorUnitsAndCurrenciesWithoutCents(t *testing.T) {
	fields := []field{
		{name: "customer_id", node: parquet.String(), values: texts("a")}, {name: "date", node: parquet.Date(), values: int32s(20000)}, {name: "amount", node: parquet.Int(64), values: int64s(1999)},
	}
	req := ordersIn(filesAt(store(t, t.TempDir(), "a.parquet", encode(t, fields, 0))))
	for _, test := range []struct {
		currency, unit string
		digits         int
		want           int64
	}{{"EUR", "minor", 2, 1999}, {"EUR", "major", 2, 199900}, {"JPY", "", 0, 1999}, {"KWD", "", 3, 1999000}, {"KWD", "minor", 3, 1999}} {
		req.Currency, req.Digits, req.Tables.Orders.Unit = test.currency, test.digits, test.unit
		if got := result(t, req).Totals; got.Net != test.want {
			t.Errorf("%+v: %d", test, got.Net)
		}
	}
}

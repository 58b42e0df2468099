package parquetscan_test

import (
	"os"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"parcours/report/dataset"
)

// Arrow gives a column that holds nothing the type NULL: in a month without channels, and in files without rows. The
// other files of the table say what the column is.
func TestColumnsOfTheTypeNullTakeTheTypeOfTheOtherFiles(t *testing.T) {
	req := lines(t, line{customer: "a", day: "2026-01-01", amount: 1, currency: "EUR", channel: "web"})
	orders := req.Tables.Orders
	for _, name := range []string{"no-rows.parquet", "null-columns.parquet"} {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		store(t, orders.Files.Root, name, b)
	}
	orders.Files.Paths = []dataset.Text{text("*.parquet")}
	got := result(t, req)
	if got.Totals.Orders != 3 || got.Totals.Net != 800 || got.Totals.Customers != 3 {
		t.Errorf("%+v", got.Totals)
	}
	orders.Files.Paths = []dataset.Text{text("null-columns.parquet")}
	if got := result(t, req); got.Totals.Orders != 2 || got.Totals.Net != 700 {
		t.Errorf("alone: %+v", got.Totals)
	}
}

// An empty file may lack any column: there is nothing in it to miss.
func TestFilesWithoutRowsMayLackColumns(t *testing.T) {
	req := lines(t, line{customer: "a", day: "2026-01-01", amount: 1})
	orders := req.Tables.Orders
	store(t, orders.Files.Root, "empty.parquet", encode(t, []field{{name: "x", node: parquet.String()}}, 0))
	orders.Files.Paths = []dataset.Text{text("*.parquet")}
	if got := result(t, req); got.Totals.Orders != 1 {
		t.Errorf("%+v", got.Totals)
	}
}

func TestTimesThatAreNumbersInSomeFilesOnlyAreReported(t *testing.T) {
	req := lines(t, line{customer: "a", day: "2026-01-01", amount: 1})
	orders := req.Tables.Orders
	store(t, orders.Files.Root, "seconds.parquet", encode(t, []field{
		{name: "customer_id", node: parquet.String(), values: []parquet.Value{parquet.ByteArrayValue([]byte("b"))}},
		{name: "ordered_at", node: parquet.Int(64), values: []parquet.Value{parquet.Int64Value(1)}},
		{name: "amount", node: parquet.Leaf(parquet.DoubleType), values: []parquet.Value{parquet.DoubleValue(2)}},
	}, 0))
	orders.Files.Paths = []dataset.Text{text("*.parquet")}
	got := mistakes(t, req)
	if want := `"ordered_at" is an integer in seconds.parquet and a text in orders.parquet`; len(got) != 1 || got[0].Msg != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

// What can be read as an expression is judged as one; only the rest may be a name with spaces.
func TestMistakesOfExpressionsAreNotTakenForNames(t *testing.T) {
	for _, c := range []struct{ amount, want string }{
		{"amount % 2", "%"},
		{"1 ? 2 : 3", "condition"},
		{"not amount", "not"},
		{"amount[0]", "cannot be used"},
		{"Order amount", `unknown column "Order amount"`},
	} {
		req := lines(t, line{customer: "a", day: "2026-01-01", amount: 1})
		req.Tables.Orders.Amount.Text = text(c.amount)
		got := mistakes(t, req)
		if len(got) != 1 || !strings.Contains(got[0].Msg, c.want) {
			t.Errorf("%s: got %v", c.amount, got)
		}
	}
}

// Columns that need another form as identifiers, such as unsigned and wide numbers, do so in their own files only.
func TestIdentifiersOfOtherFilesKeepTheirForm(t *testing.T) {
	for name, wide := range map[string]field{
		"uint64":       {node: parquet.Uint(64), values: int64s(17850)},
		"wide decimal": {node: parquet.Decimal(0, 38, parquet.FixedLenByteArrayType(16)), values: fixed(16, 17850)},
	} {
		dir := t.TempDir()
		for i, f := range []field{wide, {node: parquet.String(), values: texts("17850")}, {node: parquet.Int(64), values: int64s(17850)}} {
			f.name = "customer_id"
			store(t, dir, string(rune('a'+i))+".parquet", encode(t, []field{
				f, {name: "ordered_at", node: parquet.Date(), values: int32s(20000)}, {name: "amount", node: parquet.Leaf(parquet.DoubleType), values: doubles(10)},
			}, 0))
		}
		got := result(t, ordersIn(dataset.Files{Root: dir, Paths: []dataset.Text{text(".")}}))
		if got.Totals.Customers != 1 || got.Totals.Orders != 3 || got.Totals.UnidentifiedRows != 0 {
			t.Errorf("%s: %+v", name, got.Totals)
		}
	}
}

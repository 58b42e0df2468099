package parquetscan_test

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"parcours/internal/diag"
	"parcours/report/dataset"
	"parcours/report/dataset/datasettest"
	"parcours/report/dataset/parquetscan"
)

// placed writes the rows of a case in so many files a table and returns its request with their places.
func placed(t *testing.T, c datasettest.Case, parts int) dataset.Request {
	t.Helper()
	root := t.TempDir()
	c.Parts = parts
	files := func(table string) dataset.Files {
		for i, rows := range c.Split(table) {
			store(t, root, filepath.Join(table, fmt.Sprintf("part-%d.parquet", i)), encodeRows(t, c.Columns(table), rows))
		}
		return dataset.Files{
			Name: table, Root: root, Paths: []dataset.Text{{Value: table}}, Pos: diag.Position{File: "site.toml", Line: 1, Col: 1},
		}
	}
	req := c.Request
	in := &req.Tables
	*in = dataset.Tables{Orders: in.Orders, Customers: in.Customers}
	if in.Orders != nil {
		o := *in.Orders
		o.Files = files("orders")
		in.Orders = &o
	}
	if in.Customers != nil {
		o := *in.Customers
		o.Files = files("customers")
		in.Customers = &o
	}
	return req
}

func encodeRows(t *testing.T, columns []datasettest.Column, rows []dataset.Row) []byte {
	fields := make([]field, len(columns))
	for i, c := range columns {
		fields[i] = field{name: c.Name, node: nodeOf[c.Kind]}
		for _, r := range rows {
			fields[i].values = append(fields[i].values, valueOf(r[c.Name]))
		}
	}
	return encode(t, fields, 50)
}

func customersOf(t *testing.T, req dataset.Request, budget int64) (*dataset.Aggregates, []dataset.Customer) {
	t.Helper()
	src := parquetscan.New(req.Tables).WithBudget(budget)
	a, l, err := src.Aggregate(t.Context(), req)
	if err != nil || a == nil {
		t.Fatal(err, l.Sorted())
	}
	var out []dataset.Customer
	l, err = src.Customers(t.Context(), req, a, func(some []dataset.Customer) error {
		out = append(out, some...)
		return nil
	})
	if err != nil || l.Len() > 0 {
		t.Fatal(err, l.Sorted())
	}
	return a, out
}

// cellsOf counts customers as Aggregates.Cells does, without the columns that a Customer does not have.
func cellsOf(a *dataset.Aggregates, customers []dataset.Customer) []dataset.CellRow {
	named := map[string]bool{}
	for _, p := range a.Periods {
		named[p.Dim] = true
	}
	width := a.Manifest.Resolution
	cells := map[dataset.CellRow]*dataset.CellRow{}
	for _, c := range customers {
		dims := []string{""}
		switch {
		case a.Manifest.Dimension == "":
		case c.Dim == "":
			dims = append(dims, dataset.NoDim)
		case named[c.Dim]:
			dims = append(dims, c.Dim)
		default:
			dims = append(dims, dataset.OtherDim)
		}
		for _, dim := range dims {
			k := dataset.CellRow{Dim: dim, Cohort: c.Cohort, R: c.R, F: c.F, X: c.X, TX: dataset.Bucket(c.TX, width), T: dataset.Bucket(c.T, width)}
			row := cells[k]
			if row == nil {
				fresh := k
				row = &fresh
				cells[k] = row
			}
			row.Customers++
			row.SumTX += int64(c.TX)
			row.SumT += int64(c.T)
			row.Net += c.Net
			if c.Spend > 0 {
				row.Spenders++
				row.Spend += c.Spend
			}
		}
	}
	var out []dataset.CellRow
	for _, row := range cells {
		out = append(out, *row)
	}
	slices.SortFunc(out, func(a, b dataset.CellRow) int {
		return cmp.Or(cmp.Compare(a.Dim, b.Dim), cmp.Compare(a.Cohort, b.Cohort), cmp.Compare(a.R, b.R), cmp.Compare(a.F, b.F),
			cmp.Compare(a.X, b.X), cmp.Compare(a.TX, b.TX), cmp.Compare(a.T, b.T))
	})
	return out
}

// The list and the tables count the same customers, whatever the shop, the files and the passes.
func TestCustomersMakeTheCells(t *testing.T) {
	for seed := range uint64(24) {
		c := datasettest.Random(seed)
		a, all := customersOf(t, placed(t, c, 1), 0)
		var want []dataset.CellRow
		for _, row := range a.Cells {
			row.FirstSpend, row.LogGaps = 0, 0
			want = append(want, row)
		}
		if got := cellsOf(a, all); !slices.Equal(got, want) {
			t.Fatalf("seed %d: cells\n%v\nwant\n%v", seed, got, want)
		}
		var orders, net, cube int64
		for _, c := range all {
			orders += c.Orders
			net += c.Net
			if c.First+c.TX != c.Last || c.First+c.T != a.Manifest.AsOf {
				t.Fatalf("seed %d: %+v", seed, c)
			}
		}
		for _, r := range a.RFM {
			cube += r.Net
		}
		if net != cube-a.Totals.CancelledNet {
			t.Errorf("seed %d: net %d, want %d", seed, net, cube-a.Totals.CancelledNet)
		}
		if !slices.IsSortedFunc(all, func(a, b dataset.Customer) int { return cmp.Compare(a.ID, b.ID) }) {
			t.Errorf("seed %d: one pass is not in the order of identifiers", seed)
		}
		// Other files, the same customers in the same order; other passes, the same customers.
		if _, again := customersOf(t, placed(t, c, 3), 0); !reflect.DeepEqual(all, again) {
			t.Errorf("seed %d: split files give other customers", seed)
		}
		_, few := customersOf(t, placed(t, c, 2), 4096)
		slices.SortFunc(few, func(a, b dataset.Customer) int { return cmp.Compare(a.ID, b.ID) })
		if !reflect.DeepEqual(all, few) {
			t.Errorf("seed %d: several passes give other customers", seed)
		}
	}
}

func TestCustomersComeInTheSameOrderForAnyNumberOfThreads(t *testing.T) {
	c := datasettest.Random(7)
	req := placed(t, c, 3)
	_, want := customersOf(t, req, 2048)
	for _, n := range []int{1, 2, 5} {
		before := runtime.GOMAXPROCS(n)
		_, got := customersOf(t, req, 2048)
		runtime.GOMAXPROCS(before)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%d threads: another order", n)
		}
	}
}

// identified returns the identifiers that a column of customers gives, one order each.
func identified(t *testing.T, node parquet.Node, ids []parquet.Value, groups int) []string {
	t.Helper()
	root := t.TempDir()
	n := len(ids)
	days, amounts := make([]int64, n), make([]float64, n)
	for i := range n {
		days[i], amounts[i] = int64(20000+i)*86400e6, 10
	}
	store(t, root, "o.parquet", encode(t, []field{
		{"customer", node, ids}, {"time", parquet.Timestamp(parquet.Microsecond), int64s(days...)}, {"amount", parquet.Leaf(parquet.DoubleType), doubles(amounts...)},
	}, groups))
	col := func(name string) dataset.Column { return dataset.Column{Text: dataset.Text{Value: name}} }
	req := dataset.Request{Currency: "EUR", Digits: 2, Tables: dataset.Tables{Orders: &dataset.Orders{
		Files:    dataset.Files{Name: "orders", Root: root, Paths: []dataset.Text{{Value: "o.parquet"}}},
		Customer: col("customer"), Time: col("time"), Amount: col("amount"),
	}}}
	_, all := customersOf(t, req, 0)
	var out []string
	for _, c := range all {
		out = append(out, c.ID)
	}
	return out
}

func TestIdentifiersAreAsGiven(t *testing.T) {
	long := strings.Repeat("0123456789abcdef", 3)
	text := parquet.String()
	for name, c := range map[string]struct {
		node parquet.Node
		ids  []parquet.Value
		want []string
	}{
		"texts":             {text, texts("b", "a", "é", long, "Z"), []string{long, "Z", "a", "b", "é"}},
		"with spaces":       {text, texts(" a ", "b  "), []string{" a ", "b  "}},
		"seldom spaces":     {text, texts("a", " a", "a  "), []string{"a"}},
		"spaces first":      {text, texts("a  ", " a", "a"), []string{"a"}},
		"always spaces":     {text, texts("a  ", " a"), []string{" a"}},
		"long with spaces":  {text, texts(long+" ", " "+long), []string{" " + long}},
		"long, plain later": {text, texts(" "+long, long), []string{long}},
		"floats as text":    {text, texts("17850.0", "12.50"), []string{"12.50", "17850.0"}},
		"and plain":         {text, texts("17850.0", "17850"), []string{"17850"}},
		"integers":          {parquet.Int(64), int64s(17850, -3, 1<<60), []string{"-3", "1152921504606846976", "17850"}},
		"doubles":           {parquet.Leaf(parquet.DoubleType), doubles(17850, 12.5, 1e15), []string{"1000000000000000", "12.5", "17850"}},
	} {
		for _, group := range []int{0, 1} {
			if got := identified(t, c.node, c.ids, group); !slices.Equal(got, c.want) {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		}
	}
}

func TestCustomersStopWithTheirReader(t *testing.T) {
	req := placed(t, datasettest.Random(3), 1)
	src := parquetscan.New(req.Tables)
	a, _, err := src.Aggregate(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	full := errors.New("no space left")
	if _, err := src.Customers(t.Context(), req, a, func([]dataset.Customer) error { return full }); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
}

func TestFilesThatChangeBetweenReadingsAreTold(t *testing.T) {
	c := datasettest.Random(3)
	req := placed(t, c, 2)
	src := parquetscan.New(req.Tables)
	a, _, err := src.Aggregate(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(req.Tables.Orders.Root, "orders", "part-0.parquet")); err != nil {
		t.Fatal(err)
	}
	l, err := src.Customers(t.Context(), req, a, func([]dataset.Customer) error { return nil })
	if err != nil || !l.HasErrors() || l.Sorted()[0].Code != parquetscan.CodeChanged {
		t.Errorf("%v %v", err, l.Sorted())
	}
}

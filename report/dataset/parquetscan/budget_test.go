package parquetscan_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"parcours/internal/memory"
	"parcours/report/dataset"
	"parcours/report/dataset/parquetscan"
)

// notes writes orders with a text of so many random bytes each, in one row group.
func notes(t testing.TB, path string, rows, length, page int) {
	t.Helper()
	r := rand.New(rand.NewPCG(5, 5))
	var customers, orders, days []int64
	var amounts []float64
	var channels []string
	for i := range rows {
		customers, orders, days = append(customers, r.Int64N(int64(rows)/3+1)), append(orders, int64(i)), append(days, 1_600_000_000+r.Int64N(60_000_000))
		amounts = append(amounts, float64(r.IntN(9000))/100)
		b := make([]byte, length)
		for j := range b {
			b[j] = byte('a' + r.IntN(26))
		}
		channels = append(channels, string(b))
	}
	plain := func(n parquet.Node) parquet.Node { return parquet.Encoded(n, &parquet.Plain) }
	store(t, filepath.Dir(path), filepath.Base(path), encode(t, []field{
		{name: "customer_id", node: plain(parquet.Int(64)), values: int64s(customers...)},
		{name: "order_id", node: plain(parquet.Int(64)), values: int64s(orders...)},
		{name: "ordered_at", node: plain(parquet.Int(64)), values: int64s(days...)},
		{name: "amount", node: plain(parquet.Leaf(parquet.DoubleType)), values: doubles(amounts...)},
		{name: "channel", node: plain(parquet.String()), values: texts(channels...)},
	}, 0, parquet.PageBufferSize(page), parquet.Compression(&parquet.Zstd)))
}

func TestPagesThatDoNotFitThePromiseAreRefusedBeforeAnyRowIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orders.parquet")
	notes(t, path, 1500, 60_000, 256<<20)
	req := ordersIn(filesAt(path))
	req.Currency, req.Digits, req.Dimension = "EUR", 2, "channel"
	read := false
	req.Memory, req.Progress = memory.Least, func(int64, int64) { read = true }
	agg, l, err := parquetscan.New(req.Tables).Aggregate(t.Context(), req)
	if agg != nil || err != nil || l.Len() != 1 || read {
		t.Fatalf("bundle %v, %v, rows read: %v, %v", agg != nil, err, read, l.Sorted())
	}
	d := l.Sorted()[0]
	if d.Code != parquetscan.CodeMemory || filepath.Base(d.Pos.File) != "orders.parquet" || !strings.Contains(d.Msg, "pages of 85.8 MiB of the column channel") ||
		!strings.Contains(d.Msg, "only 128 MiB of memory are promised") || !strings.Contains(d.Hint, "with --memory or [build] memory, or write the file with smaller pages") {
		t.Error(d)
	}
	words := strings.Fields(d.Hint)
	if req.Memory, err = memory.Parse(words[1] + words[2]); err != nil {
		t.Fatal(err)
	}
	if agg, l, err = parquetscan.New(req.Tables).Aggregate(t.Context(), req); agg == nil || err != nil {
		t.Errorf("with %s, as the hint says: %v %v", words[1]+words[2], err, l.Sorted())
	}
}

func TestTheMemoryDoesNotShowInTheAggregates(t *testing.T) {
	dir := t.TempDir()
	for i := range 3 {
		notes(t, filepath.Join(dir, fmt.Sprintf("%d.parquet", i)), 20_000, 3, 4096)
	}
	req := ordersIn(filesAt(filepath.Join(dir, "*.parquet")))
	req.Currency, req.Digits, req.Dimension = "EUR", 2, "channel"
	want, l, err := parquetscan.New(req.Tables).Aggregate(t.Context(), req)
	if want == nil || err != nil {
		t.Fatal(err, l.Sorted())
	}
	for _, size := range []int64{memory.Least, 160 << 20, 1 << 30, 1 << 40} {
		req.Memory = size
		if got, l, err := parquetscan.New(req.Tables).Aggregate(t.Context(), req); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: another answer: %v %v", memory.Format(size), err, l.Sorted())
		}
	}
}

func TestManyProcessorsShareThePromise(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orders.parquet")
	notes(t, path, 20_000, 3, 4096)
	req := ordersIn(filesAt(path))
	before := runtime.GOMAXPROCS(64)
	defer runtime.GOMAXPROCS(before)
	last := 0
	for _, size := range []int64{memory.Least, 512 << 20, 8 << 30} {
		req.Memory = size
		workers, records := parquetscan.New(req.Tables).Plan(t.Context(), req)
		if workers < max(last, 1) || workers > 64 || records <= 0 || records >= size {
			t.Errorf("%s: %d workers and %s of records", memory.Format(size), workers, memory.Format(records))
		}
		last = workers
	}
	if last != 64 {
		t.Errorf("8 GiB are enough for 64 workers, not %d", last)
	}
}

// Scores are written in this order, and may not depend on the memory of the machine.
func TestTheOrderOfCustomersDoesNotDependOnTheMemory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orders.parquet")
	notes(t, path, 3000, 3, 4096)
	req := ordersIn(filesAt(path))
	req.Currency, req.Digits = "EUR", 2
	list := func(pass, promise int64) (ids []string) {
		req.Memory = promise
		src := parquetscan.New(req.Tables).WithBudget(16 << 10).WithPass(pass)
		a, l, err := src.Aggregate(t.Context(), req)
		if a == nil || err != nil {
			t.Fatal(err, l.Sorted())
		}
		l, err = src.Customers(t.Context(), req, a, func(some []dataset.Customer) error {
			for _, c := range some {
				ids = append(ids, c.ID)
			}
			return nil
		})
		if err != nil || l.Len() > 0 {
			t.Fatal(err, l.Sorted())
		}
		return ids
	}
	want := list(16<<10, 0) // one share a pass
	for _, pass := range []int64{40 << 10, 100 << 10, 1 << 30} {
		if got := list(pass, memory.Least); len(got) < 500 || !slices.Equal(got, want) {
			t.Errorf("%d bytes a pass: another order of %d customers", pass, len(got))
		}
	}
}

package parquetscan_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"parcours/report/dataset"
	"parcours/report/dataset/parquetscan"
)

// manyOrders writes orders with nulls, dictionaries and rows that cannot be used.
func manyOrders(t *testing.T, n int, ids []int64, options ...parquet.WriterOption) []field {
	t.Helper()
	r := rand.New(rand.NewPCG(21, uint64(n)))
	dict := func(node parquet.Node) parquet.Node {
		return parquet.Optional(parquet.Encoded(node, &parquet.RLEDictionary))
	}
	fields := []field{
		{name: "customer_id", node: dict(parquet.String())},
		{name: "order_id", node: parquet.Optional(parquet.Int(64))},
		{name: "ordered_at", node: parquet.Optional(parquet.Timestamp(parquet.Microsecond))},
		{name: "amount", node: parquet.Optional(parquet.Leaf(parquet.DoubleType))},
		{name: "channel", node: dict(parquet.String())},
		{name: "note", node: parquet.Optional(parquet.String())},
	}
	hollow := false
	for i := range n {
		if i%97 == 0 {
			hollow = r.IntN(3) == 0 // long stretches of nulls
		}
		row := []parquet.Value{
			parquet.ByteArrayValue(fmt.Appendf(nil, "customer %d", r.IntN(n/5+1))), parquet.Int64Value(ids[i%len(ids)]), parquet.Int64Value(base + int64(r.IntN(400))*86400e6 + int64(i)),
			parquet.DoubleValue(float64(r.IntN(9000)-500) / 100), parquet.ByteArrayValue([]byte([]string{"web", "shop", ""}[r.IntN(3)])), parquet.ByteArrayValue([]byte(strings.Repeat("x", r.IntN(9)))),
		}
		for c := range row {
			if r.IntN(50) == 0 || hollow && c != 2 {
				row[c] = parquet.Value{}
			}
			fields[c].values = append(fields[c].values, row[c])
		}
	}
	return fields
}

func wholeOf(t *testing.T, src *parquetscan.Source, req dataset.Request) *dataset.Aggregates {
	t.Helper()
	a, l, err := src.Aggregate(t.Context(), req)
	if err != nil || a == nil {
		t.Fatal(err, l.Sorted())
	}
	return a
}

func shopAt(root string) dataset.Request {
	return dataset.Request{
		Currency: "EUR", Digits: 2, Grain: dataset.Month, Dimension: "channel", MaxDropped: 1,
		Tables: dataset.Tables{Orders: &dataset.Orders{Files: dataset.Files{
			Root: root, Paths: []dataset.Text{{Value: "*.parquet"}}, Where: dataset.Text{Value: `note == nil or length(note) > 1`},
		}}},
	}
}

func TestCuttingRowGroupsChangesNothing(t *testing.T) {
	ids := make([]int64, 1500)
	for i := range ids {
		ids[i] = int64(i * 7)
	}
	for _, version := range []int{1, 2} {
		for _, size := range []int{64, 700, 1 << 20} {
			dir := t.TempDir()
			fields := manyOrders(t, 1500, ids)
			store(t, dir, "a.parquet", encode(t, fields, 0, parquet.DataPageVersion(version), parquet.PageBufferSize(size), parquet.Compression(&parquet.Zstd)))
			store(t, dir, "b.parquet", encode(t, fields, 400, parquet.DataPageVersion(version), parquet.PageBufferSize(size)))
			req := shopAt(dir)
			want := wholeOf(t, parquetscan.New(req.Tables), req)
			if want.Totals.Orders < 500 || want.Totals.UnidentifiedRows == 0 || len(want.Quality) < 5 {
				t.Fatalf("%+v", want.Totals)
			}
			for _, task := range []int64{17, 100, 499} {
				if got := wholeOf(t, parquetscan.New(req.Tables).WithSizes(task, 0), req); !reflect.DeepEqual(got, want) {
					t.Errorf("version %d, pages of %d, tasks of %d rows:\n got %+v\nwant %+v", version, size, task, got.Totals, want.Totals)
				}
			}
		}
	}
}

func TestDamageIsToldOnceHoweverRowGroupsAreCut(t *testing.T) {
	dir := t.TempDir()
	data := encode(t, manyOrders(t, 1500, []int64{1, 2, 3}), 0, parquet.PageBufferSize(4000), parquet.Compression(&parquet.Zstd))
	for i := range 200 { // in the pages of the first column
		data[300+i] ^= 0x55
	}
	store(t, dir, "a.parquet", data)
	req := shopAt(dir)
	count := func(task int64) (out []string) {
		_, l, err := parquetscan.New(req.Tables).WithSizes(task, 0).Aggregate(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range l.Sorted() {
			out = append(out, d.String())
		}
		return out
	}
	if want := count(1 << 20); len(want) != 1 || !slices.Equal(count(50), want) {
		t.Errorf("got %q, want %q", count(50), want)
	}
}

// The identifiers of orders are not read when they are proved to be different; the result is the same.
func TestIdentifiersThatDifferAreNotNeeded(t *testing.T) {
	const n = 1200
	up, down, shuffled, wide := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	r := rand.New(rand.NewPCG(31, 32))
	for i, k := range r.Perm(n) {
		up[i], down[i], shuffled[i], wide[i] = int64(10*i-500), int64(-10*i), int64(3*k-700), int64(r.Uint64())
	}
	late := slices.Clone(up)
	late[n-1] = up[3]
	twice := slices.Clone(shuffled)
	twice[n-2] = twice[5]
	for name, c := range map[string]struct {
		ids  []int64
		want int
	}{
		"up": {up, 0}, "down": {down, 0}, "shuffled": {shuffled, 0}, "random": {wide, 1}, "one twice at the end": {late, 1}, "one twice": {twice, 1}, "few": {[]int64{1, 1, 2, 3, 4, 4}, 1},
	} {
		for _, group := range []int{0, 100} {
			dir := t.TempDir()
			fields := manyOrders(t, n, c.ids)
			for i := range fields[1].values { // the pattern without nulls, or all would differ by chance
				if fields[1].values[i].IsNull() && name != "up" {
					fields[1].values[i] = parquet.Int64Value(c.ids[i%len(c.ids)])
				}
			}
			store(t, dir, "a.parquet", encode(t, fields, group))
			req := shopAt(dir)
			src := func(proof int64) *parquetscan.Source { return parquetscan.New(req.Tables).WithSizes(150, proof) }
			if got := src(1).OrderWords(t.Context(), req); got != c.want {
				t.Errorf("%s, groups of %d: %d words, want %d", name, group, got, c.want)
			}
			if got, want := wholeOf(t, src(1), req), wholeOf(t, src(1<<30), req); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: got %+v\nwant %+v", name, got.Totals, want.Totals)
			}
			// The same file again: now every identifier is there twice.
			if err := os.Link(filepath.Join(dir, "a.parquet"), filepath.Join(dir, "b.parquet")); err != nil {
				t.Skip(err)
			}
			if got := src(1).OrderWords(t.Context(), req); got != 1 {
				t.Errorf("%s, two files: %d words", name, got)
			}
		}
	}
}

func TestStatisticsOfIdentifiersAreNoProof(t *testing.T) {
	dir := t.TempDir()
	fields := manyOrders(t, 600, []int64{5, 4, 9, 1, 7, 5})
	store(t, dir, "a.parquet", encode(t, fields, 0))
	req := shopAt(dir)
	if got := parquetscan.New(req.Tables).WithSizes(100, 1).OrderWords(t.Context(), req); got != 1 {
		t.Errorf("%d words", got)
	}
	for name, id := range map[string]field{
		"texts": {name: "order_id", node: parquet.String()}, "doubles": {name: "order_id", node: parquet.Leaf(parquet.DoubleType)},
	} {
		for i := range fields[1].values {
			if name == "texts" {
				id.values = append(id.values, parquet.ByteArrayValue(fmt.Append(nil, i)))
			} else {
				id.values = append(id.values, parquet.DoubleValue(float64(i)))
			}
		}
		store(t, dir, "a.parquet", encode(t, append([]field{id}, append(slices.Clone(fields[:1]), fields[2:]...)...), 0))
		if got := parquetscan.New(req.Tables).WithSizes(100, 1).OrderWords(t.Context(), req); got != 2 {
			t.Errorf("%s: %d words", name, got)
		}
	}
}

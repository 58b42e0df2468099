package parquetscan_test

import (
	"bytes"
	"fmt"
	"reflect"
	"testing"

	"github.com/parquet-go/parquet-go"

	"parcours/report/dataset"
	"parcours/report/dataset/parquetscan"
)

// everyColumn is true for all rows, and makes the filter read every column.
const everyColumn = `((customer_id == nil) or (order_id == nil) or (amount == nil) or (channel == nil) or (note == nil) or true)`

// Columns that no row of a stretch needs are passed over; the result is that of reading them.
func TestColumnsThatNoRowNeedsAreNotMissed(t *testing.T) {
	const n = 30000
	fields := manyOrders(t, n, []int64{1, 2, 3, 4, 5, 5, 6})
	for i := range n { // in the order of time, nulls here and there
		if !fields[2].values[i].IsNull() {
			fields[2].values[i] = parquet.Int64Value(base + int64(i/200)*86400e6 + int64(i%200))
		}
	}
	for _, version := range []int{1, 2} {
		dir := t.TempDir()
		store(t, dir, "a.parquet", encode(t, fields, 0, parquet.DataPageVersion(version), parquet.PageBufferSize(3000), parquet.Compression(&parquet.Snappy)))
		store(t, dir, "b.parquet", encode(t, fields[:5], 9000, parquet.DataPageVersion(version), parquet.PageBufferSize(20000)))
		early, late := dataset.Day(19723+60), dataset.Day(19723+30)
		for _, c := range []struct {
			where string
			asOf  *dataset.Day
		}{
			{`ordered_at >= date("2024-03-01")`, nil},
			{`ordered_at < date("2024-02-01")`, nil},
			{`ordered_at > date("2030-01-01") or amount > 80`, nil},
			{`ordered_at >= date("2024-01-20") and ordered_at < date("2024-01-22")`, nil},
			{"true", &early},
			{`channel == "web"`, &late},
			{`ordered_at >= date("2024-01-20")`, &late},
		} {
			req := shopAt(dir)
			req.AsOf = c.asOf
			answer := func(where string, task int64) *dataset.Aggregates {
				req.Tables.Orders.Where = dataset.Text{Value: where}
				return wholeOf(t, parquetscan.New(req.Tables).WithSizes(task, 0), req)
			}
			want := answer("("+c.where+") and "+everyColumn, 1<<20)
			if want.Totals.Orders == 0 {
				t.Fatalf("%s: nothing", c.where)
			}
			for _, task := range []int64{1 << 20, 4096, 5000, 333} {
				if got := answer(c.where, task); !reflect.DeepEqual(got, want) {
					t.Errorf("%s, tasks of %d:\n got %+v %+v\nwant %+v %+v", c.where, task, got.Totals, got.Quality, want.Totals, want.Quality)
				}
			}
		}
	}
}

func TestPagesThatNoRowNeedsAreNotUnpacked(t *testing.T) {
	const n = 30000
	fields := manyOrders(t, n, []int64{1})
	for i := range n {
		fields[2].values[i] = parquet.Int64Value(base + int64(i))
		fields[3].values[i] = parquet.DoubleValue(float64(i))
		if i > 4096 && i < 4500 {
			fields[5].values[i] = parquet.ByteArrayValue(fmt.Appendf(nil, "needle %d", i))
		}
	}
	dir := t.TempDir()
	data := encode(t, fields, 0, parquet.PageBufferSize(2000), parquet.DataPageStatistics(false))
	at := bytes.Index(data, []byte("needle 4300"))
	if at < 0 {
		t.Fatal("no needle")
	}
	data[at-3] = 0x7f // the text before becomes longer than its page
	store(t, dir, "a.parquet", data)
	for task, where := range map[int64]string{1 << 20: fmt.Sprintf(`ordered_at >= date("2024-01-01") and row() > %d`, 3*4096), 5000: fmt.Sprintf("row() > %d", 3*4096)} {
		req := shopAt(dir)
		req.Tables.Orders.Where = dataset.Text{Value: where}
		req.Dimension, req.Tables.Orders.Channel = "channel", dataset.Column{Text: dataset.Text{Value: "note"}}
		wholeOf(t, parquetscan.New(req.Tables).WithSizes(task, 0), req)
		req.Tables.Orders.Where = dataset.Text{}
		if a, l, _ := parquetscan.New(req.Tables).WithSizes(task, 0).Aggregate(t.Context(), req); a != nil || !l.HasErrors() {
			t.Error("the damage is not there")
		}
	}
}

package parquetscan_test

import (
	"encoding/hex"
	"fmt"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"

	"parcours/report/dataset"
)

// The same small shop in many physical forms must give the same aggregates.
var (
	shopCustomers = []int64{17850, 17850, 12346, 17850, 99999, 12346, 12346, 5, 12346, 5}
	shopOrders    = []int64{1, 1, 2, 3, 4, 5, 5, 6, 7, 8}
	shopCents     = []int64{1005, 999, 2500, -999, 1, 0, 12345678, 333, 250, 100}
	shopMicros    = []int64{0, 60e6, 86399999999, 86400e6, 40 * 86400e6, 41 * 86400e6, 41*86400e6 + 5, 100 * 86400e6, 333 * 86400e6, 365*86400e6 - 1}
)

// base is midnight of 2024-01-01 UTC in µs.
var base = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

func each[T, U any](list []T, f func(T) U) []U {
	out := make([]U, len(list))
	for i, x := range list {
		out[i] = f(x)
	}
	return out
}

func micros() []int64 { return each(shopMicros, func(m int64) int64 { return base + m }) }

func shop(customer, order, at, amount field) []field {
	customer.name, order.name, at.name, amount.name = "customer_id", "order_id", "ordered_at", "amount"
	return []field{customer, order, at, amount}
}

func plainShop() (customer, order, at, amount field) {
	return field{node: parquet.Int(64), values: int64s(shopCustomers...)}, field{node: parquet.Int(64), values: int64s(shopOrders...)},
		field{node: parquet.Timestamp(parquet.Microsecond), values: int64s(micros()...)}, field{node: parquet.Decimal(2, 12, parquet.Int64Type), values: int64s(shopCents...)}
}

// result runs the shop through the reader and leaves out what depends on the files.
func result(t *testing.T, req dataset.Request) dataset.Aggregates {
	t.Helper()
	if req.Currency == "" {
		req.Currency, req.Digits, req.Grain = "EUR", 2, dataset.Month
	}
	agg := *aggregate(t, req)
	agg.Files, agg.Quality = nil, nil
	return agg
}

func ordersIn(files dataset.Files) dataset.Request {
	return dataset.Request{Tables: dataset.Tables{Orders: &dataset.Orders{Files: files}}}
}

func expected(t *testing.T) dataset.Aggregates {
	c, o, at, a := plainShop()
	want := result(t, ordersIn(filesAt(store(t, t.TempDir(), "a.parquet", encode(t, shop(c, o, at, a), 0)))))
	if want.Totals.Net != 12350767-900 || want.Totals.Customers != 4 || want.Totals.Orders != 7 {
		t.Fatalf("%+v", want.Totals)
	}
	return want
}

func TestEveryTypeGivesTheSameAggregates(t *testing.T) {
	want := expected(t)
	text := func(x int64) string { return strconv.FormatInt(x, 10) }
	major := each(shopCents, func(c int64) float64 { return float64(c) / 100 })
	format := func(layout string) []string {
		return each(micros(), func(m int64) string { return time.UnixMicro(m).UTC().Format(layout) })
	}
	scaled := func(by int64) []int64 { return each(shopCents, func(c int64) int64 { return c * by }) }
	ids := map[string]field{
		"int32":         {node: parquet.Int(32), values: int32s(each(shopCustomers, func(x int64) int32 { return int32(x) })...)},
		"uint32":        {node: parquet.Uint(32), values: int32s(each(shopCustomers, func(x int64) int32 { return int32(x) })...)},
		"uint64":        {node: parquet.Uint(64), values: int64s(shopCustomers...)},
		"double":        {node: parquet.Leaf(parquet.DoubleType), values: doubles(each(shopCustomers, func(x int64) float64 { return float64(x) })...)},
		"optional":      {node: parquet.Optional(parquet.Leaf(parquet.DoubleType)), values: doubles(each(shopCustomers, func(x int64) float64 { return float64(x) })...)},
		"float":         {node: parquet.Leaf(parquet.FloatType), values: floats(each(shopCustomers, func(x int64) float32 { return float32(x) })...)},
		"string":        {node: parquet.String(), values: texts(each(shopCustomers, text)...)},
		"dictionary":    {node: parquet.Encoded(parquet.String(), &parquet.RLEDictionary), values: texts(each(shopCustomers, text)...)},
		"delta bytes":   {node: parquet.Encoded(parquet.String(), &parquet.DeltaByteArray), values: texts(each(shopCustomers, text)...)},
		"delta lengths": {node: parquet.Encoded(parquet.String(), &parquet.DeltaLengthByteArray), values: texts(each(shopCustomers, text)...)},
		"plain":         {node: parquet.Encoded(parquet.String(), &parquet.Plain), values: texts(each(shopCustomers, text)...)},
		"delta int":     {node: parquet.Encoded(parquet.Int(64), &parquet.DeltaBinaryPacked), values: int64s(shopCustomers...)},
		"decimal int32": {node: parquet.Decimal(0, 9, parquet.Int32Type), values: int32s(each(shopCustomers, func(x int64) int32 { return int32(x) })...)},
		"decimal scale": {node: parquet.Decimal(3, 12, parquet.Int64Type), values: int64s(each(shopCustomers, func(x int64) int64 { return x * 1000 })...)},
		"decimal wide":  {node: parquet.Decimal(0, 38, parquet.FixedLenByteArrayType(16)), values: fixed(16, shopCustomers...)},
		"text with .0":  {node: parquet.String(), values: texts(each(shopCustomers, func(x int64) string { return text(x) + ".0" })...)},
		"enum":          {node: parquet.Enum(), values: texts(each(shopCustomers, text)...)},
		"bytes":         {node: parquet.Leaf(parquet.ByteArrayType), values: texts(each(shopCustomers, text)...)},
		"json":          {node: parquet.JSON(), values: texts(each(shopCustomers, text)...)},
	}
	times := map[string]field{
		"millis":    {node: parquet.Timestamp(parquet.Millisecond), values: int64s(each(micros(), func(m int64) int64 { return m / 1000 })...)},
		"nanos":     {node: parquet.Timestamp(parquet.Nanosecond), values: int64s(each(micros(), func(m int64) int64 { return m * 1000 })...)},
		"naive":     {node: parquet.TimestampAdjusted(parquet.Microsecond, false), values: int64s(micros()...)},
		"int96":     {node: parquet.Leaf(parquet.Int96Type), values: int96(micros()...)},
		"date":      {node: parquet.Date(), values: int32s(each(micros(), func(m int64) int32 { return int32(m / 86400e6) })...)},
		"rfc3339":   {node: parquet.String(), values: texts(format(time.RFC3339Nano)...)},
		"sql text":  {node: parquet.String(), values: texts(format("2006-01-02 15:04:05.999999")...)},
		"day text":  {node: parquet.String(), values: texts(format("2006-01-02")...)},
		"yyyymmdd":  {node: parquet.String(), values: texts(format("20060102")...)},
		"int date":  {node: parquet.Int(32), values: int32s(each(format("20060102"), func(s string) int32 { n, _ := strconv.Atoi(s); return int32(n) })...)},
		"seconds":   {node: parquet.Int(64), values: int64s(each(micros(), func(m int64) int64 { return m / 1e6 })...)},
		"epoch ms":  {node: parquet.Int(64), values: int64s(each(micros(), func(m int64) int64 { return m / 1000 })...)},
		"epoch µs":  {node: parquet.Int(64), values: int64s(micros()...)},
		"epoch dbl": {node: parquet.Leaf(parquet.DoubleType), values: doubles(each(micros(), func(m int64) float64 { return float64(m) / 1e6 })...)},
	}
	amounts := map[string]field{
		"double":        {node: parquet.Leaf(parquet.DoubleType), values: doubles(major...)},
		"float":         {node: parquet.Leaf(parquet.FloatType), values: floats(each(major, func(x float64) float32 { return float32(x) })...)},
		"int32 decimal": {node: parquet.Decimal(2, 9, parquet.Int32Type), values: int32s(each(shopCents, func(x int64) int32 { return int32(x) })...)},
		"scale 4":       {node: parquet.Decimal(4, 18, parquet.Int64Type), values: int64s(scaled(100)...)},
		"flba 16":       {node: parquet.Decimal(2, 18, parquet.FixedLenByteArrayType(16)), values: fixed(16, shopCents...)},
		"flba 5":        {node: parquet.Decimal(2, 10, parquet.FixedLenByteArrayType(5)), values: fixed(5, shopCents...)},
		"bytes":         {node: parquet.Decimal(2, 10, parquet.ByteArrayType), values: fixed(0, shopCents...)},
		"wide":          {node: parquet.Decimal(2, 38, parquet.FixedLenByteArrayType(16)), values: fixed(16, shopCents...)},
		"text":          {node: parquet.String(), values: texts(each(major, func(x float64) string { return " " + strconv.FormatFloat(x, 'f', 2, 64) })...)},
		"split":         {node: parquet.Encoded(parquet.Leaf(parquet.DoubleType), &parquet.ByteStreamSplit), values: doubles(major...)},
		"dictionary":    {node: parquet.Encoded(parquet.Leaf(parquet.DoubleType), &parquet.RLEDictionary), values: doubles(major...)},
	}
	check := func(name string, fields []field) {
		t.Run(name, func(t *testing.T) {
			got := result(t, ordersIn(filesAt(store(t, t.TempDir(), "a.parquet", encode(t, fields, 3)))))
			if name == "amount/float" { // 123456.78 has eight digits, a 32-bit float seven
				got.Totals.Net = want.Totals.Net
				return
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got.Totals, want.Totals)
			}
		})
	}
	for name, f := range ids {
		_, _, at, a := plainShop()
		o := f
		o.values = nil
		check("customer/"+name, shop(f, field{node: parquet.Int(64), values: int64s(shopOrders...)}, at, a))
	}
	for name, f := range times {
		c, o, _, a := plainShop()
		check("time/"+name, shop(c, o, f, a))
	}
	for name, f := range amounts {
		c, o, at, _ := plainShop()
		check("amount/"+name, shop(c, o, at, f))
	}
}

func TestEveryCodecAndPageLayoutGivesTheSameAggregates(t *testing.T) {
	want := expected(t)
	c, o, at, a := plainShop()
	null := parquet.Value{}
	for _, f := range []*field{&c, &o, &at, &a} {
		f.node = parquet.Optional(f.node)
	}
	fields := shop(c, o, at, a)
	extra := field{name: "note", node: parquet.Optional(parquet.String()), values: []parquet.Value{null, null, null, null, null, null, null, null, null, null}}
	for name, codec := range map[string]compress.Codec{"none": &parquet.Uncompressed, "snappy": &parquet.Snappy, "gzip": &parquet.Gzip, "zstd": &parquet.Zstd, "brotli": &parquet.Brotli, "lz4": &parquet.Lz4Raw} {
		for _, version := range []int{1, 2} {
			for _, group := range []int{0, 1, 4} {
				t.Run(fmt.Sprintf("%s/v%d/groups of %d", name, version, group), func(t *testing.T) {
					data := encode(t, append(fields, extra), group, parquet.Compression(codec), parquet.DataPageVersion(version), parquet.PageBufferSize(16))
					if got := result(t, ordersIn(filesAt(store(t, t.TempDir(), "a.parquet", data)))); !reflect.DeepEqual(got, want) {
						t.Errorf("got %+v", got.Totals)
					}
				})
			}
		}
	}
}

func TestFilesAndThreadsDoNotChangeTheResult(t *testing.T) {
	want := expected(t)
	c, o, at, a := plainShop()
	dir := t.TempDir()
	for i := range shopCents {
		one := func(f field) field { f.values = f.values[i : i+1]; return f }
		name := fmt.Sprintf("month=2024-%02d/part-%d.parquet", i%12+1, i)
		store(t, dir, name, encode(t, shop(one(c), one(o), one(at), one(a)), 0))
	}
	store(t, dir, "_SUCCESS", nil)
	store(t, dir, "_temporary/x.parquet", []byte("half written"))
	store(t, dir, "month=2024-01/.hidden.parquet", []byte("hidden"))
	store(t, dir, "empty.parquet", encode(t, shop(field{node: c.node}, field{node: o.node}, field{node: at.node}, field{node: a.node}), 0))
	for _, procs := range []int{1, 2, 5} {
		before := runtime.GOMAXPROCS(procs)
		for _, path := range []string{".", "month=*/*.parquet", "month=*"} {
			req := ordersIn(dataset.Files{Root: dir, Paths: []dataset.Text{text(path)}})
			if got := result(t, req); !reflect.DeepEqual(got, want) {
				t.Errorf("%d threads, %s: %+v", procs, path, got.Totals)
			}
		}
		runtime.GOMAXPROCS(before)
	}
}

func TestSchemaDriftKeepsKeysAndFillsMissingOptionalColumns(t *testing.T) {
	dir := t.TempDir()
	one := func(name, node string, customer field, channel bool) {
		customer.name = "customer_id"
		fields := []field{customer, {name: "ordered_at", node: parquet.Date(), values: int32s(20000)}, {name: "amount", node: parquet.Leaf(parquet.DoubleType), values: doubles(10)}}
		if channel {
			fields = append(fields, field{name: "channel", node: parquet.Optional(parquet.String()), values: texts("web")})
		}
		store(t, dir, name, encode(t, fields, 0))
	}
	one("a.parquet", "", field{node: parquet.Int(32), values: int32s(17850)}, false)
	one("b.parquet", "", field{node: parquet.Leaf(parquet.DoubleType), values: doubles(17850)}, true)
	one("c.parquet", "", field{node: parquet.String(), values: texts("17850")}, true)
	one("d.parquet", "", field{node: parquet.Decimal(2, 10, parquet.Int64Type), values: int64s(1785000)}, false)
	one("e.parquet", "", field{node: parquet.Int(64), values: int64s(17850)}, false)
	req := ordersIn(dataset.Files{Root: dir, Paths: []dataset.Text{text(".")}})
	req.Dimension = "channel"
	got := result(t, req)
	if got.Totals.Customers != 1 || got.Totals.Orders != 5 || got.Totals.Net != 5000 {
		t.Errorf("%+v", got.Totals)
	}
}

func TestUUIDsAreKeysInEitherForm(t *testing.T) {
	dir := t.TempDir()
	const written = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
	id, err := hex.DecodeString(strings.ReplaceAll(written, "-", ""))
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]field{
		"a.parquet": {node: parquet.UUID(), values: []parquet.Value{parquet.FixedLenByteArrayValue(id)}},
		"b.parquet": {node: parquet.String(), values: texts(written)},
		"c.parquet": {node: parquet.Encoded(parquet.UUID(), &parquet.RLEDictionary), values: []parquet.Value{parquet.FixedLenByteArrayValue(id)}},
	} {
		f.name = "customer_id"
		store(t, dir, name, encode(t, []field{f, {name: "date", node: parquet.Date(), values: int32s(20000)}, {name: "amount", node: parquet.Leaf(parquet.DoubleType), values: doubles(1)}}, 0))
	}
	if got := result(t, ordersIn(dataset.Files{Root: dir, Paths: []dataset.Text{text(".")}})); got.Totals.Customers != 1 || got.Totals.Orders != 3 {
		t.Errorf("%+v", got.Totals)
	}
}

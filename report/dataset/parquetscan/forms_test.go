package parquetscan_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"github.com/parquet-go/parquet-go"

	"parcours/report/dataset"
)

// form is one way to store a role: a type, how values become its values, and what they then mean if that is not the same.
type form struct {
	name  string
	node  parquet.Node
	value func(any) parquet.Value
	means func(any) any
}

func formOf[T any](name string, node parquet.Node, value func(T) parquet.Value) form {
	return form{name: name, node: node, value: func(x any) parquet.Value { return value(x.(T)) }}
}

func textForm(name string, node parquet.Node, text func(string) string) form {
	return formOf(name, node, func(s string) parquet.Value { return texts(text(s))[0] })
}

func same(s string) string { return s }

// integers are the forms of a whole number times 10^scale; the number itself is in minor units when scale is 0.
func integers(scale int, number func(any) int64) []form {
	by := int64(1)
	for range scale {
		by *= 10
	}
	as := func(name string, node parquet.Node, value func(int64) parquet.Value) form {
		return form{name: name, node: node, value: func(x any) parquet.Value { return value(number(x)) }}
	}
	major := func(x int64) float64 { return float64(x) / float64(by) }
	i32 := func(x int64) parquet.Value { return parquet.Int32Value(int32(x)) }
	plain := func(x int64) string { return strconv.FormatFloat(major(x), 'f', scale, 64) }
	forms := []form{
		as("double", parquet.Leaf(parquet.DoubleType), func(x int64) parquet.Value { return parquet.DoubleValue(major(x)) }),
		as("float", parquet.Leaf(parquet.FloatType), func(x int64) parquet.Value { return parquet.FloatValue(float32(major(x))) }),
		as("decimal int32", parquet.Decimal(scale, 9, parquet.Int32Type), i32),
		as("decimal int64", parquet.Decimal(scale, 18, parquet.Int64Type), parquet.Int64Value),
		as("decimal int64, two more digits", parquet.Decimal(scale+2, 18, parquet.Int64Type), func(x int64) parquet.Value { return parquet.Int64Value(100 * x) }),
		as("decimal FLBA(7)", parquet.Decimal(scale, 16, parquet.FixedLenByteArrayType(7)), func(x int64) parquet.Value { return fixed(7, x)[0] }),
		as("decimal FLBA(16)", parquet.Decimal(scale, 38, parquet.FixedLenByteArrayType(16)), func(x int64) parquet.Value { return fixed(16, x)[0] }),
		as("decimal bytes", parquet.Decimal(scale, 18, parquet.ByteArrayType), func(x int64) parquet.Value { return fixed(0, x)[0] }),
		as("text", parquet.String(), func(x int64) parquet.Value { return texts(plain(x))[0] }),
		as("text with spaces", parquet.String(), func(x int64) parquet.Value { return texts(" " + plain(x) + " ")[0] }),
	}
	if scale == 0 {
		forms = append(forms,
			as("int64", parquet.Int(64), parquet.Int64Value), as("int32", parquet.Int(32), i32), as("bare int32", parquet.Leaf(parquet.Int32Type), i32),
			as("bare int64", parquet.Leaf(parquet.Int64Type), parquet.Int64Value),
			as("text with .0", parquet.String(), func(x int64) parquet.Value { return texts(plain(x) + ".0")[0] }))
	}
	return forms
}

// unsigned are the forms of a number that is never negative.
func unsigned(number func(any) int64) []form {
	as := func(name string, node parquet.Node, value func(int64) parquet.Value) form {
		return form{name: name, node: node, value: func(x any) parquet.Value { return value(number(x)) }}
	}
	return []form{
		as("uint32", parquet.Uint(32), func(x int64) parquet.Value { return parquet.Int32Value(int32(x)) }),
		as("uint64", parquet.Uint(64), parquet.Int64Value),
	}
}

func labels() []form {
	return []form{
		textForm("string", parquet.String(), same), textForm("enum", parquet.Enum(), same),
		textForm("bytes", parquet.Leaf(parquet.ByteArrayType), same), textForm("JSON", parquet.JSON(), same),
	}
}

// identifiers returns a new name for each identifier and the forms that such names may have.
func identifiers(c chance) (rename func(string) string, forms []form) {
	digest := func(s string) [32]byte { return sha256.Sum256([]byte(s)) }
	switch c.IntN(4) {
	case 0: // whole numbers, as every type that holds them
		numbers, next := map[string]int64{}, int64(1000)
		number := func(x any) int64 {
			n, err := strconv.ParseInt(x.(string), 10, 64)
			if err != nil {
				panic(err)
			}
			return n
		}
		return func(s string) string {
			if _, ok := numbers[s]; !ok {
				numbers[s] = next
				next += 1 + int64(digest(s)[0])
			}
			return strconv.FormatInt(numbers[s], 10)
		}, append(append(integers(0, number), unsigned(number)...), labels()...)
	case 1: // large numbers
		number := func(x any) int64 {
			n, err := strconv.ParseInt(x.(string), 10, 64)
			if err != nil {
				panic(err)
			}
			return n
		}
		return func(s string) string {
				n, d := int64(0), digest(s)
				for _, b := range d[:8] {
					n = n<<8 | int64(b)
				}
				return strconv.FormatInt(n, 10)
			}, append(labels(), form{"int64", parquet.Int(64), func(x any) parquet.Value { return parquet.Int64Value(number(x)) }, nil},
				form{"decimal FLBA(16)", parquet.Decimal(0, 38, parquet.FixedLenByteArrayType(16)), func(x any) parquet.Value { return fixed(16, number(x))[0] }, nil})
	case 2: // UUIDs, as text and as bytes
		return func(s string) string {
				d := digest(s)
				h := hex.EncodeToString(d[:16])
				return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
			}, append(labels(), formOf("UUID", parquet.UUID(), func(s string) parquet.Value {
				d, err := hex.DecodeString(s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:])
				if err != nil {
					panic(err)
				}
				return parquet.FixedLenByteArrayValue(d)
			}))
	}
	return same, append(labels(), textForm("with spaces", parquet.String(), func(s string) string { return "  " + s + " " }))
}

// clocks are what a time of a table may be stored as: report is the zone of the report, local the one that the table
// gives for times without zone.
type clocks struct{ report, local *time.Location }

// wall is what local clocks show, as µs since 1970 of UTC.
func (k clocks) wall(t time.Time) int64 {
	t = t.In(k.local)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC).UnixMicro()
}

// first is the first instant at which local clocks show what they show at t.
func (k clocks) first(x any) any {
	t := x.(time.Time)
	found := t
	for d := 30 * time.Minute; d <= 3*time.Hour; d += 30 * time.Minute {
		if k.wall(t.Add(-d)) == k.wall(t) {
			found = t.Add(-d)
		}
	}
	return found
}

// midnight is the beginning of the civil day of UTC, in the report's zone.
func (k clocks) midnight(x any) any {
	t := x.(time.Time).UTC()
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, k.report)
}

func (k clocks) form(name string, node parquet.Node, means func(any) any, value func(time.Time) parquet.Value) form {
	return form{name, node, func(x any) parquet.Value { return value(x.(time.Time)) }, means}
}

// dated are times that are dates, timestamps or texts.
func (k clocks) dated() []form {
	stamp := func(unit parquet.TimeUnit, utc bool) parquet.Node { return parquet.TimestampAdjusted(unit, utc) }
	i64 := parquet.Int64Value
	written := func(layout string) func(time.Time) parquet.Value {
		return func(t time.Time) parquet.Value { return texts(time.UnixMicro(k.wall(t)).UTC().Format(layout))[0] }
	}
	return []form{
		k.form("timestamp ms", stamp(parquet.Millisecond, true), nil, func(t time.Time) parquet.Value { return i64(t.UnixMilli()) }),
		k.form("timestamp µs", stamp(parquet.Microsecond, true), nil, func(t time.Time) parquet.Value { return i64(t.UnixMicro()) }),
		k.form("timestamp ns", stamp(parquet.Nanosecond, true), nil, func(t time.Time) parquet.Value { return i64(t.UnixNano()) }),
		k.form("naive ms", stamp(parquet.Millisecond, false), k.first, func(t time.Time) parquet.Value { return i64(k.wall(t) / 1000) }),
		k.form("naive µs", stamp(parquet.Microsecond, false), k.first, func(t time.Time) parquet.Value { return i64(k.wall(t)) }),
		k.form("naive ns", stamp(parquet.Nanosecond, false), k.first, func(t time.Time) parquet.Value { return i64(k.wall(t) * 1000) }),
		k.form("INT96", parquet.Leaf(parquet.Int96Type), k.first, func(t time.Time) parquet.Value { return int96(k.wall(t))[0] }),
		k.form("date", parquet.Date(), k.midnight, func(t time.Time) parquet.Value { return parquet.Int32Value(int32(floorDay(t))) }),
		k.form("text with zone", parquet.String(), nil, func(t time.Time) parquet.Value { return texts(t.In(k.local).Format(time.RFC3339Nano))[0] }),
		k.form("text in UTC", parquet.String(), nil, func(t time.Time) parquet.Value { return texts(t.UTC().Format("2006-01-02T15:04:05.000Z"))[0] }),
		k.form("naive text", parquet.String(), k.first, written("2006-01-02 15:04:05")),
		k.form("text of a day", parquet.String(), k.midnight, func(t time.Time) parquet.Value { return texts(t.UTC().Format("2006-01-02"))[0] }),
	}
}

// counted are times that are numbers.
func (k clocks) counted() []form {
	i64 := parquet.Int64Value
	return []form{
		k.form("seconds", parquet.Int(64), nil, func(t time.Time) parquet.Value { return i64(t.Unix()) }),
		k.form("seconds in 32 bits", parquet.Int(32), nil, func(t time.Time) parquet.Value { return parquet.Int32Value(int32(t.Unix())) }),
		k.form("milliseconds", parquet.Int(64), nil, func(t time.Time) parquet.Value { return i64(t.UnixMilli()) }),
		k.form("microseconds", parquet.Int(64), nil, func(t time.Time) parquet.Value { return i64(t.UnixMicro()) }),
		k.form("nanoseconds", parquet.Int(64), nil, func(t time.Time) parquet.Value { return i64(t.UnixNano()) }),
		k.form("seconds as double", parquet.Leaf(parquet.DoubleType), nil, func(t time.Time) parquet.Value { return parquet.DoubleValue(float64(t.Unix())) }),
		k.form("yyyymmdd", parquet.Int(32), k.midnight, func(t time.Time) parquet.Value {
			n, err := strconv.Atoi(t.UTC().Format("20060102"))
			if err != nil {
				panic(err)
			}
			return parquet.Int32Value(int32(n))
		}),
	}
}

func floorDay(t time.Time) int64 {
	s := t.Unix()
	return (s - ((s%86400)+86400)%86400) / 86400
}

// number reads an int64 or a float64 of a row times by.
func number(by float64) func(any) int64 {
	return func(x any) int64 {
		switch x := x.(type) {
		case int64:
			return x * int64(by)
		case float64:
			return int64(x * by)
		}
		panic(fmt.Sprintf("%T is no number", x))
	}
}

// negative reports whether a role has a negative number in some row.
func negative(rows []dataset.Row, role string) bool {
	for _, r := range rows {
		if n, ok := r[role].(int64); ok && n < 0 {
			return true
		}
	}
	return false
}

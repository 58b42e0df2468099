package parquetscan_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
)

// field is one column of a test file; a null value is the zero parquet.Value.
type field struct {
	name   string
	node   parquet.Node
	values []parquet.Value
}

// encode writes columns as a Parquet file in memory, in row groups of the given size.
func encode(t testing.TB, fields []field, group int, options ...parquet.WriterOption) []byte {
	t.Helper()
	root := parquet.Group{}
	for _, f := range fields {
		root[f.name] = f.node
	}
	fields = slices.Clone(fields)
	slices.SortFunc(fields, func(a, b field) int { return bytes.Compare([]byte(a.name), []byte(b.name)) }) // as parquet.Group does
	var buf bytes.Buffer
	w := parquet.NewWriter(&buf, append([]parquet.WriterOption{parquet.NewSchema("test", root)}, options...)...)
	n := 0
	if len(fields) > 0 {
		n = len(fields[0].values)
	}
	for i := range n {
		row := make(parquet.Row, len(fields))
		for c, f := range fields {
			def := 0
			if f.node.Optional() && !f.values[i].IsNull() {
				def = 1
			}
			row[c] = f.values[i].Level(0, def, c)
		}
		if _, err := w.WriteRows([]parquet.Row{row}); err != nil {
			t.Fatal(err)
		}
		if group > 0 && i%group == group-1 {
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func store(t testing.TB, dir, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// values makes a column of values; nil is null.
func values[T any](list []T, f func(T) parquet.Value) []parquet.Value {
	out := make([]parquet.Value, len(list))
	for i, x := range list {
		out[i] = f(x)
	}
	return out
}

func int32s(x ...int32) []parquet.Value    { return values(x, parquet.Int32Value) }
func int64s(x ...int64) []parquet.Value    { return values(x, parquet.Int64Value) }
func doubles(x ...float64) []parquet.Value { return values(x, parquet.DoubleValue) }
func floats(x ...float32) []parquet.Value  { return values(x, parquet.FloatValue) }
func bools(x ...bool) []parquet.Value      { return values(x, parquet.BooleanValue) }
func texts(x ...string) []parquet.Value {
	return values(x, func(s string) parquet.Value { return parquet.ByteArrayValue([]byte(s)) })
}

// fixed writes integers as big-endian two's complement of a width; width 0 is the shortest.
func fixed(width int, x ...int64) []parquet.Value {
	return values(x, func(v int64) parquet.Value {
		b := make([]byte, 0, 16)
		w := width
		if w == 0 {
			for w = 1; w < 8 && v>>(8*w-1) != v>>63; w++ {
			}
		}
		for i := w - 1; i >= 0; i-- {
			b = append(b, byte(v>>min(63, 8*i)))
		}
		if width == 0 {
			return parquet.ByteArrayValue(b)
		}
		return parquet.FixedLenByteArrayValue(b)
	})
}

// int96 writes µs since 1970 as Spark did.
func int96(x ...int64) []parquet.Value {
	return values(x, func(us int64) parquet.Value {
		days := us / 86400e6
		if us%86400e6 < 0 {
			days--
		}
		ns := uint64(us-days*86400e6) * 1000
		return parquet.Int96Value(deprecated.Int96{uint32(ns), uint32(ns >> 32), uint32(days + 2440588)})
	})
}

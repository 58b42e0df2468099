package parquetscan_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/encoding"
)

// codecs are all that the product reads and the library writes.
var codecs = []compress.Codec{&parquet.Uncompressed, &parquet.Snappy, &parquet.Gzip, &parquet.Zstd, &parquet.Brotli, &parquet.Lz4Raw}

// likely are the codecs with those more often that take less time to set up.
var likely = append([]compress.Codec{&parquet.Uncompressed, &parquet.Snappy, &parquet.Snappy, &parquet.Zstd, &parquet.Zstd, &parquet.Uncompressed}, codecs...)

// chance is a source of random choices.
type chance struct{ *rand.Rand }

func seeded(seed uint64) chance { return chance{rand.New(rand.NewPCG(seed, 0x6d5a))} }

func (c chance) happens(p float64) bool { return c.Float64() < p }

func one[T any](c chance, from ...T) T { return from[c.IntN(len(from))] }

// encodings of each physical type that the library writes.
func encodingsOf(n parquet.Node) []encoding.Encoding {
	plain := []encoding.Encoding{&parquet.Plain, &parquet.RLEDictionary}
	switch n.Type().Kind() {
	case parquet.Boolean:
		return []encoding.Encoding{&parquet.Plain, &parquet.RLE}
	case parquet.Int32, parquet.Int64:
		return append(plain, &parquet.DeltaBinaryPacked, &parquet.ByteStreamSplit)
	case parquet.Float, parquet.Double:
		return append(plain, &parquet.ByteStreamSplit)
	case parquet.ByteArray:
		return append(plain, &parquet.DeltaLengthByteArray, &parquet.DeltaByteArray)
	case parquet.FixedLenByteArray:
		return append(plain, &parquet.DeltaByteArray, &parquet.ByteStreamSplit)
	}
	return plain
}

// layout is how a file is written, apart from its columns.
func (c chance) layout() (group int, options []parquet.WriterOption) {
	return one(c, 0, 0, 1, 3, 7, 50), []parquet.WriterOption{
		parquet.Compression(one(c, codecs...)), parquet.DataPageVersion(1 + c.IntN(2)), parquet.PageBufferSize(one(c, 1, 16, 100, 1000, 1<<20)),
		parquet.DataPageStatistics(c.happens(.3)), parquet.WriteBufferSize(0),
	}
}

// varied writes the small shop with columns of other types, encodings and layouts for each seed.
func varied(t testing.TB, seed uint64) []byte {
	c := seeded(seed)
	n := 1 + c.IntN(40)
	column := func(name string, optional bool, make func(i int) parquet.Value, node parquet.Node) field {
		node = parquet.Encoded(node, one(c, encodingsOf(node)...))
		f := field{name: name, node: node}
		for i := range n {
			f.values = append(f.values, make(i))
		}
		if optional && c.happens(.6) {
			f.node = parquet.Optional(f.node)
			for i, p := 0, one(c, 0, 0, .2, 1); i < n; i++ {
				if c.Float64() < p {
					f.values[i] = parquet.Value{}
				}
			}
		}
		return f
	}
	id := func(i int) int64 { return 1000 + int64(i*7%11) }
	text := func(format string) func(int) parquet.Value {
		return func(i int) parquet.Value { return texts(fmt.Sprintf(format, id(i)))[0] }
	}
	long := func(i int) parquet.Value { return int64s(id(i))[0] }
	short := func(i int) parquet.Value { return int32s(int32(id(i)))[0] }
	day := func(i int) int64 { return 19000 + int64(i*13%700) }
	var fields []field
	switch c.IntN(7) {
	case 0:
		fields = append(fields, column("customer_id", true, long, parquet.Int(64)))
	case 1:
		fields = append(fields, column("customer_id", true, short, parquet.Uint(32)))
	case 2:
		fields = append(fields, column("customer_id", true, text("%d"), parquet.String()))
	case 3:
		fields = append(fields, column("customer_id", true, text("customer-%030d"), parquet.String()))
	case 4:
		fields = append(fields, column("customer_id", true, func(i int) parquet.Value { return fixed(16, id(i))[0] }, parquet.UUID()))
	case 5:
		fields = append(fields, column("customer_id", true, func(i int) parquet.Value { return doubles(float64(id(i)))[0] }, parquet.Leaf(parquet.DoubleType)))
	default:
		fields = append(fields, column("customer_id", true, func(i int) parquet.Value { return fixed(5, id(i))[0] }, parquet.Decimal(0, 10, parquet.FixedLenByteArrayType(5))))
	}
	switch c.IntN(5) {
	case 0:
		fields = append(fields, column("ordered_at", true, func(i int) parquet.Value { return int64s(day(i) * 86400e6)[0] }, parquet.TimestampAdjusted(parquet.Microsecond, c.happens(.5))))
	case 1:
		fields = append(fields, column("ordered_at", true, func(i int) parquet.Value { return int32s(int32(day(i)))[0] }, parquet.Date()))
	case 2:
		fields = append(fields, column("ordered_at", true, func(i int) parquet.Value { return int96(day(i) * 86400e6)[0] }, parquet.Leaf(parquet.Int96Type)))
	case 3:
		fields = append(fields, column("ordered_at", true, func(i int) parquet.Value { return texts(fmt.Sprintf("2023-%02d-%02d 10:00:00", 1+i%12, 1+i%28))[0] }, parquet.String()))
	default:
		fields = append(fields, column("ordered_at", true, func(i int) parquet.Value { return int64s(day(i) * 86400e3)[0] }, parquet.Timestamp(parquet.Millisecond)))
	}
	switch c.IntN(6) {
	case 0:
		fields = append(fields, column("amount", true, func(i int) parquet.Value { return doubles(float64(i) + .25)[0] }, parquet.Leaf(parquet.DoubleType)))
	case 1:
		fields = append(fields, column("amount", true, func(i int) parquet.Value { return floats(float32(i))[0] }, parquet.Leaf(parquet.FloatType)))
	case 2:
		fields = append(fields, column("amount", true, func(i int) parquet.Value { return fixed(0, int64(i*100))[0] }, parquet.Decimal(2, 10, parquet.ByteArrayType)))
	case 3:
		fields = append(fields, column("amount", true, func(i int) parquet.Value { return fixed(16, int64(i*100))[0] }, parquet.Decimal(2, 38, parquet.FixedLenByteArrayType(16))))
	case 4:
		fields = append(fields, column("amount", true, short, parquet.Decimal(2, 9, parquet.Int32Type)))
	default:
		fields = append(fields, column("amount", true, func(i int) parquet.Value { return texts(fmt.Sprint(i))[0] }, parquet.String()))
	}
	fields = append(fields, column("order_id", true, func(i int) parquet.Value { return int64s(int64(i))[0] }, parquet.Int(64)),
		column("channel", true, text("ch%d"), parquet.String()), column("country", true, text("%d"), parquet.Enum()),
		column("active", true, func(i int) parquet.Value { return bools(i%3 == 0)[0] }, parquet.Leaf(parquet.BooleanType)))
	group, options := c.layout()
	return encode(t, fields, group, options...)
}

package parquetscan_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"parcours/report/dataset"
	"parcours/report/dataset/parquetscan"
)

// orderFile writes orders of n rows with one more column.
func orderFile(t testing.TB, n int, extra field, options ...parquet.WriterOption) []byte {
	t.Helper()
	var ids, days []int64
	var amounts []float64
	for i := range n {
		ids, days, amounts = append(ids, int64(i%7)), append(days, int64(20000+i)*86400e6), append(amounts, 10)
	}
	extra.name = "channel"
	return encode(t, []field{
		{"customer_id", parquet.Int(64), int64s(ids...)},
		{"ordered_at", parquet.Timestamp(parquet.Microsecond), int64s(days...)},
		{"amount", parquet.Leaf(parquet.DoubleType), doubles(amounts...)},
		extra,
	}, 0, options...)
}

// changed writes a file with a change to its column "channel", the second by name, and returns what reading says.
func changed(t *testing.T, file []byte, change func(d *dissected)) string {
	t.Helper()
	d, err := dissect(file)
	if err != nil {
		t.Fatal(err)
	}
	change(d)
	b, err := d.assemble()
	if err != nil {
		t.Fatal(err)
	}
	return mistake(t, b)
}

// mistake reads a file with little memory and time, and returns the first error, "" when there is none.
func mistake(t *testing.T, file []byte) string {
	t.Helper()
	req := ordersIn(filesAt(store(t, t.TempDir(), "a.parquet", file)))
	req.Currency, req.Digits, req.Dimension, req.MaxDropped = "EUR", 2, "channel", 1
	before, began := allocated(), time.Now()
	agg, l, err := parquetscan.New(req.Tables).Aggregate(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if grown := allocated() - before; grown > 128<<20 {
		t.Errorf("%d MB allocated", grown>>20)
	}
	if time.Since(began) > deadline {
		t.Errorf("reading took %v", time.Since(began))
	}
	if agg != nil {
		return ""
	}
	return l.Sorted()[0].String()
}

func labelsOf(n int, text string) field {
	return field{node: parquet.Encoded(parquet.String(), &parquet.Plain), values: texts(strings.Split(strings.Repeat(text+",", n-1)+text, ",")...)}
}

const channelColumn = 1 // by name: amount, channel, customer_id, ordered_at

// A few bytes that unpack to a hundred million are refused before they are unpacked, whatever their page claims.
func TestBombsAreRefused(t *testing.T) {
	bomb := make([]byte, 100<<20)
	for _, codec := range []compress.Codec{&parquet.Snappy, &parquet.Gzip, &parquet.Zstd, &parquet.Brotli, &parquet.Lz4Raw} {
		packed, err := codec.Encode(nil, bomb)
		if err != nil {
			t.Fatal(err)
		}
		file := orderFile(t, 10, labelsOf(10, "web"), parquet.Compression(codec), parquet.DataPageVersion(1))
		for claim, want := range map[int32]string{100: "unpack", math.MaxInt32: "", 0: "unpack"} {
			got := changed(t, file, func(d *dissected) {
				p := &d.chunks[0][channelColumn].pages[0]
				p.data, p.header.UncompressedPageSize = packed, claim
			})
			if got == "" || !strings.Contains(got, want) || !strings.Contains(got, "row group 0") || !strings.Contains(got, "channel") {
				t.Errorf("%s, claiming %d: %q", codec, claim, got)
			}
		}
	}
}

// A page of many nulls, or of one entry of a dictionary many times, is a few bytes long and quite right. It must be read
// bit by bit, and stop when it is told to.
func TestRunsOfThousandsOfMillionsTakeNoMemoryAndStop(t *testing.T) {
	const rows = math.MaxInt32 - 7
	for name, file := range map[string][]byte{
		"nulls":   orderFile(t, 8, field{node: parquet.Optional(parquet.Encoded(parquet.String(), &parquet.Plain)), values: make([]parquet.Value, 8)}),
		"entries": orderFile(t, 8, field{node: parquet.Encoded(parquet.String(), &parquet.RLEDictionary), values: texts("a", "a", "a", "a", "a", "a", "a", "b")}),
	} {
		d, err := dissect(file)
		if err != nil {
			t.Fatal(err)
		}
		run := binary.AppendUvarint(nil, rows<<1)
		d.meta.RowGroups[0].NumRows = rows
		for j := range d.chunks[0] { // all columns become such runs
			m := &d.meta.RowGroups[0].Columns[j].MetaData
			m.NumValues, m.Codec = rows, format.Uncompressed
			if j != channelColumn {
				d.meta.Schema[1+j].RepetitionType = thrift.New(format.Optional)
			}
			page := pageParts{header: format.PageHeader{Type: format.DataPage, DataPageHeader: thrift.New(format.DataPageHeader{
				NumValues: rows, Encoding: format.Plain, DefinitionLevelEncoding: format.RLE, RepetitionLevelEncoding: format.RLE,
			})}}
			levels := append(bytes.Clone(run), 0)
			pages := d.chunks[0][j].pages[:0]
			if name == "entries" && j == channelColumn {
				pages = pages[:1] // the dictionary
				pages[0].header.UncompressedPageSize = int32(len(pages[0].data))
				page.header.DataPageHeader.V.Encoding = format.RLEDictionary
				page.data = append(append([]byte{1}, run...), 1)
			} else {
				page.data = append(binary.LittleEndian.AppendUint32(nil, uint32(len(levels))), levels...)
			}
			page.header.UncompressedPageSize = int32(len(page.data))
			d.chunks[0][j].pages = append(pages, page)
		}
		b, err := d.assemble()
		if err != nil {
			t.Fatal(err)
		}
		path := store(t, t.TempDir(), "a.parquet", b)
		req := ordersIn(filesAt(path))
		req.Currency, req.Digits, req.Dimension = "EUR", 2, "channel"
		ctx, cancel := context.WithCancel(t.Context())
		read := int64(0)
		req.Progress = func(rows, _ int64) {
			if read = rows; rows > 1<<19 {
				cancel()
			}
		}
		before := allocated()
		_, l, err := parquetscan.New(req.Tables).Aggregate(ctx, req)
		if err == nil || l.HasErrors() {
			t.Errorf("%s: stopped with %v %v", name, err, l.Sorted())
		}
		if grown := allocated() - before; grown > 64<<20 {
			t.Errorf("%s: %d MB allocated for a file of %d bytes", name, grown>>20, len(b))
		}
		if read < 1<<19 {
			t.Errorf("%s: %d rows were read", name, read)
		}
		cancel()
	}
}

// A file with checksums tells where it was damaged after it was written.
func TestWrongChecksumsNameFileRowGroupAndColumn(t *testing.T) {
	for _, codec := range []compress.Codec{&parquet.Uncompressed, &parquet.Snappy, &parquet.Zstd} {
		file := orderFile(t, 40, labelsOf(40, "web"), parquet.Compression(codec))
		d, err := dissect(file)
		if err != nil {
			t.Fatal(err)
		}
		m := d.meta.RowGroups[0].Columns[channelColumn].MetaData
		b := bytes.Clone(file)
		b[m.DataPageOffset+m.TotalCompressedSize-1] ^= 1 // the last byte of the last page
		got := mistake(t, b)
		for _, want := range []string{"a.parquet", "row group 0", "channel", "checksum", "copy or export it again"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q does not say %q", codec, got, want)
			}
		}
	}
}

// What headers say of a page is held to the bytes of the page.
func TestLyingPagesAreRefused(t *testing.T) {
	plain := orderFile(t, 10, labelsOf(10, "web"), parquet.DataPageVersion(1))
	dict := orderFile(t, 10, field{node: parquet.Encoded(parquet.String(), &parquet.RLEDictionary), values: texts("a", "b", "c", "a", "b", "c", "a", "b", "c", "a")}, parquet.DataPageVersion(1))
	nulls := orderFile(t, 10, field{node: parquet.Optional(parquet.Encoded(parquet.String(), &parquet.Plain)), values: append(make([]parquet.Value, 3), texts("a", "b", "c", "d", "e", "f", "g")...)}, parquet.DataPageVersion(1))
	delta := orderFile(t, 10, field{node: parquet.Encoded(parquet.String(), &parquet.DeltaByteArray), values: texts("aa", "ab", "ac", "ad", "b", "c", "d", "e", "f", "g")}, parquet.DataPageVersion(1))
	uuids := field{node: parquet.Encoded(parquet.UUID(), &parquet.DeltaByteArray), values: fixed(16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)}
	page := func(d *dissected) *pageParts {
		pages := d.chunks[0][channelColumn].pages
		return &pages[len(pages)-1]
	}
	payload := func(change func(b []byte) []byte) func(*dissected) {
		return func(d *dissected) { d.repack(0, channelColumn, len(d.chunks[0][channelColumn].pages)-1, change) }
	}
	for name, c := range map[string]struct {
		file   []byte
		change func(*dissected)
		want   string
	}{
		"too few values": {plain, payload(func(b []byte) []byte { return b[:len(b)-7] }), "too few values"},
		"text longer than its page": {plain, payload(func(b []byte) []byte {
			binary.LittleEndian.PutUint32(b, math.MaxUint32)
			return b
		}), "too few values"},
		"more values than rows":         {plain, func(d *dissected) { page(d).header.DataPageHeader.V.NumValues = 11 }, "11 values where 10 rows"},
		"less values than rows":         {plain, func(d *dissected) { page(d).header.DataPageHeader.V.NumValues = 9 }, "are left"},
		"entries beyond the dictionary": {dict, payload(func(b []byte) []byte { return []byte{3, 20, 7} }), "entry 7 of a dictionary of 3"},
		"indexes of 33 bits":            {dict, payload(func(b []byte) []byte { b[0] = 33; return b }), "too wide"},
		"no dictionary":                 {dict, func(d *dissected) { d.chunks[0][channelColumn].pages = d.chunks[0][channelColumn].pages[1:] }, "dictionary that is not there"},
		"dictionary larger than its bytes": {dict, func(d *dissected) {
			d.chunks[0][channelColumn].pages[0].header.DictionaryPageHeader.V.NumValues = 1 << 30
		}, "dictionary claims"},
		"levels cut off":   {nulls, payload(func(b []byte) []byte { binary.LittleEndian.PutUint32(b, 1<<31); return b }), "levels are cut off"},
		"fewer levels":     {nulls, payload(func(b []byte) []byte { return []byte{2, 0, 0, 0, 6, 0} }), "less levels than rows"},
		"unknown encoding": {plain, func(d *dissected) { page(d).header.DataPageHeader.V.Encoding = 99 }, "encoding"},
		"unknown codec": {plain, func(d *dissected) {
			d.meta.RowGroups[0].Columns[channelColumn].MetaData.Codec = format.LZO
		}, "export it with snappy or zstd"},
		"prefix longer than what was before": {delta, payload(func(b []byte) []byte { return deltaTexts([]int32{9, 0}, []int32{1, 1}, "ab") }), "differences"},
		"prefixes that explode": {delta, payload(func(b []byte) []byte {
			prefix, suffix := make([]int32, 10), make([]int32, 10)
			suffix[0] = 1 << 30
			return deltaTexts(prefix, suffix, "ab")
		}), "differences"},
		"another type than the schema's": {plain, func(d *dissected) {
			d.meta.RowGroups[0].Columns[channelColumn].MetaData.Type = format.Double
		}, "in the schema"},
		"rows without bytes": {plain, func(d *dissected) { d.chunks[0][channelColumn].pages = nil }, "outside the file"},
	} {
		got := changed(t, c.file, c.change)
		if !strings.Contains(got, c.want) || !strings.Contains(got, "row group 0") || !strings.Contains(got, "channel") {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	// The library's decoder of this wrote sixteen bytes for each value, whatever its width.
	narrow := changed(t, orderFile(t, 10, uuids, parquet.DataPageVersion(1)), payload(func([]byte) []byte {
		return deltaTexts(make([]int32, 10), make([]int32, 10), strings.Repeat("x", 64))
	}))
	if !strings.Contains(narrow, "differences") {
		t.Errorf("narrow UUIDs: %q", narrow)
	}
}

// deltaTexts is a page in DELTA_BYTE_ARRAY.
func deltaTexts(prefix, suffix []int32, data string) []byte {
	ints := func(x []int32) []byte {
		b, err := parquet.DeltaBinaryPacked.EncodeInt32(nil, x)
		if err != nil {
			panic(err)
		}
		return b
	}
	return append(append(ints(prefix), ints(suffix)...), data...)
}

// Footers can ask for much more memory than they have bytes.
func TestHostileFootersAreRefusedOrReadInLittleMemory(t *testing.T) {
	plain := orderFile(t, 10, labelsOf(10, "web"))
	group := func(name string, children int32) format.SchemaElement {
		return format.SchemaElement{Name: name, NumChildren: thrift.New(children), RepetitionType: thrift.New(format.Optional)}
	}
	leafOf := func(name string) format.SchemaElement {
		return format.SchemaElement{Name: name, Type: thrift.New(format.Int32), RepetitionType: thrift.New(format.Optional)}
	}
	many := func(d *dissected, names func(i int) string, n int) {
		for i := range n {
			d.meta.Schema = append(d.meta.Schema, leafOf(names(i)))
			m := format.ColumnMetaData{Type: format.Int32, PathInSchema: []string{names(i)}}
			d.meta.RowGroups[0].Columns = append(d.meta.RowGroups[0].Columns, format.ColumnChunk{MetaData: m})
		}
		d.meta.Schema[0].NumChildren = thrift.New(int32(len(d.meta.Schema) - 1))
	}
	for name, c := range map[string]struct {
		change func(*dissected)
		want   string // "": it is read
	}{
		"a column 30,000 deep": {func(d *dissected) {
			d.meta.Schema[0].NumChildren.V++
			for range 30000 {
				d.meta.Schema = append(d.meta.Schema, group("g", 1))
			}
			d.meta.Schema = append(d.meta.Schema, leafOf("x"))
		}, "deep"},
		"names that repeat a long one": {func(d *dissected) {
			d.meta.Schema[0].NumChildren.V++
			d.meta.Schema = append(d.meta.Schema, group(strings.Repeat("n", 1<<20), 30000))
			for range 30000 {
				d.meta.Schema = append(d.meta.Schema, leafOf("x"))
			}
		}, "names of its columns"},
		"many row groups without columns": {func(d *dissected) {
			for range 20000 {
				d.meta.RowGroups, d.chunks = append(d.meta.RowGroups, format.RowGroup{}), append(d.chunks, nil)
			}
		}, "columns, but the schema has"},
		"more rows than any file has": {func(d *dissected) {
			whole := d.meta.RowGroups[0]
			whole.NumRows = math.MaxInt32
			for range 100 {
				d.meta.RowGroups, d.chunks = append(d.meta.RowGroups, whole), append(d.chunks, nil)
			}
		}, "rows"},
		"3,000 columns":            {func(d *dissected) { many(d, func(i int) string { return fmt.Sprint("c", i) }, 3000) }, ""},
		"columns of the same name": {func(d *dissected) { many(d, func(int) string { return "c" }, 50) }, ""},
		"names that are no text":   {func(d *dissected) { many(d, func(i int) string { return "\xff\x00\x1b[31m" + fmt.Sprint(i) }, 5) }, ""},
		"a name of a megabyte":     {func(d *dissected) { many(d, func(int) string { return strings.Repeat("n", 1<<20) }, 1) }, ""},
		"megabytes of keys and values": {func(d *dissected) {
			for i := range 2000 {
				d.meta.KeyValueMetadata = append(d.meta.KeyValueMetadata, format.KeyValue{Key: fmt.Sprint(i), Value: strings.Repeat("v", 1000)})
			}
		}, ""},
		"statistics that lie": {func(d *dissected) {
			for j := range d.meta.RowGroups[0].Columns {
				s := &d.meta.RowGroups[0].Columns[j].MetaData.Statistics
				s.Min, s.Max, s.MinValue, s.MaxValue, s.NullCount, s.DistinctCount = []byte{9}, nil, []byte("zz"), []byte{}, 1<<40, -5
			}
		}, ""},
		"a negative number of rows": {func(d *dissected) { d.meta.RowGroups[0].NumRows = -1 }, "negative"},
		"chunks that overlap": {func(d *dissected) {
			d.chunks[0][3].frozen = true
			d.meta.RowGroups[0].Columns[3].MetaData.DataPageOffset = d.meta.RowGroups[0].Columns[2].MetaData.DataPageOffset
		}, ""},
	} {
		got := changed(t, plain, c.change)
		if c.want == "" && got != "" && name != "chunks that overlap" || c.want != "" && (!strings.Contains(got, c.want) || !strings.Contains(got, "a.parquet")) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestFootersOfImpossibleLengthsAreRefused(t *testing.T) {
	whole := orderFile(t, 10, labelsOf(10, "web"))
	for _, length := range []uint32{0, 1, uint32(len(whole)), math.MaxInt32, math.MaxUint32, uint32(len(whole)) - 12, 7} {
		b := bytes.Clone(whole)
		binary.LittleEndian.PutUint32(b[len(b)-8:], length)
		if got := mistake(t, b); !strings.Contains(got, "footer") {
			t.Errorf("%d bytes: %q", length, got)
		}
	}
}

// Some writers leave pages without rows behind.
func TestPagesWithoutRowsArePassedOver(t *testing.T) {
	for _, version := range []int{1, 2} {
		for _, codec := range codecs {
			file := orderFile(t, 10, field{node: parquet.Optional(parquet.String()), values: labelsOf(10, "web").values}, parquet.DataPageVersion(version), parquet.Compression(codec))
			got := changed(t, file, func(d *dissected) {
				for j := range d.chunks[0] {
					empty := pageParts{header: d.chunks[0][j].pages[0].header}
					empty.header.UncompressedPageSize = 0
					empty.header.DataPageHeader.V.NumValues = 0
					v := &empty.header.DataPageHeaderV2.V
					v.NumValues, v.NumNulls, v.NumRows, v.DefinitionLevelsByteLength = 0, 0, 0, 0
					d.chunks[0][j].pages = append([]pageParts{empty}, append(d.chunks[0][j].pages, empty)...)
				}
			})
			if got != "" {
				t.Errorf("v%d, %s: %s", version, codec, got)
			}
		}
	}
}

// Row groups of one file may be compressed in different ways: files are joined by tools that copy row groups.
func TestCodecsMayDifferBetweenRowGroups(t *testing.T) {
	want := dataset.Totals{}
	var joined *dissected
	for i, codec := range codecs {
		d, err := dissect(orderFile(t, 10, labelsOf(10, "web"), parquet.Compression(codec)))
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			joined = d
			continue
		}
		joined.meta.RowGroups, joined.chunks = append(joined.meta.RowGroups, d.meta.RowGroups...), append(joined.chunks, d.chunks...)
	}
	b, err := joined.assemble()
	if err != nil {
		t.Fatal(err)
	}
	want.Orders = int64(10 * len(codecs))
	if got := result(t, ordersIn(filesAt(store(t, t.TempDir(), "a.parquet", b)))); got.Totals.Orders != want.Orders {
		t.Errorf("%+v", got.Totals)
	}
}

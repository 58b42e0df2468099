package parquetscan_test

import (
	"encoding/binary"
	"math"
	"strings"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// chances are the bytes that the fuzzer steers mutations with.
type chances struct{ b []byte }

func (c *chances) byte() byte {
	if len(c.b) == 0 {
		return 0
	}
	x := c.b[0]
	c.b = c.b[1:]
	return x
}

func (c *chances) n(n int) int {
	if n <= 0 {
		return 0
	}
	if n <= 256 {
		return int(c.byte()) % n
	}
	return (int(c.byte())<<8 | int(c.byte())) % n
}

// number changes a number to one that is likely to hurt.
func (c *chances) number(x int64) int64 {
	switch c.n(14) {
	case 0:
		return 0
	case 1:
		return -1
	case 2:
		return 1
	case 3:
		return math.MaxInt32
	case 4:
		return math.MinInt32
	case 5:
		return x + 1
	case 6:
		return x - 1
	case 7:
		return 2 * x
	case 8:
		return x / 2
	case 9:
		return math.MaxInt64
	case 10:
		return x ^ 1<<c.n(40)
	case 11:
		return 1 << 20
	case 12:
		return x + int64(c.byte())
	}
	return int64(c.byte())
}

func (c *chances) i32(x *int32) { *x = int32(c.number(int64(*x))) }
func (c *chances) i64(x *int64) { *x = c.number(*x) }

// mutate changes some fields or bytes.
func (d *dissected) mutate(c *chances) {
	for range 1 + c.n(3) {
		g := c.n(len(d.chunks))
		if g >= len(d.chunks) || len(d.chunks[g]) == 0 || len(d.meta.RowGroups[g].Columns) == 0 {
			d.mutateFooter(c)
			continue
		}
		j := c.n(min(len(d.chunks[g]), len(d.meta.RowGroups[g].Columns))) // an earlier change may have cut columns off
		switch kind := c.n(8); {
		case kind == 0:
			d.mutateFooter(c)
		case kind == 1:
			d.mutateChunk(c, g, j)
		case len(d.chunks[g][j].pages) == 0:
			d.mutateChunk(c, g, j)
		case kind < 5:
			d.mutateHeader(c, g, j, c.n(len(d.chunks[g][j].pages)))
		default:
			d.repack(g, j, c.n(len(d.chunks[g][j].pages)), c.payload)
		}
	}
}

// payload changes the bytes of a page: levels, runs, lengths and values.
func (c *chances) payload(b []byte) []byte {
	if len(b) == 0 {
		return append(b, c.byte(), c.byte(), c.byte())
	}
	at := c.n(len(b))
	switch c.n(9) {
	case 0:
		b[at] ^= 1 << c.n(8)
	case 1:
		b[at] = []byte{0, 1, 0x7f, 0x80, 0xff}[c.n(5)]
	case 2:
		b[at] = c.byte()
	case 3:
		return b[:at]
	case 4: // a run of many
		run := binary.AppendUvarint(nil, uint64(c.number(1<<30))&math.MaxUint32)
		return append(b[:at:at], append(run, b[at:]...)...)
	case 5:
		if at+4 <= len(b) {
			binary.LittleEndian.PutUint32(b[at:], uint32(c.number(int64(binary.LittleEndian.Uint32(b[at:])))))
		}
	case 6:
		return append(b, b[at:]...)
	case 7:
		return append(b[:at], b[min(len(b), at+1+c.n(8)):]...)
	case 8:
		return append(b, make([]byte, c.n(70))...)
	}
	return b
}

func (d *dissected) mutateHeader(c *chances, g, j, k int) {
	p := &d.chunks[g][j].pages[k]
	h := &p.header
	switch c.n(12) {
	case 0:
		p.sealed = true
		c.i32(&h.CompressedPageSize)
	case 1:
		c.i32(&h.UncompressedPageSize)
	case 2:
		h.Type = format.PageType(c.n(6))
	case 3:
		p.crc = !p.crc
	case 4: // pages vanish, come twice or change places
		pages := d.chunks[g][j].pages
		switch other := c.n(len(pages)); c.n(3) {
		case 0:
			d.chunks[g][j].pages = append(pages[:k:k], pages[k+1:]...)
		case 1:
			d.chunks[g][j].pages = append(pages, pages[k])
		default:
			pages[k], pages[other] = pages[other], pages[k]
		}
	case 5:
		h.DataPageHeader, h.DataPageHeaderV2, h.DictionaryPageHeader = thrift.Null[format.DataPageHeader]{}, thrift.Null[format.DataPageHeaderV2]{}, thrift.Null[format.DictionaryPageHeader]{}
	default:
		d.mutateCounts(c, h)
	}
}

func (d *dissected) mutateCounts(c *chances, h *format.PageHeader) {
	switch {
	case h.DataPageHeader.Valid:
		switch v := &h.DataPageHeader.V; c.n(3) {
		case 0:
			c.i32(&v.NumValues)
		case 1:
			v.Encoding = format.Encoding(c.n(12))
		default:
			v.DefinitionLevelEncoding = format.Encoding(c.n(10))
		}
	case h.DataPageHeaderV2.Valid:
		switch v := &h.DataPageHeaderV2.V; c.n(7) {
		case 0:
			c.i32(&v.NumValues)
		case 1:
			c.i32(&v.NumNulls)
		case 2:
			c.i32(&v.NumRows)
		case 3:
			v.Encoding = format.Encoding(c.n(12))
		case 4:
			c.i32(&v.DefinitionLevelsByteLength)
		case 5:
			c.i32(&v.RepetitionLevelsByteLength)
		default:
			v.IsCompressed = thrift.New(c.n(2) == 1)
		}
	case h.DictionaryPageHeader.Valid:
		switch v := &h.DictionaryPageHeader.V; c.n(3) {
		case 0:
			v.Encoding = format.Encoding(c.n(12))
		default:
			c.i32(&v.NumValues)
		}
	}
}

func (d *dissected) mutateChunk(c *chances, g, j int) {
	parts, col := &d.chunks[g][j], &d.meta.RowGroups[g].Columns[j]
	m := &col.MetaData
	switch c.n(10) {
	case 0:
		c.i64(&m.NumValues)
	case 1:
		m.Codec = format.CompressionCodec(c.n(9))
	case 2:
		m.Type = format.Type(c.n(9))
	case 3:
		parts.frozen = true
		c.i64(&m.DataPageOffset)
	case 4:
		parts.frozen = true
		c.i64(&m.DictionaryPageOffset)
	case 5:
		parts.frozen = true
		c.i64(&m.TotalCompressedSize)
	case 6:
		c.i64(&m.TotalUncompressedSize)
	case 7:
		m.Statistics.MinValue, m.Statistics.MaxValue = []byte{c.byte()}, []byte(strings.Repeat("x", c.n(20)))
		m.Statistics.NullCount = c.number(m.Statistics.NullCount)
	case 8:
		m.PathInSchema = append(m.PathInSchema, "\xff")
	default:
		d.meta.RowGroups[g].Columns = d.meta.RowGroups[g].Columns[:j]
	}
}

func (d *dissected) mutateFooter(c *chances) {
	if c.n(3) == 0 && len(d.meta.RowGroups) > 0 {
		g := &d.meta.RowGroups[c.n(len(d.meta.RowGroups))]
		switch c.n(3) {
		case 0:
			c.i64(&g.NumRows)
		case 1:
			c.i64(&g.TotalByteSize)
		default:
			d.meta.RowGroups, d.chunks = append(d.meta.RowGroups, *g), append(d.chunks, nil)
		}
		return
	}
	if len(d.meta.Schema) == 0 {
		return
	}
	e := &d.meta.Schema[c.n(len(d.meta.Schema))]
	switch c.n(11) {
	case 0:
		e.Type = thrift.New(format.Type(c.n(9)))
	case 1:
		e.RepetitionType = thrift.New(format.FieldRepetitionType(c.n(4)))
	case 2:
		e.NumChildren = thrift.New(int32(c.number(int64(e.NumChildren.V))))
	case 3:
		e.TypeLength = thrift.New(int32(c.number(int64(e.TypeLength.V))))
	case 4:
		e.Scale, e.Precision = thrift.New(int32(c.number(2))), thrift.New(int32(c.number(9)))
	case 5:
		e.LogicalType.Value = []format.LogicalTypeValue{
			nil, &format.StringType{}, &format.DateType{}, &format.UUIDType{}, &format.Float16Type{}, &format.NullType{},
			&format.DecimalType{Scale: int32(c.number(2)), Precision: int32(c.number(10))},
			&format.IntType{BitWidth: int8(8 << c.n(5)), IsSigned: c.n(2) == 1},
		}[c.n(8)]
	case 6:
		e.Name = []string{"", "\xff\xfe", "a.b", strings.Repeat("n", 300), d.meta.Schema[0].Name, "\x00"}[c.n(6)]
	case 7:
		e.Type = thrift.Null[format.Type]{}
	case 8:
		c.i64(&d.meta.NumRows)
	case 9:
		d.meta.KeyValueMetadata = append(d.meta.KeyValueMetadata, format.KeyValue{Key: strings.Repeat("k", 1000), Value: "\xff"})
	default:
		d.meta.Schema = append(d.meta.Schema, *e)
	}
}

package parquetscan

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// maxPage bounds what one page or dictionary may take in memory, packed or not, unless the plan allows less.
const maxPage = 256 << 20

// pages reads the pages of one column chunk and hands their values out in pieces of at most pieceRows rows. The library's
// own reader trusts sizes and counts of the file for allocation, decompresses without bound and reads stale memory where
// a page is shorter than it says; here every size is compared with the bytes that are there before memory is taken, so that
// a chunk costs its largest page and one piece.
type pages struct {
	leaf  leaf
	codec format.CompressionCodec
	in    window
	rows  int64 // of the chunk that are still to come
	limit int64
	dict  *dictionary
	body  body
	piece piece
	mem   *pageMemory
}

// newPages checks what the footer says of a chunk of a row group of so many rows.
func newPages(l leaf, r io.ReaderAt, m *format.ColumnMetaData, rows int64) (*pages, error) {
	if l.column.MaxRepetitionLevel() > 0 {
		return nil, errors.New("it is inside a list or map")
	}
	if m.NumValues != rows {
		return nil, fmt.Errorf("it holds %d values, but the row group has %d rows", m.NumValues, rows)
	}
	if !physical(m.Type, l) {
		return nil, fmt.Errorf("damaged: it is %s here and %s in the schema", m.Type, physicalName(l.column))
	}
	mem := l.borrow()
	start := chunkStart(m)
	return &pages{
		leaf: l, codec: m.Codec, rows: rows, limit: l.pageLimit(), mem: mem,
		in: window{r: r, at: start, end: start + m.TotalCompressedSize, buf: mem.window, size: l.buffer()},
	}, nil
}

func physical(t format.Type, l leaf) bool {
	p := l.column.Type().PhysicalType()
	return p == nil || *p == t
}

// close gives the memory back. Pieces must not be used afterwards.
func (p *pages) close() {
	if p.mem != nil {
		p.mem.window = p.in.buf
		p.leaf.giveBack(p.mem)
	}
	p.mem, p.rows, p.body = nil, 0, body{}
}

// next returns the next piece, valid until the next call, or io.EOF after the last row.
func (p *pages) next() (*piece, error) {
	for p.body.rows == 0 {
		if p.rows == 0 || p.mem == nil {
			return nil, io.EOF
		}
		if err := p.page(); err != nil {
			return nil, err
		}
	}
	if err := p.body.next(&p.piece, p.mem); err != nil {
		return nil, err
	}
	p.piece.dict = nil
	if p.body.indexed {
		p.piece.dict = p.dict
	}
	return &p.piece, nil
}

// within passes over rows of the page that is being read, or else of the next one, and returns how many they were.
func (p *pages) within(n int64) (int64, error) {
	for p.body.rows == 0 {
		if p.rows == 0 || p.mem == nil {
			return 0, nil
		}
		if err := p.page(); err != nil {
			return 0, err
		}
	}
	n = min(n, int64(p.body.rows))
	return n, p.body.pass(int(n), p.mem)
}

// page reads the next page.
func (p *pages) page() error {
	if p.in.left() == 0 {
		return fmt.Errorf("its pages end %d rows before the row group does", p.rows)
	}
	h, err := p.header()
	if err != nil {
		return err
	}
	if err := checkPage(h, p.codec, p.in.left(), p.rows, p.limit); err != nil {
		return err
	}
	packed, err := p.in.peek(int(h.CompressedPageSize))
	if err != nil {
		return err
	}
	if len(packed) < int(h.CompressedPageSize) {
		return fmt.Errorf("a page claims %d bytes where %d are left", h.CompressedPageSize, len(packed))
	}
	packed = packed[:h.CompressedPageSize]
	if h.CRC != 0 && crc32.ChecksumIEEE(packed) != uint32(h.CRC) {
		return errors.New("the checksum of a page is wrong: the file was damaged after it was written; copy or export it again")
	}
	switch {
	case h.Type == format.DictionaryPage && h.DictionaryPageHeader.Valid:
		err = p.dictionary(h, packed)
	case h.Type == format.DataPage && h.DataPageHeader.Valid:
		err = p.version1(h, packed)
	case h.Type == format.DataPageV2 && h.DataPageHeaderV2.Valid:
		err = p.version2(h, packed)
	case h.Type == format.IndexPage:
	default:
		err = errors.New("a page header is damaged: its kind is unknown")
	}
	if err != nil {
		return err
	}
	p.rows -= int64(p.body.rows)
	p.in.skip(len(packed))
	return nil
}

// header reads a page header; statistics inside may make it long.
func (p *pages) header() (*format.PageHeader, error) {
	h, n, err := pageHeader(&p.in)
	if err == nil {
		p.in.skip(n)
	}
	return h, err
}

func pageHeader(in *window) (h *format.PageHeader, n int, err error) {
	defer func() { // plans look at headers outside of the goroutines that recover
		if p := recover(); p != nil {
			h, n, err = nil, 0, errors.New("a page header is damaged")
		}
	}()
	const most = 1 << 24
	for size := 256; ; size *= 8 {
		b, err := in.peek(size)
		if err != nil {
			return nil, 0, err
		}
		n, err := skimStruct(b, 0)
		if errors.Is(err, errShort) && int64(len(b)) < in.left() && size < most {
			continue
		}
		if err != nil {
			return nil, 0, fmt.Errorf("a page header is damaged: %w", err)
		}
		h := new(format.PageHeader)
		if err := thrift.Unmarshal(new(thrift.CompactProtocol), b[:n], h); err != nil {
			return nil, 0, plain("a page header is damaged", err)
		}
		return h, n, nil
	}
}

// inflation is how much larger than its compressed form a page can be.
func inflation(c format.CompressionCodec) int64 {
	switch c {
	case format.Uncompressed:
		return 1
	case format.Snappy:
		return 64
	case format.Gzip:
		return 1100
	case format.Lz4Raw, format.Lz4:
		return 256
	}
	return 1 << 16 // zstd and brotli repeat a block in a few bytes
}

// checkPage compares the sizes and counts of a page with what is left of its chunk, and with the memory that it may take.
func checkPage(h *format.PageHeader, codec format.CompressionCodec, left, rows, limit int64) error {
	packed, full := int64(h.CompressedPageSize), int64(h.UncompressedPageSize)
	if packed < 0 || full < 0 || packed > left {
		return fmt.Errorf("a page claims %d bytes where %d are left", packed, left)
	}
	if full > (packed+64)*inflation(codec) {
		return fmt.Errorf("a page of %d bytes claims to unpack to %d", packed, full)
	}
	if need := max(packed, full); need > limit {
		return fmt.Errorf("a page needs %s, but at most %s are allowed: write the file with smaller pages, or allow more memory", size(need), size(limit))
	}
	values := int64(0)
	switch {
	case h.DataPageHeader.Valid:
		values = int64(h.DataPageHeader.V.NumValues)
	case h.DataPageHeaderV2.Valid:
		v := h.DataPageHeaderV2.V
		values = int64(v.NumValues)
		if v.NumNulls < 0 || v.NumNulls > v.NumValues || v.RepetitionLevelsByteLength < 0 || v.DefinitionLevelsByteLength < 0 ||
			int64(v.RepetitionLevelsByteLength)+int64(v.DefinitionLevelsByteLength) > packed {
			return errors.New("a page header claims impossible counts")
		}
	case h.DictionaryPageHeader.Valid:
		if n := int64(h.DictionaryPageHeader.V.NumValues); n < 0 || n > 8*full {
			return fmt.Errorf("a dictionary claims %d values in %d bytes", n, full)
		}
	}
	if values < 0 || values > rows {
		return fmt.Errorf("a page claims %d values where %d rows are left", values, rows)
	}
	return nil
}

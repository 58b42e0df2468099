package parquetscan

import (
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// maxPage bounds what one page may need in memory.
const maxPage = 1 << 30

// checkPages walks the page headers of a column chunk before the library reads them. It trusts the sizes in them for
// allocation, so a file of some bytes could ask for gigabytes. It returns the data pages that hold nulls only and no
// bytes, with their rows: the library takes them for damaged.
func checkPages(r io.ReaderAt, m *format.ColumnMetaData, rows int64) (hollow map[int]int, err error) {
	at, left := chunkStart(m), m.TotalCompressedSize
	values, page := int64(0), 0
	for left > 0 && values < m.NumValues {
		h, n, err := pageHeader(r, at, left)
		if err != nil {
			return nil, err
		}
		at, left = at+int64(n), left-int64(n)
		if err := checkPage(h, m, left); err != nil {
			return nil, err
		}
		at, left = at+int64(h.CompressedPageSize), left-int64(h.CompressedPageSize)
		switch v := h.DataPageHeaderV2.V; {
		case h.DataPageHeader.Valid:
			values += int64(h.DataPageHeader.V.NumValues)
			page++
		case h.DataPageHeaderV2.Valid:
			if v.NumNulls == v.NumValues && h.CompressedPageSize == v.RepetitionLevelsByteLength+v.DefinitionLevelsByteLength {
				if hollow == nil {
					hollow = map[int]int{}
				}
				hollow[page] = int(v.NumValues)
			}
			values += int64(v.NumValues)
			page++
		}
	}
	if values != rows {
		return nil, fmt.Errorf("it holds %d values, but the row group has %d rows", values, rows)
	}
	return hollow, nil
}

// pageHeader reads the header at a place; statistics inside may make it long.
func pageHeader(r io.ReaderAt, at, left int64) (*format.PageHeader, int, error) {
	const most = 1 << 24
	for size := int64(256); ; size *= 8 {
		b := make([]byte, min(size, left))
		if _, err := r.ReadAt(b, at); err != nil {
			return nil, 0, errors.New("cannot read a page header: " + reason(err))
		}
		n, err := skimStruct(b, 0)
		if errors.Is(err, errShort) && int64(len(b)) < left && size < most {
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
	case format.Lz4Raw:
		return 256
	}
	return 1 << 16 // zstd and brotli repeat a block in a few bytes
}

func checkPage(h *format.PageHeader, m *format.ColumnMetaData, left int64) error {
	packed, full := int64(h.CompressedPageSize), int64(h.UncompressedPageSize)
	if packed < 0 || full < 0 || packed > left {
		return fmt.Errorf("a page claims %d bytes where %d are left", packed, left)
	}
	if full > maxPage || full > (packed+64)*inflation(m.Codec) {
		return fmt.Errorf("a page of %d bytes claims to unpack to %d", packed, full)
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
		return nil
	}
	if values < 0 || values > m.NumValues || values > maxPage/8 {
		return fmt.Errorf("a page claims %d values", values)
	}
	return nil
}

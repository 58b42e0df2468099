package parquetscan_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// dissected is a Parquet file taken apart, so that one field can be changed and all others stay in order. Flipped bytes seldom
// get past the first check; a wrong count in an otherwise sound header does.
type dissected struct {
	meta   format.FileMetaData
	chunks [][]chunkParts // by row group and column
}

type chunkParts struct {
	pages []pageParts
	// frozen keeps the offsets and sizes of the chunk's metadata as they are.
	frozen bool
}

type pageParts struct {
	header format.PageHeader
	data   []byte
	sealed bool // keeps CompressedPageSize
	crc    bool // written
}

// dissect takes a sound file apart.
func dissect(file []byte) (*dissected, error) {
	if len(file) < 12 || string(file[:4]) != "PAR1" || string(file[len(file)-4:]) != "PAR1" {
		return nil, fmt.Errorf("no Parquet file")
	}
	length := int(binary.LittleEndian.Uint32(file[len(file)-8:]))
	if length > len(file)-12 {
		return nil, fmt.Errorf("no footer")
	}
	d := new(dissected)
	if err := thrift.Unmarshal(new(thrift.CompactProtocol), file[len(file)-8-length:len(file)-8], &d.meta); err != nil {
		return nil, err
	}
	for i := range d.meta.RowGroups {
		var row []chunkParts
		for j := range d.meta.RowGroups[i].Columns {
			m := &d.meta.RowGroups[i].Columns[j].MetaData
			at := m.DataPageOffset
			if m.DictionaryPageOffset > 0 {
				at = m.DictionaryPageOffset
			}
			if at < 4 || m.TotalCompressedSize < 0 || at+m.TotalCompressedSize > int64(len(file)) {
				return nil, fmt.Errorf("chunk out of the file")
			}
			pages, err := pagesOf(file[at : at+m.TotalCompressedSize])
			if err != nil {
				return nil, err
			}
			row = append(row, chunkParts{pages: pages})
		}
		d.chunks = append(d.chunks, row)
	}
	return d, nil
}

func pagesOf(b []byte) ([]pageParts, error) {
	var out []pageParts
	for len(b) > 0 {
		r := new(thrift.CompactProtocol).NewReaderFromBytes(b)
		var h format.PageHeader
		if err := thrift.NewDecoder(r).Decode(&h); err != nil {
			return nil, err
		}
		n := r.BytesRead()
		if h.CompressedPageSize < 0 || n+int(h.CompressedPageSize) > len(b) {
			return nil, fmt.Errorf("page out of the chunk")
		}
		out = append(out, pageParts{header: h, data: bytes.Clone(b[n : n+int(h.CompressedPageSize)]), crc: h.CRC != 0})
		b = b[n+int(h.CompressedPageSize):]
	}
	return out, nil
}

// assemble puts a file together again. Sizes, offsets and checksums are those of what is written, except where the parts say
// otherwise.
func (d *dissected) assemble() ([]byte, error) {
	out := []byte("PAR1")
	proto := new(thrift.CompactProtocol)
	for i := range d.chunks {
		if i >= len(d.meta.RowGroups) {
			break
		}
		for j := range d.chunks[i] {
			if j >= len(d.meta.RowGroups[i].Columns) {
				break
			}
			c := &d.chunks[i][j]
			m := &d.meta.RowGroups[i].Columns[j].MetaData
			start, data, dict := int64(len(out)), int64(0), int64(0)
			for _, p := range c.pages {
				if !p.sealed {
					p.header.CompressedPageSize = int32(len(p.data))
				}
				if p.header.CRC = 0; p.crc {
					p.header.CRC = int32(crc32.ChecksumIEEE(p.data))
				}
				if p.header.DictionaryPageHeader.Valid {
					dict = int64(len(out))
				} else if data == 0 {
					data = int64(len(out))
				}
				h, err := thrift.Marshal(proto, &p.header)
				if err != nil {
					return nil, err
				}
				out = append(append(out, h...), p.data...)
			}
			if !c.frozen {
				m.DataPageOffset, m.DictionaryPageOffset, m.IndexPageOffset = data, dict, 0
				m.TotalCompressedSize = int64(len(out)) - start
			}
			m.BloomFilterOffset = 0
			col := &d.meta.RowGroups[i].Columns[j]
			col.ColumnIndexOffset, col.OffsetIndexOffset, col.ColumnIndexLength, col.OffsetIndexLength = 0, 0, 0, 0
		}
	}
	footer, err := thrift.Marshal(proto, &d.meta)
	if err != nil {
		return nil, err
	}
	out = append(out, footer...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(footer)))
	return append(out, "PAR1"...), nil
}

// repack changes the unpacked bytes of a page and packs them again.
func (d *dissected) repack(i, j, k int, change func([]byte) []byte) {
	p, m := &d.chunks[i][j].pages[k], &d.meta.RowGroups[i].Columns[j].MetaData
	if p.header.UncompressedPageSize < 0 || p.header.UncompressedPageSize > 1<<20 || m.Codec < 0 || m.Codec > format.Lz4Raw {
		return // an earlier change lies; the library would believe it
	}
	defer func() { _ = recover() }() // so it may of the bytes
	head := 0
	if v := p.header.DataPageHeaderV2; v.Valid {
		head = int(v.V.RepetitionLevelsByteLength) + int(v.V.DefinitionLevelsByteLength)
	}
	if head < 0 || head > len(p.data) {
		head = 0
	}
	codec := parquet.LookupCompressionCodec(m.Codec)
	plain := p.data[head:]
	packed := m.Codec != format.Uncompressed && (!p.header.DataPageHeaderV2.Valid || !p.header.DataPageHeaderV2.V.IsCompressed.Valid || p.header.DataPageHeaderV2.V.IsCompressed.V)
	if packed && len(plain) > 0 {
		b, err := codec.Decode(make([]byte, 0, max(p.header.UncompressedPageSize, 64)), plain)
		if err != nil {
			return
		}
		plain = b
	}
	all := change(bytes.Clone(append(bytes.Clone(p.data[:head]), plain...)))
	head = min(head, len(all))
	p.header.UncompressedPageSize = int32(len(all))
	if packed {
		b, err := codec.Encode(nil, all[head:])
		if err != nil {
			return
		}
		all = append(all[:head:head], b...)
	}
	p.data = all
}

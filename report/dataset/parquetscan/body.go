package parquetscan

import (
	"encoding/binary"
	"errors"
	"math/bits"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/format"
)

// pieceRows is the most rows of a piece.
const pieceRows = 1 << 16

// piece is a stretch of rows of one page.
type piece struct {
	rows   int
	levels []byte          // of definition, one a row; nil when no row is null
	values encoding.Values // of the rows that are not null; indexes into dict unless that is nil
	dict   *dictionary
}

// dictionary holds the values that indexes stand for. A chunk has one.
type dictionary struct {
	values encoding.Values
	size   int
}

// body is the rest of an unpacked page.
type body struct {
	rows    int // without those handed out
	max     byte
	levels  hybrid
	values  values
	indexed bool
}

// values hands out values that are not null.
type values interface {
	// take returns the next n values; n is positive.
	take(n int, m *pageMemory) (encoding.Values, error)
	// pass leaves out the next n values.
	pass(n int) error
}

// next cuts the next piece off.
func (b *body) next(p *piece, m *pageMemory) error {
	n, present := min(b.rows, pieceRows), 0
	p.levels, p.values = nil, encoding.Values{}
	if b.max == 0 {
		present = n
	} else if value, run, err := b.levels.uniform(min(n, 4096)); err != nil {
		return err
	} else if run > 0 {
		n = min(n, run)
		b.levels.skip(n)
		switch level := byte(value); {
		case level > b.max:
			return errLevels
		case level == b.max:
			present = n
		default:
			m.levels = grow(m.levels, pieceRows)
			p.levels = m.levels[:n]
			for i := range p.levels {
				p.levels[i] = level
			}
		}
	} else {
		m.levels = grow(m.levels, pieceRows)
		if present, err = b.count(m.levels[:n]); err != nil {
			return err
		}
		if present < n {
			p.levels = m.levels[:n]
		}
	}
	switch {
	case present > 0:
		var err error
		if p.values, err = b.values.take(present, m); err != nil {
			return err
		}
	case b.indexed:
		p.values = encoding.Int32Values(nil)
	}
	p.rows = n
	b.rows -= n
	return nil
}

// pass leaves out rows of a page, fewer than it has. It takes no longer than the bytes that stand for them, which may be
// few for thousands of millions of rows.
func (b *body) pass(n int, m *pageMemory) error {
	for n > 0 {
		k, present := min(n, pieceRows), 0
		if b.max == 0 {
			k, present = n, n
		} else if value, run, err := b.levels.uniform(1); err != nil {
			return err
		} else if run > 0 {
			k = min(n, run)
			if b.levels.width == 0 {
				k = n
			}
			b.levels.skip(k)
			if byte(value) > b.max {
				return errLevels
			}
			if byte(value) == b.max {
				present = k
			}
		} else {
			m.levels = grow(m.levels, pieceRows)
			if present, err = b.count(m.levels[:k]); err != nil {
				return err
			}
		}
		if present > 0 {
			if err := b.values.pass(present); err != nil {
				return err
			}
		}
		b.rows -= k
		n -= k
	}
	return nil
}

var errLevels = errors.New("a page is damaged: its levels are out of range")

// count reads levels and counts the rows that have a value.
func (b *body) count(levels []byte) (present int, err error) {
	n, err := b.levels.levels(levels)
	if err != nil {
		return 0, err
	}
	if n < len(levels) {
		return 0, errors.New("a page is damaged: it has less levels than rows")
	}
	over := false
	for _, l := range levels {
		if l == b.max {
			present++
		}
		over = over || l > b.max
	}
	if over {
		return 0, errLevels
	}
	return present, nil
}

// unpack decompresses what a page holds. Some writers claim more than there is, none less.
func (p *pages) unpack(dst *[]byte, packed []byte, full int) ([]byte, error) {
	if p.codec != format.Uncompressed {
		const slack = 128<<10 + 64 // lets the decoder of zstd copy carelessly
		*dst = grow(*dst, full+slack)
	} else {
		*dst = grow(*dst, full)
	}
	return p.mem.unpack(p.codec, (*dst)[:full], packed)
}

func (p *pages) dictionary(h *format.PageHeader, packed []byte) error {
	if p.dict != nil {
		return nil // a repetition
	}
	v := h.DictionaryPageHeader.V
	if v.Encoding != format.Plain && v.Encoding != plainDictionary {
		return errors.New("its dictionary has an unknown encoding")
	}
	data, err := p.unpack(&p.mem.dict, packed, int(h.UncompressedPageSize))
	if err != nil {
		return err
	}
	if len(data) > 0 && len(packed) > 0 && &data[0] == &packed[0] {
		data = append(p.mem.dict[:0], data...) // stays while the window moves on
		p.mem.dict = data
	}
	n := int(v.NumValues)
	var offsets []uint32
	t := p.leaf.column.Type()
	if t.Kind() == parquet.ByteArray {
		if data, offsets, err = textsOf(data, n, make([]uint32, 0, min(n, len(data)/4)+1)); err != nil {
			return err
		}
		if len(offsets) != n+1 {
			return errFew
		}
	} else if width := widthOf(t); width == 0 || n > len(data)/width {
		return errFew
	} else {
		data = data[:n*width]
	}
	p.dict = &dictionary{values: t.NewValues(data, offsets), size: n}
	return nil
}

func (p *pages) version1(h *format.PageHeader, packed []byte) error {
	v := h.DataPageHeader.V
	if v.NumValues == 0 {
		return nil
	}
	data, err := p.unpack(&p.mem.unpacked, packed, int(h.UncompressedPageSize))
	if err != nil {
		return err
	}
	var levels []byte
	if p.leaf.optional > 0 {
		if v.DefinitionLevelEncoding != format.RLE {
			return errors.New("its levels are in the deprecated BIT_PACKED encoding, which is not supported")
		}
		if len(data) < 4 || uint64(binary.LittleEndian.Uint32(data)) > uint64(len(data)-4) {
			return errors.New("a page is damaged: its levels are cut off")
		}
		n := int(binary.LittleEndian.Uint32(data))
		levels, data = data[4:4+n], data[4+n:]
	}
	return p.begin(int(v.NumValues), levels, data, v.Encoding)
}

func (p *pages) version2(h *format.PageHeader, packed []byte) error {
	v := h.DataPageHeaderV2.V
	if v.NumValues == 0 {
		return nil
	}
	at := int(v.RepetitionLevelsByteLength)
	levels := packed[at : at+int(v.DefinitionLevelsByteLength)]
	data := packed[at+len(levels):]
	if !v.IsCompressed.Valid || v.IsCompressed.V {
		var err error
		if data, err = p.unpack(&p.mem.unpacked, data, int(h.UncompressedPageSize)); err != nil {
			return err
		}
	}
	return p.begin(int(v.NumValues), levels, data, v.Encoding)
}

// begin makes the body of a page. Levels and data may be inside the window, which stays until the next page.
func (p *pages) begin(rows int, levels, data []byte, e format.Encoding) error {
	p.body = body{rows: rows, max: p.leaf.optional}
	if p.leaf.optional > 0 {
		p.mem.temp = grow(p.mem.temp, 256)
		p.body.levels = newHybrid(levels, uint(bits.Len8(p.leaf.optional)), nil)
	}
	var err error
	if p.body.values, err = p.decode(rows, data, e); err != nil {
		p.body = body{}
		return err
	}
	p.body.indexed = e == format.RLEDictionary || e == plainDictionary
	return nil
}

package parquetscan

import (
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/format"

	"parcours/report/dataset/expression"
)

// reader reads one column chunk in batches, page by page, whatever the sizes of pages and batches.
type reader struct {
	leaf leaf
	dec  decoder
	out  expression.Vector

	pages  *parquet.FilePages
	page   parquet.Page
	values encoding.Values
	levels []byte // nil when no row of the page is null
	row    int    // next row of the page
	rows   int    // of the page
	value  int    // next value that is not null

	dict     expression.Vector // decoded once a dictionary
	dictOf   parquet.Dictionary
	indexed  bool
	nullMem  []bool
	maxLevel byte
	hollow   map[int]int // data pages without bytes, with their rows
	ordinal  int         // of the next data page
}

// newReader opens a column chunk. The key form keeps every digit of an identifier.
func newReader(l leaf, key bool, r io.ReaderAt, g parquet.RowGroup, m *format.RowGroup) (*reader, error) {
	if l.index >= len(m.Columns) {
		return nil, errors.New("the row group lacks it")
	}
	hollow, err := checkPages(r, &m.Columns[l.index].MetaData, m.NumRows)
	if err != nil {
		return nil, err
	}
	chunks := g.ColumnChunks()
	if l.index >= len(chunks) {
		return nil, errors.New("the row group lacks it")
	}
	chunk, ok := chunks[l.index].(*parquet.FileColumnChunk)
	if !ok {
		return nil, errors.New("it has no pages")
	}
	typ := l.typ
	if key {
		typ = l.key
	}
	d, err := decoderOf(l, typ)
	if err != nil {
		return nil, err
	}
	c := &reader{leaf: l, dec: d, maxLevel: l.optional, hollow: hollow}
	c.out.Type, c.dict.Type = typ, typ
	c.pages = chunk.PagesFrom(r)
	return c, nil
}

func (c *reader) close() {
	if c.page != nil {
		parquet.Release(c.page)
		c.page = nil
	}
	c.pages.Close()
}

// read returns the next n rows, valid until the next call.
func (c *reader) read(n int) (*expression.Vector, error) {
	resize(&c.out, n)
	c.out.Null = nil
	for done := 0; done < n; {
		if c.row == c.rows {
			if err := c.nextPage(); err != nil {
				return nil, err
			}
			continue
		}
		k := min(n-done, c.rows-c.row)
		if err := c.fill(done, k, n); err != nil {
			return nil, err
		}
		done += k
		c.row += k
	}
	return &c.out, nil
}

// nextPage opens the next page that has rows.
func (c *reader) nextPage() error {
	if c.page != nil {
		parquet.Release(c.page)
		c.page = nil
	}
	page, err := c.pages.ReadPage()
	if rows, ok := c.hollow[c.ordinal]; ok && c.maxLevel > 0 {
		if err == nil {
			parquet.Release(page)
		}
		c.ordinal++
		c.row, c.value, c.rows, c.levels = 0, 0, rows, make([]byte, rows)
		return nil
	}
	c.ordinal++
	if err == io.EOF {
		return errors.New("it ends before the row group does")
	}
	if err != nil {
		return plain("a page cannot be read", err)
	}
	c.page, c.row, c.value = page, 0, 0
	c.rows = int(page.NumRows())
	c.values = page.Data()
	c.levels = nil
	if c.maxLevel > 0 && page.NumNulls() > 0 {
		if c.levels = page.DefinitionLevels(); len(c.levels) != c.rows {
			return errors.New("a page is damaged: levels and rows differ in number")
		}
	}
	dict := page.Dictionary()
	c.indexed = dict != nil
	if dict != nil && dict != c.dictOf {
		return c.readDictionary(dict)
	}
	return nil
}

func (c *reader) readDictionary(d parquet.Dictionary) error {
	values := d.Page().Data()
	resize(&c.dict, d.Len())
	c.dict.Null = nil
	c.dictOf = d
	return c.decode(&c.dict, 0, &values, 0, d.Len())
}

// fill writes rows of the current page to out[at:at+k]; total is the size of the batch.
func (c *reader) fill(at, k, total int) error {
	levels := c.levels
	if levels == nil {
		err := c.take(at, k)
		c.value += k
		return err
	}
	levels = levels[c.row : c.row+k]
	present := 0
	for _, l := range levels {
		if l == c.maxLevel {
			present++
		}
	}
	if err := c.take(at, present); err != nil {
		return err
	}
	c.value += present
	if present < k {
		c.spread(at, levels, present, total)
	}
	return nil
}

// take writes the next k values that are not null to out[at:at+k].
func (c *reader) take(at, k int) error {
	if c.indexed {
		return c.gather(at, k)
	}
	return c.decode(&c.out, at, &c.values, c.value, c.value+k)
}

// spread moves the values that were read in a row to the rows that have one, from the back.
func (c *reader) spread(at int, levels []byte, present, total int) {
	if c.out.Null == nil {
		if cap(c.nullMem) < total {
			c.nullMem = make([]bool, total)
		}
		c.out.Null = c.nullMem[:total]
		clear(c.out.Null)
	}
	from := at + present - 1
	for i := len(levels) - 1; i >= 0; i-- {
		if levels[i] != c.maxLevel {
			c.out.Null[at+i] = true
			continue
		}
		if to := at + i; to != from {
			move(&c.out, to, from)
		}
		from--
	}
}

func move(v *expression.Vector, to, from int) {
	switch v.Type.Kind {
	case expression.Bool:
		v.Bool[to] = v.Bool[from]
	case expression.Float:
		v.Float[to] = v.Float[from]
	case expression.Text:
		v.Text[to] = v.Text[from]
	default:
		v.Int[to] = v.Int[from]
	}
}

// gather copies dictionary entries by the indexes of the page.
func (c *reader) gather(at, k int) error {
	indexes := c.values.Int32()
	if c.value+k > len(indexes) {
		return errors.New("a page is damaged: too few values")
	}
	size := c.dictOf.Len()
	for i, x := range indexes[c.value : c.value+k] {
		if x < 0 || int(x) >= size {
			return fmt.Errorf("a page is damaged: entry %d of a dictionary of %d", x, size)
		}
		switch to := at + i; c.out.Type.Kind {
		case expression.Bool:
			c.out.Bool[to] = c.dict.Bool[x]
		case expression.Float:
			c.out.Float[to] = c.dict.Float[x]
		case expression.Text:
			c.out.Text[to] = c.dict.Text[x]
		default:
			c.out.Int[to] = c.dict.Int[x]
		}
	}
	return nil
}

func (c *reader) decode(dst *expression.Vector, at int, v *encoding.Values, from, to int) error {
	if from == to {
		return nil
	}
	return c.dec(dst, at, v, from, to)
}

func resize(v *expression.Vector, n int) {
	switch v.Type.Kind {
	case expression.Bool:
		v.Bool = grow(v.Bool, n)
	case expression.Float:
		v.Float = grow(v.Float, n)
	case expression.Text:
		v.Text = grow(v.Text, n)
	default:
		v.Int = grow(v.Int, n)
	}
}

func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

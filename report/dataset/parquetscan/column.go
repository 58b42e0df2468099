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
	out  expression.Vector // of batches that are put together
	view expression.Vector // of batches that lie in one page

	pages  *pages
	values encoding.Values
	levels []byte // nil when no row of the piece is null
	row    int    // next row of the piece
	rows   int    // of the piece
	value  int    // next value that is not null

	dict     *expression.Vector // decoded once a dictionary; a new one has a new address
	dictOf   *dictionary
	indexed  bool
	codes    []int32 // entries of the values of the piece, when it is indexed
	codeMem  []int32
	textMem  []string
	nullMem  []bool
	maxLevel byte
	direct   bool    // values are in the page as the vector has them
	coded    bool    // texts come as codes where they can
	lend     decoder // makes texts that share the memory of their page: they are good until the next read
}

// newReader opens a column chunk. The key form keeps every digit of an identifier.
func newReader(l leaf, key bool, r io.ReaderAt, m *format.RowGroup) (*reader, error) {
	if l.index >= len(m.Columns) {
		return nil, errors.New("the row group lacks it")
	}
	typ := l.typ
	if key {
		typ = l.key
	}
	d, err := decoderOf(l, typ)
	if err != nil {
		return nil, err
	}
	c := &reader{leaf: l, dec: d, maxLevel: l.optional, direct: direct(l, typ)}
	c.out.Type, c.view.Type = typ, typ
	if c.pages, err = newPages(l, r, &m.Columns[l.index].MetaData, m.NumRows); err != nil {
		return nil, err
	}
	return c, nil
}

// share makes texts cheap: codes where there is a dictionary and, when lend is set, texts that are good until the next read only.
func (c *reader) share(lend bool) {
	c.coded = c.out.Type.Kind == expression.Text
	if t := c.leaf.column.Type(); lend && c.coded && t.Kind() == parquet.ByteArray && decimalOf(t) == nil {
		c.lend = lendText
	}
}

// direct reports whether a page without nulls holds the values as vectors do.
func direct(l leaf, as expression.Type) bool {
	switch t := l.column.Type(); t.Kind() {
	case parquet.Double:
		return as.Kind == expression.Float
	case parquet.Int64:
		return as.Kind == expression.Int || as.Kind == expression.Decimal || as.Kind == expression.Time && l.unit == 1e6
	}
	return false
}

func (c *reader) close() { c.pages.close() }

// read returns the next n rows, valid until the next call.
func (c *reader) read(n int) (*expression.Vector, error) {
	if err := c.more(); err != nil {
		return nil, err
	}
	if v, err := c.whole(n); v != nil || err != nil {
		return v, err
	}
	c.begin(n)
	for done := 0; done < n; {
		if err := c.more(); err != nil {
			return nil, err
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

// more makes sure that the piece has rows left.
func (c *reader) more() error {
	for c.row == c.rows {
		if err := c.next(); err != nil {
			return err
		}
	}
	return nil
}

// whole returns the next n rows without copying them, nil when they are not all in the page.
func (c *reader) whole(n int) (*expression.Vector, error) {
	if c.levels != nil || c.rows-c.row < n {
		return nil, nil
	}
	from, to := c.value, c.value+n
	switch {
	case c.indexed && c.coded:
		if to > len(c.codes) {
			return nil, errFew
		}
		c.view.Codes, c.view.Dict, c.view.Text = c.codes[from:to], c.dict, nil
	case c.indexed || !c.direct:
		return nil, nil
	case c.view.Type.Kind == expression.Float:
		s, err := section[float64](&c.values, encoding.Double, from, to)
		if err != nil {
			return nil, err
		}
		c.view.Float = s
	default:
		s, err := section[int64](&c.values, encoding.Int64, from, to)
		if err != nil {
			return nil, err
		}
		c.view.Int = s
	}
	c.row += n
	c.value = to
	return &c.view, nil
}

// begin makes room for n rows that are put together.
func (c *reader) begin(n int) {
	c.out.Null, c.out.Codes, c.out.Dict = nil, nil, nil
	if c.coded && c.indexed {
		c.codeMem = grow(c.codeMem, n)
		c.out.Codes, c.out.Dict, c.out.Text = c.codeMem, c.dict, nil
		return
	}
	c.texts(n)
}

// texts makes room for n values themselves.
func (c *reader) texts(n int) {
	if c.out.Type.Kind != expression.Text {
		resize(&c.out, n)
		return
	}
	c.textMem = grow(c.textMem, n)
	c.out.Text = c.textMem
}

// next opens the next piece.
func (c *reader) next() error {
	p, err := c.pages.next()
	if err == io.EOF {
		return errors.New("it ends before the row group does")
	}
	if err != nil {
		return err
	}
	c.row, c.value, c.rows, c.levels, c.values = 0, 0, p.rows, p.levels, p.values
	if c.indexed = p.dict != nil; !c.indexed {
		return nil
	}
	if p.dict != c.dictOf {
		if err := c.readDictionary(p.dict); err != nil {
			return err
		}
	}
	return c.checkCodes()
}

// readDictionary decodes a dictionary. One more entry, of texts, is null.
func (c *reader) readDictionary(d *dictionary) error {
	n := d.size
	c.dict = &expression.Vector{Type: c.out.Type}
	resize(c.dict, n+1)
	if c.out.Type.Kind == expression.Text {
		c.dict.Null = make([]bool, n+1)
		c.dict.Null[n] = true
	}
	c.dictOf = d
	if n == 0 {
		return nil
	}
	return c.dec(c.dict, 0, &d.values, 0, n)
}

// checkCodes checks the entries of a page at once.
func (c *reader) checkCodes() error {
	c.codes = c.values.Int32()
	most := uint32(0)
	for _, x := range c.codes {
		most = max(most, uint32(x))
	}
	if size := c.dictOf.size; len(c.codes) > 0 && int64(most) >= int64(size) {
		return fmt.Errorf("a page is damaged: entry %d of a dictionary of %d", int32(most), size)
	}
	return nil
}

// fill writes rows of the current page to out[at:at+k]; total is the size of the batch.
func (c *reader) fill(at, k, total int) error {
	if c.out.Codes != nil && (!c.indexed || c.out.Dict != c.dict) {
		c.uncode(at, total)
	}
	levels := c.levels
	last := at+k == total
	if levels == nil {
		err := c.take(at, k, last)
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
	if err := c.take(at, present, last); err != nil {
		return err
	}
	c.value += present
	if present < k {
		c.spread(at, levels, present, total)
	}
	return nil
}

// uncode turns the codes of a batch so far into texts, since its next page has none of the same dictionary.
func (c *reader) uncode(at, total int) {
	codes, dict := c.out.Codes[:at], c.out.Dict
	c.out.Codes, c.out.Dict = nil, nil
	c.texts(total)
	for i, code := range codes {
		c.out.Text[i] = dict.Text[code]
	}
}

// take writes the next k values that are not null to out[at:at+k]. The last values of a batch may stay in their page.
func (c *reader) take(at, k int, last bool) error {
	switch {
	case k == 0:
		return nil
	case c.indexed:
		return c.gather(at, k)
	case last && c.lend != nil:
		return c.lend(&c.out, at, &c.values, c.value, c.value+k)
	}
	return c.dec(&c.out, at, &c.values, c.value, c.value+k)
}

// spread moves the values that were read in a row to the rows that have one, from the back.
func (c *reader) spread(at int, levels []byte, present, total int) {
	if c.out.Null == nil {
		c.nullMem = grow(c.nullMem, total)
		clear(c.nullMem)
		c.out.Null = c.nullMem
	}
	nulls := c.out.Null[at : at+len(levels)]
	for i, l := range levels {
		nulls[i] = l != c.maxLevel
	}
	end := at + len(levels)
	switch {
	case c.out.Codes != nil:
		spread(c.out.Codes[at:end], nulls, present, int32(c.dictOf.size))
	case c.out.Type.Kind == expression.Bool:
		spread(c.out.Bool[at:end], nulls, present, false)
	case c.out.Type.Kind == expression.Float:
		spread(c.out.Float[at:end], nulls, present, 0)
	case c.out.Type.Kind == expression.Text:
		spread(c.out.Text[at:end], nulls, present, "")
	default:
		spread(c.out.Int[at:end], nulls, present, 0)
	}
}

// spread moves s[:present] to the places that are not null, in order.
func spread[T any](s []T, nulls []bool, present int, null T) {
	from := present - 1
	for i := len(s) - 1; i >= 0 && i != from; i-- {
		if nulls[i] {
			s[i] = null
			continue
		}
		s[i] = s[from]
		from--
	}
}

// gather copies dictionary entries by the indexes of the page.
func (c *reader) gather(at, k int) error {
	if c.value+k > len(c.codes) {
		return errFew
	}
	codes := c.codes[c.value : c.value+k]
	switch {
	case c.out.Codes != nil:
		copy(c.out.Codes[at:], codes)
	case c.out.Type.Kind == expression.Bool:
		entries(c.out.Bool[at:], c.dict.Bool, codes)
	case c.out.Type.Kind == expression.Float:
		entries(c.out.Float[at:], c.dict.Float, codes)
	case c.out.Type.Kind == expression.Text:
		entries(c.out.Text[at:], c.dict.Text, codes)
	default:
		entries(c.out.Int[at:], c.dict.Int, codes)
	}
	return nil
}

func entries[T any](to, from []T, codes []int32) {
	to = to[:len(codes)]
	for i, code := range codes {
		to[i] = from[code]
	}
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

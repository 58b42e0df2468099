package parquetscan

import (
	"cmp"
	"fmt"
	"io"
	"runtime"

	"github.com/parquet-go/parquet-go/format"

	"parcours/report/dataset/tally"
)

// The rows of a task. A row group of more than twice the target is cut into several tasks, which find their first rows by
// the headers of pages.
const (
	leastTask = 1 << 17
	mostTask  = 1 << 20
)

// sizes decide how the work is cut; what is zero has its default. The result does not depend on them.
type sizes struct {
	task  int64 // rows
	proof int64 // rows from which it is worth proving that the identifiers of orders differ
}

// tasksOf lists the row groups of tables, cut where they are too large for all processors to have work until the end.
func (s *scan) tasksOf(tables []*table) []*task {
	if s.sizes.task > 0 {
		return cutTasks(tables, s.sizes.task)
	}
	rows, groups := int64(0), 0
	for _, t := range tables {
		for _, src := range t.sources {
			if src.kept != nil {
				continue
			}
			rows += src.file.NumRows()
			groups += len(src.file.RowGroups())
		}
	}
	workers := cmp.Or(s.workers, runtime.GOMAXPROCS(0))
	target := int64(mostTask)
	if groups < 4*workers {
		target = min(max(rows/int64(4*workers), leastTask), target)
	}
	return cutTasks(tables, target)
}

func cutTasks(tables []*table, target int64) []*task {
	var out []*task
	for _, t := range tables {
		for i, src := range t.sources {
			if src.kept != nil {
				continue
			}
			first := int64(0)
			for g, group := range src.file.RowGroups() {
				rows := group.NumRows()
				pieces := int64(1)
				if rows > 2*target {
					pieces = (rows + target - 1) / target
				}
				for k := range pieces {
					from, to := cut(k*rows/pieces, target), cut((k+1)*rows/pieces, target)
					if k == pieces-1 {
						to = rows
					}
					out = append(out, &task{source: src, file: i, group: g, first: first, from: from, to: to, watched: t.kept, latest: tally.NoDay})
				}
				first += rows
			}
		}
	}
	return out
}

// cut moves the end of a task to that of a batch: batches are the same however row groups are cut, and with them the pages
// that no row needs.
func cut(row, target int64) int64 {
	if target < batchRows {
		return row
	}
	return row / batchRows * batchRows
}

// reader opens a column at the first row of the task.
func (t *task) reader(l leaf, key bool, r io.ReaderAt) (*reader, error) {
	c, err := newReader(l, key, r, &t.source.file.Metadata().RowGroups[t.group])
	if err != nil || t.from == 0 {
		return c, err
	}
	if err := c.skip(t.from); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// skip passes over rows; pages that hold none but these are not unpacked, and of another only what is needed.
func (c *reader) skip(n int64) error {
	for n > 0 {
		if c.row == c.rows {
			passed, err := c.pages.pass(n)
			if err != nil {
				return err
			}
			if n -= passed; n == 0 {
				return nil
			}
			if passed, err = c.pages.within(n); err != nil {
				return err
			}
			if n -= passed; n == 0 {
				return nil
			}
			if err := c.next(); err != nil {
				return err
			}
		}
		k := int(min(n, int64(c.rows-c.row)))
		present := k
		if c.levels != nil {
			present = c.present(c.levels[c.row : c.row+k])
		}
		c.row += k
		c.value += present
		n -= int64(k)
	}
	return nil
}

func (c *reader) present(levels []byte) int {
	n := 0
	for _, l := range levels {
		if l == c.maxLevel {
			n++
		}
	}
	return n
}

// headerBytes is how much is read to see a page header between pages that are not.
const headerBytes = 512

// pass passes over whole data pages of at most n rows together, and returns how many rows they have. The page before must
// be used up.
func (p *pages) pass(n int64) (passed int64, err error) {
	w := p.in.bare()
	for p.rows > 0 {
		if w.left() == 0 {
			return passed, fmt.Errorf("its pages end %d rows before the row group does", p.rows)
		}
		h, size, err := pageHeader(&w)
		if err != nil {
			return passed, err
		}
		if err := checkPage(h, p.codec, w.left()-int64(size), p.rows, p.limit); err != nil {
			return passed, err
		}
		rows := int64(-1)
		switch {
		case h.Type == format.DataPage && h.DataPageHeader.Valid:
			rows = int64(h.DataPageHeader.V.NumValues)
		case h.Type == format.DataPageV2 && h.DataPageHeaderV2.Valid:
			rows = int64(h.DataPageHeaderV2.V.NumValues)
		}
		if rows > n-passed {
			return passed, nil
		}
		if rows < 0 { // a dictionary
			if err := p.page(); err != nil {
				return passed, err
			}
			w = p.in.bare()
			continue
		}
		w.skip(size)
		w.jump(int64(h.CompressedPageSize))
		passed += rows
		p.rows -= rows
		p.in.at, p.in.lo, p.in.hi = w.place(), 0, 0
	}
	return passed, nil
}

// place is where the next byte is in the file.
func (w *window) place() int64 { return w.at - int64(w.hi-w.lo) }

// bare is the same stretch of the file without what was read.
func (w *window) bare() window { return window{r: w.r, at: w.place(), end: w.end, size: headerBytes} }

package parquetscan

import (
	"os"
	"runtime"

	"github.com/parquet-go/parquet-go/format"

	"parcours/internal/diag"
	"parcours/internal/memory"
	"parcours/report/dataset/tally"
)

// CodeMemory says that the promised memory is not enough.
const CodeMemory diag.Code = "PD015"

// What is taken beside pages and records.
const (
	outside      = 40 << 20 // the program and its runtime, which the collector does not count, and what it does not collect in time
	baseMemory   = 16 << 20 // footers, tables of results
	workerMemory = 4 << 20  // batches, evaluators, rows on their way
	leastRecords = 8 << 20  // below it the temporary file would be read and written in crumbs
	leastPage    = 1 << 20
)

// footprint is what reading a row group takes each worker.
type footprint struct {
	file    string
	column  string // with the largest page
	bytes   int64
	page    int64 // the largest
	any     int64 // the largest of any row group
	columns int
}

// allot decides, before any row is read, how many workers there can be, how large a page may be and what is left for the
// records of the tally. Without a promise nothing is bounded. When one worker is too many already, the list says what would do.
func (s *scan) allot(plan *tally.Plan) {
	s.workers = runtime.GOMAXPROCS(0)
	if s.req.Memory <= 0 {
		return
	}
	if s.most == nil {
		s.most = s.largest()
	}
	most := s.most
	// The collector works harder from nine tenths on; what is left up to there is garbage between two of its runs.
	total := min(s.req.Memory/5*4, s.req.Memory-outside)
	for ; s.workers >= 1; s.workers-- {
		reading, records := s.share(*plan, most, total)
		if records >= max(total/4, leastRecords) || s.workers == 1 && records >= leastRecords {
			plan.Memory, plan.Workers = records, s.workers
			s.limitPages(most, reading)
			return
		}
	}
	s.workers = 1
	_, records := s.share(*plan, most, total)
	s.tooLittle(most, total-records+leastRecords)
}

// share returns what reading may take and what is left for records.
func (s *scan) share(plan tally.Plan, most *footprint, total int64) (reading, records int64) {
	adding, counting := plan.Beside(s.req, s.workers)
	fixed := baseMemory + int64(s.workers)*workerMemory
	// What a file needed is lent to the next or left to the collector: half as much again.
	reading = int64(s.workers) * most.bytes * 3 / 2
	return reading, total - fixed - max(reading+adding, counting)
}

// limitPages makes a page that is larger than all that were looked at an error, when it could break the promise.
func (s *scan) limitPages(most *footprint, reading int64) {
	limit := max(most.any*5/4, leastPage, (reading+s.req.Memory/16)/int64(2*s.workers*max(most.columns, 1)))
	for _, t := range s.tables {
		for _, src := range t.sources {
			for _, l := range src.leaves {
				if l.memories != nil {
					l.memories.limit = min(limit, maxPage)
				}
			}
		}
	}
}

func (s *scan) tooLittle(most *footprint, bytes int64) {
	const step = 64 << 20
	enough := (max(bytes/4*5, bytes+outside) + step) / step * step
	d := diag.Diagnostic{
		Severity: diag.Error, Code: CodeMemory, Pos: s.position(),
		Msg:  "the work cannot be done within " + memory.Format(s.req.Memory),
		Hint: "allow " + memory.Format(enough) + " with --memory or [build] memory",
	}
	if most.bytes > bytes/2 {
		d.Pos = diag.Position{File: most.file}
		d.Msg = "reading it takes " + memory.Format(most.bytes) + ", most of it for pages of " + memory.Format(most.page) +
			" of the column " + most.column + ", and only " + memory.Format(s.req.Memory) + " of memory are promised"
		d.Hint += ", or write the file with smaller pages"
	}
	s.list.Add(d)
}

// largest returns the footprint of the row group that takes most.
func (s *scan) largest() *footprint {
	most := &footprint{}
	for _, t := range s.tables {
		for _, src := range t.sources {
			if s.ctx.Err() != nil {
				return most
			}
			if src.kept != nil {
				continue
			}
			n := src.footprint()
			n.any, n.columns = max(n.page, most.any), max(n.columns, most.columns)
			if n.bytes < most.bytes {
				most.any, most.columns = n.any, n.columns
				continue
			}
			most = &n
		}
	}
	return most
}

// footprint looks at the chunks of the bound columns. A file that cannot be read is told when it is.
func (src *source) footprint() footprint {
	most := footprint{file: src.name}
	f, err := os.Open(src.path)
	if err != nil {
		return most
	}
	defer f.Close()
	groups := src.file.Metadata().RowGroups
	for g := range groups {
		n := footprint{file: src.name}
		for _, i := range src.binding.used() {
			from := src.binding.readers[i]
			l := src.leaf(from.leaf)
			if from.leaf == "" || l.index >= len(groups[g].Columns) {
				continue
			}
			page, dict := pageSizes(f, &groups[g].Columns[l.index].MetaData)
			n.columns++
			n.bytes += page.bytes(int64(l.buffer())) + dict.dictionary()
			if size := max(page.largest(), dict.largest()); size > n.page {
				n.page, n.column = size, from.leaf
			}
		}
		if n.bytes > most.bytes {
			most = n
		}
	}
	return most
}

// pageSize is the size of a page, or the largest of each of several.
type pageSize struct{ packed, full, values int64 }

func (p pageSize) largest() int64 { return max(p.packed, p.full) }

// bytes is what reading such pages takes: the window on the file, the unpacked page, offsets of its texts, and a piece of it as
// levels, indexes and values.
func (p pageSize) bytes(buffer int64) int64 {
	const slack, piece = 160 << 10, 32
	return max(buffer, p.packed) + p.full + slack + 4*p.values + piece*min(p.values, pieceRows)
}

// dictionary is what a dictionary takes: its bytes, those of the texts that are made of it, and for each entry its text, the
// offset and what the entry means.
func (p pageSize) dictionary() int64 { return p.packed + 2*p.full + 56*p.values }

// headersSeen is the number of page headers of a chunk that are looked at. Where there are more, pages are small.
const headersSeen = 256

// smallChunk is the size of a chunk whose pages need not be looked at.
const smallChunk = 1 << 20

// pageSizes returns the largest sizes of the pages of a chunk, and of its dictionary. Pages that reading will refuse take
// nothing.
func pageSizes(f *os.File, m *format.ColumnMetaData) (page, dict pageSize) {
	whole := pageSize{packed: m.TotalCompressedSize, full: m.TotalUncompressedSize, values: m.NumValues}
	if whole.largest() <= smallChunk && m.NumValues <= smallChunk {
		return whole, pageSize{}
	}
	w := window{r: f, at: chunkStart(m), end: chunkStart(m) + m.TotalCompressedSize, size: 256}
	values := int64(0)
	for range headersSeen {
		if w.left() == 0 || values >= m.NumValues {
			break
		}
		h, n, err := pageHeader(&w)
		if err != nil {
			break
		}
		w.skip(n)
		if checkPage(h, m.Codec, w.left(), m.NumValues, maxPage) != nil {
			break
		}
		w.jump(int64(h.CompressedPageSize))
		p := pageSize{packed: int64(h.CompressedPageSize), full: int64(h.UncompressedPageSize)}
		switch {
		case h.DictionaryPageHeader.Valid:
			p.values = int64(h.DictionaryPageHeader.V.NumValues)
			dict.widen(p)
			continue
		case h.DataPageHeader.Valid:
			p.values = int64(h.DataPageHeader.V.NumValues)
		case h.DataPageHeaderV2.Valid:
			p.values = int64(h.DataPageHeaderV2.V.NumValues)
		}
		values += p.values
		page.widen(p)
	}
	return page, dict
}

func (p *pageSize) widen(q pageSize) {
	p.packed, p.full, p.values = max(p.packed, q.packed), max(p.full, q.full), max(p.values, q.values)
}

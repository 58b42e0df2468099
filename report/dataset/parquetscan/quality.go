package parquetscan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"parcours/internal/diag"
	"parcours/report/dataset"
	"parcours/report/dataset/tally"
)

// examples is the number of places kept for each reason.
const examples = 3

// quality counts the rows of a row group that are not used.
type quality struct {
	reasons    map[dataset.Reason]*tallied
	currencies map[string]int64 // rows in a currency without rate
}

type tallied struct {
	rows     int64
	examples []string
}

func (q *quality) init() {
	q.reasons, q.currencies = map[dataset.Reason]*tallied{}, map[string]int64{}
}

func (q *quality) add(r dataset.Reason, group int, row int64) {
	q.of(r).add(group, row)
}

// addAll counts rows of a batch that begins at row first of the group.
func (q *quality) addAll(r dataset.Reason, group int, first int64, rows []int) {
	t := q.of(r)
	for len(rows) > 0 && len(t.examples) < examples {
		t.add(group, first+int64(rows[0]))
		rows = rows[1:]
	}
	t.rows += int64(len(rows))
}

func (q *quality) of(r dataset.Reason) *tallied {
	t := q.reasons[r]
	if t == nil {
		t = &tallied{}
		q.reasons[r] = t
	}
	return t
}

func (t *tallied) add(group int, row int64) {
	t.rows++
	if len(t.examples) < examples {
		t.examples = append(t.examples, fmt.Sprintf("row group %d, row %d", group, row))
	}
}

// merge adds the counts of a later row group.
func (q *quality) merge(o *quality) {
	for r, t := range o.reasons {
		mine := q.reasons[r]
		if mine == nil {
			mine = &tallied{}
			q.reasons[r] = mine
		}
		mine.rows += t.rows
		mine.examples = append(mine.examples, t.examples...)
		mine.examples = mine.examples[:min(examples, len(mine.examples))]
	}
	for c, n := range o.currencies {
		q.currencies[c] += n
	}
}

// in returns the counts with the file named in the examples.
func (q *quality) in(file string) *quality {
	out := quality{reasons: map[dataset.Reason]*tallied{}, currencies: q.currencies}
	for r, t := range q.reasons {
		named := &tallied{rows: t.rows}
		for _, e := range t.examples {
			named.examples = append(named.examples, file+", "+e)
		}
		out.reasons[r] = named
	}
	return &out
}

// fileCount is what the rows of a file come to.
type fileCount struct {
	quality
	read, used int64
	latest     dataset.Day // as in task
}

// account adds up what the tasks of tables counted: files, rows by reason, damage, and limits.
func (s *scan) account(tables []*table, tasks []*task) {
	files := map[*source]*fileCount{}
	told := map[string]bool{}
	for _, t := range tasks {
		if t.err != nil {
			s.damaged(t, told)
		}
		c := files[t.source]
		if c == nil {
			c = &fileCount{latest: tally.NoDay}
			c.init()
			files[t.source] = c
		}
		if t.quality.reasons != nil {
			c.merge(&t.quality)
		}
		c.read += t.read
		c.used += t.used
		c.latest = max(c.latest, t.latest)
	}
	s.counts = files
	for _, tb := range tables {
		var all quality
		all.init()
		var read, used int64
		for _, src := range tb.sources {
			c := files[src]
			switch {
			case src.kept != nil:
				c = src.kept.counted()
			case c == nil:
				c = &fileCount{}
			}
			s.tally.AddFile(dataset.FileRow{Table: tb.files.Name, File: src.name, Bytes: src.size, Rows: src.file.NumRows(), Used: c.used, Hash: src.hash})
			for _, r := range slices.Sorted(maps.Keys(c.reasons)) {
				t := c.reasons[r]
				s.tally.AddQuality(dataset.QualityRow{Table: tb.files.Name, File: src.name, Reason: r, Rows: t.rows, Examples: t.examples})
			}
			all.merge(c.quality.in(src.name))
			read += c.read
			used += c.used
		}
		s.limits(tb, &all, read, used)
	}
}

// damaged reports damage, once where several tasks met it.
func (s *scan) damaged(t *task, told map[string]bool) {
	path := fmt.Sprintf("row group %d", t.group)
	msg := path
	if t.column != "" {
		path += ", column " + t.column
		msg += fmt.Sprintf(", column %q", t.column)
	}
	key := t.source.name + "\x00" + path + "\x00" + t.err.Error()
	if told[key] {
		return
	}
	told[key] = true
	s.list.Add(diag.Diagnostic{
		Severity: diag.Error, Code: CodeCorrupt, Pos: diag.Position{File: t.source.name, Path: path},
		Msg: msg + ": " + t.err.Error(), Hint: "export the file again, or take it out of the path",
	})
}

// limits reports currencies without rate, too many dropped rows, and orders without a single usable row.
func (s *scan) limits(t *table, q *quality, read, used int64) {
	if len(q.currencies) > 0 {
		s.currencies(t, q.currencies)
		return
	}
	dropped := int64(0)
	for r, c := range q.reasons {
		if r.Dropped() {
			dropped += c.rows
		}
	}
	if dropped > 0 && float64(dropped) > s.req.MaxDropped*float64(read) {
		s.list.Add(diag.Diagnostic{
			Severity: diag.Error, Code: CodeDropped, Pos: t.files.Pos,
			Msg:  fmt.Sprintf("%d of %d rows of [data.%s] cannot be used, more than max_dropped = %v allows: %s", dropped, read, t.files.Name, s.req.MaxDropped, q.String()),
			Hint: "correct the mapping or the export, leave the rows out with where = \"…\", or raise max_dropped in [report]",
		})
		return
	}
	s.empty(t, q, read, used)
}

// empty reports a table without rows, and orders of which the filter leaves none: a misspelt value, most likely.
func (s *scan) empty(t *table, q *quality, read, used int64) {
	switch {
	case len(t.sources) == 0 || used > 0 || s.list.HasErrors():
	case read == 0:
		s.list.Warnf(CodeEmpty, t.files.Pos, "the files of [data.%s] hold no row", t.files.Name)
	case q.reasons[dataset.Filtered] != nil && q.reasons[dataset.Filtered].rows == read:
		d := diag.Diagnostic{
			Severity: diag.Warning, Code: CodeEmpty, Pos: t.files.Where.Pos,
			Msg: fmt.Sprintf("the filter leaves none of the %d rows of [data.%s]", read, t.files.Name), Hint: "parcours inspect shows the values of each column",
		}
		if t.files.Name == "orders" {
			d.Severity = diag.Error
		}
		s.list.Add(d)
	}
}

// String lists the reasons, most frequent first, with the first place of each.
func (q *quality) String() string {
	keys := slices.SortedFunc(maps.Keys(q.reasons), func(a, b dataset.Reason) int {
		return cmp.Or(cmp.Compare(q.reasons[b].rows, q.reasons[a].rows), cmp.Compare(a, b))
	})
	var parts []string
	for _, r := range keys {
		parts = append(parts, fmt.Sprintf("%d %s (first: %s)", q.reasons[r].rows, r, q.reasons[r].examples[0]))
	}
	return strings.Join(parts, ", ")
}

func (s *scan) currencies(t *table, counts map[string]int64) {
	var parts []string
	for _, c := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%d in %s", counts[c], c))
	}
	hint := fmt.Sprintf("give daily rates in [data.rates], or keep one currency with where = \"… == '%s'\"", s.req.Currency)
	if s.rates != nil {
		hint = "[data.rates] has no rate for these currencies on or before the day of the rows"
	}
	s.list.Add(diag.Diagnostic{
		Severity: diag.Error, Code: CodeCurrency, Pos: t.files.Pos,
		Msg: fmt.Sprintf("rows of [data.%s] are not in %s: %s", t.files.Name, s.req.Currency, strings.Join(parts, ", ")), Hint: hint,
	})
}

package parquetscan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"
	"time"

	"parcours/internal/diag"
	"parcours/report/dataset"
	"parcours/report/dataset/archive"
	"parcours/report/dataset/tally"
)

// Keeping says where the records of rows are kept between runs, so that files that did not change need not be read again.
type Keeping struct {
	Dir     string // folder of segments; "": nothing is kept
	Program string // names the program that makes them; those of another are not used
	Rehash  bool   // compare whole files with what was read, not only their sizes and footers; the first time, all are read
}

// CodeKept says that kept records were damaged, or could not be kept.
const CodeKept diag.Code = "PD016"

// Reused is what was not read since it was kept.
type Reused struct {
	Files int
	Rows  int64
}

// Keep makes Aggregate use and keep records. The answer is that of a run without it.
func (s *Source) Keep(k Keeping) *Source {
	s.keeping = k
	return s
}

// Reused tells what the last Aggregate did not read.
func (s *Source) Reused() Reused {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reused
}

// description is what a segment says of itself.
type description struct {
	Key    string       // of the question: keyOf
	Files  []keptFile   // by name
	AsOf   *dataset.Day // the end of observation that was given, when rows after it were left out
	Latest dataset.Day  // of the rows with a time that passed the filter, NoDay without any
	IDs    [][2]int64   // bounds of identifiers of orders that were found to be different, when they are not in the records
	Kept   tally.Kept
}

// keptFile is a file of which a segment has the rows.
type keptFile struct {
	Name    string // as in messages
	Hash    string // of footer and size
	Sum     string // SHA-256 of all bytes, "" when nobody asked for it
	Binding string // how it was read: bindingOf
	Rows    int64
	Read    int64
	Used    int64
	Reasons map[dataset.Reason]keptReason
}

type keptReason struct {
	Rows     int64
	Examples []string
}

// segment is an open segment that fits the question.
type segment struct {
	*archive.Segment
	description
	bytes int64
}

// rows is the number of rows of the files.
func (d *description) rows() int64 {
	n := int64(0)
	for _, f := range d.Files {
		n += f.Rows
	}
	return n
}

// keeper decides what need not be read and keeps what was read.
type keeper struct {
	Keeping
	scan   *scan
	broken map[string]error // segments that could not be read
	keys   map[string]string
	zones  map[string]string    // zoneKey by name
	files  map[*source]keptFile // name, hash and binding of the files of kept tables
	used   map[string][]*segment
	open   []*segment
	spare  []string // names of segments that nobody will need again
	drafts []*draft
}

// draft is a segment that is put in its place at the end, and takes that of others.
type draft struct {
	*archive.Draft
	name     string
	replaces []string
}

// keyOf names everything but files and their columns that decides what a row of a table becomes.
func (k *keeper) keyOf(t *table) (string, error) {
	req := &k.scan.req
	parts := []any{
		tally.KeptVersion, dataset.SchemaVersion, k.Program, t.files.Name, k.zone(req.Calendar.Location()), k.zone(location(t.files.Zone)),
	}
	if o := req.Tables.Orders; o != nil && t.files.Name == "orders" {
		parts = append(parts, req.Currency, req.Digits, o.Unit, req.Negative(), o.RefundStatus, req.Dimension, req.Tables.Spend != nil, o.Refund.Set())
		for _, rates := range k.scan.tables {
			if rates.files.Name != "rates" {
				continue
			}
			parts = append(parts, k.zone(location(rates.files.Zone)))
			for i, src := range rates.sources {
				sum, err := k.sumOf(src) // small, and not kept
				if err != nil {
					return "", err
				}
				parts = append(parts, sum, bindingOf(rates, src, i))
			}
		}
	}
	text, err := json.Marshal(parts)
	if err != nil {
		return "", err
	}
	return digest(string(text)), nil
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func (k *keeper) zone(z *time.Location) string {
	if _, ok := k.zones[z.String()]; !ok {
		k.zones[z.String()] = zoneKey(z)
	}
	return k.zones[z.String()]
}

// zoneKey names a zone and when its clocks change, which a new edition of the zones may say otherwise.
func zoneKey(zone *time.Location) string {
	const day, first, last = 86400, -70 * 365, 130 * 366 // 1900 to 2100
	offset := func(at int64) int {
		_, seconds := time.Unix(at, 0).In(zone).Zone()
		return seconds
	}
	h := sha256.New()
	before := offset(first * day)
	fmt.Fprintln(h, zone, before)
	for d := int64(first + 1); d < last; d++ {
		now := offset(d * day)
		if now == before {
			continue
		}
		// The first second with another offset than the day before.
		at := (d - 1) * day
		at += int64(sort.Search(day, func(i int) bool { return offset(at+int64(i)) != before }))
		fmt.Fprintln(h, at, now)
		before = now
	}
	return hex.EncodeToString(h.Sum(nil))
}

// bindingOf names how a file is read: filter and roles with the columns that they take, and where from. Columns that only
// other files have count, since they make a name mean something else.
func bindingOf(t *table, src *source, index int) string {
	var b strings.Builder
	column := func(i int) {
		fmt.Fprintf(&b, "%q %+v %+v;", src.columns[i].Name, src.columns[i].Type, src.readers[i])
		for _, p := range src.partitions {
			if p.name == src.readers[i].partition {
				fmt.Fprintf(&b, "%q %v;", p.value, p.null)
			}
		}
	}
	expressions := t.files.Where.Value
	fmt.Fprintf(&b, "where %q: ", t.files.Where.Value)
	if src.where != nil {
		for _, i := range src.where.Columns() {
			column(i)
		}
	}
	for i, r := range t.roles {
		v := src.roles[i]
		if r.idle || v == nil {
			continue
		}
		fmt.Fprintf(&b, "\n%s %+v: ", r.name, v.typ)
		if v.column >= 0 {
			column(v.column)
			continue
		}
		fmt.Fprintf(&b, "= %q ", r.column.Value)
		expressions += r.column.Value
		for _, i := range v.program.Columns() {
			column(i)
		}
	}
	if strings.Contains(strings.ToLower(expressions), "row") { // perhaps numbers of rows, which go on from file to file
		fmt.Fprintf(&b, "\nfile %d", index)
	}
	return digest(b.String())
}

// fits reports whether a segment answers the question for a table as it is now. When it does not, stale says that it never will.
func (k *keeper) fits(d *description, t *table, sources map[string]*source) (fits, stale bool) {
	if d.Key != k.keys[t.files.Name] {
		return false, true
	}
	for _, f := range d.Files {
		src := sources[f.Name]
		if src == nil || f.Hash != src.hash || f.Binding != k.files[src].Binding {
			return false, true
		}
	}
	asOf := k.scan.req.AsOf
	switch {
	case d.AsOf != nil:
		same := asOf != nil && *asOf == *d.AsOf
		return same, !same
	case asOf != nil && d.Latest > *asOf && t.files.Name != "customers":
		return false, false
	}
	return true, false
}

// sumOf returns the SHA-256 of a file.
func (k *keeper) sumOf(src *source) (string, error) {
	f, err := os.Open(src.path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	b := make([]byte, 1<<18)
	for {
		n, err := f.Read(b)
		h.Write(b[:n])
		if err == io.EOF {
			return hex.EncodeToString(h.Sum(nil)), nil
		}
		if err == nil {
			err = k.scan.ctx.Err()
		}
		if err != nil {
			return "", err
		}
	}
}

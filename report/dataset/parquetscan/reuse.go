package parquetscan

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"parcours/internal/diag"
	"parcours/report/dataset"
	"parcours/report/dataset/archive"
	"parcours/report/dataset/tally"
)

// newKeeper finds out which segments there are and which files they spare reading. It returns nil when nothing is kept.
func (s *scan) newKeeper(k Keeping, broken map[string]error) (*keeper, error) {
	if k.Dir == "" {
		return nil, nil
	}
	p := &keeper{
		Keeping: k, scan: s, broken: broken, keys: map[string]string{}, zones: map[string]string{}, files: map[*source]keptFile{}, used: map[string][]*segment{},
	}
	for _, t := range s.tables {
		if !slices.Contains(tally.KeptTables(), t.files.Name) {
			continue
		}
		t.kept = true
		key, err := p.keyOf(t)
		if err != nil {
			return nil, err
		}
		p.keys[t.files.Name] = key
		for i, src := range t.sources {
			p.files[src] = keptFile{Name: src.name, Hash: src.hash, Binding: bindingOf(t, src, i), Rows: src.file.NumRows()}
		}
	}
	if err := p.choose(); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (k *keeper) close() {
	if k == nil {
		return
	}
	for _, d := range k.drafts {
		d.Discard()
	}
	for _, s := range k.open {
		s.Close()
	}
	k.open, k.drafts = nil, nil
}

// choose decides which segments are used, table by table.
func (k *keeper) choose() error {
	found, err := k.load()
	if err != nil {
		return err
	}
	if err := k.unchanged(found); err != nil {
		return err
	}
	for _, t := range k.scan.tables {
		if !t.kept {
			continue
		}
		all := found[t.files.Name]
		list := all
		if t.files.Name == "orders" {
			list = k.ofWords(t, list)
		}
		k.take(t, list)
		for _, s := range all {
			if !slices.Contains(k.used[t.files.Name], s) {
				k.spare = append(k.spare, s.Name)
			}
		}
	}
	k.scan.parts = map[string]int{}
	for {
		again := k.split()
		if again == "" {
			k.scan.total -= k.reused().Rows
			return nil
		}
		// Records that are cut too coarsely are made anew, with all others of the table.
		for _, t := range k.scan.tables {
			if t.files.Name == again {
				k.release(t)
			}
		}
	}
}

// load opens all segments and returns those that fit by table, the largest first.
func (k *keeper) load() (map[string][]*segment, error) {
	names, err := archive.Names(k.Dir)
	if err != nil {
		k.warn(err, "the kept rows cannot be read: %v")
		return nil, nil
	}
	tables, sources := map[string]*table{}, map[string]map[string]*source{}
	for _, t := range k.scan.tables {
		if t.kept {
			tables[t.files.Name], sources[t.files.Name] = t, map[string]*source{}
			for _, src := range t.sources {
				sources[t.files.Name][src.name] = src
			}
		}
	}
	found := map[string][]*segment{}
	for _, name := range names {
		s, err := k.openSegment(name)
		if err != nil {
			k.warn(err, "the rows kept in "+name+" are not used, and their files are read again: %v")
			k.spare = append(k.spare, name)
			continue
		}
		k.open = append(k.open, s)
		t := tables[s.Kept.Table]
		if t == nil {
			continue // the table may come back
		}
		fits, stale := k.fits(&s.description, t, sources[s.Kept.Table])
		if fits {
			found[s.Kept.Table] = append(found[s.Kept.Table], s)
		}
		if stale {
			k.spare = append(k.spare, name)
		}
	}
	for _, list := range found {
		slices.SortFunc(list, func(a, b *segment) int { return cmp.Or(cmp.Compare(b.rows(), a.rows()), cmp.Compare(a.Name, b.Name)) })
	}
	return found, nil
}

func (k *keeper) openSegment(name string) (*segment, error) {
	if err := k.broken[name]; err != nil {
		return nil, err
	}
	a, err := archive.Open(k.Dir, name)
	if err != nil {
		return nil, err
	}
	s := &segment{Segment: a, bytes: a.Bytes}
	if err := json.Unmarshal(a.Description, &s.description); err != nil {
		a.Close()
		return nil, archive.ErrDamaged
	}
	a.Description = nil
	return s, nil
}

func (k *keeper) warn(err error, format string) {
	var plain *os.PathError
	if errors.As(err, &plain) {
		err = plain.Err
	}
	k.scan.list.Warnf(CodeKept, diag.Position{File: filepath.Base(filepath.Dir(k.Dir)) + "/" + filepath.Base(k.Dir)}, format, err)
}

// unchanged leaves out segments of files of which more than size and footer has to be the same, and is not.
func (k *keeper) unchanged(found map[string][]*segment) error {
	if !k.Rehash {
		return nil
	}
	byName := map[string]*source{}
	for _, t := range k.scan.tables {
		for _, src := range t.sources {
			byName[t.files.Name+"\x00"+src.name] = src
		}
	}
	asked := map[*source]bool{}
	for name, list := range found {
		for _, s := range list {
			for _, f := range s.Files {
				if f.Sum != "" {
					asked[byName[name+"\x00"+f.Name]] = true
				}
			}
		}
	}
	sums, err := k.sums(slices.Collect(maps.Keys(asked)))
	if err != nil {
		return err
	}
	for name, list := range found {
		found[name] = slices.DeleteFunc(list, func(s *segment) bool {
			changed := slices.ContainsFunc(s.Files, func(f keptFile) bool { return f.Sum == "" || f.Sum != sums[byName[name+"\x00"+f.Name]] })
			if changed {
				k.spare = append(k.spare, s.Name)
			}
			return changed
		})
	}
	return nil
}

// sums returns the SHA-256 of files.
func (k *keeper) sums(sources []*source) (map[*source]string, error) {
	out := map[*source]string{}
	var mu sync.Mutex
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, src := range sources {
		g.Go(func() error {
			sum, err := k.sumOf(src)
			mu.Lock()
			defer mu.Unlock()
			out[src] = sum
			return err
		})
	}
	return out, g.Wait()
}

// ofWords chooses what records of orders hold of the identifiers: as most of the kept rows do, if that can be.
func (k *keeper) ofWords(t *table, list []*segment) []*segment {
	s := k.scan
	role := t.index("order")
	ids, _ := t.integers(role)
	least := 1
	switch {
	case ids == nil:
		least = 2
	case len(ids) == 0:
		least = 0
	}
	rows := map[int]int64{}
	for _, g := range list {
		rows[g.Kept.OrderWords] += g.rows()
	}
	choice := slices.SortedFunc(maps.Keys(rows), func(a, b int) int { return cmp.Or(cmp.Compare(rows[b], rows[a]), cmp.Compare(a, b)) })
	for _, words := range choice {
		same := slices.DeleteFunc(slices.Clone(list), func(g *segment) bool { return g.Kept.OrderWords != words })
		if words < least && (words > 0 || !k.stillDistinct(t, disjoint(same))) {
			continue
		}
		s.words = words + 1
		if words == 0 {
			t.roles[role].idle = true
		}
		return same
	}
	if len(list) > 0 && least < 2 {
		s.words = least + 1 // not proved
		if least == 0 {
			t.roles[role].idle = true
		}
	}
	return nil
}

// disjoint leaves out segments with a file of an earlier one.
func disjoint(list []*segment) []*segment {
	have := map[string]bool{}
	var out []*segment
	for _, g := range list {
		if slices.ContainsFunc(g.Files, func(f keptFile) bool { return have[f.Name] }) {
			continue
		}
		for _, f := range g.Files {
			have[f.Name] = true
		}
		out = append(out, g)
	}
	return out
}

// stillDistinct reports whether the identifiers of all orders are known to be different: those of the segments are, each for
// itself; those of the other files are looked at, and all must be apart.
func (k *keeper) stillDistinct(t *table, list []*segment) bool {
	var spans [][2]int64
	have := map[string]bool{}
	for _, g := range list {
		for _, f := range g.Files {
			have[f.Name] = true
		}
		spans = append(spans, g.IDs...)
	}
	role := t.index("order")
	fresh, plain := t.integers(role)
	fresh = slices.DeleteFunc(fresh, func(src *source) bool { return have[src.name] })
	if len(fresh) > 0 {
		if !plain {
			return false
		}
		bounds, ok := k.scan.distinct(fresh, role)
		if !ok {
			return false
		}
		spans = append(spans, bounds...)
		k.scan.bounds = bounds
	}
	slices.SortFunc(spans, func(a, b [2]int64) int { return cmp.Compare(a[0], b[0]) })
	for i := 1; i < len(spans); i++ {
		if spans[i][0] <= spans[i-1][1] {
			k.scan.bounds = nil
			return false
		}
	}
	return true
}

// take uses segments whose files are not those of an earlier one.
func (k *keeper) take(t *table, list []*segment) {
	byName := map[string]*source{}
	for _, src := range t.sources {
		byName[src.name] = src
	}
	list = disjoint(list)
	for _, g := range list {
		for i := range g.Files {
			byName[g.Files[i].Name].kept = &g.Files[i]
		}
	}
	k.used[t.files.Name] = list
}

// release reads the files of a table after all.
func (k *keeper) release(t *table) {
	for _, src := range t.sources {
		src.kept = nil
	}
	for _, g := range k.used[t.files.Name] {
		k.spare = append(k.spare, g.Name)
	}
	k.used[t.files.Name] = nil
}

// coarse is how many times larger than asked for partitions may be, so that a shop that grows can use what was kept.
const coarse = 4

// split chooses numbers of partitions that those of the segments are multiples of. It returns a table of which a segment has
// too few.
func (k *keeper) split() (tooCoarse string) {
	plan := k.scan.rowsOf()
	for _, group := range [][]string{{"orders", "customers"}, {"messages"}, {"events"}} {
		parts := plan.PartsOf(group[0])
		least := max(parts/coarse, 1)
		for _, name := range group {
			for _, g := range k.used[name] {
				if g.Kept.Parts < least {
					return name
				}
				parts = min(parts, g.Kept.Parts)
			}
		}
		k.scan.parts[group[0]] = parts
	}
	return ""
}

// restore gives the kept rows to the tally.
func (k *keeper) restore() error {
	if k == nil {
		return nil
	}
	for _, name := range tally.KeptTables() {
		for _, g := range k.used[name] {
			records := [2]*io.SectionReader{g.Section(0), g.Section(1)}
			if err := k.scan.tally.Restore(g.Kept, g.Name, records); err != nil {
				return &tally.KeptError{Name: g.Name, Err: err}
			}
		}
	}
	return nil
}

// reused tells what need not be read.
func (k *keeper) reused() Reused {
	var out Reused
	if k == nil {
		return out
	}
	for _, list := range k.used {
		for _, g := range list {
			out.Files += len(g.Files)
			out.Rows += g.rows()
		}
	}
	return out
}

// counted is what was counted of a kept file.
func (f *keptFile) counted() *fileCount {
	c := &fileCount{read: f.Read, used: f.Used}
	c.init()
	for reason, r := range f.Reasons {
		c.reasons[reason] = &tallied{rows: r.Rows, examples: slices.Clone(r.Examples)}
	}
	return c
}

// see follows the latest day of the rows that passed the filter.
func (t *task) see(days []dataset.Day, verdict []uint8, keep []int) {
	latest := t.latest
	for _, i := range keep {
		if d := days[i]; d > latest && verdict[i] == good {
			latest = d
		}
	}
	t.latest = latest
}

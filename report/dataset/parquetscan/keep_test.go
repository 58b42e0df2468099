package parquetscan_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"parcours/internal/diag"
	"parcours/report/dataset"
	"parcours/report/dataset/parquetscan"
)

// answer is everything that a run says.
type answer struct {
	aggregates string
	list       []string
	reused     parquetscan.Reused
}

func answerOf(t testing.TB, src *parquetscan.Source, req dataset.Request) answer {
	t.Helper()
	agg, l, err := src.Aggregate(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(agg)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{aggregates: string(b), reused: src.Reused()}
	for _, d := range l.Sorted() {
		a.list = append(a.list, fmt.Sprint(d))
	}
	return a
}

// keptShop is a shop whose files come, change and go.
type keptShop struct {
	chance
	root, dir string // of the files, and of what is kept
	spare     string // folder of the files that are not there
	req       dataset.Request
	files     []string // all, relative to root
	here      map[string]bool
	proof     int64
	log       []string
}

func newKeptShop(t testing.TB, seed uint64) *keptShop {
	s := dress(seed)
	k := &keptShop{chance: seeded(seed ^ 0xcafe), root: t.TempDir(), spare: t.TempDir(), here: map[string]bool{}}
	k.dir = filepath.Join(k.root, ".parcours", "rows")
	k.proof = one(k.chance, int64(0), 1)
	for table, parts := range s.tables {
		var cut []part
		for _, p := range parts {
			for len(p.rows) > 1 && k.happens(.6) {
				n := 1 + k.IntN(len(p.rows)-1)
				head := p
				head.rows, p.rows = p.rows[:n], p.rows[n:]
				cut = append(cut, head)
			}
			cut = append(cut, p)
		}
		s.tables[table] = cut
	}
	k.req = s.write(t, k.root)
	for table, parts := range s.tables {
		for i := range parts {
			k.files = append(k.files, fmt.Sprintf("%s/part-%d.parquet", table, i))
		}
	}
	slices.Sort(k.files)
	for _, f := range k.files {
		k.here[f] = true
	}
	return k
}

// move brings a file to where it is to be.
func (k *keptShop) move(t testing.TB, file string, here bool) {
	t.Helper()
	if k.here[file] == here {
		return
	}
	from, to := filepath.Join(k.root, file), filepath.Join(k.spare, file)
	if here {
		from, to = to, from
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
	k.here[file] = here
	k.log = append(k.log, fmt.Sprintf("%s: %v", file, here))
}

// alter does one thing to files, question or kept rows, and reports whether a warning may follow.
func (k *keptShop) alter(t testing.TB) (damaged bool) {
	file := one(k.chance, k.files...)
	switch k.IntN(13) {
	case 0, 1:
		k.move(t, file, false)
	case 2, 3, 4:
		for range 1 + k.IntN(3) {
			k.move(t, one(k.chance, k.files...), true)
		}
	case 5: // a file with the contents of another of its table
		table, _, _ := strings.Cut(file, "/")
		list := slices.DeleteFunc(slices.Clone(k.files), func(f string) bool { return !strings.HasPrefix(f, table+"/") || !k.here[f] })
		if k.here[file] {
			other := one(k.chance, list...)
			a, b := filepath.Join(k.root, file), filepath.Join(k.root, other)
			k.log = append(k.log, file+" and "+other+" change places")
			if a != b {
				for _, x := range [][2]string{{a, a + "~"}, {b, a}, {a + "~", b}} {
					if err := os.Rename(x[0], x[1]); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	case 6, 7:
		k.req.AsOf = nil
		if k.happens(.6) {
			day := dataset.CivilDay(2022, 1, 1) + dataset.Day(k.IntN(1100))
			k.req.AsOf = &day
		}
		k.log = append(k.log, fmt.Sprint("as of ", k.req.AsOf))
	case 8:
		if o := k.req.Tables.Orders; o != nil {
			o.Channel.Disabled, o.Channel.Value = !o.Channel.Disabled, ""
			k.log = append(k.log, "another channel")
		}
	case 9:
		k.req.Dimension = one(k.chance, "", "channel")
		k.log = append(k.log, "dimension "+k.req.Dimension)
	case 10:
		k.req.Memory = one(k.chance, int64(0), 128<<20)
	case 11:
		damaged = k.damage(t)
	}
	return damaged
}

// damage changes, cuts or empties a segment.
func (k *keptShop) damage(t testing.TB) bool {
	names, _ := filepath.Glob(filepath.Join(k.dir, "*.rows"))
	if len(names) == 0 {
		return false
	}
	name := one(k.chance, names...)
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	how := k.IntN(3)
	switch how {
	case 0:
		b = append(b, 0)
		b[k.IntN(len(b))] ^= byte(1 + k.IntN(255))
	case 1:
		b = b[:k.IntN(len(b)+1)]
	case 2:
		b = nil
	}
	k.log = append(k.log, fmt.Sprintf("damage %d of %s", how, filepath.Base(name)))
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return true
}

// compare asks both ways.
func (k *keptShop) compare(t testing.TB, damaged bool) parquetscan.Reused {
	t.Helper()
	rehash := k.happens(.3)
	full := answerOf(t, parquetscan.New(dataset.Tables{}), k.req)
	src := parquetscan.New(dataset.Tables{}).WithSizes(0, k.proof).Keep(parquetscan.Keeping{Dir: k.dir, Program: "this", Rehash: rehash})
	kept := answerOf(t, src, k.req)
	if full.aggregates != kept.aggregates {
		t.Fatalf("%s\nnot read %+v:\n%s\nall read:\n%s", strings.Join(k.log, "\n"), kept.reused, kept.aggregates, full.aggregates)
	}
	if damaged {
		kept.list = slices.DeleteFunc(kept.list, func(s string) bool { return strings.Contains(s, string(parquetscan.CodeKept)) })
	}
	if !slices.Equal(full.list, kept.list) {
		t.Fatalf("%s\nmessages %q, want %q", strings.Join(k.log, "\n"), kept.list, full.list)
	}
	return kept.reused
}

func TestKeptRowsGiveTheAnswerOfAllRows(t *testing.T) {
	n := keptShops()
	var reused, rounds int
	for seed := range n {
		k := newKeptShop(t, 5000+seed)
		k.log = append(k.log, fmt.Sprint("seed ", 5000+seed))
		for _, f := range k.files {
			k.move(t, f, k.happens(.5))
		}
		damaged := false
		for range 6 {
			reused += k.compare(t, damaged).Files
			rounds++
			damaged = k.alter(t) || damaged
			if k.happens(.5) {
				damaged = k.alter(t) || damaged
			}
		}
	}
	if 4*reused < rounds {
		t.Errorf("%d files in %d rounds were not read again: too few to say anything", reused, rounds)
	}
}

// keptRequest asks of orders in a folder.
func keptRequest(root string) dataset.Request {
	o := &dataset.Orders{Files: dataset.Files{Name: "orders", Root: root, Paths: []dataset.Text{text("orders")}, Pos: diag.Position{File: "site.toml", Line: 1, Col: 1}}}
	return dataset.Request{Grain: dataset.Month, Currency: "EUR", Digits: 2, Tables: dataset.Tables{Orders: o}}
}

// month writes n orders of a month, with identifiers from an offset on.
func month(t testing.TB, root string, month, n int, ids int64) {
	t.Helper()
	var customer, order, at, amount []int64
	var notes []string
	for i := range n {
		customer = append(customer, int64(i*7%(n/2+1)+month))
		order = append(order, ids+int64(i))
		notes = append(notes, "note of a row that is long enough not to be packed away, number "+fmt.Sprint(i))
		at = append(at, (int64(dataset.CivilDay(2023, 1, 1))+int64(month*30+i%30))*86400e6)
		amount = append(amount, int64(100+i%900))
	}
	b := encode(t, []field{
		{"customer_id", intNode, int64s(customer...)},
		{"order_id", intNode, int64s(order...)},
		{"ordered_at", microNode, int64s(at...)},
		{"amount", intNode, int64s(amount...)},
		{"note", parquet.Encoded(parquet.String(), &parquet.Plain), texts(notes...)},
	}, 0)
	store(t, root, fmt.Sprintf("orders/m-%02d.parquet", month), b)
}

func TestFilesThatDidNotChangeAreNotReadAgain(t *testing.T) {
	root := t.TempDir()
	req := keptRequest(root)
	keeping := parquetscan.Keeping{Dir: filepath.Join(root, "rows"), Program: "p"}
	for m := range 30 {
		month(t, root, m, 500, int64(m)*1000)
		full := answerOf(t, parquetscan.New(dataset.Tables{}), req)
		kept := answerOf(t, parquetscan.New(dataset.Tables{}).WithSizes(0, 1).Keep(keeping), req)
		if kept.aggregates != full.aggregates {
			t.Fatalf("month %d differs", m)
		}
		if kept.reused != (parquetscan.Reused{Files: m, Rows: int64(m) * 500}) {
			t.Errorf("month %d: not read %+v", m, kept.reused)
		}
		names, _ := filepath.Glob(filepath.Join(keeping.Dir, "*"))
		if len(names) > 13 {
			t.Errorf("month %d: %d segments", m, len(names))
		}
	}
	again := answerOf(t, parquetscan.New(dataset.Tables{}).Keep(keeping), req)
	if again.reused.Files != 30 {
		t.Errorf("not read %+v", again.reused)
	}
	other := keeping
	other.Program = "another"
	if a := answerOf(t, parquetscan.New(dataset.Tables{}).Keep(other), req); a.reused.Files != 0 {
		t.Errorf("another program used %+v", a.reused)
	}
	if names, _ := filepath.Glob(filepath.Join(keeping.Dir, "*")); len(names) != 1 {
		t.Errorf("left %q", names)
	}
}

// TestOverlappingIdentifiersMakeAllFilesBeRead: what was kept has no identifiers, since all were different.
func TestOverlappingIdentifiersMakeAllFilesBeRead(t *testing.T) {
	root := t.TempDir()
	req := keptRequest(root)
	ask := func() answer {
		t.Helper()
		full := answerOf(t, parquetscan.New(dataset.Tables{}), req)
		kept := answerOf(t, parquetscan.New(dataset.Tables{}).WithSizes(0, 1).Keep(parquetscan.Keeping{Dir: filepath.Join(root, "rows"), Program: "p"}), req)
		if kept.aggregates != full.aggregates {
			t.Fatal("answers differ")
		}
		return kept
	}
	month(t, root, 0, 500, 0)
	month(t, root, 1, 500, 1000)
	ask()
	month(t, root, 2, 500, 2000)
	if a := ask(); a.reused.Files != 2 {
		t.Errorf("not read %+v", a.reused)
	}
	month(t, root, 3, 500, 1400)
	if a := ask(); a.reused.Files != 0 {
		t.Errorf("an id that two orders have was not looked at: not read %+v", a.reused)
	}
	month(t, root, 4, 500, 1300)
	if a := ask(); a.reused.Files != 4 {
		t.Errorf("not read %+v", a.reused)
	}
}

func TestAFileWithTheSameFooterIsFoundByRehash(t *testing.T) {
	root := t.TempDir()
	req := keptRequest(root)
	keeping := parquetscan.Keeping{Dir: filepath.Join(root, "rows"), Program: "p"}
	month(t, root, 0, 500, 0)
	month(t, root, 1, 500, 1000)
	before := answerOf(t, parquetscan.New(dataset.Tables{}).Keep(keeping), req)
	path := filepath.Join(root, "orders/m-01.parquet")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// Nobody reads the notes, so nobody would miss them; the footer does not tell them apart.
	at := bytes.Index(b, []byte("note of"))
	if at < 0 {
		t.Fatal("no note found")
	}
	b[at] = 'N'
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	same := answerOf(t, parquetscan.New(dataset.Tables{}).Keep(keeping), req)
	if same.reused.Files != 2 || same.aggregates != before.aggregates {
		t.Errorf("not read %+v", same.reused)
	}
	keeping.Rehash = true
	answerOf(t, parquetscan.New(dataset.Tables{}).Keep(keeping), req) // nobody had asked for sums before
	b[at+1] = 'O'
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	if a := answerOf(t, parquetscan.New(dataset.Tables{}).Keep(keeping), req); a.reused.Files != 0 || a.aggregates != before.aggregates {
		t.Errorf("with full hashes, not read %+v", a.reused)
	}
	if a := answerOf(t, parquetscan.New(dataset.Tables{}).Keep(keeping), req); a.reused.Files != 2 {
		t.Errorf("not read %+v", a.reused)
	}
}

func TestAStoppedRunKeepsAndDeletesNothing(t *testing.T) {
	root := t.TempDir()
	req := keptRequest(root)
	keeping := parquetscan.Keeping{Dir: filepath.Join(root, "rows"), Program: "p"}
	month(t, root, 0, 500, 0)
	answerOf(t, parquetscan.New(dataset.Tables{}).Keep(keeping), req)
	before, _ := filepath.Glob(filepath.Join(keeping.Dir, "*"))
	month(t, root, 0, 600, 0)
	store(t, root, "orders/bad.parquet", []byte("PAR1 this is none PAR1"))
	if a := answerOf(t, parquetscan.New(dataset.Tables{}).Keep(keeping), req); a.aggregates != "null" {
		t.Fatal("no error")
	}
	if after, _ := filepath.Glob(filepath.Join(keeping.Dir, "*")); len(before) != 1 || !slices.Equal(before, after) {
		t.Errorf("%q, then %q", before, after)
	}
}

func TestAFolderThatCannotBeWrittenIsAWarning(t *testing.T) {
	root := t.TempDir()
	req := keptRequest(root)
	month(t, root, 0, 500, 0)
	store(t, root, "rows", []byte("a file"))
	a := answerOf(t, parquetscan.New(dataset.Tables{}).Keep(parquetscan.Keeping{Dir: filepath.Join(root, "rows"), Program: "p"}), req)
	if a.aggregates == "null" || len(a.list) == 0 || !strings.Contains(a.list[0], "PD016") {
		t.Errorf("messages %q", a.list)
	}
}

var (
	intNode   = parquet.Required(parquet.Int(64))
	microNode = parquet.Required(parquet.Timestamp(parquet.Microsecond))
)

// keptShops is the number of shops of the property test; PARCOURS_LONG asks for many.
func keptShops() uint64 {
	if os.Getenv("PARCOURS_LONG") != "" {
		return 200
	}
	if testing.Short() {
		return 6
	}
	return 10
}

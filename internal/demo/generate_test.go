package demo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// small is a shop big enough to behave, small enough to make many times.
func small(dir string) Options { return Options{Dir: dir, Orders: 6000, Customers: 2300, Seed: 7} }

func generate(t *testing.T, o Options) string {
	t.Helper()
	if err := Generate(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	return o.Dir
}

// hashes maps every file below dir to the hash of its bytes.
func hashes(t *testing.T, dir string) map[string][32]byte {
	t.Helper()
	all := map[string][32]byte{}
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		all[filepath.ToSlash(rel)] = sha256.Sum256(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func sameFiles(t *testing.T, got, want map[string][32]byte) {
	t.Helper()
	for name, h := range want {
		if g, ok := got[name]; !ok {
			t.Errorf("%s is missing", name)
		} else if g != h {
			t.Errorf("%s differs", name)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s is one file too many", name)
		}
	}
}

func rows[T any](t *testing.T, path string) []T {
	t.Helper()
	all, err := parquet.ReadFile[T](path)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestSameSeedGivesSameBytesOnAnyNumberOfCores(t *testing.T) {
	a := generate(t, small(t.TempDir()))
	before := runtime.GOMAXPROCS(1)
	b := generate(t, small(t.TempDir()))
	runtime.GOMAXPROCS(before)
	sameFiles(t, hashes(t, b), hashes(t, a))
}

func TestAnotherSeedGivesOtherData(t *testing.T) {
	o := small(t.TempDir())
	a := hashes(t, generate(t, o))
	o.Dir, o.Seed = t.TempDir(), 8
	b := hashes(t, generate(t, o))
	for name, h := range a {
		if filepath.Ext(name) == ".parquet" && b[name] == h {
			t.Errorf("%s is the same for two seeds", name)
		}
	}
}

// An order does not depend on what is drawn beside it: the tables of a data-only run are those of a full one.
func TestDataOnlyWritesTheSameTables(t *testing.T) {
	full := hashes(t, generate(t, small(t.TempDir())))
	o := small(t.TempDir())
	o.DataOnly = true
	for name, h := range hashes(t, generate(t, o)) {
		if full[name] != h {
			t.Errorf("%s differs", name)
		}
	}
}

func TestCommittedShopIsTheDefaultOne(t *testing.T) {
	if testing.Short() {
		t.Skip("makes the whole demonstration")
	}
	root := filepath.Join("..", "..")
	dir := generate(t, Options{Dir: t.TempDir()})
	made := hashes(t, dir)
	portable := runtime.GOARCH != "amd64" // then the library encodes the same values in other bytes, see the package comment
	size := 0
	for name := range made {
		b, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			t.Errorf("%s: %v (run: go run ./cmd/parcours demo --force .)", name, err)
			continue
		}
		size += len(b)
		if sha256.Sum256(b) != made[name] && !(portable && sameRows(t, filepath.Join(root, name), filepath.Join(dir, name))) {
			t.Errorf("%s is not what the generator makes (run: go run ./cmd/parcours demo --force .)", name)
		}
	}
	if size > 4<<20 {
		t.Errorf("the demonstration takes %d bytes, more than 4 MiB", size)
	}
	orders, err := filepath.Glob(filepath.Join(root, "content", "data", "orders", "*"))
	if err != nil || len(orders) != 27 {
		t.Errorf("%d order files are committed, want 27 (%v)", len(orders), err)
	}
}

// sameRows compares the values of two Parquet files, row by row.
func sameRows(t *testing.T, a, b string) bool {
	t.Helper()
	if filepath.Ext(a) != ".parquet" {
		return false
	}
	x, y := rows[any](t, a), rows[any](t, b)
	return len(x) > 0 && reflect.DeepEqual(x, y)
}

func TestSameRowsSeesAChange(t *testing.T) {
	o := small(t.TempDir())
	a := orderFilesOf(t, generate(t, o))
	o.Dir, o.Seed = t.TempDir(), 8
	b := orderFilesOf(t, generate(t, o))
	if !sameRows(t, a[3], a[3]) || sameRows(t, a[3], b[3]) {
		t.Error("rows of one file differ from themselves, or those of two seeds do not")
	}
}

func TestFolderWithFilesIsRefused(t *testing.T) {
	dir := t.TempDir()
	mine := filepath.Join(dir, "mine.txt")
	if err := os.WriteFile(mine, []byte("kept"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"demo": Generate(context.Background(), small(dir)),
		"init": Init(context.Background(), dir, "fr"),
	} {
		if !errors.Is(err, ErrNotEmpty) {
			t.Errorf("%s in a folder with files: %v, want ErrNotEmpty", name, err)
		}
	}
	if left := hashes(t, dir); len(left) != 1 {
		t.Errorf("a refused run left %d files", len(left))
	}
}

func TestForceReplacesItsOwnFilesOnly(t *testing.T) {
	o := small(t.TempDir())
	o.Months = 30
	generate(t, o)
	mine := filepath.Join(o.Dir, "content", "notes.md")
	if err := os.WriteFile(mine, []byte("kept"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(o.Dir, "site.toml"), []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	o.Months, o.Force = 12, true
	generate(t, o)
	if b, err := os.ReadFile(mine); err != nil || string(b) != "kept" {
		t.Errorf("a file of the user was touched: %q, %v", b, err)
	}
	fresh := o
	fresh.Dir = t.TempDir()
	want := hashes(t, generate(t, fresh))
	want["content/notes.md"] = sha256.Sum256([]byte("kept"))
	sameFiles(t, hashes(t, o.Dir), want)
}

func TestOptionsOutOfRangeAreRefused(t *testing.T) {
	for _, o := range []Options{
		{},
		{Dir: "x", Orders: 10, Customers: 11},
		{Dir: "x", Orders: -1},
		{Dir: "x", Customers: -4},
		{Dir: "x", Orders: maxOrders + 1},
		{Dir: "x", Months: 5},
		{Dir: "x", Months: 121},
	} {
		if err := Generate(context.Background(), o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
	if err := Init(context.Background(), t.TempDir(), "de"); err == nil {
		t.Error("a language without texts was accepted")
	}
}

func TestCancelledRunStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	o := small(t.TempDir())
	o.Progress = func(int64, int64) { cancel() }
	if err := Generate(ctx, o); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled run returned %v", err)
	}
}

func TestSmallestShops(t *testing.T) {
	for _, o := range []Options{{Orders: 1, Customers: 1}, {Orders: 50, Customers: 50}, {Orders: 400, Customers: 2}, {Customers: 10, Months: 6}} {
		o.Dir = t.TempDir()
		generate(t, o)
	}
}

// The texts of both starters name the same settings, so that one language is not a poorer start than the other.
func TestInitWritesASmallProjectInBothLanguages(t *testing.T) {
	for lang, title := range map[string]string{"fr": `"Ma boutique"`, "en": `"My shop"`} {
		dir := filepath.Join(t.TempDir(), "new", "shop")
		if err := Init(context.Background(), dir, lang); err != nil {
			t.Fatal(err)
		}
		site, err := os.ReadFile(filepath.Join(dir, "site.toml"))
		if err != nil || !bytes.Contains(site, []byte(title)) {
			t.Errorf("%s: site.toml has no title %s (%v)", lang, title, err)
		}
		n := 0
		for _, m := range orderFilesOf(t, dir) {
			n += len(rows[orderRow](t, m))
		}
		if n < 2500 || n > 4500 {
			t.Errorf("%s: %d sample rows, want a few thousand", lang, n)
		}
		for _, pattern := range []string{"content/journey/*.toml", "content/*." + lang + ".md"} {
			if found, _ := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern))); len(found) != 1 {
				t.Errorf("%s: %d files match %s, want 1", lang, len(found), pattern)
			}
		}
	}
}

func orderFilesOf(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "content", "data", "orders", "*.parquet"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no order files in %s (%v)", dir, err)
	}
	return files
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

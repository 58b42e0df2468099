package parquetscan_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"parcours/report/dataset"
	"parcours/report/dataset/parquetscan"
)

// deadline is far more than any small file takes.
const deadline = 30 * time.Second

// endure reads a file in every way and fails on a panic, a hang, an answer that is neither rows nor errors, and memory
// beyond what the file may take.
func endure(t *testing.T, b []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.parquet")
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	watch := time.AfterFunc(2*deadline, func() { panic("a file keeps the reader busy beyond its deadline") })
	defer watch.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	before := allocated()
	read(t, path, "file")
	r, _ := parquetscan.Inspect(ctx, []string{path})
	if len(r.Files) > 0 {
		for i, c := range r.Files[0].Columns {
			if i == 3 {
				break
			}
			role := dataset.Column{Text: text(c.Name)}
			req := ordersIn(filesAt(path))
			o := req.Tables.Orders
			o.Customer, o.Time, o.Amount, o.Order, o.Channel = role, role, role, role, role
			req.MaxDropped, req.Currency, req.Digits = 1, "EUR", 2
			agg, l, err := parquetscan.New(req.Tables).WithSizes(int64(5*i)+r.Files[0].Rows/64, 1).Aggregate(ctx, req)
			if err != nil || (agg == nil) != l.HasErrors() {
				t.Fatalf("column %q: %v %v", c.Name, err, l.Sorted())
			}
		}
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		t.Fatal("the deadline passed")
	}
	if grown := allocated() - before; grown > 768<<20 {
		t.Fatalf("%d MB allocated for a file of %d bytes", grown>>20, len(b))
	}
}

// seeds are the small files that fuzzing begins with, taken apart.
var seeds = sync.OnceValue(func() []func() *dissected {
	var out []func() *dissected
	for i := range uint64(96) {
		out = append(out, sync.OnceValue(func() *dissected {
			d, err := dissect(varied(quiet{}, i))
			if err != nil {
				panic(err)
			}
			return d
		}))
	}
	return out
})

// quiet lets files be made outside of a test.
type quiet struct{ testing.TB }

func (quiet) Helper()           {}
func (quiet) Fatal(args ...any) { panic(args) }

// remade returns a seed file after a change.
func remade(which uint16, change func(*dissected)) []byte {
	all := seeds()
	whole, err := all[int(which)%len(all)]().assemble()
	if err != nil {
		return nil
	}
	d, err := dissect(whole)
	if err != nil {
		panic(err)
	}
	change(d)
	out, err := d.assemble()
	if err != nil {
		return nil // the writer refuses what the change made
	}
	return out
}

// Fields of headers and footers are changed, and all that depends on them stays sound.
func FuzzFields(f *testing.F) {
	for i := range uint16(48) {
		f.Add(i, []byte{byte(i), 3, byte(7 * i), byte(i / 3), 11, byte(i), 1, 2, 3})
	}
	f.Fuzz(func(t *testing.T, which uint16, mutation []byte) {
		if b := remade(which, func(d *dissected) { d.mutate(&chances{mutation}) }); b != nil {
			endure(t, b)
		}
	})
}

// Bytes of pages are changed before they are compressed, and checksums are put right: what the decoders see.
func FuzzPayload(f *testing.F) {
	for i := range uint16(48) {
		f.Add(i, []byte{byte(i), byte(i / 2), byte(5 * i), byte(i), 7, 200, 1, 4})
	}
	f.Fuzz(func(t *testing.T, which uint16, mutation []byte) {
		b := remade(which, func(d *dissected) {
			c := &chances{mutation}
			for range 1 + c.n(3) {
				g := c.n(len(d.chunks))
				if g >= len(d.chunks) || len(d.chunks[g]) == 0 {
					return
				}
				j := c.n(len(d.chunks[g]))
				if n := len(d.chunks[g][j].pages); n > 0 {
					d.repack(g, j, c.n(n), c.payload)
				}
			}
		})
		if b != nil {
			endure(t, b)
		}
	})
}

// TestChangedFilesGiveRowsOrAnErrorNeverAPanic tries changes that the fuzzer would, without its machinery: PARCOURS_LONG=1
// tries very many.
func TestChangedFilesGiveRowsOrAnErrorNeverAPanic(t *testing.T) {
	n := uint64(150)
	if os.Getenv("PARCOURS_LONG") != "" {
		n = 200_000
	}
	for seed := range n {
		c := seeded(seed)
		mutation := make([]byte, 12)
		for i := range mutation {
			mutation[i] = byte(c.IntN(256))
		}
		b := remade(uint16(seed), func(d *dissected) { d.mutate(&chances{mutation}) })
		if b == nil {
			continue
		}
		if !t.Run(fmt.Sprint(seed), func(t *testing.T) { endure(t, b) }) {
			t.Fatalf("seed %d, changes %v", seed, mutation)
		}
	}
}

// TestDissectedFilesAreReadAsBefore holds the tests' own surgeon to account.
func TestDissectedFilesAreReadAsBefore(t *testing.T) {
	for i := range uint16(20) {
		b := remade(i, func(*dissected) {})
		path := store(t, t.TempDir(), "x.parquet", b)
		r, l := parquetscan.Inspect(t.Context(), []string{path})
		if l.Len() > 0 || len(r.Files) != 1 {
			t.Errorf("seed %d: %v", i, l.Sorted())
		}
		store(t, filepath.Dir(path), "y.parquet", varied(t, uint64(i)))
		want, _ := parquetscan.Inspect(t.Context(), []string{filepath.Join(filepath.Dir(path), "y.parquet")})
		for j, c := range r.Files[0].Columns {
			w := want.Files[0].Columns[j]
			if c.Min != w.Min || c.Max != w.Max || c.Nulls != w.Nulls || c.Distinct != w.Distinct {
				t.Errorf("seed %d, %s: %+v, want %+v", i, c.Name, c, w)
			}
		}
	}
}

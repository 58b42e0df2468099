package parquetscan_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/metrics"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"

	"parcours/report/dataset"
	"parcours/report/dataset/parquetscan"
)

// small writes the shop in a layout with dictionaries, nulls, deltas and several pages.
func small(t testing.TB, codec compress.Codec, version int) []byte {
	c, o, at, a := plainShop()
	c.node = parquet.Optional(parquet.Encoded(parquet.Int(64), &parquet.RLEDictionary))
	o.node = parquet.Encoded(parquet.Int(64), &parquet.DeltaBinaryPacked)
	a.node = parquet.Optional(a.node)
	channel := field{name: "channel", node: parquet.Optional(parquet.Encoded(parquet.String(), &parquet.RLEDictionary)), values: texts("web", "shop", "web", "web", "web", "shop", "web", "web", "", "web")}
	channel.values[3] = parquet.Value{}
	note := field{name: "country", node: parquet.Encoded(parquet.String(), &parquet.DeltaByteArray), values: texts("FR", "FR", "BE", "FR", "DE", "BE", "BE", "IT", "BE", "IT")}
	return encode(t, append(shop(c, o, at, a), channel, note), 6, parquet.Compression(codec), parquet.DataPageVersion(version), parquet.PageBufferSize(24))
}

// allocated is the number of bytes that the program has ever allocated.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// read runs everything over a file and fails on a panic, on an answer that is neither rows nor an error, and on
// memory beyond what a file of this size can need.
func read(t *testing.T, path, what string) (ok bool) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			t.Fatalf("%s: panic %v", what, p)
		}
	}()
	before := allocated()
	req := ordersIn(filesAt(path))
	req.Currency, req.Digits, req.Dimension, req.MaxDropped = "EUR", 2, "country", 1
	agg, l, err := parquetscan.New(req.Tables).Aggregate(context.Background(), req)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if (agg == nil) != l.HasErrors() {
		t.Fatalf("%s: bundle %v, errors %v", what, agg != nil, l.Sorted())
	}
	for _, d := range l.Sorted() {
		if strings.Contains(d.Msg, "\n") || d.Pos.File == "" {
			t.Fatalf("%s: unclear message %q", what, d.String())
		}
	}
	r, _ := parquetscan.Inspect(context.Background(), []string{path})
	if err := r.WriteText(&bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	if grown := allocated() - before; grown > 256<<20 {
		t.Fatalf("%s: %d MB allocated for a file of some kB", what, grown>>20)
	}
	return agg != nil
}

func TestDamagedBytesGiveRowsOrAnErrorNeverAPanic(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	path := filepath.Join(t.TempDir(), "x.parquet")
	good, bad := 0, 0
	for _, codec := range []compress.Codec{&parquet.Uncompressed, &parquet.Snappy, &parquet.Zstd} {
		for _, version := range []int{1, 2} {
			whole := small(t, codec, version)
			for range 300 {
				b := bytes.Clone(whole)
				what := ""
				for range 1 + r.IntN(2) {
					at := r.IntN(len(b))
					to := []byte{0, 1, 0x7f, 0x80, 0xff, b[at] ^ 1<<r.IntN(8), byte(r.IntN(256))}[r.IntN(7)]
					what += fmt.Sprintf(" %d:%#x->%#x", at, b[at], to)
					b[at] = to
				}
				if err := os.WriteFile(path, b, 0o644); err != nil {
					t.Fatal(err)
				}
				if read(t, path, fmt.Sprintf("%v v%d%s", codec, version, what)) {
					good++
				} else {
					bad++
				}
			}
		}
	}
	t.Logf("%d read, %d refused", good, bad)
	if good == 0 || bad == 0 {
		t.Error("the mutations do not test anything")
	}
}

func TestTruncatedFilesAreRefused(t *testing.T) {
	whole := small(t, &parquet.Snappy, 1)
	path := filepath.Join(t.TempDir(), "x.parquet")
	for n := 0; n < len(whole); n += 1 + n/40 {
		if err := os.WriteFile(path, whole[:n], 0o644); err != nil {
			t.Fatal(err)
		}
		if read(t, path, fmt.Sprintf("%d bytes", n)) {
			t.Errorf("%d of %d bytes accepted", n, len(whole))
		}
	}
}

// TestEveryFileOfTheCorpusGivesRowsOrAClearError puts each of Apache's files behind an orders mapping of its first columns.
func TestEveryFileOfTheCorpusGivesRowsOrAClearError(t *testing.T) {
	dir := shared(t, "parquet-testing")
	for _, sub := range []string{"data", "bad_data"} {
		files, err := filepath.Glob(filepath.Join(dir, sub, "*.parquet"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			r, _ := parquetscan.Inspect(context.Background(), []string{path})
			if len(r.Files) == 0 {
				continue
			}
			for _, c := range r.Files[0].Columns {
				role := dataset.Column{Text: text(c.Name)}
				req := ordersIn(filesAt(path))
				o := req.Tables.Orders
				o.Customer, o.Time, o.Amount, o.Order, o.Channel = role, role, role, role, role
				req.MaxDropped, req.Currency, req.Digits = 1, "EUR", 2
				agg, l, err := parquetscan.New(req.Tables).Aggregate(context.Background(), req)
				if err != nil || (agg == nil) != l.HasErrors() {
					t.Errorf("%s, %s: %v %v", path, c.Name, err, l.Sorted())
				}
			}
		}
	}
}

// FuzzRead changes bytes anywhere, of files of the tests' own making and of Apache's corpus when it is there.
func FuzzRead(f *testing.F) {
	f.Add(small(f, &parquet.Snappy, 1))
	f.Add(small(f, &parquet.Uncompressed, 2))
	f.Add([]byte("PAR1"))
	for seed := range uint64(24) {
		f.Add(varied(f, seed))
	}
	for _, b := range corpus(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) { endure(t, b) })
}

// corpus returns the smaller files of Apache's corpus, none when it is not there.
func corpus(t testing.TB) [][]byte {
	var out [][]byte
	for _, sub := range []string{"data", "bad_data"} {
		files, err := filepath.Glob(filepath.Join("..", "..", "..", "..", "shared", "data", "parquet-testing", sub, "*.parquet"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			if b, err := os.ReadFile(path); err == nil && len(b) < 8<<10 {
				out = append(out, b)
			}
		}
	}
	return out
}

//go:build unix

package parquetscan

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"parcours/internal/enginebench/fixture"
	"parcours/report/dataset"
	"parcours/report/dataset/tally"
)

// nowhere takes rows and forgets them, so that only the scan is measured.
type nowhere struct{ rows int }

func (n *nowhere) Add(r *tally.OrderRows) { n.rows += len(r.Day) }
func (n *nowhere) Flush() error           { return nil }

// BenchmarkScan reads and converts orders without counting them; cpu-ns/row is what one row costs, however busy the machine is. The files are
// those of the reference fixture, smaller, or those of the folder in SCAN_FILES.
func BenchmarkScan(b *testing.B) {
	opts := fixture.Options{Orders: 1_000_000, Customers: 150_000, Seed: 42, RowGroup: 250_000}
	dir := os.Getenv("SCAN_FILES")
	for _, name := range []string{"zstd-sorted-1", "snappy-sorted-1", "zstd-shuffled-1"} {
		folder := filepath.Join(dir, name)
		if dir == "" {
			l, err := fixture.ParseLayout(name)
			if err != nil {
				b.Fatal(err)
			}
			cache := filepath.Join(os.TempDir(), "parcours-scan-bench")
			if _, err := fixture.Provide(b.Context(), cache, opts, []fixture.Layout{l}); err != nil {
				b.Fatal(err)
			}
			folder = filepath.Join(fixture.Folder(cache, opts), name)
		}
		for _, key := range []string{"customer_id", "customer_code", "customer_uuid"} {
			b.Run(name+"/"+key, func(b *testing.B) { benchmarkScan(b, folder, key, "") })
		}
		b.Run(name+"/filter", func(b *testing.B) { benchmarkScan(b, folder, "customer_id", `status != "cancelled"`) })
	}
}

func benchmarkScan(b *testing.B, folder, key, where string) {
	column := func(s string) dataset.Column { return dataset.Column{Text: dataset.Text{Value: s}} }
	off := dataset.Column{Disabled: true}
	req := dataset.Request{Currency: "EUR", Digits: 2, Grain: dataset.Month, Tables: dataset.Tables{Orders: &dataset.Orders{
		Files:    dataset.Files{Root: folder, Paths: []dataset.Text{{Value: "*.parquet"}}, Where: dataset.Text{Value: where}},
		Customer: column(key), Time: column("ordered_at"), Amount: column("amount"),
		Order: off, Status: off, Channel: off, Currency: off, Country: off, Product: off, Category: off, Quantity: off, Discount: off, Refund: off,
	}}}
	rows, before := 0, cpu(b)
	for b.Loop() {
		rows = 0
		s := New(req.Tables).planned(b.Context(), req)
		if s.list.HasErrors() {
			b.Fatal(s.list.Sorted())
		}
		s.tally = tally.New(s.req, s.tallyPlan())
		var sinks []*nowhere
		s.orders = func() orderSink {
			sinks = append(sinks, new(nowhere))
			return sinks[len(sinks)-1]
		}
		if err := s.run(); err != nil || s.list.HasErrors() {
			b.Fatal(err, s.list.Sorted())
		}
		for _, n := range sinks {
			rows += n.rows
		}
		s.tally.Close()
	}
	b.ReportMetric(float64(cpu(b)-before)/float64(b.N)/float64(rows), "cpu-ns/row")
}

// cpu is the time in ns that the process computed so far.
func cpu(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

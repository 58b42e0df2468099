//go:build unix

package parquetscan_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"parcours/report/dataset"
	"parcours/report/dataset/parquetscan"
)

type benchOrder struct {
	CustomerID int64     `parquet:"customer_id"`
	OrderedAt  time.Time `parquet:"ordered_at,timestamp(microsecond)"`
	Amount     float64   `parquet:"amount"`
}

type benchEvent struct {
	CustomerID int64     `parquet:"customer_id"`
	Code       string    `parquet:"customer_code"`
	At         time.Time `parquet:"occurred_at,timestamp(microsecond)"`
	Touchpoint string    `parquet:"touchpoint,dict"`
	State      string    `parquet:"state,dict"`
	Channel    string    `parquet:"channel,dict"`
	Campaign   string    `parquet:"campaign,dict"`
}

const benchEvents = 2_000_000

func benchFile[T any](b *testing.B, path string, n int, row func(i int) T) {
	b.Helper()
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := parquet.NewGenericWriter[T](f, parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(250_000))
	for i := range n {
		if _, err := w.Write([]T{row(i)}); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkTables reads a file of events, as events, as messages and as sign-ups; cpu-ns/row is what one row costs, however
// busy the machine is.
func BenchmarkTables(b *testing.B) {
	dir, rng := b.TempDir(), rand.New(rand.NewPCG(1, 1))
	start := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)
	benchFile(b, filepath.Join(dir, "orders.parquet"), 1000, func(i int) benchOrder {
		return benchOrder{rng.Int64N(300_000), start.Add(time.Duration(i) * 26 * time.Hour), 10}
	})
	places, states := []string{"ad", "home", "product", "cart", "checkout", "support", "shop", "app"}, []string{"sent", "delivered", "opened", "clicked", "converted"}
	benchFile(b, filepath.Join(dir, "events.parquet"), benchEvents, func(i int) benchEvent {
		who := rng.Int64N(300_000)
		return benchEvent{
			who, fmt.Sprintf("C%08d", who), start.Add(time.Duration(i) * 45 * time.Second), places[rng.IntN(len(places))],
			states[rng.IntN(5)], "email", fmt.Sprint("campaign ", i/20_000),
		}
	})
	column := func(s string) dataset.Column { return dataset.Column{Text: dataset.Text{Value: s}} }
	off := dataset.Column{Disabled: true}
	files := func(name string) dataset.Files {
		return dataset.Files{Root: dir, Paths: []dataset.Text{{Value: name}}}
	}
	orders := &dataset.Orders{
		Files: files("orders.parquet"), Customer: column("customer_id"), Time: column("ordered_at"), Amount: column("amount"),
		Order: off, Status: off, Channel: off, Currency: off, Country: off, Product: off, Category: off, Quantity: off, Discount: off, Refund: off,
	}
	in := files("events.parquet")
	for _, key := range []string{"customer_id", "customer_code"} {
		for _, x := range []struct {
			name   string
			tables dataset.Tables
		}{
			{"events", dataset.Tables{Events: &dataset.Events{Files: in, Customer: column(key), Time: column("occurred_at"), Touchpoint: column("touchpoint")}}},
			{"messages", dataset.Tables{Messages: &dataset.Messages{
				Files: in, Customer: column(key), Time: column("occurred_at"), Event: column("state"), Channel: column("channel"), Campaign: column("campaign"),
			}}},
			{"customers", dataset.Tables{Customers: &dataset.Customers{Files: in, Customer: column(key), SignUp: column("occurred_at"), Channel: off, Country: off}}},
		} {
			b.Run(key+"/"+x.name, func(b *testing.B) {
				x.tables.Orders = orders
				req := dataset.Request{
					Currency: "EUR", Digits: 2, Grain: dataset.Month, Tables: x.tables, StepDays: 7,
					Touchpoint: []dataset.Pair{{From: "ad", To: "home"}, {From: "home", To: "product"}, {From: "product", To: "cart"}, {From: "cart", To: "checkout"}},
				}
				before := computed(b)
				for b.Loop() {
					a, l, err := parquetscan.New(req.Tables).Aggregate(b.Context(), req)
					if err != nil || a == nil {
						b.Fatal(err, l.Sorted())
					}
				}
				b.ReportMetric(float64(computed(b)-before)/float64(b.N)/benchEvents, "cpu-ns/row")
			})
		}
	}
}

// computed is the time in ns that the process computed so far.
func computed(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

package tally_test

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"parcours/report/dataset"
	"parcours/report/dataset/tally"
)

// benchRows is the number of rows of the benchmarks of tables.
const benchRows = 5_000_000

// benchSinks is the number of goroutines that add rows.
const benchSinks = 2

func benchRequest() dataset.Request {
	return dataset.Request{
		StepDays: 30,
		Touchpoint: []dataset.Pair{
			{From: "ad", To: "home"},
			{From: "home", To: "product"},
			{From: "product", To: "cart"},
			{From: "cart", To: "checkout"},
			{From: "checkout", To: "support"},
			{From: "support", To: "support"},
		},
		Tables: dataset.Tables{Events: &dataset.Events{}, Messages: &dataset.Messages{}, Customers: &dataset.Customers{}},
	}
}

func benchTable(b *testing.B, add func(t *tally.Tally, rng *rand.Rand, batch int, first int64) func() error) {
	for range b.N {
		t := tally.New(benchRequest(), tally.Plan{Rows: benchRows, Events: benchRows, Messages: benchRows, Customers: benchRows})
		var running sync.WaitGroup
		for s := range benchSinks {
			running.Go(func() {
				if err := add(t, rand.New(rand.NewPCG(1, uint64(s))), 4096, int64(s)*86400e6*500)(); err != nil {
					b.Error(err)
				}
			})
		}
		running.Wait()
		start := time.Now()
		if _, err := t.Finish(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(start).Seconds(), "finish-s")
		if err := t.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchRows, "ns/row")
}

// benchBatches calls add with numbered rows and their times, in batches.
func benchBatches(batch int, first int64, clear func(), row func(instant int64, day dataset.Day), add func()) {
	for done := 0; done < benchRows/benchSinks; done += batch {
		clear()
		for i := range min(batch, benchRows/benchSinks-done) {
			instant := first + int64(done+i)*17_000_000
			row(instant, dataset.Day(instant/86400e6))
		}
		add()
	}
}

func BenchmarkEvents(b *testing.B) {
	benchTable(b, func(t *tally.Tally, rng *rand.Rand, batch int, first int64) func() error {
		var labels []uint32
		for _, name := range []string{"ad", "home", "product", "cart", "checkout", "support", "shop", "app"} {
			labels = append(labels, t.Labels().Of(name))
		}
		sink, r := t.Events(), &tally.EventRows{}
		benchBatches(batch, first, func() {
			r.Customer, r.Instant, r.Day, r.Touchpoint = r.Customer[:0], r.Instant[:0], r.Day[:0], r.Touchpoint[:0]
		}, func(instant int64, day dataset.Day) {
			n := rng.Uint64()
			k := tally.IntKey(int64(n % 700_000))
			if n>>60 == 0 {
				k = tally.Key{}
			}
			r.Customer, r.Instant, r.Day = append(r.Customer, k), append(r.Instant, instant), append(r.Day, day)
			r.Touchpoint = append(r.Touchpoint, labels[n>>40%8])
		}, func() { sink.Add(r) })
		return sink.Flush
	})
}

func BenchmarkMessages(b *testing.B) {
	benchTable(b, func(t *tally.Tally, rng *rand.Rand, batch int, first int64) func() error {
		channel := t.Labels().Of("email")
		var campaigns []uint32
		for i := range 200 {
			campaigns = append(campaigns, t.Labels().Of(string(rune('A'+i))))
		}
		sink, r := t.Messages(), &tally.MessageRows{}
		benchBatches(batch, first, func() {
			r.Customer, r.Day, r.State, r.Channel, r.Campaign = r.Customer[:0], r.Day[:0], r.State[:0], r.Channel[:0], r.Campaign[:0]
		}, func(_ int64, day dataset.Day) {
			n := rng.Uint64()
			r.Customer, r.Day = append(r.Customer, tally.IntKey(int64(n%700_000))), append(r.Day, day)
			r.State, r.Channel = append(r.State, uint8(n>>50%5)), append(r.Channel, channel)
			r.Campaign = append(r.Campaign, campaigns[int(day)/30%200])
		}, func() { sink.Add(r) })
		return sink.Flush
	})
}

func BenchmarkSignUps(b *testing.B) {
	benchTable(b, func(t *tally.Tally, rng *rand.Rand, batch int, first int64) func() error {
		sink, r := t.Customers(), &tally.CustomerRows{}
		benchBatches(batch, first, func() { r.Customer, r.SignUp = r.Customer[:0], r.SignUp[:0] },
			func(_ int64, day dataset.Day) {
				r.Customer, r.SignUp = append(r.Customer, tally.IntKey(int64(rng.Uint64()%4_000_000))), append(r.SignUp, day)
			}, func() { sink.Add(r) })
		return sink.Flush
	})
}

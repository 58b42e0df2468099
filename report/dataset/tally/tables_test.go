package tally_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"parcours/report/dataset"
	"parcours/report/dataset/datasettest"
	"parcours/report/dataset/tally"
)

// crowded is a shop with much of everything but orders: few customers with many events and messages each.
func crowded(rng *rand.Rand, rows int) datasettest.Case {
	pick := func(texts ...string) string { return texts[rng.IntN(len(texts))] }
	who := func() any {
		if n := rng.IntN(80); n > 0 {
			return []string{"ana", "bob", "cé", "a customer with a long name "}[n%4] + string(rune('a'+n/4))
		}
		return nil
	}
	at := func() time.Time {
		return dataset.DayTime(20_000).Add(time.Duration(rng.IntN(200*48)) * 30 * time.Minute)
	}
	tables := map[string][]dataset.Row{}
	for range rows {
		tables["events"] = append(tables["events"], dataset.Row{"customer": who(), "time": at(), "touchpoint": pick("ad", "home", "cart", "desk", "app")})
		tables["messages"] = append(tables["messages"], dataset.Row{
			"customer": who(), "time": at(), "event": pick("sent", "delivered", "opened", "clicked", "converted"),
			"channel": pick("", "email", "sms"), "campaign": pick("", "spring", "summer", "email"),
		})
		sign := dataset.Row{"customer": who()}
		if rng.IntN(5) > 0 {
			sign["sign_up"] = at()
		}
		tables["customers"] = append(tables["customers"], sign)
		tables["spend"] = append(tables["spend"], dataset.Row{"time": at(), "channel": pick("", "email", "ad"), "amount": rng.Int64N(900) - 100})
		tables["surveys"] = append(tables["surveys"], dataset.Row{"time": at(), "metric": pick("NPS", "csat"), "touchpoint": pick("", "desk"), "score": float64(rng.IntN(11))})
		opened := at()
		ticket := dataset.Row{"time": opened, "channel": pick("", "email", "phone")}
		if rng.IntN(3) > 0 {
			ticket["first_reply"] = opened.Add(time.Duration(rng.IntN(30*86400)-3600) * time.Second)
		}
		tables["tickets"] = append(tables["tickets"], ticket)
	}
	for range rows / 20 {
		tables["orders"] = append(tables["orders"], dataset.Row{"customer": who(), "time": at(), "amount": rng.Int64N(9000), "channel": pick("", "email", "ad")})
	}
	req := dataset.Request{
		Grain: []dataset.Grain{dataset.Week, dataset.Month, dataset.Quarter}[rng.IntN(3)], StepDays: int32(rng.IntN(40)),
		Touchpoint: []dataset.Pair{{From: "ad", To: "home"}, {From: "home", To: "cart"}, {From: "home", To: "desk"}, {From: "app", To: "app"}, {From: "ad", To: "home"}, {From: "nowhere", To: "ad"}},
		Tables: dataset.Tables{
			Orders: &dataset.Orders{}, Customers: &dataset.Customers{}, Spend: &dataset.Spend{}, Messages: &dataset.Messages{},
			Surveys: &dataset.Surveys{}, Tickets: &dataset.Tickets{}, Events: &dataset.Events{},
		},
	}
	req.Tables.Orders.Channel = dataset.Column{Text: dataset.Text{Value: "channel"}}
	if rng.IntN(2) == 0 {
		req.Cohort = dataset.BySignUp
	}
	if rng.IntN(2) == 0 {
		day := dataset.Day(20_000 + rng.IntN(220))
		req.AsOf = &day
	}
	return datasettest.Case{Request: req, Rows: tables}
}

// TestCrowdedShopsAreAsTheReferenceSays adds the rows by several goroutines, to any number of partitions, in next to no
// memory.
func TestCrowdedShopsAreAsTheReferenceSays(t *testing.T) {
	for seed := range uint64(12) {
		c := crowded(rand.New(rand.NewPCG(seed, 3)), 900)
		want := dataset.Reference(c.Request, c.Rows)
		for range 2 {
			for _, line := range datasettest.Diff(ask(t, c, seed), want) {
				t.Errorf("seed %d: %s", seed, line)
			}
		}
		if t.Failed() {
			return
		}
	}
}

// TestTablesInATemporaryFileAreCountedAlike has one goroutine and one partition against three, many, and next to no memory.
func TestTablesInATemporaryFileAreCountedAlike(t *testing.T) {
	const rows = 1 << 18
	count := func(plan tally.Plan, sinks int) *dataset.Aggregates {
		ta := tally.New(dataset.Request{
			StepDays: 3, Touchpoint: []dataset.Pair{{From: "a", To: "b"}, {From: "b", To: "a"}},
			Tables: dataset.Tables{Events: &dataset.Events{}, Messages: &dataset.Messages{}, Customers: &dataset.Customers{}},
		}, plan)
		defer ta.Close()
		names := []uint32{ta.Labels().Of("a"), ta.Labels().Of("b"), ta.Labels().Of("c")}
		var running sync.WaitGroup
		for s := range sinks {
			running.Go(func() {
				events, messages, customers := ta.Events(), ta.Messages(), ta.Customers()
				for i := s; i < rows; i += sinks {
					n := uint64(i) * 0x9e3779b97f4a7c15
					who, day := []tally.Key{tally.IntKey(int64(n >> 33 % 5000))}, []dataset.Day{dataset.Day(n >> 20 % 100)}
					events.Add(&tally.EventRows{Customer: who, Instant: []int64{int64(day[0])*86400e6 + int64(n>>5%1000)}, Day: day, Touchpoint: names[n>>7%3 : n>>7%3+1]})
					messages.Add(&tally.MessageRows{Customer: who, Day: day, State: []uint8{uint8(n >> 9 % 5)}, Campaign: names[n>>11%3 : n>>11%3+1]})
					customers.Add(&tally.CustomerRows{Customer: who, SignUp: day})
				}
				for _, err := range []error{events.Flush(), messages.Flush(), customers.Flush()} {
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		running.Wait()
		return finish(t, ta)
	}
	one := count(tally.Plan{}, 1)
	if one.Totals.SignUps != 5000 || len(one.Touchpoints) == 0 || len(one.Steps) == 0 || len(one.Messages) == 0 {
		t.Errorf("got %+v", one.Totals)
	}
	many := count(tally.Plan{Events: 1 << 22, Messages: 1 << 21, Customers: 1 << 23, Memory: 1 << 20, TempDir: t.TempDir()}, 3)
	if !reflect.DeepEqual(one, many) {
		t.Error(datasettest.Diff(many, one))
	}
}

func TestLabelsNeedNoColumn(t *testing.T) {
	ta := tally.New(dataset.Request{Tables: dataset.Tables{Messages: &dataset.Messages{}, Tickets: &dataset.Tickets{}, Spend: &dataset.Spend{}}}, tally.Plan{})
	messages, tickets, spend := ta.Messages(), ta.Tickets(), ta.Spend()
	messages.Add(&tally.MessageRows{Customer: []tally.Key{tally.IntKey(1)}, Day: []dataset.Day{3}, State: []uint8{tally.Opened}})
	tickets.Add(&tally.TicketRows{Day: []dataset.Day{3}, Minutes: []int32{7}})
	spend.Add(&tally.SpendRows{Day: []dataset.Day{3}, Amount: []int64{70}})
	for _, err := range []error{messages.Flush(), tickets.Flush(), spend.Flush()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	a, month := finish(t, ta), dataset.Calendar{}.PeriodOf(dataset.Month, 3)
	if want := []dataset.MessageRow{{Period: month, Opened: 1}}; !slices.Equal(a.Messages, want) {
		t.Errorf("got %+v, want %+v", a.Messages, want)
	}
	if want := []dataset.TicketRow{{Period: month, Bucket: 15, Tickets: 1}}; !slices.Equal(a.Tickets, want) {
		t.Errorf("got %+v, want %+v", a.Tickets, want)
	}
	if want := []dataset.AcquisitionRow{{Period: month, Spend: 70}}; !slices.Equal(a.Acquisition, want) {
		t.Errorf("got %+v, want %+v", a.Acquisition, want)
	}
}

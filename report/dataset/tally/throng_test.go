package tally

import (
	"context"
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"

	"parcours/report/dataset"
)

// visits are events and messages of some customers, of whom the first have most.
type visits struct {
	req      dataset.Request
	events   []EventRows
	messages []MessageRows
}

func someVisits(rng *rand.Rand, rows int) visits {
	v := visits{req: dataset.Request{
		StepDays: int32(rng.IntN(9)), Grain: []dataset.Grain{dataset.Week, dataset.Month}[rng.IntN(2)],
		Touchpoint: []dataset.Pair{{From: "a", To: "b"}, {From: "b", To: "a"}, {From: "a", To: "a"}, {From: "c", To: "b"}, {From: "c", To: "nowhere"}},
		Tables:     dataset.Tables{Events: &dataset.Events{}, Messages: &dataset.Messages{}},
	}}
	if rng.IntN(2) == 0 {
		day := dataset.Day(60)
		v.req.AsOf = &day
	}
	crowd := 1 + rng.IntN(3)
	for range rows {
		k := IntKey(int64(rng.IntN(crowd)))
		if rng.IntN(2) == 0 {
			k = KeyOf([]byte{'k', byte(rng.IntN(256))})
		}
		day := dataset.Day(rng.IntN(100))
		who, days := []Key{k}, []dataset.Day{day}
		v.events = append(v.events, EventRows{who, []int64{int64(day)*dayMicros + rng.Int64N(5)}, days, []uint32{1 + rng.Uint32N(4)}})
		v.messages = append(v.messages, MessageRows{Customer: who, Day: days, State: []uint8{uint8(rng.IntN(stateCount))}, Campaign: []uint32{rng.Uint32N(5)}})
	}
	return v
}

// count adds the visits in their order, to be looked at so many at once.
func (v visits) count(t *testing.T, turn int64) *dataset.Aggregates {
	t.Helper()
	ta := New(v.req, Plan{Workers: 1})
	for _, name := range []string{"a", "b", "c", "d"} {
		ta.Labels().Of(name)
	}
	events, messages := ta.Events(), ta.Messages()
	for i := range v.events {
		events.Add(&v.events[i])
		messages.Add(&v.messages[i])
	}
	for _, err := range []error{events.Flush(), messages.Flush()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	ta.events.turn, ta.messages.turn = turn, turn
	a, err := ta.Finish(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestCustomersWithMostOfTheEventsAreCountedLikeOthers(t *testing.T) {
	for seed := range uint64(8) {
		rng := rand.New(rand.NewPCG(seed, 1))
		v := someVisits(rng, 1000)
		want := v.count(t, turnRecords)
		if len(want.Steps) == 0 || len(want.Touchpoints) == 0 || len(want.Messages) == 0 {
			t.Fatal("nothing to compare")
		}
		for _, turn := range []int64{1, 10, 100, 300} {
			rng.Shuffle(len(v.events), func(i, j int) {
				v.events[i], v.events[j] = v.events[j], v.events[i]
				v.messages[i], v.messages[j] = v.messages[j], v.messages[i]
			})
			if got := v.count(t, turn); !reflect.DeepEqual(got, want) {
				t.Fatalf("seed %d, %d at once: got %+v, want %+v", seed, turn, got, want)
			}
		}
	}
}

func TestThrongsHaveMostOfTheRecords(t *testing.T) {
	ta := New(dataset.Request{Tables: dataset.Tables{Events: &dataset.Events{}}}, Plan{})
	sink := ta.Events()
	rng := rand.New(rand.NewPCG(1, 1))
	for range 10_000 {
		k := IntKey(7)
		if rng.IntN(3) > 0 {
			k = IntKey(100 + rng.Int64N(5000))
		}
		sink.Add(&EventRows{[]Key{k}, []int64{0}, []dataset.Day{0}, []uint32{1}})
	}
	if err := sink.Flush(); err != nil {
		t.Fatal(err)
	}
	th := &throngs{journeys: ta.newJourneys(0)}
	if err := th.find(t.Context(), 0, 4); err != nil {
		t.Fatal(err)
	}
	if _, ok := th.who[IntKey(7)]; !ok || len(th.who) > 4 {
		t.Errorf("got %v", th.who)
	}
}

func TestCountingStopsWithinAPartition(t *testing.T) {
	v := someVisits(rand.New(rand.NewPCG(1, 1)), 5000)
	ta := New(v.req, Plan{})
	events, messages, customers := ta.Events(), ta.Messages(), ta.Customers()
	for i := range v.events {
		events.Add(&v.events[i])
		messages.Add(&v.messages[i])
		customers.Add(&CustomerRows{Customer: v.events[i].Customer})
	}
	for _, err := range []error{events.Flush(), messages.Flush(), customers.Flush()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := &walk{journeys: ta.newJourneys(NoDay)}
	m := &mailing{t: ta, asOf: NoDay}
	var s signUps
	for _, err := range []error{w.addPart(ctx, 0), m.addPart(ctx, 0), s.gather(ctx, ta, 0, NoDay, turn{of: 1})} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
}

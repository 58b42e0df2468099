package tally_test

import (
	"context"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"parcours/report/dataset"
	"parcours/report/dataset/datasettest"
	"parcours/report/dataset/tally"
)

func inMemory(t *testing.T, c datasettest.Case) dataset.Source {
	t.Helper()
	return memory{c.Rows, rand.New(rand.NewPCG(1, 2))}
}

func TestTallyPassesTheAcceptanceCorpus(t *testing.T) {
	n := 300
	if testing.Short() {
		n = 100
	}
	datasettest.Run(t, n, inMemory)
}

// sale is a batch of one sale, one euro.
func sale(customer string, day dataset.Day) *tally.OrderRows {
	return &tally.OrderRows{
		Customer: []tally.Key{tally.KeyOf([]byte(customer))}, Order: []tally.Key{{}}, Instant: []int64{int64(day) * 86400e6},
		Day: []dataset.Day{day}, Amount: []int64{100},
	}
}

// add adds rows of orders by a place of their own.
func add(ta *tally.Tally, r *tally.OrderRows) {
	o := ta.Orders()
	o.Add(r)
	if err := o.Flush(); err != nil {
		panic(err)
	}
}

func finish(t *testing.T, ta *tally.Tally) *dataset.Aggregates {
	t.Helper()
	a, err := ta.Finish(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestBatchesCanBeUsedAgain(t *testing.T) {
	ta := tally.New(dataset.Request{}, tally.Plan{OrderWords: 2})
	b := sale("ana", 100)
	for day := range dataset.Day(5) {
		b.Day[0], b.Amount[0], b.Customer[0] = 100+day, int64(day), tally.KeyOf([]byte{byte('a' + day)})
		add(ta, b)
	}
	b.Day[0], b.Amount[0] = 0, 1<<40
	if got := finish(t, ta).Totals; got.Customers != 5 || got.Net != 10 {
		t.Errorf("got %+v", got)
	}
}

func TestAsOfIsTheLastDayOfOrders(t *testing.T) {
	unidentified := sale("", 120)
	refund := sale("ana", 110)
	refund.Amount[0] = -1
	survey := func(ta *tally.Tally) {
		s := ta.Surveys()
		s.Add(&tally.SurveyRows{Day: []dataset.Day{130}, Metric: []uint32{ta.Labels().Of("nps")}, Score: []int32{900}})
		if err := s.Flush(); err != nil {
			t.Error(err)
		}
	}
	for _, x := range []struct {
		name string
		add  func(*tally.Tally)
		want dataset.Day
	}{
		{"nothing", func(*tally.Tally) {}, 0},
		{"other tables only", survey, 130},
		{"a sale", func(ta *tally.Tally) { add(ta, sale("ana", 100)); survey(ta) }, 100},
		{"a refund", func(ta *tally.Tally) { add(ta, sale("ana", 100)); add(ta, refund) }, 110},
		{"an unidentified row", func(ta *tally.Tally) { add(ta, sale("ana", 100)); add(ta, unidentified) }, 120},
	} {
		ta := tally.New(dataset.Request{Tables: dataset.Tables{Surveys: &dataset.Surveys{}}}, tally.Plan{OrderWords: 2})
		x.add(ta)
		if got := finish(t, ta).Manifest.AsOf; got != x.want {
			t.Errorf("%s: got day %d, want %d", x.name, got, x.want)
		}
	}
}

func TestSumsThatOverflowAreAnError(t *testing.T) {
	for _, amount := range []int64{math.MaxInt64, math.MinInt64, math.MaxInt64 / 4} {
		ta := tally.New(dataset.Request{}, tally.Plan{OrderWords: 2})
		b := sale("ana", 100)
		b.Amount[0] = amount
		add(ta, b)
		if a, err := ta.Finish(context.Background()); err == nil || !strings.Contains(err.Error(), "minor units") {
			t.Errorf("%d: got %v, %v", amount, a, err)
		}
	}
}

func TestNoRowsMakeEmptyTables(t *testing.T) {
	req := dataset.Request{Dimension: "channel", Tables: dataset.Tables{
		Orders: &dataset.Orders{}, Customers: &dataset.Customers{}, Spend: &dataset.Spend{}, Messages: &dataset.Messages{},
		Surveys: &dataset.Surveys{}, Tickets: &dataset.Tickets{}, Events: &dataset.Events{},
	}}
	a := finish(t, tally.New(req, tally.Plan{OrderWords: 2}))
	for _, line := range datasettest.Diff(a, dataset.Reference(req, nil)) {
		t.Error(line)
	}
	if a.Totals != (dataset.Totals{}) || a.Edges != (dataset.RFMEdges{}) || len(a.Periods)+len(a.Cohorts)+len(a.Acquisition) > 0 {
		t.Errorf("got %+v", a)
	}
}

func TestQualityAddsUpByFileAndReason(t *testing.T) {
	ta := tally.New(dataset.Request{}, tally.Plan{OrderWords: 2})
	for _, place := range []string{"row 1", "row 2", "row 3", "row 4"} {
		ta.AddQuality(dataset.QualityRow{Table: "orders", File: "b", Reason: dataset.NoTime, Rows: 2, Examples: []string{place}})
	}
	ta.AddQuality(dataset.QualityRow{Table: "orders", File: "a", Reason: dataset.NoTime, Rows: 1})
	ta.AddFile(dataset.FileRow{Table: "orders", File: "b", Rows: 3})
	ta.AddFile(dataset.FileRow{Table: "orders", File: "a", Rows: 2})
	a := finish(t, ta)
	want := []dataset.QualityRow{
		{Table: "orders", File: "a", Reason: dataset.NoTime, Rows: 1},
		{Table: "orders", File: "b", Reason: dataset.NoTime, Rows: 8, Examples: []string{"row 1", "row 2", "row 3"}},
	}
	if !reflect.DeepEqual(a.Quality, want) {
		t.Errorf("got %+v, want %+v", a.Quality, want)
	}
	if len(a.Files) != 2 || a.Files[0].File != "a" {
		t.Errorf("got %+v", a.Files)
	}
}

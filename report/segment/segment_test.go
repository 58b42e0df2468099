package segment_test

import (
	"testing"

	"parcours/report/dataset"
	"parcours/report/kpi"
	"parcours/report/measure/shoptest"
	"parcours/report/segment"
)

func TestTheGridIsTheCustomaryOne(t *testing.T) {
	// Rows R = 5 … 1, columns F = 1 … 5, as printed in the reference.
	grid := [5][5]segment.Name{
		{"new", "potential-loyalist", "potential-loyalist", "champions", "champions"},
		{"promising", "potential-loyalist", "potential-loyalist", "loyal", "loyal"},
		{"about-to-sleep", "about-to-sleep", "need-attention", "loyal", "loyal"},
		{"hibernating", "hibernating", "at-risk", "at-risk", "cant-lose"},
		{"lost", "hibernating", "at-risk", "at-risk", "cant-lose"},
	}
	seen := map[segment.Name]int{}
	for i, row := range grid {
		for j, name := range row {
			if got := segment.Of(5-i, j+1); got != name {
				t.Errorf("R %d F %d: %s, want %s", 5-i, j+1, got, name)
			}
			seen[name]++
		}
	}
	cells := 0
	for _, n := range segment.Names() {
		if seen[n] == 0 {
			t.Errorf("%s has no cell", n)
		}
		cells += seen[n]
	}
	if cells != 25 || len(seen) != 11 {
		t.Errorf("%d cells, %d names", cells, len(seen))
	}
}

func TestSegmentsAddUpToTheCustomers(t *testing.T) {
	for seed := range uint64(10) {
		shop := shoptest.Random(seed, dataset.Month, 200)
		a := shop.Aggregates()
		r := segment.Compute(a, kpi.MeasureRhythm(a), segment.Options{})
		var customers, orders, net, grid int64
		for _, s := range r.Segments {
			customers, orders, net = customers+s.Customers, orders+s.Orders, net+s.Net
		}
		for i := range r.Grid {
			for _, c := range r.Grid[i] {
				grid += c.Customers
			}
		}
		if customers != a.Totals.Customers || grid != customers || orders != a.Totals.Orders || net != a.Totals.Net {
			t.Errorf("%d customers, %d in the grid, %d orders, %d net", customers, grid, orders, net)
		}
		if sum := r.Status.Active + r.Status.Dormant + r.Status.Lost; sum != customers {
			t.Errorf("status of %d customers", sum)
		}
		if !r.TopKnown || r.TopNet < r.TopCustomers || r.TopNet > 1 {
			t.Errorf("top: %v of customers, %v of net", r.TopCustomers, r.TopNet)
		}
	}
}

func TestStatusIsCutAtThePurchaseRhythm(t *testing.T) {
	a := &dataset.Aggregates{
		Totals: dataset.Totals{Customers: 10},
		RFM:    []dataset.RFMRow{{R: 5, F: 1, M: 1, Customers: 10}},
		Recency: []dataset.HistogramRow{
			{Value: 0, Customers: 1},
			{Value: 40, Customers: 2},
			{Value: 41, Customers: 3},
			{Value: 120, Customers: 1},
			{Value: 121, Customers: 3},
		},
	}
	rhythm := kpi.Rhythm{Gaps: 100, P80: 40, P95: 120}
	s := segment.Compute(a, rhythm, segment.Options{}).Status
	if s.Active != 3 || s.Dormant != 4 || s.Lost != 3 || s.Configured || s.Fallback {
		t.Errorf("%+v", s)
	}
	s = segment.Compute(a, rhythm, segment.Options{ActiveDays: 41, LostDays: 200}).Status
	if s.Active != 6 || s.Dormant != 4 || s.Lost != 0 || !s.Configured {
		t.Errorf("%+v", s)
	}
	s = segment.Compute(a, kpi.Rhythm{Gaps: 3, P80: 1, P95: 2}, segment.Options{}).Status
	if s.ActiveDays != segment.DefaultActiveDays || s.LostDays != segment.DefaultLostDays || !s.Fallback {
		t.Errorf("%+v", s)
	}
}

func TestNobodyHasNoSegments(t *testing.T) {
	if r := segment.Compute(&dataset.Aggregates{}, kpi.Rhythm{}, segment.Options{}); r != nil {
		t.Errorf("%+v", r)
	}
}

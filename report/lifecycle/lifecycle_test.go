package lifecycle_test

import (
	"slices"
	"testing"

	"parcours/report/dataset"
	"parcours/report/lifecycle"
	"parcours/report/measure/shoptest"
)

func TestFlowsFollowFromTheOrdersAndClose(t *testing.T) {
	for seed := range uint64(8) {
		for _, grain := range []dataset.Grain{dataset.Week, dataset.Month, dataset.Quarter} {
			shop := shoptest.Random(seed, grain, 150)
			r := lifecycle.Compute(shop.Aggregates(), shop.Calendar)
			for i, p := range r.Periods {
				want := naive(shop, p.Period)
				want.State = p.State
				if p != want {
					t.Fatalf("%+v, want %+v", p, want)
				}
				if p.Active != p.New+p.Returning+p.Resurrected {
					t.Fatalf("%+v does not add up", p)
				}
				before := int64(0)
				if i > 0 {
					before = r.Periods[i-1].Active
				}
				if p.Active != before+p.NetGrowth() {
					t.Fatalf("%+v does not follow from %d", p, before)
				}
			}
		}
	}
}

func naive(shop shoptest.Shop, period int32) lifecycle.Period {
	p := lifecycle.Period{Period: period}
	for _, c := range shop.Customers {
		active := shop.ActivePeriods(c)
		now, before := slices.Contains(active, period), slices.Contains(active, period-1)
		switch {
		case now && active[0] == period:
			p.New++
		case now && before:
			p.Returning++
		case now:
			p.Resurrected++
		case before:
			p.Dormant++
		}
		if now {
			p.Active++
		}
	}
	return p
}

func TestPeriodsWithoutActivityAreThere(t *testing.T) {
	a := &dataset.Aggregates{
		Manifest: dataset.Manifest{Grain: dataset.Month, First: dataset.CivilDay(2025, 1, 5), AsOf: dataset.CivilDay(2025, 5, 10)},
		Activity: []dataset.ActivityRow{
			{Period: 2025 * 12, First: true, Customers: 4},
			{Period: 2025 * 12, First: true, Gap: 3, Customers: 2},
			{Period: 2025*12 + 3, Customers: 2},
		},
	}
	r := lifecycle.Compute(a, dataset.Calendar{})
	if len(r.Periods) != 5 || r.Current != 3 {
		t.Fatalf("%+v", r)
	}
	if p := r.Periods[1]; p.Active != 0 || p.Dormant != 6 || p.NetGrowth() != -6 {
		t.Errorf("%+v", p)
	}
	if p := r.Periods[3]; p.Resurrected != 2 || p.Active != 2 {
		t.Errorf("%+v", p)
	}
	if _, ok := r.Periods[3].QuickRatio(); ok {
		t.Error("nobody went dormant: no ratio")
	}
	if q, ok := r.Periods[1].QuickRatio(); !ok || q != 0 {
		t.Errorf("quick ratio %v", q)
	}
}

func TestNoActivityHasNoPeriods(t *testing.T) {
	if r := lifecycle.Compute(&dataset.Aggregates{}, dataset.Calendar{}); r.Current != -1 || len(r.Periods) != 0 {
		t.Errorf("%+v", r)
	}
}

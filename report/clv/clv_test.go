package clv_test

import (
	"math"
	"testing"

	"parcours/report/clv"
	"parcours/report/dataset"
	"parcours/report/measure/shoptest"
	"parcours/report/stats"
)

const start = 2024 * 12 // January 2024

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > 1e-9*math.Max(1, math.Abs(want)) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

// twoYears observes 100 customers who came in January 2024, 40 of whom were seen a year later or after, until the end
// of 2025: 24 complete months.
func twoYears() *dataset.Aggregates {
	a := &dataset.Aggregates{Manifest: dataset.Manifest{
		Grain: dataset.Month, First: dataset.CivilDay(2024, 1, 1), AsOf: dataset.CivilDay(2025, 12, 31),
	}}
	a.Totals = dataset.Totals{Customers: 100, Orders: 180}
	a.Cohorts = []dataset.CohortRow{
		{Cohort: start, Age: dataset.SizeAge, Active: 100},
		{Cohort: start, Age: 0, Active: 100, Orders: 100, Net: 100_000},
		{Cohort: start, Age: 13, Active: 40, Orders: 80, Net: 60_000},
	}
	a.LastSeen = []dataset.LastSeenRow{{Cohort: start, Age: 0, Customers: 60}, {Cohort: start, Age: 13, Customers: 40}}
	a.Periods = []dataset.PeriodRow{
		{Period: start, Orders: 100, Customers: 100, NewCustomers: 100, Gross: 100_000, Net: 100_000},
		{Period: start + 13, Orders: 80, Customers: 40, Gross: 64_000, Refunds: 4_000, Net: 60_000},
	}
	a.Activity = []dataset.ActivityRow{
		{Period: start, First: true, Gap: 0, Customers: 60},
		{Period: start, First: true, Gap: 13, Customers: 40},
		{Period: start + 13, Customers: 40},
	}
	a.Acquisition = []dataset.AcquisitionRow{
		{Channel: "", Period: start, Spend: 50_000, NewCustomers: 100},
		{Channel: "", Period: start + 20, NewCustomers: 7},
		{Channel: "ads", Period: start, Spend: 50_000, NewCustomers: 0},
	}
	return a
}

func TestTheFormulaMultipliesYears(t *testing.T) {
	r := clv.Compute(twoYears(), dataset.Calendar{}, clv.Options{Margin: .5})
	f := r.Formula
	if f == nil {
		t.Fatal(r.Missing)
	}
	near(t, "AOV", f.AOV, 800)
	near(t, "orders per year", f.OrdersPerYear, 2)
	near(t, "churn", f.Churn, .6)
	near(t, "lifespan", f.Lifespan, 1/.6)
	near(t, "CAC", f.CAC, 500)
	near(t, "value", f.Gross, 800*2/.6-500)
	near(t, "value at margin", f.Net, .5*800*2/.6-500)
	near(t, "ratio", f.Ratio, .5*800*2/.6/500)
	near(t, "refund rate", f.RefundRate, 4./64)
	w := stats.Wilson(40, 100)
	near(t, "low", f.GrossLow, 1600/(1-w.Low)-500)
	near(t, "high", f.GrossHigh, 1600/(1-w.High)-500)
	if f.ChurnAge != 12 || f.Extrapolated || f.ShortYear || f.ChurnN != 100 || f.Customers != 40 || !f.ChurnTruncated {
		t.Errorf("%+v", f)
	}
}

func TestChurnOfAYoungShopIsBroughtToAYear(t *testing.T) {
	a := twoYears()
	a.Manifest.AsOf = dataset.CivilDay(2024, 7, 31)
	a.Gaps = []dataset.GapRow{{Days: 40, Count: 10}}
	a.LastSeen = []dataset.LastSeenRow{{Cohort: start, Age: 0, Customers: 60}, {Cohort: start, Age: 5, Customers: 40}}
	f := clv.Compute(a, dataset.Calendar{}, clv.Options{}).Formula
	// Ages 0 … 6 are complete; 40 days are two months of follow-up, which leaves age 4.
	if f == nil || f.ChurnAge != 4 || f.ChurnFollowUp != 2 || !f.Extrapolated || !f.ShortYear || f.Periods != 7 {
		t.Fatalf("%+v", f)
	}
	near(t, "churn", f.Churn, 1-math.Pow(.4, 3))
	near(t, "orders per customer", f.OrdersPerYear, 1)
}

func TestLifespanIsCapped(t *testing.T) {
	a := twoYears()
	a.LastSeen = []dataset.LastSeenRow{{Cohort: start, Age: 13, Customers: 100}}
	f := clv.Compute(a, dataset.Calendar{}, clv.Options{}).Formula
	if !f.LifespanCap || f.Lifespan != clv.MaxLifespan || f.LifespanHigh != clv.MaxLifespan || f.GrossLow > f.Gross {
		t.Errorf("%+v", f)
	}
}

func TestWithoutCompletePeriodsThereIsNoFormula(t *testing.T) {
	a := twoYears()
	a.Manifest.AsOf = dataset.CivilDay(2024, 1, 20)
	if r := clv.Compute(a, dataset.Calendar{}, clv.Options{}); r.Formula != nil || r.Missing != "no-complete-period" {
		t.Errorf("%+v", r)
	}
	a.Manifest.AsOf = dataset.CivilDay(2024, 2, 15)
	if r := clv.Compute(a, dataset.Calendar{}, clv.Options{}); r.Formula != nil || r.Missing != "no-churn" {
		t.Errorf("%+v", r)
	}
	if r := clv.Compute(&dataset.Aggregates{}, dataset.Calendar{}, clv.Options{}); r != nil {
		t.Errorf("%+v", r)
	}
}

func TestCostIsOverThePeriodsWithSpend(t *testing.T) {
	r := clv.Compute(twoYears(), dataset.Calendar{}, clv.Options{})
	want := []clv.CAC{{Spend: 50_000, NewCustomers: 100, Value: 500, Known: true}, {Channel: "ads", Spend: 50_000}}
	if !r.HasCAC || len(r.CAC) != 2 || r.CAC[0] != want[0] || r.CAC[1] != want[1] {
		t.Errorf("%+v", r.CAC)
	}
	a := twoYears()
	a.Acquisition = nil
	if r := clv.Compute(a, dataset.Calendar{}, clv.Options{}); r.HasCAC || r.Formula.CACKnown || r.Formula.RatioKnown || r.Payback.Known {
		t.Errorf("%+v", r)
	}
}

func TestPaybackIsTheFirstAgeThatCoversTheCost(t *testing.T) {
	r := clv.Compute(twoYears(), dataset.Calendar{}, clv.Options{})
	if r.Payback != (clv.Payback{Known: true, Reached: true, Age: 0, Horizon: 23}) {
		t.Errorf("1,000 each at once, cost 500: %+v", r.Payback)
	}
	r = clv.Compute(twoYears(), dataset.Calendar{}, clv.Options{Margin: .4})
	if r.Payback.Age != 13 || !r.Payback.Reached {
		t.Errorf("640 only after 13 months: %+v", r.Payback)
	}
	r = clv.Compute(twoYears(), dataset.Calendar{}, clv.Options{Margin: .1})
	if r.Payback.Reached || r.Payback.Horizon != 23 {
		t.Errorf("%+v", r.Payback)
	}
}

func TestObservedValueFollowsFromTheOrders(t *testing.T) {
	shop := shoptest.Random(3, dataset.Month, 200)
	r := clv.Compute(shop.Aggregates(), shop.Calendar, clv.Options{})
	for _, o := range r.Observed {
		for _, p := range o.Points {
			var net, size int64
			for _, c := range shop.Customers {
				if shop.Cohort(c) != o.Cohort {
					continue
				}
				size++
				for _, order := range c.Orders {
					if shop.Period(order.Day) <= o.Cohort+p.Age {
						net += order.Amount - order.Refund
					}
				}
			}
			near(t, "value", p.Value, float64(net)/float64(size))
		}
	}
	if len(r.Mean) == 0 || r.Mean[0].Age != 0 {
		t.Errorf("%+v", r.Mean)
	}
}

func TestTheYearsCustomersAreCountedOnce(t *testing.T) {
	for seed := range uint64(10) {
		shop := shoptest.Random(seed, dataset.Month, 200)
		f := clv.Compute(shop.Aggregates(), shop.Calendar, clv.Options{}).Formula
		if f == nil {
			continue
		}
		last := shop.Period(shop.AsOf)
		if shop.Calendar.End(dataset.Month, last) > shop.AsOf {
			last--
		}
		var customers, orders int64
		for _, c := range shop.Customers {
			seen := false
			for _, o := range c.Orders {
				if p := shop.Period(o.Day); last-f.Periods < p && p <= last {
					orders, seen = orders+1, true
				}
			}
			if seen {
				customers++
			}
		}
		if f.Customers != customers || f.Orders != orders {
			t.Errorf("%d customers and %d orders, want %d and %d", f.Customers, f.Orders, customers, orders)
		}
		if !(f.GrossLow <= f.Gross && f.Gross <= f.GrossHigh && f.NetLow <= f.Net && f.Net <= f.NetHigh) {
			t.Errorf("%+v", f)
		}
	}
}

func TestChannelsAddUp(t *testing.T) {
	shop := shoptest.Random(4, dataset.Month, 300)
	a := shop.Aggregates()
	p := shop.Period(shop.First())
	a.Acquisition = []dataset.AcquisitionRow{
		{Channel: "", Period: p, Spend: 9000, NewCustomers: 9}, {Channel: "channel-1", Period: p, Spend: 9000, NewCustomers: 3},
	}
	r := clv.Compute(a, shop.Calendar, clv.Options{})
	var customers, net int64
	for i, c := range r.Channels {
		customers, net = customers+c.Customers, net+c.Net
		if i > 0 && c.Customers > r.Channels[i-1].Customers {
			t.Error("not by size")
		}
		if c.CACKnown != (c.Dim == "channel-1") {
			t.Errorf("%+v", c)
		}
		if c.CACKnown {
			near(t, "ratio", c.Ratio, c.PerHead/3000)
		}
	}
	if len(r.Channels) != 3 || customers != a.Totals.Customers || net != a.Totals.Net {
		t.Errorf("%+v", r.Channels)
	}
}

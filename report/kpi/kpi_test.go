package kpi_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"parcours/report/dataset"
	"parcours/report/kpi"
	"parcours/report/measure/shoptest"
)

func grains() []dataset.Grain { return []dataset.Grain{dataset.Week, dataset.Month, dataset.Quarter} }

func TestPeriodsFollowFromTheOrders(t *testing.T) {
	for seed := range uint64(6) {
		for _, grain := range grains() {
			shop := shoptest.Random(seed, grain, 150)
			table := kpi.Compute(shop.Aggregates(), shop.Calendar)
			for i, p := range table.Periods {
				if i > 0 && p.Period != table.Periods[i-1].Period+1 {
					t.Fatal("periods have a gap")
				}
				want := naive(shop, p.Period)
				want.State = p.State
				if p != want {
					t.Fatalf("seed %d %s: %+v, want %+v", seed, grain, p, want)
				}
			}
			if last := table.Periods[len(table.Periods)-1]; last.Period != shop.Period(shop.AsOf) {
				t.Fatal("the last period is not that of as-of")
			}
		}
	}
}

func naive(shop shoptest.Shop, period int32) kpi.Period {
	p := kpi.Period{Period: period}
	for _, c := range shop.Customers {
		fresh, seen := shop.Cohort(c) == period, false
		net := int64(0)
		for _, o := range c.Orders {
			if shop.Period(o.Day) == period {
				seen = true
				p.Orders++
				p.Gross += o.Amount
				net += o.Amount
			}
			if o.RefundDay != 0 && shop.Period(o.RefundDay) == period {
				p.Refunds += o.Refund
				net -= o.Refund
			}
		}
		p.Net += net
		if seen {
			p.Customers++
		}
		if fresh {
			p.New++
			p.NewNet += net
		}
	}
	p.Returning = p.Customers - p.New
	return p
}

func bundle(asOf dataset.Day, rows ...dataset.PeriodRow) *dataset.Aggregates {
	a := &dataset.Aggregates{Periods: rows}
	a.Manifest = dataset.Manifest{Grain: dataset.Month, AsOf: asOf, First: dataset.CivilDay(2025, 1, 1)}
	for _, r := range rows {
		a.Totals.Orders += r.Orders
	}
	return a
}

func month(y, m int) int32 { return int32(y*12 + m - 1) }

func TestThePartialPeriodIsNeverTheCurrentOne(t *testing.T) {
	a := bundle(dataset.CivilDay(2025, 3, 30), dataset.PeriodRow{Period: month(2025, 1), Orders: 10, Customers: 5})
	table := kpi.Compute(a, dataset.Calendar{})
	if len(table.Periods) != 3 || table.Current != 1 || table.Periods[2].State != dataset.Partial {
		t.Errorf("%+v", table)
	}
	a.Manifest.AsOf++
	if table = kpi.Compute(a, dataset.Calendar{}); table.Current != 2 {
		t.Error("a period is complete on its last day")
	}
}

func TestNoOrdersGiveNoPeriods(t *testing.T) {
	table := kpi.Compute(&dataset.Aggregates{}, dataset.Calendar{})
	if len(table.Periods) != 0 || table.Current != -1 {
		t.Errorf("%+v", table)
	}
	if _, ok := table.Last(); ok {
		t.Error("a last period of nothing")
	}
}

func TestAFirstPeriodCutShortIsNotCompared(t *testing.T) {
	a := bundle(dataset.CivilDay(2025, 2, 28),
		dataset.PeriodRow{Period: month(2025, 1), Orders: 300, Customers: 200},
		dataset.PeriodRow{Period: month(2025, 2), Orders: 600, Customers: 300})
	if _, ok := kpi.Compute(a, dataset.Calendar{}).Previous(); !ok {
		t.Error("data from the first day of the month can be compared")
	}
	a.Manifest.First = dataset.CivilDay(2025, 1, 15)
	if _, ok := kpi.Compute(a, dataset.Calendar{}).Previous(); ok {
		t.Error("data from the middle of the month cannot")
	}
	a.Periods[0].Orders = 2
	if _, ok := kpi.Compute(a, dataset.Calendar{}).Previous(); !ok {
		t.Error("two orders say nothing about the days before")
	}
	// Two orders on one day do: the days of January after as-of are not days without orders.
	a.Manifest.AsOf = a.Manifest.First
	if !kpi.Compute(a, dataset.Calendar{}).FirstCut {
		t.Error("two orders a day leave fourteen days empty by chance")
	}
}

func TestYearAgoIsTheSameSeason(t *testing.T) {
	var rows []dataset.PeriodRow
	for i := range int32(14) {
		rows = append(rows, dataset.PeriodRow{Period: month(2025, 1) + i, Orders: int64(100 + i), Customers: 1})
	}
	table := kpi.Compute(bundle(dataset.CivilDay(2026, 2, 28), rows...), dataset.Calendar{})
	if p, ok := table.YearAgo(); !ok || p.Period != month(2025, 2) {
		t.Errorf("%+v %v", p, ok)
	}
	if p, ok := table.Previous(); !ok || p.Period != month(2026, 1) {
		t.Errorf("%+v %v", p, ok)
	}
}

func TestDecompositionAddsUpExactly(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		a, b := period(r), period(r)
		d := kpi.Decompose(a, b)
		if d.Customers+d.Frequency+d.Basket+d.Refunds != d.Total || d.Total != b.Net-a.Net {
			t.Fatalf("%+v", d)
		}
		back := kpi.Decompose(b, a)
		for _, pair := range [][2]int64{{d.Customers, back.Customers}, {d.Frequency, back.Frequency}, {d.Basket, back.Basket}} {
			if sum := pair[0] + pair[1]; sum < -2 || sum > 2 {
				t.Fatalf("not symmetric: %+v and %+v", d, back)
			}
		}
	}
}

func period(r *rand.Rand) kpi.Period {
	p := kpi.Period{Customers: r.Int64N(1000)}
	if p.Customers > 0 {
		p.Orders = p.Customers + r.Int64N(1000)
		p.Gross = r.Int64N(1e9)
	}
	p.Refunds = r.Int64N(1e6)
	p.Net = p.Gross - p.Refunds
	return p
}

func TestTiesBetweenRemaindersGoToTheFirst(t *testing.T) {
	// The parts are −50538 8/9, −31585 5/9 and −145155 5/9: floating point tells the last two fractions apart.
	d := kpi.Decompose(kpi.Period{Customers: 4, Orders: 6, Gross: 227_320}, kpi.Period{Customers: 2, Orders: 2, Gross: 40})
	if d.Customers != -50_539 || d.Frequency != -31_585 || d.Basket != -145_156 {
		t.Errorf("%+v", d)
	}
}

func TestDecompositionNamesTheOnlyFactorThatMoved(t *testing.T) {
	a := kpi.Period{Customers: 100, Orders: 200, Gross: 10000, Net: 10000}
	for _, c := range []struct {
		name                                  string
		b                                     kpi.Period
		customers, frequency, basket, refunds int64
	}{
		{"customers", kpi.Period{Customers: 150, Orders: 300, Gross: 15000, Net: 15000}, 5000, 0, 0, 0},
		{"frequency", kpi.Period{Customers: 100, Orders: 300, Gross: 15000, Net: 15000}, 0, 5000, 0, 0},
		{"basket", kpi.Period{Customers: 100, Orders: 200, Gross: 15000, Net: 15000}, 0, 0, 5000, 0},
		{"refunds", kpi.Period{Customers: 100, Orders: 200, Gross: 10000, Refunds: 700, Net: 9300}, 0, 0, 0, -700},
		{"nothing left", kpi.Period{}, -10000, 0, 0, 0},
	} {
		d := kpi.Decompose(a, c.b)
		if d.Customers != c.customers || d.Frequency != c.frequency || d.Basket != c.basket || d.Refunds != c.refunds {
			t.Errorf("%s: %+v", c.name, d)
		}
	}
}

func TestRepeatRatesFollowFromTheOrders(t *testing.T) {
	for seed := range uint64(8) {
		shop := shoptest.Random(seed, dataset.Month, 200)
		for _, r := range kpi.RepeatRates(shop.Aggregates()) {
			naive, eligible, repeated := plain(shop, r.Days)
			if r.Eligible != eligible || r.Repeated != repeated || r.Naive != naive {
				t.Fatalf("%+v, want %d of %d, naive %v", r, repeated, eligible, naive)
			}
			want, ok := productLimit(shop, r.Days)
			if ok != r.OK || ok && math.Abs(r.Rate-want) > 1e-12 {
				t.Fatalf("day %d: %v %v, want %v %v", r.Days, r.Rate, r.OK, want, ok)
			}
			if ok && (r.Low > r.Rate || r.Rate > r.High || r.Rate < naive-1e-12) {
				t.Fatalf("%+v", r)
			}
		}
	}
}

func plain(shop shoptest.Shop, days int32) (naive float64, eligible, repeated int64) {
	all := 0
	for _, c := range shop.Customers {
		again := len(c.Orders) > 1 && c.Orders[1].Day-c.Orders[0].Day <= days
		if again {
			all++
		}
		if shop.AsOf-c.Orders[0].Day >= days {
			eligible++
			if again {
				repeated++
			}
		}
	}
	return float64(all) / float64(len(shop.Customers)), eligible, repeated
}

// productLimit walks day by day over the customers themselves.
func productLimit(shop shoptest.Shop, days int32) (float64, bool) {
	s := 1.0
	for day := int32(0); day <= days; day++ {
		atRisk, events := 0, 0
		for _, c := range shop.Customers {
			again := len(c.Orders) > 1
			end := shop.AsOf - c.Orders[0].Day
			if again {
				end = c.Orders[1].Day - c.Orders[0].Day
			}
			if end >= day {
				atRisk++
			}
			if again && end == day {
				events++
			}
		}
		if atRisk == 0 {
			return 1 - s, s == 0
		}
		s *= 1 - float64(events)/float64(atRisk)
	}
	return 1 - s, true
}

func TestRhythmIsOfObservedGaps(t *testing.T) {
	a := &dataset.Aggregates{Gaps: []dataset.GapRow{{Days: 0, Count: 1}, {Days: 10, Count: 5}, {Days: 45, Count: 4}}}
	r := kpi.MeasureRhythm(a)
	if r.Gaps != 10 || r.P50 != 10 || r.P80 != 45 || r.P95 != 45 || r.MedianToSecondKnown {
		t.Errorf("%+v", r)
	}
	// The 80 % rank of four is 2.4, so 10 + 0.4 × 10 days: exactly 14, and a little more in floating point.
	a.Gaps = []dataset.GapRow{{Days: 10, Count: 3}, {Days: 20, Count: 1}}
	if r := kpi.MeasureRhythm(a); r.P50 != 10 || r.P80 != 14 || r.P90 != 17 || r.P95 != 19 {
		t.Errorf("%+v", r) // 10 + 7 and 10 + 8.5
	}
	if r := kpi.MeasureRhythm(&dataset.Aggregates{}); r != (kpi.Rhythm{}) {
		t.Errorf("%+v", r)
	}
}

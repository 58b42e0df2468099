package cohort_test

import (
	"math"
	"testing"

	"parcours/report/cohort"
	"parcours/report/dataset"
	"parcours/report/measure/shoptest"
)

func month(y, m int) int32 { return int32(y*12 + m - 1) }

// retail is the Online Retail data of the UCI repository as published: cohorts from 2010-12, sizes and customers
// active a month later, rule A (cancellations count as activity), with the whole first two rows.
func retail() *dataset.Aggregates {
	sizes := []int64{948, 421, 380, 440, 299, 279, 235, 191, 167, 298, 352, 321, 41}
	next := []int64{362, 101, 94, 84, 68, 66, 49, 40, 42, 89, 93, 43}
	rows := [][]int64{
		{948, 362, 317, 367, 341, 376, 360, 336, 336, 374, 354, 474, 260},
		{421, 101, 119, 102, 138, 126, 110, 108, 131, 146, 155, 63},
	}
	a := &dataset.Aggregates{Manifest: dataset.Manifest{
		Grain: dataset.Month, First: dataset.CivilDay(2010, 12, 1), AsOf: dataset.CivilDay(2011, 12, 9),
	}}
	for i, size := range sizes {
		c := month(2010, 12) + int32(i)
		a.Cohorts = append(a.Cohorts, dataset.CohortRow{Cohort: c, Age: dataset.SizeAge, Active: size})
		row := []int64{size}
		if i < len(next) {
			row = append(row, next[i])
		}
		if i < len(rows) {
			row = rows[i]
		}
		for age, n := range row {
			a.Cohorts = append(a.Cohorts, dataset.CohortRow{Cohort: c, Age: int32(age), Active: n, Orders: n, Net: 100 * n})
		}
	}
	// On or after, first cohort: 948 820 804 791 …, so 128 were last seen at age 0, 16 at 1, 13 at 2.
	for age, n := range []int64{128, 16, 13, 791} {
		a.LastSeen = append(a.LastSeen, dataset.LastSeenRow{Cohort: month(2010, 12), Age: int32(age), Customers: n})
	}
	return a
}

func compute(a *dataset.Aggregates, mode cohort.Mode) cohort.Table {
	return cohort.Compute(a, dataset.Calendar{}, mode, "", cohort.Options{})
}

func TestTheMeanRowIsWeightedOverCompleteCells(t *testing.T) {
	table := compute(retail(), cohort.On)
	m, ok := table.At(1)
	if !ok || math.Abs(m.Rate-.271322) > 5e-7 {
		t.Errorf("mean at age 1 = %v, want .271322", m.Rate)
	}
	if m.Cohorts != 11 || m.Customers != 4010 || m.Active != 1088 {
		t.Errorf("%+v: the twelfth cohort is partial at age 1", m)
	}
	if m.Low >= m.Rate || m.High <= m.Rate {
		t.Errorf("interval %v…%v", m.Low, m.High)
	}
	if m, _ := table.At(0); m.Rate != 1 || m.Cohorts != 12 {
		t.Errorf("age 0: %+v", m)
	}
}

func TestTheFirstCohortOfAnExportIsMarked(t *testing.T) {
	table := compute(retail(), cohort.On)
	for i, c := range table.Cohorts {
		if c.Truncated != (i == 0) {
			t.Errorf("cohort %d: truncated %v", i, c.Truncated)
		}
	}
	without := cohort.Compute(retail(), dataset.Calendar{}, cohort.On, "", cohort.Options{ExcludeTruncated: true})
	if m, _ := without.At(1); m.Cohorts != 10 || m.Customers != 4010-948 {
		t.Errorf("%+v", m)
	}
	a := retail()
	a.Cohorts = append([]dataset.CohortRow{
		{Cohort: month(2010, 11), Age: dataset.SizeAge, Active: 4}, {Cohort: month(2010, 11), Age: 1, Active: 1},
	}, a.Cohorts...)
	for _, c := range compute(a, cohort.On).Cohorts {
		if c.Truncated {
			t.Error("sign-ups before the first order show that the history reaches back")
		}
	}
}

func TestCellsAreCompletePartialOrFuture(t *testing.T) {
	a := retail()
	for _, c := range []struct {
		asOf         dataset.Day
		first, later dataset.State // cohort 2010-12 at ages 11 and 12
	}{
		{dataset.CivilDay(2011, 11, 29), dataset.Partial, ""},
		{dataset.CivilDay(2011, 11, 30), dataset.Complete, ""},
		{dataset.CivilDay(2011, 12, 1), dataset.Complete, dataset.Partial},
		{dataset.CivilDay(2011, 12, 30), dataset.Complete, dataset.Partial},
		{dataset.CivilDay(2011, 12, 31), dataset.Complete, dataset.Complete},
	} {
		a.Manifest.AsOf = c.asOf
		for _, mode := range []cohort.Mode{cohort.On, cohort.OnOrAfter} {
			cells := compute(a, mode).Cohorts[0].Cells
			if cells[11].State != c.first {
				t.Errorf("%s as of %s: %s", mode, dataset.FormatDay(c.asOf), cells[11].State)
			}
			if c.later == "" && len(cells) != 12 || c.later != "" && cells[12].State != c.later {
				t.Errorf("%s as of %s: %d cells", mode, dataset.FormatDay(c.asOf), len(cells))
			}
		}
	}
}

func TestTheTriangleIsFilledWithFutureCells(t *testing.T) {
	table := compute(retail(), cohort.On)
	for i, c := range table.Cohorts {
		if len(c.Cells) != 13 {
			t.Fatalf("cohort %d has %d cells", i, len(c.Cells))
		}
		for age, cell := range c.Cells {
			want := dataset.Complete
			switch {
			case i+age == 12:
				want = dataset.Partial
			case i+age > 12:
				want = dataset.Future
			}
			if cell.State != want {
				t.Errorf("cohort %d age %d: %s, want %s", i, age, cell.State, want)
			}
			if cell.State == dataset.Future && (cell.Active != 0 || cell.High != 0) {
				t.Error("a future cell has a value")
			}
		}
	}
}

func TestOnOrAfterCountsThoseLastSeenLater(t *testing.T) {
	cells := compute(retail(), cohort.OnOrAfter).Cohorts[0].Cells
	for age, want := range []int64{948, 820, 804, 791} {
		if cells[age].Active != want {
			t.Errorf("age %d: %d, want %d", age, cells[age].Active, want)
		}
	}
}

func TestWindowsAreCompleteOnceTheyEndedForEveryone(t *testing.T) {
	// First cohort of the retail data, rule B, windows of 30 days: 885 326 310 338.
	a := &dataset.Aggregates{Manifest: dataset.Manifest{
		Grain: dataset.Month, First: dataset.CivilDay(2010, 12, 1), AsOf: dataset.CivilDay(2011, 3, 31), Window: []int32{30},
	}}
	a.Cohorts = []dataset.CohortRow{{Cohort: month(2010, 12), Age: dataset.SizeAge, Active: 885}}
	for w, r := range []dataset.WindowRow{
		{Active: 885, Complete: 885}, {Active: 326, Complete: 885}, {Active: 310, Complete: 885}, {Active: 338, Complete: 400},
	} {
		r.Cohort, r.Window = month(2010, 12), int32(w)
		a.Windows = append(a.Windows, r)
	}
	table := compute(a, cohort.Window)
	cells := table.Cohorts[0].Cells
	for w, want := range []int64{885, 326, 310, 338} {
		if cells[w].Active != want {
			t.Errorf("window %d: %d, want %d", w, cells[w].Active, want)
		}
	}
	for w, want := range []dataset.State{dataset.Complete, dataset.Complete, dataset.Complete, dataset.Partial} {
		if cells[w].State != want {
			t.Errorf("window %d: %s, want %s", w, cells[w].State, want)
		}
	}
	if len(table.Mean) != 3 {
		t.Errorf("%d means", len(table.Mean))
	}
}

func TestAWindowIsUnknownUntilItHasBegunForSomebody(t *testing.T) {
	// The one customer of January came on the 20th: on 18 February the second window begins tomorrow.
	jan := month(2025, 1)
	a := &dataset.Aggregates{Manifest: dataset.Manifest{
		Grain: dataset.Month, First: dataset.CivilDay(2024, 12, 1), AsOf: dataset.CivilDay(2025, 2, 18), Window: []int32{30},
	}}
	a.Cohorts = []dataset.CohortRow{
		{Cohort: jan - 1, Age: dataset.SizeAge, Active: 1}, {Cohort: jan, Age: dataset.SizeAge, Active: 1},
	}
	a.Windows = []dataset.WindowRow{
		{Cohort: jan - 1, Window: 0, Active: 1, Complete: 1, ActiveComplete: 1},
		{Cohort: jan - 1, Window: 1, Complete: 1},
		{Cohort: jan - 1, Window: 2},
		{Cohort: jan, Window: 0, Active: 1, Complete: 1, ActiveComplete: 1},
	}
	rows := compute(a, cohort.Window).Cohorts
	for i, want := range [][]dataset.State{
		{dataset.Complete, dataset.Complete, dataset.Partial}, {dataset.Complete, dataset.Future, dataset.Future},
	} {
		for w, cell := range rows[i].Cells {
			if cell.State != want[w] {
				t.Errorf("cohort %d window %d: %s, want %s", i, w, cell.State, want[w])
			}
		}
	}
}

func TestCohortsOfNobodyAreLeftOutAndThoseNobodyCameBackToCount(t *testing.T) {
	a := &dataset.Aggregates{Manifest: dataset.Manifest{
		Grain: dataset.Month, First: dataset.CivilDay(2025, 1, 1), AsOf: dataset.CivilDay(2025, 4, 30),
	}}
	jan := month(2025, 1)
	a.Cohorts = []dataset.CohortRow{
		{Cohort: jan, Age: dataset.SizeAge, Active: 100},
		{Cohort: jan, Age: 0, Active: 100},
		{Cohort: jan, Age: 1, Active: 50},
		{Cohort: jan + 1, Age: dataset.SizeAge, Active: 0},
		{Cohort: jan + 2, Age: dataset.SizeAge, Active: 20},
		{Cohort: jan + 2, Age: 0, Active: 20},
	}
	table := compute(a, cohort.On)
	if len(table.Cohorts) != 2 || table.Cohorts[0].Cells[0].Small || !table.Cohorts[1].Cells[0].Small {
		t.Errorf("%+v", table.Cohorts)
	}
	if m, _ := table.At(1); m.Rate != 50./120 {
		t.Errorf("%+v", m)
	}
}

func TestTablesFollowFromTheOrders(t *testing.T) {
	for seed := range uint64(5) {
		for _, grain := range []dataset.Grain{dataset.Week, dataset.Month, dataset.Quarter} {
			shop := shoptest.Random(seed, grain, 120)
			a := shop.Aggregates()
			for _, dim := range []string{"", "channel-1"} {
				on := cohort.Compute(a, shop.Calendar, cohort.On, dim, cohort.Options{})
				after := cohort.Compute(a, shop.Calendar, cohort.OnOrAfter, dim, cohort.Options{})
				window := cohort.Compute(a, shop.Calendar, cohort.Window, dim, cohort.Options{})
				compareOn(t, shop, dim, on)
				compareAfter(t, shop, dim, after, on)
				compareWindow(t, shop, dim, window)
			}
		}
	}
}

func of(shop shoptest.Shop, dim string, period int32) (members []shoptest.Customer) {
	for _, c := range shop.Customers {
		if shop.Cohort(c) == period && (dim == "" || c.Channel == dim) {
			members = append(members, c)
		}
	}
	return members
}

func compareOn(t *testing.T, shop shoptest.Shop, dim string, table cohort.Table) {
	t.Helper()
	var customers, net int64
	for _, row := range table.Cohorts {
		members := of(shop, dim, row.Cohort)
		customers += row.Size
		cumulative := int64(0)
		for age, cell := range row.Cells {
			var active, orders, value int64
			for _, c := range members {
				seen := false
				for _, o := range c.Orders {
					if shop.Period(o.Day) == row.Cohort+int32(age) {
						orders, value, seen = orders+1, value+o.Amount-o.Refund, true
					}
				}
				if seen {
					active++
				}
			}
			cumulative += value
			if cell.State == dataset.Future {
				continue
			}
			if cell.Active != active || cell.Orders != orders || cell.Net != value || cell.CumulativeNet != cumulative {
				t.Fatalf("cohort %d age %d: %+v", row.Cohort, age, cell)
			}
		}
		if row.Cells[0].Rate != 1 || row.Size != int64(len(members)) {
			t.Fatalf("cohort %d: %+v", row.Cohort, row.Cells[0])
		}
		net += row.Total.Net
	}
	if dim != "" {
		return
	}
	totals := shop.Aggregates().Totals
	if customers != totals.Customers || net != totals.Net {
		t.Fatalf("cohorts hold %d customers and %d, not %d and %d", customers, net, totals.Customers, totals.Net)
	}
}

func compareAfter(t *testing.T, shop shoptest.Shop, dim string, table, on cohort.Table) {
	t.Helper()
	for i, row := range table.Cohorts {
		before := row.Size
		for age, cell := range row.Cells {
			if cell.State == dataset.Future {
				continue
			}
			active := int64(0)
			for _, c := range of(shop, dim, row.Cohort) {
				if shop.Period(c.Orders[len(c.Orders)-1].Day)-row.Cohort >= int32(age) {
					active++
				}
			}
			if cell.Active != active || active > before || active < on.Cohorts[i].Cells[age].Active {
				t.Fatalf("cohort %d age %d: %+v, want %d", row.Cohort, age, cell, active)
			}
			before = active
		}
	}
}

func compareWindow(t *testing.T, shop shoptest.Shop, dim string, table cohort.Table) {
	t.Helper()
	for _, row := range table.Cohorts {
		members := of(shop, dim, row.Cohort)
		for w, cell := range row.Cells {
			var active, begun, ended int64
			for _, c := range members {
				start := c.Orders[0].Day + int32(w)*30
				if start <= shop.AsOf {
					begun++
				}
				if start+29 <= shop.AsOf {
					ended++
				}
				for _, o := range c.Orders {
					if start <= o.Day && o.Day < start+30 {
						active++
						break
					}
				}
			}
			if cell.Active != active {
				t.Fatalf("cohort %d window %d: %+v, want %d", row.Cohort, w, cell, active)
			}
			complete := ended == row.Size
			if complete != (cell.State == dataset.Complete) || (begun == 0) != (cell.State == dataset.Future) {
				t.Fatalf("cohort %d window %d: %s, %d of %d begun, %d ended", row.Cohort, w, cell.State, begun, row.Size, ended)
			}
		}
	}
}

func TestAnEarlierAsOfLeavesCompleteCellsAlone(t *testing.T) {
	shop := shoptest.Random(11, dataset.Month, 150)
	late := cohort.Compute(shop.Aggregates(), shop.Calendar, cohort.On, "", cohort.Options{})
	early := shop
	early.AsOf -= 100
	early.Customers = nil
	for _, c := range shop.Customers {
		var kept []shoptest.Order
		for _, o := range c.Orders {
			if o.Day <= early.AsOf {
				kept = append(kept, o)
			}
		}
		if kept != nil {
			early.Customers = append(early.Customers, shoptest.Customer{Channel: c.Channel, Orders: kept})
		}
	}
	table := cohort.Compute(early.Aggregates(), shop.Calendar, cohort.On, "", cohort.Options{})
	for i, row := range table.Cohorts {
		for age, cell := range row.Cells {
			if cell.State == dataset.Complete && cell.Active != late.Cohorts[i].Cells[age].Active {
				t.Errorf("cohort %d age %d changed", row.Cohort, age)
			}
		}
	}
}

func TestRevenueRetentionIndexesAgeZero(t *testing.T) {
	table := compute(retail(), cohort.On)
	m, _ := table.At(1)
	if !m.NetRateKnown || math.Abs(m.NetRate-m.Rate) > 1e-12 {
		t.Errorf("every customer is worth the same here: %v, %v", m.NetRate, m.Rate)
	}
	if math.Abs(m.CumulativeNet-100*(1+m.Rate)) > 1e-9 {
		t.Errorf("cumulative %v", m.CumulativeNet)
	}
}

func TestRetainedAsksForTimeAfterTheAge(t *testing.T) {
	table := compute(retail(), cohort.OnOrAfter)
	m, truncated, ok := table.Retained(1, 2)
	if !ok || truncated || m.Cohorts != 9 {
		t.Errorf("%+v %v %v", m, truncated, ok)
	}
	m, truncated, ok = table.Retained(9, 2)
	if !ok || !truncated || m.Customers != 948 {
		t.Errorf("%+v %v %v", m, truncated, ok)
	}
	if _, _, ok := table.Retained(10, 2); ok {
		t.Error("age 12 is partial")
	}
}

func TestLatestIsTheMostRecentCompleteCohort(t *testing.T) {
	c, ok := compute(retail(), cohort.On).Latest(1)
	if !ok || c.Cohort != month(2011, 10) || c.Cells[1].Active != 93 {
		t.Errorf("%+v", c)
	}
}

func TestNoOrdersGiveAnEmptyTable(t *testing.T) {
	for _, mode := range []cohort.Mode{cohort.On, cohort.OnOrAfter, cohort.Window} {
		if table := compute(&dataset.Aggregates{}, mode); len(table.Cohorts) != 0 || table.Mean != nil {
			t.Errorf("%+v", table)
		}
	}
}

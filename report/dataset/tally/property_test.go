package tally_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"parcours/report/dataset"
	"parcours/report/dataset/datasettest"
	"parcours/report/dataset/tally"
)

const shops = 60

// each runs a property on random shops.
func each(t *testing.T, property func(t *testing.T, c datasettest.Case, a *dataset.Aggregates)) {
	t.Helper()
	for seed := range uint64(shops) {
		c := datasettest.Random(1_000_000 + seed)
		property(t, c, ask(t, c, seed))
		if t.Failed() {
			t.Fatalf("in the shop of seed %d: %+v", 1_000_000+seed, c.Request)
		}
	}
}

func ask(t *testing.T, c datasettest.Case, seed uint64) *dataset.Aggregates {
	t.Helper()
	a, _, err := memory{c.Rows, rand.New(rand.NewPCG(seed, 5))}.Aggregate(t.Context(), c.Request)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// with returns the case with other orders.
func with(c datasettest.Case, orders []dataset.Row) datasettest.Case {
	rows := map[string][]dataset.Row{}
	for name, r := range c.Rows {
		rows[name] = r
	}
	rows["orders"] = orders
	c.Rows = rows
	return c
}

func change(rows []dataset.Row, f func(dataset.Row)) []dataset.Row {
	var out []dataset.Row
	for _, r := range rows {
		copied := dataset.Row{}
		for k, v := range r {
			copied[k] = v
		}
		f(copied)
		out = append(out, copied)
	}
	return out
}

func total[R any](rows []R, value func(R) int64) int64 {
	var sum int64
	for _, r := range rows {
		sum += value(r)
	}
	return sum
}

func equal(t *testing.T, what string, got, want int64) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %d, want %d", what, got, want)
	}
}

func TestRowOrderAndBatchesLeaveNoTrace(t *testing.T) {
	each(t, func(t *testing.T, c datasettest.Case, a *dataset.Aggregates) {
		for seed := range uint64(3) {
			if b := ask(t, c, 77+seed); !reflect.DeepEqual(a, b) {
				t.Error(datasettest.Diff(b, a))
			}
		}
	})
}

func TestTablesAddUp(t *testing.T) {
	each(t, func(t *testing.T, _ datasettest.Case, a *dataset.Aggregates) {
		tot := a.Totals
		var net, orders, size int64
		for _, r := range a.Cohorts {
			switch {
			case r.Dim != "":
			case r.Age == dataset.SizeAge:
				size += r.Active
			default:
				net += r.Net
				orders += r.Orders
			}
		}
		equal(t, "Σ cohort sizes", size, tot.Customers)
		equal(t, "Σ cohort orders", orders, tot.Orders)
		equal(t, "Σ cohort net", net, tot.Net+tot.OrphanRefunds)
		equal(t, "Gross − Refunds", tot.Gross-tot.Refunds, tot.Net)
		equal(t, "Σ RFM customers", total(a.RFM, func(r dataset.RFMRow) int64 { return r.Customers }), tot.Customers)
		equal(t, "Σ RFM orders", total(a.RFM, func(r dataset.RFMRow) int64 { return r.Orders }), tot.Orders)
		equal(t, "Σ RFM net", total(a.RFM, func(r dataset.RFMRow) int64 { return r.Net }), tot.Net+tot.OrphanRefunds)
		for _, h := range [][]dataset.HistogramRow{a.Recency, a.Frequency, a.Monetary} {
			equal(t, "Σ histogram", total(h, func(r dataset.HistogramRow) int64 { return r.Customers }), tot.Customers)
		}
		equal(t, "Σ gaps", total(a.Gaps, func(r dataset.GapRow) int64 { return r.Count }), tot.Orders-tot.Customers)
		var periods dataset.PeriodRow
		for _, r := range a.Periods {
			if r.Dim == "" {
				periods.Orders += r.Orders
				periods.NewCustomers += r.NewCustomers
				periods.Gross += r.Gross
				periods.Refunds += r.Refunds
				periods.Net += r.Net
			}
		}
		equal(t, "Σ period orders", periods.Orders, tot.Orders)
		equal(t, "Σ new customers", periods.NewCustomers, tot.Customers)
		equal(t, "Σ period gross", periods.Gross, tot.Gross)
		equal(t, "Σ period refunds", periods.Refunds, tot.Refunds)
		equal(t, "Σ period net", periods.Net, tot.Net)
	})
}

// TestValuesOfTheDimensionAddUp adds every number of the rows of a value to zero against the rows of all.
func TestValuesOfTheDimensionAddUp(t *testing.T) {
	each(t, func(t *testing.T, c datasettest.Case, a *dataset.Aggregates) {
		if c.Request.Dimension == "" {
			return
		}
		v := reflect.ValueOf(*a)
		for _, table := range []string{"Periods", "Cohorts", "Windows", "LastSeen", "Second", "Repeat"} {
			rows, sums := v.FieldByName(table), map[string]int64{}
			for i := range rows.Len() {
				row := rows.Index(i)
				sign := int64(1)
				if row.FieldByName("Dim").String() == "" {
					sign = -1
				}
				key := ""
				for f := range row.NumField() {
					if k := row.Field(f).Kind(); k == reflect.Int32 || k == reflect.Bool {
						key += "," + fmt.Sprint(row.Field(f))
					}
				}
				for f := range row.NumField() {
					if row.Field(f).Kind() == reflect.Int64 {
						sums[row.Type().Field(f).Name+key] += sign * row.Field(f).Int()
					}
				}
			}
			for key, sum := range sums {
				if sum != 0 {
					t.Errorf("%s: %s of the values differs by %d from all", table, key, sum)
				}
			}
		}
	})
}

func TestRetentionModesAgree(t *testing.T) {
	each(t, func(t *testing.T, c datasettest.Case, a *dataset.Aggregates) {
		type cell struct {
			dim    string
			cohort int32
		}
		size, since := map[cell]int64{}, map[cell]map[int32]int64{}
		for _, r := range a.LastSeen {
			at := cell{r.Dim, r.Cohort}
			size[at] += r.Customers
			if since[at] == nil {
				since[at] = map[int32]int64{}
			}
			for age := range r.Age + 1 {
				since[at][age] += r.Customers
			}
		}
		for _, r := range a.Cohorts {
			at := cell{r.Dim, r.Cohort}
			switch {
			case r.Age == dataset.SizeAge:
				equal(t, "size by last seen", size[at], r.Active)
			case r.Active > since[at][r.Age]:
				t.Errorf("%+v: more customers active than seen then or later (%d)", r, since[at][r.Age])
			case r.Age == 0 && c.Request.Cohort != dataset.BySignUp:
				equal(t, "active at age 0", r.Active, size[at])
			}
		}
		for _, r := range a.Windows {
			if r.Window == 0 {
				equal(t, "active in window 0", r.Active, size[cell{r.Dim, r.Cohort}])
			}
			if r.ActiveComplete > min(r.Active, r.Complete) {
				t.Errorf("%+v: too many complete", r)
			}
		}
		for _, r := range a.Repeat {
			equal(t, "customers of a repeat row", r.Customers, size[cell{r.Dim, r.Cohort}])
			if r.Repeated > min(r.Eligible, r.RepeatedAll) {
				t.Errorf("%+v: too many repeated", r)
			}
		}
	})
}

// TestActivityFlows checks the identities of the lifecycle: active(p) = new + returning + resurrected, and
// active(p) = active(p−1) − dormant(p) + new + resurrected.
func TestActivityFlows(t *testing.T) {
	each(t, func(t *testing.T, _ datasettest.Case, a *dataset.Aggregates) {
		active, fresh, returning, resurrected, stayed := map[int32]int64{}, map[int32]int64{}, map[int32]int64{}, map[int32]int64{}, map[int32]int64{}
		for _, r := range a.Activity {
			active[r.Period] += r.Customers
			if r.First {
				fresh[r.Period] += r.Customers
			}
			switch {
			case r.Gap == 1:
				returning[r.Period+1] += r.Customers
				stayed[r.Period] += r.Customers
			case r.Gap > 1:
				resurrected[r.Period+r.Gap] += r.Customers
			}
		}
		for _, r := range a.Periods {
			if p := r.Period; r.Dim == "" {
				equal(t, "active", active[p], r.Customers)
				equal(t, "new", fresh[p], r.NewCustomers)
				equal(t, "new + returning + resurrected", fresh[p]+returning[p]+resurrected[p], active[p])
				dormant := active[p-1] - stayed[p-1]
				equal(t, "flow", active[p-1]-dormant+fresh[p]+resurrected[p], active[p])
			}
		}
	})
}

func TestEarlierAsOfKeepsCompleteCells(t *testing.T) {
	each(t, func(t *testing.T, c datasettest.Case, late *dataset.Aggregates) {
		asOf := late.Manifest.AsOf - 70
		c.Request.AsOf = &asOf
		early := ask(t, c, 9)
		cal, grain := c.Request.Calendar, late.Manifest.Grain
		complete := func(period int32) bool { return cal.StateOf(grain, period, asOf) == dataset.Complete }
		cohorts := func(a *dataset.Aggregates) map[[2]int32][2]int64 {
			out := map[[2]int32][2]int64{}
			for _, r := range a.Cohorts {
				if r.Dim == "" && r.Age >= 0 && complete(r.Cohort+r.Age) && r.Orders > 0 {
					out[[2]int32{r.Cohort, r.Age}] = [2]int64{r.Active, r.Orders}
				}
			}
			return out
		}
		if e, l := cohorts(early), cohorts(late); !reflect.DeepEqual(e, l) {
			t.Errorf("cohorts: got %v, want %v", e, l)
		}
		periods := func(a *dataset.Aggregates) map[int32][4]int64 {
			out := map[int32][4]int64{}
			for _, r := range a.Periods {
				if r.Dim == "" && complete(r.Period) && r.Orders > 0 {
					out[r.Period] = [4]int64{r.Orders, r.Customers, r.NewCustomers}
				}
			}
			return out
		}
		if e, l := periods(early), periods(late); !reflect.DeepEqual(e, l) {
			t.Errorf("periods: got %v, want %v", e, l)
		}
	})
}

func TestLaterAsOfChangesStatesOnly(t *testing.T) {
	each(t, func(t *testing.T, c datasettest.Case, a *dataset.Aggregates) {
		last := latest(c)
		c.Request.AsOf = &last
		full := ask(t, c, 1)
		later := last + 100
		c.Request.AsOf = &later
		b := ask(t, c, 2)
		for _, x := range []struct {
			name string
			a, b any
		}{
			{"Totals", full.Totals, b.Totals},
			{"Periods", full.Periods, b.Periods},
			{"Cohorts", full.Cohorts, b.Cohorts},
			{"LastSeen", full.LastSeen, b.LastSeen},
			{"Gaps", full.Gaps, b.Gaps},
			{"Activity", full.Activity, b.Activity},
			{"Frequency", full.Frequency, b.Frequency},
			{"Scores", full.Scores, b.Scores},
			{"Steps", full.Steps, b.Steps},
		} {
			if !reflect.DeepEqual(x.a, x.b) {
				t.Errorf("%s changed from %+v to %+v", x.name, x.a, x.b)
			}
		}
	})
}

// latest returns the last day of anything in a case.
func latest(c datasettest.Case) dataset.Day {
	last := dataset.Day(0)
	for _, rows := range c.Rows {
		for _, r := range rows {
			for _, role := range []string{"time", "sign_up", "first_reply"} {
				if at, ok := r[role].(time.Time); ok {
					last = max(last, c.Request.Calendar.DayOf(at))
				}
			}
		}
	}
	return last
}

func TestScalingAmountsScalesMoneyOnly(t *testing.T) {
	const k = 7
	each(t, func(t *testing.T, c datasettest.Case, a *dataset.Aggregates) {
		b := ask(t, with(c, change(c.Rows["orders"], func(r dataset.Row) {
			for _, role := range []string{"amount", "refund"} {
				if n, ok := r[role].(int64); ok {
					r[role] = k * n
				}
			}
		})), 3)
		equal(t, "net", b.Totals.Net, k*a.Totals.Net)
		equal(t, "orphans", b.Totals.OrphanRefunds, k*a.Totals.OrphanRefunds)
		equal(t, "unidentified", b.Totals.UnidentifiedNet, k*a.Totals.UnidentifiedNet)
		for i := range a.RFM {
			a.RFM[i].Net *= k
		}
		for i := range a.Cohorts {
			a.Cohorts[i].Net *= k
		}
		if !reflect.DeepEqual(a.RFM, b.RFM) {
			t.Errorf("RFM: got %v, want %v", b.RFM, a.RFM)
		}
		if !reflect.DeepEqual(a.Cohorts, b.Cohorts) {
			t.Errorf("Cohorts: got %v, want %v", b.Cohorts, a.Cohorts)
		}
		if !reflect.DeepEqual(a.Second, b.Second) || !reflect.DeepEqual(a.Activity, b.Activity) || !reflect.DeepEqual(a.Recency, b.Recency) {
			t.Error("times changed with amounts")
		}
	})
}

func TestRefundsAreNoActivity(t *testing.T) {
	each(t, func(t *testing.T, c datasettest.Case, _ *dataset.Aggregates) {
		last := latest(c)
		c.Request.AsOf = &last
		c.Request.Tables.Orders.Negative = dataset.NegativeRefund
		before := ask(t, c, 1)
		rows := slices.Clone(c.Rows["orders"])
		rows = append(rows, change(rows[:len(rows)/2], func(r dataset.Row) {
			r["amount"], r["order"], r["refund"], r["status"] = int64(-100), nil, nil, nil
		})...)
		after := ask(t, with(c, rows), 2)
		strip := func(a *dataset.Aggregates) any {
			return []any{a.Totals.Customers, a.Totals.Orders, a.Totals.Gross, a.LastSeen, a.Windows, a.Second, a.Repeat, a.Gaps, a.Activity, a.Recency, a.Frequency}
		}
		if b, w := strip(after), strip(before); !reflect.DeepEqual(b, w) {
			t.Errorf("got %+v, want %+v", b, w)
		}
	})
}

func TestRefundsAfterAsOfAreIgnored(t *testing.T) {
	each(t, func(t *testing.T, c datasettest.Case, _ *dataset.Aggregates) {
		last := latest(c)
		c.Request.AsOf = &last
		before := ask(t, c, 1)
		rows := slices.Clone(c.Rows["orders"])
		rows = append(rows, change(rows[:len(rows)/3], func(r dataset.Row) {
			r["amount"], r["time"] = int64(-100), dataset.DayTime(last+3)
		})...)
		after := ask(t, with(c, rows), 2)
		after.Totals.RowsRead, after.Quality = before.Totals.RowsRead, before.Quality
		if !reflect.DeepEqual(before, after) {
			t.Error(datasettest.Diff(after, before))
		}
	})
}

// TestHalvesOfTheCustomersAddUp is the promise that lets engines work in parallel.
func TestHalvesOfTheCustomersAddUp(t *testing.T) {
	each(t, func(t *testing.T, c datasettest.Case, _ *dataset.Aggregates) {
		last := latest(c)
		c.Request.AsOf, c.Request.Dimension = &last, ""
		whole := ask(t, c, 1)
		half := func(which int) *dataset.Aggregates {
			var rows []dataset.Row
			for _, r := range c.Rows["orders"] {
				if tally.KeyOf([]byte(text(r, "customer"))).Share(2) == which {
					rows = append(rows, r)
				}
			}
			return ask(t, with(c, rows), 2)
		}
		a, b := half(0), half(1)
		sum := func(x *dataset.Aggregates) map[[2]int32][3]int64 {
			out := map[[2]int32][3]int64{}
			for _, r := range x.Cohorts {
				out[[2]int32{r.Cohort, r.Age}] = [3]int64{r.Active, r.Orders, r.Net}
			}
			return out
		}
		added := sum(a)
		for k, v := range sum(b) {
			w := added[k]
			added[k] = [3]int64{v[0] + w[0], v[1] + w[1], v[2] + w[2]}
		}
		if want := sum(whole); !reflect.DeepEqual(added, want) {
			t.Errorf("got %v, want %v", added, want)
		}
	})
}

package shoptest

import (
	"cmp"
	"slices"

	"parcours/report/dataset"
)

type key struct {
	dim  string
	a, b int32
	flag bool
}

type tables struct {
	periods  map[key]*dataset.PeriodRow
	cohorts  map[key]*dataset.CohortRow
	windows  map[key]*dataset.WindowRow
	lastSeen map[key]*dataset.LastSeenRow
	second   map[key]*dataset.SecondRow
	repeat   map[key]*dataset.RepeatRow
	gaps     map[key]*dataset.GapRow
	activity map[key]*dataset.ActivityRow
}

func newTables() *tables {
	return &tables{
		map[key]*dataset.PeriodRow{},
		map[key]*dataset.CohortRow{},
		map[key]*dataset.WindowRow{},
		map[key]*dataset.LastSeenRow{},
		map[key]*dataset.SecondRow{},
		map[key]*dataset.RepeatRow{},
		map[key]*dataset.GapRow{},
		map[key]*dataset.ActivityRow{},
	}
}

func row[V any](m map[key]*V, k key, zero V) *V {
	if m[k] == nil {
		m[k] = &zero
	}
	return m[k]
}

func (s Shop) periods(t *tables, dim string, c Customer) {
	at := func(d dataset.Day) *dataset.PeriodRow {
		p := s.Period(d)
		return row(t.periods, key{dim: dim, a: p}, dataset.PeriodRow{Dim: dim, Period: p})
	}
	first := s.Cohort(c)
	for _, o := range c.Orders {
		p := at(o.Day)
		p.Orders++
		p.Gross += o.Amount
		p.Net += o.Amount
		if p.Period == first {
			p.NewNet += o.Amount
		}
		if o.RefundDay != 0 {
			back := at(o.RefundDay)
			back.Refunds += o.Refund
			back.Net -= o.Refund
			if back.Period == first {
				back.NewNet -= o.Refund
			}
		}
	}
	for _, p := range s.ActivePeriods(c) {
		t.periods[key{dim: dim, a: p}].Customers++
	}
	t.periods[key{dim: dim, a: first}].NewCustomers++
}

func (s Shop) cohorts(t *tables, dim string, c Customer) {
	cohort := s.Cohort(c)
	at := func(age int32) *dataset.CohortRow {
		return row(t.cohorts, key{dim: dim, a: cohort, b: age}, dataset.CohortRow{Dim: dim, Cohort: cohort, Age: age})
	}
	at(dataset.SizeAge).Active++
	for _, o := range c.Orders {
		r := at(s.Period(o.Day) - cohort)
		r.Orders++
		r.Net += o.Amount - o.Refund
	}
	active := s.ActivePeriods(c)
	for _, p := range active {
		at(p-cohort).Active++
	}
	last := active[len(active)-1] - cohort
	row(t.lastSeen, key{dim: dim, a: cohort, b: last},
		dataset.LastSeenRow{Dim: dim, Cohort: cohort, Age: last}).Customers++
}

// Width of the simulated windows, in days.
const width = 30

func (s Shop) windows(t *tables, dim string, c Customer) {
	cohort, first := s.Cohort(c), c.Orders[0].Day
	active := map[int32]bool{}
	for _, o := range c.Orders {
		active[(o.Day-first)/width] = true
	}
	for w := int32(0); first+w*width <= s.AsOf; w++ {
		r := row(t.windows, key{dim: dim, a: cohort, b: w}, dataset.WindowRow{Dim: dim, Cohort: cohort, Window: w})
		complete := first+(w+1)*width-1 <= s.AsOf
		if active[w] {
			r.Active++
		}
		if complete {
			r.Complete++
		}
		if active[w] && complete {
			r.ActiveComplete++
		}
	}
}

func (s Shop) second(t *tables, dim string, c Customer) {
	cohort, first := s.Cohort(c), c.Orders[0].Day
	follow, censored := s.AsOf-first, true
	if len(c.Orders) > 1 {
		follow, censored = c.Orders[1].Day-first, false
	}
	row(t.second, key{dim: dim, a: cohort, b: follow, flag: censored},
		dataset.SecondRow{Dim: dim, Cohort: cohort, Days: follow, Censored: censored}).Customers++
	for _, days := range dataset.RepeatDays {
		r := row(t.repeat, key{dim: dim, a: cohort, b: days}, dataset.RepeatRow{Dim: dim, Cohort: cohort, Days: days})
		r.Customers++
		repeated := !censored && follow <= days
		if repeated {
			r.RepeatedAll++
		}
		if s.AsOf-first >= days {
			r.Eligible++
			if repeated {
				r.Repeated++
			}
		}
	}
}

func (s Shop) rhythm(t *tables, c Customer) {
	for i := 1; i < len(c.Orders); i++ {
		d := c.Orders[i].Day - c.Orders[i-1].Day
		row(t.gaps, key{a: d}, dataset.GapRow{Days: d}).Count++
	}
	active := s.ActivePeriods(c)
	for i, p := range active {
		gap := int32(0)
		if i+1 < len(active) {
			gap = active[i+1] - p
		}
		row(t.activity, key{a: p, b: gap, flag: i == 0},
			dataset.ActivityRow{Period: p, First: i == 0, Gap: gap}).Customers++
	}
}

func (t *tables) fill(a *dataset.Aggregates) {
	c := cmp.Compare[int32]
	a.Periods = sorted(t.periods, func(x, y dataset.PeriodRow) int {
		return by(cmp.Compare(x.Dim, y.Dim), c(x.Period, y.Period))
	})
	a.Cohorts = sorted(t.cohorts, func(x, y dataset.CohortRow) int {
		return by(cmp.Compare(x.Dim, y.Dim), c(x.Cohort, y.Cohort), c(x.Age, y.Age))
	})
	a.Windows = sorted(t.windows, func(x, y dataset.WindowRow) int {
		return by(cmp.Compare(x.Dim, y.Dim), c(x.Cohort, y.Cohort), c(x.Window, y.Window))
	})
	a.LastSeen = sorted(t.lastSeen, func(x, y dataset.LastSeenRow) int {
		return by(cmp.Compare(x.Dim, y.Dim), c(x.Cohort, y.Cohort), c(x.Age, y.Age))
	})
	a.Second = sorted(t.second, func(x, y dataset.SecondRow) int {
		return by(cmp.Compare(x.Dim, y.Dim), c(x.Cohort, y.Cohort), falseFirst(x.Censored, y.Censored), c(x.Days, y.Days))
	})
	a.Repeat = sorted(t.repeat, func(x, y dataset.RepeatRow) int {
		return by(cmp.Compare(x.Dim, y.Dim), c(x.Cohort, y.Cohort), c(x.Days, y.Days))
	})
	a.Gaps = sorted(t.gaps, func(x, y dataset.GapRow) int { return c(x.Days, y.Days) })
	a.Activity = sorted(t.activity, func(x, y dataset.ActivityRow) int {
		return by(c(x.Period, y.Period), falseFirst(x.First, y.First), c(x.Gap, y.Gap))
	})
}

func falseFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// scores fills recency, frequency and the R × F × M table.
func (s Shop) scores(a *dataset.Aggregates) {
	var r, f, m []float64
	for _, c := range s.Customers {
		x, y, z := s.RFM(c)
		r, f, m = append(r, x), append(f, y), append(m, z)
	}
	a.Edges = dataset.RFMEdges{Recency: edges(r), Frequency: edges(f), Monetary: edges(m)}
	recency, frequency := map[int64]int64{}, map[int64]int64{}
	cells := map[[3]int8]*dataset.RFMRow{}
	for i, c := range s.Customers {
		recency[int64(r[i])]++
		frequency[int64(f[i])]++
		k := [3]int8{6 - score(a.Edges.Recency, r[i]), score(a.Edges.Frequency, f[i]), score(a.Edges.Monetary, m[i])}
		if cells[k] == nil {
			cells[k] = &dataset.RFMRow{R: k[0], F: k[1], M: k[2]}
		}
		cells[k].Customers++
		cells[k].Orders += int64(len(c.Orders))
		cells[k].Net += int64(m[i])
	}
	a.Recency, a.Frequency = histogram(recency), histogram(frequency)
	a.RFM = sorted(cells, func(x, y dataset.RFMRow) int {
		return by(cmp.Compare(x.R, y.R), cmp.Compare(x.F, y.F), cmp.Compare(x.M, y.M))
	})
}

// RFM returns a customer's recency in days, number of orders and net.
func (s Shop) RFM(c Customer) (r, f, m float64) {
	for _, o := range c.Orders {
		m += float64(o.Amount - o.Refund)
	}
	return float64(s.AsOf - c.Orders[len(c.Orders)-1].Day), float64(len(c.Orders)), m
}

// score is 1 + the number of edges below a value.
func score(edges [4]float64, v float64) int8 {
	n := int8(1)
	for _, e := range edges {
		if e < v {
			n++
		}
	}
	return n
}

// edges are the type-7 quantiles of whole numbers, divided once.
func edges(v []float64) (e [4]float64) {
	v = slices.Clone(v)
	slices.Sort(v)
	for i := range e {
		position := (len(v) - 1) * (i + 1)
		k, rest := position/5, float64(position%5)
		e[i] = (5*v[k] + rest*(v[min(k+1, len(v)-1)]-v[k])) / 5
	}
	return e
}

func histogram(m map[int64]int64) []dataset.HistogramRow {
	var h []dataset.HistogramRow
	for v, n := range m {
		h = append(h, dataset.HistogramRow{Value: v, Customers: n})
	}
	slices.SortFunc(h, func(a, b dataset.HistogramRow) int { return cmp.Compare(a.Value, b.Value) })
	return h
}

package dataset

import (
	"math/big"
	"slices"
	"sort"
)

func (r *reference) manifest() Manifest {
	first := r.asOf
	for _, p := range r.people {
		if p.ordered() {
			first = min(first, p.orders[0].day)
		}
	}
	return Manifest{
		Schema: SchemaVersion, AsOf: r.asOf, AsOfGiven: r.req.AsOf != nil, First: first, Grain: r.req.Grain,
		Zone: r.req.Calendar.Location().String(), Currency: r.req.Currency, Digits: r.req.Digits,
		Cohort: r.req.Cohort, Dimension: r.req.Dimension, Window: r.req.Window, Negative: r.req.Negative(),
		Tables: r.req.Tables.Given(),
	}
}

func (r *reference) totals(read int) Totals {
	t := Totals{RowsRead: int64(read)}
	for _, row := range r.tables["orders"] {
		isSale, sale, refund := r.saleAndRefund(row)
		if !row.has("customer") {
			t.UnidentifiedRows++
			t.UnidentifiedNet += sale - refund
			continue
		}
		t.RowsUsed++
		t.Gross += sale
		t.Refunds += refund
		if isSale {
			t.Items += row.int("quantity")
		}
	}
	t.Net = t.Gross - t.Refunds
	for _, p := range r.people {
		if p.ordered() {
			t.Customers++
		}
		t.Orders += int64(len(p.orders))
		for _, f := range p.refunds {
			if f.worthDay == nil {
				t.OrphanRefunds += f.amount
			}
		}
	}
	if r.req.Tables.Customers != nil {
		set := map[string]bool{}
		for _, row := range r.tables["customers"] {
			set[row.text("customer")] = true
		}
		t.SignUps = int64(len(set))
	}
	return t
}

func (r *reference) periods(dim string, people []*person) []PeriodRow {
	rows := map[int32]*PeriodRow{}
	at := func(p int32) *PeriodRow {
		if rows[p] == nil {
			rows[p] = &PeriodRow{Dim: dim, Period: p}
		}
		return rows[p]
	}
	for _, p := range people {
		active := map[int32]bool{}
		for _, o := range p.orders {
			row := at(r.period(o.day))
			row.Orders++
			row.Gross += o.gross
			row.Net += o.gross
			active[r.period(o.day)] = true
			if r.period(o.day) == p.first {
				row.NewNet += o.gross
			}
		}
		for _, f := range p.refunds {
			row := at(r.period(f.day))
			row.Refunds += f.amount
			row.Net -= f.amount
			if p.ordered() && r.period(f.day) == p.first {
				row.NewNet -= f.amount
			}
		}
		for period := range active {
			at(period).Customers++
		}
		if p.ordered() {
			at(p.first).NewCustomers++
		}
	}
	return sorted(rows)
}

// sorted returns the rows of a map in the order of its keys.
func sorted[V any](rows map[int32]*V) []V {
	out := []V{}
	for _, k := range sortedKeys(rows) {
		out = append(out, *rows[k])
	}
	return out
}

func sortedKeys[V any](m map[int32]V) []int32 {
	var keys []int32
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (r *reference) cohorts(people []*person) []int32 {
	set := map[int32]bool{}
	for _, p := range people {
		if p.ordered() {
			set[p.cohort] = true
		}
	}
	return sortedKeys(set)
}

func (r *reference) cohortRows(dim string, cohort int32, members []*person) []CohortRow {
	rows := map[int32]*CohortRow{SizeAge: {Dim: dim, Cohort: cohort, Age: SizeAge, Active: int64(len(members))}}
	at := func(d Day) *CohortRow {
		age := r.period(d) - cohort
		if rows[age] == nil {
			rows[age] = &CohortRow{Dim: dim, Cohort: cohort, Age: age}
		}
		return rows[age]
	}
	for _, p := range members {
		active := map[*CohortRow]bool{}
		for _, o := range p.orders {
			row := at(o.day)
			row.Orders++
			row.Net += o.gross
			active[row] = true
		}
		for row := range active {
			row.Active++
		}
		for _, f := range p.refunds {
			if f.worthDay != nil {
				at(*f.worthDay).Net -= f.amount
			}
		}
	}
	return sorted(rows)
}

// windowRows goes through the windows one by one, as long as one has begun for somebody.
func (r *reference) windowRows(dim string, cohort int32, members []*person) []WindowRow {
	out := []WindowRow{}
	for w, start := int32(0), int32(0); ; w++ {
		width := r.req.Window[min(int(w), len(r.req.Window)-1)]
		row := WindowRow{Dim: dim, Cohort: cohort, Window: w}
		begun := false
		for _, p := range members {
			first := p.orders[0].day
			begun = begun || first+start <= r.asOf
			complete := first+start+width-1 <= r.asOf
			active := slices.ContainsFunc(p.orders, func(o purchase) bool {
				return o.day-first >= start && o.day-first < start+width
			})
			if complete {
				row.Complete++
			}
			if active {
				row.Active++
			}
			if active && complete {
				row.ActiveComplete++
			}
		}
		if !begun {
			return out
		}
		out = append(out, row)
		start += width
	}
}

func (r *reference) lastSeenRows(dim string, cohort int32, members []*person) []LastSeenRow {
	rows := map[int32]*LastSeenRow{}
	for _, p := range members {
		age := r.period(p.orders[len(p.orders)-1].day) - cohort
		if rows[age] == nil {
			rows[age] = &LastSeenRow{Dim: dim, Cohort: cohort, Age: age}
		}
		rows[age].Customers++
	}
	return sorted(rows)
}

func (r *reference) secondRows(dim string, cohort int32, members []*person) []SecondRow {
	var out []SecondRow
	for _, censored := range []bool{false, true} {
		rows := map[int32]*SecondRow{}
		for _, p := range members {
			if (len(p.orders) == 1) != censored {
				continue
			}
			days := r.asOf - p.orders[0].day
			if !censored {
				days = p.orders[1].day - p.orders[0].day
			}
			if rows[days] == nil {
				rows[days] = &SecondRow{Dim: dim, Cohort: cohort, Censored: censored, Days: days}
			}
			rows[days].Customers++
		}
		out = append(out, sorted(rows)...)
	}
	return out
}

func (r *reference) repeatRows(dim string, cohort int32, members []*person) []RepeatRow {
	var out []RepeatRow
	for _, days := range []int32{30, 60, 90, 180, 365} {
		again := keep(members, func(p *person) bool {
			return len(p.orders) > 1 && p.orders[1].day-p.orders[0].day <= days
		})
		eligible := func(p *person) bool { return r.asOf-p.orders[0].day >= days }
		out = append(out, RepeatRow{
			Dim: dim, Cohort: cohort, Days: days, Customers: int64(len(members)),
			Eligible: int64(len(keep(members, eligible))), Repeated: int64(len(keep(again, eligible))),
			RepeatedAll: int64(len(again)),
		})
	}
	return out
}

// distributions fills the tables over all customers.
func (r *reference) distributions(a *Aggregates) {
	customers := keep(r.people, (*person).ordered)
	gaps := map[int64]int64{}
	recency, frequency, monetary := map[int64]int64{}, map[int64]int64{}, map[int64]int64{}
	activity := map[ActivityRow]int64{}
	values := map[*person][3]int64{}
	for _, p := range customers {
		last := p.orders[len(p.orders)-1]
		v := [3]int64{int64(r.asOf - last.day), int64(len(p.orders)), worth(p)}
		values[p] = v
		recency[v[0]]++
		frequency[v[1]]++
		monetary[MonetaryBin(v[2])]++
		for i := range p.orders[1:] {
			gaps[int64(p.orders[i+1].day-p.orders[i].day)]++
		}
		r.countActivity(activity, p)
	}
	for _, h := range histogramOf(gaps) {
		a.Gaps = append(a.Gaps, GapRow{Days: int32(h.Value), Count: h.Customers})
	}
	a.Recency, a.Frequency, a.Monetary = histogramOf(recency), histogramOf(frequency), histogramOf(monetary)
	for row, n := range activity {
		row.Customers = n
		a.Activity = append(a.Activity, row)
	}
	sort.Slice(a.Activity, func(i, j int) bool {
		x, y := a.Activity[i], a.Activity[j]
		if x.Period != y.Period {
			return x.Period < y.Period
		}
		if x.First != y.First {
			return y.First
		}
		return x.Gap < y.Gap
	})
	r.rfm(a, customers, values)
}

func worth(p *person) int64 {
	var net int64
	for _, o := range p.orders {
		net += o.gross
	}
	for _, f := range p.refunds {
		if f.worthDay != nil {
			net -= f.amount
		}
	}
	return net
}

func (r *reference) countActivity(activity map[ActivityRow]int64, p *person) {
	active := map[int32]bool{}
	for _, o := range p.orders {
		active[r.period(o.day)] = true
	}
	for period := range active {
		row := ActivityRow{Period: period, First: period == p.first}
		for later := range active {
			if gap := later - period; gap > 0 && (row.Gap == 0 || gap < row.Gap) {
				row.Gap = gap
			}
		}
		activity[row]++
	}
}

func histogramOf(counts map[int64]int64) []HistogramRow {
	out := []HistogramRow{}
	for v, n := range counts {
		out = append(out, HistogramRow{v, n})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Value < out[j].Value })
	return out
}

// quantile is the type-7 quantile at k/5, in exact arithmetic.
func quantile(values []int64, k int) *big.Rat {
	if len(values) == 0 {
		return new(big.Rat)
	}
	v := slices.Clone(values)
	slices.Sort(v)
	h := big.NewRat(int64((len(v)-1)*k), 5)
	floor := new(big.Int).Div(h.Num(), h.Denom())
	lo := int(floor.Int64())
	hi := min(lo+1, len(v)-1)
	rest := new(big.Rat).Sub(h, new(big.Rat).SetInt(floor))
	step := new(big.Rat).Mul(rest, new(big.Rat).SetInt64(v[hi]-v[lo]))
	return step.Add(step, new(big.Rat).SetInt64(v[lo]))
}

func (r *reference) rfm(a *Aggregates, customers []*person, values map[*person][3]int64) {
	var edges [3][4]*big.Rat
	for which := range edges {
		var all []int64
		for _, p := range customers {
			all = append(all, values[p][which])
		}
		for k := range 4 {
			edges[which][k] = quantile(all, k+1)
			f, _ := edges[which][k].Float64()
			[]*[4]float64{&a.Edges.Recency, &a.Edges.Frequency, &a.Edges.Monetary}[which][k] = f
		}
	}
	cube := map[[3]int8]*RFMRow{}
	for _, p := range customers {
		v := values[p]
		k := [3]int8{5 - below(edges[0], v[0]), 1 + below(edges[1], v[1]), 1 + below(edges[2], v[2])}
		p.scores = k
		if cube[k] == nil {
			cube[k] = &RFMRow{R: k[0], F: k[1], M: k[2]}
		}
		cube[k].Customers++
		cube[k].Orders += v[1]
		cube[k].Net += v[2]
	}
	for _, row := range cube {
		a.RFM = append(a.RFM, *row)
	}
	sort.Slice(a.RFM, func(i, j int) bool {
		x, y := a.RFM[i], a.RFM[j]
		return slices.Compare([]int8{x.R, x.F, x.M}, []int8{y.R, y.F, y.M}) < 0
	})
}

// below counts the edges below x.
func below(edges [4]*big.Rat, x int64) int8 {
	n := int8(0)
	for _, e := range edges {
		if e.Cmp(new(big.Rat).SetInt64(x)) < 0 {
			n++
		}
	}
	return n
}

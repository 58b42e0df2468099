package dataset

import (
	"math"
	"math/big"
	"slices"
	"sort"
)

// buyer is a customer with the days on which they bought and what was bought on them.
type buyer struct {
	*person
	days   []Day         // ascending
	values map[Day]int64 // before negative ones count as 0
}

// purchaseTables fills the tables of purchases.go and what Totals and Manifest say of them. The scores are known.
func (r *reference) purchaseTables(a *Aggregates) {
	var buyers []*buyer
	for _, p := range r.people {
		b := r.buyer(p)
		switch {
		case len(b.days) > 0:
			buyers = append(buyers, b)
		case p.ordered():
			a.Totals.CancelledCustomers++
			a.Totals.CancelledNet += worth(p)
		}
		for _, v := range b.values {
			if v <= 0 {
				a.Totals.EmptyPurchases++
			}
		}
	}
	end := r.calibrationEnd(a.Manifest.First)
	a.Manifest.Calibration, a.Manifest.CalibrationGiven = end, r.req.Calibration != nil
	early := keep(buyers, func(b *buyer) bool { return end != NoCalibration && b.days[0] <= end })
	for _, width := range []int32{1, 7, 28, 91, 364} {
		a.Manifest.Resolution = width
		a.Cells = r.cellRows("", buyers, width)
		a.Calibration = r.calibrationRows(early, end, width)
		if len(a.Cells) <= r.req.MaxCells && len(a.Calibration) <= r.req.MaxCells {
			break
		}
	}
	for _, dim := range r.dims() {
		if dim != "" {
			mine := keep(buyers, func(b *buyer) bool { return r.dimOf(b.person) == dim })
			a.Cells = append(a.Cells, r.cellRows(dim, mine, a.Manifest.Resolution)...)
		}
	}
	a.Track = trackRows(early)
	if end == NoCalibration {
		a.Track = trackRows(buyers)
	}
	a.Spend, a.EarlySpend = spendRows(buyers, r.asOf), spendRows(early, end)
	a.Discrete = r.discreteRows(buyers)
}

// calibrationEnd returns the day asked for if the data begin by then and go on after it, else the one chosen.
func (r *reference) calibrationEnd(first Day) Day {
	switch asked := r.req.Calibration; {
	case asked == nil:
		return CalibrationEnd(first, r.asOf)
	case first <= *asked && *asked < r.asOf:
		return *asked
	}
	return NoCalibration
}

// buyer goes through the orders of a customer, each with what its rows sold and gave back.
func (r *reference) buyer(p *person) *buyer {
	type sold struct {
		day          Day
		sale, refund int64
	}
	orders := map[string][]Row{}
	var all []sold
	for _, row := range r.byCustomer[p.id] {
		switch isSale, sale, refund := r.saleAndRefund(row); {
		case row.has("order"):
			orders[row.text("order")] = append(orders[row.text("order")], row)
		case isSale:
			all = append(all, sold{r.day("orders", row), sale, refund})
		}
	}
	for _, rows := range orders {
		o := sold{day: math.MaxInt32}
		for _, row := range rows {
			isSale, sale, refund := r.saleAndRefund(row)
			if isSale {
				o.day = min(o.day, r.day("orders", row))
			}
			o.sale += sale
			o.refund += refund
		}
		if o.day != math.MaxInt32 {
			all = append(all, o)
		}
	}
	b := &buyer{person: p, values: map[Day]int64{}}
	for _, o := range all {
		if cancelled := o.sale > 0 && o.refund >= o.sale; !cancelled {
			b.values[o.day] += o.sale - o.refund
		}
	}
	b.days = sortedKeys(b.values)
	return b
}

// until returns the days of purchase up to an end.
func (b *buyer) until(end Day) []Day { return keep(b.days, func(d Day) bool { return d <= end }) }

// value adds up what was bought on some days.
func (b *buyer) value(days []Day) int64 {
	var sum int64
	for _, d := range days {
		sum += max(0, b.values[d])
	}
	return sum
}

// pace is Σ of the logarithms of the gaps between days, in units of LogUnit.
func pace(days []Day) int64 {
	var sum int64
	for i := range days[1:] {
		sum += billionths(int64(days[i+1] - days[i]))
	}
	return sum
}

func billionths(x int64) int64 { return int64(math.Round(float64(1e9 * math.Log(float64(x))))) }

// nearest is the multiple of width that is nearest to a number of days, the larger of two.
func nearest(days, width int32) int32 {
	below := days / width
	if days-below*width < (below+1)*width-days {
		return below
	}
	return below + 1
}

// gather adds customers up by key and returns the rows in the order of the numbers of their keys.
func gather[R any, K comparable](buyers []*buyer, key func(*buyer) K, row func(K) R, add func(*R, *buyer), order func(K) []int64) []R {
	groups := map[K]*R{}
	var keys []K
	for _, b := range buyers {
		k := key(b)
		if groups[k] == nil {
			fresh := row(k)
			groups[k] = &fresh
			keys = append(keys, k)
		}
		add(groups[k], b)
	}
	sort.Slice(keys, func(i, j int) bool { return slices.Compare(order(keys[i]), order(keys[j])) < 0 })
	out := []R{}
	for _, k := range keys {
		out = append(out, *groups[k])
	}
	return out
}

// numbers lists the values of a key for sorting.
func numbers[N int8 | int32](values ...N) []int64 {
	var out []int64
	for _, v := range values {
		out = append(out, int64(v))
	}
	return out
}

func (r *reference) cellRows(dim string, buyers []*buyer, width int32) []CellRow {
	type key struct {
		cohort, r, f, x, tx, t int32
	}
	return gather(buyers, func(b *buyer) key {
		first, last := b.days[0], b.days[len(b.days)-1]
		return key{
			b.cohort, int32(b.scores[0]), int32(b.scores[1]), int32(len(b.days) - 1),
			nearest(last-first, width), nearest(r.asOf-first, width),
		}
	}, func(k key) CellRow {
		return CellRow{Dim: dim, Cohort: k.cohort, R: int8(k.r), F: int8(k.f), X: k.x, TX: k.tx, T: k.t}
	}, func(row *CellRow, b *buyer) {
		first, last, again := b.days[0], b.days[len(b.days)-1], b.value(b.days[1:])
		row.Customers++
		row.SumTX += int64(last - first)
		row.SumT += int64(r.asOf - first)
		row.Net += worth(b.person)
		row.FirstSpend += b.value(b.days[:1])
		if again > 0 {
			row.Spenders++
			row.Spend += again
		}
		row.LogGaps += pace(b.days)
	}, func(k key) []int64 { return numbers(k.cohort, k.r, k.f, k.x, k.tx, k.t) })
}

func (r *reference) calibrationRows(buyers []*buyer, end Day, width int32) []CalibrationRow {
	type key struct{ x, tx, t, later int32 }
	return gather(buyers, func(b *buyer) key {
		days := b.until(end)
		first, last := days[0], days[len(days)-1]
		return key{
			int32(len(days) - 1), nearest(last-first, width), nearest(end-first, width),
			int32(len(b.days) - len(days)),
		}
	}, func(k key) CalibrationRow {
		return CalibrationRow{X: k.x, TX: k.tx, T: k.t, Later: k.later}
	}, func(row *CalibrationRow, b *buyer) {
		days := b.until(end)
		again := b.value(days[1:])
		row.Customers++
		row.SumTX += int64(days[len(days)-1] - days[0])
		row.SumT += int64(end - days[0])
		if again > 0 {
			row.Spenders++
			row.Spend += again
		}
		row.LogGaps += pace(days)
		row.LaterSpend += b.value(b.days[len(days):])
	}, func(k key) []int64 { return numbers(k.x, k.tx, k.t, k.later) })
}

func trackRows(buyers []*buyer) []TrackRow {
	rows := map[Day]*TrackRow{}
	for _, b := range buyers {
		for i, d := range b.days {
			if rows[d] == nil {
				rows[d] = &TrackRow{Day: d}
			}
			if i == 0 {
				rows[d].First++
			} else {
				rows[d].Repeat++
				rows[d].RepeatSpend += b.value([]Day{d})
			}
		}
	}
	return sorted(rows)
}

func spendRows(buyers []*buyer, end Day) []SpendRow {
	type key struct{ x, bin int32 }
	again := func(b *buyer) int64 { return b.value(b.until(end)[1:]) }
	spenders := keep(buyers, func(b *buyer) bool { return again(b) > 0 })
	squares := map[key]*big.Int{}
	of := func(b *buyer) key { return key{int32(len(b.until(end)) - 1), thresholdsUpTo(again(b)) - 1} }
	rows := gather(spenders, of, func(k key) SpendRow { return SpendRow{X: k.x, Bin: k.bin} }, func(row *SpendRow, b *buyer) {
		z := again(b)
		row.Customers++
		row.Sum += z
		row.LogSum += billionths(z)
		if squares[of(b)] == nil {
			squares[of(b)] = new(big.Int)
		}
		squares[of(b)].Add(squares[of(b)], new(big.Int).Mul(big.NewInt(z), big.NewInt(z)))
	}, func(k key) []int64 { return numbers(k.x, k.bin) })
	for i, row := range rows {
		high, low := new(big.Int).DivMod(squares[key{row.X, row.Bin}], new(big.Int).Lsh(big.NewInt(1), 64), new(big.Int))
		rows[i].SquaresHigh, rows[i].SquaresLow = high.Uint64(), low.Uint64()
	}
	return rows
}

// thresholdsUpTo counts the powers 10^(b/20), b = 0, 1, …, that are not above a number: those with 10ᵇ ≤ number²⁰.
func thresholdsUpTo(number int64) int32 {
	power := new(big.Int).Exp(big.NewInt(number), big.NewInt(20), nil)
	n := int32(0)
	for ten := big.NewInt(1); ten.Cmp(power) <= 0; ten.Mul(ten, big.NewInt(10)) {
		n++
	}
	return n
}

// discreteRows looks at the periods after that of the first purchase one by one, as long as they are complete.
func (r *reference) discreteRows(buyers []*buyer) []DiscreteRow {
	type key struct{ x, tx, n int32 }
	return gather(buyers, func(b *buyer) key {
		active := map[int32]bool{}
		for _, d := range b.days {
			active[r.period(d)] = true
		}
		var k key
		first := r.period(b.days[0])
		for p := first + 1; r.req.Calendar.StateOf(r.req.Grain, p, r.asOf) == Complete; p++ {
			k.n++
			if active[p] {
				k.x++
				k.tx = p - first
			}
		}
		return k
	}, func(k key) DiscreteRow { return DiscreteRow{X: k.x, TX: k.tx, N: k.n} }, func(row *DiscreteRow, _ *buyer) {
		row.Customers++
	}, func(k key) []int64 { return numbers(k.x, k.tx, k.n) })
}

package clv

import (
	"cmp"
	"math"
	"slices"
)

// purchaseClasses are upper bounds of all purchases, the first included.
func purchaseClasses() []int32 { return []int32{1, 2, 3, 4, 6, 10} }

// matrix is the mean P(alive) and value by days since the last purchase and purchases.
func (o *outcome) matrix() Matrix {
	m := Matrix{Recency: recencyDays(), Purchases: purchaseClasses()}
	m.Cells = make([][]MatrixCell, len(m.Recency)+1)
	for i := range m.Cells {
		m.Cells[i] = make([]MatrixCell, len(m.Purchases)+1)
	}
	for i, c := range o.ledger.cells {
		bought := int32(min(c.X, math.MaxInt32-1)) + 1
		cell := &m.Cells[classOf(m.Recency, daysSince(c.History))][classOf(m.Purchases, bought)]
		d := o.details[i]
		cell.Customers += int64(c.N)
		cell.Alive += c.N * d.alive
		cell.Value += d.discounted * o.prices.of(c.X, c.N, o.ledger.spend[i])
	}
	for _, row := range m.Cells {
		for i := range row {
			if n := float64(row[i].Customers); n > 0 {
				row[i].Alive /= n
				row[i].Value /= n
			}
		}
	}
	return m
}

// worth is customers who are expected to bring the same each.
type worth struct{ customers, value float64 }

// worths are the customers by what they are expected to bring, the most first. Those of a cell and cohort share theirs:
// what each of them spent is known of their sum alone, so that the spread is somewhat larger than it looks.
func (o *outcome) worths() []worth {
	var all []worth
	for i, c := range o.ledger.cells {
		for _, e := range o.ledger.entries[o.ledger.start[i]:o.ledger.start[i+1]] {
			if int(e.group) < o.ledger.cohorts && e.n > 0 {
				all = append(all, worth{e.n, o.details[i].discounted * o.prices.of(c.X, e.n, e.spend) / e.n})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b worth) int { return cmp.Compare(b.value, a.value) })
	return all
}

// tops is the share of customers whose share of the equity is told.
const tops = .1

// distribution counts customers by value, and the share of the equity that the best tenth holds.
func (o *outcome) distribution() (bands []ValueBand, topShare float64) {
	all := o.worths()
	var customers, equity float64
	for _, w := range all {
		customers += w.customers
		equity += w.customers * w.value
	}
	left, top := tops*customers, 0.
	for _, w := range all {
		n := min(w.customers, left)
		top += n * w.value
		left -= n
	}
	if equity > 0 {
		topShare = top / equity
	}
	return spread(all, customers), topShare
}

// mostBands bounds the number of bands.
const mostBands = 9

// spread counts customers in bands whose bounds are 1, 2 or 5 times a power of ten, from what the lowest twentieth
// brings at most to what the highest fiftieth brings at least.
func spread(all []worth, customers float64) []ValueBand {
	if len(all) == 0 {
		return nil
	}
	bounds := roundBounds(quantile(all, customers, .95), quantile(all, customers, .02))
	bands := make([]ValueBand, 0, len(bounds)+1)
	from := 0.
	for _, b := range bounds {
		bands = append(bands, ValueBand{From: from, To: b})
		from = b
	}
	bands = append(bands, ValueBand{From: from})
	counts := make([]float64, len(bands))
	for _, w := range all {
		i, found := slices.BinarySearch(bounds, w.value)
		if found { // a band holds its lower bound
			i++
		}
		counts[i] += w.customers
		bands[i].Equity += w.customers * w.value
	}
	for i, n := range counts {
		bands[i].Customers = int64(math.Round(n))
	}
	return bands
}

// quantile is the value that a share of the customers brings at least.
func quantile(all []worth, customers, share float64) float64 {
	left := share * customers
	for _, w := range all {
		if left -= w.customers; left <= 0 {
			return w.value
		}
	}
	return all[len(all)-1].value
}

// roundBounds are ascending round amounts of at least one minor unit between low and high, at most mostBands − 1.
func roundBounds(low, high float64) []float64 {
	var bounds []float64
	low = max(low, high/1e4, 1)
	for power := math.Floor(math.Log10(low)); power <= 18; power++ {
		for _, digit := range []float64{1, 2, 5} {
			b := digit * math.Pow(10, power)
			if b < low {
				continue
			}
			if b > high && len(bounds) > 0 || b > max(high, low)*10 {
				return thinned(bounds)
			}
			bounds = append(bounds, b)
		}
	}
	return thinned(bounds)
}

// thinned leaves out the lowest bounds when there are too many.
func thinned(bounds []float64) []float64 {
	return bounds[max(0, len(bounds)-(mostBands-1)):]
}

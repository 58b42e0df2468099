package kpi

import (
	"cmp"
	"math"
	"slices"
)

// Decompose explains the change of net revenue between two periods.
//
// Gross is customers × frequency × basket. Each factor's part is its Shapley value: its effect averaged over the
// six orders in which the three factors can change, which leaves no residual and does not depend on an order of ours
// (Albrecht, François and Schoors, "A Shapley decomposition of carbon emissions without residuals", Energy Policy
// 30, 2002). For x·y·z it is Δx·((y₀z₀ + y₁z₁) ÷ 3 + (y₀z₁ + y₁z₀) ÷ 6). The parts are rounded to minor units by largest
// remainder, so that they still add up. Without orders in one of the periods there is no frequency or basket to
// compare, and all the change of gross is due to customers.
func Decompose(a, b Period) Decomposition {
	d := Decomposition{From: a, To: b, Total: b.Net - a.Net, Refunds: a.Refunds - b.Refunds}
	gross := b.Gross - a.Gross
	parts := [3]float64{float64(gross)}
	if a.Orders > 0 && b.Orders > 0 && a.Customers > 0 && b.Customers > 0 {
		parts = shapley(factors(a), factors(b))
	}
	whole := roundTo(parts, gross)
	d.Customers, d.Frequency, d.Basket = whole[0], whole[1], whole[2]
	return d
}

func factors(p Period) [3]float64 {
	frequency, _ := p.Frequency()
	basket, _ := p.AOV()
	return [3]float64{float64(p.Customers), frequency, basket}
}

func shapley(from, to [3]float64) (parts [3]float64) {
	for i := range parts {
		j, k := (i+1)%3, (i+2)%3
		parts[i] = (to[i] - from[i]) *
			((from[j]*from[k]+to[j]*to[k])/3 + (from[j]*to[k]+to[j]*from[k])/6)
	}
	return parts
}

// roundTo rounds parts to integers whose sum is total: each is rounded down, then the units still missing go to the
// largest remainders, ties to the first.
func roundTo(parts [3]float64, total int64) (whole [3]int64) {
	order := []int{0, 1, 2}
	missing := total
	var rest [3]float64
	for i, p := range parts {
		floor := math.Floor(p)
		whole[i], rest[i] = int64(floor), p-floor
		missing -= whole[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rest[b], rest[a]) })
	for i := 0; missing > 0; i++ {
		whole[order[i%3]]++
		missing--
	}
	for i := 2; missing < 0; i += 2 { // floating error only: take back from the smallest remainders
		whole[order[i%3]]--
		missing++
	}
	return whole
}

package kpi

import (
	"math/big"
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
	if a.Orders <= 0 || b.Orders <= 0 || a.Customers <= 0 || b.Customers <= 0 {
		d.Customers = gross
		return d
	}
	whole := roundTo(shapley(factors(a), factors(b)), gross)
	d.Customers, d.Frequency, d.Basket = whole[0], whole[1], whole[2]
	return d
}

// factors are customers, orders ÷ customers and gross ÷ orders. They are fractions: floating point would break the
// ties between remainders by chance.
func factors(p Period) [3]*big.Rat {
	return [3]*big.Rat{big.NewRat(p.Customers, 1), big.NewRat(p.Orders, p.Customers), big.NewRat(p.Gross, p.Orders)}
}

func shapley(from, to [3]*big.Rat) (parts [3]*big.Rat) {
	rat := func() *big.Rat { return new(big.Rat) }
	product := func(x, y *big.Rat) *big.Rat { return rat().Mul(x, y) }
	for i := range parts {
		j, k := (i+1)%3, (i+2)%3
		same := rat().Add(product(from[j], from[k]), product(to[j], to[k]))
		mixed := rat().Add(product(from[j], to[k]), product(from[k], to[j]))
		mean := rat().Add(product(same, big.NewRat(1, 3)), product(mixed, big.NewRat(1, 6)))
		parts[i] = mean.Mul(mean, rat().Sub(to[i], from[i]))
	}
	return parts
}

// roundTo rounds parts whose sum is total to integers with the same sum: each is rounded down, then the units still
// missing, fewer than there are parts, go to the largest remainders, ties to the first.
func roundTo(parts [3]*big.Rat, total int64) (whole [3]int64) {
	order := []int{0, 1, 2}
	missing := total
	var rest [3]*big.Rat
	for i, p := range parts {
		floor, _ := new(big.Int).DivMod(p.Num(), p.Denom(), new(big.Int)) // Euclidean: down, as the denominator is positive
		whole[i], rest[i] = floor.Int64(), new(big.Rat).Sub(p, new(big.Rat).SetInt(floor))
		missing -= whole[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return rest[b].Cmp(rest[a]) })
	for i := range missing {
		whole[order[i]]++
	}
	return whole
}

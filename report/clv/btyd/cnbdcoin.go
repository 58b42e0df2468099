package btyd

import (
	"math"

	"parcours/report/clv/special"
)

// coinNode is a node of the quadrature over the probability p to stop after a purchase, with θ = (1−p)^(1/k).
type coinNode struct {
	p, weight float64
	log, fall float64 // ln θ, 1 − θ
}

// sure is the logit of a p that may as well be 1, and minus it that of one that may as well be 0: no horizon has 10³⁰
// purchases.
const sure = 80

// coin is the quadrature over p ~ Beta(a, b) in its logit, where the logarithm of the density is concave.
func (c *count) coin() []coinNode {
	if c.coins != nil {
		return c.coins
	}
	log := func(v float64) float64 { return c.a*v - (c.a+c.b)*special.Softplus(v) }
	peak := math.Log(c.a / c.b)
	spread := math.Sqrt(1/c.a + 1/c.b)
	length, goal := min(2, 2*spread), log(peak)-fade
	edge := func(step float64) float64 {
		far := peak + step
		for log(far) > goal {
			step *= 2
			far += step
		}
		return far
	}
	from := min(max(-sure, bisect(edge(-1), peak, func(v float64) bool { return log(v) < goal })), sure)
	to := max(from, min(sure, bisect(peak, edge(1), func(v float64) bool { return log(v) > goal })))
	// What is left of the first node has p ≈ 0, what is right of the last p ≈ 1.
	top := max(log(from), log(to), log(min(max(peak, from), to)))
	below, above := math.Exp(log(from)-top)/c.a, math.Exp(log(to)-top)/c.b
	total := below + above
	c.coins = append(c.coins, coinNode{weight: below}, coinNode{1, above, -sure / float64(c.k), 1})
	panels := int(math.Ceil((to - from) / length))
	half := (to - from) / float64(2*panels)
	for i := range panels {
		for _, n := range legendre8 {
			v := from + half*(float64(2*i+1)+n[0])
			weight := half * n[1] * math.Exp(log(v)-top)
			stay := -special.Softplus(v) / float64(c.k) // ln θ
			c.coins = append(c.coins, coinNode{special.Logistic(v), weight, stay, -math.Expm1(stay)})
			total += weight
		}
	}
	for i := range c.coins {
		c.coins[i].weight /= total
	}
	return c.coins
}

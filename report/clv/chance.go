package clv

import (
	"math"

	"parcours/report/clv/btyd"
	"parcours/report/dataset"
)

// chance works out how far what customers will bring may lie from what is expected of them, given the parameters: each
// buys a number of times that follows its predictive law, and each purchase is worth something else.
type chance struct {
	fit      btyd.Fitted
	prices   prices
	horizons horizons
	scatter  map[int]float64 // by X: mean of (γ+z)² ÷ (γ + mean z)² between customers
	spread   float64         // squared coefficient of variation of a purchase's value, without Gamma-Gamma
}

// variances are of Σ purchases and of Σ discounted value; infinite when the spend model gives none.
type variances struct{ purchases, value float64 }

// newChance reads from the spend table what cells do not know: how much the customers with an X differ.
func newChance(f btyd.Fitted, v prices, h horizons, rows []dataset.SpendRow) chance {
	c := chance{fit: f, prices: v, horizons: h, scatter: map[int]float64{}}
	var last, n, sum, squares, all, mean, meanSquares float64
	flush := func() {
		if n > 0 && v.p > 0 {
			at := v.gamma + sum/n
			c.scatter[int(last)] = 1 + max(squares/n-square(sum/n), 0)/square(at)
		}
		n, sum, squares = 0, 0, 0
	}
	for _, r := range rows {
		x := float64(r.X)
		if x != last {
			flush()
			last = x
		}
		z2 := math.Ldexp(float64(r.SquaresHigh), 64) + float64(r.SquaresLow)
		n, sum, squares = n+float64(r.Customers), sum+float64(r.Sum), squares+z2
		all, mean, meanSquares = all+float64(r.Customers), mean+float64(r.Sum)/x, meanSquares+z2/(x*x)
	}
	flush()
	if all > 0 && mean > 0 {
		c.spread = max(meanSquares/all/square(mean/all)-1, 0)
	}
	return c
}

// of adds up the variances of independent customers.
func (c chance) of(l *ledger, details []customer) variances {
	parts := make([]variances, len(l.cells))
	parallel(len(l.cells), func(i int) { parts[i] = c.cell(l.cells[i], l.spend[i], details[i]) })
	var v variances
	for _, p := range parts {
		v.purchases += p.purchases
		v.value += p.value
	}
	return v
}

func (c chance) cell(cell btyd.Cell, spend float64, d customer) variances {
	if d.purchases == 0 {
		return variances{}
	}
	mean, second := c.moments(cell.History, d)
	v := variances{purchases: cell.N * max(second-mean*mean, 0)}
	// Value of Y purchases with a mean that is not known: E Y × variance of one + E Y² × E mean² − (E Y × E mean)².
	one, both, known := c.worth(cell, spend)
	discount := square(d.discounted / d.purchases)
	v.value = cell.N * discount * max(mean*one+second*both-mean*mean*known, 0)
	return v
}

// worth is the variance of a purchase around the mean of its customer, the second moment of that mean, and the square of
// what is expected of it; all of them averages over the customers of a cell.
func (c chance) worth(cell btyd.Cell, spend float64) (variance, second, known float64) {
	mean := c.prices.of(cell.X, cell.N, spend) / cell.N
	if c.prices.classes != nil || c.prices.p == 0 {
		return c.spread * mean * mean, mean * mean, mean * mean
	}
	shape := c.prices.p*float64(cell.X) + c.prices.q
	if shape <= 2 {
		return math.Inf(1), math.Inf(1), 0
	}
	known = mean * mean * max(c.scatter[cell.X], 1)
	second = known * (shape - 1) / (shape - 2)
	return second / c.prices.p, second, known
}

// moments are the mean and the second moment of a customer's purchases within the horizon.
func (c chance) moments(h btyd.History, d customer) (mean, second float64) {
	law := masses(c.fit, c.horizons.weeks[c.horizons.chosen])
	for n := 32; ; n *= 4 {
		p := make([]float64, n)
		law.of(c.fit, h, p)
		var sum float64
		mean, second = 0, 0
		for k, v := range p {
			sum += v
			mean += float64(k) * v
			second += float64(k) * float64(k) * v
		}
		if sum > 1-1e-6 || n >= mostMass {
			return d.alive * mean, d.alive * second
		}
	}
}

// interval is the range of a sum with an expectation and a variance: that of a log-normal law, which is never negative.
func interval(mean, variance float64) Estimate {
	if mean <= 0 {
		return Estimate{mean, mean, mean}
	}
	s2 := math.Log1p(variance / (mean * mean))
	center, half := math.Log(mean)-s2/2, z95*math.Sqrt(s2)
	return Estimate{mean, min(math.Exp(center-half), mean), max(math.Exp(center+half), mean)}
}

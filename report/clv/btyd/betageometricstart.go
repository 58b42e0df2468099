package btyd

import "math"

// purchaseMoments estimates r and α of the Gamma distribution of rates by moments: as in an NBD model, where counts vary
// about μT by μT + μ²T²/r, but with purchases counted while the customer surely was active, so that α is not too large.
func purchaseMoments(cells []Cell) (r, alpha float64) {
	var purchases, time, active float64
	for _, c := range cells {
		purchases += c.N * float64(c.X)
		time += c.N * c.T
		active += c.N * (c.T + c.TX) / 2
	}
	if purchases <= 0 || time <= 0 {
		return 1, math.Max(1, time)
	}
	rate := purchases / time
	var excess, squares float64
	for _, c := range cells {
		x, mean := float64(c.X), rate*c.T
		excess += c.N * ((x-mean)*(x-mean) - x)
		squares += c.N * mean * mean
	}
	r = 10
	if excess > 0 {
		r = min(max(squares/excess, .05), 10)
	}
	return r, min(max(r*active/purchases, 1e-4), 1e5)
}

// dropOut guesses the probability to stop after a purchase: customers silent for three times their mean gap have stopped,
// of all purchases after which one could.
func dropOut(cells []Cell) float64 {
	var stopped, chances float64
	for _, c := range cells {
		if c.X == 0 || c.N <= 0 {
			continue
		}
		x := float64(c.X)
		chances += c.N * x
		if c.T-c.TX > 3*c.TX/x {
			stopped += c.N
		}
	}
	return min(max(stopped/math.Max(chances, 1), .02), .8)
}

package btyd

import (
	"math"
	"slices"

	"parcours/report/clv/estimate"
	"parcours/report/clv/special"
)

// coin is a cell in which the customers can have stopped: only there must the likelihood be worked out cell by cell.
// X, last and end are indices of tables.
type coin struct {
	x, last, end int32
	n            float64
}

// betaGeometricData are the cells, with all that depends on x alone or on a time alone gathered once.
type betaGeometricData struct {
	shift, weight float64
	counts        []float64 // distinct x
	customers     []float64 // with each
	times         []float64 // distinct T and t_x
	ended, bought []float64 // customers seen for each time, and their purchases
	coins         []coin
}

func newBetaGeometricData(shift float64, cells []Cell) *betaGeometricData {
	d := &betaGeometricData{shift: shift}
	countIndex, timeIndex := map[int]int32{}, make(map[float64]int32, 1024)
	at := func(t float64) int32 {
		i, ok := timeIndex[t]
		if !ok {
			i = int32(len(d.times))
			timeIndex[t] = i
			d.times, d.ended, d.bought = append(d.times, t), append(d.ended, 0), append(d.bought, 0)
		}
		return i
	}
	for _, c := range cells {
		if c.N <= 0 {
			continue
		}
		x, ok := countIndex[c.X]
		if !ok {
			x = int32(len(d.counts))
			countIndex[c.X] = x
			d.counts, d.customers = append(d.counts, float64(c.X)), append(d.customers, 0)
		}
		end := at(c.T)
		d.weight += c.N
		d.customers[x] += c.N
		d.ended[end] += c.N
		d.bought[end] += c.N * float64(c.X)
		if c.X > 0 || shift > 0 {
			d.coins = append(d.coins, coin{x, at(c.TX), end, c.N})
		}
	}
	return d
}

// The sums of an evaluation: minus the log-likelihood and its derivatives with respect to the logarithms of the
// parameters.
const (
	sumValue = iota
	sumR
	sumAlpha
	sumA
	sumB
	sums
)

// mean is the function of estimate.Problem.
func (d *betaGeometricData) mean(theta, grad []float64) float64 {
	m := newBetaGeometric("", d.shift, []float64{math.Exp(theta[0]), math.Exp(theta[1]), math.Exp(theta[2]), math.Exp(theta[3])})
	var total [sums]float64
	counts := d.addCounts(m, &total)
	times := d.addTimes(m, &total)
	d.addCoins(m, counts, times, &total)
	for i, scale := range []float64{m.r, m.a, m.b} { // α has its factor already
		total[[]int{sumR, sumA, sumB}[i]] *= scale
	}
	value := -total[sumValue] / d.weight
	if math.IsNaN(value) {
		value = math.Inf(1)
	}
	for i := range grad {
		grad[i] = -total[sumR+i] / d.weight
		if math.IsNaN(grad[i]) {
			value = math.Inf(1)
		}
	}
	return value
}

// countTerms are what a coin reads by x: ln a − ln(b+x−1), r+x and 1/(b+x−1). timeTerms are what it reads by time:
// ln(1 + t/α) and α/(α+t).
type (
	countTerms struct{ odds, power, inverse float64 }
	timeTerms  struct{ log, share float64 }
)

// addCounts adds what depends on x alone.
func (d *betaGeometricData) addCounts(m betaGeometric, total *[sums]float64) []countTerms {
	terms := make([]countTerms, len(d.counts))
	for i, x := range d.counts {
		n, stays := d.customers[i], x+m.shift
		before := m.b + (stays - 1)
		terms[i] = countTerms{math.Log(m.a) - math.Log(before), m.r + x, 1 / before}
		both := special.DigammaRising(m.a+m.b, stays)
		total[sumValue] += n * (special.LogRising(m.r, x) + m.staying(stays))
		total[sumR] += n * special.DigammaRising(m.r, x)
		total[sumA] -= n * both
		total[sumB] += n * (special.DigammaRising(m.b, stays) - both)
	}
	return terms
}

// addTimes adds what depends on T alone.
func (d *betaGeometricData) addTimes(m betaGeometric, total *[sums]float64) []timeTerms {
	terms := make([]timeTerms, len(d.times))
	part := chunked(len(d.times), sums, func(from, to int, sum []float64) {
		for i := from; i < to; i++ {
			t, n, x := d.times[i], d.ended[i], d.bought[i]
			terms[i] = timeTerms{math.Log1p(t / m.alpha), m.alpha / (m.alpha + t)}
			if n > 0 {
				sum[sumValue] -= n*m.r*terms[i].log + x*math.Log(m.alpha+t)
				sum[sumR] -= n * terms[i].log
				sum[sumAlpha] += n*m.r*(t/(m.alpha+t)) - x*terms[i].share
			}
		}
	})
	for i, v := range part {
		total[i] += v
	}
	return terms
}

// addCoins adds −ln P(alive) of the cells whose customers can have stopped.
func (d *betaGeometricData) addCoins(m betaGeometric, counts []countTerms, times []timeTerms, total *[sums]float64) {
	part := chunked(len(d.coins), sums, func(from, to int, sum []float64) {
		var value, dr, dalpha, da, db float64
		product := 1. // of 1 + e over single customers, whose logarithm is taken at the end: it costs as much as all the rest
		for _, c := range d.coins[from:to] {
			count, last, end := &counts[c.x], &times[c.last], &times[c.end]
			longer := end.log - last.log
			u, w := count.odds+count.power*longer, c.n // w: customers likely to have stopped
			if u > 0 {
				value += c.n * u
			}
			if e := math.Exp(-math.Abs(u)); e > 1e-17 {
				if c.n != 1 {
					value += c.n * math.Log(1+e)
				} else if product *= 1 + e; product > 1e300 {
					value += math.Log(product)
					product = 1
				}
				w /= 1 + e
				if u < 0 {
					w *= e
				}
			} else if u < 0 {
				continue
			}
			dr += w * longer
			dalpha += w * count.power * (end.share - last.share)
			da += w
			db += w * count.inverse
		}
		value += math.Log(product)
		sum[sumValue], sum[sumR], sum[sumAlpha], sum[sumA], sum[sumB] = value, dr, dalpha, da/m.a, -db
	})
	for i, v := range part {
		total[i] += v
	}
}

// betaGeometricProblem is the likelihood of the BG/NBD (shift 0) or the MBG/NBD (shift 1) model.
func betaGeometricProblem(shift float64, cells []Cell) estimate.Problem {
	d := newBetaGeometricData(shift, cells)
	return estimate.Problem{
		Names: betaGeometricNames, Weight: d.weight, Mean: d.mean,
		Starts: betaGeometricStarts(cells),
	}
}

// betaGeometricStarts are where to look for the maximum: what moments of the data say, ones, and points around.
func betaGeometricStarts(cells []Cell) [][]float64 {
	r, alpha := purchaseMoments(cells)
	drop := dropOut(cells)
	guess := []float64{math.Log(r), math.Log(alpha), math.Log(3 * drop), math.Log(3 * (1 - drop))}
	spread := func(dr, dalpha, da, db float64) []float64 {
		s := slices.Clone(guess)
		for i, v := range []float64{dr, dalpha, da, db} {
			s[i] += v
		}
		return s
	}
	return [][]float64{guess, {0, 0, 0, 0}, spread(1.5, 1.5, -1, 1), spread(-1, -1, 1, 0), spread(.5, 2, 1.5, 3)}
}

package btyd

import (
	"math"

	"parcours/report/clv/estimate"
	"parcours/report/clv/special"
)

func bgcnbdProblem(k int, cells []Cell) estimate.Problem  { return cnbdProblem(k, 0, cells) }
func mbgcnbdProblem(k int, cells []Cell) estimate.Problem { return cnbdProblem(k, 1, cells) }

// cnbdProblem is the likelihood of the BG/CNBD-k (shift 0) or the MBG/CNBD-k (shift 1) model. The gaps between purchases
// are in it by the sum of their logarithms alone, which no parameter but k touches.
func cnbdProblem(k int, shift float64, cells []Cell) estimate.Problem {
	k = max(k, 1)
	d := newCNBDData(k, shift, cells)
	p := estimate.Problem{Names: betaGeometricNames, Weight: d.weight, Mean: d.mean, Starts: betaGeometricStarts(cells)}
	for _, s := range p.Starts {
		s[1] -= math.Log(float64(k)) // as many purchases, at k times the events
	}
	return p
}

// cnbdCell is a cell as indices of the tables of cnbdData: of x, of t_x and of T.
type cnbdCell struct {
	x, last, end int32
	n            float64
}

// cnbdData are the cells, with all that depends on x alone or on a time alone gathered once.
type cnbdData struct {
	k             int
	shift, weight float64
	fixed         float64   // what no parameter changes, of the log-likelihood
	counts        []float64 // distinct x
	customers     []float64 // with each
	times         []float64 // distinct T and t_x
	ended, bought []float64 // customers seen for each time, and their events
	cells         []cnbdCell
}

func newCNBDData(k int, shift float64, cells []Cell) *cnbdData {
	d := &cnbdData{k: k, shift: shift}
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
	logFactorial := special.LogGamma(float64(k))
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
		d.bought[end] += c.N * float64(k*c.X)
		d.fixed += c.N * (float64(k-1)*c.LogGaps - float64(c.X)*logFactorial)
		d.cells = append(d.cells, cnbdCell{x, at(c.TX), end, c.N})
	}
	return d
}

// mean is the function of estimate.Problem. The sums are those of betaGeometricData.
func (d *cnbdData) mean(theta, grad []float64) float64 {
	p := []float64{math.Exp(theta[0]), math.Exp(theta[1]), math.Exp(theta[2]), math.Exp(theta[3])}
	m := cnbd{newBetaGeometric("", d.shift, p), d.k}
	total := [sums]float64{sumValue: d.fixed}
	coins := d.addCounts(m, &total)
	logs, shares := d.addTimes(m, &total)
	for i, v := range d.addCells(m, coins, logs, shares) {
		total[i] += v
	}
	total[sumR] *= m.r
	total[sumA] *= m.a
	total[sumB] *= m.b
	return settle(total[:], d.weight, grad)
}

// addCounts adds what depends on x alone; it returns ln a − ln(b+x+m−1) of each x, −∞ where no coin was tossed.
func (d *cnbdData) addCounts(m cnbd, total *[sums]float64) (coins []float64) {
	coins = make([]float64, len(d.counts))
	for i, x := range d.counts {
		n, stays, events := d.customers[i], x+m.shift, m.events(x)
		coins[i] = math.Inf(-1)
		if stays > 0 {
			coins[i] = math.Log(m.a) - math.Log(m.b+(stays-1))
		}
		both := special.DigammaRising(m.a+m.b, stays)
		total[sumValue] += n * (special.LogRising(m.r, events) + m.staying(stays))
		total[sumR] += n * special.DigammaRising(m.r, events)
		total[sumA] -= n * both
		total[sumB] += n * (special.DigammaRising(m.b, stays) - both)
	}
	return coins
}

// addTimes adds what depends on T alone; it returns ln(1 + t/α) and α/(α+t) of each time.
func (d *cnbdData) addTimes(m cnbd, total *[sums]float64) (logs, shares []float64) {
	logs, shares = make([]float64, len(d.times)), make([]float64, len(d.times))
	part := chunked(len(d.times), sums, func(from, to int, sum []float64) {
		for i := from; i < to; i++ {
			t, n, events := d.times[i], d.ended[i], d.bought[i]
			logs[i], shares[i] = math.Log1p(t/m.alpha), m.alpha/(m.alpha+t)
			if n > 0 {
				sum[sumValue] -= n*m.r*logs[i] + events*math.Log(m.alpha+t)
				sum[sumR] -= n * logs[i]
				sum[sumAlpha] += n*m.r*(t/(m.alpha+t)) - events*shares[i]
			}
		}
	})
	for i, v := range part {
		total[i] += v
	}
	return logs, shares
}

// addCells adds ln(A + D) of each cell. With ρ = (T−t_x)/(α+T), the terms of A have the derivatives
// Σ_{i<j} 1/(R+i) with respect to R and −j/(α+T) with respect to α, of their logarithms.
func (d *cnbdData) addCells(m cnbd, coins, logs, shares []float64) []float64 {
	return chunked(len(d.cells), sums, func(from, to int, sum []float64) {
		var value, dr, dalpha, da, db float64
		for _, c := range d.cells[from:to] {
			x := d.counts[c.x]
			r, longer := m.r+m.events(x), logs[c.end]-logs[c.last]
			silent := (d.times[c.end] - d.times[c.last]) / m.alpha * shares[c.end]
			term, all, slope, moment, digamma := 1., 1., 0., 0., 0.
			for j := range d.k - 1 {
				v := r + float64(j)
				digamma += 1 / v
				term *= v * silent / float64(j+1)
				all += term
				slope += term * digamma
				moment += term * float64(j+1)
			}
			log := math.Log(all)
			u := coins[c.x] + r*longer - log
			e := math.Exp(-math.Abs(u))
			stopped, active := c.n/(1+e), c.n*e/(1+e)
			if u < 0 {
				stopped, active = active, stopped
			}
			value += c.n * (log + max(u, 0) + math.Log1p(e))
			dr += active / all * slope
			dalpha -= active / all * moment * shares[c.end]
			if stopped > 0 {
				dr += stopped * longer
				dalpha += stopped * r * (shares[c.end] - shares[c.last])
				da += stopped
				db += stopped / (m.b + (x + m.shift - 1))
			}
		}
		sum[sumValue], sum[sumR], sum[sumAlpha], sum[sumA], sum[sumB] = value, dr, dalpha, da/m.a, -db
	})
}

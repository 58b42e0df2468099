package btyd

import (
	"math"
	"slices"
	"sync"

	"parcours/report/clv/estimate"
	"parcours/report/clv/special"
)

// moment is a number of purchases with a time at which q is needed, as indices of tables.
type moment struct{ x, t int32 }

// paretoCell is a cell as indices of moments: those of t_x and of T, the same when T = t_x.
type paretoCell struct {
	last, end int32
	n         float64
}

// paretoData are the cells. Moments are far fewer than cells when times repeat; they are sorted by x.
type paretoData struct {
	weight    float64
	counts    []float64 // distinct x
	customers []float64 // with each
	times     []float64 // distinct T and t_x
	moments   []moment
	cells     []paretoCell
	pool      sync.Pool // of *paretoScratch: what an evaluation works in
}

func newParetoData(cells []Cell) *paretoData {
	d := &paretoData{}
	countIndex, timeIndex := map[int]int32{}, make(map[float64]int32, 1024)
	momentIndex := make(map[moment]int32, len(cells)/2)
	time := func(t float64) int32 {
		i, ok := timeIndex[t]
		if !ok {
			i = int32(len(d.times))
			timeIndex[t] = i
			d.times = append(d.times, t)
		}
		return i
	}
	at := func(x int32, t float64) int32 {
		m := moment{x, time(t)}
		i, ok := momentIndex[m]
		if !ok {
			i = int32(len(d.moments))
			momentIndex[m] = i
			d.moments = append(d.moments, m)
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
		d.weight += c.N
		d.customers[x] += c.N
		d.cells = append(d.cells, paretoCell{at(x, c.TX), at(x, max(c.T, c.TX)), c.N})
	}
	d.sort()
	return d
}

// sort puts moments of the same x together, in the order of time: they share the coefficients of a series.
func (d *paretoData) sort() {
	order := make([]int32, len(d.moments))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int {
		a, b := d.moments[i], d.moments[j]
		if a.x != b.x {
			return int(a.x - b.x)
		}
		if d.times[a.t] < d.times[b.t] {
			return -1
		}
		return 1
	})
	rank := make([]int32, len(order))
	sorted := make([]moment, len(order))
	for to, from := range order {
		rank[from] = int32(to)
		sorted[to] = d.moments[from]
	}
	d.moments = sorted
	for i, c := range d.cells {
		d.cells[i].last, d.cells[i].end = rank[c.last], rank[c.end]
	}
}

// paretoTime is what ln S(u) and q(u) need of u: ln(1+u/α), ln(1+u/β), α+u, β+u and its logarithms.
type paretoTime struct{ alpha, beta, w, y, log float64 }

type paretoScratch struct {
	times []paretoTime
	odds  []odds
}

// mean is the function of estimate.Problem.
func (d *paretoData) mean(theta, grad []float64) float64 {
	m := pareto{math.Exp(theta[0]), math.Exp(theta[1]), math.Exp(theta[2]), math.Exp(theta[3])}
	b, _ := d.pool.Get().(*paretoScratch)
	if b == nil {
		b = &paretoScratch{times: make([]paretoTime, len(d.times)), odds: make([]odds, len(d.moments))}
	}
	defer d.pool.Put(b)
	d.fillTimes(m, b)
	d.fillOdds(m, b)
	total := d.addCells(m, b)
	for i, x := range d.counts {
		total[0] += d.customers[i] * special.LogRising(m.r, x)
		total[1] += d.customers[i] * special.DigammaRising(m.r, x) * m.r
	}
	return settle(total, d.weight, grad)
}

// settle makes the mean and its gradient of sums: +Inf when one of them is not a number.
func settle(total []float64, weight float64, grad []float64) float64 {
	value := -total[0] / weight
	for i := range grad {
		grad[i] = -total[1+i] / weight
		if math.IsNaN(grad[i]) {
			value = math.Inf(1)
		}
	}
	if math.IsNaN(value) {
		return math.Inf(1)
	}
	return value
}

func (d *paretoData) fillTimes(m pareto, b *paretoScratch) {
	chunked(len(d.times), 0, func(from, to int, _ []float64) {
		for i := from; i < to; i++ {
			u := d.times[i]
			w := m.alpha + u
			b.times[i] = paretoTime{math.Log1p(u / m.alpha), math.Log1p(u / m.beta), w, m.beta + u, math.Log(w)}
		}
	})
}

// fillOdds works out q of every moment, run of equal x by run.
func (d *paretoData) fillOdds(m pareto, b *paretoScratch) {
	chunked(len(d.moments), 0, func(from, to int, _ []float64) {
		var table oddsTable
		for from < to {
			next := from + 1
			for next < to && d.moments[next].x == d.moments[from].x {
				next++
			}
			c := newRace(m.r+d.counts[d.moments[from].x], m.s, m.alpha, m.beta)
			table.fill(c, d.moments[from:next], b.times, b.odds[from:next])
			from = next
		}
	})
}

// addCells sums the logarithm of S(T)(1 − q(T)) + S(t_x) q(t_x) and its derivatives with respect to the logarithms of the
// parameters. Those of ln S are −ln(1+u/α) r, (r u − x α)/(α+u), −ln(1+u/β) s and s u/(β+u).
func (d *paretoData) addCells(m pareto, b *paretoScratch) []float64 {
	return chunked(len(d.cells), 5, func(from, to int, sum []float64) {
		var value, dr, da, ds, db float64
		for _, c := range d.cells[from:to] {
			first := d.moments[c.last]
			x := d.counts[first.x]
			last := &b.times[first.t]
			end := &b.times[d.moments[c.end].t]
			if c.last == c.end {
				value += c.n * (-m.r*last.alpha - m.s*last.beta - x*last.log)
				dr -= c.n * last.alpha
				da += c.n * (m.r - (m.r+x)*m.alpha/last.w)
				ds -= c.n * last.beta
				db += c.n * m.s * (1 - m.beta/last.y)
				continue
			}
			later, stay := end.alpha-last.alpha, end.beta-last.beta
			e := math.Exp(-(m.r+x)*later - m.s*stay)
			p, q := &b.odds[c.last], &b.odds[c.end]
			all := e*(1-q.q) + p.q
			value += c.n * (-m.r*last.alpha - m.s*last.beta - x*last.log + math.Log(all))
			k := c.n / all
			active, ratio := k*e*(1-q.q), k*(p.ratio*(m.alpha/last.w)-e*q.ratio*(m.alpha/end.w))
			shrink := k * (p.ratio*(m.beta/last.y) - e*q.ratio*(m.beta/end.y))
			dr += k*(p.a-e*q.a) - c.n*last.alpha - active*later
			da += ratio + c.n*(m.r-(m.r+x)*m.alpha/last.w) + active*(m.r+x)*(m.alpha/last.w-m.alpha/end.w)
			ds += k*(p.s-e*q.s) - c.n*last.beta - active*stay
			db += c.n*m.s*(1-m.beta/last.y) + active*m.s*(m.beta/last.y-m.beta/end.y) - shrink
		}
		sum[0], sum[1], sum[2], sum[3], sum[4] = value, dr*m.r, da, ds*m.s, db
	})
}

// paretoProblem is the likelihood of the Pareto/NBD model.
func paretoProblem(_ int, cells []Cell) estimate.Problem {
	d := newParetoData(cells)
	return estimate.Problem{Names: paretoNames, Weight: d.weight, Mean: d.mean, Starts: paretoStarts(cells)}
}

// paretoStarts are where to look for the maximum: what moments of the data say, ones, and points around.
func paretoStarts(cells []Cell) [][]float64 {
	r, alpha := purchaseMoments(cells)
	var weight, time float64
	for _, c := range cells {
		weight += c.N
		time += c.N * c.T
	}
	life := math.Log(max(time/max(weight, 1), 1e-3))
	lr, la := math.Log(r), math.Log(alpha)
	return [][]float64{
		{lr, la, -.5, life - 1},
		{0, 0, 0, 0},
		{lr + 1, la + 1, .5, life + 1},
		{lr - .7, la - .7, -1.5, life - 2},
		{lr, la, 1, life + 2.5},
	}
}

package clv

import (
	"math"
	"slices"

	"parcours/report/clv/btyd"
)

// Of customers known to be active, the future depends on how often they bought and for how long they were seen, not
// on when they bought last: only the Erlang models remember, and by a phase. Whatever is expected of a history is
// therefore P(alive) × a smooth function of T for each X (and phase), and that is computed at a few Chebyshev nodes of
// ln(T + shift) and interpolated: the cost of a forecast hardly depends on the number of cells.

// ages is a function of T for one X: its values at nodes, or at every T where there are few.
type ages struct {
	x      int
	shift  float64
	nodes  []float64 // in u = ln(T + shift)
	weight []float64 // barycentric
	values [][]float64
	exact  bool // values[i] belongs to times[i]
	times  []float64
}

// precision and erlangPrecision are the relative errors of interpolation aimed at.
const (
	precision       = 1e-10
	erlangPrecision = 1e-6
)

// newAges prepares the evaluation at the distinct times of one X, ascending.
func newAges(x int, times []float64, shift, precision float64) *ages {
	a := &ages{x: x, shift: shift, times: times}
	low, high := math.Log(times[0]+shift), math.Log(times[len(times)-1]+shift)
	n := nodesFor((high-low)/2, precision)
	if len(times) <= n || !(high > low) || math.IsInf(low, 0) {
		a.exact = true
		return a
	}
	// Chebyshev nodes of the second kind, which hold both ends.
	for i := range n {
		cos := math.Cos(math.Pi * float64(i) / float64(n-1))
		a.nodes = append(a.nodes, (low+high)/2-(high-low)/2*cos)
		w := 1.
		if i == 0 || i == n-1 {
			w = .5
		}
		if i%2 == 1 {
			w = -w
		}
		a.weight = append(a.weight, w)
	}
	return a
}

// nodesFor is the number of nodes at which functions of u that are analytic but at Im u = ±π, where T = −shift, are
// interpolated to a precision on an interval of a half width: the Bernstein ellipse through the singularity.
func nodesFor(half, precision float64) int {
	ratio := math.Pi / max(half, 1e-9)
	rho := ratio + math.Sqrt(1+ratio*ratio)
	return 2 + int(math.Ceil(-math.Log(precision)/math.Log(rho)))
}

// points are the values of T at which the function is to be computed.
func (a *ages) points() []float64 {
	if a.exact {
		return a.times
	}
	out := make([]float64, len(a.nodes))
	for i, u := range a.nodes {
		out[i] = min(max(math.Exp(u)-a.shift, a.times[0]), a.times[len(a.times)-1])
	}
	return out
}

// at fills out with the interpolated values at T, which is times[i].
func (a *ages) at(i int, out []float64) {
	if a.exact {
		copy(out, a.values[i])
		return
	}
	u := math.Log(a.times[i] + a.shift)
	clear(out)
	var sum float64
	for k, node := range a.nodes {
		d := u - node
		if math.Abs(d) < 1e-13 {
			copy(out, a.values[k])
			return
		}
		w := a.weight[k] / d
		sum += w
		for j, v := range a.values[k] {
			out[j] += w * v
		}
	}
	for j := range out {
		out[j] /= sum
	}
}

// span is the cells from…to of one X, and where the T of each is among the distinct ones of the X.
type span struct {
	x        int
	from, to int
	times    []float64
	place    []int32 // of cells[from:to]
}

// spans groups cells by what class makes of their X; the cells are sorted by X.
func spans(cells []btyd.Cell, class func(x int) int) []span {
	var all []span
	for i, c := range cells {
		if x := class(c.X); len(all) == 0 || all[len(all)-1].x != x {
			all = append(all, span{x: x, from: i})
		}
		s := &all[len(all)-1]
		s.to = i + 1
		s.times = append(s.times, c.T)
	}
	for i := range all {
		s := &all[i]
		times := slices.Clone(s.times)
		slices.Sort(times)
		times = slices.Compact(times)
		for _, t := range s.times {
			at, _ := slices.BinarySearch(times, t)
			s.place = append(s.place, int32(at))
		}
		s.times = times
	}
	return all
}

// itself is the class of every X in forecasts.
func itself(x int) int { return x }

// likeX is the class of X in bootstrap draws: what is expected of a customer with many purchases is nearly in proportion
// to them, and a draw is compared with a point that was computed in the same way.
func likeX(x int) int {
	const exact, ratio = 12, 1.15
	if x <= exact {
		return x
	}
	steps := math.Round(math.Log(float64(x)/exact) / math.Log(ratio))
	return max(exact+1, int(math.Round(exact*math.Pow(ratio, steps))))
}

// shiftOf is the distance of the nearest singularity left of T = 0: the smaller of α and β.
func shiftOf(m btyd.Model) float64 {
	shift := math.Inf(1)
	for i, name := range m.Names() {
		if name == "alpha" || name == "beta" {
			shift = min(shift, m.Params()[i])
		}
	}
	if math.IsInf(shift, 1) {
		return 1
	}
	return min(max(shift, 1e-3), 1e6)
}

// interpolate computes a function at the nodes of every X and phase, in parallel, a width of values each.
func interpolate(all []span, shift, precision float64, width int, f function) [][]*ages {
	type job struct {
		ages        *ages
		phase, node int
		t           float64
	}
	var jobs []job
	out := make([][]*ages, len(all))
	for i, s := range all {
		for phase := range f.phases {
			a := newAges(s.x, s.times, shift, precision)
			points := a.points()
			a.values = make([][]float64, len(points))
			for node, t := range points {
				jobs = append(jobs, job{a, phase, node, t})
			}
			out[i] = append(out[i], a)
		}
	}
	flat := make([]float64, len(jobs)*width)
	parallel(len(jobs), func(n int) {
		j := jobs[n]
		values := flat[n*width : (n+1)*width : (n+1)*width]
		f.at(j.ages.x, j.t, j.phase, values)
		j.ages.values[j.node] = values
	})
	return out
}

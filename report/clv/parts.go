package clv

import (
	"math"
	"slices"
)

// byParts discounts purchases by parts, ∫ e^(−δu) dE(u) = e^(−δh) E(h) + δ ∫ e^(−δu) E(u) du. A model gives E at many times
// for little, and since δ is small the integral needs few of them. Bootstrap draws and the Erlang models discount this way.
type byParts struct {
	times []float64 // at which E is needed, ascending
	plain []int     // where the times asked for are among them
	sums  [][]partNode
}

// partNode is the weight of E at a time in a discounted sum.
type partNode struct {
	at     int
	weight float64
}

// threeNodes and threeWeights are those of Gauss and Legendre on (−1, 1).
var (
	threeNodes   = [3]float64{-.7745966692414834, 0, .7745966692414834}
	threeWeights = [3]float64{5. / 9, 8. / 9, 5. / 9}
)

// endlessDiscount is δu beyond which nothing counts.
const endlessDiscount = 40

// newByParts prepares sums of purchases discounted until each of ends, of which the last may be +Inf, and plain ones until
// each of times.
func newByParts(delta float64, times, ends []float64) byParts {
	b := byParts{times: slices.Clone(times)}
	type node struct{ time, weight float64 }
	var nodes []node // of the integral until the end of the segment
	var until []int
	from := 0.
	for _, end := range ends {
		for _, s := range segments(from, end, delta) {
			middle, half := (s[0]+s[1])/2, (s[1]-s[0])/2
			for i, x := range threeNodes {
				u := middle + half*x
				nodes = append(nodes, node{u, half * threeWeights[i] * delta * math.Exp(-delta*u)})
			}
		}
		until = append(until, len(nodes))
		from = end
	}
	for _, n := range nodes {
		b.times = append(b.times, n.time)
	}
	for _, end := range ends {
		if !math.IsInf(end, 1) {
			b.times = append(b.times, end)
		}
	}
	slices.Sort(b.times)
	b.times = slices.Compact(b.times)
	place := func(t float64) int {
		i, _ := slices.BinarySearch(b.times, t)
		return i
	}
	for _, t := range times {
		b.plain = append(b.plain, place(t))
	}
	for i, end := range ends {
		var sum []partNode
		if !math.IsInf(end, 1) {
			sum = append(sum, partNode{place(end), math.Exp(-delta * end)})
		}
		for _, n := range nodes[:until[i]] {
			sum = append(sum, partNode{place(n.time), n.weight})
		}
		b.sums = append(b.sums, sum)
	}
	return b
}

// segments cuts the time between two ends: one piece for a finite end, pieces of growing length without one.
func segments(from, end, delta float64) (all [][2]float64) {
	if delta == 0 {
		return nil
	}
	if !math.IsInf(end, 1) {
		return [][2]float64{{from, end}}
	}
	last := max(endlessDiscount/delta, 2*from)
	for length := max(from, 1/delta); from < last; length *= 2 {
		to := min(from+length, last)
		all = append(all, [2]float64{from, to})
		from = to
	}
	return all
}

// flow computes plain and discounted purchases from a stream of plain ones.
func (b byParts) flow(of stream) func(x int, t float64, phase int, out []float64) {
	return func(x int, t float64, phase int, out []float64) {
		all := make([]float64, len(b.times))
		of(x, t, phase, b.times, all)
		for i, at := range b.plain {
			out[i] = all[at]
		}
		for i, nodes := range b.sums {
			sum := 0.
			for _, n := range nodes {
				sum += n.weight * all[n.at]
			}
			out[len(b.plain)+i] = sum
		}
	}
}

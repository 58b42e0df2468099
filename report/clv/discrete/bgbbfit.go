package discrete

import (
	"math"

	"parcours/report/clv/estimate"
)

// BGBBProblem is the likelihood of the model for patterns. Those without a period say nothing and do not count.
func BGBBProblem(patterns []Pattern) estimate.Problem {
	kept, weight, last := known(patterns)
	table := Table{kept}
	mean := func(theta, grad []float64) float64 {
		m := BGBB{math.Exp(theta[0]), math.Exp(theta[1]), math.Exp(theta[2]), math.Exp(theta[3])}
		f := newFactorials(m, last)
		var s bgbbScore
		table.groups(func(_ int, group []Pattern) { s.add(m, f, group) })
		value := -s.sum / weight
		if weight == 0 || math.IsNaN(value) || math.IsInf(value, 0) {
			return math.Inf(1)
		}
		if grad != nil {
			for i, v := range []float64{m.Alpha, m.Beta, m.Gamma, m.Delta} {
				grad[i] = -s.slope[i] * v / weight
			}
		}
		return value
	}
	return estimate.Problem{
		Names: []string{"alpha", "beta", "gamma", "delta"}, Weight: weight, Mean: mean, Starts: bgbbStarts(kept),
	}
}

// known keeps valid patterns with a period.
func known(patterns []Pattern) (kept []Pattern, weight float64, last int) {
	for _, p := range NewTable(patterns).Patterns {
		if p.N > 0 {
			kept = append(kept, p)
			weight += p.Count
			last = max(last, p.N)
		}
	}
	return kept, weight, last
}

// factorials are the rising factorials of α, β, α+β, δ and γ+δ.
type factorials struct{ a, b, ab, d, gd rising }

func newFactorials(m BGBB, n int) factorials {
	return factorials{
		newRising(m.Alpha, n), newRising(m.Beta, n), newRising(m.Alpha+m.Beta, n),
		newRising(m.Delta, n), newRising(m.Gamma+m.Delta, n),
	}
}

// bgbbScore is a log-likelihood with its derivatives by α, β, γ and δ.
type bgbbScore struct {
	sum   float64
	slope [4]float64
}

// add adds patterns with the same N and X, which share the walk back through the periods after which customers may have
// stopped. The derivatives are means over these periods, weighted as the likelihood weights them.
func (s *bgbbScore) add(m BGBB, f factorials, group []Pattern) {
	x, n := group[0].X, group[0].N
	active := f.a.log[x] + f.b.log[n-x] - f.ab.log[n] + f.d.log[n] - f.gd.log[n]
	walk := m.stay(n)
	// Sums over the periods of weight × (…): gone, and the slopes of (β)ⱼ₋ₓ, (α+β)ⱼ, (δ)ⱼ, (γ+δ)ⱼ₊₁.
	gone, b, ab, d, gd := 0., f.b.slope[n-x], f.ab.slope[n], f.d.slope[n], f.gd.slope[n]
	j := n
	for _, p := range group {
		for j > p.TX {
			j--
			k := walk.add(m.back(x, j))
			if k != 1 {
				gone, b, ab, d, gd = gone*k, b*k, ab*k, d*k, gd*k
			}
			w := walk.term
			gone, b, ab = gone+w, b+w*f.b.slope[j-x], ab+w*f.ab.slope[j]
			d, gd = d+w*f.d.slope[j], gd+w*f.gd.slope[j+1]
		}
		s.sum += p.Count * (active + walk.log())
		each := p.Count / walk.sum
		s.slope[0] += p.Count*f.a.slope[x] - each*ab
		s.slope[1] += each * (b - ab)
		s.slope[2] += each * (gone/m.Gamma - gd)
		s.slope[3] += each * (d - gd)
	}
}

// bgbbStarts are around the share of periods with a purchase up to the last one, which customers were surely active in.
func bgbbStarts(patterns []Pattern) [][]float64 {
	bought, seen := 1., 2.
	for _, p := range patterns {
		bought += p.Count * float64(p.X)
		seen += p.Count * float64(p.TX)
	}
	share := math.Min(math.Max(bought/seen, .02), .98)
	var starts [][]float64
	for _, s := range [][3]float64{{2, .6, 3}, {1, 1, 10}, {5, .3, 1}, {1.5, 2, 4}} {
		starts = append(starts, []float64{
			math.Log(s[0] * share), math.Log(s[0] * (1 - share)), math.Log(s[1]), math.Log(s[2]),
		})
	}
	return append(starts, make([]float64, 4))
}

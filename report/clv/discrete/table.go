package discrete

import (
	"cmp"
	"math"
	"slices"

	"parcours/report/clv/special"
)

// Table is valid patterns by N and X, TX descending, so that those with the same N and X share the walk back through the
// periods after which they may have stopped.
type Table struct{ Patterns []Pattern }

// NewTable sorts patterns and leaves out those that cannot be.
func NewTable(patterns []Pattern) Table {
	var kept []Pattern
	for _, p := range patterns {
		if p.valid() {
			kept = append(kept, p)
		}
	}
	slices.SortStableFunc(kept, func(a, b Pattern) int {
		return cmp.Or(cmp.Compare(a.N, b.N), cmp.Compare(a.X, b.X), cmp.Compare(b.TX, a.TX))
	})
	return Table{kept}
}

// groups calls do with the patterns of every N and X; from is the place of the first.
func (t Table) groups(do func(from int, group []Pattern)) {
	for from := 0; from < len(t.Patterns); {
		to, first := from+1, t.Patterns[from]
		for to < len(t.Patterns) && t.Patterns[to].N == first.N && t.Patterns[to].X == first.X {
			to++
		}
		do(from, t.Patterns[from:to])
		from = to
	}
}

// Standing is what a model says of the customers of a pattern: the probability to be active in the next period, that to
// buy in a period while active, and that to be active and yet to buy in none of the next periods.
type Standing struct{ Alive, Buy, Idle float64 }

// Standings computes the standing of every pattern, Idle for a number of next periods.
func (t Table) Standings(m BGBB, periods int) []Standing {
	out := make([]Standing, len(t.Patterns))
	t.groups(func(from int, group []Pattern) {
		x, n := group[0].X, float64(group[0].N)
		stay := (m.Delta + n) / (m.Gamma + m.Delta + n)
		buy := (m.Alpha + float64(x)) / (m.Alpha + m.Beta + n)
		now, later := m.stay(group[0].N), m.stay(group[0].N+periods)
		// ln of the likelihood of staying for all of the next periods without a purchase.
		silent := m.silent(x, group[0].N, periods)
		i, j := group[0].N, group[0].N+periods
		for k, p := range group {
			i = m.walk(&now, x, i, p.TX)
			alive := math.Exp(-now.log()) * stay
			out[from+k] = Standing{alive, buy, alive}
			if periods > 0 {
				j = m.walk(&later, x, j, p.TX)
				nothing := math.Exp(silent + later.log() - now.log())
				out[from+k].Idle = math.Min(math.Max(0, nothing-1+alive), alive)
			}
		}
	})
	return out
}

// walk goes back from a period to another.
func (m BGBB) walk(s *scaled, x, from, to int) int {
	for from > to {
		from--
		s.add(m.back(x, from))
	}
	return from
}

func (m BGBB) silent(x, n, periods int) float64 {
	k, t := float64(periods), float64(n)
	return special.LogRising(m.Beta+t-float64(x), k) - special.LogRising(m.Alpha+m.Beta+t, k) +
		special.LogRising(m.Delta+t, k) - special.LogRising(m.Gamma+m.Delta+t, k)
}

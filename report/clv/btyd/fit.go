package btyd

import (
	"math"

	"parcours/report/clv/estimate"
)

const (
	// coarse is the number of rows on which the maximum is looked for. With more cells the search is on merged ones, and
	// what it finds is improved on all of them: a few evaluations instead of hundreds.
	coarse = 1024
	// maxErlang is the largest shape that is tried for the CNBD models.
	maxErlang = 12
)

// Fit finds the parameters of a model for cells, all of them valid histories, from several starts. The result is not
// usable for a name that does not exist.
func Fit(name Name, cells []Cell) Fitted {
	f, err := familyOf(name)
	if err != nil {
		return Fitted{Name: name, K: 1, Result: estimate.Fit(estimate.Problem{})}
	}
	rows, _ := Merge(cells, coarse)
	k, starts := 1, [][]float64(nil)
	if name == BGCNBD || name == MBGCNBD {
		k, starts = erlang(f, rows)
	}
	p := f.problem(k, rows)
	p.Starts = append(starts, p.Starts...)
	r := estimate.Fit(p)
	if len(rows) < len(cells) {
		r = estimate.Polish(f.problem(k, cells), r)
	}
	if k != 1 || starts != nil {
		r.BIC += math.Log(r.Weight) // the shape is estimated too
	}
	return f.fitted(k, r)
}

// Refit fits a model to similar cells, from what was found before; it has no standard errors, and the Erlang shape stays.
func Refit(from Fitted, cells []Cell) Fitted {
	f, err := familyOf(from.Name)
	if err != nil {
		return from
	}
	return f.fitted(from.K, estimate.Refit(f.problem(from.K, cells), from.Result))
}

func (f family) fitted(k int, r estimate.Result) Fitted {
	out := Fitted{Name: f.name, K: k, Result: r}
	if r.Usable() {
		out.Model = f.model(k, r.Params)
	}
	return out
}

// erlang tries every shape and returns the one with the largest likelihood, and where it was. One shape's estimates are
// a start for the next, at the same rate of purchases: k events to a purchase instead of k−1.
func erlang(f family, cells []Cell) (best int, at [][]float64) {
	most, last := math.Inf(-1), []float64(nil)
	for k := 1; k <= maxErlang; k++ {
		p := f.problem(k, cells)
		p.Starts = p.Starts[:min(1, len(p.Starts))]
		if last != nil {
			next := append([]float64(nil), last...)
			next[1] -= math.Log(float64(k) / float64(k-1)) // α, in time per event
			p.Starts = append(p.Starts, next)
		}
		r := estimate.Fit(p)
		if r.Theta == nil {
			continue
		}
		last = r.Theta
		if r.LogLikelihood > most {
			best, most, at = k, r.LogLikelihood, [][]float64{r.Theta}
		}
	}
	return max(best, 1), at
}

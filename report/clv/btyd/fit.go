package btyd

import (
	"math"

	"parcours/report/clv/estimate"
)

const (
	// coarse is the number of rows on which the maximum is looked for. With more cells the search is on merged ones, and
	// what it finds is improved on all of them: a dozen evaluations instead of hundreds. Where starts disagree on so few
	// rows, they are tried again on fine ones.
	coarse, fine = 512, 8192
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
		k, starts = f.shape(rows, cells)
	}
	r := f.search(k, rows, starts)
	if !r.Usable() && len(rows) < len(cells) {
		rows, _ = Merge(cells, fine)
		r = f.search(k, rows, starts)
	}
	if len(rows) < len(cells) {
		r = estimate.Polish(f.problem(k, cells), r)
	}
	if name == BGCNBD || name == MBGCNBD {
		r.BIC += math.Log(r.Weight) // the shape is estimated too
	}
	return f.fitted(k, r)
}

// search fits from the starts of the problem and more.
func (f family) search(k int, rows []Cell, starts [][]float64) estimate.Result {
	p := f.problem(k, rows)
	p.Starts = append(starts[:len(starts):len(starts)], p.Starts...)
	return estimate.Fit(p)
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

// shape is the Erlang shape with the largest likelihood, and where it was. Every shape is tried on few rows, the best of
// them and its neighbours again on more when there are.
func (f family) shape(rows, cells []Cell) (k int, at [][]float64) {
	tried := f.erlang(rows)
	k = likeliest(tried)
	if len(rows) < len(cells) {
		more, _ := Merge(cells, fine)
		for near := max(1, k-1); near <= min(maxErlang, k+1); near++ {
			tried[near] = estimate.Refit(f.problem(near, more), tried[near])
		}
		for far := range tried {
			if far < k-1 || far > k+1 {
				tried[far].LogLikelihood = math.Inf(-1)
			}
		}
		k = likeliest(tried)
	}
	if tried[k].Theta != nil {
		at = [][]float64{tried[k].Theta}
	}
	return k, at
}

// likeliest is the shape with the largest likelihood, 1 when none has one.
func likeliest(tried []estimate.Result) int {
	best := 1
	for k, r := range tried {
		if r.LogLikelihood > tried[best].LogLikelihood {
			best = k
		}
	}
	return best
}

// erlang fits every shape; the result has one at its index, and none at 0. One shape's estimates are a start for the
// next, at the same rate of purchases: k events to a purchase instead of k−1.
func (f family) erlang(cells []Cell) []estimate.Result {
	out := make([]estimate.Result, maxErlang+1)
	out[0].LogLikelihood = math.Inf(-1)
	var last []float64
	for k := 1; k <= maxErlang; k++ {
		p := f.problem(k, cells)
		p.Starts = p.Starts[:min(1, len(p.Starts))]
		if last != nil {
			next := append([]float64(nil), last...)
			next[1] -= math.Log(float64(k) / float64(k-1)) // α, in time per event
			p.Starts = append(p.Starts, next)
		}
		out[k] = estimate.Fit(p)
		if out[k].Theta != nil {
			last = out[k].Theta
		}
	}
	return out
}

package clv

import (
	"math"
	"slices"

	"parcours/report/clv/btyd"
)

// function is what is to be computed of a customer with x repeat purchases who is known to be active at t, in a phase of
// the Erlang models; the others have one phase.
type function struct {
	phases int
	at     func(x int, t float64, phase int, out []float64)
}

// stream fills out with the purchases expected of such a customer until each of times, all finite.
type stream func(x int, t float64, phase int, times, out []float64)

// erlang reports whether a model has phases.
func erlang(name btyd.Name) bool { return name == btyd.BGCNBD || name == btyd.MBGCNBD }

// active is the history of a customer with x repeat purchases that is certain, or most likely, to be active at t.
func active(x int, t float64) btyd.History {
	h := btyd.History{X: x, T: t}
	if x > 0 {
		h.TX = t
	}
	return h
}

// flow is the function of what a model expects: purchases until each of times, then discounted ones until each of
// discounted, of which the last may be +Inf.
func flow(f btyd.Fitted, delta float64, times, discounted []float64) function {
	if erlang(f.Name) {
		exact := slices.Concat(times, discounted)
		slices.Sort(exact)
		exact = slices.Compact(slices.DeleteFunc(exact, func(t float64) bool { return math.IsInf(t, 1) }))
		return function{max(f.K, 1), newByParts(delta, times, discounted).flow(regularStream(f, exact))}
	}
	n := len(times)
	return function{1, func(x int, t float64, _ int, out []float64) {
		h := active(x, t)
		f.Model.Expected(h, 0, times, out[:n])
		if len(discounted) > 0 {
			f.Model.Expected(h, delta, discounted, out[n:])
		}
		perActive(f.Model, h, out)
	}}
}

// quickFlow is flow for bootstrap draws, by means that cost less and that serve to compare one draw with another: discounts
// by parts, and regular buyers as if they bought at random at their rate.
func quickFlow(f btyd.Fitted, delta float64, times, discounted []float64) function {
	b := newByParts(delta, times, discounted)
	if erlang(f.Name) {
		return function{1, b.flow(func(x int, t float64, _ int, times, out []float64) {
			evenStream(clockOf(f, x, t, 0), times, out)
		})}
	}
	return function{1, b.flow(func(x int, t float64, _ int, times, out []float64) {
		h := active(x, t)
		f.Model.Expected(h, 0, times, out)
		perActive(f.Model, h, out)
	})}
}

// perActive divides expectations by the probability of being active; when that is as good as none, so are they.
func perActive(m btyd.Model, h btyd.History, out []float64) {
	alive := m.Alive(h)
	if alive < 1e-250 {
		clear(out)
		return
	}
	for i := range out {
		out[i] /= alive
	}
}

func evenStream(c clock, times, out []float64) {
	m, err := c.even()
	if err != nil {
		clear(out)
		return
	}
	m.Expected(btyd.History{}, 0, times, out)
}

// regularStream is exact at some times. Between them and after the last, purchases go on as if they came at random, plus
// what the exact ones are ahead of that: nobody knows any more when the next is due.
func regularStream(f btyd.Fitted, exact []float64) stream {
	return func(x int, t float64, phase int, times, out []float64) {
		c := clockOf(f, x, t, phase)
		values, ahead := make([]float64, len(exact)), make([]float64, len(exact))
		c.expected(exact, values)
		evenStream(c, times, out)
		for i, t := range exact { // which are among the times
			at, _ := slices.BinarySearch(times, t)
			ahead[i] = values[i] - out[at]
		}
		k := 0
		for i, t := range times {
			for k < len(exact) && exact[k] < t {
				k++
			}
			switch {
			case k < len(exact) && exact[k] == t:
				out[i] = values[k]
			case k == len(exact):
				out[i] += ahead[k-1]
			case k == 0:
				out[i] += ahead[0] * t / exact[0]
			default:
				part := (t - exact[k-1]) / (exact[k] - exact[k-1])
				out[i] += ahead[k-1] + part*(ahead[k]-ahead[k-1])
			}
		}
	}
}

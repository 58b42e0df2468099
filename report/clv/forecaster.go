package clv

import (
	"parcours/report/clv/btyd"
)

// forecaster computes what a model expects of the customers of cells.
type forecaster struct {
	cells []btyd.Cell
	spans []span
	owner []int32 // span of every cell
}

// newForecaster takes cells sorted by X, then T.
func newForecaster(cells []btyd.Cell) forecaster {
	f := forecaster{cells: cells, spans: spans(cells), owner: make([]int32, len(cells))}
	for i, s := range f.spans {
		for k := s.from; k < s.to; k++ {
			f.owner[k] = int32(i)
		}
	}
	return f
}

// memoryless reports whether the future of an active customer does not depend on TX.
func memoryless(m btyd.Model) bool { return !erlang(m.Name()) }

// chunk is the number of cells that one goroutine handles at a time. It does not depend on the number of processors, so
// that sums over chunks, added in their order, do not either.
const chunk = 2048

// chunks is the number of chunks of n things.
func chunks(n int) int { return (n + chunk - 1) / chunk }

// visitor is called with the number of a chunk, a cell, its P(alive), and what was computed of a customer like it that is
// known to be active. Cells of a chunk are visited in order by one goroutine; the slice is reused.
type visitor func(chunk, cell int, alive float64, values []float64)

// each computes a function of every cell, a width of values each.
func (c forecaster) each(m btyd.Model, precision float64, width int, f function, visit visitor) {
	at := func(i int, values []float64) { f(c.cells[i].History, values) }
	if memoryless(m) {
		curves := interpolate(c.spans, shiftOf(m), precision, width, f)
		at = func(i int, values []float64) {
			s := c.spans[c.owner[i]]
			curves[c.owner[i]].at(int(s.place[i-s.from]), values)
		}
	}
	parallel(chunks(len(c.cells)), func(n int) {
		values := make([]float64, width)
		for i := n * chunk; i < min((n+1)*chunk, len(c.cells)); i++ {
			at(i, values)
			visit(n, i, m.Alive(c.cells[i].History), values)
		}
	})
}

// flow is the function of what a model expects of active customers: purchases until each of times, then discounted ones
// until each of discounted.
func flow(m btyd.Model, delta float64, times, discounted []float64) function {
	n := len(times)
	return func(h btyd.History, out []float64) {
		alive := m.Alive(h)
		if alive < 1e-250 { // as good as none, and so is what is expected
			clear(out)
			return
		}
		m.Expected(h, 0, times, out[:n])
		if len(discounted) > 0 {
			m.Expected(h, delta, discounted, out[n:])
		}
		for i := range out {
			out[i] /= alive
		}
	}
}

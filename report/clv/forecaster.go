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

// newForecaster takes cells sorted by X.
func newForecaster(cells []btyd.Cell, class func(x int) int) forecaster {
	f := forecaster{cells: cells, spans: spans(cells, class), owner: make([]int32, len(cells))}
	for i, s := range f.spans {
		for k := s.from; k < s.to; k++ {
			f.owner[k] = int32(i)
		}
	}
	return f
}

// scale is what the purchases expected of a cell are multiplied with, when they were computed for another X.
func (c forecaster) scale(cell int) float64 {
	x, like := c.cells[cell].X, c.spans[c.owner[cell]].x
	if x == like {
		return 1
	}
	return float64(x) / float64(like)
}

// chunk is the number of cells that one goroutine handles at a time. It does not depend on the number of processors, so
// that sums over chunks, added in their order, do not either.
const chunk = 2048

// chunks is the number of chunks of n things.
func chunks(n int) int { return (n + chunk - 1) / chunk }

// visitor is called with the number of a chunk, a cell, its P(alive), and what was computed of a customer like it that is
// known to be active. Cells of a chunk are visited in order by one goroutine; the slice is reused.
type visitor func(chunk, cell int, alive float64, values []float64)

// each computes a function of every cell, a width of values each.
func (c forecaster) each(f btyd.Fitted, precision float64, width int, of function, visit visitor) {
	curves := interpolate(c.spans, shiftOf(f.Model), precision, width, of)
	parallel(chunks(len(c.cells)), func(n int) {
		values, one, weights := make([]float64, width), make([]float64, width), make([]float64, of.phases)
		for i := n * chunk; i < min((n+1)*chunk, len(c.cells)); i++ {
			h, s := c.cells[i].History, c.owner[i]
			at := int(c.spans[s].place[i-c.spans[s].from])
			of.mix(f, h, weights, values, one, func(phase int, out []float64) { curves[s][phase].at(at, out) })
			visit(n, i, f.Model.Alive(h), values)
		}
	})
}

// mix adds up what is computed by phase, each with its probability.
func (of function) mix(f btyd.Fitted, h btyd.History, weights, values, one []float64, at func(phase int, out []float64)) {
	if of.phases == 1 {
		at(0, values)
		return
	}
	phases(f, h, weights)
	clear(values)
	for phase, w := range weights {
		at(phase, one)
		for j, v := range one {
			values[j] += w * v
		}
	}
}

// of computes a function of one history, without interpolation.
func (of function) of(f btyd.Fitted, h btyd.History, out []float64) {
	of.mix(f, h, make([]float64, of.phases), out, make([]float64, len(out)), func(phase int, out []float64) {
		of.at(h.X, h.T, phase, out)
	})
}

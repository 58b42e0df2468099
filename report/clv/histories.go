package clv

import (
	"cmp"
	"fmt"
	"slices"

	"parcours/report/clv/btyd"
	"parcours/report/dataset"
)

// daysAWeek turns the days of the tables into the weeks of the models.
const daysAWeek = 7

// key is a history as the tables tell histories apart; TX and T are buckets.
type key struct{ X, TX, T int32 }

// tally is what a row of the tables knows of the customers with a history.
type tally struct {
	key
	n, sumTX, sumT  int64
	spenders, spend int64
	logGaps         int64
}

func tallyOf(r dataset.CellRow) tally {
	return tally{key{r.X, r.TX, r.T}, r.Customers, r.SumTX, r.SumT, r.Spenders, r.Spend, r.LogGaps}
}

func earlyTally(r dataset.CalibrationRow) tally {
	return tally{key{r.X, r.TX, r.T}, r.Customers, r.SumTX, r.SumT, r.Spenders, r.Spend, r.LogGaps}
}

// valid reports whether the customers of a row can exist: purchases are on different days, the first of them not the
// last unless it is the only one, and none after the end of observation.
func (t tally) valid() bool {
	return t.n > 0 && t.X >= 0 && t.sumTX >= 0 && t.sumTX <= t.sumT && (t.X > 0 || t.sumTX == 0) &&
		t.sumTX >= t.n*int64(t.X) && t.spenders >= 0 && t.spend >= 0
}

// example writes a row that cannot be, at its mean.
func (t tally) example() string {
	n := float64(max(t.n, 1))
	return fmt.Sprintf("x=%d, t_x=%.4g, T=%.4g", t.X, float64(t.sumTX)/n, float64(t.sumT)/n)
}

// histories are distinct histories with their customers, by X, then T, then TX.
type histories struct {
	cells []btyd.Cell
	spend []int64 // value of the repeat purchases of a cell's customers, minor units
	of    []int32 // cell of every row that they were made of
	sums  []tally // of the cells
}

// gather merges rows with the same history. Cells stand at the means of their customers.
func gather(rows []tally) histories {
	order := make([]int32, len(rows))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		p, q := rows[a].key, rows[b].key
		return cmp.Or(cmp.Compare(p.X, q.X), cmp.Compare(p.T, q.T), cmp.Compare(p.TX, q.TX), cmp.Compare(a, b))
	})
	h := histories{of: make([]int32, len(rows))}
	for _, i := range order {
		r := rows[i]
		if len(h.sums) == 0 || h.sums[len(h.sums)-1].key != r.key {
			h.sums = append(h.sums, tally{key: r.key})
		}
		h.sums[len(h.sums)-1].add(r)
		h.of[i] = int32(len(h.sums) - 1)
	}
	for _, s := range h.sums {
		h.cells = append(h.cells, s.cell())
		h.spend = append(h.spend, s.spend)
	}
	return h
}

func (t *tally) add(o tally) {
	t.n += o.n
	t.sumTX += o.sumTX
	t.sumT += o.sumT
	t.spenders += o.spenders
	t.spend += o.spend
	t.logGaps += o.logGaps
}

// cell is the mean history in weeks. LogGaps change unit with the gaps: ln(days/7) for each of X.
func (t tally) cell() btyd.Cell {
	n := float64(t.n)
	c := btyd.Cell{N: n}
	c.X = int(t.X)
	c.TX = float64(t.sumTX) / n / daysAWeek
	c.T = max(float64(t.sumT)/n/daysAWeek, c.TX)
	if t.X > 0 {
		c.LogGaps = float64(t.logGaps)*dataset.LogUnit/n - float64(t.X)*logDays
	}
	return c
}

// logDays is ln 7.
const logDays = 1.9459101490553132

// known are the customers of all cells known at the end of observation, and those known at the end of calibration.
func known(agg *dataset.Aggregates) (rows []dataset.CellRow, tallies []tally) {
	for _, r := range agg.Cells {
		if r.Dim == "" {
			rows, tallies = append(rows, r), append(tallies, tallyOf(r))
		}
	}
	return rows, tallies
}

func early(agg *dataset.Aggregates) []tally {
	tallies := make([]tally, len(agg.Calibration))
	for i, r := range agg.Calibration {
		tallies[i] = earlyTally(r)
	}
	return tallies
}

// invalid counts rows that cannot be and gives the first as an example.
func invalid(tallies []tally) (rows int64, example string) {
	for _, t := range tallies {
		if t.valid() {
			continue
		}
		if rows++; rows == 1 {
			example = t.example()
		}
	}
	return rows, example
}

package btyd_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"parcours/report/clv/btyd"
)

func randomCells(n int) []btyd.Cell {
	rng := rand.New(rand.NewPCG(4, uint64(n)))
	cells := make([]btyd.Cell, n)
	for i := range cells {
		c := &cells[i]
		c.N = float64(rng.IntN(5))
		c.T = float64(rng.IntN(1000)) / 7
		if c.T > 1 && rng.IntN(2) == 0 {
			c.X = 1 + int(rng.ExpFloat64()*3)
			c.TX = c.T * (1 - rng.Float64()*rng.Float64())
			c.LogGaps = float64(c.X) * math.Log(c.TX/float64(c.X))
		}
	}
	return cells
}

func TestMergeKeepsTheSums(t *testing.T) {
	cells := randomCells(5000)
	for _, most := range []int{1, 50, 300, 2000, 4999, 5000, 9000} {
		merged, index := btyd.Merge(cells, most)
		distinct := map[int]bool{}
		for _, c := range cells {
			distinct[c.X] = true
		}
		if len(merged) > max(most, len(distinct)) || len(merged) == 0 || len(index) != len(cells) {
			t.Fatalf("%d rows for %d", len(merged), most)
		}
		if err := btyd.Validate(merged); err != nil {
			t.Error(err)
		}
		before, after := sums(cells), sums(merged)
		for i := range before {
			if math.Abs(before[i]-after[i]) > 1e-9*(1+math.Abs(before[i])) {
				t.Errorf("%d rows: sum %d is %g, was %g", most, i, after[i], before[i])
			}
		}
		for i, c := range cells {
			if merged[index[i]].X != c.X {
				t.Fatalf("row %d with x = %d went to x = %d", i, c.X, merged[index[i]].X)
			}
		}
	}
}

func sums(cells []btyd.Cell) [5]float64 {
	var s [5]float64
	for _, c := range cells {
		for i, v := range []float64{1, float64(c.X), c.TX, c.T, c.LogGaps} {
			s[i] += c.N * v
		}
	}
	return s
}

func TestMergeRoundsToTheNearest(t *testing.T) {
	cell := func(tx, at float64) btyd.Cell {
		return btyd.Cell{History: btyd.History{X: 1, TX: tx / 7, T: at / 7}, N: 1}
	}
	// At most two rows: days 100 to 103 and 107 to 110 must part in the middle, not at a multiple below them.
	cells := []btyd.Cell{cell(5, 100), cell(5, 101), cell(5, 103), cell(5, 108), cell(5, 109), cell(5, 110)}
	_, index := btyd.Merge(cells, 2)
	if !slices.Equal(index, []int{0, 0, 0, 1, 1, 1}) {
		t.Errorf("rows %v", index)
	}
}

func TestMergeLeavesFewCellsAlone(t *testing.T) {
	cells := randomCells(100)
	merged, index := btyd.Merge(cells, 100)
	if !slices.Equal(merged, cells) || index[99] != 99 {
		t.Error("the cells changed")
	}
}

func TestValidateCountsAndShowsWhatIsWrong(t *testing.T) {
	good := btyd.Cell{History: btyd.History{X: 1, TX: 1, T: 2}, N: 1}
	if err := btyd.Validate([]btyd.Cell{good, {}, {History: btyd.History{T: 3}, N: 0}}); err != nil {
		t.Error(err)
	}
	for want, h := range map[string]btyd.History{
		"after the end of observation": {X: 1, TX: 3, T: 2},
		"t_x must be 0":                {TX: 1, T: 2},
		"t_x must not be 0":            {X: 2, T: 2},
		"before the first":             {X: 1, TX: -1, T: 2},
		"purchases is negative":        {X: -1, T: 2},
		"not a finite number":          {X: 1, TX: 1, T: math.Inf(1)},
	} {
		bad := btyd.Cell{History: h, N: 1}
		err := btyd.Validate([]btyd.Cell{good, bad, good, bad})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "2 of 4 cells") || !strings.Contains(err.Error(), "row 1") {
			t.Errorf("%v: %v", h, err)
		}
	}
	if err := btyd.Validate([]btyd.Cell{{N: -1}}); err == nil {
		t.Error("a negative number of customers is let through")
	}
}

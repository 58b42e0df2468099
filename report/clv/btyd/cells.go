package btyd

import (
	"fmt"
	"math"
)

// Validate reports cells that no customers can be in: how many, and the first of them.
func Validate(cells []Cell) error {
	bad, first, why := 0, 0, ""
	for i, c := range cells {
		if reason := c.fault(); reason != "" {
			if bad == 0 {
				first, why = i, reason
			}
			bad++
		}
	}
	if bad == 0 {
		return nil
	}
	c := cells[first]
	return fmt.Errorf("%d of %d cells are not histories: the first is row %d (x = %d, t_x = %g, T = %g, customers = %g): %s",
		bad, len(cells), first, c.X, c.TX, c.T, c.N, why)
}

func (c Cell) fault() string {
	finite := func(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
	switch {
	case !finite(c.TX) || !finite(c.T) || !finite(c.LogGaps) || !finite(c.N):
		return "a value is not a finite number"
	case c.N < 0:
		return "the number of customers is negative"
	case c.X < 0:
		return "the number of purchases is negative"
	case c.TX < 0:
		return "the last purchase is before the first"
	case c.TX > c.T:
		return "the last purchase is after the end of observation"
	case c.X == 0 && c.TX != 0:
		return "without repeat purchases the last purchase is the first, so t_x must be 0"
	case c.X > 0 && c.TX == 0:
		return "repeat purchases are on later days than the first, so t_x must not be 0"
	}
	return ""
}

// Merge puts cells with the same X and nearly the same times together until at most that many rows are left, or one a
// value of X: times are rounded to the nearest multiple of a number of days, the smallest that is enough. Rounding only
// decides who goes together, as rounding down would shift every parameter; a merged row is at the means of its customers,
// so that ΣN, ΣN·X, ΣN·TX, ΣN·T and ΣN·LogGaps stay what they are. index[i] is the merged row of cells[i].
func Merge(cells []Cell, most int) (merged []Cell, index []int) {
	index = make([]int, len(cells))
	if len(cells) <= most {
		for i := range index {
			index[i] = i
		}
		return append([]Cell(nil), cells...), index
	}
	longest := 0.
	for _, c := range cells {
		longest = math.Max(longest, c.T)
	}
	rows, days := 0, 1.
	for ; ; days = math.Max(days+1, math.Round(days*1.3)) {
		bound := most
		if days/7 > 2*longest {
			bound = len(cells)
		}
		var ok bool
		if rows, ok = group(cells, days/7, bound, index); ok {
			break
		}
	}
	return means(cells, index, rows), index
}

// place is where Merge puts a customer.
type place struct{ x, last, end int32 }

// group numbers the rows of cells rounded to a width, in order of appearance. It gives up beyond bound rows.
func group(cells []Cell, width float64, bound int, index []int) (rows int, ok bool) {
	seen := make(map[place]int, min(bound, len(cells)))
	for i, c := range cells {
		at := place{int32(c.X), int32(math.Round(c.TX / width)), int32(math.Round(c.T / width))}
		row, known := seen[at]
		if !known {
			if len(seen) == bound {
				return 0, false
			}
			row = len(seen)
			seen[at] = row
		}
		index[i] = row
	}
	return len(seen), true
}

func means(cells []Cell, index []int, rows int) []Cell {
	out := make([]Cell, rows)
	for i, c := range cells {
		m := &out[index[i]]
		m.X = c.X
		m.N += c.N
		m.TX += c.N * c.TX
		m.T += c.N * c.T
		m.LogGaps += c.N * c.LogGaps
	}
	for i, c := range cells {
		if m := &out[index[i]]; m.N == 0 { // nobody is in it: any of its histories will do
			m.History = c.History
		}
	}
	for i := range out {
		m := &out[i]
		if m.N == 0 {
			continue
		}
		m.T /= m.N
		m.TX = min(m.TX/m.N, m.T) // rounding must not put the last purchase after the end
		m.LogGaps /= m.N
	}
	return out
}

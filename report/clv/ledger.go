package clv

import (
	"cmp"
	"slices"

	"parcours/report/clv/btyd"
	"parcours/report/dataset"
	"parcours/report/segment"
)

// ledger holds the customers of a forecast by cell, and by cell and group: cohorts, segments and values of the dimension.
type ledger struct {
	forecaster
	spend   []float64 // worth of the repeat purchases of a cell's customers, minor units
	start   []int32   // entries of cell i are entries[start[i]:start[i+1]]
	entries []entry
	groups  []group
	cohorts int     // the first groups are cohorts, in order; then segments; then values of the dimension
	into    []int32 // of a merged ledger: the cell that each cell of the other went into
}

// entry is the customers of a cell in a group.
type entry struct {
	cell, group int32
	n, spend    float64
}

// group is what is known of a group without a model.
type group struct {
	cohort    int32
	segment   segment.Name
	dim       string
	customers int64
	net       int64
	days      int64 // Σ days since the first purchase
}

// newLedger makes a ledger of all rows of Cells; h are the histories of those with Dim "".
func newLedger(agg *dataset.Aggregates, h histories) *ledger {
	l := &ledger{forecaster: newForecaster(h.cells, itself), spend: make([]float64, len(h.cells))}
	for i, s := range h.spend {
		l.spend[i] = float64(s)
	}
	place := newPlaces(agg.Cells)
	l.groups, l.cohorts = place.groups, len(place.cohorts)
	all := 0
	for _, r := range agg.Cells {
		cell := int32(0)
		if r.Dim == "" {
			cell = h.of[all]
			all++
		} else if i, ok := h.find(key{r.X, r.TX, r.T}); ok {
			cell = int32(i)
		} else {
			continue
		}
		for _, g := range place.of(r) {
			l.groups[g].add(r)
			l.entries = append(l.entries, entry{cell, g, float64(r.Customers), float64(r.Spend)})
		}
	}
	l.index()
	return l
}

func (g *group) add(r dataset.CellRow) {
	g.customers += r.Customers
	g.net += r.Net
	g.days += r.SumT
}

// find returns the cell of a history.
func (h histories) find(k key) (int, bool) {
	return slices.BinarySearchFunc(h.sums, k, func(t tally, k key) int {
		return cmp.Or(cmp.Compare(t.X, k.X), cmp.Compare(t.T, k.T), cmp.Compare(t.TX, k.TX))
	})
}

// index sorts the entries by cell and group, adds up those of the same, and notes where each cell's begin.
func (l *ledger) index() {
	slices.SortStableFunc(l.entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.cell, b.cell), cmp.Compare(a.group, b.group))
	})
	kept := l.entries[:0]
	for _, e := range l.entries {
		if n := len(kept); n > 0 && kept[n-1].cell == e.cell && kept[n-1].group == e.group {
			kept[n-1].n += e.n
			kept[n-1].spend += e.spend
			continue
		}
		kept = append(kept, e)
	}
	l.entries = kept
	l.start = make([]int32, len(l.cells)+1)
	for _, e := range l.entries {
		l.start[e.cell+1]++
	}
	for i := range l.cells {
		l.start[i+1] += l.start[i]
	}
}

// mergedCells are at most so many cells, by X, T and TX.
func mergedCells(cells []btyd.Cell, most int) []btyd.Cell {
	rows, _ := btyd.Merge(cells, most)
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, byHistory)
	return rows
}

func byHistory(p, q btyd.Cell) int {
	return cmp.Or(cmp.Compare(p.X, q.X), cmp.Compare(p.T, q.T), cmp.Compare(p.TX, q.TX))
}

// merged is the ledger of fewer cells, for bootstrap draws.
func (l *ledger) merged(most int) *ledger {
	rows, index := btyd.Merge(l.cells, most)
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return byHistory(rows[a], rows[b]) })
	cells, rank := make([]btyd.Cell, len(rows)), make([]int, len(rows))
	for i, row := range order {
		cells[i], rank[row] = rows[row], i
	}
	out := &ledger{forecaster: newForecaster(cells, likeX), spend: make([]float64, len(cells)), groups: l.groups, cohorts: l.cohorts}
	out.into = make([]int32, len(index))
	for i, s := range l.spend {
		out.into[i] = int32(rank[index[i]])
		out.spend[out.into[i]] += s
	}
	for _, e := range l.entries {
		e.cell = out.into[e.cell]
		out.entries = append(out.entries, e)
	}
	out.index()
	return out
}

// averages are the details of merged cells: means over their customers.
func (l *ledger) averages(of *ledger, details []customer) []customer {
	out := make([]customer, len(l.cells))
	for i, d := range details {
		n, m := of.cells[i].N, &out[l.into[i]]
		m.alive += n * d.alive
		m.purchases += n * d.purchases
		m.discounted += n * d.discounted
	}
	for i, c := range l.cells {
		if c.N > 0 {
			out[i] = customer{out[i].alive / c.N, out[i].purchases / c.N, out[i].discounted / c.N}
		}
	}
	return out
}

// places gives every row its groups.
type places struct {
	groups   []group
	cohorts  map[int32]int32
	segments map[segment.Name]int32
	dims     map[string]int32
}

func newPlaces(rows []dataset.CellRow) places {
	p := places{cohorts: map[int32]int32{}, segments: map[segment.Name]int32{}, dims: map[string]int32{}}
	var cohorts []int32
	var dims []string
	for _, r := range rows {
		if r.Dim == "" {
			cohorts = append(cohorts, r.Cohort)
		} else {
			dims = append(dims, r.Dim)
		}
	}
	slices.Sort(cohorts)
	for _, c := range slices.Compact(cohorts) {
		p.cohorts[c] = int32(len(p.groups))
		p.groups = append(p.groups, group{cohort: c})
	}
	for _, n := range segment.Names() {
		p.segments[n] = int32(len(p.groups))
		p.groups = append(p.groups, group{segment: n})
	}
	slices.Sort(dims)
	for _, d := range slices.Compact(dims) {
		p.dims[d] = int32(len(p.groups))
		p.groups = append(p.groups, group{dim: d})
	}
	return p
}

func (p places) of(r dataset.CellRow) []int32 {
	if r.Dim != "" {
		return []int32{p.dims[r.Dim]}
	}
	score := func(s int8) int { return int(min(max(s, 1), 5)) }
	return []int32{p.cohorts[r.Cohort], p.segments[segment.Of(score(r.R), score(r.F))]}
}

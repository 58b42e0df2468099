package tally

import (
	"slices"

	"parcours/report/dataset"
)

// tables are the tables of orders under construction: dense, since the hot loop of the engine adds to them, and added up
// over the workers at the end.
type tables struct {
	periods  []slice[periodCell] // by output value of the dimension, then period since the first
	cohorts  cohortTables
	gaps     slice[int64]   // by days
	activity []slice[int64] // by 2 × (period since the first) + first, then gap
	acquired map[acquiredKey]int64
	discrete bag // by discreteKey

	recency   slice[int64] // by days
	frequency bag          // by orders
	monetary  []int64      // by dataset.MonetaryBin + binBase
}

// binBase is more than the bin of any amount.
const binBase = 1024

// periodCell is what of dataset.PeriodRow the tables of cohorts do not tell.
type periodCell struct {
	newCustomers, newNet, refunds int64
}

// acquiredKey is a channel and the period of first orders.
type acquiredKey struct {
	channel uint32
	period  int32
}

// slice is a table that grows to the index asked for.
type slice[V any] []V

// at returns an entry.
func (s *slice[V]) at(i int32) *V {
	if int(i) >= len(*s) {
		s.grow(int(i))
	}
	return &(*s)[i]
}

func (s *slice[V]) grow(i int) {
	old := len(*s)
	*s = slices.Grow(*s, i+1-old)[:i+1]
	clear((*s)[old:])
}

func addInts(to *slice[int64], from slice[int64]) {
	if len(from) > 0 {
		to.at(int32(len(from) - 1))
	}
	for i, n := range from {
		(*to)[i] += n
	}
}

// cohortTable is everything that is counted of one cohort and value of the dimension.
type cohortTable struct {
	dim, cohort int32
	customers   int64
	cells       slice[cohortCell] // by age
	lastSeen    slice[int64]      // by age
	windows     slice[windowCell] // by window, as many as have begun for anyone
	ended       slice[int64]      // customers by the number of windows that had ended
	second      slice[int64]      // by lag
	censored    bag               // by follow-up
	repeat      []repeatCell      // by dataset.RepeatDays
}

type (
	cohortCell struct{ active, orders, gross, net int64 }
	windowCell struct{ active, activeComplete int64 }
	repeatCell struct{ eligible, repeated, repeatedAll int64 }
)

// cohortTables finds the table of a cohort. Most cohorts are in the stretch that the orders cover; those of sign-ups before
// it are in a map.
type cohortTables struct {
	base  int32 // the first period with an order
	dense [][]*cohortTable
	other map[[2]int32]*cohortTable
	all   []*cohortTable
}

func (c *cohortTables) at(dim, cohort int32) *cohortTable {
	i := int(cohort - c.base)
	if i < 0 || i >= len(c.dense[dim]) {
		t := c.other[[2]int32{dim, cohort}]
		if t == nil {
			t = c.add(dim, cohort)
			c.other[[2]int32{dim, cohort}] = t
		}
		return t
	}
	t := c.dense[dim][i]
	if t == nil {
		t = c.add(dim, cohort)
		c.dense[dim][i] = t
	}
	return t
}

func (c *cohortTables) add(dim, cohort int32) *cohortTable {
	t := &cohortTable{dim: dim, cohort: cohort, repeat: make([]repeatCell, len(dataset.RepeatDays))}
	c.all = append(c.all, t)
	return t
}

// newTables returns empty tables for the values of the dimension, all of them included, and a number of periods.
func newTables(dims, periods int, base int32) tables {
	t := tables{
		periods: make([]slice[periodCell], dims), activity: make([]slice[int64], 2*periods),
		acquired: map[acquiredKey]int64{}, monetary: make([]int64, 2*binBase),
		cohorts: cohortTables{base: base, dense: make([][]*cohortTable, dims), other: map[[2]int32]*cohortTable{}},
	}
	for i := range dims {
		t.periods[i] = make(slice[periodCell], periods)
		t.cohorts.dense[i] = make([]*cohortTable, periods)
	}
	return t
}

// add adds the tables of another worker.
func (t *tables) add(o *tables) {
	for d, cells := range o.periods {
		for p, c := range cells {
			to := t.periods[d].at(int32(p))
			to.newCustomers += c.newCustomers
			to.newNet += c.newNet
			to.refunds += c.refunds
		}
	}
	for _, c := range o.cohorts.all {
		t.cohorts.at(c.dim, c.cohort).add(c)
	}
	addInts(&t.gaps, o.gaps)
	for i := range o.activity {
		addInts(&t.activity[i], o.activity[i])
	}
	for k, n := range o.acquired {
		t.acquired[k] += n
	}
	t.discrete.add(&o.discrete)
	addInts(&t.recency, o.recency)
	t.frequency.add(&o.frequency)
	for i, n := range o.monetary {
		t.monetary[i] += n
	}
}

func (t *cohortTable) add(o *cohortTable) {
	t.customers += o.customers
	for i, c := range o.cells {
		to := t.cells.at(int32(i))
		to.active += c.active
		to.orders += c.orders
		to.gross += c.gross
		to.net += c.net
	}
	addInts(&t.lastSeen, o.lastSeen)
	for i, c := range o.windows {
		to := t.windows.at(int32(i))
		to.active += c.active
		to.activeComplete += c.activeComplete
	}
	addInts(&t.ended, o.ended)
	addInts(&t.second, o.second)
	t.censored.add(&o.censored)
	for i, c := range o.repeat {
		t.repeat[i].eligible += c.eligible
		t.repeat[i].repeated += c.repeated
		t.repeat[i].repeatedAll += c.repeatedAll
	}
}

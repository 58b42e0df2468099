package clv

import (
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"parcours/report/dataset"
)

// periodShop is a simulated shop in which everything happens period by period: size customers come in each month, are
// there as the model says, and then have an order in a month with a probability that differs between them.
type periodShop struct {
	seed     uint64
	months   int         // of arrivals, from January 2020
	size     int         // customers a month
	asOf     dataset.Day // within the last month, or at its end
	leave    distuv.Beta // chance to leave before a period
	buy      *distuv.Beta
	contract bool // an order in every period, else by chance
	dims     []string
	price    int64 // of an order, minor units
	gap      int32 // usual days between orders
}

const firstMonth = 2020 * 12

// periodCustomer is what a customer did: the first month, and by age whether there was an order.
type periodCustomer struct {
	dim    string
	month  int32
	bought []bool
	moment float64 // share of a month before an order in it
	stays  int     // ages at which the customer is there, whether seen or not
	leave  float64 // own chance to leave
}

// customers lives all lives for a number of months beyond the last arrivals.
func (s periodShop) customers(beyond int) []periodCustomer {
	rng := rand.New(rand.NewPCG(s.seed, 11))
	s.leave.Src = rng
	if s.buy != nil {
		s.buy.Src = rng
	}
	var all []periodCustomer
	for month := range s.months {
		for i := range s.size {
			c := periodCustomer{month: firstMonth + int32(month), bought: []bool{true}, moment: rng.Float64()}
			if len(s.dims) > 0 {
				c.dim = s.dims[i%len(s.dims)]
			}
			c.leave = s.leave.Rand()
			buy := 1.
			if s.buy != nil {
				buy = s.buy.Rand()
			}
			there := true
			for range s.months - month - 1 + beyond {
				there = there && rng.Float64() >= c.leave
				if there {
					c.stays++
				}
				c.bought = append(c.bought, there && rng.Float64() < buy)
			}
			all = append(all, c)
		}
	}
	return all
}

// aggregates tells the lives up to as-of.
func (s periodShop) aggregates(all []periodCustomer) *dataset.Aggregates {
	var cal dataset.Calendar
	a := &dataset.Aggregates{Manifest: dataset.Manifest{
		Grain: dataset.Month, First: dataset.CivilDay(2020, 1, 1), AsOf: s.asOf, Currency: "EUR", Digits: 2,
	}}
	if len(s.dims) > 0 {
		a.Manifest.Dimension = "channel"
	}
	last := cal.PeriodOf(dataset.Month, s.asOf)
	complete := last
	if cal.StateOf(dataset.Month, last, s.asOf) != dataset.Complete {
		complete--
	}
	start, end := cal.Start(dataset.Month, last)-1, cal.End(dataset.Month, last)
	elapsed := float64(s.asOf-start) / float64(end-start)
	visible := func(c periodCustomer, age int32) bool {
		return c.month+age < last || c.month+age == last && (c.moment <= elapsed || age == 0)
	}
	type at struct {
		dim         string
		cohort, age int32
	}
	cohorts, seen := map[at]*dataset.CohortRow{}, map[at]int64{}
	patterns, cells := map[dataset.DiscreteRow]int64{}, map[string]*dataset.CellRow{}
	for _, c := range all {
		if c.month > last {
			continue
		}
		for _, dim := range s.both(c.dim) {
			row := func(age int32) *dataset.CohortRow {
				k := at{dim, c.month, age}
				if cohorts[k] == nil {
					cohorts[k] = &dataset.CohortRow{Dim: dim, Cohort: c.month, Age: age}
				}
				return cohorts[k]
			}
			row(dataset.SizeAge).Active++
			lastSeen := int32(0)
			for age, bought := range c.bought {
				if age := int32(age); bought && visible(c, age) {
					lastSeen = age
					r := row(age)
					r.Active, r.Orders, r.Net = r.Active+1, r.Orders+1, r.Net+s.price
				}
			}
			seen[at{dim, c.month, lastSeen}]++
			if cells[dim] == nil {
				cells[dim] = &dataset.CellRow{Dim: dim, Cohort: firstMonth}
			}
			cells[dim].Customers++
			cells[dim].FirstSpend += s.price
			cells[dim].Net += s.price
			cells[dim].SumT += 30 * int64(last-c.month)
		}
		p := dataset.DiscreteRow{N: max(0, complete-c.month)}
		for age := int32(1); age <= p.N; age++ {
			if c.bought[age] {
				p.X, p.TX = p.X+1, age
			}
		}
		patterns[p]++
	}
	for dim := range cells {
		a.Cells = append(a.Cells, *cells[dim])
	}
	for _, r := range cohorts {
		a.Cohorts = append(a.Cohorts, *r)
	}
	for k, n := range seen {
		a.LastSeen = append(a.LastSeen, dataset.LastSeenRow{Dim: k.dim, Cohort: k.cohort, Age: k.age, Customers: n})
	}
	for p, n := range patterns {
		p.Customers = n
		a.Discrete = append(a.Discrete, p)
	}
	a.Gaps = []dataset.GapRow{{Days: s.gap, Count: 1000}}
	for _, r := range a.Cohorts {
		if r.Dim == "" && r.Age == dataset.SizeAge {
			a.Totals.Customers += r.Active
		}
	}
	sortPeriodTables(a)
	return a
}

func (s periodShop) both(dim string) []string {
	if dim == "" {
		return []string{""}
	}
	return []string{"", dim}
}

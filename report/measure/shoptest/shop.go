// Package shoptest simulates a small shop and lays out its aggregates, so that tests of metrics can compare what
// they compute from the aggregates with what follows from the orders themselves.
package shoptest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"

	"parcours/report/dataset"
)

// Shop is a list of customers with their purchases up to as-of.
type Shop struct {
	Calendar  dataset.Calendar
	Grain     dataset.Grain
	AsOf      dataset.Day
	Customers []Customer
}

// Customer has at least one order, oldest first.
type Customer struct {
	Channel string
	Orders  []Order
}

// Order is a purchase; Refund (positive) is paid back RefundAfter days later and names its order.
type Order struct {
	Day    dataset.Day
	Amount int64
	Refund int64
	// RefundDay is the day of the refund, 0 without one.
	RefundDay dataset.Day
}

// Random simulates customers who order at an exponential pace until they drop out.
func Random(seed uint64, grain dataset.Grain, customers int) Shop {
	r := rand.New(rand.NewPCG(seed, 7))
	start := dataset.CivilDay(2023, 1, 1) + r.Int32N(40)
	s := Shop{Grain: grain, AsOf: start + 300 + r.Int32N(500)}
	for i := range customers {
		c := Customer{Channel: fmt.Sprintf("channel-%d", r.IntN(3))}
		day := start + r.Int32N(s.AsOf-start+1)
		if i == 0 {
			day = start
		}
		pace, drop := 10+r.Float64()*80, .1+.6*r.Float64()
		for day <= s.AsOf {
			c.Orders = append(c.Orders, order(r, day, s.AsOf))
			if r.Float64() < drop {
				break
			}
			day += int32(r.ExpFloat64() * pace)
		}
		s.Customers = append(s.Customers, c)
	}
	return s
}

func order(r *rand.Rand, day, asOf dataset.Day) Order {
	o := Order{Day: day, Amount: r.Int64N(20000)}
	if back := day + r.Int32N(60); r.IntN(8) == 0 && back <= asOf {
		o.Refund, o.RefundDay = r.Int64N(o.Amount+1), back
	}
	return o
}

// Period returns the period of a day.
func (s Shop) Period(d dataset.Day) int32 { return s.Calendar.PeriodOf(s.Grain, d) }

// First returns the day of the first order.
func (s Shop) First() dataset.Day {
	first := s.AsOf
	for _, c := range s.Customers {
		first = min(first, c.Orders[0].Day)
	}
	return first
}

// Cohort returns the period of a customer's first order.
func (s Shop) Cohort(c Customer) int32 { return s.Period(c.Orders[0].Day) }

// ActivePeriods returns the periods in which a customer ordered, in order.
func (s Shop) ActivePeriods(c Customer) []int32 {
	var p []int32
	for _, o := range c.Orders {
		p = append(p, s.Period(o.Day))
	}
	return slices.Compact(p)
}

// Aggregates lays the shop out as a bundle, by counting in maps. It leaves out the tables of purchases, which
// AddPurchases fills: models are fitted to them, and tests of anything else would wait for that.
func (s Shop) Aggregates() *dataset.Aggregates {
	a := &dataset.Aggregates{Manifest: dataset.Manifest{
		Schema: dataset.SchemaVersion, AsOf: s.AsOf, First: s.First(), Grain: s.Grain, Zone: "UTC", Currency: "EUR",
		Digits: 2, Cohort: dataset.ByFirstOrder, Dimension: "channel", Window: []int32{30},
		Calibration: dataset.NoCalibration, Resolution: 1,
		Source: "parquet", Tables: []string{"orders"}, Roles: []string{"channel", "refund"},
	}}
	t := newTables()
	for _, c := range s.Customers {
		s.totals(&a.Totals, c)
		for _, dim := range []string{"", c.Channel} {
			s.periods(t, dim, c)
			s.cohorts(t, dim, c)
			s.windows(t, dim, c)
			s.second(t, dim, c)
		}
		s.rhythm(t, c)
	}
	t.fill(a)
	s.scores(a)
	return a
}

func (s Shop) totals(t *dataset.Totals, c Customer) {
	t.Customers++
	for _, o := range c.Orders {
		t.Orders++
		t.RowsRead++
		t.RowsUsed++
		t.Gross += o.Amount
		t.Refunds += o.Refund
		t.Net += o.Amount - o.Refund
	}
}

// sorted returns the values of a map in the order of less.
func sorted[K comparable, V any](m map[K]*V, compare func(a, b V) int) []V {
	rows := make([]V, 0, len(m))
	for _, v := range m {
		rows = append(rows, *v)
	}
	slices.SortFunc(rows, compare)
	return rows
}

func by(parts ...int) int { return cmp.Or(parts...) }

package kpi

import (
	"math"

	"parcours/report/dataset"
)

// Compute tabulates the key figures of all customers, from the period of the first order to that of as-of.
func Compute(agg *dataset.Aggregates, cal dataset.Calendar) Table {
	m := agg.Manifest
	t := Table{Grain: m.Grain, Current: -1}
	if agg.Totals.Orders == 0 {
		return t
	}
	first, last := cal.PeriodOf(m.Grain, m.First), cal.PeriodOf(m.Grain, m.AsOf)
	for p := first; p <= last; p++ {
		state := cal.StateOf(m.Grain, p, m.AsOf)
		if state == dataset.Complete {
			t.Current = len(t.Periods)
		}
		t.Periods = append(t.Periods, Period{Period: p, State: state})
	}
	for _, r := range agg.Periods {
		if r.Dim == "" && first <= r.Period && r.Period <= last {
			t.Periods[r.Period-first].fill(r)
		}
	}
	t.FirstCut = cutShort(t.Periods[0], m.First, cal.Start(m.Grain, first), min(cal.End(m.Grain, first), m.AsOf))
	return t
}

func (p *Period) fill(r dataset.PeriodRow) {
	p.Customers, p.New, p.Returning = r.Customers, r.NewCustomers, r.Customers-r.NewCustomers
	p.Orders, p.Gross, p.Refunds, p.Net, p.NewNet = r.Orders, r.Gross, r.Refunds, r.Net, r.NewNet
}

// cutLevel is the probability below which a first period without orders at its beginning is taken for cut short.
const cutLevel = .05

// cutShort reports whether the data seem to begin inside the first period: at the rate of the days that are there, a
// Poisson stream of orders would leave the days before empty with a probability under 5 %.
func cutShort(p Period, first, start, end dataset.Day) bool {
	rate := float64(p.Orders) / float64(end-first+1)
	return math.Exp(-rate*float64(first-start)) < cutLevel
}

// Last is the last complete period, ok false when there is none.
func (t Table) Last() (Period, bool) {
	if t.Current < 0 {
		return Period{}, false
	}
	return t.Periods[t.Current], true
}

// Previous is the complete period before the last complete one; ok is false when there is none or the data begin
// inside it, so that it cannot be compared.
func (t Table) Previous() (Period, bool) { return t.back(1) }

// YearAgo is the period of the same season a year before the last complete one, with the conditions of Previous.
func (t Table) YearAgo() (Period, bool) { return t.back(int(dataset.PerYear(t.Grain))) }

func (t Table) back(n int) (Period, bool) {
	i := t.Current - n
	if t.Current < 0 || i < 0 || i == 0 && t.FirstCut {
		return Period{}, false
	}
	return t.Periods[i], true
}

// Change is the relative change from one value to another, (to − from) ÷ |from|; ok is false when from is 0.
func Change(from, to float64) (float64, bool) {
	if from == 0 {
		return 0, false
	}
	return (to - from) / math.Abs(from), true
}

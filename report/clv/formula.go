package clv

import (
	"math"

	"parcours/report/cohort"
	"parcours/report/dataset"
	"parcours/report/kpi"
	"parcours/report/stats"
)

// formula computes Formula, or names what is missing.
func formula(agg *dataset.Aggregates, cal dataset.Calendar, margin float64, cost CAC) (*Formula, string) {
	var f Formula
	if !f.year(agg, cal) {
		return nil, "no-complete-period"
	}
	if !f.churn(agg, cal) {
		return nil, "no-churn"
	}
	f.Lifespan, f.LifespanCap = lifespan(f.Churn)
	f.LifespanLow, _ = lifespan(f.ChurnHigh)
	f.LifespanHigh, _ = lifespan(f.ChurnLow)
	f.CAC, f.CACKnown = cost.Value, cost.Known
	yearly := f.AOV * f.OrdersPerYear
	f.Gross, f.GrossLow, f.GrossHigh = yearly*f.Lifespan-f.CAC, yearly*f.LifespanLow-f.CAC, yearly*f.LifespanHigh-f.CAC
	yearly *= margin
	f.Net, f.NetLow, f.NetHigh = yearly*f.Lifespan-f.CAC, yearly*f.LifespanLow-f.CAC, yearly*f.LifespanHigh-f.CAC
	if f.CACKnown && f.CAC > 0 {
		f.Ratio, f.RatioKnown = (f.Net+f.CAC)/f.CAC, true
	}
	return &f, ""
}

// year reads order value and rhythm from the last complete year.
func (f *Formula) year(agg *dataset.Aggregates, cal dataset.Calendar) bool {
	table := kpi.Compute(agg, cal)
	year := dataset.PerYear(table.Grain)
	f.Periods = min(int32(table.Current)+1, year)
	if f.Periods <= 0 {
		return false
	}
	f.ShortYear = f.Periods < year
	var refunds int64
	for _, p := range table.Periods[table.Current+1-int(f.Periods) : table.Current+1] {
		f.Orders += p.Orders
		f.GrossSum += p.Gross
		refunds += p.Refunds
	}
	last := table.Periods[table.Current].Period
	f.Customers = distinct(agg.Activity, last+1-f.Periods, last)
	f.CustomerYears = float64(f.Customers)
	var ok bool
	if f.AOV, ok = stats.Ratio(f.GrossSum, f.Orders); !ok {
		return false
	}
	f.RefundRate, _ = stats.Ratio(refunds, f.GrossSum)
	f.OrdersPerYear, ok = stats.Ratio(f.Orders, f.Customers)
	return ok
}

// distinct counts customers active in any of the periods from…to, each in the last one in which they were: the one
// whose next activity lies beyond.
func distinct(activity []dataset.ActivityRow, from, to int32) (n int64) {
	for _, r := range activity {
		if from <= r.Period && r.Period <= to && (r.Gap == 0 || r.Period+r.Gap > to) {
			n += r.Customers
		}
	}
	return n
}

// churn reads yearly churn and its interval from on-or-after retention.
func (f *Formula) churn(agg *dataset.Aggregates, cal dataset.Calendar) bool {
	table := cohort.Compute(agg, cal, cohort.OnOrAfter, "", cohort.Options{})
	year := dataset.PerYear(table.Grain)
	f.ChurnFollowUp = followUp(agg, table.Grain)
	for age := year; age >= 1; age-- {
		m, truncated, ok := table.Retained(age, f.ChurnFollowUp)
		if !ok {
			continue
		}
		yearly := func(retained float64) float64 {
			return 1 - math.Pow(retained, float64(year)/float64(age))
		}
		f.Churn, f.ChurnLow, f.ChurnHigh = yearly(m.Rate), yearly(m.High), yearly(m.Low)
		f.ChurnN, f.ChurnAge, f.Extrapolated, f.ChurnTruncated = m.Customers, age, age != year, truncated
		return true
	}
	return false
}

// followUp is the number of periods that hold the 80 % quantile of gaps between orders, at least one.
func followUp(agg *dataset.Aggregates, grain dataset.Grain) int32 {
	days := float64(kpi.MeasureRhythm(agg).P80)
	return max(1, int32(math.Ceil(days*float64(dataset.PerYear(grain))/daysPerYear)))
}

const daysPerYear = 365.25

// lifespan is 1 ÷ churn years, capped.
func lifespan(churn float64) (years float64, capped bool) {
	if churn*MaxLifespan < 1 {
		return MaxLifespan, true
	}
	return 1 / churn, false
}

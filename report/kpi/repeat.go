package kpi

import (
	"math"

	"parcours/report/dataset"
	"parcours/report/stats"
)

// RepeatRates gives the repeat purchase rate of all customers at each of dataset.RepeatDays: the Kaplan–Meier
// estimate from the times to the second order, and the two plain ratios beside it.
func RepeatRates(agg *dataset.Aggregates) []Repeat {
	curve := TimeToSecond(agg, "")
	rates := make([]Repeat, 0, len(dataset.RepeatDays))
	for _, days := range dataset.RepeatDays {
		r := Eligible(agg, "", days)
		if s, i, ok := curve.At(days); ok {
			r.Rate, r.Low, r.High, r.OK = 1-s, 1-i.High, 1-i.Low, true
		}
		rates = append(rates, r)
	}
	return rates
}

// TimeToSecond is the survival curve of the time from first to second order, in days, for one value of the
// dimension ("" all customers); a curve by cohort would be too thin.
func TimeToSecond(agg *dataset.Aggregates, dim string) stats.Survival {
	var o []stats.Observation
	for _, r := range agg.Second {
		if r.Dim == dim {
			o = append(o, stats.Observation{Time: r.Days, Censored: r.Censored, Count: r.Customers})
		}
	}
	return stats.KaplanMeier(o)
}

// Eligible fills the parts of Repeat that are plain ratios, for one value of the dimension.
func Eligible(agg *dataset.Aggregates, dim string, days int32) Repeat {
	r := Repeat{Days: days}
	var all int64
	for _, row := range agg.Repeat {
		if row.Dim == dim && row.Days == days {
			r.Customers += row.Customers
			r.Eligible += row.Eligible
			r.Repeated += row.Repeated
			all += row.RepeatedAll
		}
	}
	r.EligibleRate, _ = stats.Ratio(r.Repeated, r.Eligible)
	i := stats.Wilson(r.Repeated, r.Eligible)
	r.EligibleLow, r.EligibleHigh = i.Low, i.High
	r.Naive, _ = stats.Ratio(all, r.Customers)
	return r
}

// MeasureRhythm summarises the days between orders.
func MeasureRhythm(agg *dataset.Aggregates) Rhythm {
	var r Rhythm
	histogram := make([]stats.Count, 0, len(agg.Gaps))
	for _, g := range agg.Gaps {
		r.Gaps += g.Count
		histogram = append(histogram, stats.Count{Value: float64(g.Days), N: g.Count})
	}
	days := func(p float64) int32 {
		q, _ := stats.Quantile(histogram, p)
		// Gaps are whole and the ranks are twentieths, so q is a twentieth: less than that above a whole day is rounding.
		return int32(math.Ceil(q - 1e-3))
	}
	r.P50, r.P80, r.P90, r.P95 = days(.5), days(.8), days(.9), days(.95)
	r.MedianToSecond, r.MedianToSecondKnown = TimeToSecond(agg, "").Median()
	return r
}

package measure

import (
	"math"
	"strconv"

	"parcours/report/dataset"
	"parcours/report/stats"
)

// Codes of the warnings about results.
const (
	CodeFirstCohort  = "PD801" // the first cohort mixes new and old customers
	CodePartial      = "PD802" // the last period is in progress
	CodeSmallCohorts = "PD803" // some cohorts are too small to say much
	CodeUnidentified = "PD804" // a notable share of rows has no customer
	CodeOrphans      = "PD805" // refunds that belong to no cohort
	CodeShortHistory = "PD806" // no comparison with the year before
	CodeChurnAge     = "PD807" // churn was read at less than a year
	CodeThresholds   = "PD808" // too few repeat orders to derive the thresholds of status
	CodeFirstPeriod  = "PD809" // the data begin inside the first period
	CodeOffScale     = "PD810" // answers off the scale of their metric
	CodeChurnFirst   = "PD811" // churn rests on the truncated first cohort alone
)

// notable is the share of rows from which missing customers are worth a remark.
const notable = .01

func (r *Results) warn() {
	if len(r.KPI.Periods) == 0 {
		return
	}
	r.warnPeriods()
	r.warnCohorts()
	r.warnRows()
	r.warnValue()
	if s := r.Segments; s != nil && s.Status.Fallback {
		r.warning(CodeThresholds, "thresholds-default",
			"Active", whole(int64(s.Status.ActiveDays)), "Lost", whole(int64(s.Status.LostDays)))
	}
	if r.Funnel == nil {
		return
	}
	for _, s := range r.Funnel.Scores {
		if s.Touchpoint == "" && s.OffScale > 0 {
			r.warning(CodeOffScale, "off-scale", "Metric", s.Metric, "Number", whole(s.OffScale))
		}
	}
}

// warning adds a remark; args alternate name and value.
func (r *Results) warning(code, id string, args ...string) {
	w := Warning{Code: code, ID: id, Args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		w.Args[args[i]] = args[i+1]
	}
	r.Warnings = append(r.Warnings, w)
}

func whole(n int64) string { return strconv.FormatInt(n, 10) }

func percent(share float64) string { return whole(int64(math.Round(100 * share))) }

func (r *Results) key(period int32) string { return r.Calendar.Key(r.Manifest.Grain, period) }

func (r *Results) warnPeriods() {
	periods := r.KPI.Periods
	if last := periods[len(periods)-1]; last.State == dataset.Partial {
		r.warning(CodePartial, "partial-period", "Period", r.key(last.Period), "AsOf", dataset.FormatDay(r.Manifest.AsOf))
	}
	if r.KPI.FirstCut {
		r.warning(CodeFirstPeriod, "first-period-cut",
			"Period", r.key(periods[0].Period), "First", dataset.FormatDay(r.Manifest.First))
	}
	if r.KPI.Current >= 0 && r.KPI.Current < int(dataset.PerYear(r.Manifest.Grain)) {
		r.warning(CodeShortHistory, "short-history", "Periods", whole(int64(r.KPI.Current+1)))
	}
}

func (r *Results) warnCohorts() {
	small := int64(0)
	for _, c := range r.on.Cohorts {
		if c.Truncated {
			r.warning(CodeFirstCohort, "first-cohort-truncated",
				"Cohort", r.key(c.Cohort), "First", dataset.FormatDay(r.Manifest.First))
		}
		if c.Size < r.minCell {
			small++
		}
	}
	if small > 0 {
		r.warning(CodeSmallCohorts, "small-cohorts", "Number", whole(small), "Least", whole(r.minCell))
	}
}

func (r *Results) warnRows() {
	t := r.Totals
	if share, ok := stats.Ratio(t.UnidentifiedRows, t.RowsUsed+t.UnidentifiedRows); ok && share >= notable {
		r.warning(CodeUnidentified, "unidentified", "Percent", percent(share), "Rows", whole(t.UnidentifiedRows))
	}
	if share, ok := stats.Ratio(t.OrphanRefunds, t.Refunds); ok && t.OrphanRefunds > 0 {
		r.warning(CodeOrphans, "orphan-refunds", "Percent", percent(share))
	}
}

func (r *Results) warnValue() {
	if r.CLV == nil || r.CLV.Formula == nil {
		return
	}
	f := r.CLV.Formula
	if f.Extrapolated {
		r.warning(CodeChurnAge, "churn-extrapolated", "Age", whole(int64(f.ChurnAge)))
	}
	if f.ChurnTruncated {
		r.warning(CodeChurnFirst, "churn-first-cohort", "Customers", whole(f.ChurnN))
	}
}

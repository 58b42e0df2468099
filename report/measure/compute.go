package measure

import (
	"parcours/report/clv"
	"parcours/report/cohort"
	"parcours/report/dataset"
	"parcours/report/funnel"
	"parcours/report/kpi"
	"parcours/report/lifecycle"
	"parcours/report/segment"
)

// defaultMinCell is the smallest group that is shown when the site does not say.
const defaultMinCell = 30

// Compute computes every metric of a bundle. It is a pure function: the same bundle gives the same results.
func Compute(agg *dataset.Aggregates, cal dataset.Calendar, opt Options) *Results {
	if opt.MinCell <= 0 {
		opt.MinCell = defaultMinCell
	}
	r := &Results{
		Manifest: agg.Manifest, Calendar: cal, Totals: agg.Totals, minCell: opt.MinCell, margin: opt.Margin > 0,
		KPI: kpi.Compute(agg, cal), Repeat: kpi.RepeatRates(agg), Rhythm: kpi.MeasureRhythm(agg),
		CLV:       clv.Compute(agg, cal, clv.Options{Margin: opt.Margin, MinCell: opt.MinCell, Settings: opt.Predict}),
		Lifecycle: lifecycle.Compute(agg, cal), Funnel: funnel.Compute(agg, cal),
		Quality: Quality{Files: agg.Files, Reasons: agg.Quality},
	}
	r.Segments = segment.Compute(agg, r.Rhythm, segment.Options{ActiveDays: opt.Active, LostDays: opt.Lost})
	r.changes()
	r.retention(agg, opt)
	r.warn()
	return r
}

func (r *Results) changes() {
	last, ok := r.KPI.Last()
	if !ok {
		return
	}
	if before, ok := r.KPI.Previous(); ok {
		d := kpi.Decompose(before, last)
		r.Change = &d
	}
	if before, ok := r.KPI.YearAgo(); ok {
		d := kpi.Decompose(before, last)
		r.YearChange = &d
	}
}

func (r *Results) retention(agg *dataset.Aggregates, opt Options) {
	table := func(mode cohort.Mode, dim string) cohort.Table {
		return cohort.Compute(agg, r.Calendar, mode, dim, cohort.Options{MinCell: opt.MinCell})
	}
	r.on, r.after = table(cohort.On, ""), table(cohort.OnOrAfter, "")
	modes := opt.Modes
	if len(modes) == 0 {
		modes = []cohort.Mode{cohort.On}
	}
	for _, mode := range modes {
		switch mode {
		case cohort.On:
			r.Retention = append(r.Retention, r.on)
		case cohort.OnOrAfter:
			r.Retention = append(r.Retention, r.after)
		default:
			r.Retention = append(r.Retention, table(mode, ""))
		}
	}
	for _, d := range cohort.Dims(agg) {
		r.Dims = append(r.Dims, Dim(d))
		r.ByDim = append(r.ByDim, table(cohort.On, d.Value))
	}
}

package clv

import (
	"math"

	"parcours/report/clv/btyd"
	"parcours/report/dataset"
)

func (p *Prediction) note(id string, args ...string) { p.Notes = append(p.Notes, message(id, args...)) }

// remark notes what the data themselves call for.
func (p *predictor) remark() {
	m, t, s := p.agg.Manifest, p.agg.Totals, p.out
	if n := s.Final.Repeaters; n >= leastRepeaters && n < customRepeaters {
		s.note("clv.note.few-repeaters", "repeaters", count(n), "least", count(customRepeaters))
	}
	if s.Calibration == nil {
		if m.CalibrationGiven {
			s.note("clv.note.no-calibration")
		} else {
			s.note("clv.note.short-history", "days", count(int64(m.AsOf-m.First)), "least", count(dataset.MinHistory))
		}
	}
	if s.Resolution > 1 {
		s.note("clv.note.resolution", "days", count(int64(s.Resolution)))
	}
	if t.CancelledCustomers > 0 {
		s.note("clv.note.cancelled", "customers", count(t.CancelledCustomers))
	}
	if t.EmptyPurchases > 0 {
		s.note("clv.note.empty-purchases", "purchases", count(t.EmptyPurchases))
	}
	if r := p.report; r != nil {
		for _, o := range r.Observed {
			if o.Truncated {
				s.note("clv.note.truncated", "customers", count(o.Size))
			}
		}
	}
}

// warn notes what the forecast calls for.
func (p *predictor) warn(o *outcome) {
	s, f := p.out, p.out.Forecast
	switch {
	case o.fit.Name == btyd.NBD:
		s.note("clv.note.never-stop", "model", s.Chosen)
	case f.Certain > 0:
		s.note("clv.note.alive-certain", "model", s.Chosen, "share", rate(f.Certain))
	}
	for _, b := range o.fit.Boundary {
		s.note("clv.note.boundary", "model", s.Chosen, "parameter", b.Name, "upper", truth(b.Upper))
	}
	if f.RefundRate > 0 {
		s.note("clv.note.refunds", "share", rate(f.RefundRate))
	}
	p.warnSpend(s.Final.Spend)
	p.warnHorizon()
	if !s.Settings.DiscountGiven {
		s.note("clv.note.discount", "share", rate(s.Settings.DiscountRate))
	}
	b := f.Bootstrap
	switch {
	case !b.Known:
		s.note("clv.note.no-intervals")
	case b.Failed > 0:
		s.note("clv.note.draws-failed", "failed", count(int64(b.Failed)), "draws", count(int64(b.Draws)))
	}
	if b.Known && b.Cells < s.Final.Cells {
		s.note("clv.note.merged", "cells", count(int64(s.Final.Cells)), "merged", count(int64(b.Cells)))
	}
}

func (p *predictor) warnSpend(v *SpendFit) {
	s := p.out
	if v == nil {
		s.note("clv.note.no-value")
		return
	}
	if v.Worthless > 0 {
		s.note("clv.note.worthless", "customers", count(v.Worthless))
	}
	switch {
	case v.Name == gammaGamma:
	case v.Customers < leastSpenders || !v.Usable():
		s.note("clv.note.spend-unfitted", "customers", count(v.Customers))
	case !v.Independent:
		s.note("clv.note.dependent-spend", "correlation", rate(v.Correlation), "limit", rate(dependent))
	default:
		s.note("clv.note.spend-infinite", "q", number(v.Params[1]))
	}
}

// warnHorizon notes how far beyond what was seen and tested the horizon goes.
func (p *predictor) warnHorizon() {
	m, months := p.agg.Manifest, p.out.Settings.HorizonMonths
	seen := inMonths(m.AsOf - m.First)
	if months > seen {
		p.out.note("clv.note.beyond-history", "months", count(int64(months)), "observed", count(int64(seen)))
	}
	if h := p.out.Holdout; h != nil && months > inMonths(h.To-h.From+1) {
		p.out.note("clv.note.beyond-test", "months", count(int64(months)), "tested", count(int64(inMonths(h.To-h.From+1))))
	}
}

// inMonths is the nearest number of months of a number of days.
func inMonths(days int32) int32 { return int32(math.Round(float64(days) * 12 / daysPerYear)) }

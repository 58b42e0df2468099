package journey

import (
	"fmt"
	"math"

	"parcours/internal/diag"
)

// metricsTable reads [[metric]].
func (l *loader) metricsTable() {
	l.metrics = map[string]bool{}
	first := map[string]string{}
	for i, r := range l.raw.Metric {
		p := elem("metric", i)
		m := Metric{
			ID: l.id(p, r.ID, r.Name, fmt.Sprintf("metric-%d", i+1)), Name: l.need(p+".name", r.Name),
			Table: l.need(p+".table", r.Table), Column: string(r.Column),
			Aggregate: l.word(p+".aggregate", r.Aggregate, aggregates, ""), Where: l.filter(p+".where", r.Where),
			Target: r.Target.v, HasTarget: r.Target.set,
		}
		if l.doc.Has(p + ".on") {
			m.On = l.on(p+".on", r.On)
		}
		l.unique(first, p, m.ID, "metric")
		l.metrics[m.ID] = len(m.On) > 0
		l.scale(p, r, &m)
		if m.Aggregate != "" && m.Aggregate != "count" && blank(m.Column) {
			l.errorf(codeNeeded, p, `add column = "…"`, "metric %q has no column to take the %s of", m.ID, m.Aggregate)
		}
		l.m.Metrics = append(l.m.Metrics, m)
	}
}

func (l *loader) scale(p string, r rawMetric, m *Metric) {
	if r.Scale != "" || l.doc.Has(p+".scale") && l.isText(p+".scale") {
		worst, best, ok := parseScale(string(r.Scale))
		if !ok {
			l.errorf(codeScale, p+".scale", `write "worst-best", as in "1-5", "7-1" or "0-10", or "nps"`, "%q is no scale", string(r.Scale))
			return
		}
		m.Worst, m.Best = worst, best
	}
	lo, hi := math.Min(m.Worst, m.Best), math.Max(m.Worst, m.Best)
	if m.Aggregate == "share" {
		lo, hi = 0, 1
	}
	averaged := m.Aggregate == "share" || m.Aggregate == "mean" || m.Aggregate == "median" || m.Aggregate == "p90"
	if m.HasTarget && averaged && lo < hi && !(m.Target >= lo && m.Target <= hi) {
		l.warnf(warnTarget, p+".target", "", "the target %v of %q is outside %v to %v", m.Target, m.ID, lo, hi)
	}
}

// useMetric checks a reference to a metric and marks it used.
func (l *loader) useMetric(path, id string) {
	if _, ok := l.metrics[id]; ok {
		l.metrics[id] = true
		return
	}
	ids := make([]string, len(l.m.Metrics))
	for i, m := range l.m.Metrics {
		ids[i] = m.ID
	}
	hint := diag.OneOf(id, ids)
	if len(ids) == 0 {
		hint = "declare it with [[metric]]"
	}
	l.errorf(codeMetric, path, hint, "%q is no metric of this map", id)
}

// slas reads [[sla]].
func (l *loader) slas() {
	first := map[string]string{}
	for i, r := range l.raw.SLA {
		p := elem("sla", i)
		s := SLA{Channel: l.channel(p+".channel", text(l.need(p+".channel", r.Channel)))}
		s.FirstReply, _ = l.duration(p+".first_reply", r.FirstReply)
		s.Resolution, _ = l.duration(p+".resolution", r.Resolution)
		s.Percentile = l.ranged(p+".percentile", r.Percentile, 1, 100, 80, "share of requests in time, in percent")
		if !l.doc.Has(p+".first_reply") && !l.doc.Has(p+".resolution") {
			l.errorf(codeNeeded, p, `add first_reply = "4h"`, "this service level has neither first_reply nor resolution")
		}
		if old, ok := first[s.Channel]; ok && s.Channel != "" {
			l.declared(p+".channel", old, "the channel %q already has a service level", s.Channel)
		}
		first[s.Channel] = p
		l.m.SLAs = append(l.m.SLAs, s)
	}
}

package measure

import (
	"parcours/report/dataset"
	"parcours/report/funnel"
)

func (r *Results) scoreValues(v values) {
	if r.Funnel == nil {
		return
	}
	for _, s := range r.Funnel.Scores {
		name := s.Metric
		if s.Touchpoint != "" || name != funnel.NPS && name != funnel.CSAT && name != funnel.CES {
			continue
		}
		v.set(name+".value", s.Value, s.Answers)
		if s.HasInterval {
			v.between(name+".value", s.Value, s.Low, s.High, s.Answers)
		}
		v.set(name+".answers", float64(s.Answers), 0)
		if name == funnel.CSAT {
			v.set("csat.mean", s.Mean, s.Answers)
			if s.MeanLow < s.MeanHigh {
				v.between("csat.mean", s.Mean, s.MeanLow, s.MeanHigh, s.Answers)
			}
		}
	}
}

func (r *Results) serviceValues(v values) {
	f := r.Funnel
	if f == nil {
		return
	}
	if len(f.Messages) > 0 {
		m, opens := f.AllMessages(), f.Opens()
		v.set("messages.sent", float64(m.Sent), 0)
		if base, ok := m.Base(); ok {
			v.share("messages.click_rate", m.Clicked, base)
			v.share("messages.conversion_rate", m.Converted, base)
		}
		if base, ok := opens.Base(); ok {
			v.share("messages.open_rate", opens.Opened, base)
		}
	}
	if len(f.Tickets) > 0 {
		r.ticketValues(v, f.Tickets[0])
	}
	if f.Worst >= 0 {
		s := f.Steps[f.Worst]
		v.between("funnel.worst_loss", 1-s.Rate, 1-s.High, 1-s.Low, s.Entered)
		v.set("funnel.worst_entered", float64(s.Entered), 0)
	}
	v.setIf(f.OverallSteps > 0, "funnel.overall", f.Overall, 0)
}

func (r *Results) ticketValues(v values, t funnel.Tickets) {
	v.set("tickets.count", float64(t.Tickets), 0)
	v.share("tickets.unanswered_share", t.Unanswered, t.Tickets)
	for _, q := range []struct {
		name    string
		minutes int32
	}{{"tickets.median_minutes", t.Median}, {"tickets.p90_minutes", t.P90}} {
		v.setIf(q.minutes != dataset.NoReply, q.name, float64(beginning(q.minutes)), t.Tickets)
	}
	if last, ok := r.KPI.Last(); ok && last.Orders > 0 {
		v.set("tickets.per_100_orders", 100*float64(t.Tickets)/float64(last.Orders), last.Orders)
	}
}

// beginning replaces the open end of the last bucket by its beginning: a time that is at least that long.
func beginning(minutes int32) int32 {
	b := dataset.TicketBuckets
	if minutes == b[len(b)-1] {
		return b[len(b)-2]
	}
	return minutes
}

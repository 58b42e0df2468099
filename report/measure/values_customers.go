package measure

import (
	"parcours/report/clv"
	"parcours/report/stats"
)

func (r *Results) clvValues(v values) {
	for _, age := range []int32{3, 6, 12} {
		m, ok := r.on.At(age)
		v.setIf(ok, ageName("clv.observed_p", age), m.CumulativeNet, m.Customers)
	}
	if r.CLV == nil {
		return
	}
	for _, c := range r.CLV.CAC {
		if c.Channel != "" {
			continue
		}
		v.setIf(c.Known, "cac.all", c.Value, c.NewCustomers)
		v.setIf(c.Known, "clv.cac", c.Value, c.NewCustomers)
		v.set("cac.spend", float64(c.Spend), 0)
		v.set("cac.new_customers", float64(c.NewCustomers), 0)
	}
	p := r.CLV.Payback
	v.setIf(p.Known && p.Reached, "clv.payback", float64(p.Age), 0)
	if f := r.CLV.Formula; f != nil {
		r.formulaValues(v, f)
	}
}

func (r *Results) formulaValues(v values, f *clv.Formula) {
	v.between("clv.formula", f.Gross, f.GrossLow, f.GrossHigh, f.ChurnN)
	if r.margin {
		v.between("clv.formula_margin", f.Net, f.NetLow, f.NetHigh, f.ChurnN)
	}
	v.set("clv.aov", f.AOV, f.Orders)
	v.set("clv.orders_per_year", f.OrdersPerYear, f.Customers)
	v.between("clv.churn", f.Churn, f.ChurnLow, f.ChurnHigh, f.ChurnN)
	v.between("clv.lifespan", f.Lifespan, f.LifespanLow, f.LifespanHigh, f.ChurnN)
	v.setIf(f.RatioKnown, "clv.ratio", f.Ratio, f.ChurnN)
}

// channelValues compare channels with enough customers; a spread needs two of them.
func (r *Results) channelValues(v values) {
	if r.CLV == nil {
		return
	}
	var best, worst, dear *clv.Channel
	for i := range r.CLV.Channels {
		c := &r.CLV.Channels[i]
		if !lone(c.Dim) {
			continue
		}
		if c.RepeatN >= r.minCell {
			if best == nil || c.Repeat > best.Repeat {
				best = c
			}
			if worst == nil || c.Repeat < worst.Repeat {
				worst = c
			}
		}
		if c.RatioKnown && c.Customers >= r.minCell && (dear == nil || c.Ratio < dear.Ratio) {
			dear = c
		}
	}
	if best != nil && best != worst {
		v.between("channels.repeat_best", best.Repeat, best.RepeatLow, best.RepeatHigh, best.RepeatN)
		v.between("channels.repeat_worst", worst.Repeat, worst.RepeatLow, worst.RepeatHigh, worst.RepeatN)
		v.set("channels.repeat_spread", best.Repeat-worst.Repeat, best.RepeatN+worst.RepeatN)
	}
	if dear != nil {
		v.set("channels.cac_worst_ratio", dear.Ratio, dear.Customers)
	}
}

// segmentValues are counts of all customers, not samples: they have no interval.
func (r *Results) segmentValues(v values) {
	s := r.Segments
	if s == nil {
		return
	}
	group := func(prefix string, customers int64) {
		v.set(prefix+"_customers", float64(customers), 0)
		share, ok := stats.Ratio(customers, s.Customers)
		v.setIf(ok, prefix+"_share", share, s.Customers)
	}
	for _, g := range s.Segments {
		p := segmentPrefix(g.Name)
		group(p, g.Customers)
		v.set(p+"_net", float64(g.Net), g.Customers)
		share, ok := stats.Ratio(g.Net, s.Net)
		v.setIf(ok && s.Net > 0, p+"_net_share", share, s.Customers)
	}
	group("status.active", s.Status.Active)
	group("status.dormant", s.Status.Dormant)
	group("status.lost", s.Status.Lost)
}

// lifecycleValues are those of the last complete period; the first period has nothing before it to return from.
func (r *Results) lifecycleValues(v values) {
	l := r.Lifecycle
	if l == nil || l.Current < 0 {
		return
	}
	p := l.Periods[l.Current]
	v.set("lifecycle.new", float64(p.New), p.Active)
	if l.Current == 0 {
		return
	}
	v.set("lifecycle.returning", float64(p.Returning), p.Active)
	v.set("lifecycle.resurrected", float64(p.Resurrected), p.Active)
	v.set("lifecycle.dormant", float64(p.Dormant), l.Periods[l.Current-1].Active)
	v.set("lifecycle.net_growth", float64(p.NetGrowth()), p.Active)
	quick, ok := p.QuickRatio()
	v.setIf(ok, "lifecycle.quick_ratio", quick, p.New+p.Resurrected+p.Dormant)
}

package measure

import (
	"parcours/report/dataset"
	"parcours/report/kpi"
	"parcours/report/stats"
)

// Figures gives every figure of the Catalogue, in its order.
func (r *Results) Figures() []Figure {
	v := values{}
	r.kpiValues(v)
	r.totalValues(v)
	r.repeatValues(v)
	r.retentionValues(v)
	r.clvValues(v)
	r.predictionValues(v)
	r.channelValues(v)
	r.segmentValues(v)
	r.lifecycleValues(v)
	r.scoreValues(v)
	r.serviceValues(v)
	specs := Catalogue()
	figures := make([]Figure, 0, len(specs))
	for _, s := range specs {
		f := v[s.Name]
		f.Name, f.Unit, f.Page = s.Name, s.Unit, s.Page
		figures = append(figures, f)
	}
	return figures
}

// values are the known figures by name.
type values map[string]Figure

func (v values) set(name string, value float64, n int64) {
	v[name] = Figure{Known: true, Value: value, N: n}
}

// setIf sets a figure that is known when ok.
func (v values) setIf(ok bool, name string, value float64, n int64) {
	if ok {
		v.set(name, value, n)
	}
}

// between sets a figure with its interval.
func (v values) between(name string, value, low, high float64, n int64) {
	v[name] = Figure{Known: true, Value: value, Low: low, High: high, HasInterval: true, N: n}
}

// share sets k of n with Wilson's interval; unknown when n is 0.
func (v values) share(name string, k, n int64) {
	if rate, ok := stats.Ratio(k, n); ok {
		i := stats.Wilson(k, n)
		v.between(name, rate, i.Low, i.High, n)
	}
}

func (r *Results) kpiValues(v values) {
	last, ok := r.KPI.Last()
	if !ok {
		return
	}
	for _, k := range kpiFigures() {
		value, n, ok := k.of(last)
		v.setIf(ok, "kpi."+k.name, value, n)
		if previous, found := r.KPI.Previous(); ok && found {
			v.change("kpi."+k.name+suffixChange, k, previous, value)
		}
		if year, found := r.KPI.YearAgo(); ok && found {
			v.change("kpi."+k.name+suffixChangeYear, k, year, value)
		}
	}
	v.share("kpi.returning_share", last.Returning, last.Customers)
}

// change sets the change of a key figure: a difference for rates, else relative.
func (v values) change(name string, k kpiFigure, before kpi.Period, now float64) {
	from, n, ok := k.of(before)
	if !ok {
		return
	}
	if k.unit == UnitRate {
		v.set(name, now-from, n)
		return
	}
	change, ok := kpi.Change(from, now)
	v.setIf(ok, name, change, n)
}

func (r *Results) totalValues(v values) {
	t := r.Totals
	if t.Orders == 0 {
		return
	}
	v.set("totals.customers", float64(t.Customers), 0)
	v.set("totals.orders", float64(t.Orders), 0)
	v.set("totals.gross", float64(t.Gross), 0)
	v.set("totals.net", float64(t.Net), 0)
	for _, ratio := range []struct {
		name string
		a, b int64
	}{
		{"totals.aov", t.Gross, t.Orders},
		{"totals.refund_rate", t.Refunds, t.Gross},
		{"totals.orders_per_customer", t.Orders, t.Customers},
		{"totals.unidentified_share", t.UnidentifiedRows, t.RowsUsed + t.UnidentifiedRows},
	} {
		value, ok := stats.Ratio(ratio.a, ratio.b)
		v.setIf(ok, ratio.name, value, 0)
	}
}

func (r *Results) repeatValues(v values) {
	for _, rate := range r.Repeat {
		if rate.OK {
			v.between(ageName("repeat.d", rate.Days), rate.Rate, rate.Low, rate.High, rate.Customers)
		}
	}
	g := r.Rhythm
	v.setIf(g.MedianToSecondKnown, "repeat.median_days", float64(g.MedianToSecond), r.Totals.Customers)
	v.setIf(g.Gaps > 0, "rhythm.p50", float64(g.P50), g.Gaps)
	v.setIf(g.Gaps > 0, "rhythm.p80", float64(g.P80), g.Gaps)
	v.setIf(g.Gaps > 0, "rhythm.p90", float64(g.P90), g.Gaps)
}

func (r *Results) retentionValues(v values) {
	for _, age := range namedAges() {
		if m, ok := r.on.At(age); ok {
			v.between(ageName("retention.p", age), m.Rate, m.Low, m.High, m.Customers)
			if r.Manifest.Grain == dataset.Month {
				v.between(ageName("retention.m", age), m.Rate, m.Low, m.High, m.Customers)
			}
			v.setIf(m.NetRateKnown, ageName("retention.net_p", age), m.NetRate, m.Customers)
		}
		if m, ok := r.after.At(age); ok {
			v.between(ageName("retention.unbounded_p", age), m.Rate, m.Low, m.High, m.Customers)
		}
	}
	r.lastCohort(v)
}

func (r *Results) lastCohort(v values) {
	c, ok := r.on.Latest(1)
	if !ok {
		return
	}
	cell := c.Cells[1]
	v.between("retention.last_p1", cell.Rate, cell.Low, cell.High, c.Size)
	if m, ok := r.on.At(1); ok && m.Cohorts > 1 {
		v.set("retention.last_p1_gap", cell.Rate-m.Rate, c.Size)
	}
}

// lone reports whether a value of the dimension is one, neither the rest nor none.
func lone(dim string) bool { return dim != dataset.OtherDim && dim != dataset.NoDim }

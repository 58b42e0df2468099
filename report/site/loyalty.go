package site

import (
	"html/template"
	"math"

	"parcours/report/cohort"
	"parcours/report/dataset"
	"parcours/report/funnel"
	"parcours/report/lifecycle"
)

// byMode is the retention of all customers in a mode, ok false when it was not asked for.
func (b *builder) byMode(mode cohort.Mode) (cohort.Table, bool) {
	for _, t := range b.Results.Retention {
		if t.Mode == mode && t.Dim == "" {
			return t, true
		}
	}
	return cohort.Table{}, false
}

// mainTable is the table that the report tells: mode "on", else the first one.
func (b *builder) mainTable() (cohort.Table, bool) {
	if t, ok := b.byMode(cohort.On); ok {
		return t, true
	}
	if len(b.Results.Retention) > 0 {
		return b.Results.Retention[0], true
	}
	return cohort.Table{}, false
}

// lastComplete is the most recent cohort, not small, whose cell at an age is complete.
func lastComplete(t cohort.Table, age int) (cohort.Cohort, cohort.Cell, bool) {
	for i := len(t.Cohorts) - 1; i >= 0; i-- {
		c := t.Cohorts[i]
		if age < len(c.Cells) && c.Cells[age].State == dataset.Complete && !c.Cells[age].Small {
			return c, c.Cells[age], true
		}
	}
	return cohort.Cohort{}, cohort.Cell{}, false
}

// meanAt is the mean row at an age.
func meanAt(t cohort.Table, age int32) (cohort.Mean, bool) {
	for _, m := range t.Mean {
		if m.Age == age && m.Customers > 0 {
			return m, true
		}
	}
	return cohort.Mean{}, false
}

// leastCohorts is how many cohorts a mean needs to be told: with fewer, it jumps with the mix of cohorts.
const leastCohorts = 3

// told is the mean row at an age, when enough cohorts have reached it for a sentence.
func told(t cohort.Table, age int32) (cohort.Mean, bool) {
	m, ok := meanAt(t, age)
	return m, ok && (m.Cohorts >= leastCohorts || age <= 1)
}

// established reports whether a mean lies outside a cell's interval: only then is the gap told as one.
func established(c cohort.Cell, mean float64) bool { return mean < c.Low || mean > c.High }

// lastCohortSentence tells whether the newest complete cohort comes back more than the others.
func (b *builder) lastCohortSentence() string {
	t, ok := b.mainTable()
	if !ok {
		return ""
	}
	c, cell, ok := lastComplete(t, 1)
	mean, okMean := meanAt(t, 1)
	if !ok || !okMean || mean.Cohorts < 2 {
		return ""
	}
	id := "loyalty.last_same"
	if established(cell, mean.Rate) {
		id = "loyalty.last_less"
		if cell.Rate > mean.Rate {
			id = "loyalty.last_more"
		}
	}
	return b.tg(id, "Rate", b.pct(cell.Rate), "Of", b.ofPeriod(c.Cohort), "Mean", b.pct(mean.Rate))
}

// loyaltyFinding is the title over the loyalty figures.
func (b *builder) loyaltyFinding() string {
	if t, ok := b.mainTable(); ok {
		if c, cell, ok := lastComplete(t, 1); ok {
			return b.tg("loyalty.finding", "Rate", b.pct(cell.Rate), "Of", b.ofPeriod(c.Cohort))
		}
	}
	return b.t("loyalty.finding_none")
}

// loyaltyKPIs are up to four figures: return after one period, observed value, dormant customers, satisfaction.
func (b *builder) loyaltyKPIs() []kpiView {
	var out []kpiView
	for _, build := range []func() (kpiView, bool){b.returnKPI, b.valueKPI, b.dormantKPI, b.scoreKPI, b.repeatKPI} {
		if k, ok := build(); ok && len(out) < 4 {
			out = append(out, k)
		}
	}
	return out
}

func (b *builder) returnKPI() (kpiView, bool) {
	t, ok := b.mainTable()
	if !ok {
		return kpiView{}, false
	}
	c, cell, ok := lastComplete(t, 1)
	if !ok {
		return kpiView{}, false
	}
	k := kpiView{
		Name: b.tg("kpi.return"), Href: b.href("retention"),
		Note: b.t("loyalty.return_note", "Cohort", b.periodShort(c.Cohort), "N", b.int(c.Size), "Interval", b.pctInterval(cell.Low, cell.High)),
	}
	k.setAmount(b.pct(cell.Rate))
	var values []float64
	for _, h := range t.Cohorts {
		if len(h.Cells) > 1 && h.Cells[1].State == dataset.Complete && !h.Cells[1].Small {
			values = append(values, h.Cells[1].Rate)
		}
	}
	values = values[max(0, len(values)-sparkPeriods):]
	if len(values) > 1 {
		k.Spark = spark(values, b.t("spark.alt", "Count", len(values), "From", b.pct(values[0]), "To", b.pct(cell.Rate)))
	}
	if gap := b.named("retention.last_p1_gap"); gap.Known {
		mean, _ := meanAt(t, 1)
		sure := established(cell, mean.Rate)
		text := b.loc.Points(gap.Value, 1)
		if !sure {
			text = b.t("delta.not_established", "Change", text)
		}
		k.Deltas = append(k.Deltas, b.newDelta(gap.Value, text, b.t("delta.mean"), 1, !sure))
	}
	return k, true
}

// valueKPI is the observed value at the oldest named age that is known.
func (b *builder) valueKPI() (kpiView, bool) {
	for _, age := range []int32{12, 6, 3} {
		f := b.named("clv.observed_p" + itoa(age))
		if !f.Known {
			continue
		}
		k := kpiView{
			Name: b.tg("kpi.observed", "Age", b.int(int64(age))), Href: b.href("lifetime-value"), Note: b.t("loyalty.observed_note", "N", b.int(f.N)),
		}
		if f.N == 0 {
			k.Note = b.t("loyalty.observed_note_plain")
		}
		k.setAmount(b.money(f.Value))
		if b.Results.CLV != nil {
			k.Spark = b.valueSpark(age)
		}
		return k, true
	}
	return kpiView{}, false
}

// valueSpark draws the mean cumulative value up to an age.
func (b *builder) valueSpark(age int32) template.HTML {
	var values []float64
	for _, p := range b.Results.CLV.Mean {
		if p.Age <= age {
			values = append(values, p.Value)
		}
	}
	if len(values) < 2 {
		return ""
	}
	return spark(values, b.tg("spark.value", "From", b.money(values[0]), "To", b.money(values[len(values)-1])))
}

func (b *builder) dormantKPI() (kpiView, bool) {
	l := b.Results.Lifecycle
	if l == nil || l.Current < 1 || l.Current >= len(l.Periods) {
		return kpiView{}, false
	}
	now := l.Periods[l.Current]
	k := kpiView{
		Name: b.t("kpi.dormant"), Href: b.href("lifecycle"), Value: b.int(now.Dormant),
		Note: b.tg("loyalty.dormant_note", "Base", b.int(l.Periods[l.Current-1].Active)),
	}
	from := max(1, l.Current+1-sparkPeriods)
	var values []float64
	for _, p := range l.Periods[from : l.Current+1] {
		values = append(values, float64(p.Dormant))
	}
	if len(values) > 1 {
		k.Spark = spark(values, b.t("spark.alt", "Count", len(values), "From", b.int(l.Periods[from].Dormant), "To", b.int(now.Dormant)))
	}
	k.Deltas = b.dormantDeltas(l)
	return k, true
}

func (b *builder) dormantDeltas(l *lifecycle.Report) []delta {
	now := l.Periods[l.Current].Dormant
	var out []delta
	for _, c := range []struct {
		back    int
		against string
	}{{1, b.tg("delta.previous")}, {int(dataset.PerYear(b.grain())), b.t("delta.year")}} {
		i := l.Current - c.back
		if i < 1 || l.Periods[i].Dormant == 0 {
			continue
		}
		diff := now - l.Periods[i].Dormant
		out = append(out, b.newDelta(float64(diff), b.loc.SignedInt(diff), c.against, -1, diff == 0))
	}
	return out
}

// score finds the answers of a metric over all touchpoints.
func (b *builder) score(metric string) (funnel.Score, bool) {
	if b.Results.Funnel == nil {
		return funnel.Score{}, false
	}
	for _, s := range b.Results.Funnel.Scores {
		if s.Metric == metric && s.Touchpoint == "" && s.Answers > 0 {
			return s, true
		}
	}
	return funnel.Score{}, false
}

// scoreKPI is satisfaction: NPS, else CSAT.
func (b *builder) scoreKPI() (kpiView, bool) {
	if s, ok := b.score("nps"); ok && s.Answers >= b.minCell() {
		k := kpiView{
			Name: b.t("kpi.nps"), Href: b.def("nps"), Value: b.loc.SignedDec(s.Value, 0),
			Note: b.t("loyalty.score_note", "Count", s.Answers, "Interval", b.interval(b.loc.SignedDec(s.Low, 0), b.loc.SignedDec(s.High, 0))),
		}
		if s.PreviousKnown {
			k.Deltas = []delta{b.scoreDelta(s, s.Value-s.Previous, b.loc.SignedDec(s.Value-s.Previous, 0))}
		}
		return k, true
	}
	if s, ok := b.score("csat"); ok && s.Answers >= b.minCell() {
		k := kpiView{
			Name: b.t("kpi.csat"), Href: b.def("csat"),
			Note: b.t("loyalty.score_note", "Count", s.Answers, "Interval", b.pctInterval(s.Low, s.High)),
		}
		k.setAmount(b.pct(s.Value))
		if s.PreviousKnown {
			k.Deltas = []delta{b.scoreDelta(s, s.Value-s.Previous, b.loc.Points(s.Value-s.Previous, 1))}
		}
		return k, true
	}
	return kpiView{}, false
}

// scoreDelta says that a change of a score is not established while the earlier value lies in the interval.
func (b *builder) scoreDelta(s funnel.Score, change float64, text string) delta {
	flat := s.Previous >= s.Low && s.Previous <= s.High
	switch {
	case math.Abs(change) < 1e-9:
		text = b.t("delta.stable")
	case flat:
		text = b.t("delta.not_established", "Change", text)
	}
	return b.newDelta(change, text, b.tg("delta.previous"), 1, flat)
}

// repeatKPI is the share of customers with a second order within 90 days, corrected for censoring.
func (b *builder) repeatKPI() (kpiView, bool) {
	for _, r := range b.Results.Repeat {
		if r.Days != 90 || !r.OK {
			continue
		}
		k := kpiView{
			Name: b.t("kpi.repeat90"), Href: b.def("repeat"),
			Note: b.t("loyalty.repeat_note", "Count", r.Customers, "Interval", b.pctInterval(r.Low, r.High)),
		}
		k.setAmount(b.pct(r.Rate))
		return k, true
	}
	return kpiView{}, false
}

package site

import (
	"fmt"
	"html/template"

	"parcours/internal/diag"
	"parcours/journey"
	"parcours/report/funnel"
)

// fewAnswers is the number of answers below which no score is shown: fewer say more about who answered than about
// the touchpoint.
const fewAnswers = 30

// measureView is the mean of a survey at a touchpoint on the scale of the map.
type measureView struct {
	Value, N, Name string
	Few            bool

	mean, low, high float64
	width           bool // low and high are known
	answers         int64
}

// lossView is the share of customers that do not go on.
type lossView struct {
	Share, Entered string
	Bar            template.HTML
	Worst          bool

	share float64
}

// scales of the surveys whose scale is fixed; a survey of the site's own has none here.
func surveyScale(metric string) (worst, best float64, ok bool) {
	switch metric {
	case "csat":
		return 1, 5, true
	case "nps":
		return 0, 10, true
	}
	return 0, 0, false
}

// addMeasures adds what the data says of a touchpoint, found by its event or its id.
func (b *builder) addMeasures(p *pointView) {
	r := b.Results.Funnel
	if r == nil {
		return
	}
	for _, t := range r.Touchpoints {
		if named(p.tp, t.Name) && t.Customers > 0 {
			p.Reach = b.loc.Int(t.Customers)
			p.customers = t.Customers
		}
	}
	for _, s := range r.Steps {
		if p.tp.Event != "" && s.From == p.tp.Event && s.Entered >= fewAnswers && p.Loss == nil {
			share := 1 - s.Rate
			p.Loss = &lossView{Share: b.pct(share), Entered: b.loc.Int(s.Entered), share: share}
		}
	}
	p.Measure = b.measureAt(p.tp, r.Scores)
}

func named(t journey.Touchpoint, name string) bool {
	return name != "" && (name == t.Event || name == t.ID)
}

// measureAt prefers satisfaction, asked about the contact itself, to recommendation, asked about the shop.
func (b *builder) measureAt(t journey.Touchpoint, scores []funnel.Score) *measureView {
	for _, metric := range []string{"csat", "nps"} {
		for _, s := range scores {
			if s.Metric != metric || !named(t, s.Touchpoint) || s.Answers == 0 {
				continue
			}
			worst, best, _ := surveyScale(metric)
			v := &measureView{
				Name: b.t("journey.metric." + metric), N: b.t("journey.n", "N", b.loc.Int(s.Answers)), answers: s.Answers,
				Few: s.Answers < fewAnswers, mean: journey.Valence(s.Mean, worst, best), width: s.HasInterval,
			}
			if v.width {
				v.low, v.high = journey.Valence(s.MeanLow, worst, best), journey.Valence(s.MeanHigh, worst, best)
			}
			v.Value = b.loc.SignedDec(v.mean, 1)
			return v
		}
	}
	return nil
}

// markWorst draws the losses and singles out the largest one.
func markWorst(points []*pointView) {
	var worst *lossView
	for _, p := range points {
		if p.Loss != nil && (worst == nil || p.Loss.share > worst.share) {
			worst = p.Loss
		}
	}
	for _, p := range points {
		if p.Loss != nil {
			p.Loss.Worst = p.Loss == worst
			p.Loss.Bar = lossBar(p.Loss.share, p.Loss.Worst)
		}
	}
}

func lossBar(share float64, worst bool) template.HTML {
	class := "f-grey"
	if worst {
		class = "f-bad"
	}
	return template.HTML(fmt.Sprintf( //nolint:gosec // numbers and a class of the theme
		`<svg class="lossbar" width="100%%" height="6" aria-hidden="true" focusable="false"><rect x="0" y="1" width="100%%" height="4" class="f-rule"/><rect x="0" y="1" width="%s%%" height="4" class="%s"/></svg>`,
		num(max(0, min(1, share))*100), class))
}

// slaView is a service level of the map beside what the support data says.
type slaView struct {
	Channel, First, Resolution, Share string
	Median, P90, N                    string // "" not measured
}

func (b *builder) slaViews(m *journey.Map) []slaView {
	var out []slaView
	for _, s := range m.SLAs {
		v := slaView{Channel: b.channelLabel(m, s.Channel), Share: b.loc.Pct(float64(s.Percentile)/100, 0)}
		v.First, v.Resolution = b.seconds(s.FirstReply), b.seconds(s.Resolution)
		if b.Results.Funnel != nil {
			b.measuredSLA(&v, s.Channel, b.Results.Funnel.Tickets)
		}
		out = append(out, v)
	}
	return out
}

func (b *builder) measuredSLA(v *slaView, channel string, tickets []funnel.Tickets) {
	for _, t := range tickets {
		if t.Tickets < fewAnswers || t.Channel == "" || diag.Fold(t.Channel) != diag.Fold(channel) && diag.Fold(t.Channel) != diag.Fold(v.Channel) {
			continue
		}
		v.N = b.loc.Int(t.Tickets)
		if t.Median >= 0 {
			v.Median = b.loc.Minutes(t.Median)
		}
		if t.P90 >= 0 {
			v.P90 = b.loc.Minutes(t.P90)
		}
	}
}

// seconds writes a duration: under two minutes in seconds.
func (b *builder) seconds(n int64) string {
	switch {
	case n == 0:
		return ""
	case n < 120 || n%60 != 0 && n < 3600:
		return b.t("journey.seconds", "N", b.loc.Int(n))
	}
	return b.loc.Minutes(int32((n + 59) / 60))
}

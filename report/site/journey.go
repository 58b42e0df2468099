package site

import (
	"fmt"
	"html/template"
	"math"

	"parcours/internal/tomlpos"
	"parcours/journey"
	"parcours/report/dataset"
)

// journeyModel is the page of one map.
type journeyModel struct {
	Heading, Lede string
	Review        string // banner of a map past its review date, "" none
	Facts         []fact
	Map           mapView
	Parts         []mapView // for paper, when the map is too long for a sheet
	Finding, Sub  string
	CSV, CSVName  string
	Source        string
	Frictions     []frictionView
	FrictionsHead string
	Opps          []oppView
	OppsHead      string
	Quotes        []quoteView
	Personas      []personaView
	SLAs          []slaView
	Maps          []mapLink // every map of the site, when there are several
	Advice        bool      // there are recommendations to link to
}

// mapLink leads to a map of the site.
type mapLink struct {
	Title, Slug string
	Current     bool
}

// fact is one line under the opening of a map.
type fact struct{ Name, Text string }

// journeyPages are the pages of the journey maps.
func (b *builder) journeyPages() []page {
	var out []page
	for i, m := range b.Maps {
		// The navigation has one place for all maps; each map leads to the others.
		label := ""
		if i == 0 {
			label = b.t("nav.journey")
		}
		model := b.journey(m, b.written[i])
		out = append(out, page{
			Slug: "journey-" + m.ID, Template: "journey", Class: "journey", Title: m.Title, NavLabel: label,
			NavOrder: navJourney + min(i, navRecommendations-navJourney-1), Description: model.Heading + ". " + model.Lede, Model: model,
		})
	}
	return out
}

// journey makes the page of a map; written is the same map before its texts were set.
func (b *builder) journey(m, written *journey.Map) journeyModel {
	points := b.mapPoints(m)
	markWorst(points)
	v := journeyModel{
		Heading: b.journeyHeading(m, points), Lede: b.journeyLede(m, points), Review: b.reviewBanner(m), Facts: b.mapFacts(m),
		Map: b.mapView(m, points), Parts: b.mapParts(m, points), Quotes: b.quoteViews(m), Personas: b.personaViews(m), SLAs: b.slaViews(m),
		Advice: len(b.Advice.Recommendations) > 0,
	}
	v.Frictions, v.FrictionsHead = b.frictionViews(m), b.frictionsFinding(m)
	v.Opps, v.OppsHead = b.oppViews(m), b.oppsFinding(m)
	v.Finding, v.Sub, v.Source = b.mapFinding(m, points), b.mapSub(m, v.Map), b.mapSource(m, v.Map)
	for _, other := range b.Maps {
		if len(b.Maps) > 1 {
			v.Maps = append(v.Maps, mapLink{other.Title, "journey-" + other.ID, other == m})
		}
	}
	t := b.mapTable(written, b.mapPoints(written))
	v.CSV, v.CSVName = b.table(t), t.ID+".csv"
	return v
}

// extremes are the touchpoints with the lowest and the highest mean valence; of equals, the more intense, then the
// first for the low and the last for the high, so that a flat map names two places.
func extremes(points []*pointView) (low, high *pointView) {
	for _, p := range points {
		if !p.felt {
			continue
		}
		if low == nil || p.mean < low.mean || p.mean == low.mean && p.tp.Intensity > low.tp.Intensity {
			low = p
		}
		if high == nil || p.mean > high.mean || p.mean == high.mean && p.tp.Intensity >= high.tp.Intensity {
			high = p
		}
	}
	return low, high
}

// felt is "anxiété, −2", "frustration ou satisfaction, −0,5".
func (b *builder) felt(p *pointView) string {
	words := ""
	for i, e := range p.tp.Feelings[0].Emotions {
		if i > 0 {
			words = b.t("journey.or", "First", words, "Second", e.Word)
			continue
		}
		words = e.Word
	}
	if words == "" {
		return b.valence(p.mean)
	}
	return words + b.t("journey.comma") + b.valence(p.mean)
}

// valence writes a signed value: a whole one without decimals.
func (b *builder) valence(v float64) string {
	if v == math.Trunc(v) {
		return b.loc.SignedInt(int64(v))
	}
	return b.loc.SignedDec(v, 1)
}

// closedSentence is "1 friction sur 2 est close".
func (b *builder) closedSentence(m *journey.Map) string {
	total, closed := len(m.Frictions), 0
	for _, f := range m.Frictions {
		if !f.Open() {
			closed++
		}
	}
	switch {
	case total == 0:
		return b.t("journey.no_friction")
	case closed == 0:
		return b.t("journey.none_closed", "Count", total)
	}
	return b.t("journey.closed", "Count", closed, "Total", b.loc.Int(int64(total)))
}

func (b *builder) date(d tomlpos.Date) string {
	if d.IsZero() {
		return ""
	}
	return b.loc.Day(dataset.Day(d.Days()))
}

// stale reports whether the map is past its review date at the end of the data.
func (b *builder) stale(m *journey.Map) bool {
	due := m.ReviewDue()
	return !due.IsZero() && dataset.Day(due.Days()) < b.Results.Manifest.AsOf
}

func (b *builder) reviewBanner(m *journey.Map) string {
	if !b.stale(m) {
		return ""
	}
	return b.t("journey.stale", "Due", b.date(m.ReviewDue()), "Updated", b.date(m.Updated))
}

func (b *builder) mapFacts(m *journey.Map) []fact {
	var out []fact
	add := func(id, text string) {
		if text != "" {
			out = append(out, fact{b.t("journey.fact." + id), text})
		}
	}
	if title := m.Title; title != "" {
		add("map", title)
	}
	names := make([]string, len(m.Personas))
	for i, p := range m.Personas {
		names[i] = shortName(m, p.ID) // a list of "Léa, 29 ans" would be one of commas
		if len(m.Personas) == 1 {
			names[i] = p.Name
			if p.Role != "" {
				names[i] += b.t("journey.comma") + p.Role
			}
		}
	}
	if len(names) > 0 {
		out = append(out, fact{b.t("journey.fact.personas", "Count", len(names)), b.loc.List(names)})
	}
	add("scenario", m.Scenario)
	add("goal", m.Goal)
	add("owner", m.Owner)
	if !m.Updated.IsZero() {
		text := b.date(m.Updated)
		if due := m.ReviewDue(); !due.IsZero() && !b.stale(m) {
			text = b.t("journey.updated_review", "Updated", text, "Due", b.date(due))
		}
		add("updated_"+m.State, text)
	} else {
		add("state", b.t("journey.state."+m.State))
	}
	return out
}

// mapFinding is the heading of the map: where the heaviest open friction is, else how many touchpoints are below zero.
func (b *builder) mapFinding(m *journey.Map, points []*pointView) string {
	if f := heaviest(m); f != nil {
		return b.t("journey.finding_friction", "Friction", f.Title, "Criticality", b.loc.Int(int64(f.Criticality())), "Places", b.places(m, f.On))
	}
	below := 0
	for _, p := range points {
		if p.felt && p.mean < 0 {
			below++
		}
	}
	if below == 0 {
		return b.t("journey.finding_fine", "Count", len(points))
	}
	return b.t("journey.finding_below", "Count", below, "Total", b.loc.Int(int64(len(points))))
}

// heaviest is the open friction of the highest criticality, nil without one.
func heaviest(m *journey.Map) *journey.Friction {
	var top *journey.Friction
	for i := range m.Frictions {
		f := &m.Frictions[i]
		if f.Open() && (top == nil || f.Criticality() > top.Criticality()) {
			top = f
		}
	}
	return top
}

// places names touchpoints and whole stages: "Page de paiement et Chat en direct".
func (b *builder) places(m *journey.Map, ids []string) string {
	var names []string
	for _, id := range ids {
		for _, s := range m.Stages {
			if s.ID == id {
				names = append(names, b.t("journey.whole_stage", "Stage", s.Name))
			}
			for _, t := range s.Touchpoints {
				if t.ID == id {
					names = append(names, t.Name)
				}
			}
		}
	}
	return b.loc.List(names)
}

func (b *builder) mapSub(m *journey.Map, v mapView) string {
	text := b.t("journey.sub")
	if len(v.Others) > 0 {
		text += " " + b.t("journey.sub_personas", "Names", b.loc.List(v.Others))
	}
	if v.Measured {
		text += " " + b.t("journey.sub_measured", "Min", b.loc.Int(fewAnswers))
	}
	return text
}

func (b *builder) mapSource(m *journey.Map, v mapView) string {
	text := b.t("journey.source")
	if !m.Updated.IsZero() {
		text += " " + b.t("journey.source_map", "Date", b.date(m.Updated))
	}
	if r := b.Results.Funnel; r != nil && r.HasPeriod && (v.Measured || v.Reached || v.Lost) {
		text += " " + b.t("journey.source_data", "Period", b.period(r.Period))
	}
	return text
}

// stageLabel is the name of a lifecycle stage, renamed by the site or from the catalogue.
func (b *builder) stageLabel(id string) string {
	if id == "" {
		return ""
	}
	if name := b.Config.Stages[id]; name != "" {
		return b.loc.Text(name)
	}
	return b.t("journey.cycle." + id)
}

// channelLabel is the name of a channel.
func (b *builder) channelLabel(m *journey.Map, id string) string {
	if id == "" {
		return ""
	}
	if c := m.Channels[id]; c.Name != "" {
		return c.Name
	}
	if key := "journey.channel." + id; b.loc.Has(key) {
		return b.t(key)
	}
	return id
}

// starMark is the mark of a moment of truth; the word beside it is for who cannot see it.
func (b *builder) starMark() template.HTML {
	return template.HTML(fmt.Sprintf( //nolint:gosec // one escaped text
		`<svg class="star" width="11" height="11" viewBox="0 0 12 12" aria-hidden="true" focusable="false"><path d="M6 .6 7.7 4.3 11.7 4.7 8.7 7.4 9.6 11.4 6 9.3 2.4 11.4 3.3 7.4 .3 4.7 4.3 4.3Z"/></svg><span class="vh">%s</span>`,
		template.HTMLEscapeString(b.t("journey.moment"))))
}

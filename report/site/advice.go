package site

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"parcours/journey"
	"parcours/report/chart"
	"parcours/report/measure"
	"parcours/report/recommend"
)

// adviceModel is the page of recommendations.
type adviceModel struct {
	Heading, Lede string
	Overview      *overviewView // nil when nothing triggers or nothing has an estimate
	Sheets        []sheetView
	Skipped       []skippedView
	SkippedHead   string
	Quiet         string
}

// overviewView compares the values at stake.
type overviewView struct {
	Finding, Sub string
	Wide, Narrow template.HTML
	Table        tableView
	CSV, CSVName string
	Unvalued     string // recommendations without an estimate, "" none
}

// sheetView is one recommendation.
type sheetView struct {
	ID, Title, Why, Contra string
	Ordinal                int
	Stake, Formula         string // "" without an estimate
	Stage, Owner           string
	Effort                 string
	Dots                   template.HTML
	Permanent, OneOff      []string
	Evidence               []evidenceView
	Places                 []placeLink
	EvidenceLabel          string
}

// evidenceView is one figure that triggered a recommendation; Page is the slug of the page that shows it.
type evidenceView struct{ Label, Value, Interval, N, Page string }

type placeLink struct{ Href, Page, Text string }

// skippedView is a missing figure and the titles of the plays that wait for it.
type skippedView struct {
	Figure string
	Plays  []string
}

// advicePages is the page of recommendations.
func (b *builder) advicePages() []page {
	list := b.Advice.Recommendations
	m := adviceModel{
		Heading: b.t("advice.nothing"), Lede: b.t("advice.nothing_lede", "Count", b.Advice.Quiet),
		Skipped: b.skipped(), Overview: b.adviceOverview(list),
	}
	if len(list) > 0 {
		m.Heading, m.Lede = b.t("advice.heading", "Count", len(list)), b.t("advice.lede")
		m.Quiet = b.t("advice.quiet", "Count", b.Advice.Quiet)
	}
	if n := len(b.Advice.Skipped); n > 0 {
		m.SkippedHead = b.t("advice.skipped", "Count", n)
	}
	for i, r := range list {
		m.Sheets = append(m.Sheets, b.sheet(i+1, r))
	}
	return []page{{
		Slug: "recommendations", Template: "recommendations", Class: "recs", Title: b.t("nav.recommendations"), NavLabel: b.t("nav.recommendations"),
		NavOrder: navRecommendations, Description: m.Heading, Model: m,
	}}
}

// expand writes the figures that a text of a play quotes.
func (b *builder) expand(r recommend.Recommendation, text string) string {
	return b.loc.Text(recommend.Expand(text, r.Figures, b.figureText))
}

func (b *builder) expandAll(r recommend.Recommendation, texts map[string][]string) []string {
	for _, lang := range []string{b.lang, b.Config.Languages[0], "en", "fr"} {
		if list := texts[lang]; len(list) > 0 {
			out := make([]string, len(list))
			for i, s := range list {
				out[i] = b.expand(r, s)
			}
			return out
		}
	}
	return nil
}

func (b *builder) sheet(ordinal int, r recommend.Recommendation) sheetView {
	p := r.Play
	effort := min(max(p.Effort, 1), 5)
	title := b.expand(r, b.localised(p.Title))
	v := sheetView{
		ID: p.ID, Ordinal: ordinal, Title: title, Why: b.expand(r, b.localised(p.Why)), Contra: b.expand(r, b.localised(p.Contra)),
		Stage: b.stageLabel(p.Stage), Owner: b.expand(r, b.localised(p.Owner)), Effort: b.t("advice.effort." + strconv.Itoa(effort)), Dots: b.dots(effort),
		Permanent: b.expandAll(r, p.Permanent), OneOff: b.expandAll(r, p.OneOff),
		EvidenceLabel: b.t("advice.evidence_of", "Number", strconv.Itoa(ordinal)),
	}
	if r.Value != nil {
		v.Stake = b.stake(*r.Value)
		v.Formula = b.expand(r, b.localised(p.Formula))
	}
	for _, f := range r.Evidence {
		v.Evidence = append(v.Evidence, b.evidence(f))
	}
	for _, l := range r.Touchpoints {
		v.Places = append(v.Places, b.placeLink(l))
	}
	return v
}

// stake is "20,6 k€ à 36,3 k€".
func (b *builder) stake(s recommend.Stake) string {
	low, high := b.loc.MoneyCompact(s.Low), b.loc.MoneyCompact(s.High)
	if low == high {
		return low
	}
	return b.t("advice.range", "Low", low, "High", high)
}

func (b *builder) evidence(f measure.Figure) evidenceView {
	v := evidenceView{Label: b.figureLabel(f.Name), Value: b.figureText(f), Page: b.figurePage(f)}
	if f.Known && f.HasInterval {
		v.Interval = b.t("advice.range", "Low", b.unitText(f, f.Low), "High", b.unitText(f, f.High))
	}
	if f.N > 0 {
		v.N = b.loc.Int(f.N)
	}
	return v
}

// figureLabel is the name of a figure for a reader.
func (b *builder) figureLabel(name string) string {
	if key := "figure." + name; b.loc.Has(key) {
		return b.t(key)
	}
	return name
}

// figurePage is the slug of the page that shows a figure.
func (b *builder) figurePage(f measure.Figure) string {
	switch {
	case f.Page == "overview":
		return "index"
	case f.Page == "journey" && len(b.Maps) > 0:
		return "journey-" + b.Maps[0].ID
	}
	return f.Page
}

// placeLink leads to a place of a map, by its name in the version that this language shows. A place that this version
// lacks has the name of the other one, and the link leads to the top of the map.
func (b *builder) placeLink(l recommend.Link) placeLink {
	p := placeLink{Page: "journey-" + l.Map, Text: b.loc.Text(l.Title)}
	p.Href = p.Page
	if l.Kind == recommend.ToFriction {
		if f := b.friction(l.Map, l.ID); f != nil {
			p.Href, p.Text = p.Page+"#fr-"+f.ID, f.Title
		}
		p.Text = b.t("advice.friction_link", "Title", p.Text, "Criticality", strconv.Itoa(l.Criticality))
		return p
	}
	for _, m := range b.Maps {
		for _, s := range m.Stages {
			for _, t := range s.Touchpoints {
				if m.ID == l.Map && t.ID == l.ID {
					p.Href, p.Text = p.Page+"#tp-"+t.ID, t.Name
				}
			}
		}
	}
	return p
}

// friction finds a friction of the maps that figures come from in the version that this language shows: by its id,
// else, because the id of a shorthand is made of its words, by its place in the list.
func (b *builder) friction(id, friction string) *journey.Friction {
	for i, m := range b.counted {
		if m.ID != id {
			continue
		}
		shown := b.Maps[i].Frictions
		k := slices.IndexFunc(shown, func(f journey.Friction) bool { return f.ID == friction })
		if k < 0 {
			k = slices.IndexFunc(m.Frictions, func(f journey.Friction) bool { return f.ID == friction })
		}
		if k >= 0 && k < len(shown) {
			return &shown[k]
		}
	}
	return nil
}

// dots are the effort as five discs.
func (b *builder) dots(effort int) template.HTML {
	var o strings.Builder
	o.WriteString(`<svg class="effort" width="72" height="12" viewBox="0 0 72 12" role="img" aria-label="` + esc(b.t("advice.effort_of", "Effort", strconv.Itoa(effort))) + `" focusable="false">`)
	for i := range 5 {
		class := "off"
		if i < effort {
			class = "on"
		}
		o.WriteString(`<circle cx="` + strconv.Itoa(7+14*i) + `" cy="6" r="4.5" class="` + class + `"/>`)
	}
	o.WriteString("</svg>")
	return template.HTML(o.String()) //nolint:gosec // numbers, classes and one escaped text
}

// skipped groups the plays that could not be judged by the figure they miss.
func (b *builder) skipped() []skippedView {
	plays := map[string][]string{}
	for _, s := range b.Advice.Skipped {
		plays[s.Figure] = append(plays[s.Figure], b.skippedTitle(s))
	}
	var out []skippedView
	for _, figure := range sortedKeys(plays) {
		out = append(out, skippedView{b.figureLabel(figure), plays[figure]})
	}
	slices.SortStableFunc(out, func(x, y skippedView) int { return cmp.Compare(x.Figure, y.Figure) })
	return out
}

// skippedTitle is the title of a play, its id when it has none. A figure that it quotes may be the one that is missing.
func (b *builder) skippedTitle(s recommend.Skipped) string {
	title := b.localised(s.Title)
	if title == "" {
		return s.ID
	}
	figures := append(recommend.MapFigures(b.counted, b.Results.Manifest.AsOf), b.Results.Figures()...)
	return b.loc.Text(recommend.Expand(title, figures, b.figureText))
}

// adviceOverview compares the values at stake, nil when no recommendation has an estimate.
func (b *builder) adviceOverview(list []recommend.Recommendation) *overviewView {
	var bars []stakeBar
	unvalued := 0
	for i, r := range list {
		if r.Value == nil {
			unvalued++
			continue
		}
		bars = append(bars, stakeBar{title: strconv.Itoa(i+1) + ". " + b.expand(r, b.localised(r.Play.Title)), text: b.stake(*r.Value), stake: *r.Value})
	}
	t := b.adviceTable(list)
	if len(bars) == 0 {
		if len(list) > 0 {
			b.table(t)
		}
		return nil
	}
	v := &overviewView{Finding: b.overviewFinding(list), Sub: b.t("advice.sub"), CSV: b.table(t), CSVName: t.ID + ".csv", Table: b.tableView(t)}
	v.Table.Label = t.Caption
	v.Wide, v.Narrow = b.stakeChart(bars, wideStakes), b.stakeChart(bars, narrowStakes)
	if unvalued > 0 {
		v.Unvalued = b.t("advice.unvalued", "Count", unvalued)
	}
	return v
}

// overviewFinding speaks of the first recommendation that has an estimate.
func (b *builder) overviewFinding(list []recommend.Recommendation) string {
	for i, r := range list {
		if r.Value == nil {
			continue
		}
		effort := b.t("advice.effort." + strconv.Itoa(min(max(r.Play.Effort, 1), 5)))
		if i == 0 {
			return b.t("advice.finding", "Stake", b.stake(*r.Value), "Effort", effort)
		}
		return b.t("advice.finding_other", "Number", strconv.Itoa(i+1), "Stake", b.stake(*r.Value), "Effort", effort)
	}
	return ""
}

func (b *builder) adviceTable(list []recommend.Recommendation) chart.Table {
	t := chart.Table{ID: "recommendations", Caption: b.t("advice.stakes"), Columns: []chart.Column{
		{Name: b.t("advice.col.recommendation"), Key: "id"},
		{Name: b.t("advice.col.stage"), Key: "stage"},
		{Name: b.t("advice.col.low"), Key: "low_minor", Num: true},
		{Name: b.t("advice.col.mid"), Key: "value_minor", Num: true},
		{Name: b.t("advice.col.high"), Key: "high_minor", Num: true},
		{Name: b.t("advice.col.effort"), Key: "effort", Num: true},
	}}
	for _, r := range list {
		cells := []chart.Cell{
			{Text: b.expand(r, b.localised(r.Play.Title)), Raw: r.Play.ID, Link: "#" + r.Play.ID},
			{Text: b.stageLabel(r.Play.Stage), Raw: r.Play.Stage},
		}
		if s := r.Value; s != nil {
			for _, v := range []float64{s.Low, s.Mid, s.High} {
				cells = append(cells, chart.Cell{Text: b.loc.MoneyRound(v), Raw: strconv.FormatFloat(v, 'f', 0, 64)})
			}
		} else {
			cells = append(cells, chart.Cell{Text: b.t("content.unknown")}, chart.Cell{Text: b.t("content.unknown")}, chart.Cell{Text: b.t("content.unknown")})
		}
		n := strconv.Itoa(r.Play.Effort)
		t.Rows = append(t.Rows, chart.Row{Cells: append(cells, chart.Cell{Text: n, Raw: n})})
	}
	return t
}

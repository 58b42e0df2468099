package site

import (
	"strings"

	"parcours/report/dataset"
)

// view is what the base template and a page's "main" get.
type view struct {
	Page      *page
	Model     any
	Lang      string
	Site      string // name in the masthead
	Logo      string // path of the brand's logo, "" none
	BrandCSS  string // path, "" none
	Edition   string // "octobre 2026", "" without a complete period
	Notice    string // banner of every page, "" none
	AsOf      string
	Zone      string
	Version   string
	Built     string
	LastWhole string // label of the last complete period, "" none
	MinCell   string
	Nav       []navItem
	Languages []langLink // empty with one language
	Charts    bool       // the page has a chart: it needs the scripts
}

type navItem struct {
	Label, Href string
	Current     bool
}

type langLink struct {
	Tag, Name, Href string
	Current         bool
}

func (b *builder) view(p *page) view {
	r := b.Results
	v := view{
		Page: p, Model: p.Model, Lang: b.lang, Site: b.siteName(), Logo: b.brand.logo, BrandCSS: b.brand.css,
		Notice: b.notice(), AsOf: b.loc.Day(r.Manifest.AsOf), Zone: b.zoneName(),
		Version: b.Version, Built: b.Built, MinCell: b.loc.Int(b.minCell()),
		Nav: b.nav(p.Slug), Languages: b.languageLinks(p.Slug), Charts: p.Charts || b.charts[p.Slug],
	}
	if c := r.KPI.Current; c >= 0 && c < len(r.KPI.Periods) {
		v.LastWhole = b.period(r.KPI.Periods[c].Period)
		v.Edition = v.LastWhole
	} else {
		v.Edition = v.AsOf
	}
	return v
}

func (b *builder) siteName() string {
	if b.Config.Brand.Name != "" {
		return b.Config.Brand.Name
	}
	return b.Config.Title
}

func (b *builder) notice() string {
	if text, ok := b.Config.Notice[b.lang]; ok {
		return b.loc.Text(text)
	}
	return b.loc.Text(b.Config.Notice[b.Config.Languages[0]])
}

func (b *builder) zoneName() string {
	if b.Results.Manifest.Zone != "" {
		return b.Results.Manifest.Zone
	}
	return "UTC"
}

func (b *builder) minCell() int64 {
	if b.Config.Report.MinCell > 0 {
		return b.Config.Report.MinCell
	}
	return 30
}

func (b *builder) grain() dataset.Grain {
	if g := b.Results.Manifest.Grain; g != "" {
		return g
	}
	return dataset.Month
}

// period is the full name of a period: "octobre 2026".
// Its year stays on the line of its month.
func (b *builder) period(p int32) string {
	s := b.loc.Period(b.Results.Calendar, b.grain(), p)
	if at := strings.LastIndexByte(s, ' '); at > 0 {
		return s[:at] + "\u00a0" + s[at+1:]
	}
	return s
}

// periodShort is the name for axes and tables: "oct. 2026".
func (b *builder) periodShort(p int32) string {
	return b.loc.PeriodShort(b.Results.Calendar, b.grain(), p)
}

func (b *builder) nav(current string) []navItem {
	var items []navItem
	for i := range b.pages {
		p := &b.pages[i]
		if p.NavLabel != "" {
			// The maps share one place.
			here := p.Slug == current || strings.HasPrefix(p.Slug, "journey-") && strings.HasPrefix(current, "journey-")
			items = append(items, navItem{p.NavLabel, b.href(p.Slug), here})
		}
	}
	return items
}

func (b *builder) languageLinks(slug string) []langLink {
	if len(b.Config.Languages) < 2 {
		return nil
	}
	links := make([]langLink, 0, len(b.Config.Languages))
	for _, lang := range b.Config.Languages {
		href := b.file(slug, lang)
		if !b.inLanguage(slug, lang) {
			href = b.file("index", lang)
		}
		links = append(links, langLink{lang, b.t("language." + lang), href, lang == b.lang})
	}
	return links
}

// inLanguage reports whether a page exists in another language; a Markdown page may be written in one only.
func (b *builder) inLanguage(slug, lang string) bool {
	found := false
	for _, p := range b.Pages {
		if p.Slug == slug {
			found = true
			if !p.Draft && (p.Lang == "" || p.Lang == lang) {
				return true
			}
		}
	}
	return !found
}

package site

import (
	"sort"
	"strings"

	"parcours/internal/diag"
	"parcours/journey"
	"parcours/report/chart"
	"parcours/report/i18n"
	"parcours/report/measure"
)

// shared is what the languages of a site have in common: assets, CSV files and the list of mistakes.
type shared struct {
	files  Files
	tables map[string]string // content of data/<id>.csv by id
	assets map[string]string // path under static/ → path in the site
	brand  brand
	diags  diag.List
}

// builder makes the pages of one language. Page kinds are methods xxxPage, one file each; they build sentences and
// formatted values from measure.Results and never compute a metric.
type builder struct {
	Input
	*shared
	written   []*journey.Map // the maps of this language as written, in the order of Maps
	counted   []*journey.Map // the maps that figures come from, the same in every language
	loc       *i18n.Locale
	lang      string
	isDefault bool
	pages     []page          // set before any page is written
	charts    map[string]bool // slugs of pages that have a chart
	failures  []error         // charts that could not be made: faults of this package
	figures   map[string]measure.Figure
}

// page is a page before it is written. The template of the file templates/<Template>.html defines "main" and gets a
// view, whose Model is this Model.
type page struct {
	Slug        string // file name without language and .html; "" no page (its input is absent)
	Template    string // file name in templates/ without .html
	Title       string // heading and <title>
	Description string // one sentence for <meta name="description">
	Class       string // class of <body>
	NavLabel    string // "" not in the navigation
	NavOrder    int    // tens: see the nav* constants
	Model       any
	Tables      []chart.Table // published as CSV, beside those given to b.table
	Charts      bool          // needs the chart library; b.figure sets it by slug
}

// Places in the navigation. Markdown pages use navContent + their order.
const (
	navIndex           = 0
	navRetention       = 10
	navValue           = 20
	navSegments        = 30
	navLifecycle       = 40
	navJourney         = 50
	navRecommendations = 60
	navContent         = 70
	navData            = 1000
	navMethods         = 1010
)

func sortPages(list []page) {
	sort.SliceStable(list, func(i, j int) bool { return list[i].NavOrder < list[j].NavOrder })
}

// t is a message of the catalogue; args alternate name and value.
func (b *builder) t(id string, args ...any) string { return b.loc.T(id, args...) }

// href is the relative link to a page in this builder's language; "slug#anchor" keeps the anchor.
func (b *builder) href(slug string) string {
	name, anchor, found := strings.Cut(slug, "#")
	if found {
		anchor = "#" + anchor
	}
	if name == "" {
		return anchor
	}
	return b.file(name, b.lang) + anchor
}

// file is the name of a page's file in a language: the default language has no suffix.
func (b *builder) file(slug, lang string) string {
	if lang == b.Config.Languages[0] {
		return slug + ".html"
	}
	return slug + "." + lang + ".html"
}

// has reports whether the site has a page; only valid while templates run, after all models exist.
func (b *builder) has(slug string) bool {
	for i := range b.pages {
		if b.pages[i].Slug == slug {
			return true
		}
	}
	return false
}

// table publishes a table as data/<id>.csv and returns its relative link. Keys and raw values do not depend on the
// language, so the languages share the file.
func (b *builder) table(t chart.Table) string {
	name := "data/" + t.ID + ".csv"
	if _, done := b.tables[t.ID]; !done {
		content := chart.CSV(t)
		b.tables[t.ID] = string(content)
		b.files[name] = content
	}
	return name
}

// Package site makes the pages: page models, Markdown, templates, links. It never computes a metric.
package site

import (
	"io/fs"

	"parcours/journey"
	"parcours/report/config"
	"parcours/report/measure"
	"parcours/report/recommend"
)

// Input is everything the pages are made from.
type Input struct {
	Config  *config.Site
	Results *measure.Results
	Maps    []*journey.Map // every version of every map
	Advice  recommend.Outcome
	Theme   fs.FS // overlay of the site's theme on the embedded one
	Project fs.FS // the folder of site.toml, for brand files and images
	Pages   []*Page
	Version string
	Built   string // the only printed build date, from SOURCE_DATE_EPOCH; "" not printed
}

// Page is a checked Markdown page of the project.
type Page struct {
	File   string // as in messages
	Slug   string // file name of the page without .html
	Lang   string // "" all languages
	Title  string
	Nav    string // label in the navigation, the title by default; "" with Hidden
	About  string // one sentence for search engines, "" the title
	Order  int
	Draft  bool
	Hidden bool   // not in the navigation
	Body   []byte // Markdown after the front matter
	Line   int    // line of the file where Body starts
}

// Files is a finished site: path with slashes → content.
type Files map[string][]byte

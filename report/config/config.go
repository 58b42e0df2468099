// Package config reads site.toml: values, defaults and every check that needs no data.
package config

import (
	"parcours/internal/diag"
	"parcours/internal/tomlpos"
	"parcours/report/cohort"
	"parcours/report/dataset"
	"parcours/report/measure"
)

// Site is a checked configuration. Paths are relative to Root, with slashes.
type Site struct {
	Root      string // absolute folder of site.toml
	File      string // as given, for messages
	Title     string
	Languages []string // first is the default; "fr" and "en" exist, themes and sites may add others
	Currency  string
	Digits    int
	Calendar  dataset.Calendar
	ZoneName  string
	Brand     Brand
	Theme     string            // folder under themes/, "" the embedded default
	Notice    map[string]string // banner on every page by language: "synthetic data"
	Report    Report
	Data      dataset.Tables
	Maps      []string // globs of journey maps
	Pages     string   // folder of Markdown pages, "" none
	Playbooks []string // globs of the site's own plays
	PlaysOff  []string // ids switched off
	Output    string   // "public"
	Memory    int64    // promised bytes of the process, 0 when not given
	// Incremental keeps the rows of files beside the site, so that files that did not change are not read again.
	Incremental bool
	Stages      map[string]string // labels of lifecycle stages renamed by the site
	Doc         *tomlpos.Doc      // positions, for checks that come later
}

// Brand is the shop's look.
type Brand struct {
	Name  string // "" the title
	Logo  string // file, SVG or PNG
	Color string // #rrggbb
	Dark  string // colour on dark ground, "" derived
	Face  string // font file (WOFF2) for headings, "" the theme's
}

// Report are the choices of the report.
type Report struct {
	AsOf        tomlpos.Date // zero: the last day in the data
	Grain       dataset.Grain
	Cohort      dataset.CohortBy
	Modes       []cohort.Mode
	Window      []int32
	Dimension   string
	MinCell     int64
	MaxDropped  float64
	Calibration tomlpos.Date                // last day from which models learn before they are tested; zero: chosen
	Options     measure.Options             // Margin, Active, Lost, Predict
	Warnings    map[diag.Code]diag.Severity // re-levelled warnings
	Silenced    []diag.Code                 // warnings switched off
}

package chart

import (
	"encoding/json"
	"fmt"

	"parcours/report/i18n"
)

// block is the content of a data block: the options, and what the page's script needs besides.
type block struct {
	Schema  int        `json:"schema"`
	ID      string     `json:"id"`
	Height  int        `json:"height"` // CSS pixels
	Label   string     `json:"label"`  // description for screen readers
	Format  Format     `json:"format"`
	Signs   i18n.Signs `json:"signs"`
	Partial int        `json:"partial"` // number of last categories in progress
	Words   words      `json:"words"`
	Series  []meta     `json:"series"` // one for each series of the options
	Legend  []key      `json:"legend"` // empty: lines are named where they end
	Option  any        `json:"option"`
}

type words struct {
	Partial  string `json:"partial"`
	Interval string `json:"interval"`
}

// meta tells the tooltip what an ECharts series is.
type meta struct {
	Source int    `json:"source"` // number of the series in the figure
	Part   part   `json:"part"`
	Name   string `json:"name"`
	Label  string `json:"label"` // at the end of the line
	Color  string `json:"color"`
	Back   bool   `json:"back"` // context: left out of a tooltip that would not fit
}

// key is one entry of the legend, which the page writes as text that wraps on a phone.
type key struct {
	Name  string `json:"name"`
	Color string `json:"color"`
	Shape string `json:"shape"` // "line", "dash", "dot" or "box"
}

// Options returns the data block of a figure: canonical JSON without "<", ">" and "&", the same bytes for the same
// spec and locale. The error names every mistake of the spec.
func Options(spec Spec, loc *i18n.Locale) ([]byte, error) {
	if err := spec.check(); err != nil {
		return nil, err
	}
	series := plan(spec)
	option, err := extract(build(spec, series))
	if err != nil {
		return nil, fmt.Errorf("chart %q: %w", spec.ID, err)
	}
	merge(option, overlay(spec, series))
	if err := sanitise(option); err != nil {
		return nil, fmt.Errorf("chart %q: %w", spec.ID, err)
	}
	b := block{
		Schema: 1, ID: spec.ID, Height: height(spec), Label: Description(spec, loc), Format: spec.Y, Signs: loc.Signs(),
		Partial: spec.Partial, Words: words{loc.T("chart.in_progress"), loc.T("chart.interval")},
		Legend: legend(spec), Option: option,
	}
	for _, d := range series {
		v := spec.Series[d.source]
		b.Series = append(b.Series, meta{d.source, d.part, label(v.Name), label(v.Label), color(looks[v.Role].token), v.Role == Context})
	}
	encoded, err := json.Marshal(b)
	if err != nil {
		return nil, fmt.Errorf("chart %q: %w", spec.ID, err)
	}
	return encoded, nil
}

// height is the height of the drawing in CSS pixels; bars that lie down have their height from their number.
func height(s Spec) int {
	switch {
	case s.Height > 0:
		return s.Height
	case s.Kind == HBar:
		return 24 + len(s.X)*(12+20*len(s.Series))
	}
	return 320
}

// legend lists the series that are not named on the chart itself. Context needs no name, one series neither.
func legend(s Spec) []key {
	out := []key{}
	direct := s.Kind == Line || s.Kind == Area
	named := true
	for i, v := range s.Series {
		if v.Role == Context || v.Label == "" && (forecast(s, i) || forecast(s, i+1) && s.Series[i+1].Label != "") {
			continue
		}
		named = named && direct && v.Label != ""
		out = append(out, key{label(v.Name), color(looks[v.Role].token), shape(s.Kind, v)})
	}
	if named || len(out) < 2 {
		return []key{}
	}
	return out
}

// forecast reports whether a series goes on with the one before it as a forecast: both have one entry, that of the one
// with a label, else of the first.
func forecast(s Spec, i int) bool {
	if i == 0 || i >= len(s.Series) || s.Kind != Line {
		return false
	}
	v, before := s.Series[i], s.Series[i-1]
	return v.Dashed && !before.Dashed && before.Label == "" && v.Role == before.Role
}

func shape(k Kind, v Series) string {
	switch {
	case k == Line && v.Dashed:
		return "dash"
	case k == Line:
		return "line"
	case k == Point:
		return "dot"
	}
	return "box"
}

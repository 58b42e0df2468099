package chart

import (
	"cmp"
	"math"
	"strings"

	"parcours/report/i18n"
)

// maxDescribed is the number of series that a description tells apart; a listener cannot hold more.
const maxDescribed = 4

// Description is the text for who cannot see the chart: the spec's own, or one from the data.
func Description(s Spec, loc *i18n.Locale) string {
	if s.Description != "" {
		return label(s.Description)
	}
	return Describe(s, loc)
}

// Describe says in a few sentences what a chart shows: its extent and, by series, first and last value, change,
// extremes and number of points. Periods in progress are left out and said to be.
func Describe(s Spec, loc *i18n.Locale) string {
	if len(s.X) == 0 {
		return ""
	}
	parts := []string{loc.T("chart.extent."+string(s.Kind), "First", label(s.X[0]), "Last", label(s.X[len(s.X)-1]),
		"Count", len(s.X))}
	described := 0
	for _, v := range s.Series {
		if v.Role == Context && len(s.Series) > 1 || described == maxDescribed {
			continue
		}
		described++
		parts = append(parts, s.describe(v, loc))
	}
	if rest := len(s.Series) - described; rest > 0 {
		parts = append(parts, loc.T("chart.more_series", "Count", rest))
	}
	for _, m := range s.Marks {
		if m.Label != "" {
			parts = append(parts, loc.T("chart.mark", "Label", label(m.Label), "Value", s.Y.Text(loc, m.Value)))
		}
	}
	if s.Split != nil && s.Split.Label != "" {
		parts = append(parts, loc.T("chart.split", "Label", label(s.Split.Label), "At", label(s.X[s.Split.At])))
	}
	if s.Partial > 0 {
		parts = append(parts, loc.T("chart.partial", "Count", s.Partial))
	}
	return strings.Join(parts, " ")
}

// describe is the sentence of one series.
func (s Spec) describe(v Series, loc *i18n.Locale) string {
	first, last, low, high, n := -1, -1, -1, -1, 0
	for i := range min(len(s.X)-s.Partial, len(v.Values)) {
		x := v.Values[i]
		if math.IsNaN(x) {
			continue
		}
		n++
		if first < 0 {
			first, low, high = i, i, i
		}
		last = i
		if x < v.Values[low] {
			low = i
		}
		if x > v.Values[high] {
			high = i
		}
	}
	name := cmp.Or(label(v.Name), label(s.YName), loc.T("chart.values"))
	at := func(i int) string { return s.Y.Text(loc, v.Values[i]) }
	switch {
	case n == 0:
		return loc.T("chart.series_empty", "Name", name)
	case n == 1:
		return loc.T("chart.series_one", "Name", name, "Value", at(first), "At", label(s.X[first]))
	case v.Values[low] == v.Values[high]:
		return loc.T("chart.series_flat", "Name", name, "Value", at(first))
	}
	args := []any{"Name", name, "Low", at(low), "LowAt", label(s.X[low]), "High", at(high), "HighAt", label(s.X[high])}
	if s.Kind == HBar {
		return loc.T("chart.series_extremes", args...)
	}
	args = append(args, "First", at(first), "Last", at(last), "Change", s.Y.Change(loc, v.Values[first], v.Values[last]))
	return loc.T("chart.series", args...)
}

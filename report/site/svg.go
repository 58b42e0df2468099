package site

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// Small drawings that sit in tables and beside key figures. They hold geometry and classes only; every text is
// escaped. Larger charts come from package chart.

const (
	sparkWidth, sparkHeight = 132.0, 36.0
	barWidth, barHeight     = 128.0, 10.0
	rangeWidth, rangeHeight = 200.0, 14.0
	fallWidth, fallHeight   = 240.0, 16.0
)

func num(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }

// spark draws a short series: a line, an open dot on the same season a year earlier (the first), a full one on now.
func spark(values []float64, alt string) template.HTML {
	if len(values) < 2 {
		return ""
	}
	low, high := bounds(values)
	points := make([]string, len(values))
	var first, last string
	for i, v := range values {
		x := 3 + (sparkWidth-8)*float64(i)/float64(len(values)-1)
		y := sparkHeight - 5 - (sparkHeight-10)*(v-low)/(high-low)
		points[i] = num(x) + "," + num(y)
		switch i {
		case 0:
			first = fmt.Sprintf(`<circle cx="%s" cy="%s" r="2.2" class="ref"/>`, num(x), num(y))
		case len(values) - 1:
			last = fmt.Sprintf(`<circle cx="%s" cy="%s" r="3.2" class="now"/>`, num(x), num(y))
		}
	}
	return template.HTML(fmt.Sprintf( //nolint:gosec // numbers and one escaped text
		`<svg class="spark" viewBox="0 0 %s %s" width="%s" height="%s" role="img" aria-label="%s" focusable="false"><polyline points="%s"/>%s%s</svg>`,
		num(sparkWidth), num(sparkHeight), num(sparkWidth), num(sparkHeight), html.EscapeString(alt),
		strings.Join(points, " "), first, last))
}

func bounds(values []float64) (low, high float64) {
	low, high = values[0], values[0]
	for _, v := range values {
		low, high = math.Min(low, v), math.Max(high, v)
	}
	if high-low < 1e-9 {
		low, high = low-1, high+1
	}
	return low, high
}

// bar draws a share of the longest bar of its column.
func bar(share float64, class string) template.HTML {
	share = math.Max(0, math.Min(1, share))
	return template.HTML(fmt.Sprintf( //nolint:gosec // numbers and a class of the theme
		`<svg class="chart inline" width="%s" height="%s" viewBox="0 0 %s %s" aria-hidden="true" focusable="false"><rect x="0" y="0" width="%s" height="%s" class="%s"/></svg>`,
		num(barWidth), num(barHeight), num(barWidth), num(barHeight), num(math.Max(share*barWidth, 0.5)), num(barHeight), class))
}

// rangeBar draws an interval with its estimate between 0 and limit; ref is a reference drawn as a hairline, NaN none.
func rangeBar(low, value, high, ref, limit float64) template.HTML {
	x := func(v float64) string { return num(4 + (rangeWidth-8)*math.Max(0, math.Min(1, v/limit))) }
	line := ""
	if !math.IsNaN(ref) {
		line = fmt.Sprintf(`<line x1="%s" y1="0" x2="%s" y2="%s" class="axis"/>`, x(ref), x(ref), num(rangeHeight))
	}
	mid := num(rangeHeight / 2)
	return template.HTML(fmt.Sprintf( //nolint:gosec // numbers only
		`<svg class="chart inline" width="%s" height="%s" viewBox="0 0 %s %s" aria-hidden="true" focusable="false">%s<line x1="%s" y1="%s" x2="%s" y2="%s" class="w-ci"/><circle cx="%s" cy="%s" r="3.5" class="f-brand"/></svg>`,
		num(rangeWidth), num(rangeHeight), num(rangeWidth), num(rangeHeight), line, x(low), mid, x(high), mid, x(value), mid))
}

// fall draws one step of a waterfall: from and to on a scale from low to high, with the zero line.
func fall(from, to, low, high float64, class string) template.HTML {
	x := func(v float64) float64 { return 2 + (fallWidth-4)*(v-low)/(high-low) }
	a, z := math.Min(x(from), x(to)), math.Max(x(from), x(to))
	return template.HTML(fmt.Sprintf( //nolint:gosec // numbers and a class of the theme
		`<svg class="chart inline" width="%s" height="%s" viewBox="0 0 %s %s" aria-hidden="true" focusable="false"><line x1="%s" y1="-6" x2="%s" y2="%s" class="axis"/><rect x="%s" y="0" width="%s" height="%s" class="%s"/></svg>`,
		num(fallWidth), num(fallHeight), num(fallWidth), num(fallHeight), num(x(0)), num(x(0)), num(fallHeight+6),
		num(a), num(math.Max(z-a, 1)), num(fallHeight), class))
}

package site

import (
	"fmt"
	"html/template"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"parcours/report/recommend"
)

// stakeBar is one interval of the overview.
type stakeBar struct {
	title, text string
	stake       recommend.Stake
}

// stakeLayout is one of the two widths in which every drawing exists; the style sheet shows one of them.
type stakeLayout struct {
	class      string
	width      float64
	chars      int  // of a line of text
	valueRight bool // value at the end of the title's line, else under it
	ticks      int
}

var (
	wideStakes   = stakeLayout{class: "at-wide", width: 736, chars: 72, valueRight: true, ticks: 5}
	narrowStakes = stakeLayout{class: "at-narrow", width: 348, chars: 46, ticks: 3}
)

// Geometry of the overview, in the units of its view box.
const (
	stakeTop    = 18.0 // room of the axis labels
	stakeLine   = 17.0 // one line of text
	stakeBand   = 10.0 // thickness of a bar
	stakeGap    = 20.0 // between two recommendations
	stakeMargin = 2.0
	stakeText   = 8.0 // the text keeps off the zero line
)

// stakeChart draws the intervals of the values at stake on one scale that starts at zero.
func (b *builder) stakeChart(bars []stakeBar, l stakeLayout) template.HTML {
	low, high := 0.0, 0.0
	for _, s := range bars {
		low, high = min(low, s.stake.Low), max(high, s.stake.High)
	}
	step := niceStep((high-low)/float64(l.ticks), math.Pow10(b.Results.Manifest.Digits))
	if high-low <= 0 {
		high = low + step
	}
	x := func(v float64) string {
		return num(stakeMargin + (l.width-2*stakeMargin)*(v-low)/(high-low))
	}
	rows, height := b.stakeRows(bars, l, x)
	var o strings.Builder
	fmt.Fprintf(&o, `<svg class="chart stakes %s" viewBox="0 0 %s %s" width="%s" height="%s" role="img" aria-label="%s" focusable="false">`,
		l.class, num(l.width), num(height), num(l.width), num(height), esc(b.stakeAlt(bars)))
	for k := math.Ceil(low / step); k*step <= high; k++ {
		v := k * step
		class, anchor := "grid", "middle"
		if k == 0 {
			class = "axis"
		}
		switch share := (v - low) / (high - low); {
		case share < 0.06:
			anchor = "start"
		case share > 0.94:
			anchor = "end"
		}
		fmt.Fprintf(&o, `<line x1="%s" x2="%s" y1="%s" y2="%s" class="%s"/><text x="%s" y="12" text-anchor="%s" class="tm">%s</text>`,
			x(v), x(v), num(stakeTop), num(height), class, x(v), anchor, esc(b.loc.MoneyCompact(v)))
	}
	o.WriteString(rows + "</svg>")
	return template.HTML(o.String()) //nolint:gosec // numbers, classes and escaped texts
}

func (b *builder) stakeRows(bars []stakeBar, l stakeLayout, x func(float64) string) (rows string, height float64) {
	var o strings.Builder
	y := stakeTop
	for _, s := range bars {
		for i, line := range wrap(s.title, l.chars) {
			y += stakeLine
			fmt.Fprintf(&o, `<text x="%s" y="%s" class="ts halo">%s</text>`, num(stakeText), num(y), esc(line))
			if i == 0 && l.valueRight {
				fmt.Fprintf(&o, `<text x="%s" y="%s" text-anchor="end" class="t halo">%s</text>`, num(l.width-stakeMargin), num(y), esc(s.text))
			}
		}
		if !l.valueRight {
			y += stakeLine
			fmt.Fprintf(&o, `<text x="%s" y="%s" class="t halo">%s</text>`, num(stakeText), num(y), esc(s.text))
		}
		y += 6
		from, to := x(s.stake.Low), x(s.stake.High)
		fmt.Fprintf(&o, `<line x1="%s" x2="%s" y1="%s" y2="%s" class="w-ci"/>`, from, to, num(y+stakeBand/2), num(y+stakeBand/2))
		for _, end := range []string{from, to} {
			fmt.Fprintf(&o, `<line x1="%s" x2="%s" y1="%s" y2="%s" class="axis"/>`, end, end, num(y-1), num(y+stakeBand+1))
		}
		fmt.Fprintf(&o, `<circle cx="%s" cy="%s" r="4" class="f-brand"/>`, x(s.stake.Mid), num(y+stakeBand/2))
		y += stakeBand + stakeGap - stakeLine/2
	}
	return o.String(), y
}

func (b *builder) stakeAlt(bars []stakeBar) string {
	parts := make([]string, len(bars))
	for i, s := range bars {
		parts[i] = b.t("advice.alt_item", "Title", s.title, "Stake", s.text)
	}
	return b.t("advice.alt", "List", strings.Join(parts, b.t("advice.alt_join")))
}

// niceStep is 1, 2 or 5 times a power of ten, at least raw, in multiples of a unit.
func niceStep(raw, unit float64) float64 {
	if raw <= 0 {
		return unit
	}
	raw /= unit
	power := math.Pow10(int(math.Floor(math.Log10(raw))))
	for _, k := range []float64{1, 2, 5} {
		if k*power >= raw {
			return k * power * unit
		}
	}
	return 10 * power * unit
}

// wrap breaks a text into lines of at most n characters at its spaces, not at no-break ones; three lines at most, the last one cut.
func wrap(text string, n int) []string {
	var lines []string
	line := ""
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) && r != '\u00a0' }) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= n:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	lines = append(lines, line)
	if len(lines) > 3 {
		lines = append(lines[:2:2], lines[2]+" …")
	}
	return lines
}

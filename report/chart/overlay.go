package chart

import (
	"fmt"
	"unicode/utf8"
)

// object shortens the overlays.
type object = map[string]any

// overlay is everything that go-echarts cannot say or says differently: the look of the report.
func overlay(s Spec, series []drawn) object {
	over := object{
		"animation": false, "useUTC": true, "aria": object{"enabled": false},
		"color": palette(s), "textStyle": text("ink2", fontSize),
		"tooltip": tooltip(s), "grid": grid(s),
		"xAxis": each{category(s)}, "yAxis": each{measure(s)},
	}
	if s.Kind == HBar {
		over["xAxis"], over["yAxis"] = each{measure(s)}, each{category(s)}
	}
	looks := make(each, len(series))
	marked := false
	for i, d := range series {
		looks[i] = seriesLook(s, d)
		if d.part == whole && !marked {
			marks(s, looks[i])
			marked = true
		}
	}
	over["series"] = looks
	return over
}

// palette replaces go-echarts' colours, which would beat the theme. Every series has its own colour besides.
func palette(s Spec) []any {
	out := make([]any, len(s.Series))
	for i, v := range s.Series {
		out[i] = color(looks[v.Role].token)
	}
	return out
}

func text(token string, size int) object {
	return object{"color": color(token), "fontFamily": face, "fontSize": size}
}

// halo is text over lines: the ground around its letters keeps it readable.
func halo(token string) object {
	return merged(text(token, tickSize), object{"textBorderColor": color("paper"), "textBorderWidth": 3})
}

// tooltip is drawn by the library itself: the HTML one needs inline styles, which the page forbids.
func tooltip(s Spec) object {
	pointer := object{"type": "line", "lineStyle": object{"color": color("rule2"), "width": 1, "type": "solid"}}
	if s.Kind == Bar || s.Kind == Stack || s.Kind == HBar {
		pointer = object{"type": "shadow", "shadowStyle": object{"color": color("wash"), "opacity": 0.6}}
	}
	return object{
		"show": true, "trigger": "axis", "renderMode": "richText", "confine": true, "formatter": "@fmt:tip",
		"axisPointer": pointer, "backgroundColor": color("paper"), "borderColor": color("rule2"), "borderWidth": 1,
		"padding": []any{8, 12}, "textStyle": text("ink", fontSize), "shadowBlur": 0, "shadowOffsetX": 0, "shadowOffsetY": 0, "borderRadius": 2,
	}
}

func grid(s Spec) object {
	g := object{"left": 2, "right": 12, "top": 12, "bottom": 4, "containLabel": true}
	if s.Kind == HBar {
		g["left"], g["right"] = 8, 78 // the value beside the longest bar
		if len(s.Marks) > 0 {
			g["top"] = 24
		}
	} else if s.YName != "" || s.Split != nil {
		g["top"] = 32
	}
	if s.XName != "" && s.Kind != HBar {
		g["bottom"] = 26
	}
	if w := endWidth(s); w > 0 {
		g["right"] = w + 12
	}
	return g
}

// endWidth is the room for the labels at the end of lines: about seven pixels a character, on several lines when long.
func endWidth(s Spec) int {
	if s.Kind != Line && s.Kind != Area {
		return 0
	}
	w := 0
	for _, v := range s.Series {
		w = max(w, 7*utf8.RuneCountInString(v.Label))
	}
	return min(w, endRoom)
}

// fewBars is how many bars may each have their name.
const fewBars = 10

// category is the axis of labels.
func category(s Spec) object {
	a := object{
		"type": "category", "axisTick": object{"show": false},
		"axisLine":  object{"show": true, "lineStyle": object{"color": color("rule2"), "width": 1}},
		"axisLabel": merged(text("ink3", tickSize), object{"show": true, "hideOverlap": true}),
		"splitLine": object{"show": false},
	}
	switch s.Kind {
	case HBar:
		a["inverse"] = true
		a["axisLine"] = object{"show": false}
		a["axisLabel"] = merged(text("ink", fontSize), object{"show": true, "interval": 0, "width": 150, "overflow": "truncate", "ellipsis": "…"})
		return a
	case Bar:
		if len(s.X) <= fewBars { // every bar has its name where there is room: the default drops every other one early
			merge(a, object{"axisLabel": object{"interval": 0}})
		}
	case Line, Area:
		a["boundaryGap"] = false
		merge(a, object{"axisLabel": object{"alignMinLabel": "left", "alignMaxLabel": "right"}})
	}
	if s.XName != "" {
		a["name"], a["nameLocation"], a["nameGap"], a["nameTextStyle"] = label(s.XName), "middle", 28, text("ink3", tickSize)
	}
	return a
}

// measure is the axis of values.
func measure(s Spec) object {
	a := object{
		"type": "value", "axisTick": object{"show": false}, "axisLine": object{"show": false}, "splitNumber": 4,
		"axisLabel": merged(text("ink3", tickSize), object{"show": true, "formatter": "@fmt:axis"}),
		"splitLine": object{"show": true, "lineStyle": object{"color": color("rule"), "width": 1}},
	}
	if s.YMax > 0 {
		a["max"] = s.YMax
		if s.Y == Percent && s.YMax == 1 {
			a["interval"] = .25 // the automatic step is 30%, with 90% and 100% on top of each other
		}
	}
	if s.Y == Integer || s.Y == Days {
		a["minInterval"] = 1
	}
	if s.Kind == Point {
		a["scale"] = true // dots are read by position: they need no zero
	}
	if s.Kind == HBar {
		if m := longest(s); m > 0 && s.YMax == 0 {
			a["max"] = m // the longest bar fills the width
		}
		a["axisLabel"], a["splitLine"] = object{"show": false}, object{"show": false} // each bar has its value
	} else if s.YName != "" {
		a["name"], a["nameLocation"], a["nameGap"] = label(s.YName), "end", 12
		a["nameTextStyle"] = merged(text("ink3", tickSize), object{"align": "left"})
	}
	return a
}

// longest is the largest value or mark; 0 when a value is negative.
func longest(s Spec) float64 {
	m := 0.0
	for _, v := range s.Series {
		for _, x := range v.Values {
			if x < 0 {
				return 0
			}
			if x > m {
				m = x
			}
		}
	}
	for _, k := range s.Marks {
		m = max(m, k.Value)
	}
	return m
}

func merged(a, b object) object {
	merge(a, b)
	return a
}

// marks adds the reference lines to the first series, and to areas a wash over what is in progress.
func marks(s Spec, o object) {
	if s.Kind == Area && s.Partial > 0 && len(s.X) > 1 {
		from := max(len(s.X)-1-s.Partial, 0)
		o["markArea"] = object{
			"silent": true, "z": 6, "itemStyle": object{"color": color("paper"), "opacity": 0.55},
			"data": []any{[]any{object{"xAxis": from}, object{"xAxis": len(s.X) - 1}}},
		}
	}
	if len(s.Marks) == 0 && s.Split == nil {
		return
	}
	at, position := "yAxis", "insideEndTop"
	switch s.Kind {
	case HBar:
		at, position = "xAxis", "start" // the top: categories run downwards
	case Line, Area:
		position = "insideStartTop" // lines have their names at the other end
	}
	var data []any
	for _, m := range s.Marks {
		token := looks[m.Role].token
		data = append(data, object{
			at: m.Value, "name": label(m.Label),
			"lineStyle": object{"color": color(token), "width": 1.25, "type": "dashed", "opacity": 1},
			"label":     merged(text("ink2", tickSize), object{"show": m.Label != "", "position": position, "formatter": "@fmt:mark"}),
		})
	}
	if s.Split != nil {
		data = append(data, object{
			"xAxis": s.Split.At, "name": label(s.Split.Label),
			"lineStyle": object{"color": color("care"), "width": 1.25, "type": "dotted", "opacity": 1},
			"label":     merged(text("ink2", tickSize), object{"show": s.Split.Label != "", "position": "end", "formatter": "@fmt:mark"}),
		})
	}
	o["markLine"] = object{"silent": true, "symbol": "none", "animation": false, "data": data}
}

func stack(name string, i int) string { return fmt.Sprintf("%s%d", name, i) }

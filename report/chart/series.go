package chart

import "math"

// seriesLook is the overlay of one ECharts series.
func seriesLook(s Spec, d drawn) object {
	v := s.Series[d.source]
	l := looks[v.Role]
	o := object{
		"emphasis": object{"disabled": true}, "progressive": 0, "cursor": "default", "z": l.z,
		"color": color(l.token), "itemStyle": object{"color": color(l.token)},
	}
	switch {
	case d.part == base || d.part == band:
		intervalLook(s, d, o)
	case s.Kind == Line:
		lineLook(d, v, l, o)
	case s.Kind == Area:
		areaLook(v, l, o)
	case s.Kind == Point:
		o["symbol"], o["symbolSize"] = "circle", 9
		last(s, d, o, object{"color": color("paper"), "borderColor": color(l.token), "borderWidth": 1.5})
		merge(o["itemStyle"].(object), object{"opacity": 1})
	default:
		barLook(s, d, v, l, o)
	}
	return o
}

func lineLook(d drawn, v Series, l look, o object) {
	style := object{"color": color(l.token), "width": l.width, "type": "solid", "cap": "round", "join": "round"}
	if v.Dashed || d.part == tail {
		style["type"] = "dashed"
	}
	o["lineStyle"], o["symbol"], o["symbolSize"] = style, l.symbol, 5
	o["showSymbol"] = points(d.values) < 2 || v.Role != Context && len(d.values) <= noSymbols
	if d.part == tail {
		merge(o["itemStyle"].(object), object{"color": color("paper"), "borderColor": color(l.token), "borderWidth": 1.25})
	}
	if !d.continued {
		endLabel(v, o)
	}
}

// endLabel names a line where it ends. The page moves names apart that would overlap (parcours.js): the library's own
// way leaves them half over each other.
func endLabel(v Series, o object) {
	if v.Label == "" {
		return
	}
	token := "ink"
	switch v.Role {
	case Context:
		token = "ink3"
	case Main, Good, Bad, Cost: // dark enough for letters
		token = looks[v.Role].token
	}
	o["endLabel"] = merged(halo(token), object{
		"show": true, "formatter": "@fmt:end", "distance": 8, "width": endRoom, "overflow": "break", "valueAnimation": false,
	})
}

func areaLook(v Series, l look, o object) {
	o["stack"], o["stackStrategy"], o["symbol"], o["showSymbol"] = "total", "all", "none", false
	o["lineStyle"] = object{"color": color("paper"), "width": 1, "type": "solid"}
	o["areaStyle"] = object{"color": color(l.token), "opacity": 1}
	endLabel(v, o)
}

func barLook(s Spec, d drawn, v Series, l look, o object) {
	o["barMaxWidth"], o["barCategoryGap"], o["barGap"] = 40, "32%", "8%"
	switch s.Kind {
	case Stack:
		o["stack"], o["stackStrategy"] = "total", "samesign" // what is lost goes below zero
		merge(o["itemStyle"].(object), object{"borderColor": color("paper"), "borderWidth": 0.5})
	case HBar:
		o["barMaxWidth"] = 22
		o["label"] = merged(text("ink", tickSize), object{"show": true, "position": "right", "formatter": "@fmt:value"})
	}
	style := object{"decal": object{
		"symbol": "rect", "color": color("paper"), "dashArrayX": []any{1, 0}, "dashArrayY": []any{2, 4}, "rotation": -math.Pi / 4,
	}}
	if v.Dashed { // a projection is hatched all along
		merge(o["itemStyle"].(object), style)
		return
	}
	if v.Role != Context { // what stands behind for comparison is an earlier, complete period
		last(s, d, o, style)
	}
}

// intervalLook draws an interval as two stacked series: an invisible floor and the width. On lines they are areas,
// under dots they are thin bars.
func intervalLook(s Spec, d drawn, o object) {
	token := looks[s.Series[d.source].Role].token
	o["silent"], o["z"], o["stack"], o["stackStrategy"] = true, 1, stack("band", d.source), "all"
	if s.Kind == Point {
		o["barWidth"], o["barGap"] = 4, "-100%"
		o["itemStyle"] = object{"color": color("rule2")}
		if d.part == base {
			o["itemStyle"] = object{"color": "transparent"}
		}
		return
	}
	o["symbol"], o["showSymbol"], o["lineStyle"] = "none", false, object{"width": 0, "opacity": 0}
	if d.part == band {
		o["areaStyle"] = object{"color": color(token), "opacity": 0.16}
	}
}

// last lays a style over the points of the categories in progress.
func last(s Spec, d drawn, o object, style object) {
	if s.Partial == 0 {
		return
	}
	data := make(each, len(d.values))
	for i := len(data) - s.Partial; i < len(data); i++ {
		copied := object{}
		merge(copied, style)
		data[i] = object{"itemStyle": copied}
	}
	o["data"] = data
}

func points(values []float64) int {
	n := 0
	for _, v := range values {
		if !math.IsNaN(v) {
			n++
		}
	}
	return n
}

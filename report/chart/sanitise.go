package chart

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// The sanitiser is a gate of its own: it knows nothing of how options are made, and lets through only keys, words and
// shapes of text that it lists. Text that comes from data may stand in three places: names, the entries of a list
// called data, and nowhere else.

// refused are keys that run, load or open something, or that smuggle styles.
var refused = set("renderItem", "link", "sublink", "target", "subtarget", "rich", "dataView", "extraCssText", "className",
	"optionToContent", "contentToOption", "appendTo", "appendToBody", "graphic", "media", "timeline", "feature",
	"backgroundImage", "image", "path", "mapType", "js", "url")

// structural are the keys that hold objects, lists, numbers or booleans.
var structural = set("animation", "useUTC", "aria", "enabled", "color", "textStyle", "tooltip", "legend", "title", "toolbox",
	"grid", "xAxis", "yAxis", "series", "show", "axisPointer", "lineStyle", "shadowStyle", "itemStyle", "areaStyle", "label",
	"endLabel", "emphasis", "disabled", "axisLabel", "axisLine", "axisTick", "splitLine", "nameTextStyle",
	"markLine", "markArea", "decal", "data", "value", "width", "height", "fontSize", "opacity", "borderWidth", "shadowBlur",
	"textBorderWidth", "shadowOffsetX", "shadowOffsetY", "borderRadius",
	"left", "right", "top", "bottom", "containLabel", "confine", "padding", "inverse", "interval", "hideOverlap", "boundaryGap",
	"splitNumber", "minInterval", "scale", "max", "min", "nameGap", "progressive", "z", "symbolSize", "showSymbol", "silent",
	"distance", "valueAnimation", "barMaxWidth", "barWidth", "dashArrayX", "dashArrayY", "rotation", "smooth", "connectNulls")

// words lists, for keys whose value is a word, every word allowed.
var allowedWords = map[string]map[string]bool{
	"type":          set("value", "category", "line", "bar", "scatter", "solid", "dashed", "dotted", "shadow"),
	"trigger":       set("axis", "item"),
	"renderMode":    set("richText"),
	"symbol":        set("circle", "diamond", "rect", "triangle", "none"),
	"position":      set("right", "left", "top", "inside", "insideEndTop", "insideStartTop", "start", "end"),
	"nameLocation":  set("end", "middle", "start"),
	"align":         set("left", "right", "center"),
	"alignMinLabel": set("left"),
	"alignMaxLabel": set("right"),
	"overflow":      set("truncate", "break"),
	"ellipsis":      set("…"),
	"stackStrategy": set("all", "samesign"),
	"cursor":        set("default"),
	"cap":           set("round"),
	"join":          set("round"),
	"fontFamily":    set(face),
	"formatter":     set("@fmt:tip", "@fmt:axis", "@fmt:end", "@fmt:mark", "@fmt:value"),
}

// patterns lists keys whose value has a form.
var patterns = map[string]*regexp.Regexp{
	"stack":          regexp.MustCompile(`^(total|band[0-9]+)$`),
	"barCategoryGap": regexp.MustCompile(`^[0-9]{1,3}%$`),
	"barGap":         regexp.MustCompile(`^-?[0-9]{1,3}%$`),
}

var (
	colorKeys = set("color", "borderColor", "backgroundColor", "shadowColor", "textBorderColor")
	hexColor  = regexp.MustCompile(`^#[0-9a-f]{6}([0-9a-f]{2})?$`)
	ordinals  = set("xAxis", "yAxis") // also the coordinates of marks
)

func set(words ...string) map[string]bool {
	out := make(map[string]bool, len(words))
	for _, w := range words {
		out[w] = true
	}
	return out
}

// sanitise checks a whole option and reports everything that is not on its lists.
func sanitise(option object) error {
	var errs []error
	walk("option", option, &errs)
	return errors.Join(errs...)
}

func walk(at string, o object, errs *[]error) {
	for _, k := range slices.Sorted(maps.Keys(o)) {
		where := at + "." + k
		switch {
		case refused[k]:
			*errs = append(*errs, fmt.Errorf("%s is never allowed", where))
		case k == "name" || structural[k] || ordinals[k] || colorKeys[k] || allowedWords[k] != nil || patterns[k] != nil:
			visit(where, k, o[k], errs)
		default:
			*errs = append(*errs, fmt.Errorf("%s is not on the list of options", where))
		}
	}
}

// visit checks the value under a key; the elements of a list count as values under the key of the list.
func visit(at, key string, v any, errs *[]error) {
	switch v := v.(type) {
	case object:
		walk(at, v, errs)
	case []any:
		for i, e := range v {
			visit(fmt.Sprintf("%s[%d]", at, i), key, e, errs)
		}
	case string:
		if !allowedText(key, v) {
			*errs = append(*errs, fmt.Errorf("%s may not be %.60q", at, v))
		}
	case nil, bool, int, float64, json.Number:
	default:
		*errs = append(*errs, fmt.Errorf("%s is a %T", at, v))
	}
}

func allowedText(key, v string) bool {
	switch {
	case key == "name" || key == "data":
		return v == label(v)
	case key == "value":
		return v == "-"
	case colorKeys[key]:
		token, isToken := cutToken(v)
		return isToken && tokens[token] || hexColor.MatchString(v) || v == "transparent"
	case allowedWords[key] != nil:
		return allowedWords[key][v]
	case patterns[key] != nil:
		return patterns[key].MatchString(v)
	}
	return false
}

func cutToken(v string) (string, bool) {
	const prefix = "@color:"
	if len(v) <= len(prefix) || v[:len(prefix)] != prefix {
		return "", false
	}
	return v[len(prefix):], true
}

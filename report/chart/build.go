package chart

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// built is what every chart type of go-echarts offers and all that is used of it: never its page writers.
type built interface {
	Validate()
	JSON() map[string]interface{}
}

// build makes the go-echarts chart of a spec. Looks come from the overlay.
func build(s Spec, series []drawn) built {
	x := make([]string, len(s.X))
	for i := range s.X {
		x[i] = label(s.X[i])
	}
	hidden := charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)})
	switch s.Kind {
	case Line, Area:
		c := charts.NewLine()
		c.SetGlobalOptions(hidden)
		c.SetXAxis(x)
		for _, d := range series {
			c.AddSeries(label(s.Series[d.source].Name), lineData(d.values))
		}
		return c
	case Point:
		c := charts.NewBar() // the intervals are thin stacked bars; the dots lie over them
		c.SetGlobalOptions(hidden)
		c.SetXAxis(x)
		dots := charts.NewScatter()
		for _, d := range series {
			if name := label(s.Series[d.source].Name); d.part == whole {
				dots.AddSeries(name, scatterData(d.values))
			} else {
				c.AddSeries(name, barData(d.values))
			}
		}
		dots.Validate()
		c.Overlap(dots)
		return c
	}
	c := charts.NewBar()
	c.SetGlobalOptions(hidden)
	c.SetXAxis(x)
	for _, d := range series {
		c.AddSeries(label(s.Series[d.source].Name), barData(d.values))
	}
	if s.Kind == HBar {
		c.XYReversal()
	}
	return c
}

// value is a point as ECharts reads it; "-" is a missing one.
func value(v float64) any {
	if math.IsNaN(v) {
		return "-"
	}
	return v
}

func lineData(values []float64) []opts.LineData {
	out := make([]opts.LineData, len(values))
	for i, v := range values {
		out[i].Value = value(v)
	}
	return out
}

func barData(values []float64) []opts.BarData {
	out := make([]opts.BarData, len(values))
	for i, v := range values {
		out[i].Value = value(v)
	}
	return out
}

func scatterData(values []float64) []opts.ScatterData {
	out := make([]opts.ScatterData, len(values))
	for i, v := range values {
		out[i].Value = value(v)
	}
	return out
}

// extract is the only caller of JSON: without Validate the categories would be missing.
func extract(c built) (map[string]any, error) {
	c.Validate()
	encoded, err := json.Marshal(c.JSON())
	if err != nil {
		return nil, fmt.Errorf("encoding options: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(encoded))
	d.UseNumber()
	var option map[string]any
	if err := d.Decode(&option); err != nil {
		return nil, fmt.Errorf("decoding options: %w", err)
	}
	return option, nil
}

// each is an overlay for the elements of a list, by index; any other list replaces what it lies over.
type each []map[string]any

// merge lays an overlay over an option: objects merge, everything else replaces.
func merge(under map[string]any, over map[string]any) {
	for k, v := range over {
		switch v := v.(type) {
		case map[string]any:
			if u, ok := under[k].(map[string]any); ok {
				merge(u, v)
				continue
			}
		case each:
			mergeEach(under, k, v)
			continue
		}
		under[k] = v
	}
}

func mergeEach(under map[string]any, k string, over each) {
	list, _ := under[k].([]any)
	for i, o := range over {
		if i >= len(list) {
			list = append(list, map[string]any{})
		}
		if u, ok := list[i].(map[string]any); ok {
			merge(u, o)
		}
	}
	under[k] = list
}

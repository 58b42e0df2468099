package chart

import "math"

// part says what an ECharts series stands for; the tooltip shows lines and tails only.
type part string

const (
	whole part = "value" // the values
	tail  part = "tail"  // the dashed end of a line: its first point repeats the last complete one
	base  part = "base"  // the invisible floor under an interval
	band  part = "band"  // the interval itself
)

// drawn is one ECharts series to be.
type drawn struct {
	source    int // index in Spec.Series
	part      part
	values    []float64
	continued bool // a line that goes on as a tail, which then has its label
}

// plan turns the series of a spec into ECharts series: an interval is two stacked ones under the values, and the
// periods in progress at the end of a line are a dashed one.
func plan(s Spec) []drawn {
	var out []drawn
	for i, v := range s.Series {
		if v.Low != nil && (s.Kind == Line || s.Kind == Point) {
			low, width := interval(v)
			out = append(out, drawn{source: i, part: base, values: low}, drawn{source: i, part: band, values: width})
		}
	}
	for i, v := range s.Series {
		if s.Kind != Line || s.Partial == 0 || v.Dashed {
			out = append(out, drawn{source: i, part: whole, values: v.Values})
			continue
		}
		complete, progress := split(v.Values, s.Partial)
		if points(v.Values[len(v.Values)-s.Partial:]) == 0 {
			out = append(out, drawn{source: i, part: whole, values: complete})
			continue
		}
		out = append(out, drawn{source: i, part: whole, values: complete, continued: true},
			drawn{source: i, part: tail, values: progress})
	}
	return out
}

// interval returns the lower bounds and the widths; a point without both bounds has neither.
func interval(v Series) (low, width []float64) {
	low, width = make([]float64, len(v.Low)), make([]float64, len(v.Low))
	for i := range v.Low {
		low[i], width[i] = v.Low[i], v.High[i]-v.Low[i]
		if math.IsNaN(width[i]) {
			low[i] = math.NaN()
		}
	}
	return low, width
}

// split parts a line at its last complete point, which both parts hold.
func split(values []float64, partial int) (complete, progress []float64) {
	n := len(values)
	complete, progress = make([]float64, n), make([]float64, n)
	for i, v := range values {
		complete[i], progress[i] = math.NaN(), math.NaN()
		if i < n-partial {
			complete[i] = v
		}
		if i >= n-partial-1 {
			progress[i] = v
		}
	}
	return complete, progress
}

package chart

import (
	"errors"
	"fmt"
	"math"
	"regexp"
)

var slug = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// check lists every mistake of a spec. A missing point is NaN; an infinite one is a mistake of the program that made
// the spec and is named by series and point.
func (s Spec) check() error {
	var errs []error
	add := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if !slug.MatchString(s.ID) {
		add("id %q is not of the form [a-z][a-z0-9-]*", s.ID)
	}
	switch s.Kind {
	case Line, Bar, Stack, Area, HBar, Point:
	default:
		add("unknown kind %q", s.Kind)
	}
	if _, ok := formats[s.Y]; !ok {
		add("unknown format %q", s.Y)
	}
	if len(s.X) == 0 || len(s.Series) == 0 {
		add("no categories or no series")
	}
	if s.Partial < 0 || s.Partial > len(s.X) {
		add("%d partial categories of %d", s.Partial, len(s.X))
	}
	if s.Height < 0 || s.Height > 4000 {
		add("height of %d pixels", s.Height)
	}
	if !finite(s.YMax) || s.YMax < 0 {
		add("the maximum of the axis is %v", s.YMax)
	}
	for i, m := range s.Marks {
		if !finite(m.Value) {
			add("reference line %d (%q) is %v", i, m.Label, m.Value)
		}
		errs = append(errs, role(m.Role))
	}
	if s.Split != nil && (s.Kind != Line || s.Split.At < 0 || s.Split.At >= len(s.X)) {
		add("a vertical line at category %d of %d, on a chart of kind %q", s.Split.At, len(s.X), s.Kind)
	}
	for i := range s.Series {
		errs = append(errs, s.checkSeries(i))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("chart %q: %w", s.ID, err)
	}
	return nil
}

func (s Spec) checkSeries(i int) error {
	v := s.Series[i]
	errs := []error{role(v.Role)}
	if (v.Low == nil) != (v.High == nil) {
		errs = append(errs, fmt.Errorf("series %d (%q) has one bound of its interval only", i, v.Name))
	}
	for _, l := range []struct {
		what   string
		values []float64
	}{{"values", v.Values}, {"lower bounds", v.Low}, {"upper bounds", v.High}} {
		if l.values == nil && l.what != "values" {
			continue
		}
		if len(l.values) != len(s.X) {
			errs = append(errs, fmt.Errorf("series %d (%q) has %d %s for %d categories", i, v.Name, len(l.values), l.what, len(s.X)))
			continue
		}
		for j, x := range l.values {
			if math.IsInf(x, 0) {
				errs = append(errs, fmt.Errorf("series %d (%q), point %d (%q): %v among the %s", i, v.Name, j, s.X[j], x, l.what))
			}
		}
	}
	return errors.Join(errs...)
}

func role(r Role) error {
	if _, ok := looks[r]; !ok {
		return fmt.Errorf("unknown role %q", r)
	}
	return nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

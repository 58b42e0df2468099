package journey

import (
	"time"

	"parcours/internal/tomlpos"
)

// The scalar types below accept any TOML value and keep only the right kind: the shape check of tomlpos has already
// reported the others, and one wrong value must not hide the mistakes of the rest of the file.

// text is a text, "" when absent.
type text string

// TOMLKinds implements tomlpos.Shaper.
func (text) TOMLKinds() []tomlpos.Kind { return []tomlpos.Kind{tomlpos.String} }

// UnmarshalTOML never fails.
func (t *text) UnmarshalTOML(v any) error {
	s, _ := v.(string)
	*t = text(s)
	return nil
}

// whole is an integer that knows whether it was given.
type whole struct {
	n   int64
	set bool
}

// TOMLKinds implements tomlpos.Shaper.
func (whole) TOMLKinds() []tomlpos.Kind { return []tomlpos.Kind{tomlpos.Integer} }

// UnmarshalTOML never fails.
func (w *whole) UnmarshalTOML(v any) error {
	w.n, w.set = v.(int64)
	return nil
}

// number is a decimal number that knows whether it was given.
type number struct {
	v   float64
	set bool
}

// TOMLKinds implements tomlpos.Shaper.
func (number) TOMLKinds() []tomlpos.Kind { return []tomlpos.Kind{tomlpos.Float, tomlpos.Integer} }

// UnmarshalTOML never fails.
func (n *number) UnmarshalTOML(v any) error {
	switch v := v.(type) {
	case float64:
		n.v, n.set = v, true
	case int64:
		n.v, n.set = float64(v), true
	}
	return nil
}

// truth is true or false.
type truth bool

// TOMLKinds implements tomlpos.Shaper.
func (truth) TOMLKinds() []tomlpos.Kind { return []tomlpos.Kind{tomlpos.Bool} }

// UnmarshalTOML never fails.
func (f *truth) UnmarshalTOML(v any) error {
	b, _ := v.(bool)
	*f = truth(b)
	return nil
}

// day is a calendar day.
type day struct{ tomlpos.Date }

// TOMLKinds implements tomlpos.Shaper.
func (day) TOMLKinds() []tomlpos.Kind { return []tomlpos.Kind{tomlpos.LocalDate} }

// UnmarshalTOML never fails.
func (d *day) UnmarshalTOML(v any) error {
	if t, ok := v.(time.Time); ok {
		return d.Date.UnmarshalTOML(t)
	}
	return nil
}

// names is one text or a list of texts; odd are the indexes of elements that are no text.
type names struct {
	list   []string
	odd    []int
	single bool // written as one text, so its place is the key's value and not an element
}

// TOMLKinds implements tomlpos.Shaper.
func (names) TOMLKinds() []tomlpos.Kind { return []tomlpos.Kind{tomlpos.String, tomlpos.Array} }

// UnmarshalTOML never fails.
func (n *names) UnmarshalTOML(v any) error {
	switch v := v.(type) {
	case string:
		n.list, n.single = []string{v}, true
	case []any:
		for i, e := range v {
			s, ok := e.(string)
			if !ok {
				n.odd = append(n.odd, i)
			}
			n.list = append(n.list, s)
		}
	}
	return nil
}

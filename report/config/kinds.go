package config

import (
	"parcours/internal/tomlpos"
)

// The types below accept two kinds of value. Decoding never fails: what is wrong inside is kept, and reported with
// its position by the checks.

// role is a column or an expression, or false to switch the search for a column off.
type role struct {
	text    string
	boolean bool // written as true or false
	value   bool
}

// TOMLKinds implements tomlpos.Shaper.
func (role) TOMLKinds() []tomlpos.Kind { return []tomlpos.Kind{tomlpos.String, tomlpos.Bool} }

// UnmarshalTOML keeps either form.
func (r *role) UnmarshalTOML(v any) error {
	r.text, _ = v.(string)
	r.value, r.boolean = v.(bool)
	return nil
}

// integers is one integer or a list of them.
type integers struct {
	list   []int64
	single bool
	odd    []int // indexes of elements that are no integers
}

// TOMLKinds implements tomlpos.Shaper.
func (integers) TOMLKinds() []tomlpos.Kind { return []tomlpos.Kind{tomlpos.Integer, tomlpos.Array} }

// UnmarshalTOML keeps either form.
func (n *integers) UnmarshalTOML(v any) error {
	switch v := v.(type) {
	case int64:
		n.list, n.single = []int64{v}, true
	case []any:
		for i, e := range v {
			x, ok := e.(int64)
			if !ok {
				n.odd = append(n.odd, i)
			}
			n.list = append(n.list, x)
		}
	}
	return nil
}

// notice is a text for every language, or one text a language.
type notice struct {
	all    string
	single bool
	by     map[string]string
	odd    []string // languages whose value is no text
}

// TOMLKinds implements tomlpos.Shaper.
func (notice) TOMLKinds() []tomlpos.Kind { return []tomlpos.Kind{tomlpos.String, tomlpos.Table} }

// UnmarshalTOML keeps either form.
func (n *notice) UnmarshalTOML(v any) error {
	switch v := v.(type) {
	case string:
		n.all, n.single = v, true
	case map[string]any:
		n.by = map[string]string{}
		for lang, e := range v {
			s, ok := e.(string)
			if !ok {
				n.odd = append(n.odd, lang)
			}
			n.by[lang] = s
		}
	}
	return nil
}

// size is a text such as "512MiB", or a number of bytes.
type size struct {
	text   string
	bytes  int64
	number bool
}

// TOMLKinds implements tomlpos.Shaper.
func (size) TOMLKinds() []tomlpos.Kind { return []tomlpos.Kind{tomlpos.String, tomlpos.Integer} }

// UnmarshalTOML keeps either form.
func (s *size) UnmarshalTOML(v any) error {
	s.text, _ = v.(string)
	s.bytes, s.number = v.(int64)
	return nil
}

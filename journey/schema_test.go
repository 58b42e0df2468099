package journey

import (
	"encoding/json"
	"reflect"
	"slices"
	"sort"
	"testing"

	"parcours/internal/tomlpos"
)

// schema is the part of JSON Schema draft 4 that map.schema.json uses.
type schema struct {
	Type                 any               `json:"type"`
	Format               string            `json:"format"`
	Enum                 []string          `json:"enum"`
	Required             []string          `json:"required"`
	Properties           map[string]schema `json:"properties"`
	AdditionalProperties any               `json:"additionalProperties"`
	Items                *schema           `json:"items"`
	OneOf                []schema          `json:"oneOf"`
	Minimum, Maximum     *float64
	Draft                string `json:"$schema"`
}

// An editor and the loader must agree on every key, kind and required key.
func TestTheSchemaSaysWhatTheLoaderAccepts(t *testing.T) {
	var s schema
	if err := json.Unmarshal(Schema, &s); err != nil {
		t.Fatal(err)
	}
	if s.Draft != "http://json-schema.org/draft-04/schema#" {
		t.Errorf("draft %q", s.Draft)
	}
	sameShape(t, "", s, reflect.TypeOf(rawMap{}))
}

func sameShape(t *testing.T, path string, s schema, typ reflect.Type) {
	t.Helper()
	if kinds, ok := reflect.New(typ).Interface().(tomlpos.Shaper); ok {
		if got, want := kindsOf(s), kinds.TOMLKinds(); !slices.Equal(got, want) {
			t.Errorf("%s: schema %v, loader %v", path, got, want)
		}
		return
	}
	switch typ.Kind() {
	case reflect.Slice:
		if s.Type != "array" || s.Items == nil {
			t.Errorf("%s: expected an array", path)
			return
		}
		sameShape(t, path+"[]", *s.Items, typ.Elem())
	case reflect.Map:
		if s.Type != "object" || s.AdditionalProperties == nil {
			t.Errorf("%s: expected a free table", path)
		}
	case reflect.Struct:
		sameFields(t, path, s, typ)
	}
}

func sameFields(t *testing.T, path string, s schema, typ reflect.Type) {
	t.Helper()
	var required []string
	for i := range typ.NumField() {
		f := typ.Field(i)
		name := f.Tag.Get("toml")
		if f.Tag.Get("required") == "true" {
			required = append(required, name)
		}
		p, ok := s.Properties[name]
		if !ok {
			t.Errorf("%s.%s is not in the schema", path, name)
			continue
		}
		sameShape(t, path+"."+name, p, f.Type)
	}
	if len(s.Properties) != typ.NumField() || s.AdditionalProperties != false {
		t.Errorf("%s: the schema has %d keys, the loader %d", path, len(s.Properties), typ.NumField())
	}
	sort.Strings(required)
	sort.Strings(s.Required)
	if !slices.Equal(required, s.Required) {
		t.Errorf("%s: required %v in the schema, %v in the loader", path, s.Required, required)
	}
}

func kindsOf(s schema) []tomlpos.Kind {
	switch {
	case len(s.OneOf) == 2:
		return []tomlpos.Kind{tomlpos.String, tomlpos.Array}
	case s.Type == "string" && s.Format == "date":
		return []tomlpos.Kind{tomlpos.LocalDate}
	case s.Type == "string":
		return []tomlpos.Kind{tomlpos.String}
	case s.Type == "integer":
		return []tomlpos.Kind{tomlpos.Integer}
	case s.Type == "number":
		return []tomlpos.Kind{tomlpos.Float, tomlpos.Integer}
	case s.Type == "boolean":
		return []tomlpos.Kind{tomlpos.Bool}
	}
	return nil
}

func TestTheSchemaListsTheClosedWords(t *testing.T) {
	var s schema
	if err := json.Unmarshal(Schema, &s); err != nil {
		t.Fatal(err)
	}
	for name, pair := range map[string][2][]string{
		"state":     {s.Properties["journey"].Properties["state"].Enum, states},
		"lifecycle": {s.Properties["stage"].Items.Properties["lifecycle"].Enum, lifecycles},
		"evidence":  {s.Properties["friction"].Items.Properties["evidence"].Enum, evidences},
		"status":    {s.Properties["opportunity"].Items.Properties["status"].Enum, statuses},
		"aggregate": {s.Properties["metric"].Items.Properties["aggregate"].Enum, aggregates},
	} {
		if !slices.Equal(pair[0], pair[1]) {
			t.Errorf("%s: schema %v, loader %v", name, pair[0], pair[1])
		}
	}
}

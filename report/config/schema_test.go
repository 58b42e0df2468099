package config

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"parcours/internal/tomlpos"
	"parcours/journey"
	"parcours/report/clv"
)

// keysOf lists the keys that the loader knows, as paths.
func keysOf(t reflect.Type, path string) []string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if _, ok := reflect.New(t).Interface().(tomlpos.Shaper); ok || t.Kind() != reflect.Struct {
		return nil
	}
	var out []string
	for i := range t.NumField() {
		name := path + t.Field(i).Tag.Get("toml")
		out = append(out, name)
		out = append(out, keysOf(t.Field(i).Type, name+".")...)
	}
	return out
}

type node struct {
	Properties map[string]node `json:"properties"`
	Closed     *bool           `json:"additionalProperties"`
}

func (n node) keys(path string) []string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(n.Properties)) {
		out = append(out, path+k)
		out = append(out, n.Properties[k].keys(path+k+".")...)
	}
	return out
}

// UnmarshalJSON tolerates additionalProperties written as a schema.
func (n *node) UnmarshalJSON(b []byte) error {
	var raw struct {
		Properties map[string]node `json:"properties"`
		Closed     any             `json:"additionalProperties"`
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	n.Properties = raw.Properties
	if closed, ok := raw.Closed.(bool); ok {
		n.Closed = &closed
	}
	return nil
}

func TestTheSchemaAndTheLoaderKnowTheSameKeys(t *testing.T) {
	var root node
	if err := json.Unmarshal([]byte(Schema()), &root); err != nil {
		t.Fatal(err)
	}
	stages := func(k string) bool { return len(k) > 7 && k[:7] == "stages." } // a free table in the loader, closed by a check
	inSchema := slices.DeleteFunc(root.keys(""), stages)
	inLoader := keysOf(reflect.TypeFor[rawSite](), "")
	slices.Sort(inSchema)
	slices.Sort(inLoader)
	if !slices.Equal(inSchema, inLoader) {
		t.Errorf("schema %q\nloader %q", inSchema, inLoader)
	}
	stageNames := root.Properties["stages"].keys("")
	want := Lifecycles()
	for _, s := range []journey.Lifecycle{
		journey.Acquisition, journey.Conversion, journey.Retention, journey.Loyalty, journey.Reactivation, journey.Advocacy,
	} {
		if !slices.Contains(want, string(s)) {
			t.Errorf("no stage %q", s)
		}
	}
	slices.Sort(want)
	if !slices.Equal(stageNames, want) {
		t.Errorf("stages %q, want %q", stageNames, want)
	}
}

// Every table refuses unknown keys, as the loader does.
func TestTheSchemaIsClosed(t *testing.T) {
	var root node
	if err := json.Unmarshal([]byte(Schema()), &root); err != nil {
		t.Fatal(err)
	}
	var walk func(path string, n node)
	walk = func(path string, n node) {
		if len(n.Properties) > 0 && (n.Closed == nil || *n.Closed) {
			t.Errorf("%q accepts unknown keys", path)
		}
		for k, c := range n.Properties {
			walk(path+"."+k, c)
		}
	}
	walk("", root)
}

// The editor's list of models is the loader's.
func TestTheSchemaKnowsEveryModel(t *testing.T) {
	var root struct {
		Properties struct {
			CLV struct {
				Properties struct {
					Model struct {
						Enum []string `json:"enum"`
					} `json:"model"`
				} `json:"properties"`
			} `json:"clv"`
		} `json:"properties"`
	}
	if err := json.Unmarshal([]byte(Schema()), &root); err != nil {
		t.Fatal(err)
	}
	if got := root.Properties.CLV.Properties.Model.Enum; !slices.Equal(got, clv.Models()) {
		t.Errorf("schema %q, loader %q", got, clv.Models())
	}
}

// Every hint names a model that there is.
func TestHintsOfModelsAreModels(t *testing.T) {
	for _, word := range []string{
		"pareto", "Pareto / NBD", "pnbd", "BG", "BetaGeo", "beta-geometric", "MBG", "modified_beta_geo", "CNBD", "mbg/cnbd", "BetaGeoBetaBinom",
		"shifted beta geometric", "off", "false", "bg-cnbd-3", "bgbb", "autom",
	} {
		hint := modelHint(word)
		if !slices.ContainsFunc(clv.Models(), func(m string) bool { return strings.Contains(hint, `"`+m+`"`) }) || strings.HasPrefix(hint, "allowed") {
			t.Errorf("%s: %s", word, hint)
		}
	}
}

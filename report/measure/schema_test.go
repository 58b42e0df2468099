package measure_test

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parcours/report/measure"
)

// validator checks a value against the part of JSON Schema that the published schema uses. It is stricter in one
// point: a key that the schema does not describe is a mistake.
type validator struct {
	root   map[string]any
	faults []string
}

func validate(t *testing.T, document []byte) []string {
	t.Helper()
	v := validator{}
	var value any
	if err := json.Unmarshal(measure.Schema(), &v.root); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(document, &value); err != nil {
		t.Fatal(err)
	}
	v.check("", v.root, value)
	return v.faults
}

func (v *validator) fault(path, format string, args ...any) {
	v.faults = append(v.faults, path+": "+fmt.Sprintf(format, args...))
}

func (v *validator) check(path string, schema map[string]any, value any) {
	if ref, ok := schema["$ref"].(string); ok {
		name := strings.TrimPrefix(ref, "#/$defs/")
		target, ok := v.root["$defs"].(map[string]any)[name].(map[string]any)
		if !ok {
			v.fault(path, "no definition %s", name)
			return
		}
		v.check(path, target, value)
		return
	}
	if want, ok := schema["const"]; ok && value != want {
		v.fault(path, "%v is not %v", value, want)
	}
	if list, ok := schema["enum"].([]any); ok && !slices.Contains(list, value) {
		v.fault(path, "%v is not one of %v", value, list)
	}
	if !v.hasType(schema["type"], value) {
		v.fault(path, "%v is not of type %v", value, schema["type"])
		return
	}
	switch x := value.(type) {
	case map[string]any:
		v.object(path, schema, x)
	case []any:
		items, _ := schema["items"].(map[string]any)
		for i, e := range x {
			v.check(fmt.Sprintf("%s[%d]", path, i), items, e)
		}
	case string:
		if p, ok := schema["pattern"].(string); ok && !regexp.MustCompile(p).MatchString(x) {
			v.fault(path, "%q does not match %s", x, p)
		}
	case float64:
		if least, ok := schema["minimum"].(float64); ok && x < least {
			v.fault(path, "%v is below %v", x, least)
		}
		if most, ok := schema["maximum"].(float64); ok && x > most {
			v.fault(path, "%v is above %v", x, most)
		}
	}
}

func (v *validator) object(path string, schema, value map[string]any) {
	properties, described := schema["properties"].(map[string]any)
	required, _ := schema["required"].([]any)
	for _, name := range required {
		if _, ok := value[name.(string)]; !ok {
			v.fault(path, "%s is missing", name)
		}
	}
	if !described {
		return
	}
	for name, x := range value {
		p, ok := properties[name].(map[string]any)
		if !ok {
			v.fault(path, "%s is not described", name)
			continue
		}
		v.check(path+"."+name, p, x)
	}
}

func (v *validator) hasType(want, value any) bool {
	switch w := want.(type) {
	case nil:
		return true
	case []any:
		return slices.ContainsFunc(w, func(t any) bool { return v.hasType(t, value) })
	case string:
		return kind(value) == w || w == "number" && kind(value) == "integer"
	}
	return false
}

func kind(value any) string {
	switch x := value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case []any:
		return "array"
	case float64:
		if x == math.Trunc(x) {
			return "integer"
		}
		return "number"
	}
	return "object"
}

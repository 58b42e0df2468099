package site

import (
	"reflect"
	"strings"
)

// figuresByName collects the figures of the report's pages, so that a Markdown page shows one exactly as its own page
// does. The name of a figure is that of its CSV file: data/retention.csv is "retention".
func (b *builder) figuresByName() map[string]*figure {
	found := map[string]*figure{}
	for i := range b.pages {
		collectFigures(reflect.ValueOf(b.pages[i].Model), found, 0)
	}
	return found
}

// deepest is how far models nest; it bounds the walk whatever a model holds.
const deepest = 12

var figureType = reflect.TypeOf(figure{})

func collectFigures(v reflect.Value, found map[string]*figure, depth int) {
	if depth > deepest || !v.IsValid() {
		return
	}
	if v.Type() == figureType {
		addFigure(v.Interface().(figure), found)
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			collectFigures(v.Elem(), found, depth+1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				collectFigures(v.Field(i), found, depth+1)
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			collectFigures(v.Index(i), found, depth+1)
		}
	}
}

func addFigure(f figure, found map[string]*figure) {
	name := strings.TrimSuffix(f.CSVName, ".csv")
	if name == "" {
		return
	}
	if _, ok := found[name]; !ok {
		found[name] = &f
	}
}

package site

import (
	"reflect"
	"strings"
)

// figuresByName collects the figures of the report's pages, so that a Markdown page shows one exactly as its own page
// does. The name of a figure is that of its CSV file: data/retention.csv is "retention".
func (b *builder) figuresByName() map[string]embedded {
	found := map[string]embedded{}
	for i := range b.pages {
		collectFigures(reflect.ValueOf(b.pages[i].Model), found, 0)
	}
	return found
}

// deepest is how far models nest; it bounds the walk whatever a model holds.
const deepest = 12

var (
	figureType   = reflect.TypeOf(figure{})
	triangleType = reflect.TypeOf(triangleFigure{})
)

// embedded is a figure or a retention triangle, whichever is not nil.
type embedded struct {
	Figure   *figure
	Triangle *triangleFigure
}

func collectFigures(v reflect.Value, found map[string]embedded, depth int) {
	if depth > deepest || !v.IsValid() {
		return
	}
	switch v.Type() {
	case figureType:
		f := v.Interface().(figure)
		addFigure(found, f.CSVName, embedded{Figure: &f})
		return
	case triangleType:
		f := v.Interface().(triangleFigure)
		addFigure(found, f.CSVName, embedded{Triangle: &f})
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

func addFigure(found map[string]embedded, csv string, e embedded) {
	name := strings.TrimSuffix(csv, ".csv")
	if _, ok := found[name]; !ok && name != "" {
		found[name] = e
	}
}

package chart

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"parcours/report/i18n"
	"parcours/themes"
)

var nan = math.NaN()

func locale(t testing.TB, lang string) *i18n.Locale {
	t.Helper()
	l, err := i18n.Load(lang, themes.Default())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// gallery has every kind with every feature; the page of samples is made from it.
func gallery() []Spec {
	months := []string{"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct."}
	return []Spec{
		{
			ID: "line", Kind: Line, X: months, Y: Percent, YName: "Clients revenus", XName: "Mois", Partial: 1,
			Series: []Series{
				{
					Name: "Moyenne", Role: Mean, Label: "Moyenne, 9,3 %", Values: []float64{0.166, 0.14, 0.121, 0.11, 0.1, 0.096, 0.095, 0.094, 0.093, 0.05},
					Low: []float64{0.15, 0.13, 0.11, 0.1, 0.09, 0.085, 0.08, 0.08, 0.08, nan}, High: []float64{0.18, 0.15, 0.13, 0.12, 0.11, 0.105, 0.11, 0.11, 0.12, nan},
				},
				{Name: "Septembre", Role: Good, Label: "Septembre 2026", Values: []float64{0.202, 0.17, nan, 0.15, nan, nan, nan, nan, nan, nan}},
				{Name: "Décembre", Role: Bad, Label: "Décembre 2025", Dashed: true, Values: []float64{0.122, 0.1, 0.09, 0.085, 0.08, 0.08, 0.075, 0.07, 0.07, 0.069}},
				{Name: "Autre", Role: Context, Values: []float64{0.15, 0.13, 0.12, 0.1, 0.09, 0.09, 0.08, 0.08, 0.08, 0.08}},
			},
			Marks: []Mark{{Value: 0.08, Label: "Objectif", Role: Cost}},
		},
		{
			ID: "bar", Kind: Bar, X: months, Y: Money, YName: "Chiffre d’affaires net", Partial: 1,
			Series: []Series{
				{Name: "2026", Role: Main, Values: []float64{41e6, 39e6, 45e6, 47e6, 52e6, 50e6, 44e6, 38e6, 57e6, 21e6}},
				{Name: "2025", Role: Context, Values: []float64{39e6, 36e6, 44e6, 46e6, 47e6, 46e6, 45e6, 33e6, 50e6, 55e6}},
				{Name: "Prévu", Role: Soft, Dashed: true, Values: []float64{40e6, 40e6, 40e6, 40e6, 40e6, 40e6, 40e6, 40e6, 40e6, 40e6}},
			},
		},
		{
			ID: "stack", Kind: Stack, X: months, Y: Integer, YName: "Clients", Partial: 2,
			Series: []Series{
				{Name: "Nouveaux", Role: Good, Values: []float64{120, 130, 150, 170, 160, 150, 140, 120, 180, 60}},
				{Name: "Fidèles", Role: Mid, Values: []float64{320, 330, 350, 370, 360, 350, 340, 320, 380, 160}},
				{Name: "Réactivés", Role: Soft, Values: []float64{20, 30, 50, 70, 60, 50, 40, 20, 80, 16}},
				{Name: "Endormis", Role: Bad, Values: []float64{-90, -100, -85, -120, -130, -80, -140, -90, -95, -40}},
			},
		},
		{
			ID: "area", Kind: Area, X: months, Y: Integer, YName: "Commandes", Partial: 1,
			Series: []Series{
				{Name: "Avant 2025", Role: Q1, Values: []float64{100, 90, 85, 80, 75, 70, 66, 60, 58, 20}},
				{Name: "T1 2025", Role: Q2, Values: []float64{80, 70, 65, 60, 55, 50, 46, 40, 38, 15}},
				{Name: "T2 2025", Role: Q3, Values: []float64{60, 50, 45, 40, 35, 30, 26, 30, 28, 10}},
				{Name: "T3 2025", Role: Q4, Values: []float64{60, 50, 45, 40, 35, 30, 26, 30, 28, 10}},
				{Name: "T4 2025", Role: Q5, Values: []float64{60, 50, 45, 40, 35, 30, 26, 30, 28, 10}},
				{Name: "2026", Role: Q6, Values: []float64{20, 40, 65, 90, 115, 140, 166, 190, 218, 90}},
			},
		},
		{
			ID: "hbar", Kind: HBar, X: []string{"Champions", "Fidèles", "À risque", "Un libellé beaucoup trop long pour tenir dans la marge", "Perdus"}, Y: Percent,
			Series: []Series{{Name: "Part du net", Role: Main, Values: []float64{0.42, 0.2, 0.11, nan, 0.035}}},
			Marks:  []Mark{{Value: 0.2, Label: "Ensemble"}},
		},
		{
			ID: "points", Kind: Point, X: months, Y: Percent, YName: "Retour à un mois", Partial: 1,
			Series: []Series{{
				Name: "Retour", Role: Main,
				Values: []float64{0.186, 0.17, 0.122, 0.15, 0.155, 0.16, 0.19, 0.2, 0.202, 0.11},
				Low:    []float64{0.17, 0.15, 0.11, 0.14, 0.14, 0.15, 0.17, 0.185, 0.19, 0.09}, High: []float64{0.2, 0.19, 0.14, 0.17, 0.17, 0.18, 0.2, 0.21, 0.22, 0.13},
			}},
			Marks: []Mark{{Value: 0.16, Label: "Moyenne", Role: Mean}},
		},
		{
			ID: "days", Kind: Line, X: months, Y: Days, Series: []Series{{Name: "Délai", Values: []float64{30, 31, 29, 28, 33, 35, 36, 31, 30, 29}}},
		},
		{
			ID: "ratio", Kind: Line, X: months, Y: Decimal, YMax: 4, YName: "Quick ratio", Series: []Series{
				{Name: "Boutique", Role: Main, Values: []float64{1.2, 1.3, 1.1, 2.2, 2.5, 2, 1.8, 1.1, 3, 2}},
				{Name: "En ligne", Role: Good, Values: []float64{1.1, 1.2, 1.3, 1.2, 1.5, 2.5, 1.1, 2.1, 2, 1}},
			},
		},
	}
}

func TestEveryKindGivesTheSameBytesTwice(t *testing.T) {
	fr := locale(t, "fr")
	for _, s := range gallery() {
		first, err := Options(s, fr)
		if err != nil {
			t.Fatal(err)
		}
		second, _ := Options(s, fr)
		if !bytes.Equal(first, second) {
			t.Errorf("%s: two builds differ", s.ID)
		}
		if bytes.ContainsAny(first, "<>&") {
			t.Errorf("%s: holds <, > or &", s.ID)
		}
		if !json.Valid(first) {
			t.Errorf("%s: not JSON", s.ID)
		}
	}
	if m := fr.Missing(); len(m) > 0 {
		t.Errorf("missing messages: %v", m)
	}
}

// decode returns the data block as plain maps.
func decode(t *testing.T, s Spec) map[string]any {
	t.Helper()
	encoded, err := Options(s, locale(t, "fr"))
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(encoded, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// dig follows keys and indexes.
func dig(t *testing.T, v any, path ...any) any {
	t.Helper()
	for _, p := range path {
		switch p := p.(type) {
		case string:
			o, ok := v.(map[string]any)
			if !ok {
				t.Fatalf("%v: not an object at %q", path, p)
			}
			v = o[p]
		case int:
			l, ok := v.([]any)
			if !ok || p >= len(l) {
				t.Fatalf("%v: no element %d", path, p)
			}
			v = l[p]
		}
	}
	return v
}

func TestOptionsHoldWhatThePolicyNeeds(t *testing.T) {
	for _, s := range gallery() {
		o := dig(t, decode(t, s), "option")
		for _, c := range []struct {
			path []any
			want any
		}{
			{[]any{"animation"}, false},
			{[]any{"useUTC"}, true},
			{[]any{"legend", "show"}, false},
			{[]any{"tooltip", "renderMode"}, "richText"},
			{[]any{"tooltip", "confine"}, true},
			{[]any{"textStyle", "fontFamily"}, face},
			{[]any{"grid", "containLabel"}, true},
		} {
			if got := dig(t, o, c.path...); got != c.want {
				t.Errorf("%s: %v is %v, want %v", s.ID, c.path, got, c.want)
			}
		}
		axis := "xAxis"
		if s.Kind == HBar {
			axis = "yAxis"
		}
		if got := dig(t, o, axis, 0, "data").([]any); len(got) != len(s.X) || got[0] != s.X[0] {
			t.Errorf("%s: the categories are %v", s.ID, got)
		}
		for i := range dig(t, o, "series").([]any) {
			if dig(t, o, "series", i, "emphasis", "disabled") != true {
				t.Errorf("%s: series %d changes colour under the pointer", s.ID, i)
			}
		}
	}
}

func TestMissingPointsAreDashesAndZerosStay(t *testing.T) {
	b := decode(t, Spec{ID: "a", Kind: Bar, X: []string{"x", "y", "z"}, Y: Integer, Series: []Series{{Name: "s", Values: []float64{0, nan, -3}}}})
	for i, want := range []any{0.0, "-", -3.0} {
		if got := dig(t, b, "option", "series", 0, "data", i, "value"); got != want {
			t.Errorf("point %d is %v, want %v", i, got, want)
		}
	}
}

func TestLargeAmountsKeepTheirPrecision(t *testing.T) {
	s := Spec{ID: "a", Kind: Line, X: []string{"x", "y"}, Y: Money, Series: []Series{{Name: "s", Values: []float64{16777217, 9007199254740991}}}}
	encoded, err := Options(s, locale(t, "en"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"16777217", "9007199254740991"} {
		if !bytes.Contains(encoded, []byte(want)) {
			t.Errorf("%s is not in the options", want)
		}
	}
}

func TestAnIntervalIsAFloorAndAWidth(t *testing.T) {
	s := Spec{ID: "a", Kind: Line, X: []string{"x", "y"}, Y: Integer, Series: []Series{
		{Name: "s", Values: []float64{5, 6}, Low: []float64{4, nan}, High: []float64{7, 8}},
	}}
	b := decode(t, s)
	for _, c := range []struct {
		path []any
		want any
	}{
		{[]any{"series", 0, "part"}, "base"},
		{[]any{"series", 1, "part"}, "band"},
		{[]any{"series", 2, "part"}, "value"},
		{[]any{"option", "series", 0, "data", 0, "value"}, 4.0},
		{[]any{"option", "series", 1, "data", 0, "value"}, 3.0},
		{[]any{"option", "series", 0, "data", 1, "value"}, "-"},
		{[]any{"option", "series", 0, "stack"}, "band0"},
		{[]any{"option", "series", 1, "silent"}, true},
	} {
		if got := dig(t, b, c.path...); got != c.want {
			t.Errorf("%v is %v, want %v", c.path, got, c.want)
		}
	}
}

func TestPeriodsInProgressLookDifferent(t *testing.T) {
	x := []string{"a", "b", "c"}
	values := []Series{{Name: "s", Values: []float64{1, 2, 3}}}
	line := decode(t, Spec{ID: "a", Kind: Line, X: x, Y: Integer, Series: values, Partial: 1})
	if got := dig(t, line, "option", "series", 0, "data", 2, "value"); got != "-" {
		t.Errorf("the complete line goes on to %v", got)
	}
	if got := dig(t, line, "option", "series", 1, "data", 1, "value"); got != 2.0 {
		t.Errorf("the dashed end starts at %v", got)
	}
	if got := dig(t, line, "option", "series", 1, "lineStyle", "type"); got != "dashed" {
		t.Errorf("the end is %v", got)
	}
	bar := decode(t, Spec{ID: "a", Kind: Bar, X: x, Y: Integer, Series: values, Partial: 1})
	if dig(t, bar, "option", "series", 0, "data", 2, "itemStyle", "decal") == nil {
		t.Error("the last bar is not hatched")
	}
	if _, hatched := dig(t, bar, "option", "series", 0, "data", 1).(map[string]any)["itemStyle"]; hatched {
		t.Error("a complete bar is hatched")
	}
	area := decode(t, Spec{ID: "a", Kind: Area, X: x, Y: Integer, Series: values, Partial: 1})
	if got := dig(t, area, "option", "series", 0, "markArea", "data", 0, 0, "xAxis"); got != 1.0 {
		t.Errorf("the wash starts at %v", got)
	}
	points := decode(t, Spec{ID: "a", Kind: Point, X: x, Y: Integer, Series: values, Partial: 1})
	if got := dig(t, points, "option", "series", 0, "data", 2, "itemStyle", "color"); got != "@color:paper" {
		t.Errorf("the last dot is %v", got)
	}
}

func TestTheLegendNamesOnlyWhatTheChartDoesNot(t *testing.T) {
	x := []string{"a", "b"}
	s := func(name, label string, r Role) Series {
		return Series{Name: name, Label: label, Role: r, Values: []float64{1, 2}}
	}
	for _, c := range []struct {
		name   string
		kind   Kind
		series []Series
		want   int
	}{
		{"one series", Bar, []Series{s("a", "", Main)}, 0},
		{"two bars", Bar, []Series{s("a", "", Main), s("b", "", Good)}, 2},
		{"two labelled lines", Line, []Series{s("a", "A", Main), s("b", "B", Good)}, 0},
		{"one line without label", Line, []Series{s("a", "A", Main), s("b", "", Good)}, 2},
		{"context is not named", Line, []Series{s("a", "A", Main), s("b", "", Context)}, 0},
		{"labels do not name bars", Bar, []Series{s("a", "A", Main), s("b", "B", Good)}, 2},
	} {
		b := decode(t, Spec{ID: "a", Kind: c.kind, X: x, Y: Integer, Series: c.series})
		if got := len(dig(t, b, "legend").([]any)); got != c.want {
			t.Errorf("%s: %d entries, want %d", c.name, got, c.want)
		}
	}
}

func TestEveryMistakeOfASpecIsNamed(t *testing.T) {
	_, err := Options(Spec{
		ID: "A b", Kind: "pie", Y: "furlongs", X: []string{"x", "y"}, Partial: 3, Height: -1, YMax: nan,
		Series: []Series{
			{Name: "first", Role: "loud", Values: []float64{1, math.Inf(1)}},
			{Name: "second", Values: []float64{1}, Low: []float64{1, math.Inf(-1)}},
		},
		Marks: []Mark{{Value: nan, Label: "target"}},
	}, locale(t, "en"))
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		`"A b"`, `"pie"`, `"furlongs"`, "3 partial", "height", "maximum", `"target"`, `"loud"`,
		`series 0 ("first"), point 1 ("y"): +Inf`, `series 1 ("second") has 1 values for 2`, "one bound", `point 1 ("y"): -Inf among the lower bounds`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s is not in\n%v", want, err)
		}
	}
}

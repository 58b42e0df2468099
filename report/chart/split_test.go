package chart

import (
	"strings"
	"testing"
)

func splitSpec() Spec {
	return Spec{
		ID: "track", Kind: Line, Y: Integer, X: []string{"S1", "S2", "S3"},
		Series: []Series{
			{Name: "observed", Role: Main, Values: []float64{1, 2, nan}},
			{Name: "forecast", Role: Main, Values: []float64{nan, 2, 3}, Low: []float64{nan, 2, 2}, High: []float64{nan, 2, 4}, Label: "2024", Dashed: true},
		},
		Split: &Split{At: 1, Label: "calibration"},
	}
}

func TestAVerticalLinePartsALineChart(t *testing.T) {
	loc := locale(t, "fr")
	got, err := Options(splitSpec(), loc)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(got), `"name":"calibration"`) || !strings.Contains(string(got), `"xAxis":1`) {
		t.Errorf("%s", got)
	}
	if !strings.Contains(string(got), `"legend":[]`) {
		t.Error("a forecast that is named at its end names the line that it goes on with")
	}
	if text := Describe(splitSpec(), loc); !strings.Contains(text, "calibration") || !strings.Contains(text, "S2") {
		t.Error(text)
	}
}

func TestAVerticalLineOffTheAxisIsAMistake(t *testing.T) {
	for _, change := range []func(*Spec){
		func(s *Spec) { s.Split.At = 3 }, func(s *Spec) { s.Split.At = -1 }, func(s *Spec) { s.Kind = Bar },
	} {
		s := splitSpec()
		change(&s)
		if _, err := Options(s, locale(t, "en")); err == nil {
			t.Errorf("%+v passes", s.Split)
		}
	}
}

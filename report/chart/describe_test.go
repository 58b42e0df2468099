package chart

import (
	"strings"
	"testing"
)

func TestADescriptionSaysWhatTheChartShows(t *testing.T) {
	s := Spec{
		ID: "a", Kind: Line, X: []string{"M1", "M2", "M3", "M4"}, Y: Percent, Partial: 1,
		Series: []Series{
			{Name: "Moyenne", Values: []float64{0.166, nan, 0.093, 0.01}},
			{Name: "Une seule", Values: []float64{nan, 0.5, nan, nan}},
			{Name: "Rien", Values: []float64{nan, nan, nan, 0.4}},
			{Name: "Partout", Values: []float64{0.2, 0.2, 0.2, nan}},
			{Name: "Cinquième", Values: []float64{0.2, 0.2, 0.2, nan}},
			{Name: "Fond", Role: Context, Values: []float64{0.2, 0.2, 0.2, nan}},
		},
		Marks: []Mark{{Value: 0.1, Label: "Objectif"}},
	}
	for lang, want := range map[string]string{
		"fr": "Courbe de M1 à M4, 4 points. " +
			"Moyenne\u00a0: de 16,6\u00a0% à 9,3\u00a0% (\u22127,3\u00a0pt), minimum 9,3\u00a0% (M3), maximum 16,6\u00a0% (M1). " +
			"Une seule\u00a0: 50,0\u00a0% (M2). Rien\u00a0: aucune valeur. Partout\u00a0: 20,0\u00a0% partout. " +
			"Et 2 autres séries, dans le tableau. Repère, Objectif\u00a0: 10,0\u00a0%. " +
			"La dernière catégorie est en cours et n’est pas comptée ici.",
		"en": "Line from M1 to M4, 4 points. Moyenne: from 16.6% to 9.3% (\u22127.3\u00a0pp), lowest 9.3% (M3), highest 16.6% (M1). " +
			"Une seule: 50.0% (M2). Rien: no value. Partout: 20.0% throughout. And 2 more series, in the table. " +
			"Reference, Objectif: 10.0%. The last category is in progress and is not counted here.",
	} {
		if got := Describe(s, locale(t, lang)); got != want {
			t.Errorf("%s: got\n%+q, want\n%+q", lang, got, want)
		}
	}
}

func TestTheDescriptionOfTheSpecComesFirst(t *testing.T) {
	s := gallery()[0]
	s.Description = "Une\nphrase\x00."
	if got := Description(s, locale(t, "fr")); got != "Une phrase." {
		t.Errorf("got %q", got)
	}
}

func TestEveryKindIsDescribedInBothLanguages(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		loc := locale(t, lang)
		for _, s := range gallery() {
			if got := Describe(s, loc); got == "" || strings.Contains(got, "⟦") {
				t.Errorf("%s, %s: %q", lang, s.ID, got)
			}
		}
	}
}

func TestChangesAreSaidInTheRightUnit(t *testing.T) {
	fr := locale(t, "fr")
	for _, c := range []struct {
		format Format
		a, b   float64
		want   string
	}{
		{Percent, 0.1, 0.15, "+5,0\u00a0pt"},
		{Money, 10000, 12500, "+25,0\u00a0%"},
		{Integer, 200, 100, "\u221250,0\u00a0%"},
		{Integer, 0, 3, "+3"},
		{Integer, -5, -8, "\u22123"},
		{Integer, nan, 3, ""},
	} {
		if got := c.format.Change(fr, c.a, c.b); got != c.want {
			t.Errorf("%s from %v to %v: got %+q, want %+q", c.format, c.a, c.b, got, c.want)
		}
	}
}

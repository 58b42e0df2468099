package site

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"parcours/journey"
)

// columns makes the columns of stages of given lengths.
func columns(stages ...int) []*pointView {
	var out []*pointView
	for _, n := range stages {
		for k := range n {
			out = append(out, &pointView{First: k == 0})
		}
	}
	return out
}

func TestALongMapIsCutBetweenStagesIntoPartsOfLikeLength(t *testing.T) {
	for _, c := range []struct{ stages, want []int }{
		{[]int{16}, []int{16}},
		{[]int{4, 4, 4, 4, 4}, []int{12, 20}},
		{[]int{5, 5, 5, 5, 5, 5, 4}, []int{10, 20, 34}},
		{[]int{9, 9}, []int{9, 18}},
		{[]int{20}, []int{16, 20}},
		{[]int{2, 15}, []int{2, 17}},
		{[]int{1}, []int{1}},
		{nil, []int{0}},
	} {
		got := cut(columns(c.stages...), sheetColumns)
		if !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.stages, got, c.want)
		}
	}
}

func TestTheCurveOfAPartRunsOnToItsNeighbours(t *testing.T) {
	var src strings.Builder
	src.WriteString("[journey]\ntitle = \"Long\"\n")
	for i := range 18 {
		if i%6 == 0 {
			fmt.Fprintf(&src, "[[stage]]\nname = \"S%d\"\n", i)
		}
		fmt.Fprintf(&src, "[[stage.touchpoint]]\nname = \"P%d\"\nemotion = \"joie\"\n", i)
	}
	in := testInput(t)
	in.Maps = []*journey.Map{testMap(t, src.String())}
	files, _ := renderSome(t, in, (*builder).journeyPages)
	checkHTML(t, "long", files["journey-long.html"])
	page := string(files["journey-long.html"])
	if n := strings.Count(page, "<div class=\"part\">"); n != 2 || strings.Count(page, `id="tp-p3"`) != 1 {
		t.Errorf("%d parts", n)
	}
	if !strings.Contains(page, ",50 104.167,50\"") || !strings.Contains(page, "points=\"-8.333,50 8.333,50") {
		t.Error("the line ends with its part")
	}
}

func TestLabelsOfManyWordsTakeTwoLines(t *testing.T) {
	for in, want := range map[string]string{
		"joie": "joie", "doute|ennui": "doute, ennui", "découragement|frustration": "découragement,|frustration",
		"anxiété|colère|découragement|peur": "anxiété, colère,|découragement, pe…", "découragement|frustration|méfiance|peur": "découragement,|frustration, méfi…",
	} {
		if got := strings.Join(lines(strings.Split(in, "|")), "|"); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

func TestPersonasWhoFeelTheSameShareAMark(t *testing.T) {
	feel := func(persona, word string, v int) journey.Feeling {
		return journey.Feeling{Persona: persona, Emotions: []journey.Emotion{{Word: word, Valence: v}}}
	}
	m := &journey.Map{Personas: []journey.Persona{{ID: "a", Name: "Ana, 29"}, {ID: "b", Name: "Bob"}, {ID: "c", Name: "Cy"}, {ID: "d", Name: "Di"}}}
	p := &pointView{felt: true, mean: -1, tp: journey.Touchpoint{Feelings: []journey.Feeling{
		feel("", "doute", -1), feel("a", "joie", 2), feel("b", "fierté", 2), feel("c", "ennui", -1), feel("d", "peur", -2),
	}}}
	got := fmt.Sprint(personaMarks(m, p))
	if want := "[{2 [Ana Bob] } {-2 [Di] peur}]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	// The word of the map stands where Di's would: hers goes below.
	b, err := newBuilder(testInput(t), &shared{files: Files{}, tables: map[string]string{}}, "fr", true)
	if err != nil {
		t.Fatal(err)
	}
	p.tp.Intensity = 2
	svg := string(b.emotionCurve(m, []*pointView{p}, 0, 1).svg)
	if !strings.Contains(svg, `y="176.4" text-anchor="middle" class="ts halo">doute<`) || !strings.Contains(svg, `y="206" text-anchor="middle" class="t halo">Di`) {
		t.Error(svg)
	}
}

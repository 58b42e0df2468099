package site

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"parcours/journey"
	"parcours/report/measure"
	"parcours/report/recommend"
)

// figuresOf gives some figures of the catalogue a value and leaves the others unknown.
func figuresOf(known map[string]float64) []measure.Figure {
	var out []measure.Figure
	for _, s := range measure.Catalogue() {
		v, ok := known[s.Name]
		f := measure.Figure{Name: s.Name, Unit: s.Unit, Page: s.Page, Known: ok, Value: v}
		if ok && s.Unit == measure.UnitRate {
			f.HasInterval, f.Low, f.High, f.N = true, v*0.97, v*1.03, 12180
		}
		out = append(out, f)
	}
	return out
}

// shippedAdvice evaluates the playbook of the theme.
func shippedAdvice(t *testing.T, in Input, figures []measure.Figure) recommend.Outcome {
	t.Helper()
	var plays []recommend.Play
	files, err := fs.Glob(in.Theme, "playbook/*.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		src, err := fs.ReadFile(in.Theme, f)
		if err != nil {
			t.Fatal(err)
		}
		more, list := recommend.Load(f, src)
		if list.HasErrors() {
			t.Fatal(list.Sorted())
		}
		plays = append(plays, more...)
	}
	book, list := recommend.Compile(plays, measure.Catalogue(), nil, in.Config.Languages)
	if list.HasErrors() {
		t.Fatal(list.Sorted())
	}
	return book.Evaluate(figures, in.Maps, asOf)
}

func shopFigures() []measure.Figure {
	return figuresOf(map[string]float64{
		"funnel.worst_loss": .593, "funnel.worst_entered": 38410, "funnel.overall": .18, "status.active_customers": 25270,
		"clv.orders_per_year": 1.62, "clv.aov": 6450, "kpi.aov": 6450, "kpi.aov_change_year": -.071, "kpi.orders_change_year": .02, "totals.aov": 6500,
		"retention.p1": .118, "retention.m1": .118, "retention.last_p1": .09, "retention.last_p1_gap": -.028, "repeat.d90": .21, "repeat.d365": .38,
		"repeat.d30": .08, "repeat.d60": .15, "repeat.d180": .3, "kpi.new_customers": 2400, "kpi.customers": 5200, "rhythm.p50": 41, "rhythm.p80": 120,
		"segments.cant_lose_customers": 310, "segments.cant_lose_net": 4_100_000, "segments.at_risk_customers": 1900, "segments.at_risk_net": 20_100_000,
		"nps.value": 61, "nps.answers": 800, "csat.value": .71, "csat.mean": 3.9, "csat.answers": 500, "tickets.unanswered_share": .18, "tickets.count": 900,
		"tickets.median_minutes": 190, "tickets.p90_minutes": 2900, "tickets.per_100_orders": 9.5,
	})
}

func withFigures(b *builder, list []measure.Figure) {
	b.figures = map[string]measure.Figure{}
	for _, f := range list {
		b.figures[f.Name] = f
	}
}

func TestRecommendationsBecomeAPage(t *testing.T) {
	in := testInput(t)
	in.Maps = []*journey.Map{workedExample(t)}
	in.Advice = shippedAdvice(t, in, shopFigures())
	n := len(in.Advice.Recommendations)
	if n < 2 {
		t.Fatalf("%d recommendations", n)
	}
	files, _ := renderSome(t, in, func(b *builder) []page {
		withFigures(b, shopFigures())
		return append(b.journeyPages(), b.advicePages()...)
	})
	for _, name := range []string{"recommendations.html", "recommendations.en.html"} {
		content := string(files[name])
		doc := checkHTML(t, name, files[name])
		sheets, dots := 0, 0
		eachNode(doc, func(x *html.Node) {
			if x.Type == html.ElementNode && x.Data == "section" && strings.Contains(attr(x, "class"), " rec") {
				sheets++
			}
			if x.Type == html.ElementNode && attr(x, "class") == "effort" {
				dots++
			}
		})
		if sheets != n || dots != n {
			t.Errorf("%s: %d sheets and %d efforts for %d recommendations", name, sheets, dots, n)
		}
		for _, r := range in.Advice.Recommendations {
			if !strings.Contains(content, `id="`+r.Play.ID+`"`) || !strings.Contains(content, `href="#`+r.Play.ID+`"`) {
				t.Errorf("%s: no place for %s", name, r.Play.ID)
			}
		}
		for _, bad := range []string{"{{", "⟦", "%!", "NaN"} {
			if strings.Contains(content, bad) {
				t.Errorf("%s holds %s", name, bad)
			}
		}
	}
	fr := string(files["recommendations.html"])
	for _, want := range []string{
		fmt.Sprintf("%d recommandations, déduites des chiffres", n), "journey-achat-en-ligne.html#fr-frais-caches", "(criticité 16)",
		"règles n’ont pas pu être jugées",
	} {
		if !strings.Contains(fr, want) {
			t.Errorf("no %q", want)
		}
	}
	if lines := strings.Count(string(files["data/recommendations.csv"]), "\r\n"); lines != n+1 {
		t.Errorf("CSV of %d lines", lines)
	}
}

func TestNothingToRecommendSaysSo(t *testing.T) {
	in := testInput(t)
	in.Advice = recommend.Outcome{Quiet: 4, Skipped: []recommend.Skipped{
		{ID: "a", Figure: "emotion.loyalty", Title: map[string]string{"fr": "Agir : {{emotion.loyalty}}, {{map.touchpoints}} & l'idée", "en": "Act"}}, {ID: "b", Figure: "emotion.loyalty"},
	}}
	files, _ := renderSome(t, in, (*builder).advicePages)
	checkHTML(t, "fr", files["recommendations.html"])
	fr, en := string(files["recommendations.html"]), string(files["recommendations.en.html"])
	for _, want := range []string{"Rien à recommander", "Aucune des 4 règles", "2 règles n’ont pas pu être jugées", "<dd>Agir\u00a0: n/d, n/d &amp; l’idée</dd><dd>b</dd>"} {
		if !strings.Contains(fr, want) {
			t.Errorf("fr: no %q", want)
		}
	}
	if !strings.Contains(en, "Nothing to recommend") || !strings.Contains(en, "<dd>Act</dd><dd>b</dd>") {
		t.Error("en says something else")
	}
}

// A site's own play may have no estimate, and may hold anything.
func TestPlaysOfASiteAreEscapedAndMayLackAnEstimate(t *testing.T) {
	evil := `<script>alert(1)</script> "x" 'y'`
	text := map[string]string{"fr": evil}
	in := testInput(t)
	in.Advice.Recommendations = []recommend.Recommendation{
		{Play: recommend.Play{ID: "one", Stage: "loyalty", Title: text, Why: text, Contra: text, Effort: 9, Owner: text, Permanent: map[string][]string{"fr": {evil}}}},
		{Play: recommend.Play{ID: "two", Stage: "retention", Title: text, Why: text, Formula: text, Effort: 2}, Value: &recommend.Stake{Low: -200000, Mid: 100, High: 1e6}},
	}
	files, _ := renderSome(t, in, (*builder).advicePages)
	for _, name := range []string{"recommendations.html", "recommendations.en.html"} {
		eachNode(checkHTML(t, name, files[name]), func(n *html.Node) {
			if n.Type == html.ElementNode && n.Data == "script" && attr(n, "src") == "" {
				t.Error("a script came through")
			}
		})
	}
	if fr := string(files["recommendations.html"]); !strings.Contains(fr, "non estimée") || !strings.Contains(fr, "La recommandation 2 met en jeu") {
		t.Error("the recommendation without an estimate is not told apart")
	}
}

func TestStepsOfAnAxisAreRound(t *testing.T) {
	for raw, want := range map[float64]float64{0: 100, 1: 1, 120: 200, 499: 500, 501: 1000, 73_000: 100_000, 2_100_000: 5_000_000} {
		if got := niceStep(raw, 100); got != want {
			t.Errorf("%v: %v, want %v", raw, got, want)
		}
	}
}

func TestLongTitlesWrap(t *testing.T) {
	got := strings.Join(wrap("un deux trois quatre cinq six sept huit neuf dix", 10), "|")
	if got != "un deux|trois|quatre …" {
		t.Error(got)
	}
	if got := wrap("un titre\u00a0: deux", 8); strings.Join(got, "|") != "un|titre\u00a0:|deux" {
		t.Errorf("broken at a no-break space: %q", got)
	}
	if got := wrap("", 10); len(got) != 1 {
		t.Errorf("%q", got)
	}
}

package site

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"parcours/internal/tomlpos"
	"parcours/journey"
	"parcours/report/config"
	"parcours/report/dataset"
	"parcours/report/funnel"
	"parcours/report/kpi"
	"parcours/report/measure"
	"parcours/themes"
)

// asOf is the last day of the data in the tests: 2026-11-21.
var asOf = dataset.Day(tomlpos.Date{Year: 2026, Month: 11, Day: 21}.Days())

func testMap(t *testing.T, src string) *journey.Map {
	t.Helper()
	m, list := journey.Load("map.toml", []byte(src), journey.Options{})
	if list.HasErrors() {
		t.Fatal(list.Sorted())
	}
	return m
}

func workedExample(t *testing.T) *journey.Map {
	t.Helper()
	src, err := os.ReadFile("../../journey/testdata/good/worked-example.toml")
	if err != nil {
		t.Fatal(err)
	}
	return testMap(t, string(src))
}

// testInput is a site without data, in both languages.
func testInput(t testing.TB) Input {
	t.Helper()
	return Input{
		Config:  &config.Site{Title: "Maison Lune", Languages: []string{"fr", "en"}, Currency: "EUR", Digits: 2},
		Results: &measure.Results{KPI: kpi.Table{Current: -1}, Manifest: dataset.Manifest{AsOf: asOf, Currency: "EUR", Digits: 2, Grain: dataset.Month}},
		Theme:   themes.Default(), Version: "test",
	}
}

// renderSome writes the pages that make returns, one language at a time, and nothing else of the report.
func renderSome(t *testing.T, in Input, make func(*builder) []page) (Files, *shared) {
	t.Helper()
	s := &shared{files: Files{}, tables: map[string]string{}}
	if err := s.loadAssets(in.Theme); err != nil {
		t.Fatal(err)
	}
	for i, lang := range in.Config.Languages {
		b, err := newBuilder(in, s, lang, i == 0)
		if err != nil {
			t.Fatal(err)
		}
		b.pages = make(b)
		set, err := parseTemplates(b)
		if err != nil {
			t.Fatal(err)
		}
		for k := range b.pages {
			if err := b.renderPage(set, &b.pages[k]); err != nil {
				t.Fatal(err)
			}
		}
		if missing := b.loc.Missing(); len(missing) > 0 {
			t.Errorf("%s: messages missing: %v", lang, missing)
		}
	}
	keep(t, s.files)
	return s.files, s
}

// keep writes the pages to $PARCOURS_KEEP/<test> so that a person can look at them.
func keep(t *testing.T, files Files) {
	t.Helper()
	dir := os.Getenv("PARCOURS_KEEP")
	if dir == "" {
		return
	}
	for name, content := range files {
		file := filepath.Join(dir, t.Name(), filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// checkHTML reports what no page of the site may hold, and ids or links inside the page that do not agree.
func checkHTML(t *testing.T, name string, content []byte) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(string(content)))
	if err != nil {
		t.Fatal(err)
	}
	ids, links := map[string]bool{}, []string{}
	eachNode(doc, func(n *html.Node) {
		for _, a := range n.Attr {
			switch {
			case a.Key == "style", strings.HasPrefix(a.Key, "on"):
				t.Errorf("%s: attribute %s on <%s>", name, a.Key, n.Data)
			case a.Key == "id":
				if ids[a.Val] {
					t.Errorf("%s: id %q twice", name, a.Val)
				}
				ids[a.Val] = true
			case a.Key == "href" && strings.HasPrefix(a.Val, "#"):
				links = append(links, a.Val[1:])
			}
		}
		if n.Type == html.ElementNode && n.Data == "style" {
			t.Errorf("%s: <style>", name)
		}
	})
	for _, l := range links {
		if !ids[l] {
			t.Errorf("%s: no place #%s", name, l)
		}
	}
	return doc
}

func eachNode(n *html.Node, do func(*html.Node)) {
	do(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		eachNode(c, do)
	}
}

func mapFunnel() *funnel.Report {
	return &funnel.Report{
		HasPeriod: true, Period: 2026*12 + 9,
		Touchpoints: []funnel.Touchpoint{{Name: "clic_publicite", Events: 70000, Customers: 54870}, {Name: "page_accueil", Events: 50000, Customers: 38410}},
		Steps: []funnel.Step{
			{From: "clic_publicite", To: "page_accueil", Entered: 54870, Passed: 38410, Rate: .7},
			{From: "page_accueil", To: "debut_paiement", Entered: 38410, Passed: 15633, Rate: .407},
			{From: "debut_paiement", To: "colis_livre", Entered: 12, Passed: 3, Rate: .25},
		},
		Scores: []funnel.Score{
			{Metric: "csat", Touchpoint: "debut_paiement", Answers: 212, Mean: 1.2, MeanLow: 1.1, MeanHigh: 1.4, HasInterval: true},
			{Metric: "nps", Touchpoint: "colis_livre", Answers: 1184, Mean: 7.8, MeanLow: 7.6, MeanHigh: 8, HasInterval: true},
			{Metric: "csat", Touchpoint: "chat", Answers: 18, Mean: 2.5},
		},
		Tickets: []funnel.Tickets{{Channel: "chat", Tickets: 412, Median: 3, P90: 45}},
	}
}

func TestTheWorkedExampleBecomesAPage(t *testing.T) {
	in := testInput(t)
	in.Maps = []*journey.Map{workedExample(t)}
	in.Results.Funnel = mapFunnel()
	files, _ := renderSome(t, in, (*builder).journeyPages)
	spaces := strings.NewReplacer("\u00a0", " ", "&#43;", "+")
	fr, en := spaces.Replace(string(files["journey-achat-en-ligne.html"])), spaces.Replace(string(files["journey-achat-en-ligne.en.html"]))
	doc := checkHTML(t, "fr", files["journey-achat-en-ligne.html"])
	checkHTML(t, "en", files["journey-achat-en-ligne.en.html"])
	for _, want := range []string{
		"<h1>Le point le plus bas du parcours est « Page de paiement » : anxiété, −2</h1>",
		`<p class="lede">Le plus haut est « Réception du colis » : joie, +2. La plus forte perte mesurée suit « Page d’accueil » : 59,3 % sur 38 410 clients. 1 friction sur 2 est close.</p>`,
		"Friction la plus lourde : Frais de port découverts au paiement (Page de paiement, criticité 16 sur 25)",
		"1 friction ouverte sur 2 ; 318 clients ont été informés",
		"« J’ai cru m’être trompée de panier. »", "trop peu de réponses", "satisfaction, n = 212", "59,3 %", "du 2 novembre 2026, à revoir le 31 janvier 2027",
		`<th scope="colgroup" colspan="2">Acquisition</th><th scope="colgroup" colspan="2">Conversion</th><th scope="colgroup" colspan="1">Fidélisation</th>`,
		"gain rapide", "Paiements aboutis : 72 %", "60 s",
	} {
		if !strings.Contains(fr, want) {
			t.Errorf("fr: no %q", want)
		}
	}
	for _, want := range []string{"<h1>The lowest point of the journey is “Page de paiement”: anxiété, −2</h1>", "after “Page d’accueil”: 59.3% of 38,410 customers. 1 friction of 2 is closed.", ">Karim: confiance<", "too few answers", "59.3%", "quick win", "of 2 is open"} {
		if !strings.Contains(en, want) {
			t.Errorf("en: no %q", want)
		}
	}
	if strings.Contains(fr, "75,0 %") {
		t.Error("the loss of twelve customers is shown")
	}
	cells := 0
	eachNode(doc, func(n *html.Node) {
		if n.Type == html.ElementNode && n.Data == "th" && attr(n, "id") != "" && strings.HasPrefix(attr(n, "id"), "tp-") {
			cells++
		}
	})
	if cells != 5 {
		t.Errorf("%d touchpoints", cells)
	}
	csv := strings.Split(string(files["data/journey-achat-en-ligne.csv"]), "\r\n")
	want := "Achat,conversion,paiement,Page de paiement,site,anxiété,-2,3,true,Frais de port découverts au paiement,16,\"Afficher le total, port compris, dès le panier\",,,-1.800,212"
	if len(csv) != 7 || csv[3] != want {
		t.Errorf("CSV of %d lines; got\n%s\nwant\n%s", len(csv), csv[3], want)
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func TestAMapPastItsReviewDateSaysSo(t *testing.T) {
	in := testInput(t)
	in.Results.Manifest.AsOf += 100
	in.Maps = []*journey.Map{workedExample(t)}
	files, _ := renderSome(t, in, (*builder).journeyPages)
	if fr := string(files["journey-achat-en-ligne.html"]); !strings.Contains(fr, "revue attendue le 31 janvier 2027") {
		t.Error("no banner")
	}
}

func TestLevelZeroAndEmptyMapsBecomePages(t *testing.T) {
	src, err := os.ReadFile("../../journey/testdata/good/level0.toml")
	if err != nil {
		t.Fatal(err)
	}
	in := testInput(t)
	in.Maps = []*journey.Map{
		testMap(t, string(src)),
		testMap(t, "[journey]\ntitle = \"Vide\"\n[[stage]]\nname = \"A\"\n"),
		testMap(t, "[journey]\ntitle = \"Muet\"\nstate = \"target\"\n[[stage]]\nname = \"A\"\n[[stage.touchpoint]]\nname = \"P\"\n"),
	}
	files, _ := renderSome(t, in, (*builder).journeyPages)
	for _, slug := range []string{"journey-acheter-en-ligne", "journey-vide", "journey-muet"} {
		checkHTML(t, slug, files[slug+".html"])
		checkHTML(t, slug, files[slug+".en.html"])
	}
	if !strings.Contains(string(files["journey-muet.html"]), "carte cible, sans date") {
		t.Error("a target map does not say so")
	}
}

// Everything in a map may come from a stranger.
func TestTextsOfAMapAreEscaped(t *testing.T) {
	evil := `<script>alert(1)</script>\"'><img src=x onerror=alert(1)>`
	src := `[journey]
title = "` + evil + `"
id = "m"
owner = "` + evil + `"
[[persona]]
id = "p"
name = "` + evil + `"
quote = "` + evil + `"
[[emotion]]
name = "` + evil + `"
valence = -1
[[stage]]
name = "` + evil + `"
[[stage.touchpoint]]
id = "t"
name = "` + evil + `"
channel = "` + evil + `"
emotion = "` + evil + `"
action = "` + evil + `"
thought = "` + evil + `"
friction = "` + evil + `"
opportunity = "` + evil + `"
backstage = ["` + evil + `"]
[[feeling]]
on = "t"
persona = "p"
emotion = "joie"
[[quote]]
on = "t"
text = "` + evil + `"
`
	in := testInput(t)
	in.Maps = []*journey.Map{testMap(t, src)}
	files, _ := renderSome(t, in, (*builder).journeyPages)
	for name, content := range files {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		eachNode(checkHTML(t, name, content), func(n *html.Node) {
			if n.Type == html.ElementNode && (n.Data == "img" || n.Data == "script" && attr(n, "src") == "") {
				t.Errorf("%s: <%s> came through", name, n.Data)
			}
		})
	}
}

// Sixteen touchpoints, every lane filled, long words: what a team brings after a workshop.
func TestALongMapKeepsOneColumnPerTouchpoint(t *testing.T) {
	var src strings.Builder
	src.WriteString("[journey]\ntitle = \"Un parcours long\"\nupdated = 2026-01-05\nreview = \"90d\"\n[[persona]]\nname = \"Léa, 29 ans\"\n")
	emotions := []string{"découragement", "émerveillement", "enthousiasme", "indifférence", "curiosité"}
	for i := range 16 {
		if i%3 == 0 {
			src.WriteString("[[stage]]\nname = \"Étape numéro " + itoa(int32(i)) + "\"\nlifecycle = \"" + []string{"acquisition", "conversion", "loyalty"}[i%9/3] + "\"\n")
		}
		src.WriteString("[[stage.touchpoint]]\nname = \"Point de contact " + itoa(int32(i)) + "\"\nchannel = \"email\"\naction = \"Compare les caractéristiques techniques\"\nthought = \"Est-ce bien raisonnable ?\"\nbackstage = [\"Catalogue\", \"Transporteurs\"]\nopportunity = \"Idée " + itoa(int32(i)) + "\"\n")
		if i != 7 {
			src.WriteString("emotion = \"" + emotions[i%5] + "\"\n")
		}
		if i%4 == 1 {
			src.WriteString("friction = \"Une friction dont le titre est assez long " + itoa(int32(i)) + "\"\n")
		}
	}
	src.WriteString("[[friction]]\ntitle = \"De toute l’étape\"\non = \"etape-numero-3\"\nseverity = 5\nfrequency = 4\n[[feeling]]\non = [\"point-de-contact-2\", \"point-de-contact-3\"]\npersona = \"lea-29-ans\"\nemotion = \"colère\"\n")
	in := testInput(t)
	in.Maps = []*journey.Map{testMap(t, src.String())}
	files, _ := renderSome(t, in, (*builder).journeyPages)
	doc := checkHTML(t, "long", files["journey-un-parcours-long.html"])
	eachNode(doc, func(n *html.Node) {
		if n.Type != html.ElementNode || n.Data != "tr" || n.Parent.Parent == nil || !strings.HasPrefix(attr(n.Parent.Parent, "class"), "map") {
			return
		}
		columns := 0
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch span := attr(c, "colspan"); {
			case c.Type != html.ElementNode:
			case span != "":
				k, err := strconv.Atoi(span)
				if err != nil {
					t.Error(err)
				}
				columns += k
			default:
				columns++
			}
		}
		if columns != 17 {
			t.Errorf("row %q has %d columns", attr(n, "class"), columns)
		}
	})
	if fr := string(files["journey-un-parcours-long.html"]); strings.Count(fr, "<polyline") != 3 {
		t.Errorf("%d runs of the curve: it must stop at the gap, for the map and for Léa", strings.Count(fr, "<polyline"))
	}
}

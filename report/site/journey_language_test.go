package site

import (
	"strings"
	"testing"
	"testing/fstest"

	"parcours/journey"
	"parcours/report/recommend"
)

const mapFR = `[journey]
title = "Acheter : l'essentiel"
[[stage]]
id = "achat"
name = "Achat"
lifecycle = "conversion"
  [[stage.touchpoint]]
  id = "panier"
  name = "Panier"
  emotion = "curiosité"
  thought = "Est-ce « l'objet » ?"
  [[stage.touchpoint]]
  id = "paiement"
  name = "Page d'accueil du paiement"
  emotion = "anxiété"
  friction = "Frais de port : découverts"
[[stage]]
id = "suite"
name = "Suite"
  [[stage.touchpoint]]
  id = "colis"
  name = "Colis"
  emotion = "déception"
`

var mapEN = strings.NewReplacer("Acheter : l'essentiel", "Buying", "Achat", "Checkout", "Panier", "Basket", "curiosité", "curiosity",
	"Page d'accueil du paiement", "Payment page", "anxiété", "anxiety", "Frais de port : découverts", "Delivery cost discovered late",
	"Est-ce « l'objet » ?", "Is it the one?", "Suite", "After", "Colis", "Parcel", "déception", "disappointment").Replace(mapFR)

// versions is a site in French and English with a map in both, one in French alone and one without a language.
func versions(t *testing.T) Input {
	t.Helper()
	only := strings.Replace(strings.Replace(mapFR, "Acheter : l'essentiel", "Seul", 1), "\"Panier\"", "\"Panier seul\"", 1)
	in := testInput(t)
	fsys := fstest.MapFS{}
	for name, text := range map[string]string{"a.en.toml": mapEN, "a.fr.toml": mapFR, "b.fr.toml": only, "c.toml": strings.Replace(only, "Seul", "C", 1)} {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	maps, list := journey.LoadAll(fsys, []string{"*.toml"}, journey.Options{Languages: in.Config.Languages})
	if list.Len() != 0 {
		t.Fatal(list.Sorted())
	}
	in.Maps = maps
	return in
}

func TestEachLanguageShowsItsVersionOfAMap(t *testing.T) {
	files, _ := renderSome(t, versions(t), (*builder).journeyPages)
	for name, want := range map[string]string{
		"journey-a.html": "Page d’accueil du paiement", "journey-a.en.html": "Payment page",
		"journey-b.html": "Panier seul", "journey-b.en.html": "Panier seul", "journey-c.en.html": "Panier seul",
	} {
		checkHTML(t, name, files[name])
		if !strings.Contains(string(files[name]), want) {
			t.Errorf("%s: no %q", name, want)
		}
	}
	if en := string(files["journey-a.en.html"]); strings.Contains(en, "anxiété") || strings.Contains(en, "Panier<") {
		t.Error("French in the English version")
	}
	for name, want := range map[string]string{
		"data/journey-a.csv":    "Achat,conversion,paiement,Page d'accueil du paiement,,anxiété,-2,2,false,Frais de port : découverts,9",
		"data/journey-a.en.csv": "Checkout,conversion,paiement,Payment page,,anxiety,-2,2,false,Delivery cost discovered late,9",
		"data/journey-b.csv":    "Panier seul",
	} {
		if !strings.Contains(string(files[name]), want) {
			t.Errorf("%s: no %q in\n%s", name, want, files[name])
		}
	}
	if _, ok := files["data/journey-b.en.csv"]; ok {
		t.Error("two files of one version")
	}
	if !strings.Contains(string(files["journey-a.en.html"]), `href="data/journey-a.en.csv"`) {
		t.Error("the English page does not lead to its CSV")
	}
}

func TestTextsOfAMapAreSetAsProse(t *testing.T) {
	files, _ := renderSome(t, versions(t), (*builder).journeyPages)
	fr := string(files["journey-a.html"])
	for _, want := range []string{"Acheter\u00a0: l’essentiel", "«\u00a0Est-ce «\u00a0l’objet\u00a0»\u00a0?\u00a0»", "Frais de port\u00a0: découverts"} {
		if !strings.Contains(fr, want) {
			t.Errorf("no %q", want)
		}
	}
}

// The id of a shorthand is made of its words, which differ between languages.
func TestRecommendationsNamePlacesInTheLanguageOfThePage(t *testing.T) {
	in := versions(t)
	in.Maps = in.Maps[:2]
	text := map[string]string{"fr": "Titre : {{map.touchpoints}}", "en": "Title"}
	in.Advice.Recommendations = []recommend.Recommendation{{Play: recommend.Play{ID: "one", Stage: "conversion", Title: text, Why: text, Effort: 1}, Touchpoints: []recommend.Link{
		{Map: "a", ID: "frais-de-port-decouverts", Title: "Frais de port : découverts", Kind: recommend.ToFriction, Criticality: 9},
		{Map: "a", ID: "colis", Title: "Colis", Kind: recommend.ToTouchpoint},
		{Map: "a", ID: "gone", Title: "Un lieu d'hier", Kind: recommend.ToTouchpoint},
	}}}
	files, _ := renderSome(t, in, func(b *builder) []page { return append(b.journeyPages(), b.advicePages()...) })
	for name, wants := range map[string][]string{
		"recommendations.html": {
			`href="journey-a.html#fr-frais-de-port-decouverts">Frais de port` + "\u00a0: découverts (criticité 9)<", `href="journey-a.html#tp-colis">Colis<`,
			`href="journey-a.html">Un lieu d’hier<`, "Titre\u00a0: ",
		},
		"recommendations.en.html": {`href="journey-a.en.html#fr-delivery-cost-discovered-late">Delivery cost discovered late (criticality 9)<`, `href="journey-a.en.html#tp-colis">Parcel<`},
	} {
		for _, want := range wants {
			if !strings.Contains(string(files[name]), want) {
				t.Errorf("%s: no %q", name, want)
			}
		}
	}
	if !strings.Contains(string(files["journey-a.en.html"]), `id="fr-delivery-cost-discovered-late"`) {
		t.Error("the link leads nowhere")
	}
}

// A map in two languages is one map: its frictions count once, in every language alike.
func TestFiguresOfMapsAreThoseOfTheFirstLanguage(t *testing.T) {
	in := versions(t)
	s := &shared{files: Files{}, tables: map[string]string{}}
	for _, lang := range in.Config.Languages {
		b, err := newBuilder(in, s, lang, lang == "fr")
		if err != nil {
			t.Fatal(err)
		}
		if f := b.anyFigure("map.touchpoints"); f.Value != 9 || len(b.Maps) != 3 {
			t.Errorf("%s: %v touchpoints on %d maps", lang, f.Value, len(b.Maps))
		}
	}
}

func TestOpeningsOfMaps(t *testing.T) {
	place := func(name, emotion string) string {
		return "[[stage.touchpoint]]\nname = \"" + name + "\"\nemotion = \"" + emotion + "\"\n"
	}
	head := "[journey]\ntitle = \"T\"\n[[stage]]\nname = \"A\"\n"
	for src, want := range map[string][2]string{
		place("P", "ennui") + place("Q", "joie") + place("R", "doute") + place("S", "joie"):                         {"2 points de contact sont au plus bas, à −1 : « P » et « R »", "Le plus haut, +2, est atteint à 2 points de contact. Aucune friction n’est déclarée."},
		place("P", "ennui") + place("Q", "joie") + place("R", "doute") + place("S", "regret") + place("V", "ennui"): {"4 points de contact sont au plus bas, à −1, dont « P »", "Le plus haut est « Q » : joie, +2."},
		place("P", "intérêt") + place("Q", "espoir"):                                                                {"T", "Le ressenti déclaré est partout de +1."},
		"[[stage.touchpoint]]\nname = \"P\"\nfriction = \"x\"\n":                                                    {"T", "Aucun ressenti n’est encore déclaré. La seule friction reste ouverte."},
	} {
		in := testInput(t)
		in.Maps = []*journey.Map{testMap(t, head+src)}
		files, _ := renderSome(t, in, (*builder).journeyPages)
		fr := strings.NewReplacer("\u00a0", " ", "&#43;", "+").Replace(string(files["journey-t.html"]))
		if !strings.Contains(fr, "<h1>"+want[0]+"</h1>") || !strings.Contains(fr, `<p class="lede">`+want[1]) {
			t.Errorf("no %q in %s", want, fr[strings.Index(fr, "<h1>"):strings.Index(fr, "<dl")])
		}
	}
}

package journey

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"parcours/internal/tomlpos"
)

// A map in two languages, with every place where translations could drift.
const inFrench = `[journey]
title = "Acheter"
updated = 2026-01-05
review = "30d"
[[persona]]
id = "lea"
name = "Léa"
[[stage]]
id = "achat"
name = "Achat"
lifecycle = "conversion"
  [[stage.touchpoint]]
  id = "panier"
  name = "Panier"
  emotion = "curiosité"
  event = "ajout_panier"
  [[stage.touchpoint]]
  id = "paiement"
  name = "Paiement"
  emotion = "anxiété"
[[stage]]
id = "suite"
name = "Suite"
  [[stage.touchpoint]]
  id = "colis"
  name = "Colis"
  emotion = "joie"
[[feeling]]
on = "panier"
persona = "lea"
emotion = "hésitation"
[[friction]]
title = "Frais cachés"
on = "paiement"
severity = 4
frequency = 4
owner = "Paiement"
`

var inEnglish = strings.NewReplacer("Acheter", "Buying", "Achat", "Checkout", "Panier", "Basket", "curiosité", "curiosity", "Paiement", "Payment",
	"anxiété", "anxiety", "Suite", "After", "Colis", "Parcel", "joie", "joy", "hésitation", "hesitation", "Frais cachés", "Hidden costs").Replace(inFrench)

var bilingual = Options{Languages: []string{"fr", "en"}}

func mapFiles(files ...string) fstest.MapFS {
	out := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		out[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return out
}

func TestAMapMayHaveAVersionPerLanguage(t *testing.T) {
	fsys := mapFiles("achat.en.toml", inEnglish, "achat.fr.toml", inFrench, "b.v2.toml", inFrench)
	maps, list := LoadAll(fsys, []string{"*.toml"}, bilingual)
	if got := text2lines(list); got != "" {
		t.Error(got)
	}
	if len(maps) != 3 || maps[0].ID != "achat" || maps[0].Lang != "en" || maps[1].ID != "achat" || maps[1].Lang != "fr" || maps[2].ID != "acheter" || maps[2].Lang != "" {
		t.Fatalf("maps %v", maps)
	}
	if e := maps[0].Stages[0].Touchpoints[0].Feelings; e[0].Emotions[0].Word != "curiosity" || e[1].Emotions[0].Word != "hesitation" {
		t.Errorf("words of the English version: %v", e)
	}
}

func TestEachLanguageHasOneVersionOfEveryMap(t *testing.T) {
	a := func(id, lang string) *Map { return &Map{ID: id, Lang: lang} }
	maps := []*Map{a("both", "en"), a("both", "fr"), a("all", ""), a("default", "fr"), a("other", "en"), a("third", "de"), a("third", "")}
	for lang, want := range map[string]string{"fr": "both fr, all , default fr, other en, third ", "en": "both en, all , default fr, other en, third ", "de": "both fr, all , default fr, other en, third de"} {
		var got []string
		for _, m := range InLanguage(maps, lang, "fr") {
			got = append(got, m.ID+" "+m.Lang)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}

func TestMapsOfOneLanguageHaveDifferentIDs(t *testing.T) {
	own := strings.Replace(inFrench, "[journey]\n", "[journey]\nid = \"achat\"\n", 1)
	_, list := LoadAll(mapFiles("achat.fr.toml", inFrench, "achat.toml", own, "x/achat.fr.toml", inFrench), []string{"*.toml", "x/*.toml"}, bilingual)
	want := `achat.toml:2:6: error [PJ021] the map "achat" already exists; a file name without a language serves all of them: add one, as in achat.fr.toml
  achat.fr.toml:1:2: first map with this id
x/achat.fr.toml:1:2: error [PJ021] the map "achat" already exists; give one of the two another id in [journey]
  achat.fr.toml:1:2: first map with this id
`
	if got := text2lines(list); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestAMapInALanguageThatTheSiteLacksIsLeftOut(t *testing.T) {
	fsys := mapFiles("achat.de.toml", "no toml", "a.v2.toml", inFrench, "b.zz.toml", strings.Replace(inFrench, "Acheter", "B", 1))
	maps, list := LoadAll(fsys, []string{"*.toml"}, bilingual)
	want := "achat.de.toml: warning [PJ127] the site has no language \"de\": the map is left out; languages of the site: fr, en; a name without a language serves all of them\n"
	if got := text2lines(list); len(maps) != 2 || got != want {
		t.Errorf("%v\n%s", maps, got)
	}
}

// Only the first difference is told: what follows it tells nothing.
func TestVersionsThatDriftApartAreReported(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"ajout_panier", "add_to_cart", "16:11: warning [PJ126] the event \"add_to_cart\" is \"ajout_panier\" in a.fr.toml"},
		{"id = \"panier\"", "id = \"basket\"", "12:11: warning [PJ126] the touchpoint \"basket\" is \"panier\" in a.fr.toml"},
		{"id = \"achat\"", "id = \"checkout\"", "8:3: warning [PJ126] the stage \"checkout\" is \"achat\" in a.fr.toml"},
		{"\"anxiety\"", "\"worry\"", "20:13: warning [PJ126] the valence \"-1\" is \"-2\" in a.fr.toml"},
		{"severity = 4", "severity = 3", "32:3: warning [PJ126] the friction \"paiement, 3 × 4, reported\" is \"paiement, 4 × 4, reported\" in a.fr.toml"},
		{"lifecycle = \"conversion\"", "lifecycle = \"retention\"", "11:13: warning [PJ126] the lifecycle \"retention\" is \"conversion\" in a.fr.toml"},
		{"[[stage]]\nid = \"suite\"\nname = \"After\"\n", "", "21:11: warning [PJ126] the touchpoint \"colis\" stands where a.fr.toml has the stage \"suite\""},
		{inEnglish[strings.Index(inEnglish, "[[friction]]"):], "", "1:2: warning [PJ126] the friction \"paiement, 4 × 4, reported\" of a.fr.toml is missing"},
	} {
		edited := strings.Replace(inEnglish, c.old, c.new, 1)
		if c.old == "id = \"panier\"" {
			edited = strings.Replace(edited, "on = \"panier\"", "on = \"basket\"", 1)
		}
		_, list := LoadAll(mapFiles("a.en.toml", edited, "a.fr.toml", inFrench), []string{"*.toml"}, bilingual)
		var got []string
		for line := range strings.Lines(text2lines(list)) {
			if strings.Contains(line, "PJ126") {
				got = append(got, line)
			}
		}
		if len(got) != 1 || !strings.HasPrefix(got[0], "a.en.toml:"+c.want+"; versions of one map") {
			t.Errorf("%q: got %q\nwant %q", c.new, text2lines(list), c.want)
		}
	}
}

// A map that waits for its review is one map, in however many languages it is written.
func TestAVersionDoesNotRepeatTheWarningsOfTheFirst(t *testing.T) {
	opt := bilingual
	opt.AsOf = tomlpos.Date{Year: 2026, Month: time.November, Day: 1}
	own := strings.Replace(inEnglish, "owner = \"Payment\"\n", "", 1)
	_, list := LoadAll(mapFiles("a.en.toml", own, "a.fr.toml", inFrench), []string{"*.toml"}, opt)
	want := `a.en.toml:32:3: warning [PJ116] friction "hidden-costs" has severity 4 and no owner; add owner = "…"
a.fr.toml:3:11: warning [PJ102] the map was to be reviewed by 2026-02-04; review the map, then set updated
`
	if got := text2lines(list); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// A map for every language speaks its own: a built-in word is not translated.
func TestWordsOfEitherLanguageStayAsTheyAre(t *testing.T) {
	for _, word := range []string{"curiosity", "curiosité", "hesitation", "hésitation"} {
		src := strings.Replace(inFrench, "\"curiosité\"", "\""+word+"\"", 1)
		m, list := Load("a.toml", []byte(src), bilingual)
		if list.Len() != 0 {
			t.Fatal(text2lines(list))
		}
		if got := m.Stages[0].Touchpoints[0].Feelings[0].Emotions[0].Word; got != word {
			t.Errorf("%q became %q", word, got)
		}
	}
}

package journey

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/BurntSushi/toml"

	"parcours/internal/diag"
	"parcours/internal/tomlpos"
)

var update = flag.Bool("update", false, "rewrite the expected diagnostics")

// asOf is the day of the tests.
var asOf = Options{AsOf: tomlpos.Date{Year: 2026, Month: time.November, Day: 21}}

// Every case of testdata/bad is a map and the messages it must give, and a map with an error is never returned.
func TestBrokenMapsAreReportedWhereTheyAreBroken(t *testing.T) {
	archives, err := filepath.Glob("testdata/bad/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no cases", err)
	}
	cases := 0
	for _, name := range archives {
		parts := archive(t, name)
		for i := 0; i+1 < len(parts); i += 2 {
			cases++
			src, want := parts[i], &parts[i+1]
			m, list := Load(src.name, []byte(src.text), asOf)
			got := text2lines(list)
			if *update {
				want.text = got
			}
			if got != want.text {
				t.Errorf("%s %s:\n%swant\n%s", name, src.name, got, want.text)
			}
			if got == "" {
				t.Errorf("%s %s: no message", name, src.name)
			}
			if (m == nil) != list.HasErrors() {
				t.Errorf("%s %s: map returned %v, errors %v", name, src.name, m != nil, list.HasErrors())
			}
		}
		if *update {
			var b strings.Builder
			for _, p := range parts {
				b.WriteString("-- " + p.name + " --\n" + p.text)
			}
			if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if cases < 60 {
		t.Errorf("only %d cases", cases)
	}
}

// part is one file of a txtar archive.
type part struct{ name, text string }

func archive(t testing.TB, name string) []part {
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var parts []part
	for line := range strings.Lines(string(src)) {
		if name, ok := strings.CutPrefix(line, "-- "); ok && strings.HasSuffix(name, " --\n") {
			parts = append(parts, part{name: strings.TrimSuffix(name, " --\n")})
			continue
		}
		parts[len(parts)-1].text += line
	}
	return parts
}

func text2lines(list diag.List) string {
	var b strings.Builder
	for _, d := range list.Sorted() {
		b.WriteString(d.String() + "\n")
		for _, r := range d.Related {
			b.WriteString("  " + r.Pos.String() + ": " + r.Msg + "\n")
		}
	}
	return b.String()
}

// An editor on another system may add a byte-order mark and carriage returns.
func TestByteOrderMarkAndCarriageReturnsMoveNothing(t *testing.T) {
	src := "[journey]\ntitle = \"Été\"\n[[stage]]\nname = \"A\"\n  [[stage.touchpoint]]\n  name = \"P\"\n  emotion = \"nope\"\n"
	_, plain := Load("m.toml", []byte(src), asOf)
	_, other := Load("m.toml", []byte("\ufeff"+strings.ReplaceAll(src, "\n", "\r\n")), asOf)
	if text2lines(plain) == "" || text2lines(plain) != text2lines(other) {
		t.Errorf("got\n%swant\n%s", text2lines(other), text2lines(plain))
	}
}

func TestTextThatIsNotUTF8IsReported(t *testing.T) {
	_, list := Load("m.toml", []byte("[journey]\ntitle = \"\xff\"\n"), asOf)
	if got := text2lines(list); !strings.HasPrefix(got, "m.toml:2:1: error [PT005]") {
		t.Error(got)
	}
}

func TestTheWorkedExampleLoads(t *testing.T) {
	m := load(t, "testdata/good/worked-example.toml")
	if m.ID != "achat-en-ligne" || m.State != "current" || m.ReviewDays != 90 || m.ReviewDue().String() != "2027-01-31" {
		t.Errorf("header: %+v", m)
	}
	if len(m.Stages) != 5 || len(m.Personas) != 2 || m.Personas[0].Segment["type_client"] != "nouveau" {
		t.Errorf("stages %d, personas %+v", len(m.Stages), m.Personas)
	}
	pay := m.Stages[2].Touchpoints[0]
	if pay.ID != "paiement" || pay.Intensity != 3 || !pay.MomentOfTruth || pay.Feelings[0].Emotions[0] != (Emotion{"anxiété", -2}) {
		t.Errorf("payment: %+v", pay)
	}
	if v, _ := pay.Feeling("karim").Mean(); v != 1 {
		t.Errorf("Karim at the payment: %v", v)
	}
	if v, _ := pay.Feeling("lea").Mean(); v != -2 {
		t.Errorf("Léa has no feeling of her own: %v", v)
	}
	if got := []string{m.Stages[0].Touchpoints[0].Channel, m.Stages[3].Touchpoints[0].Channel}; !slices.Equal(got, []string{"ad", "parcel"}) {
		t.Errorf("French aliases of channels: %v", got)
	}
	if v, _ := m.Stages[4].Touchpoints[0].Feelings[0].Mean(); v != -0.5 {
		t.Errorf("mean of frustration and satisfaction: %v", v)
	}
	f := m.Frictions
	if len(f) != 2 || f[0].Criticality() != 16 || f[0].Loop() != Started || !f[0].Open() || f[1].Loop() != Informed || f[1].CustomersInformed != 318 {
		t.Errorf("frictions: %+v", f)
	}
	o := m.Opportunities
	if len(o) != 2 || !slices.Equal(o[0].On, []string{"paiement"}) || o[0].Target != 0.72 || o[1].Title != "Aligner l'annonce et la page d'arrivée" || o[1].On[0] != "publicite" {
		t.Errorf("opportunities: %+v", o)
	}
	if s := m.SLAs[0]; s.FirstReply != 60 || s.Resolution != 1200 || s.Percentile != 80 {
		t.Errorf("service level: %+v", s)
	}
	if k := m.Metrics[0]; k.Worst != 1 || k.Best != 5 || k.Where["motif"] != "chat" {
		t.Errorf("metric: %+v", k)
	}
}

// The introductory four-column table is a complete map.
func TestLevelZeroLoads(t *testing.T) {
	m := load(t, "testdata/good/level0.toml")
	if m.ID != "acheter-en-ligne" || m.Stages[0].Touchpoints[0].ID != "publicite-en-ligne" {
		t.Errorf("slugs: %s, %s", m.ID, m.Stages[0].Touchpoints[0].ID)
	}
	if f := m.Frictions; len(f) != 1 || f[0].Criticality() != 9 || f[0].Evidence != Hypothesis || f[0].On[0] != "page-de-paiement" {
		t.Errorf("friction of a shorthand: %+v", f)
	}
	if o := m.Opportunities; len(o) != 3 || o[2].Status != "idea" || o[2].Impact != 0 {
		t.Errorf("opportunities of shorthands: %+v", o)
	}
	if e := m.Stages[2].Touchpoints[0].Feelings[0].Emotions; len(e) != 2 || e[0] != (Emotion{"frustration", -2}) || e[1] != (Emotion{"satisfaction", 1}) {
		t.Errorf("two emotions: %+v", e)
	}
}

func TestWordsMatchWithoutCaseAndAccents(t *testing.T) {
	src := `[journey]
title = "T"
state = "TARGET"
[[emotion]]
name = "Sérénité"
valence = 2
[[stage]]
name = "A"
lifecycle = "Rétention"
  [[stage.touchpoint]]
  name = "P"
  emotion = "SERENITE"
  channel = "Téléphone"
  [[stage.touchpoint]]
  name = "Q"
  emotion = "anxiete"
  channel = "borne"
  [[stage.touchpoint]]
  name = "R"
  emotion = "sidération"
  valence = -1
  opportunity = "Même idée"
[[stage]]
name = "B"
  [[stage.touchpoint]]
  name = "œuvre d’été"
  valence = 0
  opportunity = "Même idée"
[[friction]]
title = "x"
on = "a"
severity = 2
frequency = 2
evidence = "Observed"
[[opportunity]]
title = "o"
resolves = "x"
status = "In_Progress"
`
	m, list := Load("m.toml", []byte(src), Options{})
	if list.Len() != 0 {
		t.Fatal(text2lines(list))
	}
	a := m.Stages[0]
	if m.State != "target" || a.Lifecycle != Retention || a.Touchpoints[0].Channel != "phone" || m.Channels["borne"].Name != "borne" {
		t.Errorf("closed words: %+v", m)
	}
	want := []Emotion{{"Sérénité", 2}, {"anxiété", -2}, {"sidération", -1}, {"", 0}}
	got := []Emotion{
		a.Touchpoints[0].Feelings[0].Emotions[0], a.Touchpoints[1].Feelings[0].Emotions[0], a.Touchpoints[2].Feelings[0].Emotions[0],
		m.Stages[1].Touchpoints[0].Feelings[0].Emotions[0],
	}
	if !slices.Equal(got, want) {
		t.Errorf("emotions %v, want %v", got, want)
	}
	if id := m.Stages[1].Touchpoints[0].ID; id != "oeuvre-d-ete" {
		t.Errorf("slug %q", id)
	}
	if f := m.Frictions[0]; f.Evidence != Seen || !slices.Equal(m.Expand(f.On), []string{"p", "q", "r"}) {
		t.Errorf("friction on a stage: %+v", f)
	}
	if o := m.Opportunities; o[0].Status != "in progress" || o[1].ID == o[2].ID {
		t.Errorf("opportunities: %+v", o)
	}
}

// French and English share words but for an accent; each keeps its spelling.
func TestWordsOfTwoLanguagesKeepTheirSpelling(t *testing.T) {
	v := newVocabulary()
	for word, want := range map[string]string{"Hésitation": "hésitation", "Hesitation": "hesitation", "INDIFFÉRENCE": "indifférence", "anxiete": "anxiété", "Joy": "joy"} {
		if e, ok := v.find(word); !ok || e.Word != want {
			t.Errorf("%q: %+v", word, e)
		}
	}
}

func TestMapsOfASiteHaveDifferentIDs(t *testing.T) {
	src := "[journey]\ntitle = \"T\"\n[[stage]]\nname = \"A\"\n  [[stage.touchpoint]]\n  name = \"P\"\n  emotion = \"joie\"\n[[stage]]\nname = \"B\"\n  [[stage.touchpoint]]\n  name = \"Q\"\n  emotion = \"joie\"\n"
	fsys := fstest.MapFS{
		"maps/b.toml": {Data: []byte(src)}, "maps/a.toml": {Data: []byte(src)},
		"maps/c.toml": {Data: []byte("[journey]\n")},
	}
	maps, list := LoadAll(fsys, []string{"maps/*.toml", "maps/a.toml", "other/*.toml", "[x"}, Options{})
	if len(maps) != 2 || maps[0].File != "maps/a.toml" {
		t.Errorf("maps %v", maps)
	}
	want := `[x: error [PJ022] malformed file pattern
maps/b.toml:1:2: error [PJ021] the map "t" already exists; give one of the two another id in [journey]
  maps/a.toml:1:2: first map with this id
maps/c.toml:1:1: error [PT004] missing key "stage" in [top of the file]; add at least one [[stage]] with a name
maps/c.toml:1:2: error [PT004] missing key "title" in [journey]
other/*.toml: warning [PJ118] no journey map matches; paths are relative to site.toml
`
	if got := text2lines(list); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func load(t *testing.T, file string) *Map {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	m, list := Load(file, src, asOf)
	if list.HasErrors() {
		t.Fatal(text2lines(list))
	}
	return m
}

// FuzzLoad checks that no text makes the loader panic, that what it accepts is consistent, and that messages point
// into the file.
func FuzzLoad(f *testing.F) {
	for _, name := range []string{"testdata/good/worked-example.toml", "testdata/good/level0.toml"} {
		src, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(src))
	}
	for _, name := range []string{"ids", "references", "shape", "values", "warnings"} {
		for _, p := range archive(f, "testdata/bad/"+name+".txtar") {
			if strings.HasSuffix(p.name, ".toml") {
				f.Add(p.text)
			}
		}
	}
	f.Fuzz(func(t *testing.T, src string) {
		m, list := Load("m.toml", []byte(src), asOf)
		lines := strings.Count(src, "\n") + 1
		for _, d := range list.Sorted() {
			if d.Pos.Line < 0 || d.Pos.Line > lines {
				t.Errorf("line %d of %d: %s", d.Pos.Line, lines, d)
			}
		}
		var any map[string]any
		if _, err := toml.Decode(src, &any); err != nil && m != nil {
			t.Error("a map from a file that is no TOML")
		}
		if m != nil {
			consistent(t, m)
		}
	})
}

func consistent(t *testing.T, m *Map) {
	if m.ID == "" {
		t.Error("a map without id")
	}
	ids := map[string]bool{}
	for _, s := range m.Stages {
		ids[s.ID] = true
		for _, p := range s.Touchpoints {
			ids[p.ID] = true
			if p.Intensity < 1 || p.Intensity > 3 || len(p.Feelings) == 0 {
				t.Errorf("touchpoint %+v", p)
			}
			for _, f := range p.Feelings {
				if v, ok := f.Mean(); ok && (v < -2 || v > 2) {
					t.Errorf("valence %v", v)
				}
			}
		}
	}
	for _, f := range m.Frictions {
		if c := f.Criticality(); c < 1 || c > 25 || len(f.On) == 0 {
			t.Errorf("friction %+v", f)
		}
		for _, id := range f.On {
			if !ids[id] {
				t.Errorf("friction on %q", id)
			}
		}
	}
}

package i18n_test

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"parcours/themes"
)

// forms are the plural forms that CLDR asks of a language for integers.
var forms = map[string][]string{"fr": {"many", "one", "other"}, "en": {"one", "other"}}

var named = regexp.MustCompile(`\{\{\.([A-Za-z0-9]+)\}\}`)

type entry struct {
	file  string
	forms map[string]string
}

// readAll reads the catalogues of one language with a second, simple reader.
func readAll(t *testing.T, lang string) map[string]entry {
	t.Helper()
	files, err := fs.Glob(themes.Default(), "i18n/"+lang+"/*.toml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no catalogues for %s: %v", lang, err)
	}
	out := map[string]entry{}
	for _, file := range files {
		src, err := fs.ReadFile(themes.Default(), file)
		if err != nil {
			t.Fatal(err)
		}
		var all map[string]any
		if err := toml.Unmarshal(src, &all); err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		flatten(t, out, path.Base(file), "", all)
	}
	return out
}

func flatten(t *testing.T, out map[string]entry, file, id string, table map[string]any) {
	texts := map[string]string{}
	for k, v := range table {
		child := strings.TrimPrefix(id+"."+k, ".")
		switch v := v.(type) {
		case map[string]any:
			flatten(t, out, file, child, v)
		case string:
			if id == "" {
				add(t, out, child, entry{file, map[string]string{"other": v}})
			} else if k != "description" {
				texts[k] = v
			}
		default:
			t.Errorf("%s: %s is a %T", file, child, v)
		}
	}
	if len(texts) > 0 {
		add(t, out, id, entry{file, texts})
	}
}

func add(t *testing.T, out map[string]entry, id string, e entry) {
	if other, ok := out[id]; ok {
		t.Errorf("message %q is in %s and in %s", id, other.file, e.file)
	}
	out[id] = e
}

func placeholders(e entry) string {
	set := map[string]bool{}
	for _, text := range e.forms {
		for _, m := range named.FindAllStringSubmatch(text, -1) {
			set[m[1]] = true
		}
	}
	return fmt.Sprint(slices.Sorted(maps.Keys(set)))
}

func TestBothLanguagesSayTheSameThings(t *testing.T) {
	all := map[string]map[string]entry{"fr": readAll(t, "fr"), "en": readAll(t, "en")}
	for _, pair := range [][2]string{{"fr", "en"}, {"en", "fr"}} {
		for _, id := range slices.Sorted(maps.Keys(all[pair[0]])) {
			e := all[pair[0]][id]
			other, ok := all[pair[1]][id]
			switch {
			case !ok:
				t.Errorf("%s/%s: message %q is not in %s", pair[0], e.file, id, pair[1])
			case e.file != other.file:
				t.Errorf("message %q is in %s/%s and in %s/%s", id, pair[0], e.file, pair[1], other.file)
			case pair[0] == "fr" && placeholders(e) != placeholders(other):
				t.Errorf("%s: %q has placeholders %s in French and %s in English", e.file, id, placeholders(e), placeholders(other))
			}
		}
	}
}

func TestMessagesHaveThePluralFormsOfTheirLanguage(t *testing.T) {
	for lang, want := range forms {
		for id, e := range readAll(t, lang) {
			got := slices.Sorted(maps.Keys(e.forms))
			if len(got) > 1 && !slices.Equal(got, want) {
				t.Errorf("%s/%s: %q has the forms %v; %s needs %v", lang, e.file, id, got, lang, want)
			}
			if e.forms["other"] == "" {
				t.Errorf("%s/%s: %q has no form \"other\"", lang, e.file, id)
			}
		}
	}
}

func TestFrenchMessagesHaveCurlyApostrophes(t *testing.T) {
	straight := regexp.MustCompile(`[\pL]'[\pL]`)
	for id, e := range readAll(t, "fr") {
		for _, text := range e.forms {
			if m := straight.FindString(text); m != "" {
				t.Errorf("fr/%s: %q has %q in %q", e.file, id, m, text)
			}
		}
	}
}

func TestEveryCatalogueLoads(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		if l := locale(t, lang); !l.Has("format-month-12") {
			t.Errorf("%s has no months", lang)
		}
	}
}

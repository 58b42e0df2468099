package i18n_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"parcours/report/i18n"
)

func catalogue(files map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func TestCountPicksThePluralForm(t *testing.T) {
	fr, err := i18n.Load("fr", catalogue(map[string]string{"i18n/fr/a.toml": `
[customers]
one = "{{.Count}} client"
many = "{{.Count}} de clients"
other = "{{.Count}} clients"
[flat]
other = "{{.Count}} en tout, {{.Who}}"
`}))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		count any
		want  string
	}{
		{0, "0 client"},
		{1, "1 client"},
		{int32(2), "2 clients"},
		{int64(1234), "1\u00a0234 clients"},
		{1000000, "1\u00a0000\u00a0000 de clients"},
		{1.5, "1,5 client"},
		{2.5, "2,5 clients"},
		{"1\u00a0234", "1\u00a0234 clients"},
		{"1,0", "1,0 client"},
		{"beaucoup", "beaucoup clients"},
	} {
		if got := fr.T("customers", "Count", c.count); got != c.want {
			t.Errorf("%v: got %q, want %q", c.count, got, c.want)
		}
	}
	if got := fr.T("flat", "Count", 1, "Who", "<b>x</b>{{.Count}}"); got != "1 en tout, <b>x</b>{{.Count}}" {
		t.Errorf("a value is inserted as it is: %q", got)
	}
}

func TestAbsentMessagesAreRecorded(t *testing.T) {
	en, err := i18n.Load("en", catalogue(map[string]string{"i18n/en/a.toml": `[hello]
other = "Hello {{.Name}}"`}))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { en.WithCurrency("GBP", 2).T("nope") })
	}
	wg.Wait()
	if got := en.T("nope"); got != "⟦nope⟧" {
		t.Errorf("got %q", got)
	}
	if got := en.T("hello"); got != "⟦hello⟧" {
		t.Errorf("a message without its value: got %q", got)
	}
	if got := en.Missing(); !slices.Equal(got, []string{"hello", "nope"}) {
		t.Errorf("missing: %v", got)
	}
	if en.Has("nope") || !en.Has("hello") {
		t.Error("Has is wrong")
	}
}

func TestLaterLayersOverride(t *testing.T) {
	base := catalogue(map[string]string{"i18n/en/a.toml": "[a]\nother = \"base a\"\n[b]\nother = \"base b\"", "i18n/en/notes.txt": "["})
	own := catalogue(map[string]string{"i18n/en/site.toml": "[a]\nother = \"own a\"\n[nav.title]\nother = \"Title\"\n[c]\nother = \"C\""})
	en, err := i18n.Load("en", base, nil, own, catalogue(nil))
	if err != nil {
		t.Fatal(err)
	}
	got := []string{en.T("a"), en.T("b"), en.T("nav.title"), en.T("c")}
	if want := []string{"own a", "base b", "Title", "C"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEveryMistakeOfACatalogueIsReported(t *testing.T) {
	_, err := i18n.Load("fr", catalogue(map[string]string{
		"i18n/fr/a.toml": "[a]\nother = \"{{call .X}}\"\n[b]\none = \"un\"\n[c]\nother = 3\n[d]\nother = \"x\"\nmnay = \"y\"\n",
		"i18n/fr/b.toml": "[a\n",
	}))
	var bad *i18n.CatalogueError
	if !errors.As(err, &bad) {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{"a.toml:1:", "PT102", "a.toml:3:", `no form "other"`, "a.toml:6:", "a.toml:9:", "many", "b.toml:1:3"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in\n%v", want, err)
		}
	}
}

func TestFrenchSpacesNeverBreakBeforePunctuation(t *testing.T) {
	files := map[string]string{
		"i18n/fr/a.toml": "a = \"« oui » : 5 % ; 3 € !\"", "i18n/en/a.toml": "a = \"a : b\u202fc\"",
	}
	for lang, want := range map[string]string{
		"fr": "«\u00a0oui\u00a0»\u00a0: 5\u00a0%\u00a0; 3\u00a0€\u00a0!", "en": "a : b\u00a0c",
	} {
		l, err := i18n.Load(lang, catalogue(files))
		if err != nil {
			t.Fatal(err)
		}
		if got := l.T("a"); got != want {
			t.Errorf("%s: got %+q, want %+q", lang, got, want)
		}
	}
}

func TestUnknownLanguageIsRefused(t *testing.T) {
	if _, err := i18n.Load("not a language"); err == nil {
		t.Error("no error")
	}
}

func TestOtherLanguagesGetTheirSeparators(t *testing.T) {
	for lang, want := range map[string]string{"de": "1.234,5 12,50\u00a0€", "pl": "1\u00a0234,5 12,50\u00a0€", "ar": "1,234.5 12.50\u00a0€"} {
		l, err := i18n.Load(lang)
		if err != nil {
			t.Fatal(err)
		}
		if got := l.Dec(1234.5, 1) + " " + l.Money(1250); got != want {
			t.Errorf("%s: got %+q, want %+q", lang, got, want)
		}
	}
}

func FuzzCatalogue(f *testing.F) {
	f.Add("[a]\nother = \"{{.X}}\"")
	f.Add("a = \"b\"\n[c.d]\none = \"x\"\nother = \"y\"")
	f.Add("[a.other]\nother = 1")
	f.Fuzz(func(t *testing.T, src string) {
		l, err := i18n.Load("fr", catalogue(map[string]string{"i18n/fr/a.toml": src}))
		if err == nil {
			_ = l.T("a", "X", "y", "Count", 2)
		}
	})
}

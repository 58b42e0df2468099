package i18n_test

import (
	"testing"

	"parcours/report/i18n"
)

func TestTextOfAPersonIsSetAsProse(t *testing.T) {
	for in, want := range map[string]string{
		"Est-ce que ça arrive à temps ?":     "Est-ce que ça arrive à temps\u00a0?",
		"J'ai cru m'être trompée : « non »":  "J’ai cru m’être trompée\u00a0: «\u00a0non\u00a0»",
		"L'« objet » à 20 % de 3 €\u202f!":   "L’«\u00a0objet\u00a0» à 20\u00a0% de 3\u00a0€\u00a0!",
		"aujourd'hui; rock'n'roll":           "aujourd’hui; rock’n’roll",
		"don't, but 'quoted' and 5' 10\" x'": "don’t, but 'quoted' and 5' 10\" x'",
		"déjà\u00a0: rien, rien.":            "déjà\u00a0: rien, rien.",
		"https://example.org/a?b=c;d:e":      "https://example.org/a?b=c;d:e",
		"a\xffb'\xff'c'\xff":                 "a\ufffdb'\ufffd'c'\ufffd",
		"a\u202ecod\x1b[31m\u2066exe\x7f\n":  "acod[31mexe\n",
		"":                                   "",
	} {
		for _, lang := range []string{"fr", "en"} {
			loc, err := i18n.Load(lang)
			if err != nil {
				t.Fatal(err)
			}
			if got := loc.Text(in); got != want {
				t.Errorf("%s: %q gives %q, want %q", lang, in, got, want)
			}
			if got := loc.Text(want); got != want {
				t.Errorf("%s: %q changes again to %q", lang, want, got)
			}
		}
	}
}

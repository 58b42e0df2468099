package site

import (
	"fmt"
	"io/fs"
	"strings"

	"parcours/report/clv"
	"parcours/report/i18n"
	"parcours/themes"
)

// Sentences writes messages of the models in a language of the theme, as the pages do.
func Sentences(theme fs.FS, lang string, list []clv.Message) (string, error) {
	loc, err := i18n.Load(lang, themes.Layers(theme)...)
	if err != nil {
		return "", err
	}
	text := (&builder{loc: loc}).paragraph(list)
	if missing := loc.Missing(); len(missing) > 0 {
		return "", fmt.Errorf("messages missing from the catalogue: %s", strings.Join(missing, ", "))
	}
	return text, nil
}

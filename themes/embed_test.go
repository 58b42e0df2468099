package themes_test

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"parcours/themes"
)

func TestTheOverlayIsAFileSystem(t *testing.T) {
	over := fstest.MapFS{"templates/index.html": {Data: []byte("ours")}, "static/own.css": {Data: []byte("p{}")}}
	under := fstest.MapFS{"templates/index.html": {Data: []byte("theirs")}, "templates/data.html": {Data: []byte("data")}, "i18n/fr/a.toml": {Data: []byte("x")}}
	both := themes.Overlay(over, under)
	if err := fstest.TestFS(both, "templates/index.html", "templates/data.html", "static/own.css", "i18n/fr/a.toml"); err != nil {
		t.Fatal(err)
	}
	if b, err := fs.ReadFile(both, "templates/index.html"); err != nil || string(b) != "ours" {
		t.Errorf("%s, %v", b, err)
	}
	if themes.Overlay(nil, under) == nil {
		t.Error("no overlay is the theme below")
	}
}

func TestTheDefaultThemeHasItsFolders(t *testing.T) {
	for _, name := range []string{"templates/parts/base.html", "static/parcours.css", "static/fonts/OFL.txt", "i18n/fr/site.toml", "i18n/en/site.toml"} {
		if _, err := fs.Stat(themes.Default(), name); err != nil {
			t.Error(err)
		}
	}
}

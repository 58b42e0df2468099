package demo_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"parcours/internal/demo"
	"parcours/internal/diag"
	"parcours/journey"
	"parcours/report/config"
	"parcours/report/site"
)

// Whoever starts from these texts must not start with a warning.
func TestProjectsPassEveryCheckThatNeedsNoData(t *testing.T) {
	ctx := context.Background()
	for name, write := range map[string]func(dir string) error{
		"shop":       func(dir string) error { return demo.Generate(ctx, demo.Options{Dir: dir, Orders: 500, Customers: 200}) },
		"starter fr": func(dir string) error { return demo.Init(ctx, dir, "fr") },
		"starter en": func(dir string) error { return demo.Init(ctx, dir, "en") },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := write(dir); err != nil {
				t.Fatal(err)
			}
			s, l := config.Load(filepath.Join(dir, "site.toml"))
			if s == nil {
				t.Fatal(text(l))
			}
			maps, list := journey.LoadAll(os.DirFS(dir), s.Maps, journey.Options{AsOf: s.Report.AsOf, Languages: s.Languages})
			l.Append(list)
			pages, list := site.LoadPages(os.DirFS(dir), s.Pages, s.Languages)
			l.Append(list)
			if found := text(l); found != "" {
				t.Error(found)
			}
			if len(maps) == 0 || len(pages) == 0 {
				t.Errorf("%d maps and %d pages, want some of both", len(maps), len(pages))
			}
		})
	}
}

// The maps quote the data: an event or a place that is written differently on one side would silently measure nothing.
func TestMapsNameEveryEventAndPlaceOfTheData(t *testing.T) {
	dir := t.TempDir()
	if err := demo.Generate(context.Background(), demo.Options{Dir: dir}); err != nil {
		t.Fatal(err)
	}
	maps, l := journey.LoadAll(os.DirFS(dir), []string{"content/journey/*.toml"}, journey.Options{Languages: []string{"fr", "en"}})
	if l.HasErrors() {
		t.Fatal(text(l))
	}
	declared := map[string]bool{}
	for _, m := range maps {
		for _, s := range m.Stages {
			for _, p := range s.Touchpoints {
				declared["event "+p.Event] = p.Event != ""
				declared["place "+p.ID] = true
			}
		}
	}
	found := map[string]bool{}
	type event struct {
		Touchpoint string `parquet:"touchpoint"`
	}
	type survey struct {
		Touchpoint *string `parquet:"touchpoint,optional"`
	}
	for _, e := range read[event](t, filepath.Join(dir, "content", "data", "events.parquet")) {
		found["event "+e.Touchpoint] = true
	}
	for _, s := range read[survey](t, filepath.Join(dir, "content", "data", "surveys.parquet")) {
		if s.Touchpoint != nil {
			found["place "+*s.Touchpoint] = true
		}
	}
	for name := range found {
		if !declared[name] {
			t.Errorf("%s is in the data and on no map", name)
		}
	}
	for name, is := range declared {
		if is && strings.HasPrefix(name, "event ") && !found[name] {
			t.Errorf("%s is on a map and not in the data", name)
		}
	}
}

// A reader of the English pages must not meet French places, nor the other way round.
func TestEveryMapOfTheShopIsInBothLanguages(t *testing.T) {
	dir := t.TempDir()
	if err := demo.Generate(context.Background(), demo.Options{Dir: dir, Orders: 500, Customers: 200}); err != nil {
		t.Fatal(err)
	}
	maps, l := journey.LoadAll(os.DirFS(dir), []string{"content/journey/*.toml"}, journey.Options{Languages: []string{"fr", "en"}})
	if found := text(l); found != "" {
		t.Error(found)
	}
	for _, lang := range []string{"fr", "en"} {
		shown := journey.InLanguage(maps, lang, "fr")
		if len(shown) != 2 {
			t.Errorf("%s: %d maps", lang, len(shown))
		}
		for _, m := range shown {
			if m.Lang != lang {
				t.Errorf("%s: map %s is in %q", lang, m.ID, m.Lang)
			}
		}
	}
}

func read[T any](t *testing.T, path string) []T {
	t.Helper()
	all, err := parquet.ReadFile[T](path)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func text(l diag.List) string {
	var b strings.Builder
	l.PrintText(&b)
	return b.String()
}

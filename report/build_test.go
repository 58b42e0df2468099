package report_test

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"parcours/internal/demo"
	"parcours/report"
)

// shop makes a small project and returns the options that build it.
func shop(t *testing.T) report.Options {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "shop")
	if err := demo.Init(t.Context(), dir, "fr"); err != nil {
		t.Fatal(err)
	}
	return report.Options{Config: filepath.Join(dir, "site.toml"), Out: filepath.Join(dir, "out"), Version: "test"}
}

func build(t *testing.T, opt report.Options) *report.Result {
	t.Helper()
	res, err := report.Build(t.Context(), opt)
	if err != nil || res.Diagnostics.HasErrors() {
		t.Fatal(err, res.Diagnostics.Sorted())
	}
	return res
}

func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		out[p[len(dir):]] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Deleting .parcours costs time, never correctness; and so does keeping it.
func TestStoredAggregatesGiveTheSameSite(t *testing.T) {
	opt := shop(t)
	first := build(t, opt)
	want := files(t, opt.Out)
	opt.Out += "-again"
	second := build(t, opt)
	if first.Cached || !second.Cached {
		t.Errorf("from the store: first %v, second %v", first.Cached, second.Cached)
	}
	if !maps.Equal(want, files(t, opt.Out)) {
		t.Error("the site made from stored aggregates is another one")
	}

	// Another question is not answered by the stored tables.
	opt.AsOf.Year, opt.AsOf.Month, opt.AsOf.Day = 2026, 9, 30
	if build(t, opt).Cached {
		t.Error("another end of observation was answered from the store")
	}

	// A damaged store is read past.
	opt = report.Options{Config: opt.Config, Out: opt.Out, Version: opt.Version}
	build(t, opt)
	store := filepath.Join(filepath.Dir(opt.Config), ".parcours", "aggregates", "cohorts.parquet")
	if err := os.WriteFile(store, []byte("PAR1 damaged PAR1"), 0o644); err != nil {
		t.Fatal(err)
	}
	if build(t, opt).Cached || !maps.Equal(want, files(t, opt.Out)) {
		t.Error("a damaged store changed the site")
	}
}

func TestCancelledBuildWritesNothing(t *testing.T) {
	opt := shop(t)
	opt.NoCache = true
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := report.Build(ctx, opt); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(opt.Out); !errors.Is(err, fs.ErrNotExist) {
		t.Error("something was written")
	}
}

func TestCheckNeedsNoRow(t *testing.T) {
	opt := shop(t)
	l, err := report.Check(t.Context(), opt)
	if err != nil || l.Len() > 0 {
		t.Error(err, l.Sorted())
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(opt.Config), ".parcours")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("check wrote something")
	}
}

package measure_test

import (
	"io/fs"
	"strings"
	"testing"

	"parcours/themes"
)

func TestEveryWarningHasATextInBothLanguages(t *testing.T) {
	source, err := fs.ReadFile(themes.Default(), "i18n/en/measure.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{
		"partial-period", "first-period-cut", "short-history", "first-cohort-truncated", "small-cohorts", "unidentified",
		"orphan-refunds", "churn-extrapolated", "churn-first-cohort", "thresholds-default", "off-scale",
	} {
		if !strings.Contains(string(source), `["warning.`+id+`"]`) {
			t.Errorf("no text for %s", id)
		}
	}
	french, err := fs.ReadFile(themes.Default(), "i18n/fr/measure.toml")
	if err != nil {
		t.Fatal(err)
	}
	if a, b := strings.Count(string(source), "other ="), strings.Count(string(french), "other ="); a != b {
		t.Errorf("%d texts in English, %d in French", a, b)
	}
}

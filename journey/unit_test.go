package journey

import (
	"math"
	"testing"
)

func TestDurations(t *testing.T) {
	for s, want := range map[string]int64{
		"60s": 60, "20min": 1200, "4h": 14400, "90d": 7776000, "90 j": 7776000, "90\u00a0j": 7776000, " 1 h ": 3600,
		"": 0, "h": 0, "4": 0, "-4h": 0, "4.5h": 0, "0s": 0, "99999999999999999999s": 0, "99999999d": 0, "4 hours": 0, "1h30": 0,
	} {
		got, ok := parseDuration(s)
		if got != want || ok != (want > 0) {
			t.Errorf("%q: %d %v, want %d", s, got, ok, want)
		}
	}
}

// The conversions of the reference: "1-5" is x − 3, "1-7" is (x − 4)·2/3, "0-10" is (x − 5)·0.4, "1-10" is (x − 5.5)·4/9,
// "nps" is x/50.
func TestScalesConvertToValence(t *testing.T) {
	for scale, want := range map[string]func(x float64) float64{
		"1-5":  func(x float64) float64 { return x - 3 },
		"1-7":  func(x float64) float64 { return (x - 4) * 2 / 3 },
		"7-1":  func(x float64) float64 { return -(x - 4) * 2 / 3 },
		"0-10": func(x float64) float64 { return (x - 5) * 0.4 },
		"1-10": func(x float64) float64 { return (x - 5.5) * 4 / 9 },
		"nps":  func(x float64) float64 { return x / 50 },
		"-3-3": func(x float64) float64 { return x * 2 / 3 },
		"−3-3": func(x float64) float64 { return x * 2 / 3 },
	} {
		worst, best, ok := parseScale(scale)
		if !ok {
			t.Errorf("%q is refused", scale)
		}
		for x := -3.0; x <= 10; x++ {
			if got := Valence(x, worst, best); math.Abs(got-want(x)) > 1e-12 {
				t.Errorf("%q at %v: %v, want %v", scale, x, got, want(x))
			}
		}
	}
	for _, s := range []string{"", "5", "3-3", "a-b", "1-", "-5", "1--", "1-NaN", "1-Inf", "0-1e300"} {
		if _, _, ok := parseScale(s); ok {
			t.Errorf("%q is accepted", s)
		}
	}
}

func TestSlugs(t *testing.T) {
	for s, want := range map[string]string{
		"Page d'accueil": "page-d-accueil", "Été à l’œuvre !": "ete-a-l-oeuvre", "  A — B  ": "a-b", "日本": "", "Straße Ł": "strasse-l", "n° 1": "n-1",
	} {
		if got := Slug(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

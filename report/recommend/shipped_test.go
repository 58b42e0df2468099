package recommend

import (
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parcours/internal/diag"
	"parcours/report/i18n"
	"parcours/report/measure"
)

func shipped(t *testing.T) []Play {
	t.Helper()
	files, err := filepath.Glob("../../themes/default/playbook/*.toml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no playbook: %v", err)
	}
	var plays []Play
	var l diag.List
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		more, list := Load(filepath.Base(f), src)
		l.Append(list)
		plays = append(plays, more...)
	}
	if l.Len() > 0 {
		t.Fatal(lines(l))
	}
	return plays
}

func TestTheShippedPlaybookIsCompleteInBothLanguages(t *testing.T) {
	plays := shipped(t)
	book, l := Compile(plays, measure.Catalogue(), nil, []string{"fr", "en"})
	if l.Len() > 0 {
		t.Fatal(lines(l))
	}
	if len(plays) < 18 {
		t.Errorf("%d plays", len(plays))
	}
	seen := map[string]bool{}
	for _, p := range plays {
		seen[p.Stage] = true
		if len(p.Evidence) < 2 {
			t.Errorf("%s quotes %d figures", p.ID, len(p.Evidence))
		}
		for _, lang := range []string{"fr", "en"} {
			for name, text := range map[string]string{"contra": p.Contra[lang], "owner": p.Owner[lang]} {
				if text == "" {
					t.Errorf("%s has no %s in %s", p.ID, name, lang)
				}
			}
			if len(p.Permanent[lang]) == 0 || len(p.OneOff[lang]) == 0 {
				t.Errorf("%s lacks first steps in %s", p.ID, lang)
			}
			if len(p.Permanent["fr"]) != len(p.Permanent["en"]) || len(p.OneOff["fr"]) != len(p.OneOff["en"]) {
				t.Errorf("%s: the languages have different numbers of steps", p.ID)
			}
		}
		if p.Value != "" && p.ValueLow == "" {
			t.Errorf("%s has a value without bounds", p.ID)
		}
	}
	for _, s := range stages() {
		if !seen[s] {
			t.Errorf("no play for %s", s)
		}
	}
	// A sentence must not quote what the condition does not ensure is known.
	for _, c := range book.plays {
		ensured := c.when.uses
		if strings.Contains(c.play.When, " or ") {
			ensured = nil
		}
		for _, lang := range []string{"fr", "en"} {
			for _, m := range placeholder.FindAllStringSubmatch(c.play.Title[lang]+c.play.Why[lang], -1) {
				if !slices.Contains(ensured, m[1]) && !slices.Contains(companions()[c.play.ID], m[1]) {
					t.Errorf("%s quotes %s in %s, which its condition does not use", c.play.ID, m[1], lang)
				}
			}
			var want []string
			for _, m := range placeholder.FindAllStringSubmatch(c.play.Formula[lang], -1) {
				want = append(want, m[1])
			}
			for _, name := range want {
				if !slices.Contains(c.value.uses, name) {
					t.Errorf("%s: the formula in %s quotes %s, which the value does not use", c.play.ID, lang, name)
				}
			}
		}
	}
}

// companions are figures that are known whenever those of the condition are: they come from the same table.
func companions() map[string][]string {
	return map[string][]string{
		"acquisition-cost":         {"clv.cac"},
		"channel-quality":          {"channels.repeat_best", "channels.repeat_worst"},
		"new-customers-falling":    {"kpi.new_customers"},
		"basket-falling":           {"kpi.aov"},
		"refunds-high":             {"kpi.refunds"},
		"last-cohort-weak":         {"retention.last_p1"},
		"leaving-outpaces-joining": {"lifecycle.new", "lifecycle.resurrected"},
		"frequency-falling":        {"kpi.frequency"},
		"at-risk-winback":          {"segments.at_risk_net"},
		"cant-lose":                {"segments.cant_lose_net"},
	}
}

// French typography: no straight apostrophe, no ordinary space before double punctuation, and neither in English
// where it would be French.
func TestTypographyOfTheShippedPlaybook(t *testing.T) {
	for _, p := range shipped(t) {
		for _, pr := range p.proses() {
			if strings.ContainsAny(pr.text, "'\"") {
				t.Errorf("%s: straight quote in %q", pr.path, pr.text)
			}
			french := strings.Contains(pr.path, ".fr.")
			for _, mark := range []string{" :", " ;", " ?", " !", " %"} {
				if strings.Contains(pr.text, mark) {
					t.Errorf("%s: %q holds %q", pr.path, pr.text, mark)
				}
				if nb := "\u00a0" + mark[1:]; !french && strings.Contains(pr.text, nb) {
					t.Errorf("%s: French spacing in %q", pr.path, pr.text)
				}
			}
		}
	}
}

// Every play can trigger, and its estimate is then an ordered, finite amount.
func TestEveryShippedPlayCanTrigger(t *testing.T) {
	weak := map[string]float64{}
	for _, s := range append(measure.Catalogue(), MapCatalogue()...) {
		weak[s.Name] = map[measure.Unit]float64{
			measure.UnitCount: 600, measure.UnitRate: 0.3, measure.UnitPoints: -0.2, measure.UnitMoney: 6000, measure.UnitDays: 40,
			measure.UnitYears: 2, measure.UnitMinutes: 600, measure.UnitScore: 20, measure.UnitRatio: 2, measure.UnitPeriods: 4, measure.UnitMonths: 4,
		}[s.Unit]
		if strings.Contains(s.Name, "_change") {
			weak[s.Name] = -0.2
		}
	}
	maps.Copy(weak, map[string]float64{
		"repeat.d90": 0.1, "repeat.d30": 0.05, "retention.p3": 0.1, "messages.click_rate": 0.01, "lifecycle.quick_ratio": 0.5, "funnel.worst_loss": 0.6,
		"lifecycle.net_growth": -300, "emotion.retention": -1.5, "segments.champions_share": 0.1, "segments.champions_net_share": 0.5, "channels.repeat_spread": 0.2,
		"tickets.per_100_orders": 20, "channels.cac_worst_ratio": 0.8, "segments.loyal_net_share": 0.4, "messages.sent": 5000,
	})
	strong := maps.Clone(weak)
	maps.Copy(strong, map[string]float64{"nps.value": 60, "csat.value": 0.9})
	b, l := Compile(shipped(t), measure.Catalogue(), nil, nil)
	if l.HasErrors() {
		t.Fatal(lines(l))
	}
	fired := map[string]bool{}
	for _, values := range []map[string]float64{weak, strong} {
		// Map figures come from maps; here they are given, so that plays on them can be tried too.
		for i := range b.plays {
			c := &b.plays[i]
			m := newLookup(figures(values))
			r := c.when.eval(m)
			if r.unknown {
				t.Errorf("%s: %s is unknown", c.play.ID, r.figure)
			}
			if !r.truth {
				continue
			}
			fired[c.play.ID] = true
			if c.value == nil {
				continue
			}
			s := c.stake(m)
			if s == nil || !(s.Low > 0 && s.Low <= s.Mid && s.Mid <= s.High) || math.IsInf(s.High, 0) {
				t.Errorf("%s: stake %+v", c.play.ID, s)
			}
		}
	}
	for _, c := range b.plays {
		if !fired[c.play.ID] {
			t.Errorf("%s never triggers", c.play.ID)
		}
	}
}

// A shop of which nothing is known gets no advice, and is told why.
func TestNothingKnownMeansNothingRecommended(t *testing.T) {
	b, _ := Compile(shipped(t), measure.Catalogue(), nil, nil)
	out := b.Evaluate(nil, nil, 0)
	if len(out.Recommendations) > 0 || out.Quiet > 0 || len(out.Skipped) != len(b.plays) {
		t.Errorf("%+v", out)
	}
}

// Pages name every figure that a play may cite, in every language of the theme.
func TestEveryFigureHasAName(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		loc, err := i18n.Load(lang, os.DirFS("../../themes/default"))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range append(measure.Catalogue(), MapCatalogue()...) {
			if !loc.Has("figure." + s.Name) {
				t.Errorf("%s has no name in %s", s.Name, lang)
			}
		}
	}
}

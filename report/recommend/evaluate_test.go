package recommend

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/expr-lang/expr"

	"parcours/internal/tomlpos"
	"parcours/journey"
	"parcours/report/dataset"
	"parcours/report/measure"
)

// figures makes known figures in a fixed order.
func figures(values map[string]float64) []measure.Figure {
	var out []measure.Figure
	for _, name := range sortedKeys(values) {
		out = append(out, measure.Figure{Name: name, Known: true, Value: values[name]})
	}
	return out
}

func hand(id, when string, effort int, value ...string) Play {
	p := Play{ID: id, Stage: "retention", When: when, Effort: effort, Title: map[string]string{"en": id}}
	if len(value) > 0 {
		p.Value = value[0]
	}
	if len(value) == 3 {
		p.ValueLow, p.ValueHigh = value[1], value[2]
	}
	return p
}

func book(t *testing.T, plays ...Play) *Playbook {
	t.Helper()
	b, l := Compile(plays, specs(), nil, nil)
	if l.Len() > 0 {
		t.Fatal(lines(l))
	}
	return b
}

// An unknown figure is never taken for false: the play is set aside with the figure's name, unless the answer does
// not depend on it.
func TestUnknownFiguresInConditions(t *testing.T) {
	known := figures(map[string]float64{"kpi.orders": 100, "kpi.aov": 5000, "kpi.customers": 0, "nps.value": math.NaN()})
	for _, c := range []struct{ when, want string }{
		{"kpi.orders > 10", "yes"},
		{"kpi.orders > 1000", "no"},
		{"retention.m1 < 0.2", "retention.m1"},
		{"not (retention.m1 < 0.2)", "retention.m1"},
		{"retention.m1 == retention.m1", "retention.m1"},
		{"kpi.orders > 10 and retention.m1 < 0.2", "retention.m1"},
		{"kpi.orders > 1000 and retention.m1 < 0.2", "no"},
		{"retention.m1 < 0.2 and kpi.orders > 1000", "no"},
		{"kpi.orders > 10 or retention.m1 < 0.2", "yes"},
		{"retention.m1 < 0.2 or kpi.orders > 10", "yes"},
		{"kpi.orders > 1000 or retention.m1 < 0.2", "retention.m1"},
		{"retention.m3 < 0.2 or retention.m1 < 0.2", "retention.m3"},
		{"kpi.orders > 10 ? kpi.aov > 10 : retention.m1 > 0", "yes"},
		{"retention.m1 > 0 ? true : true", "retention.m1"},
		{"max(kpi.orders, retention.m1 * kpi.orders) > 10", "retention.m1"},
		{"nps.value < 0", "nps.value"},
		{"nps.value >= 0", "nps.value"},
		{"kpi.orders / kpi.customers > 3", "kpi.customers"},
		{"kpi.customers / kpi.customers == 1", "kpi.customers"},
		{"kpi.orders * 0 == 0", "yes"},
		{"-kpi.orders < +3 and abs(-kpi.orders) == 100", "yes"},
		{"kpi.aov == 5000 and kpi.aov != 5001 and kpi.aov >= 5000 and kpi.aov <= 5000", "yes"},
		{"2 ^ 3 == 8 and 2 ** 3 == 8 and 7 / 2 == 3.5", "yes"},
		{"floor(2.5) == 2 and ceil(2.5) == 3 and round(2.5) == 3 and min(3, 1, 2) == 1 and max(1, 3, 2) == 3", "yes"},
		{"friction.conversion > 3", "friction.conversion"},
	} {
		out := book(t, hand("a", c.when, 1)).Evaluate(known, nil, 0)
		got := "no"
		switch {
		case len(out.Skipped) == 1:
			got = out.Skipped[0].Figure
		case len(out.Recommendations) == 1:
			got = "yes"
		case out.Quiet != 1:
			got = fmt.Sprintf("%+v", out)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.when, got, c.want)
		}
	}
}

// The evaluator and the library's own machine agree on every expression whose figures are known.
func TestEvaluationAgreesWithTheLibrary(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	names := []string{"kpi.orders", "kpi.customers", "retention.m1", "kpi.aov"}
	var number func(depth int) string
	number = func(depth int) string {
		switch k := rnd.IntN(8); {
		case depth == 0 || k < 2:
			if rnd.IntN(2) == 0 {
				return names[rnd.IntN(len(names))]
			}
			return strconv.Itoa(rnd.IntN(5)) + []string{"", ".5"}[rnd.IntN(2)]
		case k < 6:
			return "(" + number(depth-1) + []string{" + ", " - ", " * "}[rnd.IntN(3)] + number(depth-1) + ")"
		case k == 6:
			return []string{"min(", "max("}[rnd.IntN(2)] + number(depth-1) + ", " + number(depth-1) + ")"
		}
		return []string{"abs(", "-(", "floor(", "ceil(", "round("}[rnd.IntN(5)] + number(depth-1) + ")"
	}
	var truth func(depth int) string
	truth = func(depth int) string {
		if depth == 0 || rnd.IntN(3) == 0 {
			return number(2) + []string{" < ", " <= ", " > ", " >= ", " == ", " != "}[rnd.IntN(6)] + number(2)
		}
		if rnd.IntN(4) == 0 {
			return "not (" + truth(depth-1) + ")"
		}
		return "(" + truth(depth-1) + []string{") and (", ") or ("}[rnd.IntN(2)] + truth(depth-1) + ")"
	}
	unitless := []measure.Spec{{Name: "kpi.orders"}, {Name: "kpi.customers"}, {Name: "retention.m1"}, {Name: "kpi.aov"}}
	for range 2000 {
		values := map[string]float64{"kpi.orders": float64(rnd.IntN(9)), "kpi.customers": rnd.Float64(), "retention.m1": -rnd.Float64(), "kpi.aov": 2}
		when := truth(2)
		p := hand("a", when, 1)
		b, l := Compile([]Play{p}, unitless, nil, nil)
		if l.HasErrors() {
			t.Fatalf("%s\n%s", when, lines(l))
		}
		env := map[string]any{
			"kpi":       map[string]any{"orders": values["kpi.orders"], "customers": values["kpi.customers"], "aov": values["kpi.aov"]},
			"retention": map[string]any{"m1": values["retention.m1"]},
		}
		want, err := expr.Eval(when, env)
		if err != nil {
			t.Fatalf("%s: %v", when, err)
		}
		if got := len(b.Evaluate(figures(values), nil, 0).Recommendations) == 1; got != want {
			t.Fatalf("%s with %v: %t, the library says %v", when, values, got, want)
		}
	}
}

func TestValueAtStake(t *testing.T) {
	known := figures(map[string]float64{"kpi.orders": 100, "kpi.aov": 5000, "kpi.customers": 0})
	for _, c := range []struct {
		value []string
		want  *Stake
	}{
		{nil, nil},
		{[]string{"kpi.orders * 0.03 * kpi.aov"}, &Stake{15000, 15000, 15000}},
		{[]string{"kpi.aov * 3", "kpi.aov * 2", "kpi.aov * 5"}, &Stake{10000, 15000, 25000}},
		{[]string{"kpi.aov * 3", "kpi.aov * 4", "kpi.aov * 2"}, &Stake{15000, 15000, 15000}},
		{[]string{"kpi.aov * 3", "kpi.aov * -4", "kpi.aov * 5"}, &Stake{0, 15000, 25000}},
		{[]string{"1000"}, &Stake{1000, 1000, 1000}},
		{[]string{"-kpi.aov"}, nil},
		{[]string{"kpi.aov * 0"}, nil},
		{[]string{"kpi.aov / kpi.customers"}, nil},
		{[]string{"kpi.aov * retention.m1"}, nil},
		{[]string{"kpi.aov", "kpi.aov * retention.m1", "kpi.aov"}, nil},
	} {
		out := book(t, hand("a", "true", 2, c.value...)).Evaluate(known, nil, 0)
		if len(out.Recommendations) != 1 {
			t.Fatalf("%v: %+v", c.value, out)
		}
		if got := out.Recommendations[0].Value; !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v: %+v, want %+v", c.value, got, c.want)
		}
	}
}

// Low value ÷ effort first, then plays without estimate by effort, ties by id; the order of the playbook does not matter.
func TestRanking(t *testing.T) {
	plays := []Play{
		hand("cheap", "true", 1, "3000", "2000", "9000"), // 2000
		hand("dear", "true", 5, "9000", "5000", "99000"), // 1000
		hand("best", "true", 2, "9000", "8000", "9000"),  // 4000
		hand("b-tie", "true", 1, "1000"),                 // 1000, less effort than dear
		hand("a-tie", "true", 1, "1000"),
		hand("no-value-hard", "true", 4), hand("no-value-easy", "true", 1), hand("broken-value", "true", 1, "-kpi.aov"),
	}
	want := "best cheap a-tie b-tie dear broken-value no-value-easy no-value-hard"
	known := figures(map[string]float64{"kpi.aov": 1})
	for range 10 {
		rand.Shuffle(len(plays), func(i, j int) { plays[i], plays[j] = plays[j], plays[i] })
		var ids []string
		for _, r := range book(t, plays...).Evaluate(known, nil, 0).Recommendations {
			ids = append(ids, r.Play.ID)
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestEvidenceAndQuotedFigures(t *testing.T) {
	p := hand("a", "kpi.orders > 1", 1)
	p.Evidence = []string{"retention.m1", "kpi.orders", "kpi.aov"}
	p.Why = map[string]string{"en": "{{ kpi.orders }} orders, {{retention.m3}} back, {{kpi.orders}} again"}
	r := book(t, p).Evaluate(figures(map[string]float64{"kpi.orders": 12, "kpi.aov": 5}), nil, 0).Recommendations[0]
	var evidence []string
	for _, f := range r.Evidence {
		evidence = append(evidence, f.Name)
	}
	if !slices.Equal(evidence, []string{"kpi.orders", "kpi.aov"}) {
		t.Errorf("evidence %v: unknown figures prove nothing, the order is the play's", evidence)
	}
	if want := map[string]float64{"kpi.orders": 12}; !reflect.DeepEqual(r.Numbers, want) {
		t.Errorf("numbers %v", r.Numbers)
	}
	text := Expand(r.Play.Why["en"], r.Figures, func(f measure.Figure) string {
		if !f.Known {
			return "n/a"
		}
		return strconv.FormatFloat(f.Value, 'f', 0, 64)
	})
	if text != "12 orders, n/a back, 12 again" {
		t.Errorf("%q", text)
	}
	if got := Expand("{{other.name}} {{", r.Figures, func(measure.Figure) string { return "!" }); got != "{{other.name}} {{" {
		t.Errorf("%q", got)
	}
}

func shopMaps() []*journey.Map {
	feel := func(v int) []journey.Feeling { return []journey.Feeling{{Emotions: []journey.Emotion{{Valence: v}}}} }
	day := func(m, d int) tomlpos.Date { return tomlpos.Date{Year: 2026, Month: 10, Day: d - 30 + m*30 - 9*30} }
	return []*journey.Map{
		{
			ID: "buy", State: "current",
			Stages: []journey.Stage{
				{ID: "visit", Lifecycle: journey.Acquisition, Touchpoints: []journey.Touchpoint{{ID: "ad", Name: "Ad"}}},
				{ID: "order", Lifecycle: journey.Conversion, Touchpoints: []journey.Touchpoint{
					{ID: "pay", Name: "Payment", Feelings: append(feel(-1), journey.Feeling{Persona: "karim", Emotions: []journey.Emotion{{Valence: 1}}})},
					{ID: "parcel", Name: "Parcel", Feelings: feel(2)},
				}},
				{ID: "after", Lifecycle: journey.Retention, Touchpoints: []journey.Touchpoint{
					{ID: "chat", Name: "Chat", Feelings: []journey.Feeling{{Emotions: []journey.Emotion{{Valence: -2}, {Valence: -1}}}}},
					{ID: "mail", Name: "Mail", Feelings: feel(-1)},
				}},
			},
			Frictions: []journey.Friction{
				{ID: "fees", Title: "Hidden fees", On: []string{"pay"}, Severity: 4, Frequency: 3},
				{ID: "slow", Title: "Slow page", On: []string{"order"}, Severity: 2, Frequency: 5, StartedOn: day(10, 1)},
				{ID: "done", Title: "Solved", On: []string{"pay"}, Severity: 5, Frequency: 5, ResolvedOn: day(10, 1)},
				{ID: "told", Title: "Told", On: []string{"pay"}, Severity: 5, Frequency: 5, ResolvedOn: day(10, 1), InformedOn: day(10, 2)},
			},
		},
		{
			ID: "wish", State: "target", Stages: []journey.Stage{{ID: "x", Lifecycle: journey.Loyalty, Touchpoints: []journey.Touchpoint{{ID: "y", Feelings: feel(-2)}}}},
			Frictions: []journey.Friction{{ID: "z", On: []string{"y"}, Severity: 5, Frequency: 5}},
		},
	}
}

func TestFiguresOfMaps(t *testing.T) {
	asOf := dataset.CivilDay(2026, 10, 31)
	want := map[string]string{
		"map.open_frictions": "2", "map.max_criticality": "12", "map.late_loops": "1", "map.low_points": "3", "map.touchpoints": "5",
		"friction.acquisition": "0", "friction.conversion": "12", "friction.retention": "0", "friction.loyalty": "?", "friction.reactivation": "?", "friction.advocacy": "?",
		"emotion.acquisition": "?", "emotion.conversion": "-1", "emotion.retention": "-1.5", "emotion.loyalty": "?", "emotion.reactivation": "?", "emotion.advocacy": "?",
	}
	for _, f := range MapFigures(shopMaps(), asOf) {
		got := "?"
		if f.Known {
			got = strconv.FormatFloat(f.Value, 'g', -1, 64)
		}
		if got != want[f.Name] {
			t.Errorf("%s is %s, want %s", f.Name, got, want[f.Name])
		}
		delete(want, f.Name)
	}
	if len(want) > 0 {
		t.Errorf("not computed: %v", want)
	}
	for _, f := range MapFigures(nil, asOf) {
		if f.Known {
			t.Errorf("%s is known without a map", f.Name)
		}
	}
	// Fourteen days are allowed; the fifteenth is late.
	for d, late := range map[int]float64{15: 0, 16: 1} {
		for _, f := range MapFigures(shopMaps(), dataset.CivilDay(2026, 10, d)) {
			if f.Name == "map.late_loops" && f.Value != late {
				t.Errorf("on the %dth %v loops are late, want %v", d, f.Value, late)
			}
		}
	}
}

func TestLinksToTheMaps(t *testing.T) {
	evaluate := func(stage string) []Link {
		p := hand("a", "true", 1)
		p.Stage = stage
		return book(t, p).Evaluate(nil, shopMaps(), 0).Recommendations[0].Touchpoints
	}
	if got, want := evaluate("conversion"), []Link{{"buy", "fees", "Hidden fees", ToFriction, 12}, {"buy", "slow", "Slow page", ToFriction, 10}}; !slices.Equal(got, want) {
		t.Errorf("open frictions, most critical first: %v", got)
	}
	if got, want := evaluate("retention"), []Link{{"buy", "chat", "Chat", ToTouchpoint, 0}, {"buy", "mail", "Mail", ToTouchpoint, 0}}; !slices.Equal(got, want) {
		t.Errorf("without friction, low touchpoints: %v", got)
	}
	if got := evaluate("loyalty"); got != nil {
		t.Errorf("a target map is cited: %v", got)
	}
}

func TestAnEmptyPlaybookRecommendsNothing(t *testing.T) {
	var b Playbook
	if out := b.Evaluate(nil, nil, 0); len(out.Recommendations) != 0 || out.Quiet != 0 {
		t.Errorf("%+v", out)
	}
}

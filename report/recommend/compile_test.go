package recommend

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parcours/internal/diag"
	"parcours/internal/diag/diagtest"
	"parcours/report/measure"
)

var update = flag.Bool("update", false, "rewrite the expected diagnostics")

// specs is a small catalogue, so that these tests do not follow the real one.
func specs() []measure.Spec {
	return []measure.Spec{
		{Name: "kpi.orders", Unit: measure.UnitCount},
		{Name: "kpi.customers", Unit: measure.UnitCount},
		{Name: "kpi.aov", Unit: measure.UnitMoney},
		{Name: "kpi.orders_change", Unit: measure.UnitRate},
		{Name: "retention.m1", Unit: measure.UnitRate},
		{Name: "retention.m3", Unit: measure.UnitRate},
		{Name: "retention.last_p1_gap", Unit: measure.UnitPoints},
		{Name: "rhythm.p50", Unit: measure.UnitDays},
		{Name: "nps.value", Unit: measure.UnitScore},
		{Name: "clv.ratio", Unit: measure.UnitRatio},
	}
}

// Every file of testdata/bad has its diagnostics beside it, with positions, for an English site.
func TestEveryMistakeIsReportedWhereItIs(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.toml")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	seen := diagtest.Codes{}
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".toml")
		t.Run(name, func(t *testing.T) {
			src, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			plays, l := Load(name+".toml", src)
			_, more := Compile(plays, specs(), nil, []string{"en"})
			l.Append(more)
			got := lines(l)
			seen.Add(l)
			diagtest.Golden(t, filepath.Join("testdata", "bad", name+".diag"), got, *update)
		})
	}
	seen.Need(t,
		CodeMissing, CodeID, CodeStage, CodeEffort, CodeFigure, CodeLanguage, CodeValue, CodePlaceholder, CodeList,
		CodeSyntax, CodeName, CodeType, CodeUnits, CodeForm, CodeLength, CodePercent,
	)
}

func lines(l diag.List) string {
	var b strings.Builder
	for _, d := range l.Sorted() {
		b.WriteString(d.String() + "\n")
	}
	return b.String()
}

func TestAPlaySwitchedOffIsNotEvenChecked(t *testing.T) {
	plays, l := Load("p.toml", []byte("[[play]]\nid = \"a\"\nstage = \"loyalty\"\neffort = 1\nwhen = 'no.such > 1'\n[play.en]\ntitle = \"t\"\nwhy = \"w\"\n"))
	if l.Len() > 0 {
		t.Fatal(lines(l))
	}
	book, l := Compile(plays, specs(), []string{"a"}, []string{"fr"})
	if l.Len() > 0 || len(book.plays) != 0 {
		t.Errorf("%d plays, %s", len(book.plays), lines(l))
	}
}

func TestUnknownSwitchesAreReportedAtTheirPlace(t *testing.T) {
	plays := []Play{{ID: "second-order"}, {ID: "referral"}}
	at := func(i int) diag.Position { return diag.Position{File: "site.toml", Line: 10 + i, Col: 3} }
	got := lines(Unknown(plays, []string{"referral", "seconde-order"}, at))
	want := "site.toml:11:3: error [PR009] there is no play \"seconde-order\" to switch off; did you mean \"second-order\"?\n"
	if got != want {
		t.Errorf("got %swant %s", got, want)
	}
}

// Units decide what may be compared; products and quotients of them follow.
func TestUnits(t *testing.T) {
	for _, c := range []struct {
		when string
		ok   bool
	}{
		{"kpi.orders > kpi.customers", true},
		{"kpi.orders > retention.m1", false},
		{"kpi.orders * retention.m1 > kpi.customers", true},
		{"kpi.orders * retention.m1 > 10", true},
		{"kpi.orders * kpi.aov > kpi.aov", true},
		{"kpi.orders * kpi.aov > kpi.customers", false},
		{"kpi.orders / kpi.customers > retention.m1", true},
		{"kpi.aov / kpi.orders > kpi.aov", true},
		{"kpi.aov / kpi.aov > retention.m1", true},
		{"kpi.aov - rhythm.p50 > 0", false},
		{"min(kpi.aov, kpi.orders) > 0", false},
		{"min(kpi.aov, 5000) > kpi.aov", true},
		{"retention.last_p1_gap < -0.1 * retention.m1", true},
		{"retention.m1 - retention.m3 > retention.last_p1_gap", true},
		{"nps.value > clv.ratio", false},
		{"clv.ratio * kpi.aov > kpi.aov", true},
		{"(kpi.orders > 3 ? kpi.aov : rhythm.p50) > 2", false},
		{"abs(-kpi.aov) > kpi.aov and not (round(kpi.aov) == 0) || true", true},
		{"0.1 < retention.m1 and retention.m1 < 0.5", true},
		{"kpi.orders ^ 2 > kpi.aov", true},
	} {
		if e, l := compileWhen(c.when); (e != nil) != c.ok {
			t.Errorf("%s: accepted %t, want %t\n%s", c.when, e != nil, c.ok, lines(l))
		}
	}
}

func compileWhen(when string) (*expression, diag.List) {
	var l diag.List
	p := Play{ID: "a", When: when, Title: map[string]string{"en": "t"}}
	return p.expression(&l, newCatalogue(specs()), "when", when, condition), l
}

// Hostile expressions end quickly, with an error: no stack, no memory, no clock, no regular expression.
func TestHostileExpressionsAreRefused(t *testing.T) {
	for _, when := range []string{
		strings.Repeat("(", 50000) + "1" + strings.Repeat(")", 50000) + " > 0",
		strings.Repeat("(", 499) + "1" + strings.Repeat(")", 480) + " > 0",
		strings.Repeat("-", 900) + "1 > 0 ? 1 : ",
		strings.Repeat("not ", 240) + "kpi.orders",
		"sum(1..100000000) > 0", "1..100000000 == 3", "repeat('a', 1000000000) == ''", "kpi.orders matches '(a+)+$'",
		"now().Unix() > 3", "env('HOME') == ''", "$env.kpi.aov > 3", "#.x > 3", "kpi.aov | max(3)|(", "{a: 1}.a == 1", "\x00 > 3",
		"kpi == kpi", "[kpi.aov][0] > 3", "kpi.orders ?? 1 > 0", "string(kpi.orders) == '3'", "1e999 > kpi.orders ? \"a\" : 3",
		"kpi.orders > 99999999999999999999999999", "'\\", "kpi.orders > 3; true", "-(3 > 2)", "nil", "",
	} {
		if e, l := compileWhen(when); e != nil || !l.HasErrors() {
			t.Errorf("%.60q was accepted", when)
		}
	}
}

func FuzzCompile(f *testing.F) {
	files, _ := filepath.Glob("testdata/bad/*.toml")
	shipped, _ := filepath.Glob("../../themes/default/playbook/*.toml")
	for _, name := range append(files, shipped...) {
		if src, err := os.ReadFile(name); err == nil {
			f.Add(src)
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		plays, l := Load("p.toml", src)
		book, more := Compile(plays, specs(), []string{"a"}, []string{"en", "fr"})
		l.Append(more)
		l.PrintText(io.Discard)
		if err := l.PrintJSON(io.Discard); err != nil {
			t.Fatal(err)
		}
		out := book.Evaluate(figures(map[string]float64{"kpi.orders": 3}), nil, 0)
		_ = fmt.Sprint(out)
	})
}

func FuzzExpression(f *testing.F) {
	for _, s := range []string{"kpi.orders > 3", "min(kpi.aov, 3) * 2 > kpi.aov and not (retention.m1 < 0.2)", "1 < 2 < 3", "let x = 3; x > 2", "a ?: b", "kpi?.aov?.x[1:2] | filter(# > 3)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, when string) {
		e, l := compileWhen(when)
		if e == nil && !l.HasErrors() {
			t.Fatalf("%q: neither accepted nor refused", when)
		}
		if e != nil {
			e.eval(newLookup(figures(map[string]float64{"kpi.orders": 3, "kpi.aov": 0})))
		}
	})
}

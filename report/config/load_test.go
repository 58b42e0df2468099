package config

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones of the tests must not depend on the machine

	"parcours/internal/diag"
	"parcours/internal/diag/diagtest"
	"parcours/report/clv"
	"parcours/report/cohort"
	"parcours/report/dataset"
)

var update = flag.Bool("update", false, "rewrite the expected diagnostics")

// Every file of testdata/bad has its diagnostics beside it, with positions.
func TestEveryMistakeIsReportedWhereItIs(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.toml")
	if err != nil || len(files) < 60 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	seen := diagtest.Codes{}
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".toml")
		t.Run(name, func(t *testing.T) {
			_, l := Load(f)
			got := lines(l)
			seen.Add(l)
			diagtest.Golden(t, filepath.Join("testdata", "bad", name+".diag"), got, *update)
		})
	}
	seen.Need(t,
		CodeMissing, CodeLanguage, CodeZone, CodeCurrency, CodeWord, CodeRange, CodeConflict, CodeColor, CodePath, CodeRole,
		CodeList, CodeWarnings, CodeUseless, CodeSuspect,
	)
}

// lines is the list without the folder of the file, one diagnostic a line, hint included.
func lines(l diag.List) string {
	var b strings.Builder
	for _, d := range l.Sorted() {
		d.Pos.File = filepath.Base(d.Pos.File)
		b.WriteString(d.String() + "\n")
	}
	return b.String()
}

func TestAnAbsentFileIsAClearError(t *testing.T) {
	s, l := Load("testdata/none.toml")
	if s != nil || !strings.Contains(lines(l), "none.toml: error [PC001] there is no such file") {
		t.Errorf("%v %s", s, lines(l))
	}
	s, l = Load("testdata")
	if s != nil || !l.HasErrors() {
		t.Errorf("a folder gave %v, %s", s, lines(l))
	}
}

func parse(t *testing.T, src string) *Site {
	t.Helper()
	s, l := Parse("", "site.toml", []byte(src))
	if l.Len() > 0 {
		t.Fatal(lines(l))
	}
	return s
}

func TestDefaultsOfTheSmallestSite(t *testing.T) {
	s := parse(t, "[site]\ntitle = \"x\"\ncurrency = \"JPY\"\n[data.orders]\npath = \"o.parquet\"\n")
	if s.Digits != 0 || s.ZoneName != "UTC" || s.Calendar.Location() != time.UTC || s.Output != "public" || s.Pages != "content" {
		t.Errorf("%+v", s)
	}
	if !slices.Equal(s.Languages, []string{"en"}) || !slices.Equal(s.Maps, []string{"content/journey/*.toml"}) {
		t.Errorf("%+v", s)
	}
	r := s.Report
	if r.Grain != dataset.Month || r.Cohort != dataset.ByFirstOrder || r.MinCell != 30 || r.MaxDropped != 0.05 ||
		!slices.Equal(r.Window, []int32{30}) || !slices.Equal(r.Modes, []cohort.Mode{cohort.On, cohort.OnOrAfter}) {
		t.Errorf("%+v", r)
	}
	if r.Options.Predict != (clv.Settings{}) || !r.Calibration.IsZero() {
		t.Errorf("%+v, calibrated to %s", r.Options.Predict, r.Calibration)
	}
	o := s.Data.Orders
	if o.Negative != dataset.NegativeRefund || o.Unit != "major" || o.Name != "orders" || o.Zone != "" || s.Data.Customers != nil {
		t.Errorf("%+v", o)
	}
	if p := s.Calendar.PeriodOf(dataset.Week, 0); s.Calendar.Start(dataset.Week, p) != -3 {
		t.Error("weeks do not start on Monday")
	}
}

func TestEverySettingIsRead(t *testing.T) {
	s, l := Load("testdata/good/full.toml")
	if l.Len() > 0 {
		t.Fatal(lines(l))
	}
	if s.Title != "Maison Lune" || !slices.Equal(s.Languages, []string{"fr", "en"}) || s.ZoneName != "Europe/Paris" || s.Digits != 3 ||
		!s.Calendar.SundayWeek || s.Calendar.FiscalStart != time.April || s.Theme != "dark" || s.Output != "site/public" ||
		s.Notice["fr"] != "Données synthétiques" || s.Notice["en"] != "Synthetic data" {
		t.Errorf("%+v", s)
	}
	if want := (Brand{Name: "Lune", Logo: "logo.svg", Color: "#1f4e5f", Dark: "#9fc5d1", Face: "face.woff2"}); s.Brand != want {
		t.Errorf("%+v", s.Brand)
	}
	r := s.Report
	if r.AsOf.String() != "2026-10-31" || r.Grain != dataset.Quarter || r.Cohort != dataset.BySignUp || r.Dimension != "channel" ||
		!slices.Equal(r.Window, []int32{30, 60, 90}) || r.MinCell != 5 || !(r.MaxDropped > 0 && r.MaxDropped < 1e-300) ||
		r.Options.Active != 90 || r.Options.Lost != 365 || r.Options.Margin != 0.45 ||
		!slices.Equal(r.Modes, []cohort.Mode{cohort.Window, cohort.On}) {
		t.Errorf("%+v", r)
	}
	if want := (clv.Settings{Model: "mbg-nbd", HorizonMonths: 24, DiscountGiven: true}); r.Options.Predict != want || r.Calibration.String() != "2025-12-31" {
		t.Errorf("%+v, calibrated to %s", r.Options.Predict, r.Calibration)
	}
	if r.Warnings["PJ012"] != diag.Error || !slices.Equal(r.Silenced, []diag.Code{"PJ030"}) || len(r.Warnings) != 1 {
		t.Errorf("%v %v", r.Warnings, r.Silenced)
	}
	o := s.Data.Orders
	if len(o.Paths) != 2 || o.Paths[1].Value != "more/" || o.Paths[1].Pos.Line != 52 || o.Zone != "America/New_York" || !o.Optional {
		t.Errorf("%+v", o.Files)
	}
	if o.Amount.Value != "Quantity * UnitPrice" || o.Amount.Pos.Line != 58 || o.Amount.Pos.Col != 10 || o.Channel.Disabled ||
		!o.Discount.Disabled || o.Negative != dataset.NegativeOrder || o.Unit != "minor" || !slices.Equal(o.RefundStatus, []string{"refunded"}) {
		t.Errorf("%+v", o)
	}
	d := s.Data
	if d.Customers.SignUp.Value != "created" || d.Spend.Unit != "minor" || d.Messages.Event.Value != "type" ||
		d.Surveys.Score.Value != "note" || d.Tickets.FirstReply.Value != "answered_at" || d.Events.Touchpoint.Value != "step" ||
		d.Rates.Rate.Value != "eur" {
		t.Errorf("%+v", d)
	}
	if !slices.Equal(s.PlaysOff, []string{"welcome"}) || s.OffPos(0).Line != 107 || s.Stages["loyalty"] != "Attachement" {
		t.Errorf("%v %v %v", s.PlaysOff, s.OffPos(0), s.Stages)
	}
	if got := s.Glob(s.Maps); !slices.Equal(got, []string{"maps/a.toml", "maps/b.toml"}) {
		t.Errorf("maps: %v", got)
	}
}

// The published digits of ISO 4217 decide what a minor unit is.
func TestMinorUnitsFollowTheCurrency(t *testing.T) {
	for code, want := range map[string]int{"EUR": 2, "GBP": 2, "USD": 2, "JPY": 0, "KWD": 3, "BHD": 3, "KRW": 0, "CHF": 2, "XOF": 0} {
		if s := parse(t, "[site]\ntitle=\"x\"\ncurrency=\""+code+"\"\n[data.orders]\npath=\"o\"\n"); s.Digits != want {
			t.Errorf("%s has %d digits, want %d", code, s.Digits, want)
		}
	}
}

func TestOutputMustNotHoldTheProject(t *testing.T) {
	for _, out := range []string{"/", "/shop", "/shop/reports", "..", "./", "../..", "themes", ".parcours", ".parcours/site", "content", "content/.."} {
		_, l := Parse("/shop/reports", "site.toml", []byte("[site]\ntitle=\"x\"\ncurrency=\"EUR\"\noutput=\""+out+"\"\n[data.orders]\npath=\"o\"\n"))
		if !l.HasErrors() {
			t.Errorf("output %q was accepted", out)
		}
	}
	for _, out := range []string{"public", "../public", "/srv/www", "content/public", "./site"} {
		_, l := Parse("/shop/reports", "site.toml", []byte("[site]\ntitle=\"x\"\ncurrency=\"EUR\"\noutput=\""+out+"\"\n[data.orders]\npath=\"o\"\n"))
		if l.HasErrors() {
			t.Errorf("output %q: %s", out, lines(l))
		}
	}
}

// A theme of the site may bring a language that the embedded one lacks.
func TestALanguageOfTheSitesOwnTheme(t *testing.T) {
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, "themes", "own", "i18n", "de"), 0o755); err != nil {
		t.Fatal(err)
	}
	src := "[site]\ntitle=\"x\"\ncurrency=\"EUR\"\ntheme=\"own\"\nlanguages=[\"de\", \"it\"]\n[data.orders]\npath=\"o\"\n"
	s, l := Parse(root, "site.toml", []byte(src))
	if !slices.Equal(s.Languages, []string{"de"}) || l.Len() != 1 {
		t.Errorf("%v\n%s", s.Languages, lines(l))
	}
}

// Two runs over the same file say the same things in the same order.
func TestDiagnosticsAreStable(t *testing.T) {
	src, err := os.ReadFile("testdata/bad/many.toml")
	if err != nil {
		t.Fatal(err)
	}
	_, first := Parse("", "site.toml", src)
	for range 20 {
		_, l := Parse("", "site.toml", src)
		if lines(l) != lines(first) {
			t.Fatalf("%s\nthen\n%s", lines(first), lines(l))
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/bad/*.toml", "testdata/good/*.toml"} {
		files, _ := filepath.Glob(pattern)
		for _, name := range files {
			if src, err := os.ReadFile(name); err == nil {
				f.Add(src)
			}
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		s, l := Parse("", "site.toml", src)
		if s == nil && !l.HasErrors() {
			t.Fatal("no site and no error")
		}
		if s != nil && (s.Calendar.Zone == nil || len(s.Languages) == 0 || len(s.Report.Modes) == 0 || len(s.Report.Window) == 0 || s.Output == "") {
			t.Fatalf("unusable site: %+v", s)
		}
		l.PrintText(io.Discard)
		if err := l.PrintJSON(io.Discard); err != nil {
			t.Fatal(err)
		}
	})
}

func TestMemoryIsASizeOrANumberOfBytes(t *testing.T) {
	for value, want := range map[string]int64{`"512MiB"`: 512 << 20, `"1.5GiB"`: 3 << 29, `"2GB"`: 2_000_000_000, `268435456`: 256 << 20, `"268435456"`: 256 << 20} {
		s, l := Parse("", "site.toml", []byte("[site]\ntitle = \"x\"\ncurrency = \"EUR\"\n[build]\nmemory = "+value+"\n[data.orders]\npath = \"o.parquet\"\n"))
		if l.Len() > 0 || s.Memory != want {
			t.Errorf("%s: %d %s", value, s.Memory, lines(l))
		}
	}
}

package site

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"parcours/report/clv"
	"parcours/report/dataset"
	"parcours/report/i18n"
	"parcours/report/measure/shoptest"
	"parcours/themes"
)

// changed renders a simulated shop whose prediction was changed.
func changed(t *testing.T, change func(*clv.Prediction) *clv.Prediction) Files {
	t.Helper()
	in := shopInput(t, 4, dataset.Month, 1500)
	in.Results.CLV.Prediction = change(in.Results.CLV.Prediction)
	return render(t, in)
}

func words(t *testing.T, files Files, page string) string {
	t.Helper()
	return visible(parsePages(t, files)[page].root)
}

func TestTheForecastIsToldFirstAndItsPartsAreApart(t *testing.T) {
	in := shopInput(t, 4, dataset.Month, 1500)
	files := render(t, in)
	checkSite(t, files)
	text := words(t, files, "lifetime-value.en.html")
	last := -1
	for _, part := range []string{
		"are expected to bring in", "Brought in so far", "Total value", "Customers still active", "Horizons", "Cohorts, continued",
		"By channel", "Still active?", "Distribution", "Can it be trusted?", "Tracking", "Week by week", "Frequencies", "Alike before",
		"Models compared", "Parameters", "Staying on", "Simple formula", "What the model supposes", "When not to believe it",
	} {
		at := strings.Index(text[last+1:], part) // the contents of the page name its sections before
		if at < 0 {
			t.Errorf("%q is not after %d", part, last)
			continue
		}
		last += 1 + at
	}
	for _, part := range []string{"MBG/NBD", "discounted at 10% a year", "one week", "200 resamplings", "nine out of ten", "χ²", "RMSE"} {
		if !strings.Contains(text, part) {
			t.Errorf("the page does not say %q", part)
		}
	}
	if !strings.Contains(words(t, files, "index.html"), "devraient rapporter") {
		t.Error("the overview does not tell the forecast")
	}
	for _, id := range []string{"forecast", "cohorts", "horizons", "forecast-by-channel", "forecast-by-segment", "alive", "distribution", "tracking", "frequencies", "models", "parameters", "renewal"} {
		if len(files["data/lifetime-value-"+id+".csv"]) < 40 {
			t.Errorf("no data/lifetime-value-%s.csv", id)
		}
	}
}

func TestAForecastThatFailedItsTestIsMarked(t *testing.T) {
	files := changed(t, shoptest.Poor)
	checkSite(t, files)
	text := words(t, files, "lifetime-value.en.html")
	banner, headline := strings.Index(text, "This forecast failed its test"), strings.Index(text, "A new customer brings in")
	if banner < 0 || headline < banner {
		t.Errorf("banner at %d, headline at %d", banner, headline)
	}
	if n := strings.Count(text, "not reliable"); n < 6 {
		t.Errorf("%d figures are marked", n)
	}
	if !strings.Contains(text, "Do not rely on this forecast") || strings.Contains(text, "are expected to bring in €") {
		t.Error("the page tells the forecast as if it could be relied on")
	}
	if strings.Contains(words(t, files, "index.en.html"), "expected to bring") {
		t.Error("the overview tells a forecast that failed")
	}
}

func TestWithoutAModelThePageSaysWhyAndShowsWhatWasObserved(t *testing.T) {
	files := changed(t, func(*clv.Prediction) *clv.Prediction { return shoptest.NoModel() })
	checkSite(t, files)
	text := words(t, files, "lifetime-value.en.html")
	for _, part := range []string{"No forecast", "nothing is extrapolated", "too few: 12 customers bought twice, 30 are needed", "Observed value", "90 days long"} {
		if !strings.Contains(text, part) {
			t.Errorf("the page does not say %q", part)
		}
	}
	if strings.Contains(text, "95% interval of the mean") {
		t.Error("something is forecast")
	}
}

func TestModelsThatAreSwitchedOffLeaveThePageAsItWas(t *testing.T) {
	files := changed(t, func(*clv.Prediction) *clv.Prediction { return nil })
	checkSite(t, files)
	text := words(t, files, "lifetime-value.en.html")
	if strings.Contains(text, "Forecast figures") || strings.Contains(text, "Is it to be believed?") || !strings.Contains(text, "Results") {
		t.Error("the page speaks of models")
	}
	if strings.Contains(words(t, files, "methods.en.html"), "Gamma-Gamma") {
		t.Error("the methods define what is not shown")
	}
}

func TestIntervalsThatAreNotKnownAreNotShown(t *testing.T) {
	files := changed(t, func(p *clv.Prediction) *clv.Prediction {
		p.Forecast.Bootstrap.Known = false
		return p
	})
	checkSite(t, files)
	text := words(t, files, "lifetime-value.en.html")
	if !strings.Contains(text, "Too few of the resamplings") || strings.Contains(text, "NaN") {
		t.Error("intervals without draws")
	}
	if title := strings.SplitN(text, "are expected to bring in", 2); len(title) < 2 || strings.Contains(strings.SplitN(title[1], "\n", 2)[0], " to ") {
		t.Error("the headline has an interval")
	}
}

func TestAForecastWithoutATestOrPartsIsWhole(t *testing.T) {
	for name, change := range map[string]func(*clv.Prediction){
		"no test":     func(p *clv.Prediction) { p.Holdout, p.Calibration = nil, nil },
		"no spend":    func(p *clv.Prediction) { p.Final.Spend, p.Holdout.Value = nil, nil },
		"no groups":   func(p *clv.Prediction) { p.Forecast.Cohorts, p.Forecast.Channels, p.Forecast.Segments = nil, nil, nil },
		"no matrix":   func(p *clv.Prediction) { p.Forecast.Matrix = clv.Matrix{}; p.Forecast.Distribution = nil },
		"no new":      func(p *clv.Prediction) { p.Forecast.New = nil },
		"no renewal":  func(p *clv.Prediction) { p.Renewal, p.Discrete = nil, nil },
		"no value":    func(p *clv.Prediction) { p.Forecast.Equity = clv.Estimate{}; p.Forecast.Horizons = nil },
		"never":       func(p *clv.Prediction) { p.Forecast.New.Payback = -1 },
		"at once":     func(p *clv.Prediction) { p.Forecast.New.Payback = 0 },
		"one week":    func(p *clv.Prediction) { p.Holdout.Weeks = p.Holdout.Weeks[:1] },
		"nobody sure": func(p *clv.Prediction) { p.Forecast.Single.Known = false; p.Forecast.Certain = .6; p.Chosen = "bg-nbd" },
		"nbd":         func(p *clv.Prediction) { p.Chosen = "nbd" },
		"pareto":      func(p *clv.Prediction) { p.Chosen = "pareto-nbd"; p.Resolution = 28 },
		"empty":       func(p *clv.Prediction) { *p = clv.Prediction{} },
	} {
		t.Run(name, func(t *testing.T) {
			files := changed(t, func(p *clv.Prediction) *clv.Prediction { change(p); return p })
			checkSite(t, files)
			for page, content := range files {
				if strings.HasSuffix(page, ".html") && (bytes.Contains(content, []byte("NaN")) || bytes.Contains(content, []byte("Inf"))) {
					t.Errorf("%s shows a number that is none", page)
				}
			}
		})
	}
}

// Every sentence that the models may say has a text that uses what it is given, in both languages.
func TestEverySentenceOfTheModelsHasAText(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		loc, err := i18n.Load(lang, themes.Default())
		if err != nil {
			t.Fatal(err)
		}
		in := shopInput(t, 4, dataset.Month, 40)
		b := &builder{Input: in, loc: loc}
		for _, s := range clv.Sentences() {
			if !loc.Has(s.ID) {
				t.Errorf("%s: no text for %s", lang, s.ID)
				continue
			}
			m := clv.Message{ID: s.ID, Args: map[string]string{}}
			for _, a := range s.Args {
				m.Args[a] = sample(a)
			}
			text := b.sentence(m)
			if left := regexp.MustCompile(`[⟦{<]|no value`).FindString(text); left != "" {
				t.Errorf("%s: %s", lang, text)
			}
			for _, a := range s.Args {
				if written := b.argument(s.ID, a, sample(a)); !strings.Contains(text, written) {
					t.Errorf("%s: %s does not use %s: %s", lang, s.ID, a, text)
				}
			}
		}
		if missing := loc.Missing(); len(missing) > 0 {
			t.Errorf("%s: %v", lang, missing)
		}
	}
}

// A model may be preferred for its bias although its error by customer is greater: the sentence must not call that a gain.
func TestAnErrorThatGrowsIsNotToldAsAGain(t *testing.T) {
	for lang, want := range map[string][2]string{"fr": {"erreur par client +0,3", "erreur par client \u22124,2"}, "en": {"error per customer +0.3%", "error per customer \u22124.2%"}} {
		loc, err := i18n.Load(lang, themes.Default())
		if err != nil {
			t.Fatal(err)
		}
		b := &builder{loc: loc}
		for i, gain := range []string{"-0.0031", "0.0418"} {
			args := map[string]string{"model": "mbg-nbd", "best": "bg-nbd", "gap": "12.34", "rmse_gain": gain, "bias": "0.01", "other_bias": "0.07"}
			if text := b.sentence(clv.Message{ID: "clv.why.holdout", Args: args}); !strings.Contains(text, want[i]) {
				t.Errorf("%s: %s", lang, text)
			}
		}
	}
}

// sample is a value of an argument, by its name as clv.Sentence defines it.
func sample(name string) string {
	switch name {
	case "model", "second", "best", "plain":
		return map[string]string{"model": "mbg-nbd", "second": "bg-nbd", "best": "pareto-nbd", "plain": "bg-nbd"}[name]
	case "baseline":
		return "same-rate"
	case "parameter":
		return "alpha"
	case "upper":
		return "true"
	case "example":
		return "x=1, t_x=8, T=3"
	case "end", "day":
		return "1997-09-30"
	case "share", "limit", "rmse_gain":
		return "0.2345"
	case "bias", "other_bias", "correlation":
		return "-0.1215"
	case "gap", "q", "mae", "other_mae":
		return map[string]string{"gap": "12.340", "q": "0.980", "mae": "1.041", "other_mae": "0.905"}[name]
	}
	return fmt.Sprint(1000 + len(name))
}

func TestTheChoiceIsASentenceForTheDocument(t *testing.T) {
	in := shopInput(t, 4, dataset.Month, 400)
	for _, lang := range []string{"fr", "en"} {
		in.Config.Languages = []string{lang}
		text, err := Why(in)
		if err != nil || !strings.Contains(text, "MBG/NBD") || strings.Contains(text, "{{") {
			t.Errorf("%s: %q %v", lang, text, err)
		}
	}
	in.Results.CLV.Prediction = nil
	if text, err := Why(in); text != "" || err != nil {
		t.Errorf("%q %v", text, err)
	}
}

func TestHostileNamesInAForecastStayText(t *testing.T) {
	for _, label := range hostileLabels {
		in := hostileInput(t, label)
		p := in.Results.CLV.Prediction
		p.Ladder = append(p.Ladder, clv.Rung{Name: label, Why: clv.Message{ID: "clv.ladder.invalid", Args: map[string]string{"rows": "3", "example": label}}})
		p.Forecast.Channels[0].Dim = label
		p.Chosen = label
		files := render(t, in)
		checkSite(t, files)
		if page := files["lifetime-value.html"]; bytes.Contains(page, []byte("<img src=x")) || bytes.Contains(page, []byte("evil.example/x.js\"></script>")) {
			t.Errorf("%q became markup", label)
		}
	}
}

func TestSmallGroupsOfAForecastAreHidden(t *testing.T) {
	in := shopInput(t, 4, dataset.Month, 600)
	p := in.Results.CLV.Prediction
	p.Forecast.Channels[0].Customers, p.Forecast.Channels[0].Small = 7, true
	p.Forecast.Segments[0].Customers = 7
	p.Forecast.Matrix.Cells[0][0].Customers = 7
	files := render(t, in)
	for _, id := range []string{"forecast-by-channel", "forecast-by-segment", "alive"} {
		csv := string(files["data/lifetime-value-"+id+".csv"])
		for _, line := range strings.Split(csv, "\r\n") {
			if strings.Contains(line, ",7,") {
				t.Errorf("%s: %s", id, line)
			}
		}
	}
	if !bytes.Contains(files["lifetime-value.en.html"], []byte(`title="n &lt; 30"`)) {
		t.Error("the matrix hides nothing")
	}
}

func TestBandsAtTheTopAreJoinedUntilTheyMayBeShown(t *testing.T) {
	b := &builder{Input: shopInput(t, 4, dataset.Month, 40)}
	f := &clv.Forecast{Distribution: []clv.ValueBand{{To: 10, Customers: 900, Equity: 1}, {From: 10, To: 20, Customers: 25, Equity: 2}, {From: 20, Customers: 5, Equity: 4}}}
	got := b.shownBands(f)
	if len(got) != 2 || got[1].Customers != 30 || got[1].Equity != 6 || got[1].To != 0 {
		t.Errorf("%+v", got)
	}
	if f.Distribution[1].Customers != 25 {
		t.Error("the forecast itself was changed")
	}
}

func TestTheDrawnCohortsSpanTheHistory(t *testing.T) {
	var list []cohortCurve
	for i := range 11 {
		list = append(list, cohortCurve{name: itoa(int32(i)), observed: make([]clv.Point, max(1, 11-i))})
	}
	got := ""
	for _, c := range spreadOut(list) {
		got += c.name + " "
	}
	if got != "0 4 9 " { // the last cohort has one point only
		t.Errorf("%q", got)
	}
}

func TestTrustNeedsAModelThatTracksAndAValue(t *testing.T) {
	for name, change := range map[string]func(*clv.Prediction){
		"all purchases since the first": func(p *clv.Prediction) {
			p.Holdout.Weeks[len(p.Holdout.Weeks)-1].CumulativeExpected *= .5
		},
		"a forecast of nothing": func(p *clv.Prediction) { p.Forecast.Equity = clv.Estimate{} },
	} {
		text := words(t, changed(t, func(p *clv.Prediction) *clv.Prediction { change(p); return p }), "lifetime-value.en.html")
		if strings.Contains(text, "Trustworthy: the model predicted") || !strings.Contains(text, "With care: the model came close") {
			t.Errorf("%s: not with care", name)
		}
	}
}

package site

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"parcours/report/clv"
	"parcours/report/cohort"
	"parcours/report/config"
	"parcours/report/dataset"
	"parcours/report/measure"
	"parcours/report/measure/shoptest"
	"parcours/report/recommend"
	"parcours/themes"
)

// shopInput is the input of a simulated shop with everything that pages can show.
func shopInput(t testing.TB, seed uint64, grain dataset.Grain, customers int) Input {
	t.Helper()
	shop := shoptest.Random(seed, grain, customers)
	agg := shop.Aggregates()
	enrich(agg, shop)
	return inputOf(agg, shop.Calendar)
}

// bareInput is the same shop with orders alone.
func bareInput(t testing.TB, seed uint64, grain dataset.Grain, customers int) Input {
	t.Helper()
	shop := shoptest.Random(seed, grain, customers)
	agg := shop.Aggregates()
	agg.Manifest.Dimension = ""
	return inputOf(agg, shop.Calendar)
}

func inputOf(agg *dataset.Aggregates, cal dataset.Calendar) Input {
	// Models are fitted elsewhere; here their results are made up, so that every part of the page is seen.
	opt := measure.Options{Modes: []cohort.Mode{"on", "on-or-after", "window"}, Margin: .5, Predict: clv.Settings{Model: clv.ModelNone}}
	results := measure.Compute(agg, cal, opt)
	if results.CLV != nil && agg.Totals.Customers > 0 {
		results.CLV.Prediction = shoptest.Prediction(agg, results.CLV)
	}
	return Input{
		Config: &config.Site{
			File: "site.toml", Title: "Maison Lune", Languages: []string{"fr", "en"}, Currency: "EUR", Digits: 2,
			Notice: map[string]string{"fr": "Données synthétiques", "en": "Synthetic data"},
			Brand:  config.Brand{Color: "#1b3a61"},
			Report: config.Report{Grain: agg.Manifest.Grain, Options: opt},
		},
		Results: results, Theme: themes.Default(), Project: fstest.MapFS{}, Version: "test",
		Advice: recommend.Outcome{},
	}
}

// enrich adds the tables that a simulated shop lacks: spend, answers, files and rows not used.
func enrich(a *dataset.Aggregates, shop shoptest.Shop) {
	var all map[int32]int64 = map[int32]int64{}
	for _, p := range a.Periods {
		if p.Dim == "" {
			all[p.Period] = p.NewCustomers
			a.Acquisition = append(a.Acquisition, dataset.AcquisitionRow{Period: p.Period, Spend: 3000 * p.NewCustomers, NewCustomers: p.NewCustomers})
			for score := int32(0); score <= 10; score++ {
				a.Scores = append(a.Scores, dataset.ScoreRow{Metric: "nps", Period: p.Period, Score: 100 * score, Answers: int64(3 + score)})
			}
		}
	}
	for _, p := range a.Periods {
		if p.Dim == "channel-1" {
			a.Acquisition = append(a.Acquisition, dataset.AcquisitionRow{Channel: p.Dim, Period: p.Period, Spend: 3000 * all[p.Period], NewCustomers: p.NewCustomers})
		}
	}
	a.Manifest.Tables = append(a.Manifest.Tables, "spend", "surveys")
	a.Files = []dataset.FileRow{
		{Table: "orders", File: "content/data/orders/2024.parquet", Bytes: 123456, Rows: 1000, Used: 990, Hash: strings.Repeat("ab", 32)},
		{Table: "surveys", File: "content/data/surveys.parquet", Bytes: 999, Rows: 40, Used: 40, Hash: strings.Repeat("cd", 32)},
	}
	a.Quality = []dataset.QualityRow{
		{Table: "orders", File: "content/data/orders/2024.parquet", Reason: dataset.Filtered, Rows: 7},
		{Table: "orders", File: "content/data/orders/2024.parquet", Reason: dataset.BadAmount, Rows: 3, Examples: []string{"row group 0, row 12"}},
	}
	a.Totals.RowsRead, a.Totals.RowsUsed = 1000, 990
}

// themeWith lays files over the default theme.
func themeWith(files map[string]string) fs.FS {
	over := fstest.MapFS{}
	for name, text := range files {
		over[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return themes.Overlay(over, themes.Default())
}

func render(t testing.TB, in Input) Files {
	t.Helper()
	files, list, err := Render(in)
	if err != nil {
		t.Fatal(err)
	}
	if list.HasErrors() {
		t.Fatal(list.Sorted())
	}
	return files
}

package chart

import (
	"flag"
	"fmt"
	"html/template"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parcours/report/i18n"
	"parcours/themes"
)

var samples = flag.String("samples", "", "write a page with every kind of chart into this folder")

// page is a page as doc.go describes it, under the policy of the site.
var page = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Charts</title>
<link rel="stylesheet" href="static/parcours.css"></head><body><main>
{{range .Figures}}<section class="sec"><p class="label">{{.ID}}</p><div class="main"><figure class="fig">
<figcaption><h2 class="finding">{{.ID}}</h2></figcaption>
<div class="chart-live" data-chart="f-{{.ID}}" role="img" aria-label="{{.Alt}}" hidden></div>
<script type="application/json" class="chart-option" data-for="f-{{.ID}}">{{.Option}}</script>
<details open class="chart-table"><summary>Table</summary><div class="scroll"><table class="data"><thead><tr><th></th>{{range .Head}}<th>{{.}}</th>{{end}}</tr></thead>
<tbody>{{range .Rows}}<tr>{{range .}}<td>{{.}}</td>{{end}}</tr>{{end}}</tbody></table></div></details>
</figure></div></section>
{{end}}</main>
<script defer src="static/js/formatters.js"></script>
<script defer src="static/js/parcours.js" data-echarts="static/vendor/echarts.js"></script>
</body></html>
`))

type sample struct {
	ID, Alt string
	Option  template.JS
	Head    []string
	Rows    [][]string
}

// pageOf writes the page of some figures.
func pageOf(t testing.TB, loc *i18n.Locale, specs []Spec) string {
	t.Helper()
	var figures []sample
	for _, s := range specs {
		option, err := Options(s, loc)
		if err != nil {
			t.Fatal(err)
		}
		f := sample{ID: s.ID, Alt: Description(s, loc), Option: template.JS(option)}
		for _, v := range s.Series {
			f.Head = append(f.Head, v.Name)
		}
		for i, x := range s.X {
			row := []string{x}
			for _, v := range s.Series {
				row = append(row, s.Y.Text(loc, v.Values[i]))
			}
			f.Rows = append(f.Rows, row)
		}
		figures = append(figures, f)
	}
	var b strings.Builder
	if err := page.Execute(&b, map[string]any{"Lang": loc.Tag(), "Figures": figures}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestSamplePage writes a page to look at when it is asked to: go test ./report/chart -samples DIR.
func TestSamplePage(t *testing.T) {
	if *samples == "" {
		t.Skip("no folder asked for")
	}
	static, err := fs.Sub(themes.Default(), "static")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(*samples, "static"), static); err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"fr", "en"} {
		file := filepath.Join(*samples, fmt.Sprintf("charts.%s.html", lang))
		specs := gallery()
		for i, p := range payloads {
			specs = append(specs, hostile(Kind([]Kind{Line, Bar, HBar, Point, Area, Stack}[i%6]), p, fmt.Sprintf("hostile-%d", i)))
		}
		if err := os.WriteFile(file, []byte(pageOf(t, locale(t, lang), specs)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

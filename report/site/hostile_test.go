package site

import (
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"

	"parcours/report/config"
	"parcours/report/dataset"
	"parcours/report/measure"
	"parcours/report/measure/shoptest"
)

// hostileLabels are texts that have broken reports before.
var hostileLabels = []string{
	`</script><script src="//evil.example/x.js"></script>`, `"><img src=x onerror=alert(1)>`, "\u202egnp.exe\u2066", `{{.Site}}`,
	`=cmd|' /C calc'!A0`, `javascript:alert(1)`, "a\x00b\nc", `]]><!--`, strings.Repeat("long ", 60),
}

func hostileInput(t *testing.T, label string) Input {
	t.Helper()
	shop := shoptest.Random(4, dataset.Month, 1200)
	for i := range shop.Customers {
		if shop.Customers[i].Channel == "channel-1" {
			shop.Customers[i].Channel = label
		}
	}
	agg := shop.Aggregates()
	enrich(agg, shop)
	for i := range agg.Acquisition {
		agg.Acquisition[i].Channel = strings.Replace(agg.Acquisition[i].Channel, "channel-1", label, 1)
	}
	agg.Files[0].File, agg.Quality[0].File = label, label
	agg.Quality[1].Examples = []string{label}
	in := inputOf(agg, shop.Calendar)
	in.Config.Title, in.Config.Brand.Name = label, label
	in.Config.Notice = map[string]string{"fr": label, "en": label}
	in.Results.Warnings = append(in.Results.Warnings, measure.Warning{Code: "PD810", ID: "off-scale", Args: map[string]string{"Metric": label, "Number": "3"}})
	return in
}

func TestLabelsOfTheDataAreNeverMarkup(t *testing.T) {
	for _, label := range hostileLabels {
		files := render(t, hostileInput(t, label))
		checkSite(t, files)
		for name, d := range parsePages(t, files) {
			eachNode(d.root, func(n *html.Node) {
				if n.Data == "img" || n.Data == "script" && strings.Contains(attr(n, "src"), "evil") {
					t.Errorf("%s: %q became <%s>", name, label, n.Data)
				}
			})
		}
		csv := string(files["data/retention-by-channel.csv"])
		for _, line := range strings.Split(csv, "\r\n") {
			if strings.HasPrefix(line, "=") || strings.HasPrefix(line, `"=`) {
				t.Errorf("a formula in the CSV: %s", line)
			}
		}
	}
}

func TestLabelsCannotTurnTheTextAround(t *testing.T) {
	for in, want := range map[string]string{
		"\u202egnp.exe\u2066":      "gnp.exe",
		"a\x00b\n c":               "ab c",
		"":                         "",
		strings.Repeat("é", 100):   strings.Repeat("é", maxLabel-1) + "…",
		"Réseaux sociaux & e-mail": "Réseaux sociaux & e-mail",
		"bad \xff byte":            "bad byte",
	} {
		if got := inert(in); got != want {
			t.Errorf("inert(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTheBrandReachesTheStyleSheetAsColoursOnly(t *testing.T) {
	for _, color := range []string{"red", "#fff", "#1b3a61;}body{display:none", "url(x)", ""} {
		if css := brandCSS(color, "", ""); css != "" {
			t.Errorf("brandCSS(%q) = %q", color, css)
		}
	}
	for _, color := range []string{"#ffe600", "#000000", "#ffffff", "#1b3a61", "#ff0000", "#7f7f7f"} {
		c, ok := parseColor(color)
		if !ok {
			t.Fatal(color)
		}
		for _, ground := range []rgb{paperLight, paperDark} {
			if got := contrast(c.readableOn(ground), ground); got < minContrast {
				t.Errorf("%s on %s: contrast %.2f", color, ground, got)
			}
		}
		if got := contrast(c.lightOn(paperDark), paperDark); got < minContrast {
			t.Errorf("light tone of %s: contrast %.2f", color, got)
		}
		if h, s, l := c.hsl(); fromHSL(h, s, l) != c {
			t.Errorf("%s through HSL is %s", color, fromHSL(h, s, l))
		}
	}
}

// The ratios are those of the examples of WCAG 2.2's definition of contrast.
func TestContrastIsThatOfWCAG(t *testing.T) {
	black, white := rgb{}, rgb{255, 255, 255}
	if got := contrast(black, white); got < 20.99 || got > 21.01 {
		t.Errorf("black on white: %v", got)
	}
	grey, _ := parseColor("#767676") // the lightest grey that passes on white, 4.54
	if got := contrast(grey, white); got < 4.53 || got > 4.55 {
		t.Errorf("#767676 on white: %v", got)
	}
}

func TestBrandFilesAreCopiedOrReported(t *testing.T) {
	in := bareInput(t, 2, dataset.Month, 200)
	in.Project = fstest.MapFS{"brand/logo.svg": {Data: []byte("<svg xmlns='http://www.w3.org/2000/svg'/>")}, "brand/face.woff2": {Data: []byte("wOF2")}}
	in.Config.Brand = config.Brand{Logo: "brand/logo.svg", Face: "brand/face.woff2", Color: "#ffe600", Dark: "#ffe600"}
	files := render(t, in)
	checkSite(t, files)
	found := 0
	for name, content := range files {
		if strings.HasPrefix(name, "assets/brand") {
			found++
		}
		if strings.HasPrefix(name, "assets/brand.") && (!strings.Contains(string(content), "brand-face.") || strings.Contains(string(content), "--brand: #ffe600; }\n@media screen")) {
			t.Errorf("style sheet of the brand:\n%s", content)
		}
	}
	if found != 3 {
		t.Errorf("%d files of the brand, want 3", found)
	}
	in.Config.Brand = config.Brand{Logo: "brand/none.svg", Face: "face.exe"}
	_, list, err := Render(in)
	if errors, _ := list.Count(); err != nil || errors != 2 {
		t.Errorf("%d mistakes, error %v", errors, err)
	}
}

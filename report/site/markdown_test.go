package site

import (
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"

	"parcours/internal/diag"
	"parcours/report/chart"
)

func messages(l diag.List) string {
	var b strings.Builder
	for _, d := range l.Sorted() {
		b.WriteString(d.String() + "\n")
	}
	return b.String()
}

func folder(files ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		fsys[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return fsys
}

func TestPagesAreReadWithTheirLanguageAndOrder(t *testing.T) {
	pages, l := LoadPages(folder(
		"content/about.fr.md", "+++\ntitle = \"À propos\"\norder = 2\nnav = \"La maison\"\n+++\nBonjour.\n",
		"content/about.en.md", "\ufeff+++\r\ntitle = \"About\"\r\norder = 2\r\n+++\r\nHello.\r\n",
		"content/glossary.md", "\n# Glossaire #\n\nMots.\n",
		"content/draft.md", "+++\ntitle = \"D\"\ndraft = true\nnav = false\nlang = \"en\"\n+++\n",
		"content/README.md", "not a page", "content/_part.md", "not a page", "content/sub/x.md", "not a page", "content/data.csv", "a",
	), "content", []string{"fr", "en"})
	if got := messages(l); got != "" {
		t.Fatal(got)
	}
	var got []string
	for _, p := range pages {
		got = append(got, strings.Join([]string{p.File, p.Slug, p.Lang, p.Title, p.Nav, strings.TrimSpace(string(p.Body)), itoa(int32(p.Line))}, "|"))
	}
	want := []string{
		"content/draft.md|draft|en|D|||7", "content/glossary.md|glossary||Glossaire||Mots.|3",
		"content/about.en.md|about|en|About||Hello.|5", "content/about.fr.md|about|fr|À propos|La maison|Bonjour.|6",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if !pages[0].Draft || !pages[0].Hidden {
		t.Error("draft or nav is lost")
	}
}

func TestAFolderWithoutPagesIsNoMistake(t *testing.T) {
	for _, dir := range []string{"", "absent"} {
		if pages, l := LoadPages(folder(), dir, []string{"fr"}); len(pages) != 0 || l.Len() != 0 {
			t.Errorf("%q: %v %s", dir, pages, messages(l))
		}
	}
}

func TestMistakesOfPagesHaveTheirPlace(t *testing.T) {
	head := "+++\ntitle = \"T\"\n+++\n"
	for name, c := range map[string]struct{ file, src, want string }{
		"no title":            {"a.md", "text\n", `c/a.md:1:1: error [PM002] the page has no title; begin the page with a line +++, title = "…" and a line +++`},
		"empty title":         {"a.md", "+++\ntitle = \"\"\n+++\n", `c/a.md:2:9: error [PM002] the page has no title; begin the page with a line +++, title = "…" and a line +++`},
		"yaml":                {"a.md", "---\ntitle: T\n---\n", `c/a.md:1:1: error [PM001] the front matter is not TOML; write it between two lines +++, as in title = "…"`},
		"not closed":          {"a.md", "+++\ntitle = \"T\"\n", `c/a.md:1:1: error [PM001] the front matter is not closed; end it with a line +++`},
		"unknown key":         {"a.md", "+++\ntitel = \"T\"\ntitle = \"T\"\n+++\n", `c/a.md:2:1: error [PT002] unknown key "titel" at the top of the file; did you mean "title"?`},
		"wrong kind":          {"a.md", "+++\ntitle = \"T\"\norder = \"1\"\n+++\n", `c/a.md:3:9: error [PT003] "order" is a text; expected an integer; write the number without quotes`},
		"toml syntax":         {"a.md", "+++\ntitle = T\n+++\n", `c/a.md:2:9: error [PT001] expected value but found "T" instead`},
		"file name":           {"À propos.md", head, `c/À propos.md: error [PM003] the file name cannot be an address; rename the file to "a-propos.md"`},
		"reserved":            {"retention.md", head, `c/retention.md: error [PM004] "retention.html" is the address of a page of the report; rename the file`},
		"reserved journey":    {"journey-x.md", head, `c/journey-x.md: error [PM004] "journey-x.html" is the address of a page of the report; rename the file`},
		"unknown language":    {"a.de.md", head, `c/a.de.md: error [PM006] the file name asks for the language "de"; languages of the site: fr, en`},
		"front language":      {"a.md", "+++\ntitle = \"T\"\nlang = \"frr\"\n+++\n", `c/a.md:3:8: error [PM006] the site has no language "frr"; did you mean "fr"?`},
		"two languages":       {"a.fr.md", "+++\ntitle = \"T\"\nlang = \"en\"\n+++\n", `c/a.fr.md:3:8: error [PM006] the file name says "fr", the front matter "en"; keep one of the two`},
		"unknown value":       {"a.md", head + "Été {{ value \"retention.m4\" }}.\n", `c/a.md:4:15: error [PM008] no value is named "retention.m4"; did you mean "retention.m1"?`},
		"unknown group":       {"a.md", head + "x\n\n* y {{value \"zzzzzz.q\"}}\n", `c/a.md:6:14: error [PM008] no value is named "zzzzzz.q"; names begin with kpi, totals, repeat, rhythm, retention, clv, channels, cac, segments, status, lifecycle, nps, csat, ces, messages, tickets, funnel, map, friction, emotion`},
		"verb":                {"a.md", head + "{{ valeu \"kpi.aov\" }}\n", `c/a.md:4:1: error [PM007] "valeu" is no kind of reference; did you mean "value"?`},
		"malformed":           {"a.md", head + "| a |\n|---|\n| {{ kpi.aov }} |\n", "c/a.md:6:3: error [PM007] this reference cannot be read; write {{ value \"retention.m1\" }} or {{ figure \"retention\" }}; in a text about them, use a code span"},
		"figure in text":      {"a.md", head + "See {{ figure \"x\" }}\n", `c/a.md:4:5: error [PM014] a figure stands in a paragraph of its own; leave an empty line before and after it`},
		"figure twice":        {"a.md", head + "{{ figure \"x\" }}\n\n{{ figure \"x\" }}\n", `c/a.md:6:1: error [PM014] the figure "x" is already on this page; keep one of the two`},
		"script link":         {"a.md", head + "[x](javascript:alert(1))\n", `c/a.md:4:5: error [PM011] a page may not link to "javascript:alert(1)"; use https:, mailto: or a path from this file`},
		"data image":          {"a.md", head + "![x](data:image/png;base64,AA)\n", `c/a.md:4:6: error [PM011] a page may not link to "data:image/png;base64,AA"; use https:, mailto: or a path from this file`},
		"other host":          {"a.md", head + "a ![x](https://example.org/a.png)\n", `c/a.md:4:8: error [PM012] the image would be asked from another host; copy the image into the project`},
		"no protocol":         {"a.md", head + "[x](//example.org)\n", `c/a.md:4:5: error [PM011] the address depends on where the site is installed; write the path from this file, without a leading /`},
		"absolute":            {"a.md", head + "[x](/retention.html)\n", `c/a.md:4:5: error [PM011] the address depends on where the site is installed; write the path from this file, without a leading /`},
		"broken page":         {"a.md", head + "one\ntwo [x](oter.md)\n", `c/a.md:5:9: error [PM010] there is no page "c/oter.md"; did you mean "c/other.md"?`},
		"broken reference":    {"a.md", head + "[x][r]\n\n[r]: nowhere.md\n", `c/a.md:6:6: error [PM010] there is no page "c/nowhere.md"`},
		"broken image":        {"a.md", head + "![x](img/lgoo.png)\n", `c/a.md:4:6: error [PM010] there is no file "c/img/lgoo.png"; did you mean "logo.png"?`},
		"image outside":       {"a.md", head + "![x](../../logo.png)\n", `c/a.md:4:6: error [PM010] "../logo.png" is outside the project; copy the file into the project`},
		"folder":              {"a.md", head + "[x](img)\n", `c/a.md:4:5: error [PM010] "c/img" is a folder; link to a file`},
		"not publishable":     {"a.md", head + "[x](img/run.js)\n", `c/a.md:4:5: error [PM010] a file ".js" cannot be published; files that can be published: .pdf .csv .txt .xlsx .ods .docx .odt .pptx .odp .zip .parquet .toml .png .jpg .jpeg .gif .webp .avif .svg`},
		"image that is none":  {"a.md", head + "![x](img/run.js)\n", `c/a.md:4:6: error [PM010] a file ".js" cannot be published; files that can be published: .png .jpg .jpeg .gif .webp .avif .svg .png .jpg .jpeg .gif .webp .avif .svg`},
		"image of a page":     {"a.md", head + "![x](other.md)\n", `c/a.md:4:6: error [PM010] "other.md" is no image; give an image file`},
		"anchor":              {"a.md", head + "## Été\n\n[x](#ete) [y](#hiver)\n", `c/a.md:6:15: error [PM013] this page has no heading "#hiver"; allowed: "ete"`},
		"anchor of a page":    {"a.md", head + "[y](other.md#ther)\n", `c/a.md:4:5: error [PM013] c/other.md has no heading "#ther"; did you mean "there"?`},
		"empty link":          {"a.md", head + "[y]()\n", `c/a.md:4:1: error [PM010] the link has no destination`},
		"raw html":            {"a.md", head + "a <b onclick=x>c\n", `c/a.md:4:3: warning [PM102] raw HTML is left out of the page; write it in Markdown`},
		"raw html block":      {"a.md", head + "<script>\nalert(1)\n</script>\n", `c/a.md:4:1: warning [PM102] raw HTML is left out of the page; write it in Markdown`},
		"value in code":       {"a.md", head + "`{{ value \"x\" }}`\n\n    {{ value \"x\" }}\n\n<!-- fine -->\n", ""},
		"byte order and crlf": {"a.md", "\ufeff+++\r\ntitle = \"T\"\r\n+++\r\nx\r\n{{ value \"nope\" }}\r\n", `c/a.md:5:11: error [PM008] no value is named "nope"; did you mean "nps.value"?`},
	} {
		_, l := LoadPages(folder("c/"+c.file, c.src, "c/other.md", "# Other\n\n## There\n", "c/img/logo.png", "x", "c/img/run.js", "x"), "c", []string{"fr", "en"})
		got := strings.TrimSuffix(messages(l), "\n")
		if name == "byte order and crlf" {
			got, _, _ = strings.Cut(got, ";")
			c.want, _, _ = strings.Cut(c.want, ";")
		}
		if got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

func TestTwoPagesCannotShareAnAddress(t *testing.T) {
	_, l := LoadPages(folder("c/a.fr.md", "# A\n", "c/a.md", "+++\ntitle = \"A\"\nlang = \"fr\"\n+++\n"), "c", []string{"fr", "en"})
	want := "c/a.md: error [PM005] c/a.fr.md already has the address \"a.html\" in this language; rename one of the two files\n"
	if got := messages(l); got != want {
		t.Errorf("got %s", got)
	}
}

const longPage = `+++
title = "Lire ce rapport"
+++
Le taux à M1 est de **{{ value "retention.m1" }}**, le panier de {{ value "kpi.aov" }} ({{ value "kpi.aov_change_year" }}), et {{ value "nps.value" }}.
La carte compte {{ value "map.open_frictions" }} friction ouverte.

# Une partie

- un [lien](https://example.org/?a=1&b=2 "titre"), une [page](other.md#la), la [rétention](retention.html#f-x),
- l’[ancre](#une-partie), un [fichier](img/doc.pdf), ![une image](img/logo.png)

| Nom | Valeur |
|:----|-------:|
| a   | 1      |

{{ figure "periods" }}

> Citation <b>non</b> <!-- remarque -->

` + "```\ncode {{ value \"x\" }}\n```\n"

func contentInput(t *testing.T, src string) Input {
	t.Helper()
	in := testInput(t)
	in.Project = folder("content/read.md", src, "content/other.md", "# Autre\n\n## Là\n", "content/img/doc.pdf", "pdf", "content/img/logo.png", "png")
	var l diag.List
	in.Pages, l = LoadPages(in.Project, "content", in.Config.Languages)
	if l.HasErrors() {
		t.Fatal(messages(l))
	}
	return in
}

func contentPages(b *builder) []page {
	withFigures(b, figuresOf(map[string]float64{"retention.m1": .164, "kpi.aov": 6450, "kpi.aov_change_year": -.071}))
	table := chart.Table{ID: "periods", Caption: "Mois", Columns: []chart.Column{{Name: "Mois", Key: "m"}}, Rows: []chart.Row{{Cells: []chart.Cell{{Text: "oct.", Raw: "2026-10"}}}}}
	retention := page{Slug: "retention", Template: "content", NavLabel: "Rétention", Model: &struct{ Fig figure }{b.figure("retention", "Constat", "", "", nil, table)}}
	b.pages = []page{retention}
	b.pages = append(b.contentPages(), page{Slug: "retention", Template: "content", Model: &contentModel{b: b, page: &Page{}}})
	return b.pages
}

func TestAMarkdownPageIsPartOfTheSite(t *testing.T) {
	in := contentInput(t, longPage)
	files, s := renderSome(t, in, contentPages)
	doc := checkHTML(t, "read.html", files["read.html"])
	fr, en := strings.ReplaceAll(string(files["read.html"]), "\u00a0", " "), string(files["read.en.html"])
	for _, want := range []string{
		"<strong>16,4 %</strong>", "64,50 €", "−7,1 %", "et n/d.", `<h2 id="p-une-partie">Une partie</h2>`, `href="other.html#p-la"`, `href="retention.html#f-x"`,
		`<a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer" title="titre">lien</a>`, `href="#p-une-partie"`, `class="num">Valeur</th>`,
		`<h2 class="finding" id="f-periods">Constat</h2>`, "code {{ value &quot;x&quot; }}",
	} {
		if !strings.Contains(fr, want) {
			t.Errorf("no %q", want)
		}
	}
	for _, want := range []string{"16.4%", "€64.50", "n/a", `href="other.en.html#p-la"`, `href="retention.en.html#f-x"`} {
		if !strings.Contains(en, want) {
			t.Errorf("en: no %q", want)
		}
	}
	eachNode(doc, func(n *html.Node) {
		src := attr(n, "src")
		if href := attr(n, "href"); strings.Contains(href, "files/") {
			src = href
		}
		if strings.Contains(src, "files/") {
			if _, ok := files[src]; !ok {
				t.Errorf("no file %s", src)
			}
		}
		if n.Data == "b" {
			t.Error("raw HTML came through")
		}
	})
	got := messages(s.diags)
	want := `content/read.md:4:128: warning [PM101] the data does not give "nps.value": the page shows "n/a"
content/read.md:4:128: warning [PM101] the data does not give "nps.value": the page shows "n/d"
content/read.md:5:17: warning [PM101] the data does not give "map.open_frictions": the page shows "n/a"
content/read.md:5:17: warning [PM101] the data does not give "map.open_frictions": the page shows "n/d"
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestUnknownFiguresAndPagesOfTheReportAreErrors(t *testing.T) {
	in := contentInput(t, "# T\n\n{{ figure \"period\" }}\n\n[x](segmnts.html) [y](retentoin.html)\n")
	in.Config.Languages = []string{"fr"}
	_, s := renderSome(t, in, contentPages)
	want := `content/read.md:3:12: error [PM009] this report has no figure "period"; did you mean "periods"?
content/read.md:5:5: error [PM010] the site has no "segmnts.html"
content/read.md:5:23: error [PM010] the site has no "retentoin.html"; did you mean "retention.html"?
`
	if got := messages(s.diags); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestAPageOfOneLanguageStandsBeforeOneOfAll(t *testing.T) {
	in := testInput(t)
	in.Pages, _ = LoadPages(folder("c/a.md", "# All\n", "c/a.en.md", "# English\n"), "c", in.Config.Languages)
	files, _ := renderSome(t, in, (*builder).contentPages)
	if !strings.Contains(string(files["a.html"]), "<h1>All</h1>") || !strings.Contains(string(files["a.en.html"]), "<h1>English</h1>") {
		t.Errorf("pages of the wrong language: %d files", len(files))
	}
}

// FuzzMarkdown checks that no text of a page becomes a script, a style or a handler, whether its checks passed or not.
func FuzzMarkdown(f *testing.F) {
	for _, s := range []string{
		longPage, "# x\n<script>alert(1)</script>\n", "# x\n[a](javascript:alert(1)) ![b](JaVaScRiPt:x)", "# x\n[a]: <java\nscript:x>\n[a]", "# x\n<a href=\"x\" onclick=y>",
		"# x\n[x](\"onmouseover=\"alert(1))", "# x\n\n# y {onclick=alert(1)}\n", "# x\n| a |\n|--:|\n| <img src=x onerror=y> |\n", "# x\n<https://a\"b>", "# x\n&lt;script&gt; &#106;avascript:x",
		"# x\n{{ value \"<script>\" }} {{ figure \"x\" }}", "+++\ntitle = \"<script>\"\n+++\n", "# x\n[a](jav&#x09;ascript:alert(1))", "# x\nhttp://a/\"onclick=\n",
	} {
		f.Add(s)
	}
	// The catalogues are read once: only the pages change.
	in := testInput(f)
	in.Config.Languages = []string{"fr"}
	b, err := newBuilder(in, &shared{files: Files{}, tables: map[string]string{}, assets: map[string]string{}}, "fr", true)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, src string) {
		b.diags = diag.List{}
		b.Pages, _ = LoadPages(folder("c/a.md", src), "c", in.Config.Languages)
		for _, p := range b.contentPages() {
			v, err := p.Model.(*contentModel).View()
			if err != nil {
				t.Fatal(err)
			}
			for _, block := range v.Blocks {
				harmless(t, string(block.HTML))
			}
		}
	})
}

func harmless(t *testing.T, text string) {
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	eachNode(doc, func(n *html.Node) {
		if n.Type != html.ElementNode {
			return
		}
		switch n.Data {
		case "script", "style", "iframe", "object", "embed", "form", "base", "meta", "link", "svg", "input":
			t.Errorf("<%s> in %q", n.Data, text)
		}
		for _, a := range n.Attr {
			v := strings.ToLower(strings.TrimSpace(a.Val))
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || strings.HasPrefix(v, "javascript:") || strings.HasPrefix(v, "data:") || strings.HasPrefix(v, "vbscript:") {
				t.Errorf("%s=%q in %q", a.Key, a.Val, text)
			}
		}
	})
}

// A figure is found wherever a page's model keeps it, under the name of its CSV file.
func TestFiguresOfPagesAreFoundByTheNameOfTheirCSV(t *testing.T) {
	type part struct{ Fig figure }
	b := &builder{pages: []page{
		{Model: struct {
			A    *figure
			None *figure
			List []part
			T    triangleFigure
			Any  any
		}{A: &figure{CSVName: "a.csv"}, List: []part{{figure{CSVName: "b.csv"}}}, T: triangleFigure{CSVName: "retention-on"}, Any: part{}}},
		{Model: &struct{ Again figure }{figure{CSVName: "a.csv", Finding: "second"}}},
		{},
	}}
	got := b.figuresByName()
	if len(got) != 3 || got["a"].Figure.Finding != "" || got["b"].Figure == nil || got["retention-on"].Triangle == nil {
		t.Errorf("%v", sortedKeys(got))
	}
}

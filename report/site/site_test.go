package site

import (
	"bytes"
	"flag"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"parcours/report/dataset"
)

var update = flag.Bool("update", false, "write the golden files anew")

// document is a parsed page with what other pages may point at.
type document struct {
	root *html.Node
	ids  map[string]int
}

func parsePages(t *testing.T, files Files) map[string]document {
	t.Helper()
	docs := map[string]document{}
	for name, content := range files {
		if path.Ext(name) != ".html" {
			continue
		}
		root, err := html.Parse(bytes.NewReader(content))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		d := document{root, map[string]int{}}
		eachNode(root, func(n *html.Node) {
			if id := attr(n, "id"); id != "" {
				d.ids[id]++
			}
		})
		docs[name] = d
	}
	return docs
}

// checkSite finds broken links, double ids and whatever the policy of the pages forbids.
func checkSite(t *testing.T, files Files) {
	t.Helper()
	docs := parsePages(t, files)
	for name, d := range docs {
		for id, n := range d.ids {
			if n > 1 {
				t.Errorf("%s: id %q is used %d times", name, id, n)
			}
		}
		eachNode(d.root, func(n *html.Node) {
			checkNode(t, name, n)
			for _, key := range []string{"href", "src", "data-echarts"} {
				checkLink(t, files, docs, name, attr(n, key))
			}
			for _, key := range []string{"aria-labelledby", "for"} {
				for _, id := range strings.Fields(attr(n, key)) {
					if d.ids[id] == 0 {
						t.Errorf("%s: %s points at %q, which is not on the page", name, key, id)
					}
				}
			}
		})
	}
}

func checkNode(t *testing.T, name string, n *html.Node) {
	t.Helper()
	if n.Type != html.ElementNode {
		return
	}
	for _, a := range n.Attr {
		if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
			t.Errorf("%s: <%s> has the attribute %s", name, n.Data, a.Key)
		}
	}
	switch {
	case n.Data == "style", n.Data == "iframe", n.Data == "object", n.Data == "base":
		t.Errorf("%s: element <%s>", name, n.Data)
	case n.Data == "script" && n.FirstChild != nil && attr(n, "type") != "application/json":
		t.Errorf("%s: inline script", name)
	}
}

func checkLink(t *testing.T, files Files, docs map[string]document, from, link string) {
	t.Helper()
	if link == "" {
		return
	}
	if strings.Contains(link, "://") || strings.HasPrefix(link, "/") || strings.HasPrefix(link, "//") {
		t.Errorf("%s: %q is not a relative link", from, link)
		return
	}
	target, anchor, hasAnchor := strings.Cut(link, "#")
	if target == "" {
		target = from
	}
	if _, ok := files[target]; !ok {
		t.Errorf("%s: %q leads nowhere", from, link)
		return
	}
	if hasAnchor && docs[target].ids[anchor] == 0 {
		t.Errorf("%s: %q points at an anchor that is not there", from, link)
	}
}

func TestEveryLinkAndAnchorOfASiteExists(t *testing.T) {
	files := render(t, shopInput(t, 1, dataset.Month, 3000))
	checkSite(t, files)
	for _, name := range []string{"index.html", "index.en.html", "retention.html", "lifetime-value.en.html", "data/segments.csv", "data/retention-on.csv"} {
		if _, ok := files[name]; !ok {
			t.Errorf("no %s", name)
		}
	}
}

func TestSitesWithLittleDataAreWhole(t *testing.T) {
	noOrders := &dataset.Aggregates{Manifest: dataset.Manifest{
		Schema: 1, AsOf: dataset.CivilDay(2026, 3, 4), First: dataset.CivilDay(2026, 3, 4), Grain: dataset.Month, Zone: "UTC", Currency: "JPY",
		Cohort: dataset.ByFirstOrder, Negative: dataset.NegativeRefund,
	}}
	onePeriod := bareInput(t, 3, dataset.Month, 40)
	onePeriod.Results.KPI.Periods = onePeriod.Results.KPI.Periods[:1]
	onePeriod.Results.KPI.Current = 0
	onePeriod.Results.Change, onePeriod.Results.YearChange, onePeriod.Results.Lifecycle = nil, nil, nil
	for name, in := range map[string]Input{
		"no orders":     inputOf(noOrders, dataset.Calendar{}),
		"one period":    onePeriod,
		"one customer":  bareInput(t, 5, dataset.Month, 1),
		"ten customers": bareInput(t, 6, dataset.Month, 10),
		"orders alone":  bareInput(t, 7, dataset.Month, 2000),
		"weeks":         shopInput(t, 8, dataset.Week, 2000),
		"quarters":      shopInput(t, 9, dataset.Quarter, 2000),
		"weeks, few":    bareInput(t, 10, dataset.Week, 60),
		"one language": func() Input {
			in := shopInput(t, 11, dataset.Month, 300)
			in.Config.Languages = []string{"en"}
			return in
		}(),
	} {
		t.Run(name, func(t *testing.T) { checkSite(t, render(t, in)) })
	}
}

func TestTheSameInputGivesTheSameBytes(t *testing.T) {
	first, second := render(t, shopInput(t, 2, dataset.Month, 1500)), render(t, shopInput(t, 2, dataset.Month, 1500))
	if len(first) != len(second) {
		t.Fatalf("%d files, then %d", len(first), len(second))
	}
	for name, content := range first {
		if !bytes.Equal(content, second[name]) {
			t.Errorf("%s differs", name)
		}
	}
}

func TestTheDataFilesDoNotDependOnTheLanguage(t *testing.T) {
	in := shopInput(t, 2, dataset.Month, 1500)
	in.Config.Languages = []string{"fr"}
	french := render(t, in)
	in.Config.Languages = []string{"en"}
	english := render(t, in)
	for name, content := range french {
		if path.Ext(name) == ".csv" && !bytes.Equal(content, english[name]) {
			t.Errorf("%s depends on the language", name)
		}
	}
}

func TestAMessageThatNoCatalogueHoldsStopsTheBuild(t *testing.T) {
	in := shopInput(t, 2, dataset.Month, 200)
	in.Theme = themeWith(map[string]string{"templates/data.html": `{{define "main"}}{{T "no.such.message"}}{{end}}`})
	if _, _, err := Render(in); err == nil || !strings.Contains(err.Error(), "no.such.message") {
		t.Fatalf("got %v", err)
	}
}

func TestAThemeReplacesOneTemplate(t *testing.T) {
	in := shopInput(t, 2, dataset.Month, 200)
	in.Theme = themeWith(map[string]string{"templates/methods.html": `{{define "main"}}<p>Ours</p>{{end}}`})
	files, _, err := Render(in)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(files["methods.html"], []byte("<p>Ours</p>")) || bytes.Contains(files["data.html"], []byte("<p>Ours</p>")) {
		t.Error("the template of the theme is not used, or used elsewhere")
	}
}

func TestSmallGroupsAreHidden(t *testing.T) {
	in := bareInput(t, 10, dataset.Month, 60)
	files := render(t, in)
	for _, c := range in.Results.Retention[0].Cohorts {
		if c.Size >= 30 {
			t.Skip("the simulated shop has a large cohort")
		}
	}
	csv := string(files["data/retention-on.csv"])
	for _, line := range strings.Split(strings.TrimSpace(csv), "\r\n")[1:] {
		if cells := strings.Split(line, ","); cells[1] != "" || cells[5] != "" {
			t.Fatalf("a small cohort is published: %s", line)
		}
	}
	if !bytes.Contains(files["retention.html"], []byte("&lt; 30")) {
		t.Error("the page does not say that cohorts are small")
	}
}

// visible is the text of a page, one line for each block, without scripts.
func visible(root *html.Node) string {
	var lines []string
	var line strings.Builder
	flush := func() {
		if s := strings.Join(strings.Fields(strings.ReplaceAll(line.String(), "\u00a0", "\u2423")), " "); s != "" {
			lines = append(lines, s)
		}
		line.Reset()
	}
	inline := []string{"a", "b", "strong", "span", "em", "title", "text"}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			line.WriteString(n.Data)
		}
		if n.Data == "script" || n.Data == "svg" {
			return
		}
		block := n.Type == html.ElementNode && !slices.Contains(inline, n.Data)
		cell := n.Data == "td" || n.Data == "th"
		if block && !cell {
			flush()
		}
		if cell {
			line.WriteString(" | ")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		if block && !cell {
			flush()
		}
	}
	walk(root)
	flush()
	return strings.Join(lines, "\n") + "\n"
}

var hashes = regexp.MustCompile(`\.[0-9a-f]{10}\.`)

func TestTheTextOfASmallSiteIsAsApproved(t *testing.T) {
	files := render(t, shopInput(t, 4, dataset.Month, 2500))
	docs := parsePages(t, files)
	var names []string
	for name := range files {
		names = append(names, hashes.ReplaceAllString(name, ".HASH."))
	}
	slices.Sort(names)
	got := map[string]string{"files.txt": strings.Join(names, "\n") + "\n"}
	for _, slug := range []string{"index", "retention", "lifetime-value", "segments", "lifecycle", "data"} {
		for _, suffix := range []string{"", ".en"} {
			got[slug+suffix+".txt"] = visible(docs[slug+suffix+".html"].root)
		}
	}
	for name, text := range got {
		file := filepath.Join("testdata", "golden", name)
		if *update {
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if text != string(want) {
			t.Errorf("%s is not as approved (go test -update writes it anew): %s", name, firstDifference(string(want), text))
		}
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return "line " + itoa(int32(i+1)) + ":\n- " + w[i] + "\n+ " + g[i]
		}
	}
	return "one text is longer"
}

package main

import (
	"bytes"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"parcours/internal/cli"
)

// TestDemonstrationSite builds the project at the root of the repository and reads every page as a strict host and a
// link checker would.
func TestDemonstrationSite(t *testing.T) {
	out := filepath.Join(t.TempDir(), "public")
	var errs bytes.Buffer
	if code := cli.Run([]string{"build", "--no-cache", "--config", "../../site.toml", "--out", out}, strings.NewReader(""), io.Discard, &errs); code != 0 {
		t.Fatalf("exit %d: %s", code, &errs)
	}
	s := readSite(t, out)
	if len(s.pages) < 20 {
		t.Errorf("only %d pages", len(s.pages))
	}
	for name, p := range s.pages {
		s.check(t, name, p)
	}
}

// htmlPage is what one page defines and points to.
type htmlPage struct {
	ids   map[string]int
	links []string
	bad   []string
	lang  string
	title string
}

type htmlSite struct {
	files map[string]bool
	pages map[string]*htmlPage
}

func readSite(t *testing.T, dir string) *htmlSite {
	t.Helper()
	s := &htmlSite{files: map[string]bool{}, pages: map[string]*htmlPage{}}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(dir, p)
		name := filepath.ToSlash(rel)
		s.files[name] = true
		if strings.HasSuffix(name, ".html") {
			b, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			s.pages[name] = readPage(t, b)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func readPage(t *testing.T, b []byte) *htmlPage {
	t.Helper()
	for _, leak := range []string{"⟦", "<no value>", "%!", "NaN", "ZgotmplZ", "undefined"} {
		if bytes.Contains(b, []byte(leak)) {
			t.Errorf("the page holds %q", leak)
		}
	}
	root, err := html.Parse(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	p := &htmlPage{ids: map[string]int{}}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			p.element(n)
		}
	}
	return p
}

func (p *htmlPage) element(n *html.Node) {
	attr := map[string]string{}
	for _, a := range n.Attr {
		attr[a.Key] = a.Val
		switch {
		case a.Key == "style", strings.HasPrefix(a.Key, "on"):
			p.bad = append(p.bad, n.Data+" has the attribute "+a.Key)
		case a.Key == "id":
			p.ids[a.Val]++
		case a.Key == "href", a.Key == "src", a.Key == "data-echarts":
			p.links = append(p.links, a.Val)
		}
	}
	switch n.Data {
	case "html":
		p.lang = attr["lang"]
	case "title":
		if n.FirstChild != nil && p.title == "" {
			p.title = n.FirstChild.Data
		}
	case "style", "iframe", "object", "embed", "base", "form":
		p.bad = append(p.bad, "holds a "+n.Data+" element")
	case "script":
		if attr["src"] == "" && attr["type"] != "application/json" {
			p.bad = append(p.bad, "holds an inline script")
		}
	case "img":
		if _, ok := attr["alt"]; !ok {
			p.bad = append(p.bad, "has an image without alternative text: "+attr["src"])
		}
	}
}

func (s *htmlSite) check(t *testing.T, name string, p *htmlPage) {
	t.Helper()
	for _, b := range p.bad {
		t.Errorf("%s: %s", name, b)
	}
	for id, n := range p.ids {
		if n > 1 {
			t.Errorf("%s: the id %q stands %d times", name, id, n)
		}
	}
	want := "fr"
	if strings.HasSuffix(name, ".en.html") {
		want = "en"
	}
	if p.lang != want || p.title == "" {
		t.Errorf("%s: language %q, title %q", name, p.lang, p.title)
	}
	for _, l := range p.links {
		u, err := url.Parse(l)
		if err != nil || u.Scheme != "" || u.Host != "" || strings.HasPrefix(l, "/") {
			t.Errorf("%s: %q is not a relative link", name, l)
			continue
		}
		target := name
		if u.Path != "" {
			target = path.Join(path.Dir(name), u.Path)
		}
		if !s.files[target] {
			t.Errorf("%s: %q leads nowhere", name, l)
			continue
		}
		if q, ok := s.pages[target]; ok && u.Fragment != "" && q.ids[u.Fragment] == 0 {
			t.Errorf("%s: no anchor for %q", name, l)
		}
	}
}

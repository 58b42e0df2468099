package site

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"parcours/internal/diag"
	"parcours/internal/tomlpos"
	"parcours/journey"
)

// The mistakes of Markdown pages.
const (
	codePageFront    diag.Code = "PM001" // front matter missing or not closed
	codePageTitle    diag.Code = "PM002" // no title
	codePageSlug     diag.Code = "PM003" // file name that cannot be an address
	codePageReserved diag.Code = "PM004" // name of a page of the report
	codePageTwice    diag.Code = "PM005" // two pages with one address
	codePageLang     diag.Code = "PM006" // language that the site does not have
	codePageRef      diag.Code = "PM007" // malformed {{ … }}
	codePageValue    diag.Code = "PM008" // unknown value
	codePageFigure   diag.Code = "PM009" // unknown figure
	codePageLink     diag.Code = "PM010" // broken link or image
	codePageUnsafe   diag.Code = "PM011" // link that a page may not have
	codePageRemote   diag.Code = "PM012" // image of another host
	codePageAnchor   diag.Code = "PM013" // link to a heading that does not exist
	codePagePlace    diag.Code = "PM014" // figure inside a paragraph, or twice on a page
	codePageFile     diag.Code = "PM015" // unreadable file

	warnPageValue diag.Code = "PM101" // value that the data does not give
	warnPageHTML  diag.Code = "PM102" // raw HTML left out
)

// front is the front matter of a page.
type front struct {
	Title       string   `toml:"title"`
	Description string   `toml:"description"`
	Order       int      `toml:"order"`
	Draft       bool     `toml:"draft"`
	Lang        string   `toml:"lang"`
	Nav         navLabel `toml:"nav"`
}

// navLabel is the label of a page in the navigation, or false for none.
type navLabel struct {
	label  string
	hidden bool
}

// TOMLKinds implements tomlpos.Shaper.
func (navLabel) TOMLKinds() []tomlpos.Kind { return []tomlpos.Kind{tomlpos.String, tomlpos.Bool} }

// UnmarshalTOML accepts both forms.
func (n *navLabel) UnmarshalTOML(v any) error {
	switch v := v.(type) {
	case string:
		n.label = v
	case bool:
		n.hidden = !v
	}
	return nil
}

// reservedSlugs are the addresses of the report's own pages.
var reservedSlugs = []string{"index", "retention", "lifetime-value", "segments", "lifecycle", "journey", "recommendations", "data", "methods", "assets"}

// LoadPages reads the Markdown pages of a folder: every *.md directly in it but README.md and names that begin with
// "_" or ".". It checks all that needs neither data nor the other pages of the report: front matter, addresses,
// links between pages, images, names of values. A folder that does not exist has no pages.
func LoadPages(fsys fs.FS, dir string, langs []string) ([]*Page, diag.List) {
	var l diag.List
	if dir == "" {
		return nil, l
	}
	entries, err := fs.ReadDir(fsys, path.Clean(dir))
	if err != nil {
		return nil, l
	}
	var pages []*Page
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() || path.Ext(name) != ".md" || strings.EqualFold(name, "README.md") || strings.ContainsAny(name[:1], "_.") {
			continue
		}
		file := path.Join(dir, name)
		src, err := fs.ReadFile(fsys, file)
		if err != nil {
			l.Errorf(codePageFile, diag.Position{File: file}, "cannot read the page: %v", err)
			continue
		}
		if p := loadPage(&l, file, src, langs); p != nil {
			pages = append(pages, p)
		}
	}
	samePages(&l, pages)
	for _, p := range pages {
		checkBody(&l, fsys, p, pages)
	}
	slices.SortStableFunc(pages, func(a, b *Page) int {
		if a.Order != b.Order {
			return a.Order - b.Order
		}
		return strings.Compare(a.File, b.File)
	})
	return pages, l
}

// loadPage reads one file; nil when it has no address or its text cannot be read.
func loadPage(l *diag.List, file string, src []byte, langs []string) *Page {
	src = bytes.ReplaceAll(bytes.TrimPrefix(src, []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
	p := &Page{File: file}
	p.Slug, p.Lang = splitName(path.Base(file), langs)
	checkSlug(l, p, langs)
	head, body, line, ok := splitFront(l, file, src)
	if !ok {
		return nil
	}
	p.Body, p.Line = body, line
	var f front
	// An empty first line stands for "+++", so that lines are those of the file.
	doc, list := tomlpos.Load(file, append([]byte("\n"), head...), &f)
	l.Append(list)
	if doc == nil {
		return nil
	}
	if list.HasErrors() {
		_ = doc.Salvage(list, &f)
	}
	p.Title, p.About, p.Order, p.Draft = strings.TrimSpace(f.Title), f.Description, f.Order, f.Draft
	p.Nav, p.Hidden = f.Nav.label, f.Nav.hidden
	titleOf(l, doc, p)
	langOf(l, doc, p, f.Lang, langs)
	return p
}

// splitName takes the language from "about.fr.md".
func splitName(name string, langs []string) (slug, lang string) {
	slug = strings.TrimSuffix(name, ".md")
	if i := strings.LastIndexByte(slug, '.'); i > 0 && slices.Contains(langs, slug[i+1:]) {
		return slug[:i], slug[i+1:]
	}
	return slug, ""
}

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func checkSlug(l *diag.List, p *Page, langs []string) {
	pos := diag.Position{File: p.File}
	add := func(code diag.Code, hint, format string, args ...any) {
		l.Add(diag.Diagnostic{Severity: diag.Error, Code: code, Pos: pos, Hint: hint, Msg: fmt.Sprintf(format, args...)})
	}
	switch {
	case strings.Contains(p.Slug, "."):
		_, tag, _ := strings.Cut(p.Slug, ".")
		add(codePageLang, "languages of the site: "+strings.Join(langs, ", "), "the file name asks for the language %q", tag)
	case !slugForm.MatchString(p.Slug):
		hint := "use lower-case letters a-z, digits and -"
		if s := journey.Slug(p.Slug); s != "" {
			hint = fmt.Sprintf("rename the file to %q", s+".md")
		}
		add(codePageSlug, hint, "the file name cannot be an address")
	case slices.Contains(reservedSlugs, p.Slug) || strings.HasPrefix(p.Slug, "journey-"):
		add(codePageReserved, "rename the file", "%q is the address of a page of the report", p.Slug+".html")
	}
}

// splitFront separates the TOML between two "+++" lines from the Markdown; line is where the body starts. A page
// without front matter is a body alone.
func splitFront(l *diag.List, file string, src []byte) (head, body []byte, line int, ok bool) {
	first, rest, _ := bytes.Cut(src, []byte("\n"))
	mark := strings.TrimSpace(string(first))
	if mark == "---" {
		l.Add(diag.Diagnostic{
			Severity: diag.Error, Code: codePageFront, Pos: diag.Position{File: file, Line: 1, Col: 1, Len: 3}, Source: mark,
			Msg: "the front matter is not TOML", Hint: `write it between two lines +++, as in title = "…"`,
		})
		return nil, nil, 0, false
	}
	if mark != "+++" {
		return nil, src, 1, true
	}
	line = 2
	for at := 0; at < len(rest); line++ {
		end := bytes.IndexByte(rest[at:], '\n')
		if end < 0 {
			end = len(rest) - at
		}
		if strings.TrimSpace(string(rest[at:at+end])) == "+++" {
			return rest[:at], rest[min(at+end+1, len(rest)):], line + 1, true
		}
		at += end + 1
	}
	l.Add(diag.Diagnostic{
		Severity: diag.Error, Code: codePageFront, Pos: diag.Position{File: file, Line: 1, Col: 1, Len: 3}, Source: mark,
		Msg: "the front matter is not closed", Hint: "end it with a line +++",
	})
	return nil, nil, 0, false
}

// heading is a first line "# Title" of the body.
var heading = regexp.MustCompile(`^\s*#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\n|$)`)

// titleOf takes the title from a first heading when the front matter has none.
func titleOf(l *diag.List, doc *tomlpos.Doc, p *Page) {
	if m := heading.FindSubmatchIndex(p.Body); m != nil && p.Title == "" {
		p.Title = string(p.Body[m[2]:m[3]])
		p.Line += bytes.Count(p.Body[:m[1]], []byte("\n"))
		p.Body = p.Body[m[1]:]
	}
	if p.Title != "" || doc.Has("title") && doc.Raw("title") != `""` {
		return
	}
	pos := diag.Position{File: p.File, Line: 1, Col: 1}
	if doc.Has("title") {
		pos = doc.Pos("title")
	}
	l.Add(diag.Diagnostic{
		Severity: diag.Error, Code: codePageTitle, Pos: pos, Msg: "the page has no title",
		Hint: `begin the page with a line +++, title = "…" and a line +++`,
	})
}

func langOf(l *diag.List, doc *tomlpos.Doc, p *Page, lang string, langs []string) {
	switch {
	case lang == "":
	case !slices.Contains(langs, lang):
		doc.Error(l, codePageLang, "lang", diag.OneOf(lang, langs), "the site has no language %q", lang)
	case p.Lang != "" && p.Lang != lang:
		doc.Error(l, codePageLang, "lang", "keep one of the two", "the file name says %q, the front matter %q", p.Lang, lang)
	default:
		p.Lang = lang
	}
}

// samePages reports two pages with one address in one language.
func samePages(l *diag.List, pages []*Page) {
	first := map[[2]string]*Page{}
	for _, p := range pages {
		key := [2]string{p.Slug, p.Lang}
		if old, ok := first[key]; ok {
			l.Add(diag.Diagnostic{
				Severity: diag.Error, Code: codePageTwice, Pos: diag.Position{File: p.File},
				Msg:  fmt.Sprintf("%s already has the address %q in this language", old.File, p.Slug+".html"),
				Hint: "rename one of the two files",
			})
			continue
		}
		first[key] = p
	}
}

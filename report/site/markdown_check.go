package site

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	gtext "github.com/yuin/goldmark/text"

	"parcours/internal/diag"
	"parcours/report/measure"
	"parcours/report/recommend"
)

// checkBody reports what is wrong in the text of a page.
func checkBody(l *diag.List, fsys fs.FS, p *Page, pages []*Page) {
	doc := newMarkdown().Parser().Parse(gtext.NewReader(p.Body))
	c := &bodyCheck{l: l, fsys: fsys, page: p, pages: pages, anchors: anchorsOf(doc)}
	for _, s := range slices.Concat(measure.Catalogue(), recommend.MapCatalogue()) {
		c.values = append(c.values, s.Name)
	}
	walk(doc, c.node)
}

type bodyCheck struct {
	l       *diag.List
	fsys    fs.FS
	page    *Page
	pages   []*Page
	anchors []string
	values  []string
	figures []string // already on the page
}

func anchorsOf(doc ast.Node) []string {
	var out []string
	walk(doc, func(n ast.Node) {
		if h, ok := n.(*ast.Heading); ok {
			if id, ok := h.AttributeString("id"); ok {
				out = append(out, strings.TrimPrefix(string(id.([]byte)), "p-"))
			}
		}
	})
	return out
}

func (c *bodyCheck) node(n ast.Node) {
	switch n := n.(type) {
	case *reference:
		c.reference(n)
	case *ast.Link:
		c.link(n.Pos(), string(n.Destination), false)
	case *ast.Image:
		c.link(n.Pos(), string(n.Destination), true)
	case *ast.RawHTML:
		if n.Segments.Len() > 0 {
			first := n.Segments.At(0)
			c.html(first.Start, first.Value(c.page.Body))
		}
	case *ast.HTMLBlock:
		if n.Lines().Len() > 0 {
			first := n.Lines().At(0)
			c.html(first.Start, bytes.TrimSpace(first.Value(c.page.Body)))
		}
	}
}

// html warns about raw HTML; a comment is left out silently, that is what it is for.
func (c *bodyCheck) html(start int, tag []byte) {
	if bytes.HasPrefix(tag, []byte("<!--")) {
		return
	}
	c.page.report(c.l, diag.Warning, warnPageHTML, start, start+len(tag), "write it in Markdown", "raw HTML is left out of the page")
}

func (c *bodyCheck) reference(r *reference) {
	switch r.verb {
	case "value":
		if !slices.Contains(c.values, r.name) {
			hint := nearestName(r.name, c.values)
			c.page.report(c.l, diag.Error, codePageValue, r.nameAt, r.nameAt+len(r.name), hint, fmt.Sprintf("no value is named %q", r.name))
		}
	case "figure":
		c.figure(r)
	case "":
		c.page.report(c.l, diag.Error, codePageRef, r.start, r.stop, `write {{ value "retention.m1" }} or {{ figure "retention" }}; in a text about them, use a code span`,
			"this reference cannot be read")
	default:
		c.page.report(c.l, diag.Error, codePageRef, r.start, r.stop, diag.OneOf(r.verb, []string{"value", "figure"}), fmt.Sprintf("%q is no kind of reference", r.verb))
	}
}

// figure checks that a figure stands alone; its name is checked when the figures of the report are known.
func (c *bodyCheck) figure(r *reference) {
	if !alone(r) {
		c.page.report(c.l, diag.Error, codePagePlace, r.start, r.stop, "leave an empty line before and after it", "a figure stands in a paragraph of its own")
	}
	if slices.Contains(c.figures, r.name) {
		c.page.report(c.l, diag.Error, codePagePlace, r.start, r.stop, "keep one of the two", fmt.Sprintf("the figure %q is already on this page", r.name))
	}
	c.figures = append(c.figures, r.name)
}

// alone reports whether a reference is the only content of a paragraph of the page itself.
func alone(r *reference) bool {
	p, ok := r.Parent().(*ast.Paragraph)
	return ok && p.ChildCount() == 1 && p.Parent().Kind() == ast.KindDocument
}

// nearestName suggests a name: a near one, else those of the same group.
func nearestName(name string, names []string) string {
	if h := diag.DidYouMean(name, names); h != "" {
		return h
	}
	group, _, _ := strings.Cut(name, ".")
	var same []string
	for _, n := range names {
		if strings.HasPrefix(n, group+".") {
			same = append(same, n)
		}
	}
	if len(same) == 0 {
		for _, n := range names {
			if g, _, _ := strings.Cut(n, "."); !slices.Contains(same, g) {
				same = append(same, g)
			}
		}
		return "names begin with " + strings.Join(same, ", ")
	}
	return "names of this group: " + strings.Join(same[:min(12, len(same))], ", ")
}

// linkKind says what a destination is.
type linkKind int

const (
	linkBad    linkKind = iota
	linkRemote          // http, https or mailto
	linkAnchor          // #heading of the same page
	linkPage            // a Markdown file of the project
	linkSite            // a page or a file that the report makes
	linkFile            // a file of the project, copied to the site
)

// published are the extensions of files that a page may link to, and images those it may show. Nothing that a browser
// would run as a page of the site is among them.
var (
	published = []string{".pdf", ".csv", ".txt", ".xlsx", ".ods", ".docx", ".odt", ".pptx", ".odp", ".zip", ".parquet", ".toml"}
	images    = []string{".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg"}
)

// classify reads a destination: its kind, the path in the project when it is a file, and the anchor.
func (p *Page) classify(dest string) (kind linkKind, file, anchor string) {
	u, err := url.Parse(dest)
	if err != nil || strings.ContainsAny(dest, "\\\x00") || strings.HasPrefix(dest, "//") {
		return linkBad, "", ""
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https", "mailto":
		return linkRemote, "", ""
	case "":
	default:
		return linkBad, "", ""
	}
	if u.Path == "" {
		if u.Fragment == "" {
			return linkBad, "", ""
		}
		return linkAnchor, "", u.Fragment
	}
	if strings.HasPrefix(u.Path, "/") {
		return linkBad, "", ""
	}
	file = path.Join(path.Dir(p.File), u.Path)
	switch ext := strings.ToLower(path.Ext(u.Path)); {
	case ext == ".md":
		return linkPage, file, u.Fragment
	case ext == ".html", strings.HasPrefix(u.Path, "data/") && (ext == ".csv" || ext == ".json"):
		return linkSite, u.Path, u.Fragment
	}
	return linkFile, file, u.Fragment
}

func (c *bodyCheck) link(pos int, dest string, image bool) {
	start := max(0, pos)
	if i := bytes.Index(c.page.Body[min(start, len(c.page.Body)):], []byte(dest)); i >= 0 && dest != "" {
		start += i
	}
	report := func(code diag.Code, hint, format string, args ...any) {
		c.page.report(c.l, diag.Error, code, start, start+len(dest), hint, fmt.Sprintf(format, args...))
	}
	kind, file, anchor := c.page.classify(dest)
	switch {
	case kind == linkBad && dest == "":
		report(codePageLink, "", "the link has no destination")
	case kind == linkBad && strings.HasPrefix(dest, "/"):
		report(codePageUnsafe, "write the path from this file, without a leading /", "the address depends on where the site is installed")
	case kind == linkBad:
		report(codePageUnsafe, "use https:, mailto: or a path from this file", "a page may not link to %q", dest)
	case image && kind == linkRemote:
		report(codePageRemote, "copy the image into the project", "the image would be asked from another host")
	case image && kind != linkFile:
		report(codePageLink, "give an image file", "%q is no image", dest)
	case kind == linkAnchor:
		if !slices.Contains(c.anchors, strings.TrimPrefix(anchor, "p-")) {
			report(codePageAnchor, diag.OneOf(anchor, c.anchors), "this page has no heading %q", "#"+anchor)
		}
	case kind == linkPage:
		c.pageLink(file, anchor, report)
	case kind == linkFile:
		c.fileLink(file, image, report)
	}
}

func (c *bodyCheck) pageLink(file, anchor string, report func(diag.Code, string, string, ...any)) {
	var files []string
	for _, p := range c.pages {
		files = append(files, p.File)
		if p.File != file {
			continue
		}
		if p.Draft && !c.page.Draft {
			report(codePageLink, "publish it, or remove the link", "%q is a draft", file)
		}
		if anchor == "" {
			return
		}
		if list := anchorsOf(newMarkdown().Parser().Parse(gtext.NewReader(p.Body))); !slices.Contains(list, strings.TrimPrefix(anchor, "p-")) {
			report(codePageAnchor, diag.OneOf(anchor, list), "%s has no heading %q", file, "#"+anchor)
		}
		return
	}
	report(codePageLink, diag.DidYouMean(file, files), "there is no page %q", file)
}

func (c *bodyCheck) fileLink(file string, image bool, report func(diag.Code, string, string, ...any)) {
	ext := strings.ToLower(path.Ext(file))
	allowed := published
	if image {
		allowed = images
	}
	if !fs.ValidPath(file) {
		report(codePageLink, "copy the file into the project", "%q is outside the project", file)
		return
	}
	info, err := fs.Stat(c.fsys, file)
	switch {
	case err != nil:
		report(codePageLink, diag.DidYouMean(path.Base(file), siblings(c.fsys, path.Dir(file))), "there is no file %q", file)
	case info.IsDir():
		report(codePageLink, "link to a file", "%q is a folder", file)
	case !slices.Contains(allowed, ext) && (image || !slices.Contains(images, ext)):
		report(codePageLink, "files that can be published: "+strings.Join(append(slices.Clone(allowed), images...), " "), "a file %q cannot be published", ext)
	}
}

// siblings are the names in a folder.
func siblings(fsys fs.FS, dir string) []string {
	entries, _ := fs.ReadDir(fsys, dir)
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names
}

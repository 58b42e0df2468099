package site

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"html/template"
	"io/fs"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	ghtml "github.com/yuin/goldmark/renderer/html"
	gtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"parcours/internal/diag"
)

// contentView is what the template of a Markdown page writes.
type contentView struct {
	Blocks []contentBlock
}

// contentBlock is a run of text or one figure of the report.
type contentBlock struct {
	HTML template.HTML
	embedded
}

// contentPages are the site's Markdown pages in this language. A page written for one language stands before one
// written for all.
func (b *builder) contentPages() []page {
	var out []page
	all := b.figuresByName()
	for _, p := range b.Pages {
		if p.Draft || !b.speaks(p) {
			continue
		}
		title, label := b.loc.Text(p.Title), b.loc.Text(cmp.Or(p.Nav, p.Title))
		if p.Hidden {
			label = ""
		}
		out = append(out, page{
			Slug: p.Slug, Template: "content", Class: "content", Title: title, Description: b.loc.Text(cmp.Or(p.About, p.Title)),
			NavLabel: label, NavOrder: navContent + min(max(p.Order, 0), navData-navContent-1),
			Model: &contentModel{b: b, page: p, figures: all},
		})
		b.markCharts(p, all)
	}
	return out
}

// speaks reports whether a page is the one to show in this language.
func (b *builder) speaks(p *Page) bool {
	if p.Lang == b.lang {
		return true
	}
	if p.Lang != "" {
		return false
	}
	for _, other := range b.Pages {
		if other.Slug == p.Slug && other.Lang == b.lang && !other.Draft {
			return false
		}
	}
	return true
}

// markCharts asks for the chart library where a page shows a chart.
func (b *builder) markCharts(p *Page, all map[string]embedded) {
	doc := newMarkdown().Parser().Parse(gtext.NewReader(p.Body))
	walk(doc, func(n ast.Node) {
		if r, ok := n.(*reference); ok && r.verb == "figure" {
			if f := all[r.name].Figure; f != nil && f.Option != "" {
				b.charts[p.Slug] = true
			}
		}
	})
}

// contentModel makes its text when the template asks, because only then are all pages and files known.
type contentModel struct {
	b       *builder
	page    *Page
	figures map[string]embedded
	tables  int
}

// View is called by the template.
func (m *contentModel) View() (contentView, error) {
	var v contentView
	md := newMarkdown()
	doc := md.Parser().Parse(gtext.NewReader(m.page.Body))
	md.SetRenderer(m.renderer(md))
	var run bytes.Buffer
	flush := func() {
		if run.Len() > 0 {
			v.Blocks = append(v.Blocks, contentBlock{HTML: template.HTML(run.String())}) //nolint:gosec // made by goldmark in its safe mode
			run.Reset()
		}
	}
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if r, ok := n.FirstChild().(*reference); ok && r.verb == "figure" && alone(r) {
			flush()
			if f, ok := m.figure(r); ok {
				v.Blocks = append(v.Blocks, contentBlock{embedded: f})
			}
			continue
		}
		if err := md.Renderer().Render(&run, m.page.Body, n); err != nil {
			return v, fmt.Errorf("page %s: %w", m.page.File, err)
		}
	}
	flush()
	return v, nil
}

// figure finds a figure of the report; an unknown one is reported.
func (m *contentModel) figure(r *reference) (embedded, bool) {
	if f, ok := m.figures[r.name]; ok {
		return f, true
	}
	names := sortedKeys(m.figures)
	hint := diag.DidYouMean(r.name, names)
	if hint == "" {
		hint = "figures of this report: " + strings.Join(names, ", ")
	}
	m.page.report(&m.b.diags, diag.Error, codePageFigure, r.nameAt, r.nameAt+len(r.name), hint, fmt.Sprintf("this report has no figure %q", r.name))
	return embedded{}, false
}

// renderer is goldmark's with links of the site, tables of the theme and values.
func (m *contentModel) renderer(md goldmark.Markdown) renderer.Renderer {
	r := md.Renderer()
	r.AddOptions(renderer.WithNodeRenderers(util.Prioritized(m, 10)))
	return r
}

// RegisterFuncs implements renderer.NodeRenderer.
func (m *contentModel) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(kindReference, m.value)
	reg.Register(ast.KindText, m.prose)
	reg.Register(ast.KindRawHTML, nothing)
	reg.Register(ast.KindHTMLBlock, nothing)
	reg.Register(ast.KindLink, m.link)
	reg.Register(ast.KindImage, m.image)
	reg.Register(east.KindTable, m.table)
	reg.Register(east.KindTableCell, cell)
}

func nothing(_ util.BufWriter, _ []byte, _ ast.Node, _ bool) (ast.WalkStatus, error) {
	return ast.WalkSkipChildren, nil
}

// value writes a named figure in the page's language. What the data does not give is "n/d", never zero.
func (m *contentModel) value(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	r, ok := n.(*reference)
	if !entering || !ok || r.verb != "value" {
		return ast.WalkContinue, nil
	}
	f := m.b.anyFigure(r.name)
	if !f.Known {
		m.page.report(&m.b.diags, diag.Warning, warnPageValue, r.start, r.stop, "", fmt.Sprintf("the data does not give %q: the page shows %q", r.name, m.b.t("content.unknown")))
	}
	_, _ = w.WriteString(html.EscapeString(m.b.figureText(f)))
	return ast.WalkContinue, nil
}

// prose writes a run of text as prose is set. Code and bare addresses are nodes of other kinds.
func (m *contentModel) prose(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	t, ok := n.(*ast.Text)
	if !entering || !ok {
		return ast.WalkContinue, nil
	}
	if t.IsRaw() {
		ghtml.DefaultWriter.RawWrite(w, t.Segment.Value(source))
		return ast.WalkContinue, nil
	}
	ghtml.DefaultWriter.Write(w, []byte(m.b.loc.Text(elided(string(t.Segment.Value(source)), n))))
	switch {
	case t.HardLineBreak():
		_, _ = w.WriteString("<br>\n")
	case t.SoftLineBreak():
		_ = w.WriteByte('\n')
	}
	return ast.WalkContinue, nil
}

// elided sets the apostrophe of an elision whose word is in the next node, as in l'*été*: alone it would look like the
// end of a quotation.
func elided(s string, n ast.Node) string {
	word, found := strings.CutSuffix(s, "'")
	if last, _ := utf8.DecodeLastRuneInString(word); !found || n.NextSibling() == nil || !unicode.IsLetter(last) || strings.Contains(word, " '") {
		return s
	}
	return word + "’"
}

// link writes <a> with the address in this language. A destination that no check has let through gives plain text.
func (m *contentModel) link(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	l, ok := n.(*ast.Link)
	if !ok {
		return ast.WalkContinue, nil
	}
	href := m.address(string(l.Destination), l.Pos(), entering)
	switch {
	case href == "":
	case entering:
		_, _ = w.WriteString(`<a href="` + html.EscapeString(href) + `"`)
		if kind, _, _ := m.page.classify(string(l.Destination)); kind == linkRemote {
			_, _ = w.WriteString(` rel="noopener noreferrer"`)
		}
		if len(l.Title) > 0 {
			_, _ = w.WriteString(` title="` + html.EscapeString(string(l.Title)) + `"`)
		}
		_, _ = w.WriteString(`>`)
	default:
		_, _ = w.WriteString(`</a>`)
	}
	return ast.WalkContinue, nil
}

func (m *contentModel) image(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	i, ok := n.(*ast.Image)
	if !ok || !entering {
		return ast.WalkContinue, nil
	}
	kind, file, _ := m.page.classify(string(i.Destination))
	if kind != linkFile {
		return ast.WalkSkipChildren, nil
	}
	if src := m.b.projectFile(file); src != "" {
		_, _ = fmt.Fprintf(w, `<img src="%s" alt="%s">`, html.EscapeString(src), html.EscapeString(plain(i, source)))
	}
	return ast.WalkSkipChildren, nil
}

// address is the relative link for a destination, "" for none. report asks for a message about a page of the report
// that this site does not have.
func (m *contentModel) address(dest string, pos int, report bool) string {
	kind, file, anchor := m.page.classify(dest)
	if anchor != "" {
		anchor = "#p-" + strings.TrimPrefix(anchor, "p-")
	}
	switch kind {
	case linkRemote:
		return dest
	case linkAnchor:
		return anchor
	case linkPage:
		return m.pageAddress(file, anchor)
	case linkFile:
		return m.b.projectFile(file)
	case linkSite:
		return m.siteAddress(dest, file, pos, report)
	}
	return ""
}

// pageAddress is the address of a Markdown page, in this language when it exists, else in its own.
func (m *contentModel) pageAddress(file, anchor string) string {
	for _, p := range m.b.Pages {
		switch {
		case p.File != file || p.Draft:
		case m.b.has(p.Slug):
			return m.b.href(p.Slug) + anchor
		case p.Lang != "":
			return m.b.file(p.Slug, p.Lang) + anchor
		}
	}
	return ""
}

// siteAddress is the address of a page or file that the report makes.
func (m *contentModel) siteAddress(dest, file string, pos int, report bool) string {
	_, fragment, found := strings.Cut(dest, "#")
	if found {
		fragment = "#" + fragment
	}
	slug := strings.TrimSuffix(strings.TrimSuffix(file, ".html"), "."+m.b.lang)
	if path.Ext(file) == ".html" && m.b.has(slug) {
		return m.b.href(slug) + fragment
	}
	if _, ok := m.b.files[file]; ok && path.Ext(file) != ".html" || file == "data/metrics.json" {
		return file
	}
	if report {
		var names []string
		for i := range m.b.pages {
			names = append(names, m.b.pages[i].Slug+".html")
		}
		start := max(0, pos)
		if i := bytes.Index(m.page.Body[min(start, len(m.page.Body)):], []byte(dest)); i >= 0 {
			start += i
		}
		m.page.report(&m.b.diags, diag.Error, codePageLink, start, start+len(dest), diag.DidYouMean(file, names), fmt.Sprintf("the site has no %q", file))
	}
	return ""
}

// projectFile copies a file of the project to the site once and returns its path there, "" when it cannot be read.
func (b *builder) projectFile(file string) string {
	name := "files/" + strings.ReplaceAll(file, "/", "-")
	if out, ok := b.assets[name]; ok {
		return out
	}
	if b.Project == nil {
		return ""
	}
	content, err := fs.ReadFile(b.Project, file)
	if err != nil {
		b.diags.Errorf(codePageLink, diag.Position{File: file}, "cannot read the file")
		return ""
	}
	return b.addAsset(name, content)
}

// table wraps a table in a region that scrolls, as all tables of the site.
func (m *contentModel) table(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		m.tables++
		label := m.b.t("content.table", "Page", m.page.Title, "Number", itoa(int32(m.tables)))
		_, _ = fmt.Fprintf(w, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\">\n<table class=\"data\">\n", html.EscapeString(label))
	} else {
		_, _ = w.WriteString("</table>\n</div>\n")
	}
	return ast.WalkContinue, nil
}

// cell writes a cell; alignment to the right is a class, because the policy of the pages refuses styles.
func cell(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	tag := "td"
	if n.Parent().Kind() == east.KindTableHeader {
		tag = "th"
	}
	if !entering {
		_, _ = w.WriteString("</" + tag + ">\n")
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString("<" + tag)
	if tag == "th" {
		_, _ = w.WriteString(` scope="col"`)
	}
	if isRight(n) {
		_, _ = w.WriteString(` class="num"`)
	}
	_, _ = w.WriteString(">")
	return ast.WalkContinue, nil
}

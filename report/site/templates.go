package site

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
)

// parseTemplates reads templates/ of the theme: parts/*.html are shared by all pages, every other file is a page.
// Funcs: T (message), href (page link), asset (file under static/), has (page exists), dict (names and values).
func parseTemplates(b *builder) (map[string]*template.Template, error) {
	base := template.New("").Option("missingkey=error").Funcs(template.FuncMap{
		"T": b.t, "href": b.href, "asset": b.asset, "has": b.has, "dict": dict,
	})
	if err := parseFolder(base, b.Theme, "templates/parts"); err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(b.Theme, "templates")
	if err != nil {
		return nil, err
	}
	set := map[string]*template.Template{}
	for _, e := range entries {
		if e.IsDir() || path.Ext(e.Name()) != ".html" {
			continue
		}
		clone, err := base.Clone()
		if err != nil {
			return nil, err
		}
		if err := parseFile(clone, b.Theme, "templates/"+e.Name()); err != nil {
			return nil, err
		}
		set[strings.TrimSuffix(e.Name(), ".html")] = clone
	}
	return set, nil
}

func parseFolder(t *template.Template, fsys fs.FS, folder string) error {
	entries, err := fs.ReadDir(fsys, folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if path.Ext(e.Name()) != ".html" {
			continue
		}
		if err := parseFile(t, fsys, folder+"/"+e.Name()); err != nil {
			return err
		}
	}
	return nil
}

func parseFile(t *template.Template, fsys fs.FS, name string) error {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	_, err = t.New(name).Parse(string(text))
	return err
}

// dict makes the argument of a part from alternating names and values.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: a name without a value")
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: argument %d is not a name", i)
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}

func (b *builder) renderPage(set map[string]*template.Template, p *page) error {
	t, ok := set[p.Template]
	if !ok {
		return fmt.Errorf("page %s: the theme has no templates/%s.html", p.Slug, p.Template)
	}
	for _, table := range p.Tables {
		b.table(table)
	}
	var out bytes.Buffer
	if err := t.ExecuteTemplate(&out, "base", b.view(p)); err != nil {
		return fmt.Errorf("page %s: %w", p.Slug, err)
	}
	b.files[b.file(p.Slug, b.lang)] = out.Bytes()
	return nil
}

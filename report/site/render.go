package site

import (
	"errors"
	"fmt"
	"strings"

	"parcours/internal/diag"
	"parcours/report/i18n"
	"parcours/report/measure"
	"parcours/themes"
)

// Render makes every file of the site except the manifest and metrics.json: pages in each language, assets with names
// that carry the hash of their content, and one CSV file for each table shown.
//
// The list holds mistakes of the site's own files (Markdown, brand, templates); then the files are not complete. The
// error is for faults of the theme or of this package.
func Render(in Input) (Files, diag.List, error) {
	s := &shared{files: Files{}, tables: map[string]string{}}
	if err := s.loadAssets(in.Theme); err != nil {
		return nil, s.diags, err
	}
	s.loadBrand(in)
	for i, lang := range in.Config.Languages {
		b, err := newBuilder(in, s, lang, i == 0)
		if err != nil {
			return nil, s.diags, err
		}
		if err := b.renderAll(); err != nil {
			return nil, s.diags, fmt.Errorf("pages in %q: %w", lang, err)
		}
	}
	return s.files, s.diags, nil
}

// renderAll writes the pages of one language. A message that no catalogue holds is an error: a page never shows a
// message id.
func (b *builder) renderAll() error {
	b.pages = b.allPages()
	if err := errors.Join(b.failures...); err != nil {
		return err
	}
	set, err := parseTemplates(b)
	if err != nil {
		return err
	}
	for i := range b.pages {
		if err := b.renderPage(set, &b.pages[i]); err != nil {
			return err
		}
	}
	if missing := b.loc.Missing(); len(missing) > 0 {
		return fmt.Errorf("messages missing from the catalogue: %s", strings.Join(missing, ", "))
	}
	return nil
}

// allPages makes the models of all pages, in the order of the navigation.
func (b *builder) allPages() []page {
	list := []page{
		b.indexPage(), b.retentionPage(), b.valuePage(), b.segmentsPage(), b.lifecyclePage(),
		b.dataPage(), b.methodsPage(),
	}
	list = append(list, b.journeyPages()...)
	list = append(list, b.advicePages()...)
	b.pages = list // Markdown pages may show the figures of the others
	list = append(list, b.contentPages()...)
	shown := list[:0]
	for _, p := range list {
		if p.Slug != "" {
			shown = append(shown, p)
		}
	}
	sortPages(shown)
	return shown
}

func newBuilder(in Input, s *shared, lang string, isDefault bool) (*builder, error) {
	loc, err := i18n.Load(lang, themes.Layers(in.Theme)...)
	if err != nil {
		return nil, err
	}
	figures := map[string]measure.Figure{}
	for _, f := range in.Results.Figures() {
		figures[f.Name] = f
	}
	loc = loc.WithCurrency(in.Results.Manifest.Currency, in.Results.Manifest.Digits)
	b := &builder{Input: in, shared: s, loc: loc, lang: lang, isDefault: isDefault, figures: figures, charts: map[string]bool{}}
	b.chooseMaps()
	return b, nil
}

package site

// indexPage is the index page.
func (b *builder) indexPage() page {
	return page{
		Slug: "index", Template: "index", Class: "index", NavOrder: navIndex,
		Title: b.t("index.title"), NavLabel: b.t("nav.index"), Description: b.t("index.description"),
		Model: struct{}{},
	}
}

package site

// methodsPage is the methods page.
func (b *builder) methodsPage() page {
	return page{
		Slug: "methods", Template: "methods", Class: "methods", NavOrder: navMethods,
		Title: b.t("methods.title"), NavLabel: b.t("nav.methods"), Description: b.t("methods.description"),
		Model: struct{}{},
	}
}

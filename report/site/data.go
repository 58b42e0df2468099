package site

// dataPage is the data page.
func (b *builder) dataPage() page {
	return page{
		Slug: "data", Template: "data", Class: "data", NavOrder: navData,
		Title: b.t("data.title"), NavLabel: b.t("nav.data"), Description: b.t("data.description"),
		Model: struct{}{},
	}
}

package site

// valuePage is the lifetime-value page.
func (b *builder) valuePage() page {
	return page{
		Slug: "lifetime-value", Template: "lifetime-value", Class: "lifetime-value", NavOrder: navValue,
		Title: b.t("lifetime-value.title"), NavLabel: b.t("nav.lifetime-value"), Description: b.t("lifetime-value.description"),
		Model: struct{}{},
	}
}

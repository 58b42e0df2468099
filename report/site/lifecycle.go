package site

// lifecyclePage is the lifecycle page.
func (b *builder) lifecyclePage() page {
	return page{
		Slug: "lifecycle", Template: "lifecycle", Class: "lifecycle", NavOrder: navLifecycle,
		Title: b.t("lifecycle.title"), NavLabel: b.t("nav.lifecycle"), Description: b.t("lifecycle.description"),
		Model: struct{}{},
	}
}

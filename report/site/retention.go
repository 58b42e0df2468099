package site

// retentionPage is the retention page.
func (b *builder) retentionPage() page {
	return page{
		Slug: "retention", Template: "retention", Class: "retention", NavOrder: navRetention,
		Title: b.t("retention.title"), NavLabel: b.t("nav.retention"), Description: b.t("retention.description"),
		Model: struct{}{},
	}
}

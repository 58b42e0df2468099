package site

// segmentsPage is the segments page.
func (b *builder) segmentsPage() page {
	return page{
		Slug: "segments", Template: "segments", Class: "segments", NavOrder: navSegments,
		Title: b.t("segments.title"), NavLabel: b.t("nav.segments"), Description: b.t("segments.description"),
		Model: struct{}{},
	}
}

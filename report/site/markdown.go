package site

// contentPages are the site's Markdown pages.
func (b *builder) contentPages() []page { return nil }

package site

// journeyPages are the pages of the journey maps.
func (b *builder) journeyPages() []page { return nil }

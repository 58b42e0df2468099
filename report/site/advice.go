package site

// advicePages is the page of recommendations.
func (b *builder) advicePages() []page { return nil }

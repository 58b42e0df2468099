package site

// contentsLink is a link to a section of the page.
type contentsLink struct {
	Href, Label, Class string
}

// valueContents are the sections of the page of lifetime value in their order, after the verdict on the forecast: the
// page is long, and whether to believe it is what a reader in a hurry needs.
func (b *builder) valueContents(m *valueModel) []contentsLink {
	p := m.Prediction
	if p == nil || len(p.Equation) == 0 {
		return nil
	}
	var out []contentsLink
	add := func(shown bool, id, label string) {
		if shown {
			out = append(out, contentsLink{Href: "#" + id, Label: label})
		}
	}
	if p.Proof != nil {
		out = append(out, contentsLink{Href: "#proof", Label: p.Proof.Verdict, Class: "verdict " + p.Proof.Class})
	}
	add(true, "predicted", b.t("prediction.figures"))
	add(p.Curves != nil, "curves", b.t("forecast.label"))
	add(p.Channels != nil, "by-channel", p.ChannelLabel)
	add(p.Segments != nil, "by-segment", b.t("nav.segments"))
	add(p.Matrix != nil, "alive", b.t("alive.label"))
	add(p.Proof != nil, "proof", b.t("proof.label"))
	add(m.Curve != nil, "observed", b.t("value.observed"))
	add(len(m.Equation) > 0, "formula", b.t("value.formula"))
	add(len(p.Assumes) > 0, "assumes", b.t("assume.title"))
	return out
}

package site

import (
	"strings"

	"parcours/journey"
)

// namedTies is how many touchpoints of one valence a heading names; of more, it names the first.
const namedTies = 3

// journeyHeading says where the journey hurts most; a map without a low point has its title. Names stand between
// quotation marks: they come with any gender and number, or with a verb.
func (b *builder) journeyHeading(m *journey.Map, points []*pointView) string {
	low, high := extremes(points)
	if low == nil || low.mean == high.mean {
		return m.Title
	}
	names := b.at(points, low.mean)
	switch n := len(names); {
	case n == 1:
		return b.t("journey.heading", "Place", names[0], "Felt", b.felt(low))
	case n <= namedTies:
		return b.t("journey.heading_ties", "Count", n, "Value", b.valence(low.mean), "Places", b.loc.List(names))
	default:
		return b.t("journey.heading_many", "Count", n, "Value", b.valence(low.mean), "Place", b.quoted(low.tp.Name))
	}
}

// at are the touchpoints of one mean valence, cited.
func (b *builder) at(points []*pointView, mean float64) []string {
	var out []string
	for _, p := range points {
		if p.felt && p.mean == mean {
			out = append(out, b.quoted(p.tp.Name))
		}
	}
	return out
}

// journeyLede adds to the heading what it leaves out: the high point, the largest loss, the state of the frictions.
func (b *builder) journeyLede(m *journey.Map, points []*pointView) string {
	out := []string{b.highSentence(points)}
	for _, p := range points {
		if p.Loss != nil && p.Loss.Worst {
			out = append(out, b.t("journey.lede_loss", "Place", b.quoted(p.tp.Name), "Share", p.Loss.Share, "N", p.Loss.Entered))
		}
	}
	return strings.Join(append(out, capital(b.closedSentence(m))+"."), " ")
}

func (b *builder) highSentence(points []*pointView) string {
	low, high := extremes(points)
	switch {
	case low == nil:
		return b.t("journey.lede_unfelt")
	case low.mean == high.mean:
		return b.t("journey.lede_flat", "Value", b.valence(low.mean))
	}
	if n := len(b.at(points, high.mean)); n > 1 {
		return b.t("journey.lede_ties", "Count", n, "Value", b.valence(high.mean))
	}
	return b.t("journey.lede", "Place", b.quoted(high.tp.Name), "Felt", b.felt(high))
}

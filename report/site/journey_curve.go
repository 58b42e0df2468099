package site

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"parcours/journey"
)

// Geometry of the emotion row, in CSS pixels: the zero line, one unit of valence, the height. x is in percent of the
// width, so the curve and the columns of the table always agree.
const (
	curveHeight = 236.0
	curveZero   = 118.0
	curveUnit   = 34.0
	diamondX    = 20.0 // a measure stands beside its touchpoint, not on it
)

// lineChars is how many characters of a label fit over one column, labelStep the distance of its lines.
const (
	lineChars = 18
	labelStep = 14.0
)

// curve draws the columns [from, to) of a map; the line runs on to the neighbours beyond, outside the drawing.
type curve struct {
	svg      template.HTML
	others   []string
	out      strings.Builder
	points   []*pointView
	from, to int
	taken    []float64 // heights of the labels of the column being drawn
}

// emotionCurve draws the declared emotions: the line through the means, a disc per emotion, a bar between two, dashed
// lines of the personas that feel otherwise, and the measures as diamonds.
func (b *builder) emotionCurve(m *journey.Map, points []*pointView, from, to int) *curve {
	c := &curve{points: points, from: from, to: to}
	if from == to {
		return c
	}
	c.printf(`<svg class="chart emotion" width="100%%" height="%s" role="img" aria-label="%s" focusable="false">`,
		num(curveHeight), esc(b.curveLabel(points[from:to])))
	c.grid()
	c.line("", "curve")
	for _, p := range m.Personas {
		if c.differs(p.ID) {
			c.line(p.ID, "curve dash")
			c.others = append(c.others, shortName(m, p.ID))
		}
	}
	for i := from; i < to; i++ {
		c.taken = nil
		c.discs(i, points[i])
		b.personaDiscs(c, m, i, points[i])
		c.diamond(i, points[i])
	}
	c.out.WriteString("</svg>")
	c.svg = template.HTML(c.out.String()) //nolint:gosec // numbers, classes and escaped texts
	return c
}

func esc(s string) string { return template.HTMLEscapeString(s) }

func (c *curve) printf(format string, args ...any) { fmt.Fprintf(&c.out, format, args...) }

func (b *builder) curveLabel(points []*pointView) string {
	low, high := extremes(points)
	if low == nil {
		return b.t("journey.curve_empty")
	}
	return b.t("journey.curve", "Low", low.tp.Name, "LowWord", b.felt(low), "High", high.tp.Name, "HighWord", b.felt(high))
}

func percent(v float64) string { return num3(v) + "%" }

func num3(v float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.3f", v), "0"), ".")
}

// x is the place of a column in percent.
func (c *curve) x(i int) float64 { return (float64(i-c.from) + 0.5) / float64(c.to-c.from) * 100 }

func curveY(v float64) float64 { return curveZero - curveUnit*v }

func (c *curve) grid() {
	for v := 2.0; v >= -2; v-- {
		class := "grid"
		if v == 0 {
			class = "axis"
		}
		c.printf(`<line x1="0" x2="100%%" y1="%s" y2="%s" class="%s"/>`, num(curveY(v)), num(curveY(v)), class)
	}
	for i := c.from + 1; i < c.to; i++ {
		if c.points[i].First {
			x := percent(c.x(i) - 50/float64(c.to-c.from))
			c.printf(`<line x1="%s" x2="%s" y1="0" y2="%s" class="stage"/>`, x, x, num(curveHeight))
		}
	}
}

// line joins the means of one persona, "" the map's own, and stops where nothing is felt. The line of a persona leaves
// the map's one column before its own feelings and comes back one column after.
func (c *curve) line(persona, class string) {
	c.printf(`<svg x="0" y="0" width="100%%" height="%s" viewBox="0 0 100 %s" preserveAspectRatio="none">`, num(curveHeight), num(curveHeight))
	var run []string
	flush := func() {
		if len(run) > 1 {
			c.printf(`<polyline points="%s" class="%s" vector-effect="non-scaling-stroke"/>`, strings.Join(run, " "), class)
		}
		run = nil
	}
	for i := max(0, c.from-1); i < min(c.to+1, len(c.points)); i++ {
		v, ok := c.points[i].tp.Feeling(persona).Mean()
		if !ok || !c.near(i, persona) {
			flush()
			continue
		}
		run = append(run, num3(c.x(i))+","+num(curveY(v)))
	}
	flush()
	c.out.WriteString("</svg>")
}

// near reports whether a persona has a feeling of its own at a column or beside it.
func (c *curve) near(i int, persona string) bool {
	if persona == "" {
		return true
	}
	for k := max(0, i-1); k <= min(i+1, len(c.points)-1); k++ {
		if c.own(k, persona) {
			return true
		}
	}
	return false
}

func (c *curve) own(i int, persona string) bool {
	for _, f := range c.points[i].tp.Feelings {
		if f.Persona == persona && len(f.Emotions) > 0 {
			return true
		}
	}
	return false
}

// differs reports whether a persona has a feeling of its own somewhere.
func (c *curve) differs(persona string) bool {
	for i := range c.points {
		if c.own(i, persona) {
			return true
		}
	}
	return false
}

func (c *curve) discs(i int, p *pointView) {
	list := p.tp.Feeling("").Emotions
	r := 4 + 1.7*float64(p.tp.Intensity)
	x := percent(c.x(i))
	if low, high := span2(list); low < high {
		c.printf(`<line x1="%s" x2="%s" y1="%s" y2="%s" class="range"/>`, x, x, num(curveY(low)), num(curveY(high)))
	}
	label := map[int][]string{}
	for _, e := range list {
		if e.Word != "" {
			label[e.Valence] = append(label[e.Valence], e.Word)
		}
	}
	for v := -2; v <= 2; v++ {
		if !holds(list, v) {
			continue
		}
		y := curveY(float64(v))
		c.printf(`<circle cx="%s" cy="%s" r="%s" class="pt %s"/>`, x, num(y), num(r), emotionClass(float64(v)))
		if words := label[v]; len(words) > 0 {
			c.label(x, y, r, flip(v >= 0, float64(v), p.Measure), lines(words))
		}
	}
}

func span2(list []journey.Emotion) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, e := range list {
		low, high = min(low, float64(e.Valence)), max(high, float64(e.Valence))
	}
	return low, high
}

func holds(list []journey.Emotion, v int) bool {
	for _, e := range list {
		if e.Valence == v {
			return true
		}
	}
	return false
}

// flip puts a label on the other side of its disc when the measure stands where the label would.
func flip(above bool, v float64, m *measureView) bool {
	if m == nil || m.Few {
		return above
	}
	gap := m.mean - v
	if above && gap > 0.25 && gap < 1 && v < 2 || !above && gap < -0.25 && gap > -1 && v > -2 {
		return !above
	}
	return above
}

// label writes the words of a disc, away from it.
func (c *curve) label(x string, y, r float64, above bool, lines []string) {
	y += r + 17
	if above {
		y -= 2*r + 24 + labelStep*float64(len(lines)-1)
	}
	for _, line := range lines {
		c.taken = append(c.taken, y)
		c.printf(`<text x="%s" y="%s" text-anchor="middle" class="ts halo">%s</text>`, x, num(y), esc(line))
		y += labelStep
	}
}

// lines sets words on one line, or on two when they do not fit over a column. The row under the curve has all of them.
func lines(words []string) []string {
	first := words[0]
	for i, w := range words[1:] {
		if utf8.RuneCountInString(first)+2+utf8.RuneCountInString(w) > lineChars {
			return []string{first + ",", clip(strings.Join(words[i+1:], ", "))}
		}
		first += ", " + w
	}
	return []string{first}
}

// clip cuts a text that is longer than a column is wide.
func clip(s string) string {
	if utf8.RuneCountInString(s) <= lineChars {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:lineChars-1]), " ,\u00a0") + "…"
}

// personaMark is what one or several personas feel at a touchpoint.
type personaMark struct {
	mean  float64
	names []string
	words string // "" when they do not say the same
}

// personaMarks groups the personas that feel otherwise than the map by how they feel.
func personaMarks(m *journey.Map, p *pointView) []personaMark {
	var out []personaMark
	for _, f := range p.tp.Feelings {
		v, ok := f.Mean()
		if f.Persona == "" || !ok || p.felt && v == p.mean {
			continue
		}
		var said []string
		for _, e := range f.Emotions {
			said = append(said, e.Word)
		}
		words, name := strings.Join(said, ", "), shortName(m, f.Persona)
		i := slices.IndexFunc(out, func(g personaMark) bool { return g.mean == v })
		if i < 0 {
			out = append(out, personaMark{v, []string{name}, words})
			continue
		}
		out[i].names = append(out[i].names, name)
		if out[i].words != words {
			out[i].words = ""
		}
	}
	return out
}

// personaDiscs marks what personas feel apart from the map, with their names, and their words where there is room.
func (b *builder) personaDiscs(c *curve, m *journey.Map, i int, p *pointView) {
	for _, g := range personaMarks(m, p) {
		text := strings.Join(g.names, ", ")
		if full := b.t("journey.persona_felt", "Name", text, "Words", g.words); g.words != "" && utf8.RuneCountInString(full) <= lineChars {
			text = full
		}
		x, y := percent(c.x(i)), curveY(g.mean)
		c.printf(`<circle cx="%s" cy="%s" r="4.5" class="f-paper"/>`, x, num(y))
		at := y - 10
		if slices.ContainsFunc(c.taken, func(other float64) bool { return math.Abs(other-at) < labelStep-1 }) {
			at = y + 20
		}
		c.taken = append(c.taken, at)
		c.printf(`<text x="%s" y="%s" text-anchor="middle" class="t halo">%s</text>`, x, num(at), esc(clip(text)))
	}
}

// diamond draws a measure with its interval.
func (c *curve) diamond(i int, p *pointView) {
	m := p.Measure
	if m == nil || m.Few {
		return
	}
	c.printf(`<svg x="%s" y="%s" overflow="visible">`, percent(c.x(i)), num(curveY(m.mean)))
	if m.width {
		c.printf(`<line x1="%s" x2="%s" y1="%s" y2="%s" class="whisk"/>`, num(diamondX), num(diamondX),
			num(curveUnit*(m.mean-m.low)), num(curveUnit*(m.mean-m.high)))
	}
	c.printf(`<path d="M%s -5.5L%s 0L%s 5.5L%s 0Z" class="diam"/></svg>`, num(diamondX), num(diamondX+5.5), num(diamondX), num(diamondX-5.5))
}

// ruleBar is one touchpoint on a horizontal scale, for the list on phones. Ends are kept inside the drawing.
func (b *builder) ruleBar(p *pointView) template.HTML {
	if !p.felt {
		return ""
	}
	at := func(v float64) string { return percent(max(2, min(98, (v+2)*25))) }
	var o strings.Builder
	o.WriteString(`<svg class="chart rule" width="100%" height="18" aria-hidden="true" focusable="false"><line x1="0" x2="100%" y1="9" y2="9" class="grid"/><line x1="50%" x2="50%" y1="2" y2="16" class="axis"/>`)
	list := p.tp.Feeling("").Emotions
	if low, high := span2(list); low < high {
		fmt.Fprintf(&o, `<line x1="%s" x2="%s" y1="9" y2="9" class="range"/>`, at(low), at(high))
	}
	for v := -2; v <= 2; v++ {
		if holds(list, v) {
			fmt.Fprintf(&o, `<circle cx="%s" cy="9" r="6" class="pt %s"/>`, at(float64(v)), emotionClass(float64(v)))
		}
	}
	if m := p.Measure; m != nil && !m.Few {
		fmt.Fprintf(&o, `<svg x="%s" y="9" overflow="visible"><path d="M0 -5.5L5.5 0L0 5.5L-5.5 0Z" class="diam"/></svg>`, at(m.mean))
	}
	o.WriteString("</svg>")
	return template.HTML(o.String()) //nolint:gosec // numbers and classes
}

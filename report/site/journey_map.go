package site

import (
	"html/template"
	"math"
	"slices"
	"strconv"

	"parcours/journey"
	"parcours/report/chart"
)

// mapView is the map as a table: lanes are rows, touchpoints columns.
type mapView struct {
	Caption string
	Width   string // class that sets the least width for a number of columns
	Columns int
	Cycle   []span // empty without lifecycle
	Stages  []span
	Points  []*pointView
	Curve   template.HTML
	Others  []string // personas with a curve of their own
	Star    template.HTML
	Moments bool
	Part    bool // a part for paper, beside the whole map: it has no ids
	// Lanes that have content.
	Actions, Voices, Frictions, Opps, Back, Measured, Reached, Lost bool
}

// span is a heading over several touchpoints.
type span struct {
	Label string
	Count int
}

// pointView is one touchpoint: a column of the table, an item of the list on phones.
type pointView struct {
	ID, Name, Channel, Stage string
	First                    bool // first of its stage
	Moment                   bool
	Action                   string
	Chips                    []chip
	Personas                 []personaFeeling
	Voices                   []string
	Frictions                []frictionMark
	Opps                     []oppMark
	Back                     string
	Spoken                   string // all of the column for who cannot see it
	Measure                  *measureView
	Reach                    string
	Loss                     *lossView
	Rule                     template.HTML // −2…+2 as a horizontal bar, for phones

	tp    journey.Touchpoint
	stage journey.Stage
	mean  float64
	felt  bool

	customers int64
}

// chip is one emotion with its value.
type chip struct{ Class, Value, Word string }

// personaFeeling is what one persona feels when it differs from the map.
type personaFeeling struct {
	Name  string
	Chips []chip
}

// frictionMark is a friction at its place.
type frictionMark struct {
	ID, Title, Criticality, State, Spoken string
	Loop                                  template.HTML
	Whole                                 bool // of the whole stage
}

type oppMark struct{ ID, Title string }

// mapPoints makes the columns in order.
func (b *builder) mapPoints(m *journey.Map) []*pointView {
	var out []*pointView
	for _, s := range m.Stages {
		for k, t := range s.Touchpoints {
			p := &pointView{
				ID: "tp-" + t.ID, Name: t.Name, Channel: b.channelLabel(m, t.Channel), Stage: s.Name, First: k == 0,
				Moment: t.MomentOfTruth, Action: t.Action, Back: b.loc.List(t.Backstage), tp: t, stage: s,
			}
			p.mean, p.felt = t.Feeling("").Mean()
			p.Chips = b.chips(t.Feeling(""))
			b.addPersonas(m, p)
			b.addVoices(m, p)
			b.addMarks(m, p)
			b.addMeasures(p)
			p.Rule = b.ruleBar(p)
			p.Spoken = b.spoken(p)
			out = append(out, p)
		}
	}
	return out
}

// emotionClass is the class of a colour of the diverging scale.
func emotionClass(v float64) string {
	switch n := int(math.Round(v)); {
	case n <= -2:
		return "em2"
	case n == -1:
		return "em1"
	case n == 0:
		return "e0"
	case n == 1:
		return "e1"
	}
	return "e2"
}

func (b *builder) chips(f journey.Feeling) []chip {
	var out []chip
	for _, e := range f.Emotions {
		out = append(out, chip{emotionClass(float64(e.Valence)), b.loc.SignedInt(int64(e.Valence)), e.Word})
	}
	return out
}

func (b *builder) addPersonas(m *journey.Map, p *pointView) {
	for _, f := range p.tp.Feelings {
		if f.Persona != "" {
			p.Personas = append(p.Personas, personaFeeling{shortName(m, f.Persona), b.chips(f)})
		}
	}
}

// shortName is a persona's name up to its first comma: "Léa, 29 ans" is Léa.
func shortName(m *journey.Map, id string) string {
	for _, p := range m.Personas {
		if p.ID == id {
			for i, r := range p.Name {
				if r == ',' && i > 0 {
					return p.Name[:i]
				}
			}
			return p.Name
		}
	}
	return id
}

// addVoices takes the touchpoint's thought and the first quote at it.
func (b *builder) addVoices(m *journey.Map, p *pointView) {
	if p.tp.Thought != "" {
		p.Voices = append(p.Voices, b.quoted(p.tp.Thought))
	}
	for _, q := range m.Quotes {
		if slices.Contains(q.On, p.tp.ID) {
			p.Voices = append(p.Voices, b.quoted(q.Text))
			return
		}
	}
}

// addMarks places frictions and opportunities; those of a whole stage stand at its first touchpoint.
func (b *builder) addMarks(m *journey.Map, p *pointView) {
	here := func(on []string) (whole, ok bool) {
		if slices.Contains(on, p.tp.ID) {
			return false, true
		}
		return true, p.First && slices.Contains(on, p.stage.ID)
	}
	for _, f := range m.Frictions {
		if whole, ok := here(f.On); ok {
			mark := b.frictionMark(f)
			mark.Whole = whole
			p.Frictions = append(p.Frictions, mark)
		}
	}
	for _, o := range m.Opportunities {
		if _, ok := here(o.On); ok && o.Status != "dropped" {
			p.Opps = append(p.Opps, oppMark{"op-" + o.ID, o.Title})
		}
	}
}

// spoken is the column in one sentence: "anxiété, −2, intensité forte".
func (b *builder) spoken(p *pointView) string {
	if !p.felt {
		return b.t("journey.spoken_none")
	}
	return b.t("journey.spoken", "Felt", b.felt(p), "Intensity", b.t("journey.intensity."+strconv.Itoa(p.tp.Intensity)))
}

func (b *builder) mapView(m *journey.Map, points []*pointView) mapView {
	v := b.mapPart(m, points, 0, len(points))
	v.Caption = b.t("journey.caption", "Title", m.Title, "Count", len(points), "Stages", b.t("journey.stages", "Count", stagesShown(m)))
	return v
}

// mapParts cuts a map that is too long for a sheet of paper; nil for the others.
func (b *builder) mapParts(m *journey.Map, points []*pointView) []mapView {
	cuts := cut(points, sheetColumns)
	if len(cuts) < 2 {
		return nil
	}
	var out []mapView
	from := 0
	for i, to := range cuts {
		v := b.mapPart(m, points, from, to)
		v.Part = true
		v.Caption = b.t("journey.part", "Title", m.Title, "Number", strconv.Itoa(i+1), "Total", strconv.Itoa(len(cuts)))
		out = append(out, v)
		from = to
	}
	return out
}

// mapPart is the table of the columns [from, to).
func (b *builder) mapPart(m *journey.Map, all []*pointView, from, to int) mapView {
	points := all[from:to]
	v := mapView{Points: points, Columns: len(points), Star: b.starMark(), Width: "n" + strconv.Itoa(min(max(len(points), 1), 40))}
	v.Cycle, v.Stages = b.spans(points)
	for _, p := range points {
		v.Actions = v.Actions || p.Action != ""
		v.Voices = v.Voices || len(p.Voices) > 0
		v.Frictions = v.Frictions || len(p.Frictions) > 0
		v.Opps = v.Opps || len(p.Opps) > 0
		v.Back = v.Back || p.Back != ""
		v.Measured = v.Measured || p.Measure != nil
		v.Reached = v.Reached || p.Reach != ""
		v.Lost = v.Lost || p.Loss != nil
		v.Moments = v.Moments || p.Moment
	}
	curve := b.emotionCurve(m, all, from, to)
	v.Curve, v.Others = curve.svg, curve.others
	return v
}

// sheetColumns is the number of touchpoints that stay legible on one sheet of A3.
const sheetColumns = 16

// cut divides a map into as few parts of at most most columns as it takes, as equal as stages allow, and returns where
// each ends. A stage is cut only when it is longer than a part itself.
func cut(points []*pointView, most int) []int {
	var stages []int // columns of each stage, or of each piece of a long one
	for i, p := range points {
		if last := len(stages) - 1; i > 0 && !p.First && stages[last] < most {
			stages[last]++
			continue
		}
		stages = append(stages, 1)
	}
	best := pack(stages, most)
	for size := most - 1; size > 0; size-- {
		smaller := pack(stages, size)
		if smaller == nil || len(smaller) > len(best) {
			break
		}
		best = smaller
	}
	return best
}

// pack fills parts of at most size columns with whole stages, nil when a stage does not fit.
func pack(stages []int, size int) []int {
	var ends []int
	end, used := 0, 0
	for _, n := range stages {
		if n > size {
			return nil
		}
		if used+n > size {
			ends = append(ends, end)
			used = 0
		}
		end, used = end+n, used+n
	}
	return append(ends, end)
}

func stagesShown(m *journey.Map) int {
	n := 0
	for _, s := range m.Stages {
		if len(s.Touchpoints) > 0 {
			n++
		}
	}
	return n
}

// spans are the bands above the touchpoints; a stage without touchpoints has no column to stand over.
func (b *builder) spans(points []*pointView) (cycle, stages []span) {
	given := false
	for i, p := range points {
		label := b.stageLabel(string(p.stage.Lifecycle))
		given = given || label != ""
		if i == 0 || p.First {
			stages = append(stages, span{p.Stage, 0})
			if k := len(cycle); k == 0 || cycle[k-1].Label != label {
				cycle = append(cycle, span{label, 0})
			}
		}
		stages[len(stages)-1].Count++
		cycle[len(cycle)-1].Count++
	}
	if !given {
		cycle = nil
	}
	return cycle, stages
}

// mapTable is the CSV of a map: one row per touchpoint, with the texts as written. Languages that show the same
// version of a map share its file.
func (b *builder) mapTable(m *journey.Map, points []*pointView) chart.Table {
	t := chart.Table{ID: "journey-" + m.ID, Caption: m.Title}
	if m.Lang != "" && m.Lang != b.Config.Languages[0] {
		t.ID += "." + m.Lang
	}
	for _, k := range []string{
		"stage", "lifecycle", "touchpoint", "name", "channel", "emotion", "valence", "intensity", "moment_of_truth",
		"frictions", "criticality", "opportunities", "customers", "loss", "measured_valence", "answers",
	} {
		t.Columns = append(t.Columns, chart.Column{Name: k, Key: k})
	}
	for _, p := range points {
		t.Rows = append(t.Rows, chart.Row{Cells: csvCells(m, p)})
	}
	return t
}

func csvCells(m *journey.Map, p *pointView) []chart.Cell {
	words, valence := "", ""
	for i, e := range p.tp.Feeling("").Emotions {
		if i > 0 {
			words += " / "
		}
		words += e.Word
	}
	if p.felt {
		valence = strconv.FormatFloat(p.mean, 'g', 6, 64)
	}
	frictions, opps, top := "", "", 0
	for _, f := range m.Frictions {
		if slices.Contains(m.Expand(f.On), p.tp.ID) {
			frictions = join(frictions, f.Title)
			top = max(top, f.Criticality())
		}
	}
	for _, o := range p.Opps {
		opps = join(opps, o.Title)
	}
	criticality := ""
	if top > 0 {
		criticality = strconv.Itoa(top)
	}
	var loss, measured, answers, customers string
	if p.Loss != nil {
		loss = strconv.FormatFloat(p.Loss.share, 'f', 4, 64)
	}
	if p.Measure != nil {
		answers = strconv.FormatInt(p.Measure.answers, 10)
		if !p.Measure.Few {
			measured = strconv.FormatFloat(p.Measure.mean, 'f', 3, 64)
		}
	}
	if p.Reach != "" {
		customers = strconv.FormatInt(p.customers, 10)
	}
	var cells []chart.Cell
	for _, raw := range []string{
		p.Stage, string(p.stage.Lifecycle), p.tp.ID, p.Name, p.tp.Channel, words, valence, strconv.Itoa(p.tp.Intensity),
		strconv.FormatBool(p.Moment), frictions, criticality, opps, customers, loss, measured, answers,
	} {
		cells = append(cells, chart.Cell{Text: raw, Raw: raw})
	}
	return cells
}

func join(list, item string) string {
	if list == "" {
		return item
	}
	return list + " / " + item
}

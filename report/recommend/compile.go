package recommend

import (
	"fmt"
	"slices"

	"parcours/internal/diag"
	"parcours/report/measure"
)

// Playbook is a compiled list of plays, ready to be evaluated any number of times. The zero value recommends nothing.
type Playbook struct {
	plays []compiled
}

// compiled is a play whose expressions have been checked.
type compiled struct {
	play           Play
	when           *expression
	value          *expression // nil: no estimate
	low, high      *expression // nil: the value itself
	quoted, wanted []string    // figures of the texts; figures of the texts and of the evidence, sorted
}

// Compile checks plays against the figures that exist and the languages of the site (none: any language will do), and leaves out
// those switched off by id. The expressions are parsed and type-checked; an unknown figure, a comparison of different
// units, or anything beyond arithmetic and comparison is an error at its place.
func Compile(plays []Play, figures []measure.Spec, off, languages []string) (*Playbook, diag.List) {
	var l diag.List
	known := newCatalogue(figures)
	book := &Playbook{}
	first := map[string]*Play{}
	for i := range plays {
		p := &plays[i]
		alone := unique(&l, first, p)
		if slices.Contains(off, p.ID) {
			continue
		}
		p.speak(&l, languages)
		if c := p.compile(&l, known); alone { // a play whose id is taken has its other mistakes told in the same run
			book.plays = append(book.plays, c)
		}
	}
	return book, l
}

// Unknown reports the ids that are switched off without being those of a play; at gives the place of element i of off.
func Unknown(plays []Play, off []string, at func(i int) diag.Position) diag.List {
	var l diag.List
	var ids []string
	for _, p := range plays {
		ids = append(ids, p.ID)
	}
	for i, id := range off {
		if !slices.Contains(ids, id) {
			l.Add(diag.Diagnostic{
				Severity: diag.Error, Code: CodeOff, Pos: at(i), Msg: fmt.Sprintf("there is no play %q to switch off", id),
				Hint: diag.DidYouMean(id, ids),
			})
		}
	}
	return l
}

// unique reports whether a play is the first with its id.
func unique(l *diag.List, first map[string]*Play, p *Play) bool {
	if p.ID == "" {
		return true // reported by Load
	}
	before, taken := first[p.ID]
	if !taken {
		first[p.ID] = p
		return true
	}
	d := diag.Diagnostic{
		Severity: diag.Error, Code: CodeID, Pos: p.pos(p.path + ".id"), Msg: fmt.Sprintf("the id %q is taken", p.ID),
		Hint:    "choose another id; to replace a play, switch the first one off under [playbook] and give yours its own id",
		Related: []diag.Related{{Pos: before.pos(before.path + ".id"), Msg: "first used here"}},
	}
	if p.doc != nil {
		d.Source = p.doc.Line(d.Pos.Line)
	}
	l.Add(d)
	return false
}

// speak checks that a play has its texts in every language of the site.
func (p *Play) speak(l *diag.List, languages []string) {
	if len(p.Title) == 0 {
		return // reported by Load
	}
	for _, lang := range languages {
		if _, ok := p.Title[lang]; ok {
			continue
		}
		table := "[play." + lang + "]"
		if lang != "fr" && lang != "en" {
			table = "[play.text." + lang + "]"
		}
		pos := p.pos(p.path)
		p.report(l, diag.Error, CodeLanguage, pos, "add "+table+" with title and why, or switch the play off",
			fmt.Sprintf("the play %q has no text in language %q", p.ID, lang))
	}
}

func (p *Play) compile(l *diag.List, known catalogue) compiled {
	c := compiled{play: *p}
	c.when = p.expression(l, known, "when", p.When, condition)
	c.value = p.expression(l, known, "value", p.Value, amount)
	c.low = p.expression(l, known, "value_low", p.ValueLow, amount)
	c.high = p.expression(l, known, "value_high", p.ValueHigh, amount)
	for i, name := range p.Evidence {
		if _, ok := known.units[name]; !ok {
			p.report(l, diag.Error, CodeFigure, p.pos(p.elementPath(p.path+".evidence", i)), known.near(name), fmt.Sprintf("there is no figure %q", name))
		}
	}
	c.quoted = p.quoted(l, known)
	c.wanted = append(slices.Clone(c.quoted), p.Evidence...)
	slices.Sort(c.wanted)
	c.wanted = slices.Compact(c.wanted)
	return c
}

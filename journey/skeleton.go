package journey

import (
	"fmt"
	"strings"

	"parcours/internal/diag"
)

// header reads [journey].
func (l *loader) header() {
	j := &l.raw.Journey
	l.m.Title = l.need("journey.title", j.Title)
	name := j.Title
	if l.m.Lang != "" {
		name = text(l.stem) // titles are translated, the id is not
	}
	l.m.ID = l.id("journey", j.ID, name, l.stem)
	l.m.Pos = l.doc.Pos("journey.id")
	l.m.State = l.word("journey.state", j.State, states, "current")
	l.m.Scenario, l.m.Goal = string(j.Scenario), string(j.Goal)
	l.m.Owner = l.owner("journey.owner", j.Owner)
	l.m.Updated = j.Updated.Date
	if sec, ok := l.duration("journey.review", j.Review); ok {
		l.m.ReviewDays = int((sec + 86399) / 86400)
		if l.m.Updated.IsZero() {
			l.warnf(warnNoUpdate, "journey.review", "add updated = YYYY-MM-DD", "review has no effect without updated")
		}
	}
	for i, p := range l.texts("journey.personas", j.Personas) {
		l.persona(j.Personas.at("journey.personas", i), p)
	}
}

// personasTable reads [[persona]]; it runs before anything that names a persona.
func (l *loader) personasTable() {
	l.personas = map[string]bool{}
	first := map[string]string{}
	for i, r := range l.raw.Persona {
		p := elem("persona", i)
		id := l.id(p, r.ID, r.Name, fmt.Sprintf("persona-%d", i+1))
		l.unique(first, p, id, "persona")
		l.personas[id] = false
		l.m.Personas = append(l.m.Personas, Persona{
			ID: id, Name: l.need(p+".name", r.Name), Role: string(r.Role), Quote: string(r.Quote),
			Needs: l.texts(p+".needs", r.Needs), Segment: l.filter(p+".segment", r.Segment),
		})
	}
}

// persona checks a reference to a persona and marks it used.
func (l *loader) persona(path, id string) bool {
	if _, ok := l.personas[id]; !ok {
		var ids []string
		for _, p := range l.m.Personas {
			ids = append(ids, p.ID)
		}
		hint := "declare it with [[persona]]"
		if len(ids) > 0 {
			hint = diag.OneOf(id, ids)
		}
		l.errorf(codePersona, path, hint, "%q is no persona of this map", id)
		return false
	}
	l.personas[id] = true
	return true
}

// stages reads the skeleton of the map.
func (l *loader) stages() {
	l.places = map[string]place{}
	first := map[string]string{}
	for i, r := range l.raw.Stage {
		p := elem("stage", i)
		s := Stage{Name: l.need(p+".name", r.Name), Pos: l.doc.Pos(p)}
		s.ID = l.id(p, r.ID, r.Name, fmt.Sprintf("stage-%d", i+1))
		s.Lifecycle = Lifecycle(l.word(p+".lifecycle", r.Lifecycle, lifecycles, ""))
		if l.unique(first, p, s.ID, "stage") {
			l.places[s.ID] = place{i, -1}
		}
		for k, t := range r.Touchpoint {
			tp := elem(p+".touchpoint", k)
			point := l.touchpoint(tp, t, fmt.Sprintf("touchpoint-%d-%d", i+1, k+1))
			if l.unique(first, tp, point.ID, "touchpoint") {
				l.places[point.ID] = place{i, k}
			}
			s.Touchpoints = append(s.Touchpoints, point)
		}
		l.m.Stages = append(l.m.Stages, s)
	}
}

func (l *loader) touchpoint(p string, r rawTouchpoint, fallback string) Touchpoint {
	t := Touchpoint{
		ID: l.id(p, r.ID, r.Name, fallback), Name: l.need(p+".name", r.Name), Pos: l.doc.Pos(p),
		Channel: l.channel(p+".channel", r.Channel), Action: string(r.Action), Thought: string(r.Thought),
		Intensity:     l.ranged(p+".intensity", r.Intensity, 1, 3, 2, ""),
		MomentOfTruth: bool(r.MomentOfTruth), Backstage: l.texts(p+".backstage", r.Backstage), Event: string(r.Event),
	}
	l.need(p+".friction", r.Friction)
	l.need(p+".opportunity", r.Opportunity)
	t.Feelings = []Feeling{{Emotions: l.emotions(p, r.Emotion, r.Valence)}}
	return t
}

// id takes the written id, else the slug of a name, else a numbered fallback.
func (l *loader) id(p string, written, name text, fallback string) string {
	if l.doc.Has(p+".id") && (written != "" || l.isText(p+".id")) {
		if validID(string(written)) {
			return string(written)
		}
		hint := "an id has lower-case letters a-z, digits, - and _"
		if s := Slug(string(written)); s != "" {
			hint = fmt.Sprintf("write %q", s)
		}
		l.errorf(codeID, p+".id", hint, "%q cannot be an id", string(written))
		return fallback
	}
	if s := Slug(string(name)); s != "" {
		return s
	}
	return Slug(fallback)
}

// unique reports a second use of an id; first holds the path of each id's first owner.
func (l *loader) unique(first map[string]string, p, id, kind string) bool {
	old, ok := first[id]
	if !ok {
		first[id] = p
		return true
	}
	at := p + ".id"
	hint := fmt.Sprintf("give this %s another id", kind)
	if !l.doc.Has(at) {
		at = p + ".name"
		if !l.doc.Has(at) {
			at = p + ".title"
		}
		hint = fmt.Sprintf("give this %s an id of its own: id = \"…\"", kind)
	}
	pos := l.doc.Pos(at)
	l.list.Add(diag.Diagnostic{
		Severity: diag.Error, Code: codeDuplicate, Pos: pos, Source: l.doc.Line(pos.Line), Hint: hint,
		Msg:     fmt.Sprintf("the id %q is already used", id),
		Related: []diag.Related{{Pos: l.doc.Pos(old), Msg: "first use"}},
	})
	return false
}

// emotions resolves the words of a touchpoint.
func (l *loader) emotions(p string, n names, valence whole) []Emotion {
	list := l.feelWords(p, n, valence.set)
	if !valence.set {
		return list
	}
	at := p + ".valence"
	v := l.ranged(at, valence, -2, 2, 0, "−2 very bad, 0 neutral, +2 very good")
	switch len(list) {
	case 0:
		return []Emotion{{Valence: v}}
	case 1:
		list[0].Valence = v
	default:
		l.errorf(codeValence, at, "leave valence out, or declare the words with [[emotion]]", "one valence for %d emotions", len(list))
	}
	return list
}

// feelWords looks each word up; a single unknown word is accepted as it is when the touchpoint gives its valence.
func (l *loader) feelWords(p string, n names, given bool) []Emotion {
	at := p + ".emotion"
	l.texts(at, n)
	var list []Emotion
	for i, w := range n.list {
		if blank(w) {
			continue
		}
		e, ok := l.words.find(w)
		switch {
		case ok:
			list = append(list, e)
		case given && len(n.list) == 1:
			list = append(list, Emotion{Word: strings.ToLower(strings.TrimSpace(w))})
		default:
			l.errorf(codeEmotion, n.at(at, i), l.words.hint(w), "the emotion %q has no known valence", w)
		}
	}
	return list
}

// feelings reads [[feeling]]: what one persona feels, at touchpoints or at every touchpoint of a stage.
func (l *loader) feelings() {
	type key struct{ touchpoint, persona string }
	first := map[key]string{}
	for i, r := range l.raw.Feeling {
		p := elem("feeling", i)
		known := r.Persona != "" && l.persona(p+".persona", string(r.Persona))
		list := l.feelWords(p, r.Emotion, false)
		l.notEmpty(p+".emotion", r.Emotion)
		for _, id := range l.m.Expand(l.on(p+".on", r.On)) {
			k := key{id, string(r.Persona)}
			if old, ok := first[k]; ok {
				l.twice(p, old, "a second feeling of %q at %q", string(r.Persona), id)
				continue
			}
			first[k] = p
			if at := l.places[id]; known {
				t := &l.m.Stages[at.stage].Touchpoints[at.touchpoint]
				t.Feelings = append(t.Feelings, Feeling{Persona: string(r.Persona), Emotions: list})
			}
		}
	}
}

func (l *loader) twice(p, old, format string, args ...any) {
	pos := l.doc.Pos(p + ".on")
	l.list.Add(diag.Diagnostic{
		Severity: diag.Error, Code: codeFeeling, Pos: pos, Source: l.doc.Line(pos.Line),
		Msg: fmt.Sprintf(format, args...), Hint: "keep one of the two",
		Related: []diag.Related{{Pos: l.doc.Pos(old), Msg: "first one"}},
	})
}

// quotes reads [[quote]].
func (l *loader) quotes() {
	for i, r := range l.raw.Quote {
		p := elem("quote", i)
		q := Quote{On: l.on(p+".on", r.On), Persona: string(r.Persona), Text: l.need(p+".text", r.Text), Source: string(r.Source), Date: r.Date.Date}
		if r.Persona != "" {
			l.persona(p+".persona", q.Persona)
		}
		l.m.Quotes = append(l.m.Quotes, q)
	}
}

// on resolves a list of touchpoint and stage ids.
func (l *loader) on(path string, n names) []string {
	l.texts(path, n)
	l.notEmpty(path, n)
	var out []string
	seen := map[string]bool{}
	for i, id := range n.list {
		if blank(id) {
			continue
		}
		if _, ok := l.places[id]; !ok {
			l.errorf(codePlace, n.at(path, i), l.placeHint(id), "%q is neither a touchpoint nor a stage", id)
			continue
		}
		if seen[id] {
			l.warnf(warnTwice, n.at(path, i), "", "%q is listed twice", id)
			continue
		}
		seen[id] = true
		out = append(out, id)
	}
	return out
}

// notEmpty reports a list that is given without elements. The place of a list is its key, so its text is the key too.
func (l *loader) notEmpty(path string, n names) {
	if len(n.list) == 0 && l.doc.Has(path) && l.doc.Raw(path) == key(path) {
		l.errorf(codeEmpty, path, "", "%q is empty", key(path))
	}
}

// placeHint suggests the nearest id, with its name and line. A name written instead of an id is recognised too.
func (l *loader) placeHint(id string) string {
	var ids []string
	for _, s := range l.m.Stages {
		for _, t := range s.Touchpoints {
			ids = append(ids, t.ID)
		}
		ids = append(ids, s.ID)
	}
	near := Slug(id)
	if _, ok := l.places[near]; !ok {
		near = diag.Nearest(id, ids)
	}
	if near == "" {
		return diag.OneOf(id, ids)
	}
	at := l.places[near]
	s := l.m.Stages[at.stage]
	if at.touchpoint < 0 {
		return fmt.Sprintf("did you mean %q (%s, line %d)?", near, s.Name, s.Pos.Line)
	}
	t := s.Touchpoints[at.touchpoint]
	return fmt.Sprintf("did you mean %q (%s, line %d)?", near, t.Name, t.Pos.Line)
}

// duration reads a duration in seconds; ok is false when it is absent or malformed.
func (l *loader) duration(path string, t text) (int64, bool) {
	if !l.doc.Has(path) || !l.isText(path) {
		return 0, false
	}
	sec, ok := parseDuration(string(t))
	if !ok {
		l.errorf(codeDuration, path, `write an integer and s, min, h or d, as in "20min"`, "%q is no duration", string(t))
	}
	return sec, ok
}

// filter reads an inline table of column = value.
func (l *loader) filter(path string, m map[string]any) map[string]string {
	if len(m) == 0 {
		return nil
	}
	out := map[string]string{}
	for column, v := range m {
		switch v := v.(type) {
		case string:
			out[column] = v
		case int64, bool, float64:
			out[column] = fmt.Sprint(v)
		default:
			l.errorf(codeFilter, path+"."+column, "write a text, a number, true or false", "the filter on %q is no single value", column)
		}
	}
	return out
}

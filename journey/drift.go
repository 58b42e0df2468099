package journey

import (
	"fmt"
	"strings"

	"parcours/internal/diag"
)

// fact is one thing that a translation must not change, with the place where it is said.
type fact struct{ what, value, path string }

func (f fact) String() string { return strings.TrimSpace(fmt.Sprintf("%s %q", f.what, f.value)) }

// facts lists, in the order of the map, what figures and links rest on: places and their ids, events, feelings as
// numbers, and frictions by where and how heavy they are. Words are left to the translator.
func (l *loader) facts() []fact {
	out := []fact{{"the state", l.m.State, "journey.state"}}
	for i, s := range l.m.Stages {
		p := elem("stage", i)
		out = append(out, fact{"the stage", s.ID, p}, fact{"the lifecycle", string(s.Lifecycle), p + ".lifecycle"})
		for k, t := range s.Touchpoints {
			tp := elem(p+".touchpoint", k)
			out = append(out,
				fact{"the touchpoint", t.ID, tp}, fact{"the event", t.Event, tp + ".event"}, fact{"the channel", t.Channel, tp + ".channel"},
				fact{"the valence", valences(t.Feelings[0]), l.felt(tp)})
			for _, f := range t.Feelings[1:] {
				out = append(out, fact{"the feeling", f.Persona + " " + valences(f), tp})
			}
		}
	}
	for _, f := range l.m.Frictions {
		value := fmt.Sprintf("%s, %d × %d, %s", strings.Join(f.On, " "), f.Severity, f.Frequency, f.Loop())
		out = append(out, fact{"the friction", value, l.paths["friction "+f.ID]})
	}
	return out
}

// felt is where a touchpoint says its valence.
func (l *loader) felt(path string) string {
	for _, key := range []string{".valence", ".emotion"} {
		if l.doc.Has(path + key) {
			return path + key
		}
	}
	return path
}

func valences(f Feeling) string {
	list := make([]string, len(f.Emotions))
	for i, e := range f.Emotions {
		list[i] = fmt.Sprintf("%+d", e.Valence)
	}
	return strings.Join(list, ", ")
}

// drift warns of the first difference from another version of the map; what follows a difference tells nothing.
func (l *loader) drift(other *loader) {
	mine, theirs := l.facts(), other.facts()
	for i, f := range mine {
		if i >= len(theirs) {
			l.differs(f.path, other, "", fmt.Sprintf("%s is not in %s", f, other.m.File))
			return
		}
		if t := theirs[i]; f.what != t.what || f.value != t.value {
			msg := fmt.Sprintf("%s is %s in %s", f, strings.TrimPrefix(t.String(), f.what+" "), other.m.File)
			if f.what != t.what {
				msg = fmt.Sprintf("%s stands where %s has %s", f, other.m.File, t)
			}
			l.differs(f.path, other, t.path, msg)
			return
		}
	}
	if len(theirs) > len(mine) {
		t := theirs[len(mine)]
		l.differs("journey", other, t.path, fmt.Sprintf("%s of %s is missing", t, other.m.File))
	}
}

func (l *loader) differs(path string, other *loader, there, msg string) {
	pos := l.doc.Pos(path)
	d := diag.Diagnostic{
		Severity: diag.Warning, Code: warnVersions, Pos: pos, Source: l.doc.Line(pos.Line), Msg: msg,
		Hint: "versions of one map differ in words only: write the same ids, events and values in both",
	}
	if there != "" {
		d.Related = []diag.Related{{Pos: other.doc.Pos(there), Msg: "the other version"}}
	}
	l.list.Add(d)
}

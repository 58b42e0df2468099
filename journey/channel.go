package journey

import (
	"fmt"

	"parcours/internal/diag"
)

// vocabularies reads [[emotion]] and [[channel]].
func (l *loader) vocabularies() {
	l.words = newVocabulary()
	first := map[string]string{}
	for i, r := range l.raw.Emotion {
		p := elem("emotion", i)
		name := l.need(p+".name", r.Name)
		v := l.ranged(p+".valence", r.Valence, -2, 2, 0, "−2 very bad, 0 neutral, +2 very good")
		if blank(name) {
			continue
		}
		if old, ok := first[diag.Fold(name)]; ok {
			l.declared(p+".name", old, "the emotion %q is declared twice", name)
			continue
		}
		first[diag.Fold(name)] = p
		l.words.declare(Emotion{Word: name, Valence: v})
	}
	l.declaredChannels()
	for id, name := range l.raw.Teams {
		l.need("teams."+id, name)
	}
}

func (l *loader) declaredChannels() {
	first := map[string]string{}
	for i, r := range l.raw.Channel {
		p := elem("channel", i)
		id := l.id(p, r.ID, r.Name, fmt.Sprintf("channel-%d", i+1))
		if c, ok := builtinChannel(id); ok {
			id = c // a built-in channel under a name of the site's own
		}
		if old, ok := first[id]; ok {
			l.declared(p+".id", old, "the channel %q is declared twice", id)
			continue
		}
		first[id] = p
		l.m.Channels[id] = Channel{ID: id, Name: l.need(p+".name", r.Name)}
	}
}

func (l *loader) declared(path, old, format string, args ...any) {
	pos := l.doc.Pos(path)
	l.list.Add(diag.Diagnostic{
		Severity: diag.Error, Code: codeDeclared, Pos: pos, Source: l.doc.Line(pos.Line),
		Msg: fmt.Sprintf(format, args...), Hint: "keep one of the two",
		Related: []diag.Related{{Pos: l.doc.Pos(old), Msg: "first declaration"}},
	})
}

// channel resolves a channel to its canonical id. As long as the map declares none, a channel of one's own is free text.
func (l *loader) channel(path string, t text) string {
	if blank(string(t)) {
		return ""
	}
	if id, ok := builtinChannel(string(t)); ok {
		if _, named := l.m.Channels[id]; !named {
			l.m.Channels[id] = Channel{ID: id}
		}
		return id
	}
	if c, ok := l.m.Channels[string(t)]; ok {
		return c.ID
	}
	if len(l.raw.Channel) > 0 {
		l.errorf(codeChannel, path, l.channelHint(string(t)), "%q is neither a built-in nor a declared channel", string(t))
		return ""
	}
	if near := diag.Nearest(string(t), channelNames()); near != "" {
		l.warnf(warnChannel, path, fmt.Sprintf("did you mean %q? Declare it with [[channel]] if it is one of your own", near),
			"%q is no built-in channel", string(t))
	}
	id := Slug(string(t))
	if id == "" {
		id = "other"
	}
	l.m.Channels[id] = Channel{ID: id, Name: string(t)}
	return id
}

func (l *loader) channelHint(word string) string {
	var ids []string
	for _, r := range l.raw.Channel {
		ids = append(ids, string(r.ID))
	}
	if h := diag.DidYouMean(word, append(ids, channelNames()...)); h != "" {
		return h
	}
	return fmt.Sprintf("declare it: [[channel]] id = %q, name = %q", Slug(word), word)
}

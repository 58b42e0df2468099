package site

import (
	"slices"

	"parcours/journey"
)

// chooseMaps takes the version of every map that this language shows, set as prose. The texts as written stay beside
// it for the CSV files, and figures come from the versions of the first language whatever the page's.
func (b *builder) chooseMaps() {
	def := b.Config.Languages[0]
	b.counted = journey.InLanguage(b.Maps, def, def)
	b.written = journey.InLanguage(b.Maps, b.lang, def)
	b.Maps = make([]*journey.Map, len(b.written))
	for i, m := range b.written {
		b.Maps[i] = typeset(m, b.loc.Text)
	}
}

// typeset is a copy of a map in which every free text has gone through set; ids and names of data stay.
func typeset(m *journey.Map, set func(string) string) *journey.Map {
	out := *m
	all := func(list []string) []string {
		list = slices.Clone(list)
		apply(set, list)
		return list
	}
	edit(set, &out.Title, &out.Scenario, &out.Goal, &out.Owner)
	out.Personas = slices.Clone(m.Personas)
	for i := range out.Personas {
		p := &out.Personas[i]
		edit(set, &p.Name, &p.Role, &p.Quote)
		p.Needs = all(p.Needs)
	}
	out.Stages = slices.Clone(m.Stages)
	for i := range out.Stages {
		s := &out.Stages[i]
		s.Name, s.Touchpoints = set(s.Name), slices.Clone(s.Touchpoints)
		for k := range s.Touchpoints {
			t := &s.Touchpoints[k]
			edit(set, &t.Name, &t.Action, &t.Thought)
			t.Backstage, t.Feelings = all(t.Backstage), typesetFeelings(t.Feelings, set)
		}
	}
	typesetLists(&out, set)
	out.Channels = make(map[string]journey.Channel, len(m.Channels))
	for id, c := range m.Channels {
		c.Name = set(c.Name)
		out.Channels[id] = c
	}
	return &out
}

func typesetFeelings(list []journey.Feeling, set func(string) string) []journey.Feeling {
	list = slices.Clone(list)
	for i := range list {
		list[i].Emotions = slices.Clone(list[i].Emotions)
		for k := range list[i].Emotions {
			edit(set, &list[i].Emotions[k].Word)
		}
	}
	return list
}

// typesetLists sets what stands beside the skeleton.
func typesetLists(m *journey.Map, set func(string) string) {
	m.Frictions = slices.Clone(m.Frictions)
	for i := range m.Frictions {
		f := &m.Frictions[i]
		edit(set, &f.Title, &f.Source, &f.Owner, &f.Reason)
	}
	m.Quotes = slices.Clone(m.Quotes)
	for i := range m.Quotes {
		edit(set, &m.Quotes[i].Text, &m.Quotes[i].Source)
	}
	m.Opportunities = slices.Clone(m.Opportunities)
	for i := range m.Opportunities {
		edit(set, &m.Opportunities[i].Title, &m.Opportunities[i].Owner)
	}
	m.Metrics = slices.Clone(m.Metrics)
	for i := range m.Metrics {
		edit(set, &m.Metrics[i].Name)
	}
}

func edit(set func(string) string, texts ...*string) {
	for _, t := range texts {
		*t = set(*t)
	}
}

func apply(set func(string) string, list []string) {
	for i := range list {
		list[i] = set(list[i])
	}
}

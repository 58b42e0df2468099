package journey

import (
	"fmt"
	"slices"
)

// longest is the number of touchpoints beyond which a map is no longer read as one.
const longest = 20

// cross gives the warnings that look at the map as a whole.
func (l *loader) cross() {
	l.crossStages()
	l.crossTouchpoints()
	l.crossFrictions()
	for i, p := range l.m.Personas {
		if len(l.raw.Journey.Personas.list) > 0 && !l.personas[p.ID] {
			l.warnf(warnPersona, elem("persona", i), "add it to personas in [journey], or remove it", "persona %q is not used", p.ID)
		}
	}
	for i, m := range l.m.Metrics {
		if !l.metrics[m.ID] {
			l.warnf(warnMetric, elem("metric", i), `add on = "…", or name it in an opportunity`, "metric %q is not used", m.ID)
		}
	}
	if due := l.m.ReviewDue(); !due.IsZero() && !l.opt.AsOf.IsZero() && due.Days() < l.opt.AsOf.Days() {
		l.warnf(warnReview, "journey.updated", "review the map, then set updated", "the map was to be reviewed by %s", due)
	}
}

func (l *loader) crossStages() {
	for i, s := range l.m.Stages {
		if len(s.Touchpoints) == 0 {
			l.warnf(warnEmptyStage, elem("stage", i), "add [[stage.touchpoint]] under it", "stage %q has no touchpoint", s.Name)
		}
	}
	if len(l.m.Stages) == 1 {
		l.warnf(warnOneStage, "stage[0]", "a journey usually has three to seven", "the map has a single stage")
	}
}

func (l *loader) crossTouchpoints() {
	total, moments, last := 0, 0, ""
	events := map[string]string{}
	l.eachTouchpoint(func(p string, t *Touchpoint, r rawTouchpoint) {
		total++
		if total == longest+1 {
			last = p
		}
		if t.MomentOfTruth {
			moments++
		}
		if len(r.Emotion.list) == 0 && !r.Valence.set && len(t.Feelings) == 1 {
			l.warnf(warnNoEmotion, p, `add emotion = "…"`, "touchpoint %q has no emotion: a gap in the curve", t.Name)
		}
		if old, ok := events[t.Event]; ok && t.Event != "" {
			l.warnf(warnEvent, p+".event", "", "the event %q already belongs to %q: both will show the same measures", t.Event, old)
		}
		events[t.Event] = t.ID
	})
	if last != "" {
		l.warnf(warnTooLong, last, "split it into two journeys", "the map has %d touchpoints, more than %d", total, longest)
	}
	if moments*3 > total {
		l.warnf(warnMoments, l.firstMoment(), "keep the few that decide", "%d touchpoints of %d are moments of truth, more than a third", moments, total)
	}
}

func (l *loader) firstMoment() (path string) {
	l.eachTouchpoint(func(p string, t *Touchpoint, _ rawTouchpoint) {
		if path == "" && t.MomentOfTruth {
			path = p + ".moment_of_truth"
		}
	})
	return path
}

// crossFrictions flags open frictions where the map shows nothing but joy. A closed one explains the joy.
func (l *loader) crossFrictions() {
	for _, f := range l.m.Frictions {
		if !f.Open() {
			continue
		}
		for _, id := range f.On {
			at, ok := l.places[id]
			if !ok || at.touchpoint < 0 {
				continue
			}
			t := l.m.Stages[at.stage].Touchpoints[at.touchpoint]
			if v, ok := t.Feelings[0].Mean(); ok && v == 2 {
				path := l.paths["friction "+f.ID]
				if l.doc.Has(path + ".on") {
					path += ".on"
				}
				l.warnf(warnHappy, path, "check one or the other", "friction on %q, whose emotion is +2", t.Name)
			}
		}
	}
}

// Expand replaces stage ids by the ids of their touchpoints, in map order and without repeats. Unknown ids are dropped.
func (m *Map) Expand(ids []string) []string {
	var out []string
	for _, s := range m.Stages {
		whole := slices.Contains(ids, s.ID)
		for _, t := range s.Touchpoints {
			if (whole || slices.Contains(ids, t.ID)) && !slices.Contains(out, t.ID) {
				out = append(out, t.ID)
			}
		}
	}
	return out
}

// String names the map in messages.
func (m *Map) String() string { return fmt.Sprintf("%s (%s)", m.Title, m.ID) }

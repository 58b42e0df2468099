package journey

import (
	"fmt"
	"slices"

	"parcours/internal/diag"
	"parcours/internal/tomlpos"
)

// frictionsTable reads [[friction]], then the shorthands of the touchpoints, so that shorthands never take the id of a
// written one.
func (l *loader) frictionsTable() {
	l.frictions, l.paths = map[string]int{}, map[string]string{}
	first := map[string]string{}
	for i, r := range l.raw.Friction {
		p := elem("friction", i)
		f := l.friction(p, r, fmt.Sprintf("friction-%d", i+1))
		l.unique(first, p, f.ID, "friction")
		l.addFriction(f, p)
	}
	l.eachTouchpoint(func(p string, t *Touchpoint, r rawTouchpoint) {
		if blank(string(r.Friction)) {
			return
		}
		f := Friction{
			ID: freeID(Slug(string(r.Friction)), "friction-"+t.ID, l.frictions), Title: string(r.Friction), On: []string{t.ID},
			Severity: 3, Frequency: 3, Evidence: Hypothesis, Pos: l.doc.Pos(p + ".friction"),
		}
		l.addFriction(f, p+".friction")
	})
}

func (l *loader) addFriction(f Friction, path string) {
	if _, ok := l.frictions[f.ID]; !ok {
		l.frictions[f.ID] = len(l.m.Frictions)
		l.paths["friction "+f.ID] = path
	}
	l.m.Frictions = append(l.m.Frictions, f)
}

// eachTouchpoint walks the touchpoints in order with their paths.
func (l *loader) eachTouchpoint(do func(path string, t *Touchpoint, r rawTouchpoint)) {
	for i := range l.raw.Stage {
		for k, r := range l.raw.Stage[i].Touchpoint {
			do(fmt.Sprintf("stage[%d].touchpoint[%d]", i, k), &l.m.Stages[i].Touchpoints[k], r)
		}
	}
}

// freeID numbers an id that is taken.
func freeID[T any](id, fallback string, taken map[string]T) string {
	if id == "" {
		id = fallback
	}
	free := id
	for n := 2; ; n++ {
		if _, ok := taken[free]; !ok {
			return free
		}
		free = fmt.Sprintf("%s-%d", id, n)
	}
}

func (l *loader) friction(p string, r rawFriction, fallback string) Friction {
	f := Friction{
		ID: l.id(p, r.ID, r.Title, fallback), Title: l.need(p+".title", r.Title), On: l.on(p+".on", r.On), Pos: l.doc.Pos(p),
		Severity:  l.ranged(p+".severity", r.Severity, 1, 5, 3, "1 nuisance, 3 workaround, 5 abandonment"),
		Frequency: l.ranged(p+".frequency", r.Frequency, 1, 5, 3, "1 rare, 5 nearly always"),
		Evidence:  Evidence(l.word(p+".evidence", r.Evidence, evidences, string(Hypothesis))),
		Source:    string(r.Source), Owner: l.owner(p+".owner", r.Owner), Reason: string(r.Reason),
		ReportedOn: r.Reported.Date, StartedOn: r.Started.Date, ResolvedOn: r.Resolved.Date, InformedOn: r.Informed.Date, DroppedOn: r.Dropped.Date,
	}
	f.CustomersInformed = l.ranged(p+".customers_informed", r.CustomersInformed, 0, 1_000_000_000, 0, "")
	for _, k := range []string{"severity", "frequency"} {
		if !l.doc.Has(p + "." + k) {
			l.warnf(warnAssumed, p, "add "+k+" = 1 … 5", "friction %q has no %s; 3 is assumed", f.ID, k)
		}
	}
	l.loop(p, f)
	l.frictionWarnings(p, f, r)
	return f
}

// loop checks the order of the dates.
func (l *loader) loop(p string, f Friction) {
	steps := []struct {
		name string
		date tomlpos.Date
	}{{"reported", f.ReportedOn}, {"started", f.StartedOn}, {"resolved", f.ResolvedOn}, {"informed", f.InformedOn}}
	last := -1
	for i, s := range steps {
		if s.date.IsZero() {
			continue
		}
		if last >= 0 && s.date.Days() < steps[last].date.Days() {
			l.errorf(codeDates, p+"."+s.name, "", "%s on %s, before %s on %s", s.name, s.date, steps[last].name, steps[last].date)
		}
		last = i
	}
	if f.DroppedOn.IsZero() {
		return
	}
	if !f.ResolvedOn.IsZero() || !f.InformedOn.IsZero() {
		l.errorf(codeBothEnds, p+".dropped", "keep one of them", "friction %q is both dropped and resolved", f.ID)
	} else if last >= 0 && f.DroppedOn.Days() < steps[last].date.Days() {
		l.errorf(codeDates, p+".dropped", "", "dropped on %s, before %s on %s", f.DroppedOn, steps[last].name, steps[last].date)
	}
}

// patience is how many days after a resolution the customers should have been told.
const patience = 14

func (l *loader) frictionWarnings(p string, f Friction, r rawFriction) {
	if f.Evidence == Measured && blank(f.Source) {
		l.warnf(warnSource, p+".evidence", `add source = "…"`, "friction %q is said to be measured without a source", f.ID)
	}
	if !f.DroppedOn.IsZero() && blank(f.Reason) {
		l.warnf(warnReason, p+".dropped", `add reason = "…"`, "friction %q is dropped without a reason", f.ID)
	}
	if r.CustomersInformed.set && f.InformedOn.IsZero() {
		l.warnf(warnInformed, p+".customers_informed", "add informed = YYYY-MM-DD", "customers_informed has no effect without informed")
	}
	if !f.InformedOn.IsZero() && f.ResolvedOn.IsZero() {
		l.warnf(warnUnresolved, p+".informed", "add resolved = YYYY-MM-DD", "customers informed of a friction that has no resolution date")
	}
	if f.Severity >= 4 && blank(f.Owner) && f.Open() && !r.Owner.given(l, p+".owner") {
		l.warnf(warnOwner, p, `add owner = "…"`, "friction %q has severity %d and no owner", f.ID, f.Severity)
	}
	if asOf := l.opt.AsOf; !asOf.IsZero() && f.Loop() == Resolved {
		if days := asOf.Days() - f.ResolvedOn.Days(); days > patience {
			l.warnf(warnNotInformed, p, "add informed = YYYY-MM-DD once they are",
				"friction %q resolved on %s, customers not informed for %d days", f.ID, f.ResolvedOn, days)
		}
	}
}

// given reports whether the key is in the file, even with a mistake that is reported elsewhere.
func (t text) given(l *loader, path string) bool { return l.doc.Has(path) && !blank(string(t)) }

// opportunities reads [[opportunity]], then the shorthands of the touchpoints.
func (l *loader) opportunities() {
	first := map[string]string{}
	taken := map[string]bool{}
	for i, r := range l.raw.Opportunity {
		p := elem("opportunity", i)
		o := l.opportunity(p, r, fmt.Sprintf("opportunity-%d", i+1))
		l.unique(first, p, o.ID, "opportunity")
		taken[o.ID] = true
		l.m.Opportunities = append(l.m.Opportunities, o)
	}
	l.eachTouchpoint(func(p string, t *Touchpoint, r rawTouchpoint) {
		if blank(string(r.Opportunity)) {
			return
		}
		id := freeID(Slug(string(r.Opportunity)), "opportunity-"+t.ID, taken)
		taken[id] = true
		l.m.Opportunities = append(l.m.Opportunities, Opportunity{
			ID: id, Title: string(r.Opportunity), On: []string{t.ID}, Status: "idea", Pos: l.doc.Pos(p + ".opportunity"),
		})
	})
}

func (l *loader) opportunity(p string, r rawOpportunity, fallback string) Opportunity {
	o := Opportunity{
		ID: l.id(p, r.ID, r.Title, fallback), Title: l.need(p+".title", r.Title), Pos: l.doc.Pos(p),
		Impact: l.ranged(p+".impact", r.Impact, 1, 5, 0, "1 small, 5 large"), Effort: l.ranged(p+".effort", r.Effort, 1, 5, 0, "1 small, 5 large"),
		Status: l.word(p+".status", r.Status, statuses, "idea"), Owner: l.owner(p+".owner", r.Owner), Due: r.Due.Date,
		Metric: string(r.Metric), Target: r.Target.v, HasTarget: r.Target.set,
	}
	l.texts(p+".resolves", r.Resolves)
	for i, id := range r.Resolves.list {
		if !blank(id) {
			l.resolves(&o, r.Resolves.at(p+".resolves", i), id)
		}
	}
	if r.Metric != "" {
		l.useMetric(p+".metric", o.Metric)
	}
	if o.Status == "delivered" && o.Metric == "" {
		l.warnf(warnNoEffect, p+".status", `add metric = "…"`, "opportunity %q is delivered without a metric: its effect is not measured", o.ID)
	}
	if len(r.Resolves.list) == 0 {
		l.warnf(warnUnplaced, p, `add resolves = ["…"]`, "opportunity %q resolves no friction: it is listed, not placed on the map", o.ID)
	}
	return o
}

// resolves places an opportunity where the friction is.
func (l *loader) resolves(o *Opportunity, path, id string) {
	i, ok := l.frictions[id]
	if !ok {
		ids := make([]string, len(l.m.Frictions))
		for k, f := range l.m.Frictions {
			ids[k] = f.ID
		}
		hint := diag.OneOf(id, ids)
		if len(ids) == 0 {
			hint = "declare it with [[friction]]"
		}
		l.errorf(codeFriction, path, hint, "%q is no friction of this map", id)
		return
	}
	if slices.Contains(o.Resolves, id) {
		l.warnf(warnTwice, path, "", "%q is listed twice", id)
		return
	}
	f := l.m.Frictions[i]
	if pending := o.Status == "idea" || o.Status == "planned" || o.Status == "in progress"; pending && !f.Open() {
		l.warnf(warnClosed, path, "", "friction %q is already closed (%s), yet the opportunity is still to do", id, f.Loop())
	}
	o.Resolves = append(o.Resolves, id)
	for _, on := range f.On {
		if !slices.Contains(o.On, on) {
			o.On = append(o.On, on)
		}
	}
}

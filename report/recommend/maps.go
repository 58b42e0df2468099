package recommend

import (
	"cmp"
	"slices"

	"parcours/journey"
	"parcours/report/measure"
)

// informDays is the time after which customers of a resolved friction should have been told, and thresholds of map figures.
const (
	informDays = 14
	lowPoint   = -1.0 // a mean valence at or below is a low point
	maxLinks   = 3
)

// MapCatalogue lists the figures that journey maps add to those of the report, in order: map.*, friction.<lifecycle> and
// emotion.<lifecycle>. Criticalities are products of two integers, written without decimals like counts.
func MapCatalogue() []measure.Spec {
	specs := []measure.Spec{
		{Name: "map.open_frictions", Unit: measure.UnitCount},
		{Name: "map.max_criticality", Unit: measure.UnitCount},
		{Name: "map.late_loops", Unit: measure.UnitCount},
		{Name: "map.low_points", Unit: measure.UnitCount},
		{Name: "map.touchpoints", Unit: measure.UnitCount},
	}
	for _, s := range stages() {
		specs = append(specs, measure.Spec{Name: "friction." + s, Unit: measure.UnitCount})
	}
	for _, s := range stages() {
		specs = append(specs, measure.Spec{Name: "emotion." + s, Unit: measure.UnitScore})
	}
	for i := range specs {
		specs[i].Page = "journey"
	}
	return specs
}

// MapFigures computes the figures of the maps at the end of observation (days since 1970-01-01). Maps of a target state say what is wished, not
// what is, and do not count. Without a map everything is unknown.
//
//	map.open_frictions   frictions neither resolved nor dropped
//	map.max_criticality  highest severity × frequency among them, 1–25; 0 when none is open
//	map.late_loops       frictions resolved more than 14 days before as-of, customers not told
//	map.low_points       touchpoints with a mean valence of −1 or less
//	map.touchpoints      touchpoints
//	friction.<stage>     highest criticality of the open frictions of a lifecycle stage; unknown when no map has the stage
//	emotion.<stage>      lowest mean valence in a lifecycle stage, −2…+2; unknown without emotion
func MapFigures(maps []*journey.Map, asOf int32) []measure.Figure {
	values := map[string]float64{}
	for _, m := range current(maps) {
		ensure(values, "map.open_frictions", "map.max_criticality", "map.late_loops", "map.low_points", "map.touchpoints")
		countStages(values, m)
		countFrictions(values, m, asOf)
	}
	var out []measure.Figure
	for _, s := range MapCatalogue() {
		v, known := values[s.Name]
		out = append(out, measure.Figure{Name: s.Name, Unit: s.Unit, Known: known, Value: v, Page: s.Page})
	}
	return out
}

// current are the maps of what is.
func current(maps []*journey.Map) []*journey.Map {
	var out []*journey.Map
	for _, m := range maps {
		if m != nil && m.State != "target" {
			out = append(out, m)
		}
	}
	return out
}

func ensure(values map[string]float64, names ...string) {
	for _, n := range names {
		values[n] += 0
	}
}

func countStages(values map[string]float64, m *journey.Map) {
	for _, s := range m.Stages {
		if s.Lifecycle != "" {
			ensure(values, "friction."+string(s.Lifecycle))
		}
		for _, t := range s.Touchpoints {
			values["map.touchpoints"]++
			v, ok := lowest(t)
			if !ok {
				continue
			}
			if v <= lowPoint {
				values["map.low_points"]++
			}
			name := "emotion." + string(s.Lifecycle)
			if before, known := values[name]; s.Lifecycle != "" && (!known || v < before) {
				values[name] = v
			}
		}
	}
}

// lowest is the lowest mean valence of a touchpoint over the points of view.
func lowest(t journey.Touchpoint) (v float64, ok bool) {
	for _, f := range t.Feelings {
		if mean, known := f.Mean(); known && (!ok || mean < v) {
			v, ok = mean, true
		}
	}
	return v, ok
}

func countFrictions(values map[string]float64, m *journey.Map, asOf int32) {
	at := placesOf(m)
	for _, f := range m.Frictions {
		if f.Loop() == journey.Resolved && asOf-f.ResolvedOn.Days() > informDays {
			values["map.late_loops"]++
		}
		if !f.Open() {
			continue
		}
		c := float64(f.Criticality())
		values["map.open_frictions"]++
		values["map.max_criticality"] = max(values["map.max_criticality"], c)
		for _, id := range f.On {
			if stage := at[id]; stage != "" {
				name := "friction." + string(stage)
				values[name] = max(values[name], c)
			}
		}
	}
}

// placesOf gives the lifecycle stage of every stage and touchpoint of a map.
func placesOf(m *journey.Map) map[string]journey.Lifecycle {
	at := map[string]journey.Lifecycle{}
	for _, s := range m.Stages {
		at[s.ID] = s.Lifecycle
		for _, t := range s.Touchpoints {
			at[t.ID] = s.Lifecycle
		}
	}
	return at
}

// links are the places of the maps that a recommendation of a lifecycle stage should look at first: its open
// frictions, most critical first; where there is none, its lowest touchpoints.
func links(maps []*journey.Map, stage journey.Lifecycle) []Link {
	var out []Link
	for _, m := range current(maps) {
		at := placesOf(m)
		for _, f := range m.Frictions {
			if f.Open() && slices.ContainsFunc(f.On, func(id string) bool { return at[id] == stage }) {
				out = append(out, Link{Map: m.ID, ID: f.ID, Title: f.Title, Kind: ToFriction, Criticality: f.Criticality()})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Link) int {
		return cmp.Or(cmp.Compare(b.Criticality, a.Criticality), cmp.Compare(a.Map, b.Map), cmp.Compare(a.ID, b.ID))
	})
	if len(out) == 0 {
		out = lowTouchpoints(maps, stage)
	}
	return out[:min(len(out), maxLinks)]
}

func lowTouchpoints(maps []*journey.Map, stage journey.Lifecycle) []Link {
	type place struct {
		link    Link
		valence float64
	}
	var places []place
	for _, m := range current(maps) {
		for _, s := range m.Stages {
			if s.Lifecycle != stage {
				continue
			}
			for _, t := range s.Touchpoints {
				if v, ok := lowest(t); ok && v <= lowPoint {
					places = append(places, place{Link{Map: m.ID, ID: t.ID, Title: t.Name, Kind: ToTouchpoint}, v})
				}
			}
		}
	}
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Compare(a.valence, b.valence) })
	var out []Link
	for _, p := range places {
		out = append(out, p.link)
	}
	return out
}

package recommend

import (
	"cmp"
	"math"
	"slices"

	"parcours/journey"
	"parcours/report/measure"
)

// Evaluate judges every play over the figures of a report and its maps, at the end of observation (days since 1970-01-01). The order of the
// recommendations depends on nothing but their content: low value at stake ÷ effort, then plays without estimate by effort,
// ties by id.
func (b *Playbook) Evaluate(figures []measure.Figure, maps []*journey.Map, asOf int32) Outcome {
	m := newLookup(figures, MapFigures(maps, asOf))
	var out Outcome
	for i := range b.plays {
		p := &b.plays[i]
		if p.when == nil {
			continue // reported by Compile
		}
		switch r := p.when.eval(m); {
		case r.unknown:
			out.Skipped = append(out.Skipped, Skipped{ID: p.play.ID, Figure: r.figure, Title: p.play.Title})
		case r.truth:
			out.Recommendations = append(out.Recommendations, p.recommend(m, maps))
		default:
			out.Quiet++
		}
	}
	slices.SortFunc(out.Recommendations, better)
	slices.SortFunc(out.Skipped, func(a, b Skipped) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

func better(a, b Recommendation) int {
	switch {
	case a.Value != nil && b.Value == nil:
		return -1
	case a.Value == nil && b.Value != nil:
		return 1
	}
	return cmp.Or(cmp.Compare(b.Priority, a.Priority), cmp.Compare(a.Play.Effort, b.Play.Effort), cmp.Compare(a.Play.ID, b.Play.ID))
}

func (p *compiled) recommend(m lookup, maps []*journey.Map) Recommendation {
	r := Recommendation{Play: p.play, Value: p.stake(m), Touchpoints: links(maps, journey.Lifecycle(p.play.Stage)), Numbers: map[string]float64{}}
	for _, name := range p.play.Evidence {
		if f := m.get(name); f.Known {
			r.Evidence = append(r.Evidence, f)
		}
	}
	for _, name := range p.quoted {
		f := m.get(name)
		r.Figures = append(r.Figures, f)
		if f.Known {
			r.Numbers[name] = f.Value
		}
	}
	if r.Value != nil {
		r.Priority = r.Value.Low / float64(max(p.play.Effort, 1))
	}
	return r
}

// stake evaluates the value at stake. An estimate that needs an unknown figure, or that comes out as nothing or less,
// is no estimate; a low bound below zero is zero.
func (p *compiled) stake(m lookup) *Stake {
	if p.value == nil {
		return nil
	}
	mid := p.value.eval(m)
	if mid.unknown || !(mid.number > 0) {
		return nil
	}
	s := Stake{Low: mid.number, Mid: mid.number, High: mid.number}
	if p.low != nil && p.high != nil {
		low, high := p.low.eval(m), p.high.eval(m)
		if low.unknown || high.unknown {
			return nil
		}
		s.Low, s.High = min(low.number, mid.number), math.Max(high.number, mid.number)
	}
	s.Low = max(s.Low, 0)
	return &s
}

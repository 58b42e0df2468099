package site

import (
	"math"
	"strings"

	"parcours/report/measure"
	"parcours/report/recommend"
)

// figureText writes a named figure as a reader expects it, "n/d" when it is not known.
func (b *builder) figureText(f measure.Figure) string {
	if !f.Known {
		return b.t("content.unknown")
	}
	return b.unitText(f, f.Value)
}

// unitText writes a value in the unit of a figure: changes with their sign, the rest without.
func (b *builder) unitText(f measure.Figure, v float64) string {
	change := strings.HasSuffix(f.Name, "_change") || strings.HasSuffix(f.Name, "_change_year") || f.Name == "lifecycle.net_growth"
	switch f.Unit {
	case measure.UnitRate:
		if change {
			return b.loc.SignedPct(v, 1)
		}
		return b.loc.Pct(v, 1)
	case measure.UnitPoints:
		return b.loc.Points(v, 1)
	case measure.UnitMoney:
		return b.money(v)
	case measure.UnitDays:
		return b.t("content.days", "Count", b.loc.Dec(v, 0))
	case measure.UnitYears:
		return b.t("content.years", "Count", b.loc.Dec(v, 1))
	case measure.UnitPeriods:
		return b.tg("content.periods", "Count", b.loc.Dec(v, 0))
	case measure.UnitMonths:
		return b.t("content.periods.month", "Count", b.loc.Dec(v, 0))
	case measure.UnitMinutes:
		return b.loc.Minutes(int32(math.Round(min(v, math.MaxInt32))))
	case measure.UnitCount:
		if change {
			return b.loc.SignedInt(int64(math.Round(v)))
		}
		return b.loc.Int(int64(math.Round(v)))
	case measure.UnitScore:
		return b.scoreText(f.Name, v)
	}
	return b.loc.Dec(v, 2)
}

// scoreText writes a score: feelings with their sign, criticalities whole, means of answers with a decimal.
func (b *builder) scoreText(name string, v float64) string {
	switch {
	case strings.HasPrefix(name, "emotion."):
		return b.valence(v)
	case strings.HasPrefix(name, "friction."), name == "map.max_criticality":
		return b.loc.Dec(v, 0)
	}
	return b.loc.Dec(v, 1)
}

// anyFigure is a named figure of the data or of the maps.
func (b *builder) anyFigure(name string) measure.Figure {
	if f, ok := b.figures[name]; ok {
		return f
	}
	for _, f := range recommend.MapFigures(b.counted, b.Results.Manifest.AsOf) {
		if f.Name == name {
			return f
		}
	}
	return measure.Figure{Name: name}
}

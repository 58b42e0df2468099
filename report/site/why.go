package site

import (
	"sort"
	"strconv"

	"parcours/report/chart"
	"parcours/report/kpi"
)

func abs(v int64) int64 {
	if v < 0 {
		return -v
	}
	return v
}

func sortedByEffect(list []part) []part {
	sort.SliceStable(list, func(i, j int) bool { return abs(list[i].effect) > abs(list[j].effect) })
	return list
}

// why are the sentences under "what changed and why": the change and its parts, the year, who came back.
func (b *builder) why() []string {
	var out []string
	if d := b.Results.Change; d != nil {
		out = append(out, b.changeSentence(d))
	}
	if d := b.Results.YearChange; d != nil {
		out = append(out, b.yearSentence(d))
	}
	if s := b.lastCohortSentence(); s != "" {
		out = append(out, s)
	}
	if len(out) == 0 {
		out = append(out, b.t("overview.why_none"))
	}
	return out
}

func (b *builder) changeSentence(d *kpi.Decomposition) string {
	id := "why.up"
	switch {
	case d.Total == 0:
		return b.t("why.flat", "Before", b.period(d.From.Period))
	case d.Total < 0:
		id = "why.down"
	}
	s := b.t(id, "Amount", b.money(float64(abs(d.Total))), "Before", b.period(d.From.Period))
	same, against := splitParts(d)
	if len(same) > 0 {
		s += " " + b.t(id+"_from", "Parts", b.partList(same, "_of"))
	}
	if len(against) > 0 {
		s += " " + b.t(id+"_against", "Parts", b.partList(against, "_the"))
	}
	return s
}

// partList is "le nombre de clients (+19,1 k€) et la fréquence (+10,8 k€)" in the form "_the" and "du nombre de clients
// (+19,1 k€) et de la fréquence (+10,8 k€)" in the form "_of": French contracts the preposition with the article.
func (b *builder) partList(list []part, form string) string {
	var names []string
	for _, p := range list {
		names = append(names, b.t("why.part", "Name", b.t("part."+p.id+form), "Effect", b.loc.SignedMoneyCompact(float64(p.effect))))
	}
	return b.loc.List(names)
}

func (b *builder) yearSentence(d *kpi.Decomposition) string {
	f := b.named("kpi.net_change_year")
	if !f.Known {
		return ""
	}
	same, _ := splitParts(d)
	if len(same) == 0 {
		return b.t("why.year_bare", "Change", b.loc.SignedPct(f.Value, 1), "Before", b.period(d.From.Period))
	}
	return b.t("why.year", "Change", b.loc.SignedPct(f.Value, 1), "Before", b.period(d.From.Period),
		"Part", b.partList(same[:1], "_of"))
}

// decomposition is the waterfall of the change, its note and its CSV.
func (b *builder) decomposition() (rows []fallRow, note, csv string) {
	d := b.Results.Change
	if d == nil {
		return nil, "", ""
	}
	list := parts(d)
	if b.Results.Totals.Refunds == 0 {
		list = list[:3]
	}
	low, high, level := 0.0, 0.0, 0.0
	for _, p := range list {
		level += float64(p.effect)
		low, high = min(low, level), max(high, level)
	}
	if high == low {
		return nil, "", ""
	}
	level = 0
	for _, p := range list {
		class := "f-good"
		if p.effect < 0 {
			class = "f-bad"
		}
		next := level + float64(p.effect)
		rows = append(rows, fallRow{
			Name: b.t("part." + p.id), Text: b.loc.SignedMoneyCompact(float64(p.effect)),
			SVG: fall(level, next, low, high, class),
		})
		level = next
	}
	total := b.t("overview.fall_total", "Now", b.periodShort(d.To.Period), "Before", b.periodShort(d.From.Period))
	rows = append(rows, fallRow{
		Name: total, Text: b.loc.SignedMoneyCompact(float64(d.Total)), SVG: fall(0, level, low, high, "f-ink"), Total: true,
	})
	return rows, b.t("overview.fall_note"), b.table(b.decompositionTable(d))
}

func (b *builder) decompositionTable(d *kpi.Decomposition) chart.Table {
	t := chart.Table{ID: "decomposition", Columns: []chart.Column{
		{Name: b.t("col.part"), Key: "part"},
		{Name: b.t("col.effect"), Key: "effect_minor", Num: true},
		{Name: b.t("col.before"), Key: "from"},
		{Name: b.t("col.now"), Key: "to"},
	}}
	cal, g := b.Results.Calendar, b.grain()
	from, to := cal.Key(g, d.From.Period), cal.Key(g, d.To.Period)
	for _, p := range append(parts(d), part{"net", d.Total}) {
		t.Rows = append(t.Rows, chart.Row{Cells: []chart.Cell{
			{Text: p.id, Raw: p.id}, {Raw: strconv.FormatInt(p.effect, 10)}, {Raw: from}, {Raw: to},
		}})
	}
	return t
}

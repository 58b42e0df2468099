package site

import (
	"parcours/report/chart"
	"parcours/report/measure"
)

// methodsModel is the page of definitions.
type methodsModel struct {
	Headline, Lede string
	Groups         []termGroup
	Settings       []setting
	Figures        *figure
}

// termGroup is a chapter of definitions.
type termGroup struct {
	ID, Title string
	Terms     []term
}

// methodsPage defines every number shown, with the settings of this report.
func (b *builder) methodsPage() page {
	m := methodsModel{Headline: b.t("methods.headline"), Lede: b.t("methods.lede"), Settings: b.settings()}
	for _, g := range b.termGroups() {
		if len(g.ids) > 0 {
			m.Groups = append(m.Groups, termGroup{"group-" + g.id, b.t("methods.group." + g.id), b.terms(g.ids...)})
		}
	}
	f := b.figure("methods", b.t("methods.figures"), b.t("methods.figures_sub"), b.t("methods.figures_source"), nil, b.namedTable())
	m.Figures = &f
	return page{
		Slug: "methods", Template: "methods", Class: "methods", NavOrder: navMethods,
		Title: b.t("nav.methods"), NavLabel: b.t("nav.methods"), Description: m.Lede, Model: m,
	}
}

type group struct {
	id  string
	ids []string
}

// termGroups leaves out chapters whose numbers the site does not show.
func (b *builder) termGroups() []group {
	r := b.Results
	out := []group{
		{"period", []string{"period", "complete", "customers", "new-customers", "returning", "orders", "frequency", "aov", "gross", "refunds", "net", "refund-rate", "unidentified", "decomposition"}},
		{"cohorts", []string{"cohort", "mode-on", "mode-on-or-after", "mode-window", "mean", "m1", "net-retention", "cumulative", "truncated", "repeat", "rhythm", "scale"}},
		{"sureness", []string{"interval", "established", "partial", "small"}},
	}
	if r.CLV != nil {
		if ids := methodTerms(r.CLV); len(ids) > 0 {
			out = append(out, group{"prediction", ids})
		}
		out = append(out, group{"value", []string{"clv", "orders-per-year", "churn", "lifespan", "margin", "cac", "ratio", "observed", "payback"}})
	}
	if r.Segments != nil {
		out = append(out, group{"segments", []string{"rfm", "score", "segment", "active", "dormant", "lost"}})
	}
	if r.Lifecycle != nil {
		out = append(out, group{"lifecycle", []string{"lc-new", "lc-returning", "lc-resurrected", "lc-dormant", "dormant-flow", "net-growth", "quick-ratio"}})
	}
	return append(out,
		group{"listening", []string{"nps", "csat", "ces", "messages", "tickets", "step"}},
		group{"advice", []string{"play", "stake", "effort"}},
	)
}

// namedTable lists the figures that pages and plays may quote, with their values.
func (b *builder) namedTable() chart.Table {
	t := chart.Table{ID: "figures", Columns: []chart.Column{
		b.col("figure"), b.col("name"), b.colN("value"), b.colN("low"), b.colN("high"), b.colN("n"),
	}}
	for _, s := range measure.Catalogue() {
		f := b.named(s.Name)
		cells := []chart.Cell{text(b.t("figure." + s.Name)), {Text: s.Name, Raw: s.Name, Class: "mono"}, unknownCell(), unknownCell(), unknownCell(), unknownCell()}
		cells[0].Raw = s.Name
		if f.Known {
			cells[2] = chart.Cell{Text: b.figureText(f), Raw: rawFloat(f.Value)}
			if f.HasInterval {
				cells[3] = chart.Cell{Text: b.unitText(f, f.Low), Raw: rawFloat(f.Low)}
				cells[4] = chart.Cell{Text: b.unitText(f, f.High), Raw: rawFloat(f.High)}
			}
			if f.N > 0 {
				cells[5] = b.cellInt(f.N)
			}
		}
		t.Rows = append(t.Rows, chart.Row{Cells: cells})
	}
	return t
}

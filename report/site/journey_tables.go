package site

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"parcours/journey"
)

// frictionView is one row of the table of frictions.
type frictionView struct {
	frictionMark
	Where, Product, Evidence, Since, Owner string
	Missing                                bool // severe and without owner
	Source                                 string
}

// frictionMark is a friction as shown at its place.
func (b *builder) frictionMark(f journey.Friction) frictionMark {
	state := b.t("journey.loop." + string(f.Loop()))
	return frictionMark{
		ID: "fr-" + f.ID, Title: f.Title, Criticality: strconv.Itoa(f.Criticality()), State: state, Loop: loopMark(f.Loop()),
		Spoken: b.t("journey.friction_spoken", "Severity", strconv.Itoa(f.Severity), "Frequency", strconv.Itoa(f.Frequency)),
	}
}

// loopMark draws the four steps of the loop; a dropped friction has none.
func loopMark(l journey.Loop) template.HTML {
	steps := []journey.Loop{journey.Reported, journey.Started, journey.Resolved, journey.Informed}
	reached := slices.Index(steps, l)
	out := `<svg class="loop" width="38" height="8" viewBox="0 0 38 8" aria-hidden="true" focusable="false">`
	for i := range steps {
		class := "off"
		if i <= reached {
			class = "on"
		}
		out += fmt.Sprintf(`<rect x="%d" y="1" width="8" height="6" class="%s"/>`, i*10, class)
	}
	return template.HTML(out + "</svg>") //nolint:gosec // numbers and classes
}

// frictionViews are sorted by criticality, open ones first among equals.
func (b *builder) frictionViews(m *journey.Map) []frictionView {
	list := slices.Clone(m.Frictions)
	slices.SortStableFunc(list, func(x, y journey.Friction) int {
		return cmp.Or(cmp.Compare(y.Criticality(), x.Criticality()), cmp.Compare(boolInt(y.Open()), boolInt(x.Open())))
	})
	var out []frictionView
	for _, f := range list {
		v := frictionView{
			frictionMark: b.frictionMark(f), Where: b.places(m, f.On), Product: fmt.Sprintf("%d × %d", f.Severity, f.Frequency),
			Evidence: b.t("journey.evidence." + string(f.Evidence)), Since: b.since(f), Owner: f.Owner, Source: f.Source,
		}
		v.Missing = f.Owner == "" && f.Severity >= 4 && f.Open()
		out = append(out, v)
	}
	return out
}

func boolInt(v bool) int {
	if v {
		return 1
	}
	return 0
}

// since is the date of the last step of the loop, with the number of customers told.
func (b *builder) since(f journey.Friction) string {
	switch f.Loop() {
	case journey.Dropped:
		text := b.date(f.DroppedOn)
		if f.Reason != "" {
			text += b.t("journey.comma") + f.Reason
		}
		return text
	case journey.Informed:
		if f.CustomersInformed > 0 {
			return b.t("journey.informed", "Date", b.date(f.InformedOn), "Count", f.CustomersInformed)
		}
		return b.date(f.InformedOn)
	case journey.Resolved:
		return b.date(f.ResolvedOn)
	case journey.Started:
		return b.date(f.StartedOn)
	}
	return b.date(f.ReportedOn)
}

func (b *builder) frictionsFinding(m *journey.Map) string {
	if len(m.Frictions) == 0 {
		return ""
	}
	open, informed := 0, 0
	for _, f := range m.Frictions {
		if f.Open() {
			open++
		}
		if f.Loop() == journey.Informed {
			informed += f.CustomersInformed
		}
	}
	head := b.t("journey.frictions_open", "Count", open, "Total", b.loc.Int(int64(len(m.Frictions))))
	switch open {
	case 0:
		head = b.t("journey.frictions_closed", "Count", len(m.Frictions))
	case len(m.Frictions):
		head = b.t("journey.frictions_all_open", "Count", open)
	}
	if informed > 0 {
		head += b.t("journey.frictions_informed", "Count", informed)
	}
	return head
}

// oppView is one row of the table of opportunities.
type oppView struct {
	ID, Title, Where, Quadrant, Impact, Effort, Status, Owner, Due, Aim string
	Unmeasured                                                          bool
}

// quadrant of an opportunity from 1 to 5 in impact and effort; "" when one is not given.
func quadrant(o journey.Opportunity) string {
	switch {
	case o.Impact == 0 || o.Effort == 0:
		return ""
	case o.Impact > 3 && o.Effort <= 3:
		return "quick"
	case o.Impact > 3:
		return "major"
	case o.Effort <= 3:
		return "possible"
	}
	return "avoid"
}

// oppViews are sorted by impact less effort; those not estimated come last, dropped ones after all.
func (b *builder) oppViews(m *journey.Map) []oppView {
	list := slices.Clone(m.Opportunities)
	rank := func(o journey.Opportunity) int {
		switch {
		case o.Status == "dropped":
			return 100
		case quadrant(o) == "":
			return 50
		}
		return o.Effort - o.Impact
	}
	slices.SortStableFunc(list, func(x, y journey.Opportunity) int { return cmp.Compare(rank(x), rank(y)) })
	var out []oppView
	for _, o := range list {
		v := oppView{
			ID: "op-" + o.ID, Title: o.Title, Where: b.places(m, o.On), Owner: o.Owner, Due: b.date(o.Due),
			Status: b.t("journey.status." + journey.Slug(o.Status)), Aim: b.aim(m, o),
			Unmeasured: o.Status == "delivered" && o.Metric == "",
		}
		if q := quadrant(o); q != "" {
			v.Quadrant, v.Impact, v.Effort = b.t("journey.quadrant."+q), strconv.Itoa(o.Impact), strconv.Itoa(o.Effort)
		}
		out = append(out, v)
	}
	return out
}

// aim is "paiements aboutis : 72 %".
func (b *builder) aim(m *journey.Map, o journey.Opportunity) string {
	for _, k := range m.Metrics {
		if k.ID != o.Metric {
			continue
		}
		switch {
		case !o.HasTarget:
			return k.Name
		case k.Aggregate == "share":
			return b.t("journey.aim", "Metric", k.Name, "Target", b.loc.Pct(o.Target, 0))
		}
		return b.t("journey.aim", "Metric", k.Name, "Target", b.plainNumber(o.Target))
	}
	return ""
}

// plainNumber writes a number with as many decimals as it needs, two at most.
func (b *builder) plainNumber(v float64) string {
	for d := range 2 {
		if s := b.loc.Dec(v, d); s == b.loc.Dec(v, 2) || strconv.FormatFloat(v, 'f', -1, 64) == strconv.FormatFloat(v, 'f', d, 64) {
			return s
		}
	}
	return b.loc.Dec(v, 2)
}

func (b *builder) oppsFinding(m *journey.Map) string {
	quick, open := 0, 0
	for _, o := range m.Opportunities {
		if o.Status == "delivered" || o.Status == "dropped" {
			continue
		}
		open++
		if quadrant(o) == "quick" {
			quick++
		}
	}
	switch {
	case len(m.Opportunities) == 0:
		return ""
	case quick > 0:
		return b.t("journey.opps_quick", "Count", quick, "Total", b.loc.Int(int64(open)))
	}
	return b.t("journey.opps", "Count", open)
}

// quoted puts words between the quotation marks of the language.
func (b *builder) quoted(s string) string { return b.t("journey.quoted", "Text", strings.TrimSpace(s)) }

// quoteView is the words of a customer.
type quoteView struct{ Text, Footer string }

func (b *builder) quoteViews(m *journey.Map) []quoteView {
	var out []quoteView
	for _, q := range m.Quotes {
		footer := b.places(m, q.On)
		if q.Persona != "" {
			footer += b.t("journey.comma") + shortName(m, q.Persona)
		}
		detail := q.Source
		if d := b.date(q.Date); d != "" && detail != "" {
			detail += b.t("journey.comma") + d
		} else if d != "" {
			detail = d
		}
		if detail != "" {
			footer += ". " + detail
		}
		out = append(out, quoteView{b.quoted(q.Text), footer})
	}
	return out
}

// personaView is one point of view.
type personaView struct {
	Name, Role, Quote string
	Needs             []string
}

func (b *builder) personaViews(m *journey.Map) []personaView {
	var out []personaView
	for _, p := range m.Personas {
		v := personaView{Name: p.Name, Role: p.Role, Needs: p.Needs}
		if p.Quote != "" {
			v.Quote = b.quoted(p.Quote)
		}
		out = append(out, v)
	}
	return out
}

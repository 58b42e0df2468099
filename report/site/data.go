package site

import (
	"strconv"
	"time"

	"parcours/report/chart"
	"parcours/report/dataset"
)

// dataModel is the page of what was read, what was not, and with which settings.
type dataModel struct {
	Headline, Lede string
	Files          *figure
	Reasons        *figure
	ReasonsNone    string
	ReasonsSide    []string
	Totals         *figure
	TotalsSide     []string
	Settings       []setting
	Warnings       []string
	WarningsNone   string
}

// setting is a choice that the numbers depend on.
type setting struct{ Name, Value, Note string }

// dataPage is the page of the data's quality.
func (b *builder) dataPage() page {
	q := b.Results.Quality
	m := dataModel{Headline: b.dataHeadline(), Settings: b.settings()}
	t := b.Results.Totals
	m.Lede = b.t("data.lede", "From", b.loc.Day(b.Results.Manifest.First), "To", b.loc.Day(b.Results.Manifest.AsOf))
	if len(q.Files) > 0 {
		f := b.figure("data", b.t("files.finding", "Count", len(q.Files)), b.t("files.sub"), b.t("files.source"), nil, b.filesTable())
		if len(f.Table.Rows) > shownFiles {
			f.Table.Rows = f.Table.Rows[:shownFiles]
			f.Sub += " " + b.t("files.shown", "Count", shownFiles)
		}
		m.Files = &f
	}
	if len(q.Reasons) > 0 {
		f := b.figure("data", b.reasonsFinding(), b.t("reasons.sub"), b.t("reasons.source"), nil, b.reasonsTable())
		f.Table = b.reasonsSummary()
		f.Table.Label = f.Finding
		m.Reasons = &f
	} else {
		m.ReasonsNone = b.t("reasons.none")
	}
	m.ReasonsSide = []string{b.t("reasons.side")}
	f := b.figure("data", b.t("totals.finding", "Net", b.money(float64(t.Net))), b.t("totals.sub"), b.t("totals.source"), nil, b.totalsTable())
	m.Totals = &f
	if t.OrphanRefunds > 0 {
		m.TotalsSide = append(m.TotalsSide, b.t("totals.orphans", "Amount", b.money(float64(t.OrphanRefunds))))
	}
	if t.UnidentifiedRows > 0 {
		m.TotalsSide = append(m.TotalsSide, b.t("totals.unidentified"))
	}
	m.Warnings = b.warnings()
	if len(m.Warnings) == 0 {
		m.WarningsNone = b.t("warnings.none")
	}
	return page{
		Slug: "data", Template: "data", Class: "data-page", NavOrder: navData,
		Title: b.t("nav.data"), NavLabel: b.t("nav.data"), Description: m.Headline, Model: m,
	}
}

func (b *builder) dataHeadline() string {
	t := b.Results.Totals
	if t.RowsRead == 0 {
		return b.t("data.headline_none")
	}
	return b.t("data.headline", "Share", b.pct(ratio(t.RowsUsed, t.RowsRead)), "Count", t.RowsRead)
}

func (b *builder) filesTable() chart.Table {
	t := chart.Table{ID: "files", Columns: []chart.Column{
		b.col("file"), b.col("table"), b.colN("bytes"), b.colN("rows_read"), b.colN("rows_used"), b.col("hash"),
	}}
	for _, f := range b.Results.Quality.Files {
		hash := f.Hash
		if len(hash) > 12 {
			hash = hash[:12]
		}
		t.Rows = append(t.Rows, chart.Row{Cells: []chart.Cell{
			keyed(inert(f.File), f.File), keyed(b.tableName(f.Table), f.Table),
			{Text: b.bytes(f.Bytes), Raw: strconv.FormatInt(f.Bytes, 10)},
			b.cellInt(f.Rows), b.cellInt(f.Used),
			{Text: hash, Raw: f.Hash, Class: "mono"},
		}})
	}
	return t
}

// bytes writes a size with a decimal unit.
func (b *builder) bytes(n int64) string {
	switch {
	case n < 1000:
		return b.t("bytes.b", "N", b.int(n))
	case n < 1000*1000:
		return b.t("bytes.kb", "N", b.loc.Dec(float64(n)/1e3, 1))
	case n < 1000*1000*1000:
		return b.t("bytes.mb", "N", b.loc.Dec(float64(n)/1e6, 1))
	}
	return b.t("bytes.gb", "N", b.loc.Dec(float64(n)/1e9, 1))
}

func (b *builder) totalsTable() chart.Table {
	t := chart.Table{ID: "totals", Columns: []chart.Column{b.col("quantity"), b.colN("value")}}
	r := b.Results.Totals
	add := func(id string, c chart.Cell) {
		t.Rows = append(t.Rows, chart.Row{Cells: []chart.Cell{keyed(b.t("totals."+id), id), c}})
	}
	exact := func(v int64) chart.Cell {
		return chart.Cell{Text: b.loc.Money(v), Raw: strconv.FormatInt(v, 10)}
	}
	add("rows_read", b.cellInt(r.RowsRead))
	add("rows_used", b.cellInt(r.RowsUsed))
	add("customers", b.cellInt(r.Customers))
	if r.SignUps > 0 {
		add("sign_ups", b.cellInt(r.SignUps))
	}
	add("orders", b.cellInt(r.Orders))
	add("gross_minor", exact(r.Gross))
	add("refunds_minor", exact(r.Refunds))
	add("net_minor", exact(r.Net))
	add("unidentified_rows", b.cellInt(r.UnidentifiedRows))
	add("unidentified_net_minor", exact(r.UnidentifiedNet))
	return t
}

// settings are the choices that the numbers depend on.
func (b *builder) settings() []setting {
	m, c := b.Results.Manifest, b.Config.Report
	asOf := "settings.asof_data"
	if m.AsOfGiven {
		asOf = "settings.asof_given"
	}
	out := []setting{
		{b.t("settings.asof"), b.loc.Day(m.AsOf), b.t(asOf)},
		{b.t("settings.grain"), b.t("grain." + string(b.grain())), ""},
		{b.t("settings.zone"), b.zoneName(), b.t("settings.zone_note")},
		{b.t("settings.week"), b.t("weekday." + strconv.Itoa(int(b.weekStart()))), ""},
	}
	if b.grain() == dataset.Quarter {
		month := b.Results.Calendar.FiscalStart
		out = append(out, setting{b.t("settings.fiscal"), b.t("format-month-" + strconv.Itoa(max(1, int(month)))), ""})
	}
	out = append(out,
		setting{b.t("settings.currency"), m.Currency, b.t("settings.currency_note", "Count", m.Digits)},
		setting{b.t("settings.negative"), b.t("negative." + string(b.negative())), ""},
		setting{b.t("settings.cohort"), b.t("cohortby." + string(b.cohortBy())), ""},
		setting{b.t("settings.modes"), b.modeNames(), ""},
		setting{b.t("settings.min"), b.int(b.minCell()), b.t("settings.min_note")},
	)
	if c.Options.Margin > 0 {
		out = append(out, setting{b.t("settings.margin"), b.loc.Pct(c.Options.Margin, 0), ""})
	}
	if m.Dimension != "" {
		out = append(out, setting{b.t("settings.dimension"), b.t("dimension." + m.Dimension), ""})
	}
	return out
}

func (b *builder) weekStart() time.Weekday {
	c := b.Results.Calendar
	switch {
	case c.SundayWeek:
		return time.Sunday
	case c.WeekStart == time.Sunday:
		return time.Monday
	}
	return c.WeekStart
}

func (b *builder) modeNames() string {
	var names []string
	for _, t := range b.Results.Retention {
		if t.Dim == "" {
			names = append(names, b.t("mode."+string(t.Mode)+".name"))
		}
	}
	if len(names) == 0 {
		return "–"
	}
	return b.loc.List(names)
}

// settingsArgs are the settings as arguments of definitions.
func (b *builder) settingsArgs() []any {
	days := b.t("window.default")
	if t, ok := b.byMode("window"); ok {
		days = b.windowDays(t)
	}
	active, lost := "–", "–"
	if s := b.Results.Segments; s != nil {
		active, lost = b.int(int64(s.Status.ActiveDays)), b.int(int64(s.Status.LostDays))
	}
	margin := b.t("margin.none")
	if r := b.Results.CLV; r != nil && r.Margin < 1 {
		margin = b.loc.Pct(r.Margin, 0)
	}
	return append(b.predictionArgs(),
		"Grain", b.t("grain."+string(b.grain())), "Zone", b.zoneName(), "Currency", b.Results.Manifest.Currency,
		"MinCell", b.int(b.minCell()), "AsOf", b.loc.Day(b.Results.Manifest.AsOf), "Days", days, "Active", active, "Lost", lost,
		"Margin", margin, "Negative", b.t("negative."+string(b.negative())), "CohortBy", b.t("cohortby."+string(b.cohortBy())),
	)
}

func (b *builder) negative() dataset.Negative {
	if n := b.Results.Manifest.Negative; n != "" {
		return n
	}
	return dataset.NegativeRefund
}

func (b *builder) cohortBy() dataset.CohortBy {
	if c := b.Results.Manifest.Cohort; c != "" {
		return c
	}
	return dataset.ByFirstOrder
}

// warnings are the remarks of the metrics, as sentences.
func (b *builder) warnings() []string {
	var out []string
	for _, w := range b.Results.Warnings {
		id := "warning." + w.ID
		if !b.loc.Has(id) {
			id = "warning.other"
		}
		out = append(out, b.t(id, b.warningArgs(w.Args, w.Code)...))
	}
	return out
}

func (b *builder) warningArgs(args map[string]string, code string) []any {
	out := []any{"Code", code}
	for _, name := range sortedKeys(args) {
		out = append(out, name, b.plainWords(name, args[name]))
	}
	return out
}

// plainWords writes what a warning names as the page writes it: dates, periods and numbers come as machine forms.
func (b *builder) plainWords(name, value string) string {
	if t, err := time.Parse(time.DateOnly, value); err == nil && name != "Period" && name != "Cohort" {
		return b.loc.Day(dataset.CivilDay(t.Date()))
	}
	if n, err := strconv.ParseInt(value, 10, 64); err == nil {
		if name == "Age" {
			return b.age(int32(n))
		}
		return b.int(n)
	}
	for _, p := range b.Results.KPI.Periods {
		if b.Results.Calendar.Key(b.grain(), p.Period) == value {
			return b.period(p.Period)
		}
	}
	return value
}

// reason is the wording of why a row is not used.
func (b *builder) reason(r dataset.Reason) string {
	if b.loc.Has("reason." + string(r)) {
		return b.t("reason." + string(r))
	}
	return b.t("reason.other")
}

package site

import (
	"math"
	"slices"

	"parcours/report/chart"
	"parcours/report/clv"
)

// heatView is a table of coloured cells: rows by the time since the last purchase, columns by purchases.
type heatView struct {
	ID, Finding, Sub, Source string
	Caption, RowsName, Over  string
	CSV, CSVName             string
	Columns                  []string
	Rows                     []heatRow
	Scale                    []scaleStep
}

type heatRow struct {
	Name  string
	Cells []triCell
}

// aliveBounds part P(alive) into the nine bands of the scale, the same in every report.
func aliveBounds() []float64 { return []float64{.1, .2, .3, .4, .5, .6, .7, .85} }

// aliveMatrix shows how likely customers still buy, by recency and number of purchases.
func (b *builder) aliveMatrix(p *clv.Prediction, f *clv.Forecast) (*heatView, []string) {
	x := f.Matrix
	if len(x.Cells) == 0 {
		return nil, nil
	}
	t := b.matrixTable(x)
	v := &heatView{
		ID: "f-alive", Finding: b.matrixFinding(p, f), Sub: b.t("alive.sub"), Source: b.t("prediction.source"), Caption: b.t("alive.caption"),
		RowsName: b.t("alive.rows"), Over: b.t("alive.columns"), CSV: b.table(t), CSVName: t.ID + ".csv",
		Scale: b.scale(aliveBounds(), b.pct0),
	}
	rows, columns := inhabited(x)
	for j := range columns {
		v.Columns = append(v.Columns, b.span(x.Purchases, j, 1))
	}
	for i, cells := range x.Cells[:rows] {
		row := heatRow{Name: b.daySpan(x.Recency, i)}
		for _, c := range cells[:min(columns, len(cells))] {
			row.Cells = append(row.Cells, b.aliveCell(c))
		}
		v.Rows = append(v.Rows, row)
	}
	side := []string{b.t("alive.side")}
	if f.Certain > 0 {
		side = append(side, b.t("alive.certain_column", "Share", b.pct0(f.Certain), "Model", b.modelName(p.Chosen)))
	}
	return v, side
}

// inhabited is how many rows and columns there are up to the last with a customer.
func inhabited(x clv.Matrix) (rows, columns int) {
	for i, cells := range x.Cells {
		for j, c := range cells {
			if c.Customers > 0 {
				rows, columns = max(rows, i+1), max(columns, j+1)
			}
		}
	}
	return rows, columns
}

func (b *builder) aliveCell(c clv.MatrixCell) triCell {
	switch {
	case c.Customers == 0:
		return triCell{Class: "future"}
	case c.Customers < b.minCell():
		return triCell{Text: "·", Title: b.few()}
	}
	return triCell{
		Text: b.pct0(c.Alive), Class: band(c.Alive, aliveBounds()),
		Title: b.t("alive.title", "Count", c.Customers, "Value", b.money(c.Value)),
	}
}

// matrixFinding sums up the corner that matters: repeat buyers who fell silent.
func (b *builder) matrixFinding(p *clv.Prediction, f *clv.Forecast) string {
	id := "alive.finding"
	if f.Certain > 0 {
		id += "_certain"
	}
	return b.t(id, "Model", b.modelName(p.Chosen), "Gone", b.pct0(f.Gone.Value), "Risk", b.big(f.AtRisk.Value))
}

// span names class i of whole numbers given by the upper bounds of all classes but the last.
func (b *builder) span(bounds []int32, i int, least int32) string {
	from := least
	if i > 0 {
		from = bounds[i-1] + 1
	}
	switch {
	case i >= len(bounds):
		return b.t("span.more", "From", b.int(int64(from)))
	case bounds[i] <= from:
		return b.int(int64(bounds[i]))
	}
	return b.t("span.between", "From", b.int(int64(from)), "To", b.int(int64(bounds[i])))
}

// daySpan is span with its unit.
func (b *builder) daySpan(bounds []int32, i int) string {
	if i >= len(bounds) && i > 0 {
		return b.t("span.days_more", "From", b.int(int64(bounds[i-1]+1)))
	}
	return b.t("span.days", "Span", b.span(bounds, i, 0))
}

func spanKey(bounds []int32, i int, least int32) string {
	from := least
	if i > 0 {
		from = bounds[i-1] + 1
	}
	if i >= len(bounds) {
		return itoa(from) + "+"
	}
	return itoa(from) + ".." + itoa(bounds[i])
}

func (b *builder) matrixTable(x clv.Matrix) chart.Table {
	t := chart.Table{ID: "lifetime-value-alive", Columns: []chart.Column{
		{Key: "days_since_last"}, {Key: "purchases"}, {Key: "customers"}, {Key: "alive"}, {Key: "predicted_per_customer_minor"},
	}}
	for i, cells := range x.Cells {
		for j, c := range cells {
			row := []chart.Cell{keyed("", spanKey(x.Recency, i, 0)), keyed("", spanKey(x.Purchases, j, 1))}
			switch {
			case c.Customers == 0:
				continue
			case c.Customers < b.minCell():
				row = append(row, unknownCell(), unknownCell(), unknownCell())
			default:
				row = append(row, b.cellInt(c.Customers), b.cellPct(c.Alive), b.cellValue(c.Value))
			}
			t.Rows = append(t.Rows, chart.Row{Cells: row})
		}
	}
	return t
}

// valueBands shows how unequal customers are in what they are expected to bring.
func (b *builder) valueBands(f *clv.Forecast) (*figure, []string) {
	bands := b.shownBands(f)
	if len(bands) < 2 || f.Customers == 0 || f.Equity.Value <= 0 {
		return nil, nil
	}
	t := chart.Table{ID: "lifetime-value-distribution", Caption: b.t("bands.caption"), Columns: []chart.Column{
		b.col("value_band_minor"), b.colN("customers"), b.colN("customers_share"), b.colN("equity_minor"), b.colN("equity_share"),
	}}
	spec := chart.Spec{ID: "f-distribution", Kind: chart.Bar, Y: chart.Percent, Height: 300, XName: b.t("bands.axis", "Months", b.months(f.Months))}
	people := chart.Series{Name: b.t("col.customers_share"), Role: chart.Soft}
	value := chart.Series{Name: b.t("col.equity_share"), Role: chart.Main}
	for _, v := range bands {
		customers, equity := float64(v.Customers)/float64(f.Customers), v.Equity/f.Equity.Value
		if v.Customers < b.minCell() {
			customers, equity = math.NaN(), math.NaN()
		}
		spec.X = append(spec.X, b.bandName(v))
		people.Values, value.Values = append(people.Values, customers), append(value.Values, equity)
		name := keyed(b.bandName(v), rawFloat(v.From)+".."+b.upper(v))
		if math.IsNaN(customers) {
			t.Rows = append(t.Rows, b.fewRow(name, len(t.Columns)))
			continue
		}
		t.Rows = append(t.Rows, chart.Row{Cells: []chart.Cell{name, b.cellInt(v.Customers), b.cellPct(customers), b.cellBig(v.Equity), b.cellPct(equity)}})
	}
	spec.Series = []chart.Series{people, value}
	fig := b.figure("lifetime-value", b.t("bands.finding", "Share", b.pct0(f.TopShare)), b.t("bands.sub", "Months", b.months(f.Months)), b.t("prediction.source"), &spec, t)
	return &fig, []string{b.t("bands.side")}
}

// shownBands joins bands at the top that hold too few customers with the one below.
func (b *builder) shownBands(f *clv.Forecast) []clv.ValueBand {
	out := slices.Clone(f.Distribution)
	for len(out) > 1 && out[len(out)-1].Customers < b.minCell() {
		last := out[len(out)-1]
		out = out[:len(out)-1]
		end := &out[len(out)-1]
		end.To, end.Customers, end.Equity = last.To, end.Customers+last.Customers, end.Equity+last.Equity
	}
	return out
}

func (b *builder) upper(v clv.ValueBand) string {
	if v.To <= 0 {
		return ""
	}
	return rawFloat(v.To)
}

func (b *builder) bandName(v clv.ValueBand) string {
	write := b.loc.MoneyRound
	switch {
	case v.To <= 0:
		return b.t("scale.above", "Low", write(v.From))
	case v.From <= 0:
		return b.t("scale.below", "High", write(v.To))
	}
	return b.t("scale.between", "Low", write(v.From), "High", write(v.To))
}

// renewal projects the share of customers who still come.
func (b *builder) renewal(p *clv.Prediction) (*figure, []string) {
	w := p.Renewal
	if w == nil || len(w.Points) < 2 {
		return nil, b.discreteSide(p)
	}
	t := chart.Table{ID: "lifetime-value-renewal", Caption: b.t("renewal.caption"), Columns: []chart.Column{
		b.col("age"), b.colN("observed_rate"), b.colN("expected_rate"), b.colN("low"), b.colN("high"),
	}}
	n := len(w.Points)
	spec := chart.Spec{ID: "f-renewal", Kind: chart.Line, Y: chart.Percent, YMax: 1, Height: 320, XName: b.tg("triangle.ages")}
	seen := chart.Series{Name: b.t("renewal.observed"), Role: chart.Mean, Values: nans(n)}
	fitted := chart.Series{Name: b.t("renewal.fitted"), Role: chart.Third, Values: nans(n), Dashed: true}
	next := chart.Series{Name: b.t("renewal.expected"), Role: chart.Good, Values: nans(n), Low: nans(n), High: nans(n), Dashed: true}
	join := -1
	for i, x := range w.Points {
		if x.Known {
			join = i
		}
	}
	for i, x := range w.Points {
		spec.X = append(spec.X, b.age(x.Age))
		observed := math.NaN()
		if x.Known {
			observed = x.Observed
		}
		seen.Values[i] = observed
		switch { // what is expected goes on from what was observed; the model's own curve shows how well it fits
		case i < join:
			fitted.Values[i] = x.Expected.Value
		case i == join:
			fitted.Values[i] = x.Expected.Value
			next.Values[i], next.Low[i], next.High[i] = observed, observed, observed
		default:
			next.Values[i], next.Low[i], next.High[i] = x.Expected.Value, x.Expected.Low, x.Expected.High
		}
		t.Rows = append(t.Rows, chart.Row{Cells: append([]chart.Cell{keyed(b.age(x.Age), itoa(x.Age)), b.cellPct(observed)}, bounds3(x.Expected, b.cellPct)...)})
	}
	spec.Series = []chart.Series{seen, fitted, next}
	last := w.Points[n-1]
	finding := b.t("renewal.finding", "Rate", b.pct0(last.Expected.Value), "Age", b.age(last.Age))
	fig := b.figure("lifetime-value", finding, b.tg("renewal.sub"), b.t("renewal.source", "Cohorts", b.int(int64(w.Cohorts)), "Customers", b.int(w.Customers)), &spec, t)
	return &fig, append([]string{b.t("renewal.side")}, b.discreteSide(p)...)
}

// discreteSide is what the model of periods with a purchase expects.
func (b *builder) discreteSide(p *clv.Prediction) []string {
	d := p.Discrete
	if d == nil {
		return nil
	}
	return []string{b.tg("discrete.side", "Next", b.dec2(d.Next.Value), "Interval", b.ranged(d.Next, b.dec2), "Periods", b.int(int64(d.Periods)), "Active", b.pct0(d.Active.Value))}
}

package measure

import (
	"parcours/report/cohort"
	"parcours/report/dataset"
	"parcours/report/kpi"
	"parcours/report/stats"
)

type jsonTotals struct {
	RowsRead         int64  `json:"rows_read"`
	RowsUsed         int64  `json:"rows_used"`
	Customers        int64  `json:"customers"`
	Orders           int64  `json:"orders"`
	Items            int64  `json:"items"`
	SignUps          int64  `json:"sign_ups"`
	Gross            int64  `json:"gross_minor"`
	Refunds          int64  `json:"refunds_minor"`
	Net              int64  `json:"net_minor"`
	AOV              *int64 `json:"aov_minor"`
	UnidentifiedRows int64  `json:"unidentified_rows"`
	UnidentifiedNet  int64  `json:"unidentified_net_minor"`
	OrphanRefunds    int64  `json:"orphan_refunds_minor"`
}

func (r *Results) jsonTotals() jsonTotals {
	t := r.Totals
	aov, ok := stats.Ratio(t.Gross, t.Orders)
	return jsonTotals{
		RowsRead: t.RowsRead, RowsUsed: t.RowsUsed, Customers: t.Customers, Orders: t.Orders, Items: t.Items,
		SignUps: t.SignUps, Gross: t.Gross, Refunds: t.Refunds, Net: t.Net, AOV: minor(aov, ok),
		UnidentifiedRows: t.UnidentifiedRows, UnidentifiedNet: t.UnidentifiedNet, OrphanRefunds: t.OrphanRefunds,
	}
}

type jsonPeriod struct {
	Period    string        `json:"period"`
	State     dataset.State `json:"state"`
	Customers int64         `json:"customers"`
	New       int64         `json:"new_customers"`
	Returning int64         `json:"returning_customers"`
	Orders    int64         `json:"orders"`
	Gross     int64         `json:"gross_minor"`
	Refunds   int64         `json:"refunds_minor"`
	Net       int64         `json:"net_minor"`
	NewNet    int64         `json:"new_customers_net_minor"`
	AOV       *int64        `json:"aov_minor"`
	Frequency *number       `json:"orders_per_customer"`
}

func (r *Results) jsonPeriods() []jsonPeriod {
	out := make([]jsonPeriod, 0, len(r.KPI.Periods))
	for _, p := range r.KPI.Periods {
		aov, someOrders := p.AOV()
		frequency, someCustomers := p.Frequency()
		out = append(out, jsonPeriod{
			Period: r.key(p.Period), State: p.State, Customers: p.Customers, New: p.New, Returning: p.Returning,
			Orders: p.Orders, Gross: p.Gross, Refunds: p.Refunds, Net: p.Net, NewNet: p.NewNet,
			AOV: minor(aov, someOrders), Frequency: known(frequency, someCustomers),
		})
	}
	return out
}

type jsonKPI struct {
	Period     *string     `json:"period"`
	Change     *jsonChange `json:"change"`
	YearChange *jsonChange `json:"year_change"`
}

type jsonChange struct {
	From      string `json:"from"`
	To        string `json:"to"`
	Net       int64  `json:"net_minor"`
	Customers int64  `json:"customers_minor"`
	Frequency int64  `json:"frequency_minor"`
	Basket    int64  `json:"basket_minor"`
	Refunds   int64  `json:"refunds_minor"`
}

func (r *Results) jsonKPI() jsonKPI {
	last, ok := r.KPI.Last()
	return jsonKPI{when(r.key(last.Period), ok), r.jsonChange(r.Change), r.jsonChange(r.YearChange)}
}

func (r *Results) jsonChange(d *kpi.Decomposition) *jsonChange {
	if d == nil {
		return nil
	}
	return &jsonChange{
		r.key(d.From.Period), r.key(d.To.Period), d.Total, d.Customers, d.Frequency, d.Basket, d.Refunds,
	}
}

type jsonRepeat struct {
	Median *int32           `json:"median_days"`
	Gaps   int64            `json:"gaps"`
	P50    *int32           `json:"gap_p50_days"`
	P80    *int32           `json:"gap_p80_days"`
	P90    *int32           `json:"gap_p90_days"`
	P95    *int32           `json:"gap_p95_days"`
	Rates  []jsonRepeatRate `json:"rates"`
}

type jsonRepeatRate struct {
	Days         int32   `json:"days"`
	Rate         *number `json:"rate"`
	Low          *number `json:"low"`
	High         *number `json:"high"`
	Customers    int64   `json:"customers"`
	Eligible     int64   `json:"eligible_customers"`
	Repeated     int64   `json:"eligible_repeated"`
	EligibleRate *number `json:"eligible_rate"`
	Naive        *number `json:"naive_rate"`
}

func (r *Results) jsonRepeat() jsonRepeat {
	g := r.Rhythm
	out := jsonRepeat{
		Median: when(g.MedianToSecond, g.MedianToSecondKnown), Gaps: g.Gaps, P50: when(g.P50, g.Gaps > 0),
		P80: when(g.P80, g.Gaps > 0), P90: when(g.P90, g.Gaps > 0), P95: when(g.P95, g.Gaps > 0), Rates: []jsonRepeatRate{},
	}
	for _, x := range r.Repeat {
		out.Rates = append(out.Rates, jsonRepeatRate{
			Days: x.Days, Rate: known(x.Rate, x.OK), Low: known(x.Low, x.OK), High: known(x.High, x.OK), Customers: x.Customers,
			Eligible: x.Eligible, Repeated: x.Repeated, EligibleRate: known(x.EligibleRate, x.Eligible > 0),
			Naive: known(x.Naive, x.Customers > 0),
		})
	}
	return out
}

type jsonRetention struct {
	Grain     dataset.Grain             `json:"grain"`
	Modes     map[cohort.Mode]jsonTable `json:"modes"` // keys are sorted when written
	Dimension *string                   `json:"dimension"`
	Values    []jsonDim                 `json:"values"`
}

type jsonTable struct {
	Widths  []int32      `json:"widths_days,omitempty"`
	Cohorts []jsonCohort `json:"cohorts"`
	Mean    []jsonMean   `json:"mean"`
}

type jsonCohort struct {
	Cohort    string          `json:"cohort"`
	Size      int64           `json:"size"`
	Truncated bool            `json:"truncated"`
	Small     bool            `json:"small"`
	Active    []*int64        `json:"active"`
	Orders    []*int64        `json:"orders,omitempty"`
	Net       []*int64        `json:"net_minor,omitempty"`
	State     []dataset.State `json:"state"`
}

type jsonMean struct {
	Age           int32   `json:"age"`
	Rate          number  `json:"rate"`
	Low           number  `json:"low"`
	High          number  `json:"high"`
	Customers     int64   `json:"customers"`
	Active        int64   `json:"active"`
	Cohorts       int     `json:"cohorts"`
	NetRate       *number `json:"net_rate"`
	CumulativeNet *int64  `json:"cumulative_net_per_customer_minor"`
}

type jsonDim struct {
	Group     string  `json:"group"` // "value", or "other" and "none" without a value
	Value     *string `json:"value"`
	Customers int64   `json:"customers"`
	jsonTable
}

func (r *Results) jsonRetention() jsonRetention {
	out := jsonRetention{
		Grain: r.Manifest.Grain, Modes: map[cohort.Mode]jsonTable{},
		Dimension: when(r.Manifest.Dimension, r.Manifest.Dimension != ""), Values: []jsonDim{},
	}
	for _, t := range r.Retention {
		out.Modes[t.Mode] = r.jsonTable(t)
	}
	for i, d := range r.Dims {
		group := map[string]string{dataset.OtherDim: "other", dataset.NoDim: "none"}[d.Value]
		if group == "" {
			group = "value"
		}
		out.Values = append(out.Values, jsonDim{group, when(d.Value, lone(d.Value)), d.Customers, r.jsonTable(r.ByDim[i])})
	}
	return out
}

func (r *Results) jsonTable(t cohort.Table) jsonTable {
	out := jsonTable{Widths: t.Widths, Cohorts: []jsonCohort{}, Mean: []jsonMean{}}
	for _, c := range t.Cohorts {
		out.Cohorts = append(out.Cohorts, r.jsonCohort(c, t.Mode))
	}
	for _, m := range t.Mean {
		row := jsonMean{
			Age: m.Age, Rate: number(m.Rate), Low: number(m.Low), High: number(m.High), Customers: m.Customers,
			Active: m.Active, Cohorts: m.Cohorts,
		}
		if t.Mode == cohort.On {
			row.NetRate, row.CumulativeNet = known(m.NetRate, m.NetRateKnown), minor(m.CumulativeNet, true)
		}
		out.Mean = append(out.Mean, row)
	}
	return out
}

// jsonCohort writes null for a future cell, which is not known rather than 0.
func (r *Results) jsonCohort(c cohort.Cohort, mode cohort.Mode) jsonCohort {
	out := jsonCohort{
		Cohort: r.key(c.Cohort), Size: c.Size, Truncated: c.Truncated, Small: c.Size < r.minCell, Active: []*int64{},
		State: []dataset.State{},
	}
	for _, cell := range c.Cells {
		begun := cell.State != dataset.Future
		out.State = append(out.State, cell.State)
		out.Active = append(out.Active, when(cell.Active, begun))
		if mode == cohort.On {
			out.Orders = append(out.Orders, when(cell.Orders, begun))
			out.Net = append(out.Net, when(cell.Net, begun))
		}
	}
	return out
}

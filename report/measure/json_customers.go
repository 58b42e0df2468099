package measure

import (
	"parcours/report/clv"
	"parcours/report/dataset"
	"parcours/report/segment"
	"parcours/report/stats"
)

type jsonCLV struct {
	Margin   *number       `json:"margin"`
	Missing  *string       `json:"missing"`
	Formula  *jsonFormula  `json:"formula"`
	Payback  *int32        `json:"payback_age"`
	Horizon  *int32        `json:"payback_horizon_age"`
	CAC      []jsonCAC     `json:"cac"`
	Mean     []jsonPoint   `json:"mean"`
	Cohorts  []jsonCurve   `json:"cohorts"`
	Channels []jsonChannel `json:"channels"`

	jsonPrediction
}

type jsonFormula struct {
	AOV            *int64  `json:"aov_minor"`
	Orders         int64   `json:"orders"`
	Customers      int64   `json:"customers"`
	Periods        int32   `json:"periods"`
	OrdersPerYear  number  `json:"orders_per_year"`
	Churn          number  `json:"churn"`
	ChurnLow       number  `json:"churn_low"`
	ChurnHigh      number  `json:"churn_high"`
	ChurnN         int64   `json:"churn_customers"`
	ChurnAge       int32   `json:"churn_age"`
	Extrapolated   bool    `json:"churn_extrapolated"`
	ChurnTruncated bool    `json:"churn_first_cohort_only"`
	Lifespan       number  `json:"lifespan_years"`
	LifespanLow    number  `json:"lifespan_low_years"`
	LifespanHigh   number  `json:"lifespan_high_years"`
	LifespanCap    bool    `json:"lifespan_capped"`
	CAC            *int64  `json:"cac_minor"`
	Value          *int64  `json:"value_minor"`
	Low            *int64  `json:"value_low_minor"`
	High           *int64  `json:"value_high_minor"`
	Margin         *int64  `json:"value_at_margin_minor"`
	MarginLow      *int64  `json:"value_at_margin_low_minor"`
	MarginHigh     *int64  `json:"value_at_margin_high_minor"`
	Ratio          *number `json:"value_to_cac"`
}

type jsonCAC struct {
	Channel      *string `json:"channel"` // null: all channels
	Spend        int64   `json:"spend_minor"`
	NewCustomers int64   `json:"new_customers"`
	CAC          *int64  `json:"cac_minor"`
}

type jsonPoint struct {
	Age       int32         `json:"age"`
	State     dataset.State `json:"state"`
	Value     *int64        `json:"value_minor"`
	Customers int64         `json:"customers"`
}

type jsonCurve struct {
	Cohort    string      `json:"cohort"`
	Size      int64       `json:"size"`
	Truncated bool        `json:"truncated"`
	Points    []jsonPoint `json:"points"`
}

type jsonChannel struct {
	Group      string  `json:"group"`
	Channel    *string `json:"channel"`
	Customers  int64   `json:"customers"`
	Orders     int64   `json:"orders"`
	Net        int64   `json:"net_minor"`
	PerHead    *int64  `json:"net_per_customer_minor"`
	Repeat     *number `json:"repeat_90_days"`
	RepeatLow  *number `json:"repeat_90_days_low"`
	RepeatHigh *number `json:"repeat_90_days_high"`
	RepeatN    int64   `json:"repeat_90_days_customers"`
	CAC        *int64  `json:"cac_minor"`
	Ratio      *number `json:"value_to_cac"`
	Payback    *int32  `json:"payback_age"`
}

func (r *Results) jsonCLV() *jsonCLV {
	c := r.CLV
	if c == nil {
		return nil
	}
	out := &jsonCLV{
		Margin: known(c.Margin, c.MarginKnown), Missing: when(c.Missing, c.Missing != ""),
		Payback: when(c.Payback.Age, c.Payback.Known && c.Payback.Reached), Horizon: when(c.Payback.Horizon, c.Payback.Known),
		CAC: []jsonCAC{}, Mean: jsonPoints(c.Mean), Cohorts: []jsonCurve{}, Channels: []jsonChannel{},
		jsonPrediction: r.jsonPrediction(c),
	}
	if c.Formula != nil {
		out.Formula = jsonFormulaOf(c.Formula, c.MarginKnown)
	}
	for _, x := range c.CAC {
		out.CAC = append(out.CAC, jsonCAC{when(x.Channel, x.Channel != ""), x.Spend, x.NewCustomers, minor(x.Value, x.Known)})
	}
	for _, o := range c.Observed {
		out.Cohorts = append(out.Cohorts, jsonCurve{r.key(o.Cohort), o.Size, o.Truncated, jsonPoints(o.Points)})
	}
	for _, x := range c.Channels {
		out.Channels = append(out.Channels, jsonChannelOf(x))
	}
	return out
}

func jsonPoints(points []clv.Point) []jsonPoint {
	out := make([]jsonPoint, 0, len(points))
	for _, p := range points {
		out = append(out, jsonPoint{p.Age, p.State, minor(p.Value, true), p.Customers})
	}
	return out
}

func jsonFormulaOf(f *clv.Formula, margin bool) *jsonFormula {
	return &jsonFormula{
		AOV: minor(f.AOV, true), Orders: f.Orders, Customers: f.Customers, Periods: f.Periods,
		OrdersPerYear: number(f.OrdersPerYear), Churn: number(f.Churn), ChurnLow: number(f.ChurnLow),
		ChurnHigh: number(f.ChurnHigh), ChurnN: f.ChurnN, ChurnAge: f.ChurnAge, Extrapolated: f.Extrapolated,
		ChurnTruncated: f.ChurnTruncated, Lifespan: number(f.Lifespan), LifespanLow: number(f.LifespanLow),
		LifespanHigh: number(f.LifespanHigh), LifespanCap: f.LifespanCap, CAC: minor(f.CAC, f.CACKnown),
		Value: minor(f.Gross, true), Low: minor(f.GrossLow, true), High: minor(f.GrossHigh, true),
		Margin: minor(f.Net, margin), MarginLow: minor(f.NetLow, margin), MarginHigh: minor(f.NetHigh, margin),
		Ratio: known(f.Ratio, f.RatioKnown),
	}
}

func jsonChannelOf(c clv.Channel) jsonChannel {
	group := "value"
	switch c.Dim {
	case dataset.OtherDim:
		group = "other"
	case dataset.NoDim:
		group = "none"
	}
	some := c.RepeatN > 0
	return jsonChannel{
		Group: group, Channel: when(c.Dim, lone(c.Dim)), Customers: c.Customers, Orders: c.Orders, Net: c.Net,
		PerHead: minor(c.PerHead, c.Customers > 0), Repeat: known(c.Repeat, some), RepeatLow: known(c.RepeatLow, some),
		RepeatHigh: known(c.RepeatHigh, some), RepeatN: c.RepeatN, CAC: minor(c.CAC, c.CACKnown),
		Ratio: known(c.Ratio, c.RatioKnown), Payback: when(c.Payback, c.Payback >= 0),
	}
}

type jsonSegments struct {
	Customers int64         `json:"customers"`
	Net       int64         `json:"net_minor"`
	Segments  []jsonSegment `json:"segments"`
	Recency   [4]number     `json:"recency_edges_days"`
	Frequency [4]number     `json:"frequency_edges_orders"`
	Monetary  [4]*int64     `json:"monetary_edges_minor"`
	Top       *number       `json:"best_monetary_score_customers_share"`
	TopNet    *number       `json:"best_monetary_score_net_share"`
	Status    jsonStatus    `json:"status"`
}

type jsonSegment struct {
	Name      segment.Name `json:"name"`
	Customers int64        `json:"customers"`
	Share     *number      `json:"share"`
	Orders    int64        `json:"orders"`
	Net       int64        `json:"net_minor"`
}

type jsonStatus struct {
	ActiveDays int32 `json:"active_days"`
	LostDays   int32 `json:"lost_days"`
	Configured bool  `json:"configured"`
	Fallback   bool  `json:"fallback"`
	Active     int64 `json:"active"`
	Dormant    int64 `json:"dormant"`
	Lost       int64 `json:"lost"`
}

func (r *Results) jsonSegments() *jsonSegments {
	s := r.Segments
	if s == nil {
		return nil
	}
	t := s.Status
	out := &jsonSegments{
		Customers: s.Customers, Net: s.Net, Segments: []jsonSegment{}, Top: known(s.TopCustomers, s.TopKnown),
		TopNet: known(s.TopNet, s.TopKnown),
		Status: jsonStatus{t.ActiveDays, t.LostDays, t.Configured, t.Fallback, t.Active, t.Dormant, t.Lost},
	}
	for i := range 4 {
		out.Recency[i], out.Frequency[i] = number(s.Edges.Recency[i]), number(s.Edges.Frequency[i])
		out.Monetary[i] = minor(s.Edges.Monetary[i], true)
	}
	for _, g := range s.Segments {
		share, ok := stats.Ratio(g.Customers, s.Customers)
		out.Segments = append(out.Segments, jsonSegment{g.Name, g.Customers, known(share, ok), g.Orders, g.Net})
	}
	return out
}

package measure

import (
	"cmp"
	"slices"

	"parcours/report/dataset"
	"parcours/report/funnel"
)

type jsonLifecycle struct {
	Periods []jsonFlow `json:"periods"`
}

type jsonFlow struct {
	Period      string        `json:"period"`
	State       dataset.State `json:"state"`
	Active      int64         `json:"active"`
	New         int64         `json:"new"`
	Returning   int64         `json:"returning"`
	Resurrected int64         `json:"resurrected"`
	Dormant     int64         `json:"dormant"`
}

func (r *Results) jsonLifecycle() *jsonLifecycle {
	if r.Lifecycle == nil {
		return nil
	}
	out := &jsonLifecycle{[]jsonFlow{}}
	for _, p := range r.Lifecycle.Periods {
		out.Periods = append(out.Periods, jsonFlow{
			r.key(p.Period), p.State, p.Active, p.New, p.Returning, p.Resurrected, p.Dormant,
		})
	}
	return out
}

type jsonFunnel struct {
	Period      *string          `json:"period"`
	Overall     *number          `json:"overall_rate"`
	Touchpoints []jsonTouchpoint `json:"touchpoints"`
	Steps       []jsonStep       `json:"steps"`
	Scores      []jsonScore      `json:"scores"`
	Messages    []jsonMessages   `json:"messages"`
	Tickets     []jsonTickets    `json:"tickets"`
}

type jsonTouchpoint struct {
	Name      string `json:"touchpoint"`
	Events    int64  `json:"events"`
	Customers int64  `json:"customers"`
	Previous  int64  `json:"previous_customers"`
}

type jsonStep struct {
	From    string `json:"from"`
	To      string `json:"to"`
	Entered int64  `json:"entered"`
	Passed  int64  `json:"passed"`
	Rate    number `json:"rate"`
	Low     number `json:"low"`
	High    number `json:"high"`
}

type jsonScore struct {
	Metric     string  `json:"metric"`
	Touchpoint *string `json:"touchpoint"` // null: every answer
	Period     string  `json:"period"`
	Answers    int64   `json:"answers"`
	OffScale   int64   `json:"off_scale"`
	Value      number  `json:"value"`
	Low        *number `json:"low"`
	High       *number `json:"high"`
	Mean       number  `json:"mean"`
	Previous   *number `json:"previous_value"`
}

type jsonMessages struct {
	Channel    *string `json:"channel"`
	Sent       int64   `json:"sent"`
	Delivered  int64   `json:"delivered"`
	Opened     int64   `json:"opened"`
	Clicked    int64   `json:"clicked"`
	Converted  int64   `json:"converted"`
	Open       *number `json:"open_rate"`
	Click      *number `json:"click_rate"`
	Conversion *number `json:"conversion_rate"`
}

type jsonTickets struct {
	Channel    *string `json:"channel"` // null: all
	Tickets    int64   `json:"tickets"`
	Unanswered int64   `json:"unanswered"`
	Median     *int32  `json:"median_minutes_at_most"`
	P90        *int32  `json:"p90_minutes_at_most"`
}

func (r *Results) jsonFunnel() *jsonFunnel {
	f := r.Funnel
	if f == nil {
		return nil
	}
	out := &jsonFunnel{
		Period: when(r.key(f.Period), f.HasPeriod), Overall: known(f.Overall, f.OverallSteps > 0),
		Touchpoints: []jsonTouchpoint{}, Steps: []jsonStep{}, Scores: []jsonScore{}, Messages: []jsonMessages{},
		Tickets: []jsonTickets{},
	}
	for _, t := range f.Touchpoints {
		out.Touchpoints = append(out.Touchpoints, jsonTouchpoint(t))
	}
	for _, s := range f.Steps {
		out.Steps = append(out.Steps, jsonStep{
			s.From, s.To, s.Entered, s.Passed, number(s.Rate), number(s.Low), number(s.High),
		})
	}
	for _, s := range f.Scores {
		out.Scores = append(out.Scores, r.jsonScore(s))
	}
	for _, m := range f.Messages {
		out.Messages = append(out.Messages, jsonMessages{
			when(m.Channel, m.Channel != ""), m.Sent, m.Delivered, m.Opened, m.Clicked, m.Converted,
			known(m.OpenRate, m.Known && m.OpenKnown), known(m.ClickRate, m.Known), known(m.ConversionRate, m.Known),
		})
	}
	for _, t := range f.Tickets {
		out.Tickets = append(out.Tickets, jsonTickets{
			when(t.Channel, t.Channel != ""), t.Tickets, t.Unanswered, bounded(t.Median), bounded(t.P90),
		})
	}
	return out
}

// bounded is null when no bucket bounds the time from above.
func bounded(minutes int32) *int32 {
	open := dataset.TicketBuckets[len(dataset.TicketBuckets)-1]
	return when(minutes, minutes != dataset.NoReply && minutes != open)
}

func (r *Results) jsonScore(s funnel.Score) jsonScore {
	return jsonScore{
		Metric: s.Metric, Touchpoint: when(s.Touchpoint, s.Touchpoint != ""), Period: r.key(s.Period), Answers: s.Answers,
		OffScale: s.OffScale, Value: number(s.Value), Low: known(s.Low, s.HasInterval), High: known(s.High, s.HasInterval),
		Mean: number(s.Mean), Previous: known(s.Previous, s.PreviousKnown),
	}
}

// jsonQuality holds rows read, used and not used by table. How the rows are split into files is no property of the
// figures, so files stand in .parcours.json and on the data page only.
type jsonQuality struct {
	Tables  []jsonInput  `json:"tables"`
	Reasons []jsonReason `json:"reasons"`
}

type jsonInput struct {
	Table string `json:"table"`
	Rows  int64  `json:"rows"`
	Used  int64  `json:"rows_used"`
}

type jsonReason struct {
	Table   string         `json:"table"`
	Reason  dataset.Reason `json:"reason"`
	Dropped bool           `json:"dropped"`
	Rows    int64          `json:"rows"`
}

// jsonQuality sums over the files of each table, sorted by table and reason.
func (r *Results) jsonQuality() jsonQuality {
	out := jsonQuality{[]jsonInput{}, []jsonReason{}}
	for _, f := range r.Quality.Files {
		i := slices.IndexFunc(out.Tables, func(t jsonInput) bool { return t.Table == f.Table })
		if i < 0 {
			i = len(out.Tables)
			out.Tables = append(out.Tables, jsonInput{Table: f.Table})
		}
		out.Tables[i].Rows += f.Rows
		out.Tables[i].Used += f.Used
	}
	for _, q := range r.Quality.Reasons {
		i := slices.IndexFunc(out.Reasons, func(j jsonReason) bool { return j.Table == q.Table && j.Reason == q.Reason })
		if i < 0 {
			i = len(out.Reasons)
			out.Reasons = append(out.Reasons, jsonReason{Table: q.Table, Reason: q.Reason, Dropped: q.Reason.Dropped()})
		}
		out.Reasons[i].Rows += q.Rows
	}
	slices.SortFunc(out.Tables, func(a, b jsonInput) int { return cmp.Compare(a.Table, b.Table) })
	slices.SortFunc(out.Reasons, func(a, b jsonReason) int {
		return cmp.Or(cmp.Compare(a.Table, b.Table), cmp.Compare(a.Reason, b.Reason))
	})
	return out
}

type jsonWarning struct {
	Code string            `json:"code"`
	ID   string            `json:"id"`
	Args map[string]string `json:"args"`
}

func (r *Results) jsonWarnings() []jsonWarning {
	out := make([]jsonWarning, 0, len(r.Warnings))
	for _, w := range r.Warnings {
		out = append(out, jsonWarning(w))
	}
	return out
}

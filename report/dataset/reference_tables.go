package dataset

import (
	"math"
	"sort"
	"strings"
	"time"
)

// otherTables fills the tables that do not come from orders.
func (r *reference) otherTables(a *Aggregates) {
	in := r.req.Tables
	if in.Spend != nil {
		a.Acquisition = r.acquisition()
	}
	if in.Messages != nil {
		a.Messages = r.messages()
	}
	if in.Surveys != nil {
		a.Scores = r.scores()
	}
	if in.Tickets != nil {
		a.Tickets = r.tickets()
	}
	if in.Events != nil {
		a.Touchpoints, a.Steps = r.touchpoints(), r.steps()
	}
}

// less compares two lists of texts and numbers of the same shape.
func less(a, b []any) bool {
	for i := range a {
		switch x := a[i].(type) {
		case string:
			if x != b[i].(string) {
				return x < b[i].(string)
			}
		case int32:
			if x != b[i].(int32) {
				return x < b[i].(int32)
			}
		}
	}
	return false
}

func (r *reference) acquisition() []AcquisitionRow {
	channels := map[string]bool{"": true}
	for _, row := range r.tables["spend"] {
		channels[row.text("channel")] = true
	}
	out := []AcquisitionRow{}
	for channel := range channels {
		rows := map[int32]*AcquisitionRow{}
		at := func(period int32) *AcquisitionRow {
			if rows[period] == nil {
				rows[period] = &AcquisitionRow{Channel: channel, Period: period}
			}
			return rows[period]
		}
		for _, row := range r.tables["spend"] {
			if channel == "" || row.text("channel") == channel {
				at(r.period(r.day("spend", row))).Spend += row.int("amount")
			}
		}
		for _, p := range keep(r.people, (*person).ordered) {
			if channel == "" || smallest(p.orders, func(o purchase) string { return o.channel }) == channel {
				at(p.first).NewCustomers++
			}
		}
		out = append(out, sorted(rows)...)
	}
	sort.Slice(out, func(i, j int) bool {
		return less([]any{out[i].Channel, out[i].Period}, []any{out[j].Channel, out[j].Period})
	})
	return out
}

// messages goes through the pairs of customer and campaign.
func (r *reference) messages() []MessageRow {
	type pair struct{ customer, channel, campaign string }
	pairs := map[pair]map[string]Day{} // earliest day of each state
	for _, row := range r.tables["messages"] {
		k := pair{row.text("customer"), row.text("channel"), row.text("campaign")}
		if pairs[k] == nil {
			pairs[k] = map[string]Day{}
		}
		d := r.day("messages", row)
		if old, ok := pairs[k][row.text("event")]; !ok || d < old {
			pairs[k][row.text("event")] = d
		}
	}
	type key struct {
		channel, campaign string
		period            int32
	}
	rows := map[key]*MessageRow{}
	for k, states := range pairs {
		day, sent := states["sent"]
		if !sent {
			day = math.MaxInt32
			for _, d := range states {
				day = min(day, d)
			}
		}
		at := key{k.channel, k.campaign, r.period(day)}
		if rows[at] == nil {
			rows[at] = &MessageRow{Channel: k.channel, Campaign: k.campaign, Period: at.period}
		}
		for state, counter := range map[string]*int64{
			"sent": &rows[at].Sent, "delivered": &rows[at].Delivered, "opened": &rows[at].Opened,
			"clicked": &rows[at].Clicked, "converted": &rows[at].Converted,
		} {
			if _, ok := states[state]; ok {
				*counter++
			}
		}
	}
	out := []MessageRow{}
	for _, row := range rows {
		out = append(out, *row)
	}
	sort.Slice(out, func(i, j int) bool {
		return less([]any{out[i].Channel, out[i].Campaign, out[i].Period}, []any{out[j].Channel, out[j].Campaign, out[j].Period})
	})
	return out
}

func (r *reference) scores() []ScoreRow {
	rows := map[ScoreRow]int64{}
	for _, row := range r.tables["surveys"] {
		rows[ScoreRow{
			Metric: strings.ToLower(row.text("metric")), Touchpoint: row.text("touchpoint"), Period: r.period(r.day("surveys", row)),
			Score: int32(math.Round(row["score"].(float64) * 100)),
		}]++
	}
	out := []ScoreRow{}
	for row, n := range rows {
		row.Answers = n
		out = append(out, row)
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := out[i], out[j]
		return less([]any{a.Metric, a.Touchpoint, a.Period, a.Score}, []any{b.Metric, b.Touchpoint, b.Period, b.Score})
	})
	return out
}

func (r *reference) tickets() []TicketRow {
	rows := map[TicketRow]int64{}
	for _, row := range r.tables["tickets"] {
		rows[TicketRow{
			Channel: row.text("channel"), Period: r.period(r.day("tickets", row)), Bucket: r.bucket(row),
		}]++
	}
	out := []TicketRow{}
	for row, n := range rows {
		row.Tickets = n
		out = append(out, row)
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := out[i], out[j]
		return less([]any{a.Channel, a.Period, a.Bucket}, []any{b.Channel, b.Period, b.Bucket})
	})
	return out
}

// bucket counts the minutes begun before the first reply; one after as-of has not come yet.
func (r *reference) bucket(row Row) int32 {
	reply, ok := row["first_reply"].(time.Time)
	if !ok || r.req.Calendar.DayOf(reply) > r.asOf {
		return NoReply
	}
	minutes := reply.Sub(row["time"].(time.Time)).Minutes()
	for _, bound := range TicketBuckets {
		if minutes <= float64(bound) {
			return bound
		}
	}
	return TicketBuckets[len(TicketBuckets)-1]
}

func (r *reference) touchpoints() []TouchpointRow {
	type key struct {
		touchpoint string
		period     int32
	}
	events := map[key]int64{}
	customers := map[key]map[string]bool{}
	for _, row := range r.tables["events"] {
		k := key{row.text("touchpoint"), r.period(r.day("events", row))}
		events[k]++
		if customers[k] == nil {
			customers[k] = map[string]bool{}
		}
		if row.has("customer") {
			customers[k][row.text("customer")] = true
		}
	}
	out := []TouchpointRow{}
	for k, n := range events {
		out = append(out, TouchpointRow{k.touchpoint, k.period, n, int64(len(customers[k]))})
	}
	sort.Slice(out, func(i, j int) bool {
		return less([]any{out[i].Touchpoint, out[i].Period}, []any{out[j].Touchpoint, out[j].Period})
	})
	return out
}

func (r *reference) steps() []StepRow {
	rows := map[Pair]map[int32]*StepRow{}
	byCustomer := map[string][]Row{}
	for _, row := range r.tables["events"] {
		if row.has("customer") {
			byCustomer[row.text("customer")] = append(byCustomer[row.text("customer")], row)
		}
	}
	for _, pair := range r.req.Touchpoint {
		if rows[pair] != nil {
			continue // a pair of two maps
		}
		rows[pair] = map[int32]*StepRow{}
		for _, events := range byCustomer {
			for period, entry := range r.entries(pair.From, events) {
				if rows[pair][period] == nil {
					rows[pair][period] = &StepRow{From: pair.From, To: pair.To, Period: period}
				}
				rows[pair][period].Entered++
				if r.passed(pair, entry, events) {
					rows[pair][period].Passed++
				}
			}
		}
	}
	out := []StepRow{}
	for _, byPeriod := range rows {
		out = append(out, sorted(byPeriod)...)
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := out[i], out[j]
		return less([]any{a.From, a.To, a.Period}, []any{b.From, b.To, b.Period})
	})
	return out
}

// entries returns the time of the first event at a touchpoint in each period.
func (r *reference) entries(touchpoint string, events []Row) map[int32]time.Time {
	first := map[int32]time.Time{}
	for _, row := range events {
		p, at := r.period(r.day("events", row)), row["time"].(time.Time)
		if old, ok := first[p]; row.text("touchpoint") == touchpoint && (!ok || at.Before(old)) {
			first[p] = at
		}
	}
	return first
}

func (r *reference) passed(pair Pair, entry time.Time, events []Row) bool {
	for _, row := range events {
		at := row["time"].(time.Time)
		days := r.req.Calendar.DayOf(at) - r.req.Calendar.DayOf(entry)
		if row.text("touchpoint") != pair.To || at.Before(entry) || days > r.req.StepDays {
			continue
		}
		if pair.From != pair.To || at.After(entry) {
			return true
		}
	}
	return false
}

// qualityRows returns the counts by reason, without files. Rows of orders whose id names several customers are
// counted here.
func (r *reference) qualityRows() []QualityRow {
	customers := map[string]map[string]bool{}
	lines := map[string]int64{}
	for _, row := range r.tables["orders"] {
		if id := row.text("order"); id != "" && row.has("customer") {
			if customers[id] == nil {
				customers[id] = map[string]bool{}
			}
			customers[id][row.text("customer")] = true
			lines[id]++
		}
	}
	for id, who := range customers {
		if len(who) > 1 {
			r.quality[qualityKey{"orders", ConflictingOrder}] += lines[id]
		}
	}
	out := []QualityRow{}
	for k, n := range r.quality {
		out = append(out, QualityRow{Table: k.table, Reason: k.reason, Rows: n})
	}
	sort.Slice(out, func(i, j int) bool {
		return less([]any{out[i].Table, string(out[i].Reason)}, []any{out[j].Table, string(out[j].Reason)})
	})
	return out
}

package funnel

import (
	"cmp"
	"slices"

	"parcours/report/dataset"
	"parcours/report/stats"
)

// MinEntered is the number of customers below which a step is not called the worst.
const MinEntered = 30

// Compute measures the last complete period; nil when the bundle has no events, answers, messages or tickets.
func Compute(agg *dataset.Aggregates, cal dataset.Calendar) *Report {
	if len(agg.Touchpoints)+len(agg.Steps)+len(agg.Scores)+len(agg.Messages)+len(agg.Tickets) == 0 {
		return nil
	}
	m := agg.Manifest
	last := cal.PeriodOf(m.Grain, m.AsOf)
	if cal.StateOf(m.Grain, last, m.AsOf) != dataset.Complete {
		last--
	}
	r := &Report{Period: last, HasPeriod: last >= cal.PeriodOf(m.Grain, m.First), Worst: -1}
	r.Scores = scores(agg.Scores, last)
	if !r.HasPeriod {
		return r
	}
	r.Touchpoints = touchpoints(agg.Touchpoints, last)
	r.Steps = steps(agg.Steps, last)
	r.Worst = worst(r.Steps)
	r.Overall, r.OverallSteps = overall(r.Steps)
	r.Messages = messages(agg.Messages, last)
	r.Tickets = tickets(agg.Tickets, last)
	return r
}

// touchpoints lists every touchpoint of the data, so that one that fell silent shows as 0.
func touchpoints(rows []dataset.TouchpointRow, period int32) []Touchpoint {
	var all []Touchpoint
	for _, r := range rows {
		if len(all) == 0 || all[len(all)-1].Name != r.Touchpoint {
			all = append(all, Touchpoint{Name: r.Touchpoint})
		}
		t := &all[len(all)-1]
		switch r.Period {
		case period:
			t.Events, t.Customers = r.Events, r.Customers
		case period - 1:
			t.Previous = r.Customers
		}
	}
	return all
}

func steps(rows []dataset.StepRow, period int32) []Step {
	var all []Step
	for _, r := range rows {
		if r.Period != period || r.Entered == 0 {
			continue
		}
		rate, _ := stats.Ratio(r.Passed, r.Entered)
		w := stats.Wilson(r.Passed, r.Entered)
		all = append(all, Step{
			From: r.From, To: r.To, Entered: r.Entered, Passed: r.Passed, Rate: rate, Low: w.Low, High: w.High,
		})
	}
	return all
}

func worst(steps []Step) int {
	place := -1
	for i, s := range steps {
		if s.Entered >= MinEntered && (place < 0 || s.Rate < steps[place].Rate) {
			place = i
		}
	}
	return place
}

// overall multiplies the rates along the main path. Each step counts once, so a loop of touchpoints ends.
func overall(steps []Step) (rate float64, length int) {
	leads := map[string]bool{}
	for _, s := range steps {
		leads[s.To] = leads[s.To] || s.From != s.To
	}
	next := busiest(steps, func(s Step) bool { return !leads[s.From] })
	rate, seen := 1, map[string]bool{}
	for next >= 0 {
		s := steps[next]
		rate *= s.Rate
		length++
		seen[s.From] = true
		next = busiest(steps, func(n Step) bool { return n.From == s.To && !seen[n.From] && !seen[n.To] })
	}
	return rate, length
}

// busiest returns the place of the most entered step that satisfies ok, −1 when none does.
func busiest(steps []Step, ok func(Step) bool) int {
	place := -1
	for i, s := range steps {
		if ok(s) && s.From != s.To && (place < 0 || s.Entered > steps[place].Entered) {
			place = i
		}
	}
	return place
}

// messages sums the campaigns of each channel.
func messages(rows []dataset.MessageRow, period int32) []Messages {
	var all []Messages
	for _, r := range rows {
		if r.Period != period {
			continue
		}
		if len(all) == 0 || all[len(all)-1].Channel != r.Channel {
			all = append(all, Messages{Channel: r.Channel})
		}
		m := &all[len(all)-1]
		m.Sent, m.Delivered, m.Opened = m.Sent+r.Sent, m.Delivered+r.Delivered, m.Opened+r.Opened
		m.Clicked, m.Converted = m.Clicked+r.Clicked, m.Converted+r.Converted
	}
	for i := range all {
		all[i].rates()
	}
	return all
}

// Base is the denominator of the rates: messages delivered, or sent when delivery was not recorded for all that
// were opened, clicked or converted; ok is false when neither can be it.
func (m Messages) Base() (n int64, ok bool) {
	reached := max(m.Opened, m.Clicked, m.Converted)
	for _, n := range []int64{m.Delivered, m.Sent} {
		if n > 0 && n >= reached {
			return n, true
		}
	}
	return 0, false
}

func (m *Messages) rates() {
	base, ok := m.Base()
	if m.Known = ok; !ok {
		return
	}
	if m.OpenKnown = m.Opened > 0 || m.Clicked == 0; m.OpenKnown {
		m.OpenRate, _ = stats.Ratio(m.Opened, base)
	}
	m.ClickRate, _ = stats.Ratio(m.Clicked, base)
	m.ConversionRate, _ = stats.Ratio(m.Converted, base)
	w := stats.Wilson(m.Clicked, base)
	m.ClickLow, m.ClickHigh = w.Low, w.High
}

// AllMessages sums the channels; OpenRate is over those that record opens.
func (r Report) AllMessages() Messages {
	all, opens := sum(r.Messages, false), r.Opens()
	all.rates()
	all.OpenRate, all.OpenKnown = opens.OpenRate, opens.Known && opens.OpenKnown
	return all
}

// Opens sums the channels that record opens: the base of the open rate.
func (r Report) Opens() Messages {
	all := sum(r.Messages, true)
	all.rates()
	return all
}

func sum(channels []Messages, opens bool) (all Messages) {
	for _, m := range channels {
		if opens && !m.OpenKnown {
			continue
		}
		all.Sent, all.Delivered, all.Opened = all.Sent+m.Sent, all.Delivered+m.Delivered, all.Opened+m.Opened
		all.Clicked, all.Converted = all.Clicked+m.Clicked, all.Converted+m.Converted
	}
	return all
}

// tickets gives all tickets first, then each named channel.
func tickets(rows []dataset.TicketRow, period int32) []Tickets {
	var of []dataset.TicketRow
	for _, r := range rows {
		if r.Period == period {
			of = append(of, r)
		}
	}
	if len(of) == 0 {
		return nil
	}
	all := []Tickets{summary("", of)}
	slices.SortStableFunc(of, func(a, b dataset.TicketRow) int { return cmp.Compare(a.Channel, b.Channel) })
	for start := 0; start < len(of); {
		end := start
		for end < len(of) && of[end].Channel == of[start].Channel {
			end++
		}
		if of[start].Channel != "" {
			all = append(all, summary(of[start].Channel, of[start:end]))
		}
		start = end
	}
	return all
}

// summary counts tickets by reply time; one without a reply has waited longer than any with one.
func summary(channel string, rows []dataset.TicketRow) Tickets {
	t := Tickets{Channel: channel}
	counts := map[int32]int64{}
	for _, r := range rows {
		t.Tickets += r.Tickets
		counts[r.Bucket] += r.Tickets
	}
	t.Unanswered = counts[dataset.NoReply]
	var histogram []stats.Count
	for _, b := range dataset.TicketBuckets {
		histogram = append(histogram, stats.Count{Value: float64(b), N: counts[b]})
	}
	histogram = append(histogram, stats.Count{Value: float64(dataset.NoReply), N: t.Unanswered})
	median, _ := stats.UpperQuantile(histogram, .5)
	p90, _ := stats.UpperQuantile(histogram, .9)
	t.Median, t.P90 = int32(median), int32(p90)
	return t
}

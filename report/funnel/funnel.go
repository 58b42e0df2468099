// Package funnel measures touchpoints, surveys, messages and support by period.
package funnel

// Report is what is measured beside orders; nil or empty parts had no input. Figures are those of the last complete
// period unless a field says otherwise.
type Report struct {
	Period      int32
	HasPeriod   bool
	Touchpoints []Touchpoint
	Steps       []Step
	// Worst is the place in Steps of the one that loses the largest share, among those that at least MinEntered
	// customers entered; −1 when there is none.
	Worst int
	// Overall is the product of the rates along the main path: from the most entered step that no other leads to,
	// always on to the most entered next one. OverallSteps counts its steps, 0 when there is none.
	Overall      float64
	OverallSteps int
	Scores       []Score // by metric and touchpoint; Touchpoint "" is every answer of the metric
	Messages     []Messages
	Tickets      []Tickets // by channel; Channel "" is all
}

// Touchpoint is the reach of one touchpoint.
type Touchpoint struct {
	Name      string
	Events    int64
	Customers int64
	Previous  int64 // customers of the period before
}

// Step is the passage from one touchpoint to the next, with Wilson's interval. Customers who entered in the last days
// of the period may still pass after as-of, so a rate read right after the end of a period is on the low side.
type Step struct {
	From, To        string
	Entered, Passed int64
	Rate, Low, High float64
}

// Score summarises answers of the latest complete period that has any, since surveys often come in waves. Value is:
// nps, −100…100; csat, the share of 4 and 5 on a scale of 1–5; else the mean. Answers off the scale of nps (0–10) or csat
// are in OffScale and nowhere else. Mean is the plain mean of the answers. Low and High are 95 %: see stats.NPS for
// nps, Wilson's for csat; the mean's is normal, ± 1.96 standard errors, and has no width when HasInterval is false (one
// answer, or all alike).
type Score struct {
	Metric, Touchpoint      string
	Period                  int32
	Answers, OffScale       int64
	HasInterval             bool // Low < High can be shown
	Value, Low, High        float64
	Mean, MeanLow, MeanHigh float64
	Previous                float64 // value of the answered period before
	PreviousKnown           bool
}

// Messages is e-mail and messaging performance by channel: rates over delivered (sent when delivery is unknown).
type Messages struct {
	Channel                                     string
	Sent, Delivered, Opened, Clicked, Converted int64
	OpenRate, ClickRate, ConversionRate         float64
	ClickLow, ClickHigh                         float64
	Known                                       bool // false without a denominator
	OpenKnown                                   bool // opens are recorded: some, or at least no click without any (an SMS is clicked and never opened)
}

// Tickets is support load and first-reply time; Median and P90 are upper bounds of the bucket that holds them, in minutes, −1 when
// that many are still unanswered.
type Tickets struct {
	Channel     string
	Tickets     int64
	Unanswered  int64
	Median, P90 int32
}

// Package funnel measures touchpoints, surveys, messages and support by period.
package funnel

// Report is what is measured beside orders; nil or empty parts had no input. Figures are those of the last complete
// period unless a field says otherwise.
type Report struct {
	Period      int32
	HasPeriod   bool
	Touchpoints []Touchpoint
	Steps       []Step
	Scores      []Score // by metric and touchpoint; Touchpoint "" is every answer of the metric
	Messages    []Messages
	Tickets     []Tickets // by channel; Channel "" is all
}

// Touchpoint is the reach of one touchpoint.
type Touchpoint struct {
	Name      string
	Events    int64
	Customers int64
	Previous  int64 // customers of the period before
}

// Step is the passage from one touchpoint to the next, with Wilson's interval.
type Step struct {
	From, To        string
	Entered, Passed int64
	Rate, Low, High float64
}

// Score summarises answers. Value is: nps, −100…100; csat, the share of 4 and 5 on a scale of 1–5; else the mean.
// Mean is the plain mean of the answers. Low and High are 95 %.
type Score struct {
	Metric, Touchpoint      string
	Answers                 int64
	Value, Low, High        float64
	Mean, MeanLow, MeanHigh float64
	Previous                float64
	PreviousKnown           bool
}

// Messages is e-mail and messaging performance by channel: rates over delivered (sent when delivery is unknown).
type Messages struct {
	Channel                                     string
	Sent, Delivered, Opened, Clicked, Converted int64
	OpenRate, ClickRate, ConversionRate         float64
	ClickLow, ClickHigh                         float64
	Known                                       bool // false without a denominator
}

// Tickets is support load and first-reply time; Median and P90 are upper bounds of the bucket that holds them, in minutes, −1 when
// that many are still unanswered.
type Tickets struct {
	Channel     string
	Tickets     int64
	Unanswered  int64
	Median, P90 int32
}

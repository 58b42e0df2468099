package funnel_test

import (
	"math"
	"testing"

	"parcours/report/dataset"
	"parcours/report/funnel"
)

const (
	may  = 2025*12 + 4
	june = may + 1
	july = june + 1
)

// bundle observes until 10 July 2025, so that June is the last complete month.
func bundle() *dataset.Aggregates {
	return &dataset.Aggregates{Manifest: dataset.Manifest{
		Grain: dataset.Month, First: dataset.CivilDay(2025, 1, 1), AsOf: dataset.CivilDay(2025, 7, 10),
	}}
}

func TestScoresAreOfTheLatestAnsweredPeriod(t *testing.T) {
	a := bundle()
	a.Scores = []dataset.ScoreRow{
		{Metric: "ces", Touchpoint: "returns", Period: may, Score: 300, Answers: 2},
		{Metric: "ces", Touchpoint: "returns", Period: may, Score: 600, Answers: 2},
		{Metric: "csat", Touchpoint: "delivery", Period: june, Score: 350, Answers: 10},
		{Metric: "csat", Touchpoint: "delivery", Period: june, Score: 400, Answers: 30},
		{Metric: "csat", Touchpoint: "delivery", Period: june, Score: 1000, Answers: 7},
		{Metric: "nps", Period: may, Score: 1000, Answers: 10},
		{Metric: "nps", Period: june, Score: 600, Answers: 17},
		{Metric: "nps", Period: june, Score: 700, Answers: 20},
		{Metric: "nps", Period: june, Score: 800, Answers: 13},
		{Metric: "nps", Period: june, Score: 900, Answers: 20},
		{Metric: "nps", Touchpoint: "checkout", Period: june, Score: 1000, Answers: 30},
		{Metric: "nps", Period: july, Score: 0, Answers: 500},
	}
	r := funnel.Compute(a, dataset.Calendar{})
	if len(r.Scores) != 6 {
		t.Fatalf("%+v", r.Scores)
	}
	ces, csat, nps, checkout := r.Scores[0], r.Scores[2], r.Scores[4], r.Scores[5]
	if ces.Value != 4.5 || ces.Period != may || !ces.HasInterval || ces.PreviousKnown {
		t.Errorf("%+v", ces)
	}
	if half := 1.959963984540054 * math.Sqrt(3./4); math.Abs(ces.Low-(4.5-half)) > 1e-9 {
		t.Errorf("mean of four answers: %v…%v", ces.Low, ces.High)
	}
	if csat.Touchpoint != "" || csat.Value != .75 || csat.Answers != 40 || csat.OffScale != 7 || csat.Mean != 3.875 {
		t.Errorf("%+v", csat)
	}
	if nps.Touchpoint != "" || nps.Value != 33 || nps.Answers != 100 || nps.Previous != 100 || math.Abs(nps.Low-18.32) > .01 {
		t.Errorf("%+v", nps)
	}
	if checkout.Touchpoint != "checkout" || checkout.Value != 100 || checkout.Low >= 100 || checkout.PreviousKnown {
		t.Errorf("%+v", checkout)
	}
}

func TestOneAnswerHasAMeanAndNoInterval(t *testing.T) {
	a := bundle()
	a.Scores = []dataset.ScoreRow{{Metric: "ces", Period: june, Score: 500, Answers: 1}}
	if s := funnel.Compute(a, dataset.Calendar{}).Scores[0]; s.Value != 5 || s.HasInterval {
		t.Errorf("%+v", s)
	}
}

func TestStepsFormAPathWithAWorstLoss(t *testing.T) {
	a := bundle()
	a.Steps = []dataset.StepRow{
		{From: "basket", To: "checkout", Period: june, Entered: 400, Passed: 300},
		{From: "checkout", To: "basket", Period: june, Entered: 20, Passed: 0},
		{From: "checkout", To: "payment", Period: june, Entered: 300, Passed: 120},
		{From: "visit", To: "basket", Period: may, Entered: 9000, Passed: 9000},
		{From: "visit", To: "basket", Period: june, Entered: 1000, Passed: 500},
		{From: "visit", To: "help", Period: june, Entered: 900, Passed: 450},
	}
	r := funnel.Compute(a, dataset.Calendar{})
	if w := r.Steps[r.Worst]; w.To != "payment" || w.Rate != .4 || w.Low >= .4 || w.High <= .4 {
		t.Errorf("%+v", w)
	}
	if r.OverallSteps != 3 || math.Abs(r.Overall-.5*.75*.4) > 1e-12 {
		t.Errorf("overall %v in %d steps", r.Overall, r.OverallSteps)
	}
	if r.Period != june || !r.HasPeriod {
		t.Errorf("%+v", r)
	}
}

func TestALoopOfStepsEnds(t *testing.T) {
	a := bundle()
	a.Steps = []dataset.StepRow{
		{From: "a", To: "b", Period: june, Entered: 40, Passed: 20},
		{From: "b", To: "a", Period: june, Entered: 40, Passed: 20},
		{From: "c", To: "c", Period: june, Entered: 40, Passed: 20},
	}
	r := funnel.Compute(a, dataset.Calendar{})
	if r.OverallSteps != 0 {
		t.Errorf("a loop has no beginning: %+v", r)
	}
}

func TestTouchpointsAreComparedWithThePeriodBefore(t *testing.T) {
	a := bundle()
	a.Touchpoints = []dataset.TouchpointRow{
		{Touchpoint: "ad", Period: may, Events: 9, Customers: 8},
		{Touchpoint: "ad", Period: june, Events: 7, Customers: 6},
		{Touchpoint: "shop", Period: may, Events: 5, Customers: 4},
	}
	got := funnel.Compute(a, dataset.Calendar{}).Touchpoints
	want := []funnel.Touchpoint{{Name: "ad", Events: 7, Customers: 6, Previous: 8}, {Name: "shop", Previous: 4}}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("%+v", got)
	}
}

func TestMessageRatesAreOverDelivered(t *testing.T) {
	a := bundle()
	a.Messages = []dataset.MessageRow{
		{Channel: "e-mail", Campaign: "a", Period: june, Sent: 100, Delivered: 80, Opened: 40, Clicked: 8, Converted: 2},
		{Channel: "e-mail", Campaign: "b", Period: june, Sent: 25, Delivered: 20, Opened: 10, Clicked: 2},
		{Channel: "push", Campaign: "a", Period: june, Opened: 3},
		{Channel: "sms", Campaign: "a", Period: june, Sent: 50, Clicked: 5},
	}
	r := funnel.Compute(a, dataset.Calendar{})
	mail, push, sms := r.Messages[0], r.Messages[1], r.Messages[2]
	if !mail.Known || mail.OpenRate != .5 || mail.ClickRate != .1 || mail.ConversionRate != .02 || mail.ClickLow >= .1 {
		t.Errorf("%+v", mail)
	}
	if push.Known {
		t.Errorf("no denominator: %+v", push)
	}
	if !sms.Known || sms.ClickRate != .1 {
		t.Errorf("delivery is unknown, sent stands in: %+v", sms)
	}
	if sms.OpenKnown || r.AllMessages().OpenRate != .5 {
		t.Errorf("messages clicked and never opened have no open rate: %+v", sms)
	}
	if all := r.AllMessages(); all.Sent != 175 || !all.Known || all.Opened != 53 {
		t.Errorf("%+v", all)
	}
}

func TestUnansweredTicketsWaitLongest(t *testing.T) {
	a := bundle()
	a.Tickets = []dataset.TicketRow{
		{Channel: "chat", Period: june, Bucket: 5, Tickets: 6},
		{Channel: "chat", Period: june, Bucket: 60, Tickets: 4},
		{Channel: "e-mail", Period: june, Bucket: dataset.NoReply, Tickets: 2},
		{Channel: "e-mail", Period: june, Bucket: 1440, Tickets: 8},
		{Channel: "e-mail", Period: july, Bucket: 1, Tickets: 99},
	}
	got := funnel.Compute(a, dataset.Calendar{}).Tickets
	want := []funnel.Tickets{
		{Channel: "", Tickets: 20, Unanswered: 2, Median: 60, P90: 1440},
		{Channel: "chat", Tickets: 10, Median: 5, P90: 60},
		{Channel: "e-mail", Tickets: 10, Unanswered: 2, Median: 1440, P90: -1},
	}
	if len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("%+v", got)
	}
}

func TestNothingMeasuredIsNoReport(t *testing.T) {
	if r := funnel.Compute(bundle(), dataset.Calendar{}); r != nil {
		t.Errorf("%+v", r)
	}
}

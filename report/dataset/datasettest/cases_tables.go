package datasettest

import (
	"testing"

	"parcours/report/dataset"
)

// spend: names are matched to the letter, so Search of the orders is not search of the spend.
func spend() Case {
	jan, feb := month(2024, 1), month(2024, 2)
	return Case{
		Name: "spend and new customers",
		Rows: map[string][]dataset.Row{
			"orders": table(`
				customer order time       amount channel
				ana      -     2024-01-10 100    search
				ana      -     2024-02-10 100    mail
				bob      -     2024-02-10 100    search
				cyd      -     2024-02-11 100    Search
				dan      -     2024-02-12 100    -`),
			"spend": table(`
				time       channel amount
				2024-01-01 search  5000
				2024-01-31 search  100
				2024-02-01 mail    900
				2024-02-02 -       50
				2024-02-13 mail    7`),
		},
		Check: func(t *testing.T, a *dataset.Aggregates) {
			same(t, "Acquisition", a.Acquisition,
				dataset.AcquisitionRow{Period: jan, Spend: 5100, NewCustomers: 1},
				dataset.AcquisitionRow{Period: feb, Spend: 950, NewCustomers: 3},
				dataset.AcquisitionRow{Channel: "mail", Period: feb, Spend: 900},
				dataset.AcquisitionRow{Channel: "search", Period: jan, Spend: 5100, NewCustomers: 1},
				dataset.AcquisitionRow{Channel: "search", Period: feb, NewCustomers: 1})
			same(t, "Quality", shared(a).Quality, dataset.QualityRow{Table: "spend", Reason: dataset.AfterAsOf, Rows: 1})
		},
	}
}

// messages: ana opens twice, which counts once; bob clicks without an opening in the data; cyd's sending is not in
// the data.
func messages() Case {
	return Case{
		Name:    "messages by campaign",
		Request: dataset.Request{AsOf: date(2024, 12, 31)},
		Rows: map[string][]dataset.Row{
			"messages": table(`
				customer time       event     channel campaign
				ana      2024-01-31 sent      email   spring
				ana      2024-02-01 opened    email   spring
				ana      2024-02-02 opened    email   spring
				bob      2024-01-31 sent      email   spring
				bob      2024-01-31 delivered email   spring
				bob      2024-02-01 clicked   email   spring
				cyd      2024-02-01 converted email   spring
				ana      2024-02-01 sent      sms     -
				ana      2025-01-01 opened    sms     -
				-        2024-02-01 sent      sms     -`),
		},
		Check: func(t *testing.T, a *dataset.Aggregates) {
			same(t, "Messages", a.Messages,
				dataset.MessageRow{Channel: "email", Campaign: "spring", Period: month(2024, 1), Sent: 2, Delivered: 1, Opened: 1, Clicked: 1},
				dataset.MessageRow{Channel: "email", Campaign: "spring", Period: month(2024, 2), Converted: 1},
				dataset.MessageRow{Channel: "sms", Period: month(2024, 2), Sent: 1})
		},
	}
}

func scores() Case {
	return Case{
		Name: "survey scores",
		Rows: map[string][]dataset.Row{
			"surveys": table(`
				customer time       metric score touchpoint
				ana      2024-01-31 nps    9     -
				ana      2024-01-31 nps    9     -
				bob      2024-01-31 CSAT   4.5   delivery
				-        2024-02-01 csat   4.5   delivery
				bob      2024-01-31 csat   -     delivery
				bob      2024-01-31 -      3     delivery`),
		},
		Check: func(t *testing.T, a *dataset.Aggregates) {
			same(t, "Scores", a.Scores,
				dataset.ScoreRow{Metric: "csat", Touchpoint: "delivery", Period: month(2024, 1), Score: 450, Answers: 1},
				dataset.ScoreRow{Metric: "csat", Touchpoint: "delivery", Period: month(2024, 2), Score: 450, Answers: 1},
				dataset.ScoreRow{Metric: "nps", Period: month(2024, 1), Score: 900, Answers: 2})
			same(t, "Quality", shared(a).Quality, dataset.QualityRow{Table: "surveys", Reason: dataset.NoValue, Rows: 2})
			same(t, "As-of", []dataset.Day{a.Manifest.AsOf}, *date(2024, 2, 1)) // without orders, the last day of all
		},
	}
}

// tickets: 60 s are a minute, 61 s have begun a second one; a reply after as-of has not come.
func tickets() Case {
	return Case{
		Name:    "tickets by time to first reply",
		Request: dataset.Request{AsOf: date(2024, 1, 31)},
		Rows: map[string][]dataset.Row{
			"tickets": table(`
				time                first_reply         channel
				2024-01-01T10:00:00 2024-01-01T10:01:00 chat
				2024-01-01T10:00:00 2024-01-01T10:01:01 chat
				2024-01-01T10:00:00 2024-01-01T10:00:00 chat
				2024-01-01T10:00:00 2024-01-01T09:00:00 chat
				2024-01-01T10:00:00 2024-01-30T10:00:00 -
				2024-01-01T10:00:00 -                   chat
				2024-01-31T23:00:00 2024-02-01T00:00:00 chat`),
		},
		Check: func(t *testing.T, a *dataset.Aggregates) {
			jan := month(2024, 1)
			same(t, "Tickets", a.Tickets,
				dataset.TicketRow{Period: jan, Bucket: 1 << 30, Tickets: 1},
				dataset.TicketRow{Channel: "chat", Period: jan, Bucket: dataset.NoReply, Tickets: 2},
				dataset.TicketRow{Channel: "chat", Period: jan, Bucket: 1, Tickets: 2},
				dataset.TicketRow{Channel: "chat", Period: jan, Bucket: 5, Tickets: 1})
			same(t, "Quality", shared(a).Quality, dataset.QualityRow{Table: "tickets", Reason: dataset.BadValue, Rows: 1})
		},
	}
}

// steps: ana's cart is seven days after her first home of January, bob's eight; cyd's cart precedes her home; dan
// enters in January and passes in February, which counts in January. Somebody unknown is an event only.
func steps() Case {
	jan, feb := month(2024, 1), month(2024, 2)
	return Case{
		Name: "steps between touchpoints",
		Request: dataset.Request{Touchpoint: []dataset.Pair{
			{From: "home", To: "cart"}, {From: "cart", To: "cart"}, {From: "home", To: "cart"}, {From: "cart", To: "never"},
		}},
		Rows: map[string][]dataset.Row{
			"events": table(`
				customer time             touchpoint
				ana      2024-01-01T10:00 home
				ana      2024-01-02T10:00 home
				ana      2024-01-08T23:00 cart
				bob      2024-01-01T10:00 home
				bob      2024-01-09T00:00 cart
				cyd      2024-01-03T10:00 home
				cyd      2024-01-03T09:00 cart
				dan      2024-01-31T10:00 home
				dan      2024-02-01T10:00 cart
				dan      2024-02-01T10:00 home
				dan      2024-02-01T11:00 cart
				-        2024-01-03T10:00 home
				-        2024-01-03T11:00 cart`),
		},
		Check: func(t *testing.T, a *dataset.Aggregates) {
			same(t, "Touchpoints", a.Touchpoints,
				dataset.TouchpointRow{Touchpoint: "cart", Period: jan, Events: 4, Customers: 3},
				dataset.TouchpointRow{Touchpoint: "cart", Period: feb, Events: 2, Customers: 1},
				dataset.TouchpointRow{Touchpoint: "home", Period: jan, Events: 6, Customers: 4},
				dataset.TouchpointRow{Touchpoint: "home", Period: feb, Events: 1, Customers: 1})
			same(t, "Steps", a.Steps,
				dataset.StepRow{From: "cart", To: "cart", Period: jan, Entered: 3},
				dataset.StepRow{From: "cart", To: "cart", Period: feb, Entered: 1, Passed: 1},
				dataset.StepRow{From: "cart", To: "never", Period: jan, Entered: 3},
				dataset.StepRow{From: "cart", To: "never", Period: feb, Entered: 1},
				dataset.StepRow{From: "home", To: "cart", Period: jan, Entered: 4, Passed: 2},
				dataset.StepRow{From: "home", To: "cart", Period: feb, Entered: 1, Passed: 1})
		},
	}
}

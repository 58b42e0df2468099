package tally

import (
	"context"
	"math"

	"parcours/report/dataset"
)

// lastDay is later than any day of a file.
const lastDay dataset.Day = math.MaxInt32

// limit is the last day of which rows are kept.
func (t *Tally) limit() dataset.Day {
	if t.req.AsOf != nil {
		return *t.req.AsOf
	}
	return lastDay
}

// seen counts the rows of a table by day. It is called with the lock held.
func (t *Tally) seen(table tableName, days *dayCounts) {
	all := t.days[table]
	if all == nil {
		all = &dayCounts{}
		t.days[table] = all
	}
	all.merge(days)
}

// label returns the text of a label. It is called when no more labels are made.
func (t *Tally) label(n uint32) string { return t.labels.names.text[n] }

// eachPart calls addPart with the partitions of a table, on some goroutines at once, each with an addPart of its own.
func (t *Tally) eachPart(ctx context.Context, parts int, worker func() (addPart func(part int) error)) error {
	_, err := parallel(ctx, t.workers(), parts, worker, func(addPart func(int) error, part int) error { return addPart(part) })
	return err
}

// acquired tells the new customers by channel, each channel and period once.
type acquired func(yield func(channel uint32, period int32, customers int64))

// otherTables fills the tables that do not come from orders, those of inputs that the request has. It comes after the
// orders, which may have read the sign-ups.
func (t *Tally) otherTables(ctx context.Context, a *dataset.Aggregates, asOf dataset.Day, by acquired) error {
	in := t.req.Tables
	if in.Customers != nil {
		n, err := t.countSignUps(ctx, asOf)
		if err != nil {
			return err
		}
		a.Totals.SignUps = n
	}
	if in.Spend != nil {
		a.Acquisition = t.acquisitionRows(asOf, by)
	}
	if in.Surveys != nil {
		a.Scores = t.scoreRows(asOf)
	}
	if in.Tickets != nil {
		a.Tickets = t.ticketRows(asOf)
	}
	if in.Messages != nil {
		rows, err := t.messageRows(ctx, asOf)
		if err != nil {
			return err
		}
		a.Messages = rows
	}
	if in.Events != nil {
		return t.journeyRows(ctx, a, asOf)
	}
	return nil
}

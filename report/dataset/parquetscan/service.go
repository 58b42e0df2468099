package parquetscan

import (
	"math"
	"strings"

	"parcours/report/dataset"
	"parcours/report/dataset/expression"
	"parcours/report/dataset/tally"
)

type surveys struct {
	*labeler
	sink    *tally.Surveys
	out     tally.SurveyRows
	metrics resolved[uint32]
	places  resolved[uint32]
	mem     struct{ metric, place []uint32 }
}

func newSurveys(w *worker, b *binding) consumer {
	c := &surveys{labeler: newLabeler(w, b, ""), sink: sinkOf(w, b, w.scan.tally.Surveys)}
	c.mem.metric, c.mem.place = make([]uint32, batchRows), make([]uint32, batchRows)
	return c
}

func (c *surveys) consume(b *batch) rows {
	score := c.val(b, "score")
	sel, out := c.dated(b), &c.out
	metric := c.mem.metric[:len(sel)]
	each(c.val(b, "metric"), sel, metric, &c.metrics, c.metricOf)
	out.Metric, out.Score, out.Day = out.Metric[:0], out.Score[:0], out.Day[:0]
	kept := sel[:0]
	for j, i := range sel {
		if score.IsNull(i) || score.Type.Kind == expression.Null || blank(score, i) || metric[j] == 0 {
			b.drop(dataset.NoValue, i)
			continue
		}
		x, ok := minorOf(score, i, 2)
		if !ok || x > math.MaxInt32 || x < math.MinInt32 {
			b.drop(dataset.BadValue, i)
			continue
		}
		kept = append(kept, i)
		out.Metric, out.Score, out.Day = append(out.Metric, metric[j]), append(out.Score, int32(x)), append(out.Day, c.day[i])
	}
	out.Touchpoint = c.optional(c.val(b, "touchpoint"), kept, c.mem.place, &c.places)
	b.task.used += int64(len(kept))
	c.sink.Add(out)
	return added{}
}

// metricOf is the label of a metric, in lower case.
func (c *surveys) metricOf(v *expression.Vector, i int) uint32 {
	return c.named(strings.ToLower(c.label(v, i)))
}

// tickets reads two times a row, and so has a second converter.
type tickets struct {
	*labeler
	reply    *converter
	sink     *tally.Tickets
	out      tally.TicketRows
	channels resolved[uint32]
	mem      []uint32
}

func newTickets(w *worker, b *binding) consumer {
	return &tickets{
		labeler: newLabeler(w, b, ""), reply: newConverter(w, b, ""), sink: sinkOf(w, b, w.scan.tally.Tickets), mem: make([]uint32, batchRows),
	}
}

func (c *tickets) consume(b *batch) rows {
	sel, out := c.dated(b), &c.out
	replies := c.val(b, "first_reply") != nil
	if replies {
		c.reply.times(b, "first_reply")
	}
	out.Day, out.Minutes, out.Replied = out.Day[:0], out.Minutes[:0], out.Replied[:0]
	kept := sel[:0]
	for _, i := range sel {
		minutes, replied := int32(-1), tally.NoDay
		if replies && c.reply.verdict[i] != isNull {
			var ok bool
			if minutes, ok = c.waited(i); !ok {
				b.drop(dataset.BadValue, i)
				continue
			}
			replied = c.reply.day[i]
		}
		kept = append(kept, i)
		out.Day, out.Minutes, out.Replied = append(out.Day, c.day[i]), append(out.Minutes, minutes), append(out.Replied, replied)
	}
	out.Channel = c.optional(c.val(b, "channel"), kept, c.mem, &c.channels)
	b.task.used += int64(len(kept))
	c.sink.Add(out)
	return added{}
}

// waited counts the minutes begun before the first reply; false when it cannot be read or came before the ticket.
func (c *tickets) waited(i int) (int32, bool) {
	wait := c.reply.instant[i] - c.instant[i]
	if c.reply.verdict[i] == isBad || wait < 0 {
		return 0, false
	}
	return int32(min((wait+60e6-1)/60e6, math.MaxInt32)), true
}

package parquetscan

import (
	"parcours/report/dataset"
	"parcours/report/dataset/tally"
)

type customers struct {
	*labeler
	sink *tally.Customers
	out  tally.CustomerRows
	ids  resolved[tally.Key]
	keep []int
	who  []tally.Key
}

func newCustomers(w *worker, b *binding) consumer {
	return &customers{
		labeler: newLabeler(w, b, ""), sink: sinkOf(w, b, w.scan.tally.Customers),
		keep: make([]int, 0, batchRows), who: make([]tally.Key, batchRows),
	}
}

func (c *customers) consume(b *batch) rows {
	dated := c.val(b, "sign_up") != nil
	if dated {
		c.times(b, "sign_up")
	}
	c.keep = append(c.keep[:0], b.keep...)
	who := c.who[:len(c.keep)]
	c.keys(c.val(b, "customer"), c.keep, who, &c.ids)
	sel, who := need(b, dataset.Unidentified, c.keep, who)
	out := &c.out
	out.Customer, out.SignUp = out.Customer[:0], out.SignUp[:0]
	for j, i := range sel {
		day := tally.NoDay
		switch {
		case !dated || c.verdict[i] == isNull:
		case c.verdict[i] == isBad:
			b.drop(dataset.BadTime, i)
			continue
		default:
			day = c.day[i]
		}
		out.Customer, out.SignUp = append(out.Customer, who[j]), append(out.SignUp, day)
	}
	b.task.used += int64(len(out.Customer))
	c.sink.Add(out)
	return added{}
}

type spend struct {
	*labeler
	sink     *tally.Spend
	out      tally.SpendRows
	channels resolved[uint32]
	mem      []uint32
}

func newSpend(w *worker, b *binding) consumer {
	return &spend{
		labeler: newLabeler(w, b, w.scan.req.Tables.Spend.Unit), sink: sinkOf(w, b, w.scan.tally.Spend), mem: make([]uint32, batchRows),
	}
}

func (c *spend) consume(b *batch) rows {
	amount, currency := c.val(b, "amount"), c.val(b, "currency")
	sel, out := c.dated(b), &c.out
	out.Amount, out.Day = out.Amount[:0], out.Day[:0]
	kept := sel[:0]
	for _, i := range sel {
		if a, ok := c.amount(b, amount, currency, i); ok {
			kept = append(kept, i)
			out.Amount, out.Day = append(out.Amount, a), append(out.Day, c.day[i])
		}
	}
	out.Channel = c.optional(c.val(b, "channel"), kept, c.mem, &c.channels)
	b.task.used += int64(len(kept))
	c.sink.Add(out)
	return added{}
}

type events struct {
	*labeler
	sink        *tally.Events
	out         tally.EventRows
	who         resolved[tally.Key]
	touchpoints resolved[uint32]
	mem         struct {
		who  []tally.Key
		name []uint32
	}
}

func newEvents(w *worker, b *binding) consumer {
	c := &events{labeler: newLabeler(w, b, ""), sink: sinkOf(w, b, w.scan.tally.Events)}
	c.mem.who, c.mem.name = make([]tally.Key, batchRows), make([]uint32, batchRows)
	return c
}

func (c *events) consume(b *batch) rows {
	sel, out := c.dated(b), &c.out
	names := c.mem.name[:len(sel)]
	c.labelsOf(c.val(b, "touchpoint"), sel, names, &c.touchpoints)
	sel, out.Touchpoint = need(b, dataset.NoValue, sel, names)
	out.Customer = c.mem.who[:len(sel)]
	c.keys(c.val(b, "customer"), sel, out.Customer, &c.who)
	out.Instant, out.Day = compact(c.instant, c.instant, sel), compact(c.day, c.day, sel)
	b.task.used += int64(len(sel))
	c.sink.Add(out)
	return added{}
}

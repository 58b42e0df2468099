package tally

import "parcours/report/dataset"

// layout says what the words of a record of a row of orders are: head, amount, customer (two words, none for small
// numbers, which are in the head), order id, refund, instant and labels.
type layout struct {
	width                  int
	customer, order, extra int // places; 0: not there
	clock                  int // instant, then labels
	orderWords             int
}

// The head of a record, from the lowest bit: the customer if it is a small number, flags, and the day since dayBase. So the
// records of one customer are in the order of days when they are in the order of their heads.
const (
	headSale  = 1 << 32
	headOrder = 1 << 33 // the row has an order id
	headDay   = 34

	dayBase dataset.Day = -25600 // before 1900-01-01
)

// layoutOf returns the layout of the rows of a request.
func layoutOf(req dataset.Request, plan Plan, small bool) layout {
	l := layout{width: 2, orderWords: plan.OrderWords}
	if !small {
		l.customer = l.take(2)
	}
	if plan.OrderWords > 0 {
		l.order = l.take(plan.OrderWords)
	}
	if o := req.Tables.Orders; o != nil && o.Refund.Set() {
		l.extra = l.take(1)
	}
	if req.Dimension != "" || req.Tables.Spend != nil {
		l.clock = l.take(2)
	}
	return l
}

func (l *layout) take(words int) int {
	at := l.width
	l.width += words
	return at
}

// plain reports whether rows are orders of their own that nothing but their day and amount tells apart.
func (l *layout) plain() bool { return l.orderWords == 0 && l.extra == 0 && l.clock == 0 }

// labels says where records have labels.
func (l *layout) labels() labelPlace {
	if l.clock == 0 {
		return noLabels
	}
	return labelPlace{l.clock + 1, true}
}

// put writes a row.
func (l *layout) put(rec []uint64, o *line) {
	head := uint64(o.day-dayBase)<<headDay | uint64(o.small)
	amount := o.refund
	if o.isSale {
		head |= headSale
		amount = o.sale
	}
	if l.customer > 0 {
		rec[l.customer], rec[l.customer+1] = o.customer[0], o.customer[1]
	}
	if l.order > 0 && !o.order.Null() {
		head |= headOrder
		rec[l.order] = o.order[1]
		if l.orderWords == 2 {
			rec[l.order], rec[l.order+1] = o.order[0], o.order[1]
		}
	}
	if l.extra > 0 {
		rec[l.extra] = 0
		if o.isSale {
			rec[l.extra] = uint64(o.refund)
		}
	}
	if l.clock > 0 {
		rec[l.clock] = uint64(o.instant)
		rec[l.clock+1] = uint64(o.dim)<<32 | uint64(o.channel)
	}
	rec[0], rec[1] = head, uint64(amount)
}

// get reads a row; its customer is left out.
func (l *layout) get(rec []uint64, o *line) {
	head := rec[0]
	*o = line{day: dayOf(head), isSale: head&headSale != 0}
	if o.isSale {
		o.sale = int64(rec[1])
	} else {
		o.refund = int64(rec[1])
	}
	if l.order > 0 && head&headOrder != 0 {
		if l.orderWords == 2 {
			o.order = Key{rec[l.order], rec[l.order+1]}
		} else {
			o.order = Key{1, rec[l.order]}
		}
	}
	if l.extra > 0 && o.isSale {
		o.refund = int64(rec[l.extra])
	}
	if l.clock > 0 {
		o.instant = int64(rec[l.clock])
		o.dim, o.channel = uint32(rec[l.clock+1]>>32), uint32(rec[l.clock+1])
	}
}

func dayOf(head uint64) dataset.Day { return dataset.Day(head>>headDay) + dayBase }

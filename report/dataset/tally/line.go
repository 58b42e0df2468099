package tally

import (
	"cmp"
	"slices"

	"parcours/report/dataset"
)

// line is a used row of an identified customer.
type line struct {
	customer     Key
	order        Key
	instant      int64
	sale, refund int64
	day          dataset.Day
	small        uint32 // the customer, when that is a small number
	dim, channel uint32
	isSale       bool
}

// order is a distinct order of a customer, at its earliest sale row. Net is after the refunds that name it. Of customers with
// very many orders, those of a day that nothing tells apart are one with their number.
type order struct {
	day        dataset.Day
	n          int32
	gross, net int64
}

// labelled is an order with what ties are broken by.
type labelled struct {
	order
	instant      int64
	dim, channel uint32
}

// refund is money given back. Named ones are already in the net of their order.
type refund struct {
	day    dataset.Day
	amount int64
	named  bool
}

// history is all that is known of one customer.
type history struct {
	orders   []order // by day
	refunds  []refund
	signUp   dataset.Day
	dim      uint32 // at the first order
	channel  uint32
	outDim   int32 // number of the dimension's value in the output
	first    int32 // period of the first order
	cohort   int32
	hasOrder bool

	lines    []line // scratch
	labelled []labelled
	keys     []uint64
	runs     []int32
	unsorted []order
}

func (h *history) reset() {
	h.orders, h.refunds = h.orders[:0], h.refunds[:0]
	h.signUp, h.dim, h.channel, h.outDim, h.hasOrder = NoDay, 0, 0, 0, false
}

// readPlain fills the history from records of rows that are orders of their own: recs are in groups of width words.
func (h *history) readPlain(recs []uint64, width int) {
	h.reset()
	n := len(recs) / width
	if cap(h.orders) < n {
		h.orders = make([]order, 0, 2*n)
	}
	orders := h.orders[:n]
	n = 0
	sorted, before := true, dayBase
	for i := 0; i+1 < len(recs); i += width {
		head, amount := recs[i], int64(recs[i+1])
		day := dayOf(head)
		if head&headSale == 0 {
			if amount != 0 {
				h.refunds = append(h.refunds, refund{day: day, amount: amount})
			}
			continue
		}
		sorted = sorted && day >= before
		before = day
		orders[n] = order{day, 1, amount, amount}
		n++
	}
	h.orders = orders[:n]
	h.hasOrder = n > 0
	if !sorted {
		h.sortByDay()
	}
}

// byOrder sorts the rows of a customer so that those of an order are together, its earliest sale first.
func byOrder(a, b line) int {
	if c := cmp.Or(cmp.Compare(a.order[0], b.order[0]), cmp.Compare(a.order[1], b.order[1])); c != 0 {
		return c
	}
	if a.isSale != b.isSale {
		if a.isSale {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.instant, b.instant))
}

// read fills the history from h.lines.
func (h *history) read(labels *names) {
	h.reset()
	h.labelled = h.labelled[:0]
	lines := h.lines
	if !slices.IsSortedFunc(lines, byOrder) {
		slices.SortFunc(lines, byOrder)
	}
	for len(lines) > 0 {
		n := orderLines(lines)
		h.readOrder(lines[:n], labels)
		lines = lines[n:]
	}
	if h.hasOrder = len(h.labelled) > 0; !h.hasOrder {
		return
	}
	slices.SortFunc(h.labelled, func(a, b labelled) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.instant, b.instant))
	})
	for i, o := range h.labelled {
		if i > 0 && (o.day != h.labelled[0].day || o.instant != h.labelled[0].instant) {
			break
		}
		h.dim, h.channel = labels.smaller(h.dim, o.dim), labels.smaller(h.channel, o.channel)
	}
	for _, o := range h.labelled {
		h.orders = append(h.orders, o.order)
	}
}

// orderLines returns the number of rows of the first order.
func orderLines(lines []line) int {
	n := 1
	if !lines[0].order.Null() {
		for n < len(lines) && lines[n].order == lines[0].order {
			n++
		}
	}
	return n
}

// readOrder adds the rows of one order, or of refunds that name an order without a sale row.
func (h *history) readOrder(lines []line, labels *names) {
	o := labelled{order: order{day: lines[0].day, n: 1}, instant: lines[0].instant}
	for _, l := range lines {
		o.gross += l.sale
		o.net += l.sale - l.refund
		if l.isSale && l.day == o.day && l.instant == o.instant {
			o.dim, o.channel = labels.smaller(o.dim, l.dim), labels.smaller(o.channel, l.channel)
		}
		if l.refund != 0 {
			h.refunds = append(h.refunds, refund{l.day, l.refund, lines[0].isSale})
		}
	}
	if lines[0].isSale {
		h.labelled = append(h.labelled, o)
	}
}

package tally

import (
	"slices"

	"parcours/report/dataset"
)

// EachCustomer calls yield with every customer who has a purchase, in no order, instead of Finish: ID is left empty, since
// the key does not always tell it. Edges are those of all customers, of whom the rows added may be a part. The rows are
// given up on the way, and the Tally must not be used afterwards.
func (t *Tally) EachCustomer(edges dataset.RFMEdges, yield func(Key, dataset.Customer)) {
	asOf := t.asOf()
	if t.recallSignUps(asOf) != nil {
		return
	}
	f := newFold(t, asOf)
	f.purchases.pasts = [][]past{make([]past, 0, 1)}
	for i := range t.lines {
		p := &t.lines[i]
		p.group(func(l *line) uint32 { return l.customer })
		for key, id := range p.ids {
			if c, ok := f.customer(key, p.of(id), edges); ok {
				yield(key, c)
			}
		}
		t.lines[i] = part[line]{}
	}
}

// customer tells what the tables of purchases would count of a customer; false without a purchase.
func (f *fold) customer(key Key, lines []line, e dataset.RFMEdges) (dataset.Customer, bool) {
	h := &f.h
	slices.SortFunc(lines, byOrder)
	h.read(lines, f.t.dims, f.t.channels)
	if !h.hasOrder {
		return dataset.Customer{}, false
	}
	if s, ok := f.t.customers[key]; ok {
		h.signUp = s
	}
	f.place(h)
	net := f.worth(h)
	f.purchases.pasts[0] = f.purchases.pasts[0][:0]
	f.addPurchases(h, net)
	p := f.purchases.pasts[0][0]
	if p.x < 0 {
		return dataset.Customer{}, false
	}
	orders := int64(len(h.orders))
	return dataset.Customer{
		Dim: f.t.dims.text[h.dim], Cohort: h.cohort,
		R: 6 - score(e.Recency, int64(f.asOf-h.orders[orders-1].day)), F: score(e.Frequency, orders), M: score(e.Monetary, net),
		X: p.x, TX: p.tx, T: f.asOf - p.first, Orders: orders, Net: net, Spend: p.spend,
		First: p.first, Last: p.first + p.tx,
	}, true
}

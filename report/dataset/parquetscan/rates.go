package parquetscan

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"parcours/report/dataset"
	"parcours/report/dataset/expression"
)

type rateReader struct{ *converter }

func newRates(w *worker, b *binding) consumer { return rateReader{newConverter(w, b, "")} }

// rateRows adds rates to the scan.
type rateRows []struct {
	currency string
	rate
}

func (r rateRows) done() {}

func (r rateRows) deliver(s *scan) {
	if s.arrived == nil {
		s.arrived = rates{}
	}
	for _, x := range r {
		s.arrived[x.currency] = append(s.arrived[x.currency], x.rate)
	}
}

func (c rateReader) consume(b *batch) rows {
	currency, value := c.val(b, "currency"), c.val(b, "rate")
	c.times(b, "time")
	var out rateRows
	for _, i := range b.keep {
		if !c.timely(b, i) {
			continue
		}
		code := strings.ToUpper(c.label(currency, i))
		if code == "" || value.IsNull(i) || value.Type.Kind == expression.Null {
			b.drop(dataset.NoValue, i)
			continue
		}
		x, ok := majorOf(value, i)
		if !ok || !(x > 0) || math.IsInf(x, 0) {
			b.drop(dataset.BadValue, i)
			continue
		}
		b.task.used++
		out = append(out, struct {
			currency string
			rate
		}{code, rate{c.day[i], x}})
	}
	return out
}

// sort orders the rates by day. Of several rates for one day the largest counts, so that the order of rows does not
// matter.
func (r rates) sort() {
	for code, list := range r {
		slices.SortFunc(list, func(a, b rate) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(b.rate, a.rate)) })
		r[code] = slices.CompactFunc(list, func(a, b rate) bool { return a.day == b.day })
	}
}

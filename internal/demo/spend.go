package demo

// writeSpend writes the cost of each channel by day: new customers of the day × cost per customer, which drifts up by
// 6 % a year and costs 12 % more in November, give or take 15 %. Direct visits cost nothing and have no row.
func writeSpend(path string, o Options, cal *calendar, people *population) error {
	t, err := newTable[spendRow](path, o.Seed)
	if err != nil {
		return err
	}
	for d := range cal.days {
		born := cal.bornBefore(d+1, o.Customers) - cal.bornBefore(d, o.Customers)
		w, before := people.channelWeights(d), uint32(0)
		for c, until := range w {
			share := int64(until - before)
			before = until
			if profiles[c].cost == 0 {
				continue
			}
			var r draw
			r.start(o.Seed, uint64(d), onSpend, uint32(c))
			cost := born * share * profiles[c].cost / int64(w[len(w)-1])
			cost = cost * (1000 + int64(d)*60/365) / 1000 * (850 + int64(r.below(301))) / 1000
			if civil(cal.first+int64(d)).Month() == 11 {
				cost = cost * 112 / 100
			}
			row := spendRow{int32(cal.first) + int32(d), channels[c], cost}
			if err := t.add(row); err != nil {
				return firstOf(err, t.close())
			}
		}
	}
	return t.close()
}

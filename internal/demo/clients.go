package demo

// clients writes customers.parquet while the simulation goes on: sign-up dates, and accounts that never ordered.
type clients struct {
	*table[customerRow]
	seed uint64
	cal  *calendar
}

func newClients(path string, seed uint64, cal *calendar) (*clients, error) {
	t, err := newTable[customerRow](path, seed)
	if err != nil {
		return nil, err
	}
	return &clients{t, seed, cal}, nil
}

// add writes the customer whose first order falls on second of day d, and after one customer in fifteen an account
// without orders. Three customers in four sign up while ordering, the others days before, not before the opening.
func (c *clients) add(v *visit, d int, second uint32) error {
	var r draw
	r.start(c.seed, uint64(v.customer), onTraits, 1)
	at := c.cal.utc(d, second) - 30 - int64(r.below(570))
	if r.chance(250) {
		at -= int64(min(r.exponential(), 20) * 6 * daySeconds)
	}
	at = max(at, c.cal.utc(0, 7*3600)+int64(r.below(3600)))
	row := customerRow{customerID(v.customer), at * micros, channels[v.channel], countries[v.where&^mobileBit]}
	if err := c.table.add(row); err != nil || v.customer%15 != 14 {
		return err
	}
	row.Customer++
	row.Created += int64(r.below(6*3600)) * micros
	row.Channel = channels[channelSocial]
	return c.table.add(row)
}

package tally

import (
	"context"

	"parcours/report/dataset"
)

// The widths of records: customer and day; the customer in two words.
const (
	shortSignUp = 1
	longSignUp  = 3
)

// Customers adds rows of customers. It serves one goroutine; several may add at the same time.
type Customers struct {
	t       *Tally
	limit   dataset.Day
	days    dayCounts
	nobody  int64
	records recorder
}

// Customers returns a new place to add rows of customers.
func (t *Tally) Customers() *Customers {
	return &Customers{t: t, limit: t.limit(), records: t.signUpRecords().recorder()}
}

func (t *Tally) signUpRecords() *records {
	return t.recordsOf(&t.signUps, shortSignUp, longSignUp, t.parts, noLabels, noLabels)
}

// Add adds rows of customers: the earliest sign-up of each counts. A row without a day says that the customer exists.
func (c *Customers) Add(r *CustomerRows) {
	for i, k := range r.Customer {
		day := NoDay
		if r.SignUp != nil {
			day = r.SignUp[i]
		}
		if k.Null() {
			c.nobody++
			continue
		}
		c.days.add(day)
		if day <= c.limit {
			c.record(k, day)
		}
	}
}

func (c *Customers) record(k Key, day dataset.Day) {
	part := c.t.places.of(k)
	if id, small := smallKey(k); small {
		c.records.short.Room(part)[0] = id<<32 | uint64(sortable(day))
		return
	}
	w := c.records.long.Room(part)
	_ = w[2]
	w[0], w[1], w[2] = k[0], k[1], uint64(sortable(day))
}

// Flush says that all rows were added. It is called before Finish.
func (c *Customers) Flush() error {
	c.t.mu.Lock()
	c.t.seen(customersTable, &c.days)
	c.t.nobody[customersTable] += c.nobody
	c.t.mu.Unlock()
	return c.records.flush()
}

// signUps are the customers of a partition who had signed up by the end of observation, or at an unknown day. They may be
// used again for another partition, by the same goroutine.
type signUps struct {
	people people
	days   []dataset.Day // the earliest, NoDay when none is known
}

// read takes the sign-ups of a partition of the orders out of the tally, where they are counted: Totals.SignUps is known
// once all partitions were read.
func (s *signUps) read(t *Tally, part int, asOf dataset.Day) error {
	s.people.reset()
	s.days = s.days[:0]
	if t.signUps == nil {
		return nil
	}
	all := turn{of: 1}
	if err := s.gather(context.Background(), t, part, asOf, all); err != nil {
		return err
	}
	t.signUps.free(part)
	return nil
}

// of returns the earliest sign-up of a customer, NoDay when none is known.
func (s *signUps) of(k Key) dataset.Day {
	if i := s.people.find(k); i >= 0 {
		return s.days[i]
	}
	return NoDay
}

func (s *signUps) gather(ctx context.Context, t *Tally, part int, asOf dataset.Day, now turn) error {
	s.people.reset()
	s.days = s.days[:0]
	err := t.signUps.each(ctx, part, func(recs []uint64) { s.addShort(recs, asOf, now) }, func(recs []uint64) { s.addLong(recs, asOf, now) })
	t.signedUp.Add(int64(len(s.days)))
	return err
}

func (s *signUps) addShort(recs []uint64, asOf dataset.Day, now turn) {
	for _, r := range recs {
		s.add(Key{1, r >> 32}, fromSortable(uint32(r)), asOf, now)
	}
}

func (s *signUps) addLong(recs []uint64, asOf dataset.Day, now turn) {
	for ; len(recs) >= longSignUp; recs = recs[longSignUp:] {
		s.add(Key{recs[0], recs[1]}, fromSortable(uint32(recs[2])), asOf, now)
	}
}

func (s *signUps) add(k Key, day, asOf dataset.Day, now turn) {
	if day > asOf || !now.has(k) {
		return
	}
	i := s.people.number(k)
	if int(i) == len(s.days) {
		s.days = append(s.days, day)
	} else if day != NoDay && (s.days[i] == NoDay || day < s.days[i]) {
		s.days[i] = day
	}
}

// countSignUps counts the customers of the partitions that were not read yet, and returns the number of all.
func (t *Tally) countSignUps(ctx context.Context, asOf dataset.Day) (int64, error) {
	err := t.eachPart(ctx, t.signUps.parts(), func() func(int) error {
		var s signUps
		return func(part int) error {
			return t.signUps.inTurns(part, t.signUps.count(part), func(now turn) error { return s.gather(ctx, t, part, asOf, now) })
		}
	})
	return t.signedUp.Load(), err
}

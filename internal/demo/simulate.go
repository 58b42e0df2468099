package demo

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
)

// firstOrder is the number of the shop's first order.
const firstOrder = 100_001

// simulation walks through the days. Customers waiting for their next order and parcels on their way back are all
// that is kept between two days, so memory follows the customers who will come back, not the orders.
type simulation struct {
	opts    Options
	cal     *calendar
	people  *population
	shop    *shop
	visits  *queue[visit]
	refunds *queue[sale]
	today   []sale
	keys    []uint64
	order   int64 // number of the next order
	files   *orderFiles
	clients *clients    // nil: orders only
	beside  *companions // nil: orders only
}

func generateData(ctx context.Context, o Options, dir string) error {
	cal := newCalendar(o.Months, o.Seed)
	s := &simulation{
		opts: o, cal: cal, people: newPopulation(o, cal), shop: newShop(o.Seed, cal),
		visits: newQueue[visit](len(cal.days)), refunds: newQueue[sale](len(cal.days)), order: firstOrder,
	}
	s.files = newOrderFiles(dir, o.Seed, cal)
	if o.ordersOnly {
		return firstOf(s.run(ctx), s.files.close())
	}
	s.beside = newCompanions(o, cal)
	var err error
	if s.clients, err = newClients(filepath.Join(dir, "customers.parquet"), o.Seed, cal); err != nil {
		return firstOf(err, s.files.close())
	}
	if err := firstOf(s.run(ctx), s.files.close(), s.clients.close()); err != nil {
		return err
	}
	if err := writeSpend(filepath.Join(dir, "spend.parquet"), o, cal, s.people); err != nil {
		return err
	}
	return s.beside.write(dir)
}

func (s *simulation) run(ctx context.Context) error {
	for d := range s.cal.days {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.day(d); err != nil {
			return fmt.Errorf("demo: day %d of the history: %w", d, err)
		}
		if s.opts.Progress != nil && (d+1 == len(s.cal.days) || s.cal.days[d+1].month != s.cal.days[d].month) {
			s.opts.Progress(s.order-firstOrder, s.opts.Orders)
		}
	}
	return nil
}

// day simulates one day and writes its rows in the order of their time; ties keep the order of simulation.
func (s *simulation) day(d int) error {
	s.today = s.today[:0]
	if err := s.births(d); err != nil {
		return err
	}
	s.visits.take(d, func(v *visit) { s.serve(*v, d) })
	s.refunds.take(d, func(r *sale) { s.today = append(s.today, *r) })
	s.keys = s.keys[:0]
	for i := range s.today {
		s.keys = append(s.keys, uint64(s.today[i].second)<<32|uint64(i))
	}
	slices.Sort(s.keys)
	for _, k := range s.keys {
		if err := s.emit(&s.today[uint32(k)], d); err != nil {
			return err
		}
	}
	return nil
}

func (s *simulation) births(d int) error {
	n := s.opts.Customers
	for i := s.cal.bornBefore(d, n); i < s.cal.bornBefore(d+1, n); i++ {
		v := s.people.born(uint32(i), d)
		first := len(s.today)
		s.serve(v, d)
		if s.clients == nil {
			continue
		}
		if err := s.clients.add(&v, d, s.today[first].second); err != nil {
			return err
		}
	}
	return nil
}

// serve draws the visit's order, and those that the same customer makes on the same day, and puts the next one in the queue.
func (s *simulation) serve(v visit, d int) {
	var r draw
	after := uint32(0)
	for {
		r.start(s.opts.Seed, uint64(v.customer), onOrder, uint32(v.ordinal))
		s.today = append(s.today, s.shop.draw(&v, d, after, &r))
		o := &s.today[len(s.today)-1]
		if !s.people.next(&v, d, &r) {
			return
		}
		day := s.cal.at(v.clock, d)
		o.next = int16(min(day-d, 1<<15-1))
		after = o.second
		if day > d || after > daySeconds-3600 {
			s.visits.put(max(day, d+1), v)
			return
		}
	}
}

// emit writes one row, gives an order its number and says what follows from it.
func (s *simulation) emit(o *sale, d int) error {
	number := o.refund
	if number == 0 {
		number = s.order
		s.order++
		s.sendBack(o, d, number)
		if s.beside != nil {
			s.beside.order(o, d)
		}
	}
	return s.files.add(o, d, number)
}

// sendBack puts the refund of an order on its day.
func (s *simulation) sendBack(o *sale, d int, number int64) {
	if o.back == 0 {
		return
	}
	var r draw
	r.start(s.opts.Seed, uint64(o.customer), onSupport, uint32(o.ordinal)|1<<16)
	back := *o
	back.refund, back.status, back.discount = number, statusRefunded, 0
	back.second = (9+r.below(9))*3600 + r.below(3600) // the warehouse works from nine to six
	back.amount = -int32(int64(o.amount) * int64(o.percent) / 100)
	back.items = uint8(max(1, uint32(o.items)*uint32(o.percent)/100))
	s.refunds.put(d+int(o.back), back)
}

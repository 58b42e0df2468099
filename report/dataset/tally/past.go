package tally

import (
	"parcours/report/dataset"
	"parcours/report/dataset/partition"
)

// past is what the last tables need of a customer once the scores are known, when the rows are gone.
type past struct {
	firstSpend, spend, logGaps int64 // by the end of observation
	earlySpend, earlyLogGaps   int64 // by the end of calibration
	net                        int64
	orders                     int64
	first                      dataset.Day // of the purchases; means nothing when x < 0
	x, tx                      int32       // −1: no purchase
	earlyX, earlyTX            int32       // −1: no purchase by the end of calibration
	recency                    int32       // days from the last order to the end of observation
	cohort, dim                int32
}

// Customers with one purchase or none have nothing but zeros in the last four words.
const (
	shortPast = 5
	longPast  = 9

	// cohorts are kept as 24 bits from here: no period of 1900 to 2200 is outside.
	cohortBase = -1 << 22
)

// put writes a past to a record of shortPast words, or longPast when x > 0.
func (p *past) put(rec []uint64) {
	rec[0] = uint64(p.net)
	rec[1] = uint64(p.firstSpend)
	rec[2] = uint64(p.x+1) | uint64(p.tx)<<18 | uint64(p.first-dayBase)<<36
	rec[3] = uint64(p.earlyX+1) | uint64(p.earlyTX)<<18 | uint64(p.recency)<<36
	rec[4] = uint64(p.orders) | uint64(p.cohort-cohortBase)<<32 | uint64(p.dim)<<56
	if p.x > 0 {
		rec[5], rec[6], rec[7], rec[8] = uint64(p.spend), uint64(p.logGaps), uint64(p.earlySpend), uint64(p.earlyLogGaps)
	}
}

func (p *past) get(rec []uint64) {
	*p = past{
		net: netOf(rec), firstSpend: int64(rec[1]),
		x: int32(rec[2]&0x3ffff) - 1, tx: int32(rec[2] >> 18 & 0x3ffff), first: dataset.Day(rec[2]>>36) + dayBase,
		earlyX: int32(rec[3]&0x3ffff) - 1, earlyTX: int32(rec[3] >> 18 & 0x3ffff), recency: recencyOf(rec),
		orders: ordersOf(rec), cohort: int32(rec[4]>>32&0xffffff) + cohortBase, dim: int32(rec[4] >> 56),
	}
	if len(rec) == longPast {
		p.spend, p.logGaps, p.earlySpend, p.earlyLogGaps = int64(rec[5]), int64(rec[6]), int64(rec[7]), int64(rec[8])
	}
}

// netOf, recencyOf and ordersOf read a part of a record.
func netOf(rec []uint64) int64 { return int64(rec[0]) }

func recencyOf(rec []uint64) int32 { return int32(rec[3] >> 36) }

func ordersOf(rec []uint64) int64 { return int64(rec[4] & 0xffffffff) }

// pasts keeps the pasts of all customers with orders, in partitions by the day of the first purchase.
type pasts struct {
	short, long *partition.Store
	first       dataset.Day // of the first partition
	width       int32       // days of a partition
}

// pastParts is about the number of partitions: the histories of the customers of one fit a core's cache.
const pastParts = 256

func newPasts(pool *partition.Pool, first, last dataset.Day) pasts {
	width := (last-first)/pastParts + 1
	n := int((last-first)/width) + 1
	return pasts{partition.NewStore(pool, shortPast, n), partition.NewStore(pool, longPast, n), first, width}
}

func (p *pasts) parts() int { return p.short.Parts() }

// of returns the partition of a customer; those without a purchase are in the first.
func (p *pasts) of(one *past) int {
	if one.x < 0 {
		return 0
	}
	return int((one.first - p.first) / p.width)
}

// lastDay returns the last day of a partition.
func (p *pasts) lastDay(part int) dataset.Day { return p.first + int32(part+1)*p.width - 1 }

// each calls f with every customer of a partition.
func (p *pasts) each(part int, f func(*past)) error {
	var one past
	return p.eachRecord(part, func(rec []uint64) {
		one.get(rec)
		f(&one)
	})
}

// eachRecord calls f with the record of every customer of a partition.
func (p *pasts) eachRecord(part int, f func(rec []uint64)) error {
	for _, s := range []*partition.Store{p.short, p.long} {
		width := s.Width()
		err := s.Each(part, func(recs []uint64) error {
			for ; len(recs) >= width; recs = recs[width:] {
				f(recs[:width])
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

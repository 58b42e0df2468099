package tally

import (
	"context"

	"parcours/report/dataset"
	"parcours/report/dataset/partition"
)

// records are the rows of a table by partition of customers. Those of customers whose key is a small number, which are most
// of most shops, are in short records.
type records struct {
	short, long *shelf
	turn        int64 // records of a turn
}

// recordsOf returns the records of a table, which its first sink makes.
func (t *Tally) recordsOf(r **records, short, long, parts int, shortLabels, longLabels labelPlace) *records {
	t.mu.Lock()
	defer t.mu.Unlock()
	if *r == nil {
		*r = &records{newShelf(t.pool, short, parts, shortLabels), newShelf(t.pool, long, parts, longLabels), turnRecords}
	}
	return *r
}

// parts returns the number of partitions, 0 for a table without sinks.
func (r *records) parts() int {
	if r == nil {
		return 0
	}
	return r.short.Parts()
}

// each calls short and long with the records of a partition of either width, until the context ends.
func (r *records) each(ctx context.Context, part int, short, long func(recs []uint64)) error {
	err := r.short.Each(part, func(recs []uint64) error { short(recs); return ctx.Err() })
	if err != nil {
		return err
	}
	return r.long.Each(part, func(recs []uint64) error { long(recs); return ctx.Err() })
}

// inTurns calls f with all turns of a partition, of which so many records matter, and gives its records back.
func (r *records) inTurns(part int, records int64, f func(turn) error) error {
	of := uint64(records/r.turn + 1)
	for n := range of {
		if err := f(turn{n, of}); err != nil {
			return err
		}
	}
	r.free(part)
	return nil
}

// count returns the number of records of a partition.
func (r *records) count(part int) int64 { return r.short.Records(part) + r.long.Records(part) }

func (r *records) free(part int) {
	r.short.Free(part)
	r.long.Free(part)
}

// recorder adds records. It serves one goroutine.
type recorder struct {
	parts       int
	short, long *partition.Writer
}

func (r *records) recorder() recorder {
	return recorder{r.short.Parts(), r.short.Writer(), r.long.Writer()}
}

// flush hands the records over, and returns the first error since the recorder was made.
func (r *recorder) flush() error {
	short, long := r.short.Flush(), r.long.Flush()
	if short != nil {
		return short
	}
	return long
}

// smallKey returns the number that is a key, if it is a small one.
func smallKey(k Key) (uint64, bool) { return k[1], k[0] == 1 && k[1]>>32 == 0 }

// turn is a part of the customers of a partition, so that a partition of any size takes little memory.
type turn struct{ n, of uint64 }

// turnRecords is about the number of records of a turn.
const turnRecords = 1 << 19

func (t turn) has(k Key) bool { return t.of == 1 || k.spread()>>50%t.of == t.n }

const dayMicros = 86400e6

// packMoment puts an instant and its report day, which is close to that of UTC, into a word.
func packMoment(instant int64, day dataset.Day) (uint64, bool) {
	from := int64(day) - utcDay(instant) + 128
	return uint64(instant)<<8 | uint64(from), uint64(from) < 256 && instant<<8>>8 == instant
}

func unpackMoment(w uint64) (instant int64, day dataset.Day) {
	instant = int64(w) >> 8
	return instant, dataset.Day(utcDay(instant) + int64(w&255) - 128)
}

func utcDay(instant int64) int64 {
	d := instant / dayMicros
	if d*dayMicros > instant {
		d--
	}
	return d
}

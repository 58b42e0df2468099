package tally

import (
	"context"
	"math/bits"
)

// claimWords is the width of a record of an order id that a customer uses: the id, and the number of rows.
const claimWords = 3

// claim remembers the orders of a customer, sorted by id: each customer claims an id once, so two claims are a conflict.
func (w *worker) claim(lines []line) {
	parts := w.fold.t.claims.Parts()
	for len(lines) > 0 {
		n := orderLines(lines)
		if k := lines[0].order; !k.Null() {
			rec := w.claims.Room(partOf(k, parts))
			rec[0], rec[1], rec[2] = k[0], k[1], uint64(n)
		}
		lines = lines[n:]
	}
}

// conflicting returns the number of rows whose order id names several customers.
func (f *fold) conflicting(ctx context.Context) (int64, error) {
	if f.t.claims == nil {
		return 0, nil
	}
	workers, err := parallel(ctx, f.t.workers(), f.t.claims.Parts(), func() *disputes { return &disputes{f: f, seed: newSeed()} }, (*disputes).add)
	var rows int64
	for _, d := range workers {
		rows += d.rows
	}
	return rows, err
}

// disputes finds the ids that several customers claim.
type disputes struct {
	f     *fold
	seed  seed
	rows  int64
	slots []uint32 // 1 + number of a claim, at the hash of its order or after it; 0: free
	all   []uint64
}

// add uses up the claims of a partition: of an id with several, the rows of the first count when the second is met.
func (d *disputes) add(part int) error {
	s := d.f.t.claims
	n := int(s.Records(part))
	if n == 0 {
		return nil
	}
	size := 1 << bits.Len(uint(2*n))
	if cap(d.slots) < size {
		d.slots = make([]uint32, size)
	}
	d.slots = d.slots[:size]
	clear(d.slots)
	d.all = d.all[:0]
	err := s.Each(part, func(recs []uint64) error {
		for i := 0; i < len(recs); i += claimWords {
			d.claim(recs[i : i+claimWords])
		}
		return nil
	})
	s.Free(part)
	return err
}

func (d *disputes) claim(rec []uint64) {
	mask := uint64(len(d.slots) - 1)
	for at := d.seed.hash(Key{rec[0], rec[1]}); ; at++ {
		slot := d.slots[at&mask]
		if slot == 0 {
			d.slots[at&mask] = uint32(len(d.all)/claimWords + 1)
			d.all = append(d.all, rec...)
			return
		}
		first := d.all[(slot-1)*claimWords : slot*claimWords]
		if first[0] == rec[0] && first[1] == rec[1] {
			d.rows += int64(first[2] + rec[2])
			first[2] = 0
			return
		}
	}
}

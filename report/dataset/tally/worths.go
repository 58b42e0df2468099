package tally

import (
	"cmp"
	"math/bits"
	"slices"

	"parcours/report/dataset"
)

// worths counts what repeat purchases are worth, by number of purchases and bin: most customers have few purchases, and
// those are counted without a hash.
type worths struct {
	few  [fewPurchases * worthBins]worthSums
	many sums[worthSums]
}

const (
	fewPurchases = 32
	worthBins    = 256
)

// worthSums is dataset.SpendRow without its key.
type worthSums struct {
	customers, sum, logs int64
	high, low            uint64 // of squares
}

// add counts a customer whose x repeat purchases are worth something: in a bin, with the logarithm of the worth.
func (w *worths) add(x, bin int32, worth, log int64) {
	var s *worthSums
	if x < fewPurchases && bin < worthBins {
		s = &w.few[x*worthBins+bin]
	} else {
		s = w.many.at(cell{uint64(x), uint64(bin)})
	}
	s.customers++
	s.sum += worth
	s.logs += log
	high, low := bits.Mul64(uint64(worth), uint64(worth))
	s.addSquares(high, low)
}

func (s *worthSums) addSquares(high, low uint64) {
	var carry uint64
	s.low, carry = bits.Add64(s.low, low, 0)
	s.high, _ = bits.Add64(s.high, high, carry)
}

func (s *worthSums) add(o *worthSums) {
	s.customers += o.customers
	s.sum += o.sum
	s.logs += o.logs
	s.addSquares(o.high, o.low)
}

// merge adds those of another.
func (w *worths) merge(o *worths) {
	for i := range o.few {
		w.few[i].add(&o.few[i])
	}
	w.many.merge(&o.many, (*worthSums).add)
}

func (w *worths) rows() []dataset.SpendRow {
	out := []dataset.SpendRow{}
	row := func(x, bin int32, s *worthSums) {
		out = append(out, dataset.SpendRow{
			X: x, Bin: bin, Customers: s.customers, Sum: s.sum, SquaresHigh: s.high, SquaresLow: s.low, LogSum: s.logs,
		})
	}
	for i := range w.few {
		if w.few[i].customers > 0 {
			row(int32(i/worthBins), int32(i%worthBins), &w.few[i])
		}
	}
	for i, c := range w.many.cells {
		row(int32(c[0]), int32(c[1]), &w.many.rows[i])
	}
	slices.SortFunc(out, func(x, y dataset.SpendRow) int { return cmp.Or(cmp.Compare(x.X, y.X), cmp.Compare(x.Bin, y.Bin)) })
	return out
}

// addWorth counts what the repeat purchases of a customer are worth, now and at the end of calibration.
func (w *worker) addWorth(p *past) {
	if p.spend <= 0 {
		return
	}
	bin, log := w.fold.bins.of(p.spend), logOf(p.spend)
	w.late.add(p.x, bin, p.spend, log)
	if p.earlySpend <= 0 {
		return
	}
	if p.earlySpend != p.spend {
		bin, log = w.fold.bins.of(p.earlySpend), logOf(p.earlySpend)
	}
	w.early.add(p.earlyX, bin, p.earlySpend, log)
}

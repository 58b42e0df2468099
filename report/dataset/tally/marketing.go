package tally

import (
	"cmp"
	"slices"
	"strings"

	"parcours/report/dataset"
)

// Spend adds rows of marketing spend. It serves one goroutine; several may add at the same time.
type Spend struct {
	t     *Tally
	limit dataset.Day
	days  dayCounts
	money int64       // Σ of absolute amounts, up to maxMoney
	spent sums[int64] // by channel and day
}

// Spend returns a new place to add rows of marketing spend.
func (t *Tally) Spend() *Spend { return &Spend{t: t, limit: t.limit()} }

// Add adds rows of marketing spend.
func (s *Spend) Add(r *SpendRows) {
	for i, day := range r.Day {
		s.days.add(day)
		s.money = saturated(s.money, r.Amount[i])
		if day <= s.limit {
			*s.spent.at(cell{uint64(labelAt(r.Channel, i)), uint64(uint32(day))}) += r.Amount[i]
		}
	}
}

// Flush says that all rows were added. It is called before Finish.
func (s *Spend) Flush() error {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	s.t.seen(spendTable, &s.days)
	s.t.money = saturated(s.t.money, s.money)
	s.t.spend.merge(&s.spent, addCount)
	return nil
}

// saturated adds an absolute amount to a sum that stays at maxMoney once it is there.
func saturated(sum, amount int64) int64 {
	if amount < 0 {
		amount = -amount
	}
	if amount < 0 || amount > maxMoney-sum {
		return maxMoney
	}
	return sum + amount
}

// acquisitionRows joins spend and new customers by the name of the channel. Only channels that money was spent on
// have rows of their own; the row of all channels counts everybody.
func (t *Tally) acquisitionRows(asOf dataset.Day, by acquired) []dataset.AcquisitionRow {
	var rows sums[dataset.AcquisitionRow]
	at := func(channel uint32, period int32) *dataset.AcquisitionRow {
		return rows.at(cell{uint64(channel), uint64(uint32(period))})
	}
	paid := map[uint32]bool{}
	for i, c := range t.spend.cells {
		channel, day := uint32(c[0]), dataset.Day(int32(c[1]))
		if day > asOf {
			continue
		}
		p := t.req.Calendar.PeriodOf(t.req.Grain, day)
		at(0, p).Spend += t.spend.rows[i]
		if channel != 0 {
			paid[channel] = true
			at(channel, p).Spend += t.spend.rows[i]
		}
	}
	by(func(channel uint32, period int32, customers int64) {
		at(0, period).NewCustomers += customers
		if paid[channel] {
			at(channel, period).NewCustomers += customers
		}
	})
	out := make([]dataset.AcquisitionRow, len(rows.rows))
	for i, c := range rows.cells {
		out[i] = rows.rows[i]
		out[i].Channel, out[i].Period = t.label(uint32(c[0])), int32(c[1])
	}
	slices.SortFunc(out, func(a, b dataset.AcquisitionRow) int {
		return cmp.Or(strings.Compare(a.Channel, b.Channel), cmp.Compare(a.Period, b.Period))
	})
	return out
}

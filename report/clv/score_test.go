package clv

import (
	"math"
	"testing"

	"parcours/report/clv/btyd"
	"parcours/report/dataset"
)

// Purchases of regular buyers come in waves, so that a discount read from the horizon alone is off by as much as the first
// wave is late or early: up to several thousandths of a customer's value, more than the ledger that scores must add up to.
func TestScoresOfRegularBuyersAreDiscountedFinely(t *testing.T) {
	set := Settings{}.withDefaults()
	o := &outcome{
		fit:      erlangFit(btyd.BGCNBD, 2, .84, 4.2, .05, .88),
		horizons: newHorizons(dataset.Manifest{AsOf: dataset.CivilDay(2011, 12, 9), Grain: dataset.Month}, dataset.Calendar{}, set),
	}
	s := newScorer(o)
	end := o.horizons.weeks[o.horizons.chosen]
	var daily []float64
	for u := 1. / 7; u < end; u += 1. / 7 {
		daily = append(daily, u)
	}
	daily = append(daily, end)
	fine, out := flow(o.fit, o.horizons.delta, daily, []float64{end}), make([]float64, len(daily)+1)
	for _, x := range []int32{0, 1, 4, 30} {
		for phase := range int32(2) {
			fine.at(int(x), 205./7, int(phase), out)
			got := s.active(x, 205, phase)
			if want := out[len(daily)]; math.Abs(got[1]/want-1) > 1e-4 || math.Abs(got[0]/out[len(daily)-1]-1) > 1e-9 {
				t.Errorf("x %d, phase %d: %g, want %g", x, phase, got[1], want)
			}
		}
	}
}

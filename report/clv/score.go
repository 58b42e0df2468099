package clv

import (
	"math"
	"sync"

	"parcours/report/clv/btyd"
	"parcours/report/dataset"
)

// Score is what the chosen model says of one customer.
type Score struct {
	Alive  float64 // probability that the customer still buys
	Orders float64 // expected purchases within Forecast.Months, not discounted
	Value  float64 // expected value of these in minor units of net revenue, discounted
}

// Score computes the score of a customer; false when there is no forecast, or no customer can be as told. It is safe for
// concurrent use.
func (p *Prediction) Score(c dataset.Customer) (Score, bool) {
	if p == nil || p.scorer == nil || !(tally{key{c.X, c.TX, c.T}, 1, int64(c.TX), int64(c.T), 0, max(c.Spend, 0), 0}).valid() {
		return Score{}, false
	}
	return p.scorer.score(c), true
}

// scorer computes scores. What is expected of an active customer depends on X, T and the phase alone, so that it is kept
// for the next customer with the same.
type scorer struct {
	fit    btyd.Fitted
	prices prices
	expect function
	times  int      // that are evaluated, the horizon last
	seen   sync.Map // seenKey → [2]float64
}

type seenKey struct{ x, t, phase int32 }

func newScorer(o *outcome) *scorer {
	weeks := o.horizons.weeks[o.horizons.chosen : o.horizons.chosen+1]
	times := weeks
	if erlang(o.fit.Name) { // discounts are exact between exact times only: by month, as the ledger has them
		times = o.horizons.curve
	}
	return &scorer{fit: o.fit, prices: o.prices, expect: flow(o.fit, o.horizons.delta, times, weeks), times: len(times)}
}

func (s *scorer) score(c dataset.Customer) Score {
	h := btyd.History{X: int(c.X), TX: float64(c.TX) / daysAWeek, T: float64(c.T) / daysAWeek}
	alive := s.fit.Model.Alive(h)
	var v, one [2]float64
	s.expect.mix(s.fit, h, make([]float64, s.expect.phases), v[:], one[:], func(phase int, out []float64) {
		known := s.active(c.X, c.T, int32(phase))
		copy(out, known[:])
	})
	price := s.prices.of(h.X, 1, math.Max(float64(c.Spend), 0))
	return Score{Alive: alive, Orders: alive * v[0], Value: alive * v[1] * price}
}

// active is what is expected of a customer known to be active.
func (s *scorer) active(x, t, phase int32) (v [2]float64) {
	k := seenKey{x, t, phase}
	if known, ok := s.seen.Load(k); ok {
		return known.([2]float64)
	}
	out := make([]float64, s.times+1)
	s.expect.at(int(x), float64(t)/daysAWeek, int(phase), out)
	copy(v[:], out[s.times-1:])
	s.seen.Store(k, v)
	return v
}

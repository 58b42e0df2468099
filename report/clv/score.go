package clv

import "parcours/report/dataset"

// Score is what the chosen model says of one customer.
type Score struct {
	Alive  float64 // probability that the customer still buys
	Orders float64 // expected purchases within Forecast.Months, not discounted
	Value  float64 // expected value of these in minor units of net revenue, discounted
}

// Score computes the score of a customer; false when there is no forecast. It is safe for concurrent use.
func (p *Prediction) Score(c dataset.Customer) (Score, bool) {
	if p == nil || p.scorer == nil {
		return Score{}, false
	}
	return p.scorer.score(c), true
}

type scorer struct{}

func (s *scorer) score(dataset.Customer) Score { return Score{} }

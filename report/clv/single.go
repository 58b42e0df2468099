package clv

import "parcours/report/clv/btyd"

// mostMass bounds the number of purchases up to which a law is followed.
const mostMass = 2000

// single is the predictive law of one customer: of those that most likely still buy, the one with the median number of
// purchases, seen for as long and as recently as they are on average. How often it will buy is far less certain than what
// a thousand like it will do.
func (o *outcome) single() Single {
	cell, ok := o.typical()
	if !ok {
		return Single{}
	}
	s := Single{X: int32(cell.X), Low: -1, High: -1}
	alive := o.fit.Model.Alive(cell.History)
	mean := make([]float64, 1)
	weeks := o.horizons.weeks[o.horizons.chosen]
	flow(o.fit, 0, []float64{weeks}, nil).of(o.fit, cell.History, mean)
	s.Mean = alive * mean[0]
	law := masses(o.fit, weeks)
	for n := 16; n <= mostMass; n *= 5 {
		p := make([]float64, n)
		law.of(o.fit, cell.History, p)
		for i := range p {
			p[i] *= alive
		}
		p[0] += 1 - alive
		if s.bounds(p) {
			return s
		}
	}
	return Single{}
}

// bounds reads the law; false when it goes on beyond what was computed.
func (s *Single) bounds(p []float64) bool {
	s.None, s.Low = p[0], -1
	sum := 0.
	for k, v := range p {
		sum += v
		if s.Low < 0 && sum >= .05 {
			s.Low = int32(k)
		}
		if sum >= .95 {
			s.High, s.Known = int32(k), true
			return true
		}
	}
	return false
}

// typical is the mean of the cells with the median X of active customers; without repeat purchases of most, the
// median is that of those who have one.
func (o *outcome) typical() (btyd.Cell, bool) {
	var all, sum float64
	weight := func(i int) float64 {
		if o.ledger.cells[i].X == 0 {
			return 0
		}
		return o.ledger.cells[i].N * o.details[i].alive
	}
	for i := range o.ledger.cells {
		all += weight(i)
	}
	if all == 0 {
		return btyd.Cell{}, false
	}
	x := 0
	for i, c := range o.ledger.cells { // by X
		if sum += weight(i); sum >= all/2 {
			x = c.X
			break
		}
	}
	var mean btyd.Cell
	for i, c := range o.ledger.cells {
		if c.X == x {
			w := weight(i)
			mean.N += w
			mean.TX += w * c.TX
			mean.T += w * c.T
			mean.LogGaps += w * c.LogGaps
		}
	}
	mean.X = x
	mean.TX, mean.T, mean.LogGaps = mean.TX/mean.N, mean.T/mean.N, mean.LogGaps/mean.N
	mean.TX = min(mean.TX, mean.T)
	return mean, mean.N > 0
}

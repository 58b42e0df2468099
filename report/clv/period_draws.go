package clv

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"

	"parcours/report/clv/estimate"
)

// forecast computes the value and then the draws.
//
// Every draw takes parameters from the normal law of their estimates, and what a unit brings from that of its mean over
// cohorts; both are independent. As elsewhere the intervals hold what is not known of the model, not what a year brings
// by chance.
func (p *periodic) forecast() *Forecast {
	f := p.evaluate(p.fit.Params, make([]float64, len(p.prices)))
	f.Bootstrap = Bootstrap{Draws: p.set.Draws, Cells: p.cells}
	estimates := f.estimates()
	for _, e := range estimates {
		e.Low, e.High = e.Value, e.Value
	}
	factor, ok := factorOf(p.fit, p.spread)
	if !ok {
		f.Bootstrap.Failed = p.set.Draws
		return f
	}
	draws := make([][]*Estimate, p.set.Draws)
	parallel(len(draws), func(i int) {
		params, normal := p.draw(rand.New(rand.NewPCG(seed, uint64(i))), factor)
		draws[i] = p.evaluate(params, normal).estimates()
	})
	f.Bootstrap.Known = true
	one := make([]float64, len(draws))
	for n, e := range estimates {
		for i, d := range draws {
			one[i] = d[n].Value
		}
		slices.Sort(one)
		e.Low, e.High = min(e.Value, percentile(one, lowest025)), max(e.Value, percentile(one, highest975))
	}
	return f
}

// factorOf is a square root of the covariance of θ, false when it is not known.
func factorOf(r estimate.Result, spread float64) (*mat.Dense, bool) {
	k := len(r.Theta)
	if r.Covariance == nil {
		return nil, false
	}
	c := mat.NewSymDense(k, nil)
	for i := range k {
		for j := range i + 1 {
			c.SetSym(i, j, spread*r.Covariance[i][j])
		}
	}
	var e mat.EigenSym
	if !e.Factorize(c, true) {
		return nil, false
	}
	var vectors mat.Dense
	e.VectorsTo(&vectors)
	for j, v := range e.Values(nil) {
		for i := range k {
			vectors.Set(i, j, vectors.At(i, j)*math.Sqrt(math.Max(0, v)))
		}
	}
	return &vectors, true
}

// draw draws parameters, and a standard normal number for each price.
func (p *periodic) draw(rng *rand.Rand, factor *mat.Dense) (params, normal []float64) {
	z := make([]float64, len(p.fit.Theta))
	for i := range z {
		z[i] = rng.NormFloat64()
	}
	for i, v := range p.fit.Theta {
		for j := range z {
			v += factor.At(i, j) * z[j]
		}
		params = append(params, math.Exp(min(max(v, -estimate.MaxTheta), estimate.MaxTheta)))
	}
	for range p.prices {
		normal = append(normal, rng.NormFloat64())
	}
	return params, normal
}

// estimates lists every estimate of the forecast that these models make, in a fixed order.
func (f *Forecast) estimates() []*Estimate {
	all := []*Estimate{&f.Equity, &f.Purchases, &f.Endless, &f.Active, &f.Gone, &f.AtRisk, &f.Buyers}
	for i := range f.Horizons {
		h := &f.Horizons[i]
		all = append(all, &h.Purchases, &h.Value, &h.Discounted)
	}
	all = append(all, &f.New.Repeat, &f.New.Value, &f.New.Ratio)
	for i := range f.New.Curve {
		all = append(all, &f.New.Curve[i])
	}
	for i := range f.Cohorts {
		c := &f.Cohorts[i]
		all = append(all, &c.Active, &c.Value)
		for k := range c.Points {
			all = append(all, &c.Points[k].Value)
		}
	}
	for i := range f.Channels {
		c := &f.Channels[i]
		all = append(all, &c.Active, &c.Value, &c.Total, &c.Equity, &c.Ratio)
	}
	return all
}

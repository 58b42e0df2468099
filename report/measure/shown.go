package measure

import (
	"math"
	"slices"

	"parcours/report/clv"
)

// ShownForecast is the forecast as it may be published: without usable bootstrap draws every bound is NaN, that is not
// known, where the models leave it equal to the value. It is nil without a forecast.
func ShownForecast(p *clv.Prediction) *clv.Forecast {
	switch {
	case p == nil || p.Forecast == nil:
		return nil
	case p.Forecast.Bootstrap.Known:
		return p.Forecast
	}
	f := *p.Forecast
	for _, e := range []*clv.Estimate{&f.Equity, &f.Purchases, &f.Endless, &f.Active, &f.Gone, &f.AtRisk, &f.Buyers} {
		unbound(e)
	}
	f.Horizons = slices.Clone(f.Horizons)
	for i := range f.Horizons {
		h := &f.Horizons[i]
		unbound(&h.Purchases, &h.Value, &h.Discounted)
	}
	if f.New != nil {
		n := *f.New
		n.Curve = slices.Clone(n.Curve)
		unbound(&n.Repeat, &n.Value, &n.Ratio)
		for i := range n.Curve {
			unbound(&n.Curve[i])
		}
		f.New = &n
	}
	unboundGroups(&f)
	return &f
}

func unbound(list ...*clv.Estimate) {
	for _, e := range list {
		e.Low, e.High = math.NaN(), math.NaN()
	}
}

func unboundGroups(f *clv.Forecast) {
	f.Cohorts, f.Channels, f.Segments = slices.Clone(f.Cohorts), slices.Clone(f.Channels), slices.Clone(f.Segments)
	for i := range f.Cohorts {
		c := &f.Cohorts[i]
		unbound(&c.Active, &c.Value)
		c.Points = slices.Clone(c.Points)
		for j := range c.Points {
			unbound(&c.Points[j].Value)
		}
	}
	for i := range f.Channels {
		g := &f.Channels[i]
		unbound(&g.Active, &g.Value, &g.Total, &g.Equity, &g.Ratio)
	}
	for i := range f.Segments {
		s := &f.Segments[i]
		unbound(&s.Active, &s.Purchases, &s.Value, &s.Equity)
	}
}

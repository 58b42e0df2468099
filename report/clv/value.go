package clv

import (
	"math"

	"parcours/report/clv/estimate"
	"parcours/report/clv/spending"
	"parcours/report/dataset"
)

// The spend models.
const (
	gammaGamma      = "gamma-gamma"
	meanByFrequency = "mean-by-frequency"
)

// leastSpenders is the number of customers below which the Gamma-Gamma model is not fitted, nor a mean told apart.
const leastSpenders = 30

// dependent is the correlation of ln x and ln mean value from which the value of a purchase is not taken to be
// independent of frequency. A bound on the effect and not on its significance: among many customers every correlation is
// significant, and one of 0.3 explains a tenth of the variance. The CDNOW sample, on which the model was made, has 0.11.
const dependent = .3

// bins turns the spend table into that of the model, in major units.
func bins(rows []dataset.SpendRow, digits int) []spending.Bin {
	unit := math.Pow10(digits)
	out := make([]spending.Bin, 0, len(rows))
	for _, r := range rows {
		n := float64(r.Customers)
		squares := math.Ldexp(float64(r.SquaresHigh), 64) + float64(r.SquaresLow)
		out = append(out, spending.Bin{
			X: int(r.X), N: n, Sum: float64(r.Sum) / unit, SumSquares: squares / (unit * unit),
			LogSum: float64(r.LogSum)*dataset.LogUnit - n*math.Log(unit),
		})
	}
	return out
}

// fitSpend fits the spend model of a stage; nil when no repeat purchase is worth anything.
func fitSpend(rows []dataset.SpendRow, h histories, digits int) *SpendFit {
	f := &SpendFit{ByFrequency: byFrequency(h.sums)}
	for _, t := range h.sums {
		if t.X > 0 {
			f.Customers += t.spenders
			f.Worthless += t.n - t.spenders
		}
	}
	if f.Customers == 0 {
		return nil
	}
	all := bins(rows, digits)
	f.Correlation, f.CorrLow, f.CorrHigh = spending.Correlation(all)
	f.Independent = math.Abs(f.Correlation) < dependent
	f.Name = meanByFrequency
	if f.Customers >= leastSpenders && len(all) > 0 {
		f.Result = estimate.Fit(spending.Problem(all))
		if f.Independent && finiteSpend(f.Result) {
			f.Name = gammaGamma
		}
	}
	v := f.prices(digits)
	f.Mean, f.MeanKnown = v.of(0, 1, 0), true
	return f
}

// finiteSpend reports whether the expected value of every customer's next purchase is finite: q > 1.
func finiteSpend(r estimate.Result) bool { return r.Usable() && len(r.Params) == 3 && r.Params[1] > 1 }

// byFrequency is the mean value of the repeat purchases of customers with the same number of them, pooled from below
// until a class has enough; purchases worth nothing count.
func byFrequency(sums []tally) []FrequencyValue {
	var all []FrequencyValue
	var c class
	for _, t := range sums {
		if t.X == 0 {
			continue
		}
		if t.X != c.to && c.spenders >= leastSpenders {
			all = append(all, c.value())
			c = class{}
		}
		c.add(t)
	}
	if c.customers > 0 {
		if n := len(all); n > 0 && c.spenders < leastSpenders {
			all[n-1] = all[n-1].joined(c)
		} else {
			all = append(all, c.value())
		}
		all[len(all)-1].To = 0
	}
	return all
}

// class gathers customers of neighbouring numbers of purchases.
type class struct {
	from, to                              int32
	customers, spenders, purchases, spend int64
}

func (c *class) add(t tally) {
	if c.customers == 0 {
		c.from = t.X
	}
	c.to = t.X
	c.customers += t.n
	c.spenders += t.spenders
	c.purchases += t.n * int64(t.X)
	c.spend += t.spend
}

func (c class) value() FrequencyValue {
	return FrequencyValue{c.from, c.to, c.customers, c.purchases, float64(c.spend) / float64(c.purchases)}
}

func (f FrequencyValue) joined(c class) FrequencyValue {
	spend := f.Mean*float64(f.Purchases) + float64(c.spend)
	f.Customers += c.customers
	f.Purchases += c.purchases
	f.Mean = spend / float64(f.Purchases)
	return f
}

// prices give the expected value of a repeat purchase in minor units. It is linear in what a customer's purchases
// were worth, so that sums over customers with the same X need only their number and the sum of that: Gamma-Gamma has
// p(γ+z)/(px+q−1). Customers whose repeat purchases were worth nothing have z = 0.
type prices struct {
	p, q, gamma float64 // γ in minor units
	classes     []FrequencyValue
	factor      float64 // 1 − refunds that name no order
}

func (f *SpendFit) prices(digits int) prices {
	if f == nil {
		return prices{}
	}
	v := prices{factor: 1, classes: f.ByFrequency}
	if f.Name == gammaGamma {
		v.setParams(f.Params, digits)
	}
	return v
}

func (v *prices) setParams(params []float64, digits int) {
	v.p, v.q, v.gamma, v.classes = params[0], params[1], params[2]*math.Pow10(digits), nil
}

// of is the sum over n customers with x repeat purchases worth z together of the expected value of their next one.
func (v prices) of(x int, n, z float64) float64 {
	level, slope := v.terms(x)
	return level*n + slope*z
}

// terms are the level and the slope of of.
func (v prices) terms(x int) (level, slope float64) {
	if v.classes == nil {
		if v.p == 0 {
			return 0, 0
		}
		slope = v.factor * v.p / (v.p*float64(x) + v.q - 1)
		return slope * v.gamma, slope
	}
	return v.factor * v.classes[v.class(x)].Mean, 0
}

// class is the class of customers with x repeat purchases; without one they are in the first.
func (v prices) class(x int) int {
	for i, c := range v.classes {
		if c.To == 0 || x <= int(c.To) {
			return i
		}
	}
	return len(v.classes) - 1
}

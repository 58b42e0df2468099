// Package stats gives intervals and survival estimates for counts: the few formulas that metrics share, each with
// its source.
package stats

import "math"

// Z95 is the standard normal quantile of a two-sided 95 % interval.
const Z95 = 1.959963984540054

// Interval is a 95 % interval.
type Interval struct{ Low, High float64 }

// Wilson is the score interval of the proportion k of n: centre (p + z²/2n) ÷ (1 + z²/n), half-width
// z ÷ (1 + z²/n) × √(p(1−p)/n + z²/4n²). Wilson, "Probable inference, the law of succession, and statistical
// inference", JASA 22 (1927). Without observations nothing is known: [0, 1].
func Wilson(k, n int64) Interval {
	if n <= 0 {
		return Interval{0, 1}
	}
	p, m := float64(k)/float64(n), float64(n)
	denominator := 1 + Z95*Z95/m
	centre := (p + Z95*Z95/(2*m)) / denominator
	half := Z95 / denominator * math.Sqrt(p*(1-p)/m+Z95*Z95/(4*m*m))
	i := Interval{math.Max(0, centre-half), math.Min(1, centre+half)}
	// The bounds meet 0 and 1 exactly in theory; rounding must not leave the estimate outside.
	if k == 0 {
		i.Low = 0
	}
	if k == n {
		i.High = 1
	}
	return i
}

// smallNPS is the number of answers below which the plain Wald interval of a net promoter score is too narrow.
const smallNPS = 30

// NPS is the net promoter score, 100 × (promoters − detractors) ÷ answers, with its interval on the same scale
// −100…100; ok is false without answers.
//
// From 30 answers on it is Wald's, 100 × (score ± z √(var/n)) with var = p + d − (p − d)². Below, and whenever all
// answers fall in one group (where Wald's has no width), it is the adjusted Wald interval: three answers more, ¾
// promoter, 1½ passive, ¾ detractor. Rocks, "Interval estimation for the Net Promoter Score", The American
// Statistician 70 (2016), section 3.
func NPS(promoters, passives, detractors int64) (value float64, i Interval, ok bool) {
	p, d, n := float64(promoters), float64(detractors), float64(promoters+passives+detractors)
	if n == 0 {
		return 0, Interval{-100, 100}, false
	}
	value = 100 * (p - d) / n
	score, deviation := waldNPS(p, d, n)
	if n < smallNPS || deviation == 0 {
		score, deviation = waldNPS(p+.75, d+.75, n+3)
	}
	low, high := score-Z95*deviation, score+Z95*deviation
	// One answer pulls the adjusted interval inside the scale, away from the score itself.
	return value, Interval{math.Min(value, math.Max(-100, low)), math.Max(value, math.Min(100, high))}, true
}

// waldNPS returns the score and its standard error, both on −100…100.
func waldNPS(promoters, detractors, n float64) (score, deviation float64) {
	p, d := promoters/n, detractors/n
	variance := p + d - (p-d)*(p-d)
	return 100 * (p - d), 100 * math.Sqrt(math.Max(0, variance)/n)
}

// Ratio is a ÷ b, ok false when b is 0.
func Ratio(a, b int64) (r float64, ok bool) {
	if b == 0 {
		return 0, false
	}
	return float64(a) / float64(b), true
}

package btyd_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"parcours/report/clv/btyd"
)

var regular = []btyd.Name{btyd.BGCNBD, btyd.MBGCNBD}

func newRegular(t testing.TB, name btyd.Name, k int, params []float64) btyd.Model {
	t.Helper()
	m, err := btyd.New(name, k, params)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// One event to a purchase is the BG/NBD and the MBG/NBD model.
func TestCNBDWithOneEventIsTheBetaGeometric(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 1))
	times := []float64{1, 12, 52, 300, math.Inf(1)}
	got, want := make([]float64, 5), make([]float64, 5)
	for i := range 150 {
		name := regular[i%2]
		params := exponentials(randomTheta(rng, 4, false))
		m, base := newRegular(t, name, 1, params), newModel(t, betaGeometrics[i%2], params)
		h := history(0, 0, 80*rng.Float64())
		if i%3 > 0 {
			h.X = 1 + int(math.Exp(5*rng.Float64()))
			h.TX = h.T * rng.Float64()
		}
		close := func(what string, got, want, relative float64) {
			t.Helper()
			within(t, name, fmt.Sprintf("%s at %v, %+v", what, params, h), got, want, relative*math.Abs(want)+1e-12)
		}
		close("log-likelihood", m.LogLikelihood(h), base.LogLikelihood(h), 1e-11)
		close("P(alive)", m.Alive(h), base.Alive(h), 1e-11)
		close("mass", m.Mass(i%7, h.T), base.Mass(i%7, h.T), 1e-9)
		m.Expected(h, .0018, times, got)
		base.Expected(h, .0018, times, want)
		for j := range times {
			close(fmt.Sprintf("expected until %g", times[j]), got[j], want[j], 1e-6)
		}
		m.Expected(h, 0, times[:4], got)
		base.Expected(h, 0, times[:4], want)
		for j := range 4 {
			close(fmt.Sprintf("undiscounted until %g", times[j]), got[j], want[j], 1e-6)
		}
	}
}

func TestCNBDMassesSumToOneAndToTheExpectation(t *testing.T) {
	for _, name := range regular {
		for _, k := range []int{2, 5, 12} {
			m := newRegular(t, name, k, []float64{.9, 4 / float64(k), .7, 2.2})
			var total, mean float64
			for x := range 2000 {
				p := m.Mass(x, 40)
				total += p
				mean += float64(x) * p
				if x > 30 && p < 1e-15 {
					break
				}
			}
			within(t, name, "sum of masses", total, 1, 1e-9)
			within(t, name, "mean of masses", mean, expected(m, btyd.History{}, 0, 40), 1e-7)
		}
	}
}

// Many ascending times give what each alone gives, though the many are summed along time and the one along rates.
func TestCNBDHorizonsAgree(t *testing.T) {
	times := []float64{.2, 1, 4, 13, 52, 150, 700, 4000, math.Inf(1)}
	got := make([]float64, len(times))
	for _, name := range regular {
		for _, k := range []int{1, 3, 12} {
			m := newRegular(t, name, k, []float64{1.4, 5 / float64(k), .7, 2.2})
			for _, h := range []btyd.History{{}, history(0, 0, 30), history(9, 30, 30), history(9, 30, 31), history(3, 20, 39)} {
				m.Expected(h, .0018, times, got)
				for i, end := range times {
					want := expected(m, h, .0018, end)
					within(t, name, "one of many", got[i], want, 1e-8*want)
				}
				for i := 1; i < len(got); i++ {
					if !(got[i] > got[i-1]*(1-1e-9)) {
						t.Errorf("%s, k = %d, %+v: %v", name, k, h, got)
					}
				}
			}
		}
	}
}

// simulatedRegular is a customer of a CNBD model: the days of the purchases, in weeks, and when the customer stopped.
type simulatedRegular struct {
	purchases []float64
	stopped   float64
}

func simulateRegular(rng *rand.Rand, mbg bool, k int, p []float64, until float64) simulatedRegular {
	rate, stop := gammaDraw(rng, p[0])/p[1], 0.
	if a, b := gammaDraw(rng, p[2]), gammaDraw(rng, p[3]); a+b > 0 {
		stop = a / (a + b)
	}
	if mbg && rng.Float64() < stop {
		return simulatedRegular{stopped: 0}
	}
	c := simulatedRegular{stopped: math.Inf(1)}
	for now := 0.; ; {
		for range k {
			now += rng.ExpFloat64() / rate
		}
		if now > until {
			return c
		}
		c.purchases = append(c.purchases, now)
		if rng.Float64() < stop {
			c.stopped = now
			return c
		}
	}
}

// gammaDraw is a Gamma(shape, 1) variate (Marsaglia and Tsang 2000).
func gammaDraw(rng *rand.Rand, shape float64) float64 {
	boost := 1.
	if shape < 1 {
		boost = math.Pow(1-rng.Float64(), 1/shape)
		shape++
	}
	d := shape - 1./3
	for c := 1 / math.Sqrt(9*d); ; {
		x := rng.NormFloat64()
		v := 1 + c*x
		if v = v * v * v; v > 0 && math.Log(1-rng.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v * boost
		}
	}
}

// tally is a mean with its standard error.
type tally struct{ n, sum, squares float64 }

func (t *tally) add(v float64) { t.n, t.sum, t.squares = t.n+1, t.sum+v, t.squares+v*v }

func (t *tally) check(test *testing.T, what string, want float64) {
	test.Helper()
	mean := t.sum / t.n
	error := math.Sqrt(max(t.squares/t.n-mean*mean, max(want*(1-want), 0)/t.n, 1e-12) / t.n)
	if !(math.Abs(mean-want) <= 4.5*error) {
		test.Errorf("%s: %.5g by simulation ± %.2g, %.5g by the model (%.0f customers)", what, mean, error, want, t.n)
	}
}

// Of simulated customers, new and after 30 weeks, what comes is what the model expects: of those with few purchases
// grouped by how long ago the last one was, with the mean of what is expected of each.
func TestCNBDForecastsAreThoseOfSimulation(t *testing.T) {
	const observed, ahead, customers = 30., 20., 20_000
	const delta = .01
	for i, name := range regular {
		for _, k := range []int{2, 4, 9} {
			params := []float64{2, 12 / float64(k), 1.2, 4}
			m := newRegular(t, name, k, params)
			rng := rand.New(rand.NewPCG(uint64(k), uint64(100+i)))
			groups := map[[2]int]*[4]tally{}
			var masses [4]tally
			var first, value tally
			for range customers {
				c := simulateRegular(rng, i == 1, k, params, observed+ahead)
				h, later, discounted, early, worth := history(0, 0, observed), 0., 0., 0., 0.
				for _, at := range c.purchases {
					if at <= observed {
						h.X, h.TX = h.X+1, at
					} else {
						later++
						discounted += math.Exp(-delta * (at - observed))
					}
					if at <= ahead {
						early++
						worth += math.Exp(-delta * at)
					}
				}
				first.add(early)
				value.add(worth)
				for x := range masses {
					masses[x].add(indicator(early == float64(x)))
				}
				if h.X > 3 {
					continue
				}
				key := [2]int{h.X, int((observed - h.TX) / 6)}
				g := groups[key]
				if g == nil {
					g = &[4]tally{}
					groups[key] = g
				}
				// Differences to the model, so that customers of a group need not be alike.
				if g[0].n < 250 {
					alive := m.Alive(h)
					g[0].add(indicator(c.stopped > observed) - alive)
					g[3].add(alive)
					g[1].add(later - expected(m, h, 0, ahead))
					g[2].add(discounted - expected(m, h, delta, ahead))
				}
			}
			label := func(what string) string { return fmt.Sprintf("%s, k = %d: %s", name, k, what) }
			first.check(t, label("new customers"), expected(m, btyd.History{}, 0, ahead))
			value.check(t, label("new customers, discounted"), expected(m, btyd.History{}, delta, ahead))
			for x := range masses {
				masses[x].check(t, label(fmt.Sprintf("P(X = %d)", x)), m.Mass(x, ahead))
			}
			for key, g := range groups {
				if g[3].sum < 20 || g[3].n-g[3].sum < 20 {
					continue // too few that are active, or that are not, to say anything
				}
				for j, what := range []string{"P(alive)", "purchases", "discounted purchases"} {
					g[j].check(t, label(fmt.Sprintf("%s after x = %d, silent for %d weeks", what, key[0], key[1]*6)), 0)
				}
			}
		}
	}
}

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// The likelihood is a density: the gaps before the first purchase, integrated, give the mass of one purchase or more.
func TestCNBDLikelihoodIsTheDensityOfGaps(t *testing.T) {
	for _, name := range regular {
		for _, k := range []int{1, 2, 5, 12} {
			m := newRegular(t, name, k, []float64{1.5, 6 / float64(k), .8, 2.5})
			const end, steps = 20., 4000
			sum := 0.
			for i := range steps {
				gap := end * (float64(i) + .5) / steps
				sum += math.Exp(m.LogLikelihood(btyd.History{X: 1, TX: gap, T: end, LogGaps: math.Log(gap)})) * end / steps
			}
			within(t, name, "P(X = 1)", sum, m.Mass(1, end), 1e-5)
			within(t, name, "P(X = 0)", math.Exp(m.LogLikelihood(history(0, 0, end))), m.Mass(0, end), 1e-12)
		}
	}
}

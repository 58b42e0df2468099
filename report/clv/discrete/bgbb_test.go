package discrete_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/parquet-go/parquet-go"
	"gonum.org/v1/gonum/stat/distuv"

	"parcours/report/clv/discrete"
	"parcours/report/clv/estimate"
)

// donations reads the patterns of the donors of Fader, Hardie and Shang 2010.
func donations(t *testing.T) []discrete.Pattern {
	t.Helper()
	type row struct {
		Frequency int32 `parquet:"frequency"`
		Recency   int32 `parquet:"recency"`
		Periods   int32 `parquet:"periods"`
		Weights   int32 `parquet:"weights"`
	}
	rows, err := parquet.ReadFile[row]("../testdata/donations.parquet")
	if err != nil {
		t.Fatal(err)
	}
	var all []discrete.Pattern
	for _, r := range rows {
		all = append(all, discrete.Pattern{
			X: int(r.Frequency), TX: int(r.Recency), N: int(r.Periods), Count: float64(r.Weights),
		})
	}
	return all
}

func fitted(t *testing.T) (estimate.Result, discrete.BGBB) {
	t.Helper()
	r := estimate.Fit(discrete.BGBBProblem(donations(t)))
	if r.Status != estimate.Converged || r.Agree != r.Starts {
		t.Fatalf("%s, %d of %d starts agree", r.Status, r.Agree, r.Starts)
	}
	return r, discrete.NewBGBB(r.Params)
}

func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %.9g, want %.9g ± %.2g", what, got, want, tolerance)
	}
}

func TestTheFitToDonationsIsPublished(t *testing.T) {
	r, _ := fitted(t)
	within(t, "log-likelihood", r.LogLikelihood, -33225.5813, 1e-4)
	// The estimates are those of an independent program; the errors come from its Hessian with 40 digits.
	for i, want := range []float64{1.203522, .7497163, .6567182, 2.783442} {
		within(t, r.Names[i], r.Params[i], want, 1e-5*want)
		se := []float64{.0693913624, .0294477167, .051009859, .320819003}[i]
		within(t, "SE of "+r.Names[i], r.SE[i], se, 1e-4*se)
	}
	t.Logf("%v, SE %v, LL %.5f, %d evaluations", r.Params, r.SE, r.LogLikelihood, r.Evaluations)
}

// paper are the rounded estimates that the paper computes with.
var paper = discrete.BGBB{Alpha: 1.204, Beta: .750, Gamma: .657, Delta: 2.783}

func TestPatternsAreAsLikelyAsPublished(t *testing.T) {
	for _, c := range []struct {
		x, tx int
		want  float64
	}{{6, 6, -2.182248}, {0, 0, -1.167262}, {3, 4, -5.059308}} {
		within(t, "log-likelihood", paper.LogLikelihood(discrete.Pattern{X: c.x, TX: c.tx, N: 6}), c.want, 1e-6)
	}
}

func TestNewDonorsAreExpectedToGiveAsPublished(t *testing.T) {
	_, m := fitted(t)
	for i, want := range []float64{.4985, .9233, 1.2969, 1.6323, 1.9381, 2.2202, 2.4826, 2.7285, 2.9603, 3.1798, 3.3887} {
		within(t, "expected", m.Mean(i+1), want, 1e-4)
	}
}

func TestDonorsAreActiveAndGiveAsPublished(t *testing.T) {
	_, m := fitted(t)
	for _, c := range []struct {
		x, tx int
		want  float64
	}{{0, 0, .1081}, {2, 4, .5897}, {6, 6, .9304}} {
		within(t, "active in 2002", m.Alive(discrete.Pattern{X: c.x, TX: c.tx, N: 6}), c.want, 5e-5)
	}
	a, b := discrete.Pattern{N: 6}, discrete.Pattern{X: 4, TX: 5, N: 6}
	within(t, "ten years of donor A", m.Expected(a, 10), .130218, 1e-6)
	within(t, "ten years of donor B", m.Expected(b, 10), 3.627968, 2e-6)
	within(t, "ten years of donor A, rounded estimates", paper.Expected(a, 10), .130104, 1e-6)
	within(t, "ten years of donor B, rounded estimates", paper.Expected(b, 10), 3.627077, 1e-6)
}

func TestTheCohortGivesAsPublished(t *testing.T) {
	_, m := fitted(t)
	next, endless := 0., 0.
	for _, p := range donations(t) {
		next += p.Count * m.Expected(p, 5)
		endless += p.Count * m.Discounted(p, .1, discrete.Endless)
	}
	within(t, "gifts in five years", next, 12884.16, .01)
	within(t, "discounted gifts", endless, 20291.3, .06)
	within(t, "donors who never give again", 11104*m.Mass(0, 6), 3454.9, .05)
	within(t, "donors who always do", 11104*m.Mass(6, 6), 1253.1, .05)
	for i, want := range []float64{
		5535.833, 4717.059, 4147.621, 3724.665, 3395.888, 3131.647, 2913.778, 2730.482, 2573.731, 2437.854, 2318.727,
	} {
		// Printed by BTYD at the point where its search stopped.
		btyd := discrete.BGBB{Alpha: 1.203528, Beta: .7497260, Gamma: .6567808, Delta: 2.783796}
		within(t, "gifts in a year", 11104*(btyd.Mean(i+1)-btyd.Mean(i)), want, .003)
		within(t, "gifts in a year", 11104*(m.Mean(i+1)-m.Mean(i)), want, .07)
	}
}

func TestDiscountedGiftsArePublished(t *testing.T) {
	m := discrete.BGBB{Alpha: 1.20, Beta: .75, Gamma: .66, Delta: 2.78}
	within(t, "three gifts", m.Discounted(discrete.Pattern{X: 3, TX: 4, N: 6}, .1, discrete.Endless), 1.62138, 5e-6)
	for i, want := range []float64{1.80204, 2.62116, 3.44027, 4.25938, 5.07849, 5.89760} {
		within(t, "gifts", m.Discounted(discrete.Pattern{X: i + 1, TX: 6, N: 6}, .1, discrete.Endless), want, 5e-6)
	}
}

func TestFiniteSumsMeetTheClosedForms(t *testing.T) {
	p := discrete.Pattern{X: 2, TX: 3, N: 5}
	for _, rate := range []float64{.005, .05, .5} {
		m := discrete.BGBB{Alpha: 1.2, Beta: .75, Gamma: .66, Delta: 2.78}
		endless := m.Discounted(p, rate, discrete.Endless)
		agree(t, "without end", m.Discounted(p, rate, 20000), endless, 1e-9)
		sum := 0.
		for i := 1; i <= 40; i++ {
			sum += (m.Expected(p, i) - m.Expected(p, i-1)) * math.Pow(1+rate, -float64(i))
		}
		agree(t, "forty periods", m.Discounted(p, rate, 40), sum, 1e-10)
		s := discrete.SBG{Alpha: .6, Beta: 1.4}
		agree(t, "lifetime", s.DEL(rate, 20000), s.DEL(rate, discrete.Endless), 1e-9)
		agree(t, "residual lifetime", s.DERL(4, rate, 20000), s.DERL(4, rate, discrete.Endless), 1e-9)
	}
	// γ > 1: E[X(∞)] = α/(α+β) δ/(γ−1), the mean of the geometric law.
	m := discrete.BGBB{Alpha: 1, Beta: 3, Gamma: 2.5, Delta: 4}
	agree(t, "for life", m.Expected(discrete.Pattern{}, discrete.Endless), .25*4/1.5, 1e-12)
	m.Gamma = .9
	if v := m.Expected(p, discrete.Endless); !math.IsInf(v, 1) {
		t.Errorf("%g expected for life with γ < 1", v)
	}
	if v := m.Expected(p, 0); v != 0 {
		t.Errorf("%g expected in no time", v)
	}
}

func TestCountsHaveAProbability(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 9))
	for range 300 {
		m := discrete.BGBB{
			Alpha: math.Exp(6*rng.Float64() - 3), Beta: math.Exp(6*rng.Float64() - 3),
			Gamma: math.Exp(6*rng.Float64() - 3), Delta: math.Exp(6*rng.Float64() - 3),
		}
		n := rng.IntN(60)
		sum, mean := 0., 0.
		for x := -1; x <= n+1; x++ {
			v := m.Mass(x, n)
			if !(v >= 0 && v <= 1+1e-12) {
				t.Fatalf("%+v: mass of %d among %d is %g", m, x, n, v)
			}
			sum += v
			mean += v * float64(x)
		}
		agree(t, "sum of masses", sum, 1, 1e-11)
		within(t, "mean of masses", mean, m.Mean(n), 1e-11*float64(n+1))
		// So do patterns: those with the same x share its mass.
		x := rng.IntN(n + 1)
		var patterns float64
		for tx := x; tx <= n; tx++ {
			if ok := (tx == 0) == (x == 0); !ok {
				continue
			}
			// Ways to choose the x−1 purchases before the last.
			ways := 1.
			for i := 1; i < x; i++ {
				ways *= float64(tx-i) / float64(i)
			}
			patterns += ways * math.Exp(m.LogLikelihood(discrete.Pattern{X: x, TX: tx, N: n}))
		}
		agree(t, "mass by patterns", patterns, m.Mass(x, n), 1e-10)
	}
}

func TestTheGradientsAreThoseOfTheLikelihoods(t *testing.T) {
	patterns := append(donations(t), discrete.Pattern{X: 2, TX: 9, N: 12, Count: 7}, discrete.Pattern{X: 40, TX: 70, N: 300, Count: 2},
		discrete.Pattern{X: 1, TX: 2, N: 2000, Count: 3})
	check := func(name string, p estimate.Problem) {
		rng := rand.New(rand.NewPCG(1, 2))
		for range 100 {
			theta := make([]float64, len(p.Names))
			for i := range theta {
				theta[i] = rng.Float64()*8 - 4
			}
			grad := make([]float64, len(theta))
			p.Mean(theta, grad)
			for i := range theta {
				const h = 1e-5
				up, down := append([]float64(nil), theta...), append([]float64(nil), theta...)
				up[i] += h
				down[i] -= h
				slope := (p.Mean(up, nil) - p.Mean(down, nil)) / (2 * h)
				if !(math.Abs(slope-grad[i]) <= 1e-7*(1+math.Abs(slope))) {
					t.Fatalf("%s at %v: derivative %d is %g, by differences %g", name, theta, i, grad[i], slope)
				}
			}
		}
	}
	check("BG/BB", discrete.BGBBProblem(patterns))
	check("sBG", discrete.SBGProblem([]discrete.Cohort{highEnd, regular, {Lost: []float64{3}, Active: 5}}))
}

func TestTheLikelihoodOfPatternsIsThatOfEach(t *testing.T) {
	patterns := append(donations(t), discrete.Pattern{X: 40, TX: 70, N: 3000, Count: 2}, discrete.Pattern{X: 40, TX: 90, N: 3000, Count: 1})
	sum := 0.
	for _, p := range patterns {
		sum += p.Count * paper.LogLikelihood(p)
	}
	p := discrete.BGBBProblem(patterns)
	theta := []float64{math.Log(paper.Alpha), math.Log(paper.Beta), math.Log(paper.Gamma), math.Log(paper.Delta)}
	agree(t, "log-likelihood", -p.Weight*p.Mean(theta, nil), sum, 1e-12)
	// What cannot be, and what says nothing, does not count.
	q := discrete.BGBBProblem(append(patterns, discrete.Pattern{Count: 9}, discrete.Pattern{X: 3, TX: 2, N: 6, Count: 4},
		discrete.Pattern{X: 0, TX: 2, N: 6, Count: 4}, discrete.Pattern{X: 1, TX: 7, N: 6, Count: 4}))
	if p.Weight != q.Weight || p.Mean(theta, nil) != q.Mean(theta, nil) {
		t.Error("patterns that cannot be change the likelihood")
	}
	if r := estimate.Fit(discrete.BGBBProblem(nil)); r.Status != estimate.Failed {
		t.Errorf("a fit to nothing is %s", r.Status)
	}
}

func TestStandingsAreThoseOfEachPattern(t *testing.T) {
	patterns := append(donations(t), discrete.Pattern{X: 40, TX: 70, N: 3000, Count: 2}, discrete.Pattern{Count: 5},
		discrete.Pattern{X: 40, TX: 90, N: 3000, Count: 1}, discrete.Pattern{X: 3, TX: 2, N: 6, Count: 4})
	table := discrete.NewTable(patterns)
	if len(table.Patterns) != len(patterns)-1 {
		t.Errorf("%d patterns", len(table.Patterns))
	}
	for _, periods := range []int{0, 1, 30} {
		for i, s := range table.Standings(paper, periods) {
			p := table.Patterns[i]
			longer := p
			longer.N += periods
			idle := math.Exp(paper.LogLikelihood(longer)-paper.LogLikelihood(p)) - 1 + paper.Alive(p)
			agree(t, "alive", s.Alive, paper.Alive(p), 1e-12)
			agree(t, "expected", s.Alive*s.Buy, paper.Expected(p, 1), 1e-12)
			within(t, "idle", s.Idle, math.Max(0, idle), 1e-11)
			if periods == 0 {
				within(t, "idle in no time", s.Idle, s.Alive, 1e-12)
			}
		}
	}
}

func TestAnyPatternHasFiniteNumbers(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	parameter := func() float64 { return math.Exp((2*rng.Float64() - 1) * estimate.MaxTheta) }
	finite := func(m, p any, what string, v float64) {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Fatalf("%+v, %+v: %s is %g", m, p, what, v)
		}
	}
	for range 10000 {
		m := discrete.BGBB{Alpha: parameter(), Beta: parameter(), Gamma: parameter(), Delta: parameter()}
		n := int(math.Exp(rng.Float64() * math.Log(3000)))
		p := discrete.Pattern{N: n, Count: 1}
		if p.TX = rng.IntN(n + 1); p.TX > 0 {
			p.X = 1 + rng.IntN(p.TX)
		}
		finite(m, p, "log-likelihood", m.LogLikelihood(p))
		if a := m.Alive(p); !(a >= 0 && a <= 1) {
			t.Fatalf("%+v, %+v: probability %g", m, p, a)
		}
		if e := m.Expected(p, 52); !(e >= 0 && e <= 52*(1+1e-12)) {
			t.Fatalf("%+v, %+v: %g expected in 52 periods", m, p, e)
		}
		finite(m, p, "discounted", m.Discounted(p, .01, discrete.Endless))
		finite(m, p, "mass", m.Mass(p.X, p.N))
		grad := make([]float64, 4)
		problem := discrete.BGBBProblem([]discrete.Pattern{p, {X: 1, TX: 1, N: 1, Count: 2}})
		finite(m, p, "mean", problem.Mean([]float64{math.Log(m.Alpha), math.Log(m.Beta), math.Log(m.Gamma), math.Log(m.Delta)}, grad))
		for _, g := range grad {
			finite(m, p, "gradient", g)
		}
		s := discrete.SBG{Alpha: m.Alpha, Beta: m.Beta}
		for what, v := range map[string]float64{
			"survival": s.Survival(n), "retention": s.Retention(n), "conditional survival": s.ConditionalSurvival(n, n),
			"DEL": s.DEL(.01, discrete.Endless), "DERL": s.DERL(n, .01, discrete.Endless),
			"log-likelihood": s.LogLikelihood(discrete.Cohort{Lost: []float64{2, 0, 3}, Active: 1}),
		} {
			finite(s, n, what, v)
		}
	}
}

func TestParametersOfSimulatedDonorsAreCovered(t *testing.T) {
	truth := []float64{1.2, .75, .66, 2.8}
	const seeds = 100
	covered := make([]int, 4)
	for seed := range uint64(seeds) {
		r := estimate.Fit(discrete.BGBBProblem(simulateDonors(discrete.NewBGBB(truth), 4000, seed)))
		if !r.Usable() {
			t.Fatalf("seed %d: %s", seed, r.Status)
		}
		for i, v := range truth {
			if r.Low[i] <= v && v <= r.High[i] {
				covered[i]++
			}
		}
	}
	t.Logf("covered %v of %d", covered, seeds)
	for i, n := range covered {
		if rate := float64(n) / seeds; rate < .89 || rate > .995 {
			t.Errorf("parameter %d is covered at %g", i, rate)
		}
	}
}

// simulateDonors follows donors who begin in different periods for 4 to 10 of them.
func simulateDonors(m discrete.BGBB, n int, seed uint64) []discrete.Pattern {
	rng := rand.New(rand.NewPCG(seed, 7))
	counts := map[discrete.Pattern]float64{}
	for range n {
		buy := distuv.Beta{Alpha: m.Alpha, Beta: m.Beta, Src: rng}.Rand()
		stop := distuv.Beta{Alpha: m.Gamma, Beta: m.Delta, Src: rng}.Rand()
		p := discrete.Pattern{N: 4 + rng.IntN(7)}
		for i := 1; i <= p.N && rng.Float64() >= stop; i++ {
			if rng.Float64() < buy {
				p.X, p.TX = p.X+1, i
			}
		}
		counts[p]++
	}
	var all []discrete.Pattern
	for p, c := range counts {
		p.Count = c
		all = append(all, p)
	}
	return all
}

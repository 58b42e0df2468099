package discrete_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"parcours/report/clv/discrete"
	"parcours/report/clv/estimate"
)

// The two segments of Fader and Hardie 2007, table 1: 1,000 customers each, seven years.
var (
	highEnd = discrete.Cohort{Lost: []float64{131, 126, 90, 60, 42, 34, 26}, Active: 491}
	regular = discrete.Cohort{Lost: []float64{369, 163, 86, 56, 37, 27, 21}, Active: 241}
)

func TestTheFitsToBothSegmentsArePublished(t *testing.T) {
	for _, c := range []struct {
		name          string
		cohort        discrete.Cohort
		params, se    []float64
		logLikelihood float64
		survival      []float64 // percentages, years 1 to 12
	}{
		{
			"High End", highEnd,
			[]float64{.6680884, 3.806095},
			[]float64{.103734931, .785531692},
			-1611.1581,
			[]float64{85.07, 74.69, 66.98, 60.99, 56.18, 52.22, 48.89, 46.04, 43.58, 41.42, 39.51, 37.80},
		},
		{
			"Regular", regular,
			[]float64{.7040768, 1.182042},
			[]float64{.0655989642, .152475632},
			-1680.2652,
			[]float64{62.67, 47.38, 38.80, 33.21, 29.23, 26.25, 23.90, 22.01, 20.44, 19.12, 17.99, 17.00},
		},
	} {
		r := estimate.Fit(discrete.SBGProblem([]discrete.Cohort{c.cohort}))
		if r.Status != estimate.Converged || r.Agree != r.Starts {
			t.Errorf("%s: %s, %d of %d starts agree", c.name, r.Status, r.Agree, r.Starts)
			continue
		}
		within(t, "log-likelihood", r.LogLikelihood, c.logLikelihood, 1e-4)
		m := discrete.NewSBG(r.Params)
		within(t, "log-likelihood of the cohort", m.LogLikelihood(c.cohort), r.LogLikelihood, 1e-8)
		for i, want := range c.params {
			within(t, r.Names[i], r.Params[i], want, 5e-6*want)
			within(t, "SE of "+r.Names[i], r.SE[i], c.se[i], 1e-4*c.se[i])
		}
		for i, want := range c.survival {
			within(t, "survival", 100*m.Survival(i+1), want, .0051)
		}
		t.Logf("%s: %v, SE %v, LL %.5f, %d evaluations", c.name, r.Params, r.SE, r.LogLikelihood, r.Evaluations)
	}
}

func TestCohortsOfDifferentAgesArePooled(t *testing.T) {
	young := discrete.Cohort{Lost: regular.Lost[:3], Active: 382}
	p := discrete.SBGProblem([]discrete.Cohort{regular, young, {Active: 50}})
	m := discrete.SBG{Alpha: .7, Beta: 1.2}
	if p.Weight != 2000 {
		t.Errorf("%g customers", p.Weight)
	}
	agree(t, "log-likelihood", -p.Weight*p.Mean([]float64{math.Log(m.Alpha), math.Log(m.Beta)}, nil),
		m.LogLikelihood(regular)+m.LogLikelihood(young), 1e-13)
	if r := estimate.Fit(discrete.SBGProblem([]discrete.Cohort{{Active: 50}})); r.Status != estimate.Failed {
		t.Errorf("a fit to customers without a renewal is %s", r.Status)
	}
}

func TestSurvivalIsConditional(t *testing.T) {
	m := discrete.SBG{Alpha: .668, Beta: 3.806}
	agree(t, "survival of those there", m.ConditionalSurvival(7, 5), m.Survival(12)/m.Survival(7), 1e-13)
	agree(t, "nobody leaves at once", m.ConditionalSurvival(7, 0), 1, 0)
	agree(t, "retention", m.Retention(8), m.Survival(8)/m.Survival(7), 1e-13)
	stay := 0.
	for n := range 500 {
		stay += m.ConditionalSurvival(7, n+1) * math.Pow(1.1, -float64(n))
	}
	agree(t, "residual lifetime", m.DERL(8, .1, discrete.Endless), stay, 1e-12)
}

func TestLifetimesAreFiniteWhereTheyCanBe(t *testing.T) {
	if v := (discrete.SBG{Alpha: 1, Beta: 2}).DEL(0, discrete.Endless); !math.IsInf(v, 1) {
		t.Errorf("lifetime %g with α = 1", v)
	}
	agree(t, "lifetime", discrete.SBG{Alpha: 3, Beta: 2}.DEL(0, discrete.Endless), 2, 1e-13)
	agree(t, "lifetime in ten periods", discrete.SBG{Alpha: 1, Beta: 1}.DEL(0, 10), 2.9289682539682538, 1e-13) // harmonic sum
	agree(t, "no time", discrete.SBG{Alpha: 1, Beta: 1}.DERL(3, .1, 0), 0, 0)
}

func TestEqualCustomersAreAtTheBoundary(t *testing.T) {
	// Everybody leaves with probability 0.2: α and β run to infinity together.
	lost, left := []float64{}, 1e6
	for range 8 {
		lost = append(lost, .2*left)
		left *= .8
	}
	r := estimate.Fit(discrete.SBGProblem([]discrete.Cohort{{Lost: lost, Active: left}}))
	if r.Status != estimate.AtBoundary || len(r.Boundary) != 2 || !r.Boundary[0].Upper {
		t.Fatalf("%s: %v", r.Status, r.Boundary)
	}
	within(t, "survival", discrete.NewSBG(r.Params).Survival(20), math.Pow(.8, 20), 1e-5)
}

func TestParametersOfSimulatedSubscribersAreCovered(t *testing.T) {
	truth := []float64{.7, 1.6}
	const seeds = 300
	covered := make([]int, 2)
	for seed := range uint64(seeds) {
		rng := rand.New(rand.NewPCG(seed, 3))
		cohorts := make([]discrete.Cohort, 6)
		for i := range cohorts {
			cohorts[i].Lost = make([]float64, 2+i)
			for range 400 {
				leave := distuv.Beta{Alpha: truth[0], Beta: truth[1], Src: rng}.Rand()
				t := 0
				for t < len(cohorts[i].Lost) && rng.Float64() >= leave {
					t++
				}
				if t < len(cohorts[i].Lost) {
					cohorts[i].Lost[t]++
				} else {
					cohorts[i].Active++
				}
			}
		}
		r := estimate.Fit(discrete.SBGProblem(cohorts))
		if r.Status != estimate.Converged {
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
		if rate := float64(n) / seeds; rate < .90 || rate > .985 {
			t.Errorf("parameter %d is covered at %g", i, rate)
		}
	}
}

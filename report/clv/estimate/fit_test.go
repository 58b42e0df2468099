package estimate_test

import (
	"math"
	"testing"

	"parcours/report/clv/estimate"
)

// quadratic is a concave log-likelihood in θ with its maximum at center and the precision matrix m (for one customer).
func quadratic(weight float64, center []float64, m [][]float64, starts ...[]float64) estimate.Problem {
	return estimate.Problem{
		Names: []string{"a", "b", "c"}[:len(center)], Weight: weight, Starts: starts,
		Mean: func(theta, grad []float64) float64 {
			sum := 1.5
			for i := range theta {
				for j := range theta {
					sum += m[i][j] * (theta[i] - center[i]) * (theta[j] - center[j]) / 2
					if grad != nil && j == 0 {
						grad[i] = 0
						for l := range theta {
							grad[i] += m[i][l] * (theta[l] - center[l])
						}
					}
				}
			}
			return sum
		},
	}
}

// gamma is the mean negative log-likelihood of a Gamma(shape, rate) sample of mean 1 given its mean logarithm, whose
// maximum solves ln shape − ψ(shape) = −meanLog.
func gamma(meanLog float64) func(theta, grad []float64) float64 {
	return func(theta, grad []float64) float64 {
		shape, rate := math.Exp(theta[0]), math.Exp(theta[1])
		lg, _ := math.Lgamma(shape)
		if grad != nil {
			const h = 1e-5
			up, _ := math.Lgamma(shape + h*shape)
			down, _ := math.Lgamma(shape - h*shape)
			grad[0] = (up-down)/(2*h) - shape*theta[1] - shape*meanLog
			grad[1] = rate - shape
		}
		return lg - shape*theta[1] - (shape-1)*meanLog + rate
	}
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %.10g, want %.10g ± %g", what, got, want, tolerance)
	}
}

func TestFitFindsTheMaximumOfAQuadraticAndItsErrors(t *testing.T) {
	m := [][]float64{{4, 1.5, 0}, {1.5, 1, .1}, {0, .1, .03}}
	r := estimate.Fit(quadratic(1000, []float64{1, -2, .5}, m, []float64{0, 0, 0}, []float64{3, 3, 3}, []float64{-8, 2, 9}))
	if r.Status != estimate.Converged || r.Agree != 3 || r.Starts != 3 {
		t.Fatalf("status %s, %d of %d starts agree", r.Status, r.Agree, r.Starts)
	}
	for i, want := range []float64{1, -2, .5} {
		near(t, "θ", r.Theta[i], want, 1e-5)
	}
	near(t, "log-likelihood", r.LogLikelihood, -1500, 1e-8)
	near(t, "BIC", r.BIC, 3*math.Log(1000)+3000, 1e-8)
	// The inverse of m, by hand: det = 4(.03−.01) − 1.5(.045) = .0125.
	for i, want := range []float64{.02 / .0125, .12 / .0125, 1.75 / .0125} {
		se := math.Sqrt(want / 1000)
		near(t, "SE", r.SE[i], r.Params[i]*se, 1e-5*r.SE[i])
		near(t, "low", math.Log(r.Low[i]), r.Theta[i]-1.959964*se, 1e-5)
		near(t, "high", math.Log(r.High[i]), r.Theta[i]+1.959964*se, 1e-5)
	}
	near(t, "covariance of a and b", r.Covariance[0][1]*1000, -.045/.0125, 1e-4)
	if r.Evaluations > 100 {
		t.Errorf("%d evaluations", r.Evaluations)
	}
}

func TestFitOfAGammaSampleIsThePublishedEquation(t *testing.T) {
	// Shape 2.5: ln 2.5 − ψ(2.5) = .21313412.
	p := estimate.Problem{Names: []string{"shape", "rate"}, Weight: 500, Mean: gamma(-.21313412019), Starts: [][]float64{{0, 0}, {3, -3}, {-4, 4}, {8, 8}}}
	r := estimate.Fit(p)
	if r.Status != estimate.Converged || r.Agree != 4 {
		t.Fatalf("status %s, %d of %d starts agree", r.Status, r.Agree, r.Starts)
	}
	near(t, "shape", r.Params[0], 2.5, 1e-4)
	near(t, "rate", r.Params[1], 2.5, 1e-4)
}

func TestAnInfiniteShapeIsABoundary(t *testing.T) {
	// As of identical observations: shape and rate grow together without end, what is left costs 1/shape.
	p := estimate.Problem{Names: []string{"shape", "rate"}, Weight: 500, Starts: [][]float64{{0, 0}, {2, 1}}}
	p.Mean = func(theta, grad []float64) float64 {
		a, b := theta[0], theta[1]
		v := math.Exp(-a) + (b-a)*(b-a)/2
		if grad != nil {
			grad[0], grad[1] = -math.Exp(-a)-(b-a), b-a
		}
		return v
	}
	r := estimate.Fit(p)
	if r.Status != estimate.AtBoundary || len(r.Boundary) != 2 || !r.Boundary[0].Upper || !r.Usable() {
		t.Fatalf("status %s, boundary %v", r.Status, r.Boundary)
	}
}

func TestTheOthersKeepTheirErrorsBesideABoundary(t *testing.T) {
	for _, sign := range []float64{-1, 1} {
		p := estimate.Problem{Names: []string{"free", "gone"}, Weight: 400, Starts: [][]float64{{0, 0}, {1, 1}, {2, -2}}}
		p.Mean = func(theta, grad []float64) float64 { // the second parameter costs e^(∓θ), which vanishes at its bound
			e := math.Exp(-sign * theta[1])
			if grad != nil {
				grad[0], grad[1] = 2*(theta[0]-1), -sign*e
			}
			return (theta[0]-1)*(theta[0]-1) + e
		}
		r := estimate.Fit(p)
		if r.Status != estimate.AtBoundary || len(r.Boundary) != 1 || r.Boundary[0] != (estimate.AtBound{Name: "gone", Upper: sign > 0}) {
			t.Fatalf("status %s, boundary %v, θ %v", r.Status, r.Boundary, r.Theta)
		}
		near(t, "θ of the parameter at its bound", r.Theta[1], sign*estimate.MaxTheta, 0)
		near(t, "θ of the free parameter", r.Theta[0], 1, 1e-6)
		near(t, "SE of the free parameter", r.SE[0], math.E/math.Sqrt(800), 1e-5)
		if !math.IsNaN(r.SE[1]) || r.Covariance == nil || r.Covariance[1][1] != 0 {
			t.Errorf("the parameter at its boundary has errors: %v %v", r.SE, r.Covariance)
		}
	}
}

func TestAVagueParameterInsideIsNoBoundary(t *testing.T) {
	m := [][]float64{{1, 0}, {0, .1}}
	r := estimate.Fit(quadratic(2, []float64{0, 1}, m, []float64{2, 2}, []float64{0, 0}))
	if r.Status != estimate.Converged || len(r.Boundary) != 0 {
		t.Errorf("status %s, boundary %v", r.Status, r.Boundary)
	}
}

func TestAFlatRidgeHasNoErrors(t *testing.T) {
	m := [][]float64{{1, 1}, {1, 1}} // only the sum is known
	r := estimate.Fit(quadratic(300, []float64{1, 1}, m, []float64{0, 0}, []float64{3, -5}))
	if r.Status != estimate.Converged || r.Agree != 2 || r.Covariance != nil || !math.IsNaN(r.SE[0]) {
		t.Errorf("status %s, %d agree, covariance %v", r.Status, r.Agree, r.Covariance)
	}
	near(t, "θ₁ + θ₂", r.Theta[0]+r.Theta[1], 2, 1e-6)
}

func TestStartsThatEndApartDisagree(t *testing.T) {
	p := estimate.Problem{Names: []string{"a"}, Weight: 1000, Starts: [][]float64{{-3}, {3}, {-2.5}}}
	p.Mean = func(theta, grad []float64) float64 { // two valleys, near ±2, the right one deeper
		x := theta[0]
		if grad != nil {
			grad[0] = x*x*x - 4*x - .1
		}
		return x*x*x*x/4 - 2*x*x - .1*x
	}
	if r := estimate.Fit(p); r.Status != estimate.Disagreed || r.Agree != 1 || r.Usable() || r.Theta[0] < 0 {
		t.Errorf("status %s, %d of %d agree, θ %v", r.Status, r.Agree, r.Starts, r.Theta)
	}
	p.Starts = append(p.Starts, []float64{1})
	if r := estimate.Fit(p); r.Status != estimate.Converged || r.Agree != 2 {
		t.Errorf("status %s, %d of %d agree", r.Status, r.Agree, r.Starts)
	}
}

func TestWhatIsNotANumberIsAWallNotAnAnswer(t *testing.T) {
	for name, hole := range map[string]float64{"NaN": math.NaN(), "+Inf": math.Inf(1), "-Inf": math.Inf(-1)} {
		p := quadratic(100, []float64{1}, [][]float64{{1}}, []float64{-2}, []float64{5}, []float64{2.9})
		inner := p.Mean
		p.Mean = func(theta, grad []float64) float64 {
			v := inner(theta, grad)
			if theta[0] > 3 {
				return hole
			}
			return v
		}
		r := estimate.Fit(p)
		if r.Status != estimate.Converged || r.Agree != 2 {
			t.Errorf("%s: status %s, %d of %d agree", name, r.Status, r.Agree, r.Starts)
		}
		near(t, name+": θ", r.Theta[0], 1, 1e-5)
	}
}

func TestAProblemWithoutAFiniteStartFails(t *testing.T) {
	p := estimate.Problem{Names: []string{"a"}, Weight: 10, Starts: [][]float64{{0}, {1}}}
	p.Mean = func(_, grad []float64) float64 { return math.NaN() }
	for name, r := range map[string]estimate.Result{
		"no start": estimate.Fit(estimate.Problem{Names: p.Names, Weight: 10, Mean: p.Mean}),
		"NaN":      estimate.Fit(p), "refit": estimate.Refit(p, estimate.Result{}), "polish": estimate.Polish(p, estimate.Result{}),
		"no weight": estimate.Fit(quadratic(0, []float64{1}, [][]float64{{1}}, []float64{0})),
	} {
		if r.Status != estimate.Failed || r.Usable() || len(r.SE) != 1 {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestALikelihoodThatRisesToTheBoundStopsThere(t *testing.T) {
	p := estimate.Problem{Names: []string{"a", "b"}, Weight: 100, Starts: [][]float64{{0, 0}, {-3, 4}}}
	p.Mean = func(theta, grad []float64) float64 {
		if grad != nil {
			grad[0], grad[1] = -.01+.001*(theta[0]-theta[1]), -.001*(theta[0]-theta[1])+2*(theta[1]-2)
		}
		return -.01*theta[0] + .0005*(theta[0]-theta[1])*(theta[0]-theta[1]) + (theta[1]-2)*(theta[1]-2)
	}
	r := estimate.Fit(p)
	near(t, "θ", r.Theta[0], 12+.005, .01) // inside: 2 + 10 plus what b yields
	p.Mean = func(theta, grad []float64) float64 {
		if grad != nil {
			grad[0], grad[1] = -.01, 2*(theta[1]-2)
		}
		return -.01*theta[0] + (theta[1]-2)*(theta[1]-2)
	}
	r = estimate.Fit(p)
	if r.Status != estimate.AtBoundary || r.Theta[0] != estimate.MaxTheta || r.Agree != 2 || math.IsNaN(r.SE[1]) {
		t.Errorf("status %s, θ %v, SE %v", r.Status, r.Theta, r.SE)
	}
}

// Far from the maximum the gradient has the wrong sign: descent stalls, and the simplex must go on.
func TestASimplexGoesOnWhereTheGradientMisleads(t *testing.T) {
	p := quadratic(100, []float64{1, 2}, [][]float64{{2, .3}, {.3, 1}}, []float64{0, 0}, []float64{4, -1})
	inner := p.Mean
	p.Mean = func(theta, grad []float64) float64 {
		v := inner(theta, grad)
		if math.Abs(theta[0]-1) > .2 {
			for i := range grad {
				grad[i] = -grad[i]
			}
		}
		return v
	}
	r := estimate.Fit(p)
	if r.Status != estimate.Converged || r.Agree != 2 {
		t.Errorf("status %s, %d agree", r.Status, r.Agree)
	}
	near(t, "θ₁", r.Theta[0], 1, 1e-4)
}

func TestRefitTakesFewEvaluations(t *testing.T) {
	p := estimate.Problem{Names: []string{"shape", "rate"}, Weight: 500, Mean: gamma(-.21313412019), Starts: [][]float64{{0, 0}, {1, 1}}}
	from := estimate.Fit(p)
	p.Mean = gamma(-.225)
	cold, warm := estimate.Fit(p), estimate.Refit(p, from)
	if !warm.Usable() || warm.Evaluations > 8 {
		t.Errorf("status %s after %d evaluations", warm.Status, warm.Evaluations)
	}
	near(t, "log-likelihood", warm.LogLikelihood, cold.LogLikelihood, 1e-5)
	near(t, "shape", warm.Params[0], cold.Params[0], 1e-2*cold.SE[0])
	polished := estimate.Polish(p, from)
	near(t, "SE after polishing", polished.SE[0], cold.SE[0], 1e-4)
	if polished.Agree != from.Agree || polished.Status != estimate.Converged {
		t.Errorf("polished: status %s, %d agree", polished.Status, polished.Agree)
	}
}

func TestFitIsTheSameEveryTime(t *testing.T) {
	p := estimate.Problem{Names: []string{"shape", "rate"}, Weight: 500, Mean: gamma(-.3), Starts: [][]float64{{0, 0}, {3, -3}}}
	first := estimate.Fit(p)
	for range 5 {
		again := estimate.Fit(p)
		if again.LogLikelihood != first.LogLikelihood || again.Params[0] != first.Params[0] || again.SE[1] != first.SE[1] {
			t.Fatalf("%v then %v", first, again)
		}
	}
}

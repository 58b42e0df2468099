// Package estimate maximises likelihoods and says how it went: starts that agree, standard errors, parameters at a
// boundary; and draws bootstrap weights.
package estimate

// Problem is a likelihood of positive parameters, maximised over θ = ln(parameters).
type Problem struct {
	Names []string
	// Weight is the number of customers: the log-likelihood is −Weight × Mean.
	Weight float64
	// Mean returns the mean negative log-likelihood at θ and, when grad is not nil, its gradient with respect to θ. It
	// returns +Inf where it cannot be computed, and the same bits for any number of processors.
	Mean func(theta, grad []float64) float64
	// Starts are values of θ from which to look for the maximum, the most promising first.
	Starts [][]float64
}

// Status says how a fit went.
type Status string

// The statuses. AtBoundary means that a parameter runs to 0 or infinity, which is a finding; Disagreed that starts end
// in different maxima; Failed that no maximum was found.
const (
	Converged  Status = "converged"
	AtBoundary Status = "boundary"
	Disagreed  Status = "disagreed"
	Failed     Status = "failed"
)

// MaxTheta bounds |θ|; beyond, a parameter is at its boundary.
const MaxTheta = 15

// Result is a fit. Slices have one entry a parameter, in the order of Problem.Names.
type Result struct {
	Names         []string
	Weight        float64     // number of customers
	Theta         []float64   // ln of Params
	Params        []float64   // estimates
	SE            []float64   // standard errors of Params by the delta method; NaN at a boundary or when the Hessian is singular
	Low, High     []float64   // exp(θ ± 1.96 SE_θ): always positive; NaN where SE is
	Covariance    [][]float64 // of θ, 0 for a parameter at its boundary; nil when the Hessian is singular
	LogLikelihood float64
	BIC           float64 // k ln(Weight) − 2 LogLikelihood
	Status        Status
	Starts, Agree int       // starts tried, and those that end within 0.01 of LogLikelihood
	Boundary      []AtBound // parameters at their boundary
	Gradient      float64   // largest component of the scaled gradient at the maximum
	Condition     float64   // condition number of the Hessian, NaN when it has none
	Evaluations   int
}

// AtBound is a parameter at its boundary: near 0, or without bound when Upper.
type AtBound struct {
	Name  string
	Upper bool
}

// Usable reports whether predictions may be made from the fit.
func (r Result) Usable() bool { return r.Status == Converged || r.Status == AtBoundary }

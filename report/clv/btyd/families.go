package btyd

import (
	"fmt"

	"parcours/report/clv/estimate"
)

// family makes the likelihood of a model and the model itself; k is the Erlang shape, 1 for all but CNBD.
type family struct {
	name    Name
	names   []string
	problem func(k int, cells []Cell) estimate.Problem
	model   func(k int, params []float64) Model
}

// families are the models, simplest first.
func families() []family {
	return []family{
		{NBD, nbdNames, nbdProblem, newNBD},
		{ParetoNBD, paretoNames, paretoProblem, newPareto},
		{BGNBD, betaGeometricNames, bgnbdProblem, newBGNBD},
		{MBGNBD, betaGeometricNames, mbgnbdProblem, newMBGNBD},
		{BGCNBD, betaGeometricNames, bgcnbdProblem, newBGCNBD},
		{MBGCNBD, betaGeometricNames, mbgcnbdProblem, newMBGCNBD},
	}
}

func familyOf(name Name) (family, error) {
	for _, f := range families() {
		if f.name == name {
			return f, nil
		}
	}
	return family{}, fmt.Errorf("no model has the name %q", name)
}

// Problem is the likelihood of a model for cells. K is the Erlang shape of the CNBD models, 1 for the others.
func Problem(name Name, k int, cells []Cell) (estimate.Problem, error) {
	f, err := familyOf(name)
	if err != nil {
		return estimate.Problem{}, err
	}
	return f.problem(k, cells), nil
}

// New makes a model of its parameters, in weeks.
func New(name Name, k int, params []float64) (Model, error) {
	f, err := familyOf(name)
	if err != nil {
		return nil, err
	}
	if len(params) != len(f.names) {
		return nil, fmt.Errorf("%s has %d parameters, not %d", name, len(f.names), len(params))
	}
	return f.model(k, params), nil
}

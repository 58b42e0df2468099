package btyd

import "parcours/report/clv/estimate"

// newMBGNBD is the model of Batislam, Denizel and Filiztekin, "Empirical validation and comparison of models for customer
// base analysis", 2007: as BG/NBD, but customers may stop right after their first purchase, so that those who never came
// back are less and less likely to.
func newMBGNBD(_ int, p []float64) Model { return newBetaGeometric(MBGNBD, 1, p) }

func mbgnbdProblem(_ int, cells []Cell) estimate.Problem { return betaGeometricProblem(1, cells) }

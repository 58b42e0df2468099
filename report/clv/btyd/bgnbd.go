package btyd

import "parcours/report/clv/estimate"

// newBGNBD is the model of Fader, Hardie and Lee, "Counting your customers the easy way", Marketing Science 2005.
func newBGNBD(_ int, p []float64) Model { return newBetaGeometric(BGNBD, 0, p) }

func bgnbdProblem(_ int, cells []Cell) estimate.Problem { return betaGeometricProblem(0, cells) }

// Package lifecycle counts, for every period, customers who are new, returning, resurrected or gone dormant.
package lifecycle

import "parcours/report/dataset"

// Report is everything the lifecycle page shows.
type Report struct {
	Grain   dataset.Grain
	Periods []Period // oldest first, no gaps
	Current int      // last complete period, −1 when none
}

// Period holds the flows of one period. Identities: Active = New + Returning + Resurrected and
// Active(p) = Active(p−1) − Dormant(p) + New(p) + Resurrected(p).
type Period struct {
	Period      int32
	State       dataset.State
	Active      int64
	New         int64 // first order in the period
	Returning   int64 // active in the period before too
	Resurrected int64 // active before, not in the period before
	Dormant     int64 // active in the period before, not in this one
}

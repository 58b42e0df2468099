// Package btyd holds the "buy till you die" models of repeat buying without a contract: how often customers buy and
// when they silently stop. Time is in weeks everywhere.
package btyd

import "parcours/report/clv/estimate"

// Name is a model, as site.toml and metrics.json call it.
type Name string

// The models. The CNBD variants count every k-th event as a purchase (Erlang gaps): regular buyers.
const (
	BGNBD     Name = "bg-nbd"     // Fader, Hardie and Lee 2005
	MBGNBD    Name = "mbg-nbd"    // Batislam, Denizel and Filiztekin 2007
	ParetoNBD Name = "pareto-nbd" // Schmittlein, Morrison and Colombo 1987
	NBD       Name = "nbd"        // Ehrenberg 1959; no drop-out
	BGCNBD    Name = "bg-cnbd-k"  // Platzer and Reutterer
	MBGCNBD   Name = "mbg-cnbd-k"
)

// History is what a model knows of a customer, in weeks: X purchases after the first, the last of them TX after it,
// seen for T. The zero History is a new customer at the first purchase.
type History struct {
	X     int
	TX, T float64
	// LogGaps is Σ ln(gap) over the X gaps between purchases; only the CNBD models read it.
	LogGaps float64
}

// Cell is N customers with a history, the mean of theirs.
type Cell struct {
	History
	N float64
}

// Model is a model with its parameters. Every method is finite for every valid history: 0 ≤ TX ≤ T, and X = 0 only
// with TX = 0. Methods are safe for concurrent use.
type Model interface {
	Name() Name
	Names() []string   // of the parameters: "r", "alpha", …
	Params() []float64 // in the same order, time in weeks
	// LogLikelihood is that of one customer.
	LogLikelihood(h History) float64
	// Alive is the probability that the customer has not stopped buying by T.
	Alive(h History) float64
	// Mass is the probability that a new customer makes x repeat purchases in t weeks.
	Mass(x int, t float64) float64
	// Expected fills out[i] with the expected number of purchases in (T, T+times[i]], discounted continuously at the rate
	// delta a week to T: ∫ e^(−delta u) ρ(u) du. Times ascend; the last may be +Inf if delta > 0. The zero History gives
	// the expected repeat purchases of a new customer.
	Expected(h History, delta float64, times, out []float64)
}

// Fitted is a model with how its parameters were found. Model is nil when the fit is not usable.
type Fitted struct {
	Name  Name
	Model Model
	K     int // Erlang shape of the CNBD models, else 1
	estimate.Result
}

package clv

import (
	"strconv"
)

// Sentence names a message of the catalogue and the arguments that it is given, always all of them.
//
// The name of an argument says what it is: model, second, best and baseline are models (or "same-rate"); parameter is a
// parameter of a model; customers, repeaters, rows, purchases, cells, merged, draws, failed, months, tested, observed,
// days, k, starts, agree, least are integers; share, bias, other_bias, limit, correlation and rmse_gain are fractions
// with four decimals; gap (a difference of BIC), q, mae and other_mae are numbers with three decimals; end and day are
// days as 2026-10-31; upper is "true" when the parameter runs to infinity and "false" when it runs to 0.
type Sentence struct {
	ID   string
	Args []string
}

// Sentences lists every message that a Prediction may carry, by part.
func Sentences() []Sentence {
	return []Sentence{
		// Why: the choice explained, in order.
		{"clv.why.best", []string{"model", "second", "gap"}},                                     // lowest BIC, by gap
		{"clv.why.close", []string{"model", "second", "gap"}},                                    // lowest BIC, but the likelihood hardly tells them apart
		{"clv.why.only", []string{"model"}},                                                      // the only model that can be used
		{"clv.why.holdout", []string{"model", "best", "gap", "rmse_gain", "bias", "other_bias"}}, // best has the lower BIC; the test prefers model
		{"clv.why.confirmed", []string{"model", "bias"}},                                         // the test gives no reason for another choice
		{"clv.why.untested", []string{"model"}},                                                  // there is no test: likelihood alone decides
		{"clv.why.forced", []string{"model"}},                                                    // the site sets the model
		{"clv.why.forced-plain", []string{"model", "plain"}},                                     // it sets an Erlang model, which is the plain one here
		{"clv.why.forced-best", []string{"model", "best", "gap"}},                                // it sets another than the one with the lowest BIC
		{"clv.why.no-dropout", []string{"model"}},                                                // no sign that anybody stops: the NBD
		{"clv.why.regular", []string{"model", "k", "gap"}},                                       // purchases come regularly: Erlang-k gains gap of BIC
		{"clv.why.cohort-curve", nil},                                                            // no model: the observed curve stands, nothing is extrapolated
		{"clv.why.none", nil},                                                                    // nothing can be shown
		// Rungs of the ladder.
		{"clv.ladder.used", nil},                                        // chosen
		{"clv.ladder.not-chosen", []string{"gap"}},                      // fits, BIC higher by gap than that of the chosen model (may be negative)
		{"clv.ladder.irregular", nil},                                   // Erlang models: purchases are not regular (k = 1)
		{"clv.ladder.dropout-boundary", []string{"parameter", "upper"}}, // drop-out at its boundary: nobody is seen to stop
		{"clv.ladder.boundary", []string{"parameter", "upper"}},         // another parameter at its boundary, usable all the same
		{"clv.ladder.disagreed", []string{"agree", "starts"}},           // starts end in different maxima
		{"clv.ladder.failed", nil},                                      // no maximum found
		{"clv.ladder.not-needed", nil},                                  // a rung further up serves
		{"clv.ladder.not-set", nil},                                     // the site asks for another model
		{"clv.ladder.few-repeaters", []string{"repeaters", "least"}},    // too few customers bought twice to fit anything
		{"clv.ladder.no-customers", nil},                                // nobody has a purchase
		{"clv.ladder.invalid", []string{"rows", "example"}},             // rows that cannot be: example is "x=1, t_x=8, T=3"
		{"clv.ladder.no-curve", nil},                                    // no cohort was observed for a complete period
		{"clv.ladder.curve", nil},                                       // cumulative value as observed, not continued
		{"clv.ladder.nothing", nil},                                     // the last rung
		// What the test says against the forecast.
		{"clv.poor.bias", []string{"bias", "limit"}},
		{"clv.poor.baseline", []string{"baseline", "mae", "other_mae"}}, // no better than a baseline: mean absolute error
		{"clv.poor.value", []string{"bias", "limit"}},
		{"clv.poor.empty", nil},                            // nobody bought in the test
		{"clv.poor.small", []string{"purchases", "least"}}, // too few purchases in the test to prove anything
		{"clv.poor.unfitted", []string{"model"}},           // the chosen model could not be fitted to the calibration
		// What readers must know.
		{"clv.note.few-repeaters", []string{"repeaters", "least"}},     // fewer than customary
		{"clv.note.short-history", []string{"days", "least"}},          // too short for a test
		{"clv.note.no-calibration", nil},                               // the site's end of calibration leaves nothing to learn or to test
		{"clv.note.alive-certain", []string{"model", "share"}},         // P(alive) = 1 by construction
		{"clv.note.never-stop", []string{"model"}},                     // the NBD: nobody ever stops, long horizons flatter
		{"clv.note.boundary", []string{"model", "parameter", "upper"}}, // of the chosen model
		{"clv.note.resolution", []string{"days"}},                      // cells wider than a day
		{"clv.note.refunds", []string{"share"}},                        // refunds that name no order lower all values by share
		{"clv.note.cancelled", []string{"customers"}},                  // customers with cancelled orders only are left out
		{"clv.note.empty-purchases", []string{"purchases"}},            // worth nothing: count as purchases
		{"clv.note.worthless", []string{"customers"}},                  // left out of the spend model
		{"clv.note.dependent-spend", []string{"correlation", "limit"}}, // value depends on frequency: means by frequency
		{"clv.note.spend-infinite", []string{"q"}},                     // q ≤ 1: the mean is infinite; means by frequency
		{"clv.note.spend-unfitted", []string{"customers"}},             // too few, or no maximum: means by frequency
		{"clv.note.no-value", nil},                                     // no purchase was ever worth something
		{"clv.note.beyond-history", []string{"months", "observed"}},    // the horizon is longer than all of the history, in months
		{"clv.note.beyond-test", []string{"months", "tested"}},         // the horizon is longer than the test, in months
		{"clv.note.untested-model", []string{"model"}},                 // models of periods are not put to the test
		{"clv.note.truncated", []string{"customers"}},                  // customers of the truncated first cohort look newer than they are
		{"clv.note.draws-failed", []string{"failed", "draws"}},         // bootstrap draws without a usable fit
		{"clv.note.merged", []string{"cells", "merged"}},               // intervals from merged cells
		{"clv.note.no-intervals", nil},                                 // too few usable draws: intervals are not known
		{"clv.note.discount", []string{"share"}},                       // the site gives no rate: the default
	}
}

// message makes a message of alternating names and values.
func message(id string, args ...string) Message {
	m := Message{ID: id}
	for i := 0; i+1 < len(args); i += 2 {
		if m.Args == nil {
			m.Args = map[string]string{}
		}
		m.Args[args[i]] = args[i+1]
	}
	return m
}

func rate(v float64) string   { return strconv.FormatFloat(v, 'f', 4, 64) }
func number(v float64) string { return strconv.FormatFloat(v, 'f', 3, 64) }
func count(n int64) string    { return strconv.FormatInt(n, 10) }
func truth(b bool) string     { return strconv.FormatBool(b) }

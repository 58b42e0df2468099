package clv

import (
	"math"
	"slices"
	"strconv"

	"parcours/report/clv/btyd"
)

// The rule of choice. Among the models that fit at the end of observation the one with the lowest BIC is taken, unless the
// holdout prefers another: one whose error (RMSE) is smaller by more than clearRMSE while its bias is not larger, or whose
// bias is nearer to zero by more than clearBias while its error is not larger by more than slackRMSE. Error says who tells
// customers apart, bias who gets the sum right; the margins keep chance in a single test from overruling the likelihood of
// the whole history. The NBD, which every other model nests, is taken when drop-out is not worth its parameters: nothing
// then shows that anybody stops.
const (
	clearRMSE = .02
	clearBias = .05
	slackRMSE = .01
	closeBIC  = 2 // a difference of BIC below which the likelihood does not tell models apart
)

// choice is a model and the reasons for it.
type choice struct {
	fit    Fit
	ok     bool
	why    []Message
	ladder []Rung
}

// choose climbs down the ladder of section 3.7 of the reference: models with drop-out, the NBD, the cohort curve, nothing.
func choose(final *Stage, h *Holdout, set Settings, curve bool) choice {
	if forced := set.Model; forced != ModelAuto {
		return force(final, btyd.Name(forced), curve)
	}
	best, ok := lowest(final)
	if !ok {
		return stand(final, curve)
	}
	if nbd, known := final.usable(btyd.NBD); known && nbd.BIC <= best.BIC {
		return stand(final, curve)
	}
	c := choice{fit: best, ok: true}
	c.why = append(c.why, c.likelihood(final)...)
	c.fit, c.why = tested(final, best, h, c.why)
	c.ladder = append(rungs(final, c.fit), fallen("clv.ladder.not-needed", curveRung, ModelNone)...)
	return c
}

// curveRung is the name of the rung that only shows what was observed.
const curveRung = "cohort-curve"

// lowest is the usable model with drop-out and the lowest BIC.
func lowest(s *Stage) (best Fit, ok bool) {
	for _, f := range s.Models {
		if candidate(f) && (!ok || f.BIC < best.BIC) {
			best, ok = f, true
		}
	}
	return best, ok
}

// candidate reports whether a model may be chosen without being asked for.
func candidate(f Fit) bool {
	return f.Model != nil && f.Usable() && f.Name != btyd.NBD && !noDropOut(f)
}

// noDropOut reports whether the fit says that nobody stops: the mean drop-out runs to 0.
func noDropOut(f Fit) bool {
	_, ok := dropOut(f)
	return ok
}

// negligible is the probability of stopping, after a purchase or within a year, below which a fit at a boundary says that
// nobody stops.
const negligible = 1e-3

// dropOut names the parameter whose boundary says that nobody stops. Two parameters that run off together may leave a
// drop-out that is the same for all, which is none of that.
func dropOut(f Fit) (Message, bool) {
	if f.Name == btyd.NBD || len(f.Params) != 4 {
		return Message{}, false
	}
	stops := f.Params[2] / (f.Params[2] + f.Params[3])
	if f.Name == btyd.ParetoNBD {
		stops = f.Params[2] / f.Params[3] * weeksAYear
	}
	for _, b := range f.Boundary {
		if stops < negligible && slices.Contains(f.Names[2:], b.Name) {
			return message("clv.ladder.dropout-boundary", "parameter", b.Name, "upper", truth(b.Upper)), true
		}
	}
	return Message{}, false
}

// likelihood says how far the next model is.
func (c choice) likelihood(s *Stage) []Message {
	var second Fit
	for _, f := range s.Models {
		if candidate(f) && f.Name != c.fit.Name && (second.Name == "" || f.BIC < second.BIC) {
			second = f
		}
	}
	var why []Message
	name := string(c.fit.Name)
	if second.Name == "" {
		why = append(why, message("clv.why.only", "model", name))
	} else {
		gap, id := second.BIC-c.fit.BIC, "clv.why.best"
		if gap < closeBIC {
			id = "clv.why.close"
		}
		why = append(why, message(id, "model", name, "second", string(second.Name), "gap", number(gap)))
	}
	if erlang(c.fit.Name) {
		if p, ok := s.model(plainOf(c.fit.Name)); ok && p.Usable() {
			why = append(why, message("clv.why.regular", "model", name, "k", strconv.Itoa(c.fit.K), "gap", number(p.BIC-c.fit.BIC)))
		}
	}
	return why
}

// tested lets the holdout overrule the likelihood.
func tested(s *Stage, best Fit, h *Holdout, why []Message) (Fit, []Message) {
	reference, ok := h.test(best.Name)
	if !ok || h.Actual == 0 {
		return best, append(why, message("clv.why.untested", "model", string(best.Name)))
	}
	chosen, won := best, reference
	for _, f := range s.Models {
		if t, ok := h.test(f.Name); ok && candidate(f) && beats(t, won) && beats(t, reference) {
			chosen, won = f, t
		}
	}
	if chosen.Name == best.Name {
		return best, append(why, message("clv.why.confirmed", "model", string(best.Name), "bias", rate(reference.Bias)))
	}
	return chosen, []Message{message("clv.why.holdout", "model", string(chosen.Name), "best", string(best.Name),
		"gap", number(chosen.BIC-best.BIC), "rmse_gain", rate(1-won.RMSE/reference.RMSE),
		"bias", rate(won.Bias), "other_bias", rate(reference.Bias))}
}

// beats reports whether a test is clearly better than that of the model with the lower BIC.
func beats(t, best Test) bool {
	bias, other := math.Abs(t.Bias), math.Abs(best.Bias)
	return t.RMSE < best.RMSE*(1-clearRMSE) && bias <= other || bias < other-clearBias && t.RMSE <= best.RMSE*(1+slackRMSE)
}

// plainOf is what an Erlang model is when purchases are not regular.
func plainOf(erlang btyd.Name) btyd.Name {
	if erlang == btyd.BGCNBD {
		return btyd.BGNBD
	}
	return btyd.MBGNBD
}

// force takes the model that the site sets, or none: nothing stands in for it.
func force(s *Stage, name btyd.Name, curve bool) choice {
	why := message("clv.why.forced", "model", string(name))
	if _, fitted := s.model(name); erlang(name) && !fitted { // with k = 1 it is the plain model to the letter
		why = message("clv.why.forced-plain", "model", string(name), "plain", string(plainOf(name)))
		name = plainOf(name)
	}
	f, ok := s.usable(name)
	if !ok {
		return fall(notSet(s, rungs(s, Fit{})), curve)
	}
	c := choice{fit: f, ok: true, why: []Message{why}}
	if best, ok := lowest(s); ok && best.Name != name && best.BIC < f.BIC {
		c.why = append(c.why, message("clv.why.forced-best", "model", string(name), "best", string(best.Name), "gap", number(f.BIC-best.BIC)))
	}
	c.ladder = append(notSet(s, rungs(s, f)), fallen("clv.ladder.not-needed", curveRung, ModelNone)...)
	return c
}

// notSet says of the models that could be used that the site asks for another.
func notSet(s *Stage, ladder []Rung) []Rung {
	for i, r := range ladder {
		if _, ok := s.usable(btyd.Name(r.Name)); ok && !r.Used {
			ladder[i].Why = message("clv.ladder.not-set")
		}
	}
	return ladder
}

// forcePeriodic is the choice of a model of periods that the site sets, when it fits.
func forcePeriodic(s *Stage, name string, ok, curve bool) choice {
	ladder := notSet(s, rungs(s, Fit{}))
	if !ok {
		return fall(append(ladder, fallen("clv.ladder.failed", name)...), curve)
	}
	ladder = append(ladder, Rung{name, true, message("clv.ladder.used")})
	ladder = append(ladder, fallen("clv.ladder.not-needed", curveRung, ModelNone)...)
	return choice{ladder: ladder, why: []Message{message("clv.why.forced", "model", name)}}
}

// stand lets the NBD stand in when no model with drop-out can be used or is worth it.
func stand(s *Stage, curve bool) choice {
	f, ok := s.usable(btyd.NBD)
	if !ok {
		return fall(rungs(s, Fit{}), curve)
	}
	c := choice{fit: f, ok: true, why: []Message{message("clv.why.no-dropout", "model", string(f.Name))}}
	c.ladder = append(rungs(s, f), fallen("clv.ladder.not-needed", curveRung, ModelNone)...)
	return c
}

// fall leaves the cohort curve, when cohorts were observed for long enough, or nothing.
func fall(ladder []Rung, curve bool) choice {
	if curve {
		ladder = append(ladder, Rung{curveRung, true, message("clv.ladder.curve")})
		ladder = append(ladder, fallen("clv.ladder.not-needed", ModelNone)...)
		return choice{ladder: ladder, why: []Message{message("clv.why.cohort-curve")}}
	}
	ladder = append(ladder, fallen("clv.ladder.no-curve", curveRung)...)
	ladder = append(ladder, Rung{ModelNone, true, message("clv.ladder.nothing")})
	return choice{ladder: ladder, why: []Message{message("clv.why.none")}}
}

func fallen(id string, names ...string) []Rung {
	var out []Rung
	for _, n := range names {
		out = append(out, Rung{Name: n, Why: message(id)})
	}
	return out
}

// refused is the ladder when nothing was fitted, for one reason.
func refused(why Message, curve bool) choice {
	var ladder []Rung
	for _, n := range fitted {
		ladder = append(ladder, Rung{Name: string(n), Why: why})
	}
	return fall(ladder, curve)
}

// rungs says of every model what came of it, in the order of the ladder.
func rungs(s *Stage, chosen Fit) []Rung {
	var out []Rung
	for _, n := range fitted {
		if f, ok := s.model(n); ok {
			out = append(out, Rung{string(n), f.Name == chosen.Name, verdict(f, chosen)})
		} else if erlang(n) {
			out = append(out, Rung{Name: string(n), Why: message("clv.ladder.irregular")})
		}
	}
	return out
}

func verdict(f, chosen Fit) Message {
	stops, stuck := dropOut(f)
	switch {
	case f.Name == chosen.Name:
		return message("clv.ladder.used")
	case len(f.Boundary) == 0 && string(f.Status) == "disagreed":
		return message("clv.ladder.disagreed", "agree", strconv.Itoa(f.Agree), "starts", strconv.Itoa(f.Starts))
	case f.Model == nil || !f.Usable():
		return message("clv.ladder.failed")
	case stuck:
		return stops
	case f.Name == btyd.NBD:
		return message("clv.ladder.not-needed")
	case chosen.Name == "":
		return message("clv.ladder.not-set")
	}
	return message("clv.ladder.not-chosen", "gap", number(f.BIC-chosen.BIC))
}

// What the holdout must show for a forecast to be trusted: the sum of purchases, and that of their value, is met within
// poorBias; the mean absolute error is smaller than that of both baselines; and there were enough purchases to tell.
const (
	poorBias       = .25
	leastPurchases = 100
)

// judge marks a forecast whose test was poor.
func (p *Prediction) judge() {
	h := p.Holdout
	if h == nil || p.Chosen == "" {
		return
	}
	t, ok := h.test(btyd.Name(p.Chosen))
	switch {
	case !ok:
		p.PoorWhy = append(p.PoorWhy, message("clv.poor.unfitted", "model", p.Chosen))
	case h.Actual == 0:
		p.PoorWhy = append(p.PoorWhy, message("clv.poor.empty"))
	default:
		p.PoorWhy = append(p.PoorWhy, h.faults(t)...)
	}
	p.Poor = len(p.PoorWhy) > 0
}

func (h *Holdout) faults(t Test) []Message {
	var why []Message
	if h.Actual < leastPurchases {
		why = append(why, message("clv.poor.small", "purchases", count(h.Actual), "least", count(leastPurchases)))
	}
	if math.Abs(t.Bias) > poorBias {
		why = append(why, message("clv.poor.bias", "bias", rate(t.Bias), "limit", rate(poorBias)))
	}
	for _, b := range h.Baselines {
		if b.Name != t.Name && b.MAE <= t.MAE && b.RMSE <= t.RMSE {
			why = append(why, message("clv.poor.baseline", "baseline", b.Name, "mae", number(t.MAE), "other_mae", number(b.MAE)))
		}
	}
	if v := h.Value; v != nil && v.Actual > 0 && math.Abs(v.Bias) > poorBias {
		why = append(why, message("clv.poor.value", "bias", rate(v.Bias), "limit", rate(poorBias)))
	}
	return why
}

// curveKnown reports whether any cohort has a complete period, so that the observed curve can be shown.
func curveKnown(r *Report) bool { return r != nil && len(r.Mean) > 0 }

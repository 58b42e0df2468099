package config

import (
	"slices"
	"strings"

	"parcours/internal/diag"
	"parcours/report/clv"
)

// clv checks [clv]. What is not given stays zero: package clv has the defaults.
func (c *checker) clv() {
	raw, r := c.raw.CLV, &c.site.Report
	r.Options.Margin = c.margin()
	p := &r.Options.Predict
	p.Model = c.model()
	p.HorizonMonths = int32(c.between("clv.horizon_months", raw.HorizonMonths, 1, maxHorizon, 0))
	p.DiscountGiven = c.has("clv.discount_rate") && raw.DiscountRate >= 0 && raw.DiscountRate <= 1
	p.DiscountRate = c.share("clv.discount_rate", raw.DiscountRate, 0)
	c.calibration()
}

// maxHorizon is the longest forecast in months: nothing that a shop has seen bears more.
const maxHorizon = 120

// model reads the model of the forecast, "" when it is not given.
func (c *checker) model() string {
	path, name := "clv.model", c.raw.CLV.Model
	if !c.has(path) {
		return ""
	}
	if slices.Contains(clv.Models(), name) {
		return name
	}
	c.errorf(CodeWord, path, modelHint(name), "%q is not a model", name)
	return ""
}

// bare is a name without what people put between its parts: BG/NBD is bgnbd.
func bare(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -_/()+.", r) {
			return -1
		}
		return r
	}, diag.Fold(name))
}

// modelHint knows the names that papers and other tools use.
func modelHint(word string) string {
	known := ""
	switch bare(word) {
	case "pareto", "pnbd", "paretonegativebinomial":
		known = "pareto-nbd"
	case "betageo", "betageometric", "bg":
		known = "bg-nbd"
	case "modifiedbetageo", "modifiedbetageometric", "mbg":
		known = "mbg-nbd"
	case "bgcnbd", "cnbd", "erlang":
		known = "bg-cnbd-k"
	case "mbgcnbd":
		known = "mbg-cnbd-k"
	case "betageobetabinom", "betageometricbetabinomial":
		known = clv.ModelBGBB
	case "shiftedbetageo", "shiftedbetageometric":
		known = clv.ModelSBG
	case "off", "no", "false":
		known = clv.ModelNone
	}
	for _, m := range clv.Models() {
		if bare(m) == bare(word) {
			known = m
		}
	}
	if known != "" {
		return `it is called "` + known + `" here`
	}
	return diag.OneOf(word, clv.Models())
}

// calibration reads the last day from which models learn before they are tested on the rest. Whether it lies in the history
// is known with the data.
func (c *checker) calibration() {
	path, day := "clv.calibration_end", c.raw.CLV.CalibrationEnd
	if !c.has(path) {
		return
	}
	asOf := c.site.Report.AsOf
	switch {
	case day.Year < 1900 || day.Year > 2200:
		c.errorf(CodeRange, path, "", `"calibration_end" is %s; expected a day between 1900 and 2200`, day)
	case c.has("report.as_of") && day.Days() >= asOf.Days():
		c.errorf(CodeConflict, path, "the days from there to as_of are those on which the models are tested",
			`"calibration_end" is %s, not before "as_of", which is %s`, day, asOf)
	default:
		c.site.Report.Calibration = day
	}
}

// margin is the share of net revenue left after variable costs; 0 when not given.
func (c *checker) margin() float64 {
	path, v := "clv.margin", c.raw.CLV.Margin
	if !c.has(path) {
		return 0
	}
	if !(v > 0 && v <= 1) {
		c.errorf(CodeRange, path, percentHint(v), `"margin" is %v; expected a share above 0 and up to 1`, v)
		return 0
	}
	return v
}

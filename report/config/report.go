package config

import (
	"math"
	"slices"

	"parcours/internal/diag"
	"parcours/report/cohort"
	"parcours/report/dataset"
)

// Defaults of [report].
const (
	defaultMinCell    = 30
	defaultMaxDropped = 0.05
	defaultWindow     = 30
	// noDrop stands for max_dropped = 0: smaller than any share of rows, yet not the zero that means "default".
	noDrop = math.SmallestNonzeroFloat64
)

// report checks [report].
func (c *checker) report() {
	raw := c.raw.Report
	r := &c.site.Report
	r.AsOf = raw.AsOf
	if c.has("report.as_of") && (raw.AsOf.Year < 1900 || raw.AsOf.Year > 2200) {
		c.errorf(CodeRange, "report.as_of", "", `"as_of" is %s; expected a day between 1900 and 2200`, raw.AsOf)
	}
	r.Grain = dataset.Grain(c.word("report.grain", raw.Grain, "month", []string{"week", "month", "quarter"}))
	r.Cohort = dataset.CohortBy(c.word("report.cohort", raw.Cohort, string(dataset.ByFirstOrder),
		[]string{string(dataset.ByFirstOrder), string(dataset.BySignUp)}))
	r.Dimension = c.word("report.dimension", raw.Dimension, "", []string{"channel", "country", "category"})
	c.modes()
	c.window()
	r.MinCell = c.atLeast("report.min_cell", raw.MinCell, 1, defaultMinCell)
	r.MaxDropped = c.share("report.max_dropped", raw.MaxDropped, defaultMaxDropped)
	if r.MaxDropped == 0 {
		r.MaxDropped = noDrop
	}
	c.thresholds()
	r.Options.Modes, r.Options.MinCell = r.Modes, r.MinCell
}

// modes reads the list of retention modes, in the order of the file.
func (c *checker) modes() {
	path, r := "report.retention", &c.site.Report
	allowed := []string{string(cohort.On), string(cohort.OnOrAfter), string(cohort.Window)}
	for _, i := range c.list(path, c.raw.Report.Retention) {
		m := c.raw.Report.Retention[i]
		if !slices.Contains(allowed, m) {
			c.errorf(CodeWord, c.element(path, i), modeHint(m, allowed), "%q is not a mode of retention", m)
			continue
		}
		r.Modes = append(r.Modes, cohort.Mode(m))
	}
	if len(r.Modes) == 0 {
		r.Modes = []cohort.Mode{cohort.On, cohort.OnOrAfter}
	}
}

// modeHint knows the words that other tools use.
func modeHint(word string, allowed []string) string {
	switch diag.Fold(word) {
	case "classic", "n-period", "n-day", "bounded", "calendar":
		return `it is called "on" here`
	case "unbounded", "cumulative":
		return `it is called "on-or-after" here`
	case "rolling":
		return `say "on-or-after" (unbounded) or "window" (days after the first order): "rolling" means both`
	}
	return diag.OneOf(word, allowed)
}

// window reads the widths of the window mode in days; the last repeats.
func (c *checker) window() {
	path, raw, r := "report.window_days", c.raw.Report.WindowDays, &c.site.Report
	r.Window = []int32{defaultWindow}
	if !c.has(path) {
		return
	}
	if len(raw.list) == 0 {
		c.errorf(CodeList, path, "leave the line out for the default", "%q is an empty list", key(path))
		return
	}
	var widths []int32
	for i, n := range raw.list {
		at := c.element(path, i)
		switch {
		case slices.Contains(raw.odd, i):
			c.errorf(CodeRange, at, "", "a width of %q is not an integer number of days", key(path))
		case n < 1 || n > 3660:
			c.errorf(CodeRange, at, "", "a width of %q is %d; expected a number of days from 1 to 3660", key(path), n)
		default:
			widths = append(widths, int32(n))
		}
	}
	if len(widths) == len(raw.list) {
		r.Window = widths
	}
	if c.has("report.retention") && !slices.Contains(r.Modes, cohort.Window) || c.absent("report.retention") {
		c.warnf(CodeUseless, path, `add "window" to retention`, `"window_days" has no effect, because "retention" does not hold "window"`)
	}
}

// thresholds reads the days after which a customer counts as dormant and as lost.
func (c *checker) thresholds() {
	raw, o := c.raw.Report, &c.site.Report.Options
	o.Active = int32(c.between("report.active_days", raw.ActiveDays, 1, 36600, 0))
	o.Lost = int32(c.between("report.lost_days", raw.LostDays, 1, 36600, 0))
	if o.Active > 0 && o.Lost > 0 && o.Active >= o.Lost {
		c.errorf(CodeConflict, "report.lost_days", "a customer is active, then dormant, then lost",
			`"lost_days" is %d, not more than "active_days", which is %d`, o.Lost, o.Active)
	}
}

// share reads a number from 0 to 1.
func (c *checker) share(path string, v, fallback float64) float64 {
	if !c.has(path) {
		return fallback
	}
	if !(v >= 0 && v <= 1) {
		c.errorf(CodeRange, path, percentHint(v), "%q is %v; expected a share from 0 to 1", key(path), v)
		return fallback
	}
	return v
}

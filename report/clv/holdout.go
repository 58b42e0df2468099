package clv

import (
	"math"

	"parcours/report/clv/btyd"
	"parcours/report/dataset"
)

// sameRate is the baseline that lets everybody go on at the rate of purchases so far.
const sameRate btyd.Name = "same-rate"

// rateWeeks is the shortest time over which the rate so far is taken: a purchase two days after the first does not make a
// customer of 180 purchases a year. Four weeks.
const rateWeeks = 4

// trial is the data of the holdout: what was known of customers at the end of calibration, and what they did later.
type trial struct {
	rows    []dataset.CalibrationRow
	known   histories
	weeks   float64 // from the end of calibration to the end of observation
	whole   forecaster
	actual  int64
	people  int64
	variety float64 // Σ (later − mean)²
}

// newTrial gathers the tables of calibration; false when there are none, or nothing comes after.
func newTrial(agg *dataset.Aggregates, h histories) (*trial, bool) {
	m := agg.Manifest
	if len(agg.Calibration) == 0 || m.Calibration == dataset.NoCalibration || m.AsOf <= m.Calibration {
		return nil, false
	}
	t := &trial{
		rows: agg.Calibration, known: h, weeks: float64(m.AsOf-m.Calibration) / daysAWeek, whole: newForecaster(h.cells, itself),
	}
	var squares float64
	for _, r := range t.rows {
		t.people += r.Customers
		t.actual += r.Customers * int64(r.Later)
		squares += float64(r.Customers) * square(float64(r.Later))
	}
	t.variety = squares - square(float64(t.actual))/float64(t.people)
	return t, true
}

// expect is the expected number of purchases in the holdout of a customer of every cell.
func (t *trial) expect(f btyd.Fitted) []float64 {
	out := make([]float64, len(t.known.cells))
	t.whole.each(f, precision, 1, flow(f, 0, []float64{t.weeks}, nil), func(_, cell int, alive float64, values []float64) {
		out[cell] = alive * values[0]
	})
	return out
}

// sameRate is x ÷ T per week, T being at least rateWeeks.
func (t *trial) sameRate() []float64 {
	out := make([]float64, len(t.known.cells))
	for i, c := range t.known.cells {
		out[i] = float64(c.X) / max(c.T, rateWeeks) * t.weeks
	}
	return out
}

// test compares a forecast of every cell with what its customers did, one by one.
func (t *trial) test(name btyd.Name, expected []float64) Test {
	var sum, squares, cross, absolute, errors float64
	for i, r := range t.rows {
		n, e, later := float64(r.Customers), expected[t.known.of[i]], float64(r.Later)
		sum += n * e
		squares += n * e * e
		cross += n * e * later
		absolute += n * math.Abs(e-later)
		errors += n * square(e-later)
	}
	people := float64(t.people)
	out := Test{Name: string(name), Expected: sum, MAE: absolute / people, RMSE: math.Sqrt(errors / people), Correlation: math.NaN()}
	if t.actual > 0 {
		out.Bias = sum/float64(t.actual) - 1
	}
	if spread := squares - sum*sum/people; spread > 1e-12*squares && t.variety > 0 {
		out.Correlation = (cross - sum*float64(t.actual)/people) / math.Sqrt(spread*t.variety)
	}
	return out
}

// holdout tests every usable model of the calibration, and the baselines.
func (t *trial) holdout(s *Stage, m dataset.Manifest) *Holdout {
	h := &Holdout{From: m.Calibration + 1, To: m.AsOf, Customers: t.people, Actual: t.actual}
	for _, f := range s.Models {
		if f.Model == nil {
			continue
		}
		test := t.test(f.Name, t.expect(f.Fitted))
		if f.Name == btyd.NBD {
			h.Baselines = append(h.Baselines, test)
		} else {
			h.Models = append(h.Models, test)
		}
	}
	h.Baselines = append([]Test{t.test(sameRate, t.sameRate())}, h.Baselines...)
	return h
}

// test returns the test of a model; the NBD is among the baselines.
func (h *Holdout) test(name btyd.Name) (Test, bool) {
	if h == nil {
		return Test{}, false
	}
	for _, tests := range [][]Test{h.Models, h.Baselines} {
		for _, t := range tests {
			if t.Name == string(name) {
				return t, true
			}
		}
	}
	return Test{}, false
}

// detail adds what is shown of the chosen model alone. The NBD is a model then, and not only a baseline.
func (t *trial) detail(h *Holdout, f btyd.Fitted, s *Stage, agg *dataset.Aggregates) {
	if own, ok := h.test(f.Name); ok && f.Name == btyd.NBD {
		h.Models = append(h.Models, own)
	}
	expected := t.expect(f)
	h.ByX = t.byX(expected)
	h.ByRecency = t.byRecency(expected)
	h.Weeks = track(agg, f)
	h.Histogram = t.histogram(f)
	h.ChiSquare = chiSquare(h.Histogram, 0)
	h.Value = t.value(expected, s.Spend, agg.Manifest.Digits)
}

// byX compares means by repeat purchases in calibration.
func (t *trial) byX(expected []float64) []Group {
	groups := make([]Group, shownX+2)
	for x := range groups {
		groups[x] = Group{From: int32(x), To: int32(x)}
	}
	groups[shownX+1].To, groups[shownX+1].More = 0, true
	return t.compare(groups, expected, func(c btyd.Cell) int { return min(c.X, shownX+1) })
}

// recencyDays are the upper bounds of classes of days since the last purchase.
func recencyDays() []int32 { return []int32{30, 60, 90, 180, 365, 730} }

// byRecency compares means by the days between the last purchase and the end of calibration.
func (t *trial) byRecency(expected []float64) []Group {
	bounds := recencyDays()
	groups, from := make([]Group, 0, len(bounds)+1), int32(0)
	for _, b := range bounds {
		groups = append(groups, Group{From: from, To: b})
		from = b + 1
	}
	groups = append(groups, Group{From: from, More: true})
	all := t.compare(groups, expected, func(c btyd.Cell) int { return classOf(bounds, daysSince(c.History)) })
	for len(all) > 1 && all[len(all)-1].Customers == 0 { // classes longer than the history
		all = all[:len(all)-1]
		all[len(all)-1].To, all[len(all)-1].More = 0, true
	}
	return all
}

// daysSince is the number of whole days since the last purchase.
func daysSince(h btyd.History) int32 { return int32(math.Round((h.T - h.TX) * daysAWeek)) }

// classOf is the index of the first inclusive upper bound, len(bounds) beyond the last.
func classOf(bounds []int32, v int32) int {
	for i, b := range bounds {
		if v <= b {
			return i
		}
	}
	return len(bounds)
}

func (t *trial) compare(groups []Group, expected []float64, class func(btyd.Cell) int) []Group {
	for i, r := range t.rows {
		cell := t.known.of[i]
		g := &groups[class(t.known.cells[cell])]
		n := float64(r.Customers)
		g.Customers += r.Customers
		g.Actual += n * float64(r.Later)
		g.Expected += n * expected[cell]
	}
	for i := range groups {
		if n := float64(groups[i].Customers); n > 0 {
			groups[i].Actual /= n
			groups[i].Expected /= n
		}
	}
	return groups
}

// histogram compares customers by number of purchases in the holdout: with P(alive) they follow the posterior law of an
// active customer, otherwise they buy nothing.
func (t *trial) histogram(f btyd.Fitted) []HistogramBar {
	bars := newBars()
	for _, r := range t.rows {
		bars[min(int(r.Later), shownX+1)].Observed += r.Customers
	}
	parts := make([][shownX + 2]float64, chunks(len(t.known.cells)))
	t.whole.each(f, 1e-8, shownX+1, masses(f, t.weeks), func(n, cell int, alive float64, p []float64) {
		customers, rest := t.known.cells[cell].N, 1.
		for k := range shownX + 1 {
			v := alive * p[k]
			if k == 0 {
				v += 1 - alive
			}
			parts[n][k] += customers * v
			rest -= v
		}
		parts[n][shownX+1] += customers * max(rest, 0)
	})
	for _, part := range parts {
		for k, v := range part {
			bars[k].Expected += v
		}
	}
	return bars
}

// value compares what the purchases of the holdout were worth with purchases × value of each, both as known at the end
// of calibration.
func (t *trial) value(expected []float64, s *SpendFit, digits int) *ValueTest {
	if s == nil {
		return nil
	}
	var v ValueTest
	worth := s.prices(digits)
	for i, c := range t.known.cells {
		v.Expected += expected[i] * worth.of(c.X, c.N, float64(t.known.spend[i]))
	}
	for _, r := range t.rows {
		v.Actual += float64(r.LaterSpend)
	}
	if v.Actual > 0 {
		v.Bias = v.Expected/v.Actual - 1
	}
	return &v
}

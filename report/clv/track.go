package clv

import (
	"parcours/report/clv/btyd"
	"parcours/report/dataset"
)

// track compares repeat purchases week by week. Weeks are counted from the day of the first purchase of all; expected by the
// end of week w is Σ E[X(tᵢ)] with tᵢ = w − (max T − Tᵢ), as in the literature: a customer whose first purchase is d
// days after that of the first customer has had w − d/7 weeks.
func track(agg *dataset.Aggregates, f btyd.Fitted) []Week {
	rows := agg.Track
	for len(rows) > 0 && rows[0].First == 0 {
		rows = rows[1:]
	}
	if len(rows) == 0 {
		return nil
	}
	first := rows[0].Day
	n := int(agg.Manifest.AsOf-first+1) / daysAWeek
	if n == 0 {
		return nil
	}
	mean := means(f, n*daysAWeek)
	weeks := make([]Week, n)
	next := 0
	var actual int64
	for w := range weeks {
		end := first + int32(w+1)*daysAWeek - 1
		before := actual
		for ; next < len(rows) && rows[next].Day <= end; next++ {
			actual += rows[next].Repeat
		}
		weeks[w] = Week{End: end, Holdout: end > agg.Manifest.Calibration, Actual: actual - before, CumulativeActual: actual}
		weeks[w].CumulativeExpected = cumulative(rows, mean, first, (w+1)*daysAWeek)
		weeks[w].Expected = weeks[w].CumulativeExpected
		if w > 0 {
			weeks[w].Expected -= weeks[w-1].CumulativeExpected
		}
	}
	return weeks
}

// means is E[X(t)] of a new customer after 0 … days days.
func means(f btyd.Fitted, days int) []float64 {
	times, out := make([]float64, days), make([]float64, days+1)
	for i := range times {
		times[i] = float64(i+1) / daysAWeek
	}
	flow(f, 0, times, nil).at(0, 0, 0, out[1:])
	alive := f.Model.Alive(btyd.History{})
	for i := range out {
		out[i] *= alive
	}
	return out
}

// cumulative is the expected number of repeat purchases in the given days after the first customer's first.
func cumulative(rows []dataset.TrackRow, mean []float64, first dataset.Day, days int) (sum float64) {
	for _, r := range rows {
		if age := days - int(r.Day-first); age > 0 && r.First > 0 {
			sum += float64(r.First) * mean[age]
		}
	}
	return sum
}

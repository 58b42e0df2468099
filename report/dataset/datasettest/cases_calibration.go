package datasettest

import (
	"fmt"
	"testing"

	"parcours/report/dataset"
)

// calibration: in Paris ana's second purchase is in the last minute of the last day of calibration, her third in the
// first of the holdout; cyd comes later and is in neither Calibration nor Track.
func calibration() Case {
	return Case{
		Name: "calibration to a given day",
		Request: dataset.Request{
			Calendar: dataset.Calendar{Zone: zone("Europe/Paris")}, AsOf: date(2024, 12, 31), Calibration: date(2024, 6, 30),
		},
		Rows: orders(`
			customer order time             amount
			ana      1     2024-01-01T10:00 100
			ana      2     2024-06-30T21:59 200
			ana      3     2024-06-30T22:00 400
			ana      4     2024-12-31T10:00 800
			bob      5     2024-06-30T08:00 50
			cyd      6     2024-07-01T10:00 70
			cyd      7     2024-07-08T10:00 30`),
		Check: func(t *testing.T, a *dataset.Aggregates) {
			same(t, "calibration", []dataset.Day{a.Manifest.Calibration}, *date(2024, 6, 30))
			same(t, "given", []bool{a.Manifest.CalibrationGiven}, true)
			same(t, "Cells", histories(t, a),
				history{0, 0, 184, 50, 0, 50}, history{1, 7, 183, 70, 30, 100}, history{3, 365, 365, 100, 1400, 1500})
			same(t, "Calibration", a.Calibration, // ln 181 = 5.1984970313
				dataset.CalibrationRow{Customers: 1},
				dataset.CalibrationRow{
					X: 1, TX: 181, T: 181, Later: 2, Customers: 1, SumTX: 181, SumT: 181, Spenders: 1, Spend: 200,
					LogGaps: 5198497031, LaterSpend: 1200,
				})
			same(t, "Track", a.Track,
				dataset.TrackRow{Day: *date(2024, 1, 1), First: 1},
				dataset.TrackRow{Day: *date(2024, 6, 30), First: 1, Repeat: 1, RepeatSpend: 200},
				dataset.TrackRow{Day: *date(2024, 7, 1), Repeat: 1, RepeatSpend: 400},
				dataset.TrackRow{Day: *date(2024, 12, 31), Repeat: 1, RepeatSpend: 800})
			// ln 30 = 3.4011973817, ln 200 = 5.2983173665(5), ln 1400 = 7.2442275156
			same(t, "EarlySpend", a.EarlySpend,
				dataset.SpendRow{X: 1, Bin: 46, Customers: 1, Sum: 200, SquaresLow: 40000, LogSum: 5298317367})
			same(t, "Spend", a.Spend,
				dataset.SpendRow{X: 1, Bin: 29, Customers: 1, Sum: 30, SquaresLow: 900, LogSum: 3401197382},
				dataset.SpendRow{X: 3, Bin: 62, Customers: 1, Sum: 1400, SquaresLow: 1960000, LogSum: 7244227516})
		},
	}
}

// calibrationDays: the history begins on 1 January 2024 and 180 days are enough to choose a calibration.
func calibrationDays() []Case {
	none := dataset.NoCalibration
	var cases []Case
	for _, x := range []struct {
		name        string
		asOf, asked *dataset.Day
		want        dataset.Day
	}{
		{"180 days", date(2024, 6, 29), nil, *date(2024, 3, 31)},
		{"179 days", date(2024, 6, 28), nil, none},
		{"181 days", date(2024, 6, 30), nil, *date(2024, 3, 31)},
		{"two years", date(2026, 1, 1), nil, *date(2025, 1, 1)},
		{"three years", date(2027, 1, 1), nil, *date(2026, 1, 1)},
		{"179 days, asked for", date(2024, 6, 28), date(2024, 3, 1), *date(2024, 3, 1)},
		{"the first day", date(2024, 6, 28), date(2024, 1, 1), *date(2024, 1, 1)},
		{"before the first day", date(2024, 6, 28), date(2023, 12, 31), none},
		{"the day before the last", date(2024, 6, 28), date(2024, 6, 27), *date(2024, 6, 27)},
		{"the last day", date(2024, 6, 28), date(2024, 6, 28), none},
		{"after the last day", date(2024, 6, 28), date(2024, 7, 1), none},
	} {
		cases = append(cases, Case{
			Name:    "calibration: " + x.name,
			Request: dataset.Request{AsOf: x.asOf, Calibration: x.asked},
			Rows: orders(`
				customer order time       amount
				ana      -     2024-01-01 1
				ana      -     2024-03-31 1
				ana      -     2024-04-01 1
				bob      -     2024-06-28 1`),
			Check: func(t *testing.T, a *dataset.Aggregates) {
				same(t, "calibration", []dataset.Day{a.Manifest.Calibration}, x.want)
				same(t, "given", []bool{a.Manifest.CalibrationGiven}, x.asked != nil)
				var early, firsts int64
				for _, r := range a.Calibration {
					early += r.Customers
				}
				for _, r := range a.Track {
					firsts += r.First
				}
				switch {
				case x.want == none:
					same(t, "customers of no calibration and of the track", []int64{early, firsts}, 0, 2)
				case x.want < *date(2024, 6, 28):
					same(t, "customers of calibration and of the track", []int64{early, firsts}, 1, 1)
				default:
					same(t, "customers of calibration and of the track", []int64{early, firsts}, 2, 2)
				}
			},
		})
	}
	return cases
}

// resolutions: ten customers bought once, 0, 3, 4, 10, 11, 13, 14, 30, 46 and 130 days before as-of; the scores of
// recency take two of them each. They make 10 cells of days, 7 of weeks, 6 of four weeks and 5 of a quarter; half
// of four weeks, 14 days, is one.
func resolutions() []Case {
	days := [][2]int32{{46, 130}, {14, 30}, {11, 13}, {4, 10}, {0, 3}} // of scores 1 to 5
	var cases []Case
	for _, x := range []struct {
		most, resolution int32
		buckets          [][2]int32
	}{
		{0, 1, days},
		{10, 1, days},
		{9, 7, [][2]int32{{7, 19}, {2, 4}, {2, 2}, {1, 1}, {0, 0}}},
		{7, 7, [][2]int32{{7, 19}, {2, 4}, {2, 2}, {1, 1}, {0, 0}}},
		{6, 28, [][2]int32{{2, 5}, {1, 1}, {0, 0}, {0, 0}, {0, 0}}},
		{5, 91, [][2]int32{{1, 1}, {0, 0}, {0, 0}, {0, 0}, {0, 0}}},
		{4, 364, [][2]int32{{0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}}},
	} {
		cases = append(cases, Case{
			Name:    fmt.Sprintf("resolution of at most %d cells", x.most),
			Request: dataset.Request{AsOf: date(2024, 6, 30), Cohort: dataset.BySignUp, Grain: dataset.Quarter, MaxCells: int(x.most)},
			Rows: map[string][]dataset.Row{
				"orders": table(`
					customer time       amount
					a        2024-06-30 1
					b        2024-06-27 1
					c        2024-06-26 1
					d        2024-06-20 1
					e        2024-06-19 1
					f        2024-06-17 1
					g        2024-06-16 1
					h        2024-05-31 1
					i        2024-05-15 1
					j        2024-02-21 1`),
				"customers": table(`
					customer sign_up
					a        2024-01-01
					b        2024-01-01
					c        2024-01-01
					d        2024-01-01
					e        2024-01-01
					f        2024-01-01
					g        2024-01-01
					h        2024-01-01
					i        2024-01-01
					j        2024-01-01`),
			},
			Check: func(t *testing.T, a *dataset.Aggregates) {
				var want []dataset.CellRow
				add := func(score int8, bucket, day int32) {
					if n := len(want) - 1; n >= 0 && want[n].R == score && want[n].T == bucket {
						want[n].Customers++
						want[n].SumT += int64(day)
						want[n].Net++
						want[n].FirstSpend++
						return
					}
					want = append(want, dataset.CellRow{
						Cohort: 2024 * 4, R: score, F: 1, T: bucket, Customers: 1, SumT: int64(day), Net: 1, FirstSpend: 1,
					})
				}
				for i, pair := range x.buckets {
					add(int8(i+1), pair[0], days[i][0])
					add(int8(i+1), pair[1], days[i][1])
				}
				same(t, "Cells", a.Cells, want...)
				same(t, "resolution", []int32{a.Manifest.Resolution}, x.resolution)
			},
		})
	}
	return cases
}

// calibrationDecides: at the end of observation the four customers have the same history, and so one cell of days,
// but at the end of calibration they differ; weeks make them two.
func calibrationDecides() Case {
	return Case{
		Name:    "resolution by the rows of calibration",
		Request: dataset.Request{AsOf: date(2024, 7, 1), Calibration: date(2024, 3, 1), MaxCells: 2},
		Rows: orders(`
			customer time       amount
			a        2024-01-01 1
			a        2024-01-05 1
			a        2024-05-01 1
			b        2024-01-01 1
			b        2024-01-11 1
			b        2024-05-01 1
			c        2024-01-01 1
			c        2024-01-12 1
			c        2024-05-01 1
			d        2024-01-01 1
			d        2024-01-18 1
			d        2024-05-01 1`),
		Check: func(t *testing.T, a *dataset.Aggregates) {
			same(t, "resolution", []int32{a.Manifest.Resolution}, 7)
			same(t, "cells", []int{len(a.Cells)}, 1)
			var got [][5]int64
			for _, r := range a.Calibration {
				got = append(got, [5]int64{int64(r.X), int64(r.TX), int64(r.T), r.Customers, r.SumTX})
			}
			// 60 days are 8.6 weeks; 4 and 10 are nearest to one week, 11 and 17 to two.
			same(t, "Calibration", got, [5]int64{1, 1, 9, 2, 14}, [5]int64{1, 2, 9, 2, 28})
		},
	}
}

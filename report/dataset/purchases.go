package dataset

import (
	"math"
	"math/big"
)

// The tables of this file are what probability models of repeat buying read. They see purchases: the distinct days on
// which a customer has an order that was not cancelled. An order is cancelled when it was worth more than nothing and
// the refunds that name it, up to the end of observation, leave nothing of it; a free order is a purchase. The value of
// a purchase is the sum of its orders, without the cancelled ones, after the refunds that name them, 0 when that is
// negative. Refunds that name no order lower no purchase; they are in CellRow.Net only.
//
// Of a customer seen up to a day E: X is the number of purchases after the first, TX the days from the first to the
// last, T the days from the first to E. E is the end of observation for Cells, Spend and Discrete, and the last day of
// calibration for Calibration and EarlySpend, which hold only customers with a purchase by then. Whether an order is
// cancelled and what it is worth is always as known at the end of observation.
//
// Every row counts at least one customer, or one purchase in Track.

// Resolutions are the widths in days of the buckets of T and TX. The first at which neither the rows of Cells with
// Dim "" nor those of Calibration are more than Request.MaxCells is used, the last if there is none.
var Resolutions = []int32{1, 7, 28, 91, 364}

// MaxCells is the default of Request.MaxCells.
const MaxCells = 200_000

// Bucket returns the bucket of a number of days ≥ 0: the nearest multiple of the resolution, halves upward. Rounding down
// instead would shift every parameter of a model.
func Bucket(days, resolution int32) int32 { return (2*days + resolution) / (2 * resolution) }

// CellRow counts customers with the same history. TX and T are buckets of Manifest.Resolution days; SumTX and SumT are
// exact sums of days, so that the mean of a cell is exact at any resolution.
//
// Cohort is that of CohortRow: a first order that was cancelled still makes the cohort. R and F are the scores of RFMRow,
// so that the rows of a cell make its segment. Spenders are customers whose repeat purchases are worth something, Spend
// is what they are worth; FirstSpend is the value of the first purchases and Net the net value so far (as RFMRow.Net).
// LogGaps is Σ over gaps between consecutive purchases of round(10⁹ × ln days).
// Σ Customers over Dim "" is Totals.Customers − Totals.CancelledCustomers.
type CellRow struct {
	Dim             string
	Cohort          int32
	R, F            int8
	X, TX, T        int32
	Customers       int64
	SumTX, SumT     int64
	Net             int64
	FirstSpend      int64
	Spenders, Spend int64
	LogGaps         int64
}

// CalibrationRow counts customers with the same history at the end of calibration and the same number of purchases
// Later, from the day after it to the end of observation. LaterSpend is what those are worth.
type CalibrationRow struct {
	X, TX, T        int32
	Later           int32
	Customers       int64
	SumTX, SumT     int64
	Spenders, Spend int64
	LogGaps         int64
	LaterSpend      int64
}

// TrackRow counts purchases by day, of the customers whose first is by the end of calibration (all of them when there is
// no calibration): First are customers whose first purchase it is, Repeat are the others, RepeatSpend their value.
type TrackRow struct {
	Day           Day
	First, Repeat int64
	RepeatSpend   int64
}

// SpendRow counts customers with X > 0 whose repeat purchases are worth something, by SpendBin of that worth; purchases
// worth nothing count in X. Sum is what they are worth together. The sum of squares is SquaresHigh × 2⁶⁴ + SquaresLow;
// LogSum is Σ round(10⁹ × ln worth), worth in minor units.
type SpendRow struct {
	X                       int32
	Bin                     int32
	Customers               int64
	Sum                     int64
	SquaresHigh, SquaresLow uint64
	LogSum                  int64
}

// BinsPerDecade is the number of bins of SpendRow in a factor of ten.
const BinsPerDecade = 20

// SpendBin returns ⌊20 log₁₀ worth⌋ of an amount of at least one minor unit; less counts as one.
func SpendBin(worth int64) int32 {
	x := BinsPerDecade * math.Log10(float64(max(worth, 1)))
	bin := math.Floor(x)
	if near := math.Round(x); math.Abs(x-near) < 1e-9 { // the logarithm is not that exact, integers are
		bin = near
		if new(big.Int).Exp(big.NewInt(max(worth, 1)), big.NewInt(BinsPerDecade), nil).Cmp(powerOfTen(near)) < 0 {
			bin--
		}
	}
	return int32(bin)
}

func powerOfTen(n float64) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}

// DiscreteRow counts customers by complete periods (Manifest.Grain) after the one of their first purchase: N such
// periods by the end of observation, X of them with a purchase, the last of these the TX-th (0 when X is 0).
type DiscreteRow struct {
	X, TX, N  int32
	Customers int64
}

// LogUnit is the unit of LogGaps and LogSum.
const LogUnit = 1e-9

// NoCalibration stands for no end of calibration.
const NoCalibration Day = math.MinInt32

// CalibrationEnd chooses the last day of calibration: the later half of the history is held out, at most a year of it, so
// that every season is tested once. Without at least MinHistory days there is none.
func CalibrationEnd(first, asOf Day) Day {
	days := asOf - first
	if days < MinHistory {
		return NoCalibration
	}
	return asOf - min((days+1)/2, 365)
}

// MinHistory is the number of days from the first order to the end of observation that a calibration needs.
const MinHistory = 180

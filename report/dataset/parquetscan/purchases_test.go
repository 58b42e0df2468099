package parquetscan_test

import (
	"math/bits"
	"testing"

	"parcours/report/dataset"
)

// bought sums up the tables of purchases. The numbers wanted below were computed apart, with pandas from the rows of the
// files: group by customer and day, clip sums at 0, and numpy's logarithms.
type bought struct {
	customers, repeaters, x, tx, t int64 // Σ of X, TX and T
	histories                      int   // distinct (X, TX, T)
	gaps                           int64 // Σ of logarithms
}

type worth struct {
	customers, sum, squares, logs int64
	rows                          int
}

func ofCells(rows []dataset.CellRow) (b bought, first int64) {
	seen := map[[3]int32]bool{}
	for _, r := range rows {
		if r.Dim != "" {
			continue
		}
		seen[[3]int32{r.X, r.TX, r.T}] = true
		b.add(r.X, r.Customers, r.SumTX, r.SumT, r.LogGaps)
		first += r.FirstSpend
	}
	b.histories = len(seen)
	return b, first
}

func ofCalibration(rows []dataset.CalibrationRow) (b bought, later, value int64) {
	seen := map[[3]int32]bool{}
	for _, r := range rows {
		seen[[3]int32{r.X, r.TX, r.T}] = true
		b.add(r.X, r.Customers, r.SumTX, r.SumT, r.LogGaps)
		later += int64(r.Later) * r.Customers
		value += r.LaterSpend
	}
	b.histories = len(seen)
	return b, later, value
}

func (b *bought) add(x int32, customers, tx, t, gaps int64) {
	b.customers += customers
	if x > 0 {
		b.repeaters += customers
	}
	b.x += int64(x) * customers
	b.tx += tx
	b.t += t
	b.gaps += gaps
}

func ofSpend(t *testing.T, rows []dataset.SpendRow) worth {
	w := worth{rows: len(rows)}
	for _, r := range rows {
		w.customers += r.Customers
		w.sum += r.Sum
		w.logs += r.LogSum
		w.squares += int64(r.SquaresLow)
		if r.SquaresHigh != 0 || bits.Len64(r.SquaresLow) > 62 {
			t.Errorf("%+v: too many squares", r)
		}
	}
	return w
}

func TestPurchasesOfPublicDataAreThoseComputedApart(t *testing.T) {
	cdnow := func(t *testing.T) *dataset.Orders {
		return &dataset.Orders{Files: filesAt(shared(t, "cdnow", "cdnow_master.parquet"))}
	}
	asked := dataset.CivilDay(1997, 9, 30)
	for _, test := range []struct {
		name          string
		orders        func(t *testing.T) *dataset.Orders
		asked         *dataset.Day
		calibration   string
		final, early  bought
		spend, before worth
		first, empty  int64
		later, value  int64
		rows, days    int
		discrete      [4]int64 // Σ of X, TX and N, rows
	}{
		{
			"CDNOW", cdnow, nil, "1997-09-30",
			bought{23570, 11516, 44021, 3178932, 11834346, 11104, 151752428456493},
			bought{23570, 9451, 24337, 1129644, 5399736, 8685, 76951021279184},
			worth{11515, 171575502, 13900031072766, 102153074576055, 595},
			worth{9450, 93879389, 4582739306981, 80963434963431, 397},
			78456061, 80, 19684, 77696113, 9525, 546,
			[4]int64{31809, 104198, 377718, 369},
		},
		{
			// The published sample: 2,357 customers, 946 repeaters, 1,016 histories, 1,882 purchases in the holdout.
			"a tenth of CDNOW", func(*testing.T) *dataset.Orders {
				return &dataset.Orders{Files: filesAt("../../clv/testdata/cdnow_sample.parquet")}
			}, &asked, "1997-09-30",
			bought{2357, 1139, 4339, 307464, 1183240, 1218, 14882253595641},
			bought{2357, 946, 2457, 112949, 539779, 1016, 7690605904841},
			worth{1139, 16633199, 1116259978977, 10099592198891, 254},
			worth{946, 9535560, 653623094230, 8100689663822, 181},
			7775995, 8, 1882, 7097639, 1144, 545,
			[4]int64{3103, 10080, 37774, 261},
		},
		{
			"Online Retail", online, nil, "2011-06-05",
			bought{4339, 2790, 12427, 567287, 966655, 3046, 39748913533834},
			bought{2754, 1365, 4136, 137400, 316528, 1459, 12350235015143},
			worth{2790, 692848290, 3321550637945456, 31548912141985, 458},
			worth{1365, 215070306, 367239701080636, 15092429260144, 268},
			198292500, 3, 6989, 427814445, 1896, 305,
			[4]int64{8142, 17305, 28170, 263},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := aggregate(t, dataset.Request{Currency: "USD", Digits: 2, Calibration: test.asked, Tables: dataset.Tables{Orders: test.orders(t)}})
			if got := dataset.FormatDay(a.Manifest.Calibration); got != test.calibration || a.Manifest.Resolution != 1 {
				t.Errorf("calibration ends on %s, resolution %d", got, a.Manifest.Resolution)
			}
			if a.Totals.EmptyPurchases != test.empty || a.Totals.CancelledCustomers != 0 {
				t.Errorf("%+v", a.Totals)
			}
			if got, first := ofCells(a.Cells); got != test.final || first != test.first {
				t.Errorf("Cells: got %+v and %d, want %+v and %d", got, first, test.final, test.first)
			}
			if got, later, value := ofCalibration(a.Calibration); got != test.early || later != test.later || value != test.value || len(a.Calibration) != test.rows {
				t.Errorf("Calibration: got %+v, %d, %d in %d rows, want %+v, %d, %d in %d", got, later, value, len(a.Calibration), test.early, test.later, test.value, test.rows)
			}
			if got := ofSpend(t, a.Spend); got != test.spend {
				t.Errorf("Spend: got %+v, want %+v", got, test.spend)
			}
			if got := ofSpend(t, a.EarlySpend); got != test.before {
				t.Errorf("EarlySpend: got %+v, want %+v", got, test.before)
			}
			if len(a.Track) != test.days {
				t.Errorf("%d days with purchases, want %d", len(a.Track), test.days)
			}
			d := [4]int64{3: int64(len(a.Discrete))}
			for _, r := range a.Discrete {
				d[0] += int64(r.X) * r.Customers
				d[1] += int64(r.TX) * r.Customers
				d[2] += int64(r.N) * r.Customers
			}
			if d != test.discrete {
				t.Errorf("Discrete: got %v, want %v", d, test.discrete)
			}
		})
	}
}

package clv

import (
	"cmp"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go"

	"parcours/report/dataset"
)

// visit is a purchase: what one customer bought on one day, in minor units.
type visit struct {
	customer int32
	day      dataset.Day
	value    int64
}

// buyer is one customer of a shop.
type buyer struct {
	dim   string
	days  []dataset.Day
	worth []int64
}

// shop fills the tables of purchases customer by customer, independently of the scanner.
type shop struct {
	buyers      []buyer
	first, asOf dataset.Day
	calibration dataset.Day
	resolution  int32
	digits      int
}

// newShop gathers visits; those of a customer on one day are one purchase.
func newShop(visits []visit, calibration, asOf dataset.Day) *shop {
	slices.SortFunc(visits, func(a, b visit) int {
		return cmp.Or(cmp.Compare(a.customer, b.customer), cmp.Compare(a.day, b.day))
	})
	s := &shop{asOf: asOf, calibration: calibration, resolution: 1, digits: 2}
	for i, v := range visits {
		if i == 0 || visits[i-1].customer != v.customer {
			s.buyers = append(s.buyers, buyer{})
		}
		b := &s.buyers[len(s.buyers)-1]
		if n := len(b.days); n > 0 && b.days[n-1] == v.day {
			b.worth[n-1] += v.value
			continue
		}
		b.days, b.worth = append(b.days, v.day), append(b.worth, v.value)
	}
	s.start()
	return s
}

func (s *shop) start() {
	s.first = s.asOf
	for _, b := range s.buyers {
		s.first = min(s.first, b.days[0])
	}
}

func (s *shop) aggregates() *dataset.Aggregates {
	a := &dataset.Aggregates{Manifest: dataset.Manifest{
		AsOf: s.asOf, First: s.first, Grain: dataset.Month, Currency: "EUR", Digits: s.digits, Calibration: s.calibration,
		Resolution: s.resolution, Dimension: "channel",
	}}
	a.Totals.Customers = int64(len(s.buyers))
	a.Cells = s.cells()
	a.Spend = s.spend(s.asOf)
	if s.calibration != dataset.NoCalibration {
		a.Calibration = s.calibrated()
		a.EarlySpend = s.spend(s.calibration)
		a.Track = s.track()
	}
	return a
}

// until is the history of a buyer at the end of a day: the number of purchases, the value of the first and of the others.
func (b buyer) until(end dataset.Day) (n int, spend int64, gaps int64) {
	for i, d := range b.days {
		if d > end {
			break
		}
		n++
		if i > 0 {
			spend += b.worth[i]
			gaps += int64(math.Round(1e9 * math.Log(float64(d-b.days[i-1]))))
		}
	}
	return n, spend, gaps
}

func (s *shop) cells() []dataset.CellRow {
	rows := map[dataset.CellRow]dataset.CellRow{}
	var cal dataset.Calendar
	for _, b := range s.buyers {
		n, spend, gaps := b.until(s.asOf)
		tx, t := b.days[n-1]-b.days[0], s.asOf-b.days[0]
		r := dataset.CellRow{
			Cohort: cal.PeriodOf(dataset.Month, b.days[0]), R: int8(5 - min(4, (t-tx)/90)), F: int8(min(5, n)),
			X: int32(n - 1), TX: dataset.Bucket(tx, s.resolution), T: dataset.Bucket(t, s.resolution),
		}
		for _, dim := range []string{"", b.dim} {
			if r.Dim = dim; dim == "" && rows[r].Customers < 0 {
				continue
			}
			c := rows[r]
			c.Customers++
			c.SumTX += int64(tx)
			c.SumT += int64(t)
			c.FirstSpend += b.worth[0]
			c.Spend += spend
			c.Net += b.worth[0] + spend
			c.LogGaps += gaps
			if spend > 0 {
				c.Spenders++
			}
			rows[r] = c
			if b.dim == "" {
				break
			}
		}
	}
	out := make([]dataset.CellRow, 0, len(rows))
	for k, r := range rows {
		r.Dim, r.Cohort, r.R, r.F, r.X, r.TX, r.T = k.Dim, k.Cohort, k.R, k.F, k.X, k.TX, k.T
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b dataset.CellRow) int {
		return cmp.Or(cmp.Compare(a.Dim, b.Dim), cmp.Compare(a.Cohort, b.Cohort), cmp.Compare(a.R, b.R), cmp.Compare(a.F, b.F),
			cmp.Compare(a.X, b.X), cmp.Compare(a.TX, b.TX), cmp.Compare(a.T, b.T))
	})
	return out
}

func (s *shop) calibrated() []dataset.CalibrationRow {
	rows := map[[4]int32]dataset.CalibrationRow{}
	for _, b := range s.buyers {
		n, spend, gaps := b.until(s.calibration)
		if n == 0 {
			continue
		}
		all, total, _ := b.until(s.asOf)
		tx, t := b.days[n-1]-b.days[0], s.calibration-b.days[0]
		k := [4]int32{int32(n - 1), dataset.Bucket(tx, s.resolution), dataset.Bucket(t, s.resolution), int32(all - n)}
		c := rows[k]
		c.X, c.TX, c.T, c.Later = k[0], k[1], k[2], k[3]
		c.Customers++
		c.SumTX += int64(tx)
		c.SumT += int64(t)
		c.Spend += spend
		c.LogGaps += gaps
		c.LaterSpend += total - spend
		if spend > 0 {
			c.Spenders++
		}
		rows[k] = c
	}
	out := make([]dataset.CalibrationRow, 0, len(rows))
	for _, r := range rows {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b dataset.CalibrationRow) int {
		return cmp.Or(cmp.Compare(a.X, b.X), cmp.Compare(a.TX, b.TX), cmp.Compare(a.T, b.T), cmp.Compare(a.Later, b.Later))
	})
	return out
}

func (s *shop) spend(end dataset.Day) []dataset.SpendRow {
	type place struct{ x, bin int32 }
	rows, squares := map[place]dataset.SpendRow{}, map[place]*big.Int{}
	for _, b := range s.buyers {
		n, spend, _ := b.until(end)
		if n < 2 || spend <= 0 {
			continue
		}
		k := place{int32(n - 1), dataset.SpendBin(spend)}
		c := rows[k]
		c.X, c.Bin = k.x, k.bin
		c.Customers++
		c.Sum += spend
		c.LogSum += int64(math.Round(1e9 * math.Log(float64(spend))))
		if squares[k] == nil {
			squares[k] = new(big.Int)
		}
		z := big.NewInt(spend)
		squares[k].Add(squares[k], z.Mul(z, z))
		rows[k] = c
	}
	out := make([]dataset.SpendRow, 0, len(rows))
	for k, r := range rows {
		r.SquaresLow = new(big.Int).And(squares[k], new(big.Int).SetUint64(math.MaxUint64)).Uint64()
		r.SquaresHigh = new(big.Int).Rsh(squares[k], 64).Uint64()
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b dataset.SpendRow) int { return cmp.Or(cmp.Compare(a.X, b.X), cmp.Compare(a.Bin, b.Bin)) })
	return out
}

func (s *shop) track() []dataset.TrackRow {
	rows := map[dataset.Day]dataset.TrackRow{}
	for _, b := range s.buyers {
		if b.days[0] > s.calibration {
			continue
		}
		for i, d := range b.days {
			r := rows[d]
			if r.Day = d; i == 0 {
				r.First++
			} else {
				r.Repeat++
				r.RepeatSpend += b.worth[i]
			}
			rows[d] = r
		}
	}
	out := make([]dataset.TrackRow, 0, len(rows))
	for _, r := range rows {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b dataset.TrackRow) int { return cmp.Compare(a.Day, b.Day) })
	return out
}

// Days of CDNOW: the end of calibration and of the data.
var (
	cdnowEnd  = dataset.CivilDay(1997, 9, 30)
	cdnowLast = dataset.CivilDay(1998, 6, 30)
)

// cdnow is the shop of a file of transactions.
func cdnow(t testing.TB, path string) *shop {
	t.Helper()
	return newShop(transactions(t, path), cdnowEnd, cdnowLast)
}

func cdnowSample(t testing.TB) *shop {
	return cdnow(t, filepath.Join("testdata", "cdnow_sample.parquet"))
}

// transactions reads customer_id, date and dollar_value, whatever stores the decimal.
func transactions(t testing.TB, path string) []visit {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Skip("without the file of transactions: ", err)
	}
	defer f.Close()
	var visits []visit
	reader := parquet.NewReader(f)
	defer reader.Close()
	place := map[string]int{}
	for i, column := range reader.Schema().Columns() {
		place[column[0]] = i
	}
	buffer := make([]parquet.Row, 512)
	for {
		n, err := reader.ReadRows(buffer)
		for _, row := range buffer[:n] {
			visits = append(visits, visit{
				row[place["customer_id"]].Int32(), row[place["date"]].Int32(), decimal(row[place["dollar_value"]]),
			})
		}
		if err != nil {
			return visits
		}
	}
}

func decimal(v parquet.Value) int64 {
	switch v.Kind() {
	case parquet.Int32:
		return int64(v.Int32())
	case parquet.Int64:
		return v.Int64()
	}
	raw := v.ByteArray()
	n := new(big.Int).SetBytes(raw)
	if len(raw) > 0 && raw[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(raw))))
	}
	return n.Int64()
}

// shared is a file beside the repository, which need not be there.
func shared(t testing.TB, path string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for parent := filepath.Dir(dir); parent != dir; dir, parent = parent, filepath.Dir(parent) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(parent, "shared", filepath.FromSlash(path))
		}
	}
	t.Skip("not in a module")
	return ""
}

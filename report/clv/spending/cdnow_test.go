package spending_test

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go"

	"parcours/report/clv/estimate"
	"parcours/report/clv/spending"
)

// spender is a customer with x repeat purchases worth total.
type spender struct {
	x     int
	total float64
}

// cdnow reads the repeat purchases of the CDNOW sample by 1997-09-30: one a day, the first of each customer left out.
func cdnow(t *testing.T) []spender {
	t.Helper()
	type row struct {
		Customer int32 `parquet:"customer_id"`
		Day      int32 `parquet:"date"`
		Cents    int64 `parquet:"dollar_value,decimal(2:10)"`
	}
	rows, err := parquet.ReadFile[row]("../testdata/cdnow_sample.parquet")
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.Customer, b.Customer), cmp.Compare(a.Day, b.Day))
	})
	const end = 10134
	var all []spender
	var cents []int64
	first := int32(0)
	for i, r := range rows {
		if i == 0 || r.Customer != rows[i-1].Customer {
			first = r.Day
			all, cents = append(all, spender{}), append(cents, 0)
		}
		if r.Day == first || r.Day > end {
			continue
		}
		if r.Day != rows[i-1].Day {
			all[len(all)-1].x++
		}
		cents[len(cents)-1] += r.Cents
	}
	for i := range all {
		all[i].total = float64(cents[i]) / 100
	}
	return slices.DeleteFunc(all, func(s spender) bool { return s.x == 0 || s.total <= 0 })
}

// exact makes a bin of each customer.
func exact(all []spender) []spending.Bin { return binned(all, 0) }

// binned makes bins of an equal width in ln z, of each customer alone when there are 0 in a decade.
func binned(all []spender, perDecade float64) []spending.Bin {
	type key struct{ x, bin int }
	index := map[key]int{}
	var bins []spending.Bin
	for i, s := range all {
		k := key{s.x, i}
		if perDecade > 0 {
			k.bin = int(math.Floor(math.Log10(s.total) * perDecade))
		}
		at, ok := index[k]
		if !ok {
			at = len(bins)
			index[k] = at
			bins = append(bins, spending.Bin{X: s.x})
		}
		b := &bins[at]
		b.N++
		b.Sum += s.total
		b.SumSquares += s.total * s.total
		b.LogSum += math.Log(s.total)
	}
	return bins
}

// withoutSpread forgets Σz², as if every customer of a bin were at its mean; Σ ln z stays exact.
func withoutSpread(bins []spending.Bin) []spending.Bin {
	for i := range bins {
		b := &bins[i]
		b.SumSquares = b.Sum * b.Sum / b.N
	}
	return bins
}

func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %.8g, want %.8g ± %.2g", what, got, want, tolerance)
	}
}

// published is the fit to the CDNOW sample of CLVTools, to more digits by an independent program.
var published = struct {
	params, se    []float64
	logLikelihood float64
}{[]float64{6.249572, 3.744225, 15.44352}, []float64{1.190, .2901, 4.159}, -4055.9177}

func TestTheFitToTheCDNOWSampleIsPublished(t *testing.T) {
	all := cdnow(t)
	if len(all) != 946 {
		t.Fatalf("%d repeaters", len(all))
	}
	for name, c := range map[string]struct {
		bins      []spending.Bin
		precision float64
	}{"exact": {exact(all), 2e-5}, "20 bins per decade": {binned(all, 20), 2e-5}} {
		r := estimate.Fit(spending.Problem(c.bins))
		if r.Status != estimate.Converged || r.Agree != r.Starts {
			t.Errorf("%s: %s, %d of %d starts agree", name, r.Status, r.Agree, r.Starts)
			continue
		}
		within(t, name+": log-likelihood", r.LogLikelihood, published.logLikelihood, 1e-3)
		for i, want := range published.params {
			within(t, name+": "+r.Names[i], r.Params[i], want, c.precision*want)
			within(t, name+": SE of "+r.Names[i], r.SE[i], published.se[i], 5e-4*published.se[i])
		}
		t.Logf("%s: %d bins, %v, SE %v, LL %.5f, %d evaluations", name, len(c.bins), r.Params, r.SE, r.LogLikelihood, r.Evaluations)
	}
}

func TestAFewBinsWithTheirSpreadBeatManyWithout(t *testing.T) {
	all := cdnow(t)
	far := func(bins []spending.Bin) float64 {
		r := estimate.Fit(spending.Problem(bins))
		worst := 0.
		for i, want := range published.params {
			worst = math.Max(worst, math.Abs(r.Params[i]/want-1))
		}
		return worst
	}
	few, many := far(binned(all, 8)), far(withoutSpread(binned(all, 100)))
	t.Logf("largest error of a parameter: %.2g with 8 bins a decade, %.2g with 100 without Σz²", few, many)
	if !(few < many/2) {
		t.Errorf("8 bins a decade are off by %g, 100 without Σz² by %g", few, many)
	}
}

func TestTheFirstCustomersAreExpectedToSpendAsPublished(t *testing.T) {
	m := spending.Model{P: 6.25, Q: 3.74, Gamma: 15.44}
	prior, finite := m.Prior()
	if !finite {
		t.Error("the prior mean is infinite")
	}
	within(t, "prior mean", prior, 35.22, .005)
	// x and mean value of the first ten customers of the summary, and their expected values: lifetimes' test, recomputed.
	for i, c := range []struct {
		x          int
		mean, want float64
	}{
		{2, 22.35, 24.66},
		{1, 11.77, 18.92},
		{0, 0, 35.22},
		{0, 0, 35.22},
		{0, 0, 35.22},
		{7, 73.74, 71.47},
		{1, 11.77, 18.92},
		{0, 0, 35.22},
		{2, 25.55, 27.29},
		{0, 0, 35.22},
	} {
		within(t, "expected value", m.Expected(c.x, float64(c.x)*c.mean), c.want, .006)
		if t.Failed() {
			t.Fatalf("customer %d", i+1)
		}
	}
}

func TestValueHardlyDependsOnFrequencyAtCDNOW(t *testing.T) {
	all := cdnow(t)
	for name, bins := range map[string][]spending.Bin{"exact": exact(all), "binned": binned(all, 20)} {
		plain, low, high := spending.PlainCorrelation(bins)
		within(t, name+": plain correlation", plain, .1139, 5e-5)
		if !(low < plain && plain < high && low > 0) {
			t.Errorf("%s: %g in [%g, %g]", name, plain, low, high)
		}
		r, low, high := spending.Correlation(bins)
		within(t, name+": correlation of logarithms", r, .188745203, 1e-6)
		within(t, name+": its lower bound", low, math.Tanh(math.Atanh(r)-1.959964/math.Sqrt(943)), 1e-7)
		within(t, name+": its upper bound", high, math.Tanh(math.Atanh(r)+1.959964/math.Sqrt(943)), 1e-7)
	}
}

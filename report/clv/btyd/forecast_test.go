package btyd_test

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"parcours/report/clv/btyd"
	"parcours/report/clv/estimate"
)

// holdoutWeeks is the length of the holdout of CDNOW: 1997-10-01 to 1998-06-30.
const holdoutWeeks = 39

// fittedModel is a model fitted to the CDNOW sample; the test is skipped while predictions of that name do not exist.
func fittedModel(t *testing.T, name btyd.Name) btyd.Model {
	t.Helper()
	f := btyd.Fit(name, cellsOf(sample(t)))
	if f.Model == nil {
		t.Fatalf("%s: %s", name, f.Status)
	}
	return f.Model
}

func expected(m btyd.Model, h btyd.History, delta, t float64) float64 {
	var out [1]float64
	m.Expected(h, delta, []float64{t}, out[:])
	return out[0]
}

func TestExpectedPurchasesOfTheFitsArePublished(t *testing.T) {
	bg, pareto := fittedModel(t, btyd.BGNBD), fittedModel(t, btyd.ParetoNBD)
	best := btyd.History{X: 26, TX: 30.857142857, T: 31} // customer 1516
	at := func(x int, tx, t float64) btyd.History { return btyd.History{X: x, TX: tx, T: t} }
	for _, c := range []struct {
		what      string
		got, want float64
		digits    float64
	}{
		{"BG/NBD, new, 78 weeks", expected(bg, btyd.History{}, 0, 78), 1.85796, 5e-6},
		{"BG/NBD, new, 52 weeks", expected(bg, btyd.History{}, 0, 52), 1.444012, 2e-6},
		{"Pareto/NBD, new, 52 weeks", expected(pareto, btyd.History{}, 0, 52), 1.473434, 3e-6},
		{"BG/NBD, customer 1516", expected(bg, best, 0, 52), 25.75733, 3e-5},
		{"Pareto/NBD, customer 1516", expected(pareto, best, 0, 52), 25.45518, 1e-4},
		{"BG/NBD, customer 1516 alive", bg.Alive(best), .9688544, 3e-7},
		{"Pareto/NBD, customer 1516 alive", pareto.Alive(best), .997873, 1e-6},
		{"BG/NBD, discounted for ever", expected(bg, at(2, 30.43, 38.86), .0027, math.Inf(1)), 5.15636, 3e-5},
		{"BG/NBD, new, discounted for ever", expected(bg, btyd.History{}, .0027, math.Inf(1)), 3.64333, 3e-5},
		{"BG/NBD, x = 10", expected(bg, at(10, 20, 39), 0, 52), .3474838, 1e-6},
		{"BG/NBD, x = 15", expected(bg, at(15, 20, 39), 0, 52), .04283702, 3e-7},
		{"BG/NBD, x = 20", expected(bg, at(20, 20, 39), 0, 52), .004159275, 5e-8},
		{"BG/NBD, x = 25", expected(bg, at(25, 20, 39), 0, 52), .0003583939, 5e-9},
		{"Pareto/NBD, x = 10", expected(pareto, at(10, 20, 39), 0, 52), .705888, 2e-5},
		{"Pareto/NBD, x = 15", expected(pareto, at(15, 20, 39), 0, 52), .1441508, 5e-6},
		{"Pareto/NBD, x = 20", expected(pareto, at(20, 20, 39), 0, 52), .02249017, 1e-6},
		{"Pareto/NBD, x = 25", expected(pareto, at(25, 20, 39), 0, 52), .003090072, 2e-7},
	} {
		if !(math.Abs(c.got-c.want) <= c.digits) {
			t.Errorf("%s: %.9g, want %.9g", c.what, c.got, c.want)
		}
	}
}

// barsOf is the number of customers with 0 … 6, 7 or more purchases that a model expects.
func barsOf(m btyd.Model, cells []btyd.Cell) (bars [8]float64) {
	byAge := map[float64]float64{}
	for _, c := range cells {
		byAge[c.T] += c.N
	}
	for age, n := range byAge {
		rest := n
		for x := range 7 {
			v := n * m.Mass(x, age)
			bars[x] += v
			rest -= v
		}
		bars[7] += rest
	}
	return bars
}

func TestFrequencyHistogramsArePublished(t *testing.T) {
	cells := cellsOf(sample(t))
	observed := [8]float64{1411, 439, 214, 100, 62, 38, 29, 64}
	for _, want := range []struct {
		name         btyd.Name
		bars         []float64
		chi2, p, eps float64
	}{
		{btyd.BGNBD, []float64{1407.68, 460.32, 192.46, 101.16, 59.85, 38.12, 25.55, 71.85}, 4.82, .19, .005},
		{btyd.ParetoNBD, []float64{1434.05, 396.88, 193.49, 111.81, 69.99, 45.86, 30.93, 73.99}, 11.99, .007, .0005},
		{btyd.MBGNBD, nil, 2.955, .399, .0005},
	} {
		bars := barsOf(fittedModel(t, want.name), cells)
		statistic := 0.
		for i, v := range bars {
			if want.bars != nil {
				within(t, want.name, "customers of a bar", v, want.bars[i], .0051)
			}
			statistic += (observed[i] - v) * (observed[i] - v) / v
		}
		within(t, want.name, "χ²", statistic, want.chi2, .0051)
		within(t, want.name, "p", distuv.ChiSquared{K: 3}.Survival(statistic), want.p, want.eps)
	}
}

// holdoutError compares the purchases of the holdout with those expected, customer by customer.
type holdoutError struct{ total, bias, mae, rmse, correlation float64 }

func testOnHoldout(customers []customer, m btyd.Model) (e holdoutError, groups [8]float64) {
	var actual, forecast []float64
	var n [8]float64
	var all, absolute, squares float64
	for _, c := range customers {
		v := expected(m, c.history, 0, holdoutWeeks)
		a := float64(len(c.later))
		actual, forecast = append(actual, a), append(forecast, v)
		e.total += v
		all += a
		absolute += math.Abs(v - a)
		squares += (v - a) * (v - a)
		g := min(c.history.X, 7)
		n[g]++
		groups[g] += v
	}
	for g := range groups {
		groups[g] /= n[g]
	}
	count := float64(len(customers))
	e.bias, e.mae, e.rmse = e.total/all-1, absolute/count, math.Sqrt(squares/count)
	e.correlation = stat.Correlation(actual, forecast, nil)
	return e, groups
}

func TestHoldoutForecastsArePublished(t *testing.T) {
	customers := sample(t)
	for _, want := range []struct {
		name        btyd.Name
		e           holdoutError
		groups      []float64 // asserted by others at estimates that differ in the sixth digit
		groupDigits float64
	}{
		{btyd.BGNBD, holdoutError{1653.41, -.1215, .7855, 1.6080, .6256}, []float64{.2251, .5231, 1.0441, 1.5203, 2.1638, 2.6538, 3.5040, 6.1570}, 2e-4},
		{btyd.ParetoNBD, holdoutError{1665.51, -.1150, .7545, 1.6028, .6302}, []float64{.138, .600, 1.196, 1.714, 2.399, 2.907, 3.819, 6.403}, 8e-4},
		{btyd.MBGNBD, holdoutError{1576.73, -.1622, .7648, 1.6072, 0}, nil, 0},
		{btyd.NBD, holdoutError{2929.82, .557, 1.0410, 1.8595, 0}, nil, 0},
	} {
		got, groups := testOnHoldout(customers, fittedModel(t, want.name))
		within(t, want.name, "total", got.total, want.e.total, .011)
		within(t, want.name, "bias", got.bias, want.e.bias, map[bool]float64{true: 5.1e-4, false: 5.1e-5}[want.name == btyd.NBD])
		within(t, want.name, "MAE", got.mae, want.e.mae, 5.1e-5)
		within(t, want.name, "RMSE", got.rmse, want.e.rmse, 5.1e-5)
		if want.e.correlation != 0 {
			within(t, want.name, "correlation", got.correlation, want.e.correlation, 5.1e-5)
		}
		for i, v := range want.groups {
			within(t, want.name, "mean of a frequency", groups[i], v, want.groupDigits)
		}
	}
}

func TestActualHoldoutByFrequencyIsPublished(t *testing.T) {
	var n, sum [8]float64
	for _, c := range sample(t) {
		g := min(c.history.X, 7)
		n[g]++
		sum[g] += float64(len(c.later))
	}
	for i, want := range []float64{.2367, .6970, 1.3925, 1.5600, 2.5323, 2.9474, 3.8621, 6.3594} {
		within(t, "", "actual mean", sum[i]/n[i], want, 6e-5)
	}
}

// tracked is the number of repeat purchases that a model expects by the end of a week, counted from the first day.
func tracked(m btyd.Model, cells []btyd.Cell, week float64) float64 {
	longest, sum := 0., 0.
	byAge := map[float64]float64{}
	for _, c := range cells {
		longest = math.Max(longest, c.T)
		byAge[c.T] += c.N
	}
	for age, n := range byAge {
		if t := week - (longest - age); t > 0 {
			sum += n * expected(m, btyd.History{}, 0, t)
		}
	}
	return sum
}

func TestTrackingIsPublished(t *testing.T) {
	customers := sample(t)
	cells := cellsOf(customers)
	bg, pareto := fittedModel(t, btyd.BGNBD), fittedModel(t, btyd.ParetoNBD)
	actual := func(week int32) (n float64) {
		for _, c := range customers {
			for _, d := range append(c.days[1:len(c.days):len(c.days)], c.later...) {
				if d <= cdnowFirst-1+7*week {
					n++
				}
			}
		}
		return n
	}
	for i, want := range []struct{ actual, bg, pareto, step, bgStep, paretoStep float64 }{
		{1359, 1312.458, 1308.856, 73, 76.865, 78.308},
		{1414, 1387.346, 1385.275, 55, 74.888, 76.419},
		{1484, 1460.392, 1459.923, 70, 73.046, 74.648},
		{1517, 1531.713, 1532.906, 33, 71.322, 72.983},
		{1573, 1601.418, 1604.320, 56, 69.704, 71.414},
		{1672, 1669.600, 1674.253, 99, 68.182, 69.933},
	} {
		w := float64(20 + i)
		within(t, "", "actual purchases", actual(int32(w)), want.actual, 0)
		within(t, "", "actual purchases of a week", actual(int32(w))-actual(int32(w)-1), want.step, 0)
		within(t, btyd.BGNBD, "cumulative", tracked(bg, cells, w), want.bg, .003)
		within(t, btyd.ParetoNBD, "cumulative", tracked(pareto, cells, w), want.pareto, .23)
		within(t, btyd.BGNBD, "of a week", tracked(bg, cells, w)-tracked(bg, cells, w-1), want.bgStep, .002)
		within(t, btyd.ParetoNBD, "of a week", tracked(pareto, cells, w)-tracked(pareto, cells, w-1), want.paretoStep, .02)
	}
}

func TestTheCompleteCDNOWFileConvergesFromEveryStart(t *testing.T) {
	customers := customersOf(readTransactions(t, shared(t, "data/cdnow/cdnow_master.parquet")), cdnowEnd)
	if len(customers) != 23570 {
		t.Errorf("%d customers, want 23,570", len(customers))
	}
	cells := cellsOf(customers)
	for _, name := range []btyd.Name{btyd.NBD, btyd.BGNBD, btyd.MBGNBD, btyd.ParetoNBD} {
		if !known(name) {
			continue
		}
		p, err := btyd.Problem(name, 1, cells)
		if err != nil {
			t.Fatal(err)
		}
		p.Starts = append(p.Starts, randomStarts(5, len(p.Names))...)
		all := btyd.Fit(name, cells)
		if every := estimate.Fit(p); every.Agree != every.Starts || !every.Usable() || math.Abs(every.LogLikelihood-all.LogLikelihood) > 1e-3 {
			t.Errorf("%s: %d of %d starts agree, %s, log-likelihood %.4f and %.4f", name, every.Agree, every.Starts, every.Status,
				every.LogLikelihood, all.LogLikelihood)
		}
		if all.Agree != all.Starts {
			t.Errorf("%s: %d of %d starts agree", name, all.Agree, all.Starts)
		}
		t.Logf("%s: %d cells, %v, SE %v, LL %.4f, BIC %.1f", name, len(cells), all.Params, all.SE, all.LogLikelihood, all.BIC)
	}
}

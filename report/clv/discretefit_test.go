package clv

import (
	"math"
	"reflect"
	"runtime"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"parcours/report/clv/discrete"
	"parcours/report/clv/special"
	"parcours/report/dataset"
)

// clubs are members who may buy once a month, with known laws.
func clubs(seed uint64) periodShop {
	return periodShop{
		seed: seed, months: 24, size: 150, asOf: dataset.CivilDay(2021, 12, 31), leave: distuv.Beta{Alpha: .8, Beta: 6},
		buy: &distuv.Beta{Alpha: 1.2, Beta: 1.8}, price: 3000, gap: 40,
	}
}

var clubLaw = discrete.BGBB{Alpha: 1.2, Beta: 1.8, Gamma: .8, Delta: 6}

func TestPeriodsWithAPurchaseAreForecast(t *testing.T) {
	const seeds = 60
	next, active := 0, 0
	for seed := range uint64(seeds) {
		s := clubs(seed)
		a := s.aggregates(s.customers(0))
		d := discreteFit(a, 12)
		if d == nil || d.Customers != 24*150 || d.Periods != 12 {
			t.Fatalf("%+v", d)
		}
		patterns, _ := patternsOf(a.Discrete)
		truth := nextPeriods(clubLaw, discrete.NewTable(patterns), 12)
		if d.Next.Low <= truth[0] && truth[0] <= d.Next.High {
			next++
		}
		if d.Active.Low <= truth[1] && truth[1] <= d.Active.High {
			active++
		}
		about(t, "next", d.Next.Value, truth[0], .1*truth[0])
	}
	t.Logf("next covered %d, active %d of %d", next, active, seeds)
	if next < 53 || active < 53 {
		t.Errorf("covered %d and %d times of %d", next, active, seeds)
	}
}

func TestExpectedPeriodsMeetWhatCameLater(t *testing.T) {
	var actual, expected, n float64
	for seed := range uint64(10) {
		s := clubs(seed)
		lives := s.customers(12)
		d := discreteFit(s.aggregates(lives), 12)
		expected += d.Next.Value * float64(d.Customers)
		for _, c := range lives {
			n++
			for _, bought := range c.bought[24-(c.month-firstMonth):] {
				if bought {
					actual++
				}
			}
		}
	}
	about(t, "purchases of a year", expected/actual, 1, .03)
	t.Logf("%.0f expected, %.0f came, %.0f customers", expected, actual, n)
}

func TestPeriodsWithAPurchaseAreCounted(t *testing.T) {
	s := clubs(3)
	a := s.aggregates(s.customers(0))
	d := discreteFit(a, 6)
	var observed int64
	var expected float64
	for i, b := range d.Expected {
		if int(b.X) != i || b.More != (i == len(d.Expected)-1) {
			t.Errorf("bar %d: %+v", i, b)
		}
		observed += b.Observed
		expected += b.Expected
		about(t, "customers", b.Expected, float64(b.Observed), 6*math.Sqrt(float64(b.Observed)))
	}
	if observed != d.Customers {
		t.Errorf("%d customers in the bars", observed)
	}
	about(t, "expected customers", expected, float64(d.Customers), 1e-6)
	if d := discreteFit(&dataset.Aggregates{}, 12); d != nil {
		t.Error("a fit to nothing")
	}
	if d := discreteFit(a, 0); d != nil {
		t.Error("a forecast of nothing")
	}
}

func TestManyPatternsAreFittedAsWell(t *testing.T) {
	var patterns []discrete.Pattern // as many customers with each as the law expects
	for n := 1; n <= 52; n++ {
		for x := range n + 1 {
			for tx := x; tx <= n; tx++ {
				if p := (discrete.Pattern{X: x, TX: tx, N: n}); (x == 0) == (tx == 0) {
					p.Count = 1000 * math.Exp(clubLaw.LogLikelihood(p)+special.LogRising(float64(max(tx-x, 0)+1), float64(max(x-1, 0)))-
						special.LogGamma(float64(max(x, 1))))
					patterns = append(patterns, p)
				}
			}
		}
	}
	if len(patterns) <= manyPatterns {
		t.Fatalf("%d patterns", len(patterns))
	}
	r := fitPatterns(patterns)
	about(t, "customers", r.Weight, 52*1000, 1e-3)
	for i, want := range []float64{clubLaw.Alpha, clubLaw.Beta, clubLaw.Gamma, clubLaw.Delta} {
		about(t, r.Names[i], r.Params[i], want, 1e-4*want)
	}
	if !r.Usable() || r.Agree != r.Starts || r.SE == nil {
		t.Errorf("%s, %d of %d starts agree", r.Status, r.Agree, r.Starts)
	}
}

func TestRowsThatNoCustomerCanHaveDoNotCount(t *testing.T) {
	s := clubs(2)
	a := s.aggregates(s.customers(0))
	want := discreteFit(a, 12)
	a.Discrete = append(a.Discrete, dataset.DiscreteRow{X: 9, TX: 3, N: 400, Customers: 5})
	f := discreteForecast(a, dataset.Calendar{}, &Report{Margin: 1}, discreteFit(a, 12), Settings{Draws: 2}, 30)
	if d := discreteFit(a, 12); d.Params[0] != want.Params[0] || f.Customers != want.Customers {
		t.Errorf("%v, want %v; %d customers", d.Params, want.Params, f.Customers)
	}
}

func TestTheValueOfClubsIsForecast(t *testing.T) {
	const seeds = 20
	covered, bias := 0, 0.
	for seed := range uint64(seeds) {
		s := clubs(seed)
		a := s.aggregates(s.customers(0))
		set := Settings{Draws: 60, DiscountRate: .1, DiscountGiven: true}
		f := discreteForecast(a, dataset.Calendar{}, &Report{Margin: 1}, discreteFit(a, 12), set, 30)
		value := 0.
		patterns, _ := patternsOf(a.Discrete)
		for _, p := range patterns {
			for k := 1; k <= 12; k++ {
				value += p.Count * (clubLaw.Expected(p, k) - clubLaw.Expected(p, k-1)) * float64(s.price) * math.Pow(1.1, -(float64(k)-.5)/12)
			}
		}
		if f.Equity.Low <= value && value <= f.Equity.High {
			covered++
		}
		bias += (f.Equity.Value/value - 1) / seeds
		if seed > 0 {
			continue
		}
		checkForecast(t, f, a)
		buyers, active := 0., 0.
		for _, p := range patterns {
			longer := p
			longer.N += 12
			buyers += p.Count * (1 - math.Exp(clubLaw.LogLikelihood(longer)-clubLaw.LogLikelihood(p)))
			active += p.Count * clubLaw.Alive(p)
		}
		about(t, "buyers", f.Buyers.Value, buyers, .03*buyers)
		about(t, "active", f.Active.Value, active, .04*active)
	}
	t.Logf("equity covered %d of %d, bias %.4f", covered, seeds, bias)
	if covered < 17 || math.Abs(bias) > .01 {
		t.Errorf("equity is covered %d times, bias %g", covered, bias)
	}
}

func TestForecastsByPeriodsGoOnFromTheMiddleOfOne(t *testing.T) {
	whole, middle := clubs(5), clubs(5)
	middle.asOf = dataset.CivilDay(2021, 12, 15)
	lives := whole.customers(0)
	set := Settings{Draws: 20}
	report := &Report{Margin: 1}
	for name, forecast := range map[string]func(a *dataset.Aggregates) *Forecast{
		"renewals": func(a *dataset.Aggregates) *Forecast {
			return renewalForecast(a, dataset.Calendar{}, report, fitRenewal(a, dataset.Calendar{}, set), set, 30)
		},
		"patterns": func(a *dataset.Aggregates) *Forecast {
			return discreteForecast(a, dataset.Calendar{}, report, discreteFit(a, 12), set, 30)
		},
	} {
		later, now := forecast(whole.aggregates(lives)), forecast(middle.aggregates(lives))
		checkForecast(t, now, middle.aggregates(lives))
		if len(now.Cohorts) != len(later.Cohorts) || now.Customers != later.Customers {
			t.Errorf("%s: %d cohorts of %d customers, %d of %d", name, len(now.Cohorts), now.Customers, len(later.Cohorts), later.Customers)
		}
		// Half a month earlier the year ahead is much the same, but for the newest cohort.
		about(t, name+": equity", now.Equity.Value, later.Equity.Value, .12*later.Equity.Value)
		if p := now.Cohorts[0].Points; p[0].Age != 23 || len(p) != 12 {
			t.Errorf("%s: points from age %d, %d of them", name, p[0].Age, len(p))
		}
	}
}

func TestPurchasesAtWillAreForecastByRenewalsToo(t *testing.T) {
	bias := 0.
	for seed := range uint64(5) {
		s := clubs(seed)
		lives := s.customers(12)
		a := s.aggregates(lives)
		f := renewalForecast(a, dataset.Calendar{}, &Report{Margin: 1}, fitRenewal(a, dataset.Calendar{}, Settings{}), Settings{Draws: 2}, 30)
		actual := 0.
		for _, c := range lives {
			for _, bought := range c.bought[24-(c.month-firstMonth):] {
				if bought {
					actual += float64(s.price)
				}
			}
		}
		bias += (f.Horizons[0].Value.Value/actual - 1) / 5
	}
	t.Logf("bias %.3f", bias)
	if math.Abs(bias) > .2 {
		t.Errorf("bias %g where customers buy at will", bias)
	}
}

func TestForecastsByPeriodsDoNotDependOnProcessors(t *testing.T) {
	s := clubs(6)
	a := s.aggregates(s.customers(0))
	make := func() *Forecast {
		return discreteForecast(a, dataset.Calendar{}, &Report{Margin: 1}, discreteFit(a, 12), Settings{Draws: 16}, 30)
	}
	many := make()
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	if one := make(); !reflect.DeepEqual(one, many) {
		t.Error("one processor gives another forecast")
	}
}

func TestCohortsOfSignUpsHaveNoForecastByPatterns(t *testing.T) {
	s := clubs(6)
	a := s.aggregates(s.customers(0))
	a.Manifest.Cohort = dataset.BySignUp
	f := discreteForecast(a, dataset.Calendar{}, &Report{Margin: 1}, discreteFit(a, 12), Settings{Draws: 4}, 30)
	if len(f.Cohorts) != 0 || f.Equity.Value <= 0 || f.Customers != 24*150 {
		t.Errorf("%d cohorts, equity %g", len(f.Cohorts), f.Equity.Value)
	}
}

func TestChannelsHavePricesAndCostsOfTheirOwn(t *testing.T) {
	s := subscriptions(3)
	s.dims = []string{"ads", "search", "shop"}
	all := s.customers(0)
	a := s.aggregates(all)
	for i, r := range a.Cohorts { // what comes by ads is worth half
		if r.Dim == "ads" {
			a.Cohorts[i].Net /= 2
		}
	}
	report := &Report{Margin: .5, CAC: []CAC{{Channel: "", Value: 3000, Known: true}, {Channel: "ads", Value: 1000, Known: true}}}
	f := renewalForecast(a, dataset.Calendar{}, report, fitRenewal(a, dataset.Calendar{}, Settings{}), Settings{Draws: 40}, 30)
	byName := map[string]GroupForecast{}
	for _, c := range f.Channels {
		byName[c.Dim] = c
		about(t, "total of "+c.Dim, c.Total.Value, c.Historic+c.Value.Value, 1e-9*c.Total.Value)
		if c.Customers != 1500 || c.Small || c.Age <= 0 {
			t.Errorf("%+v", c)
		}
	}
	ads, search := byName["ads"], byName["search"]
	about(t, "price of ads", ads.Value.Value/search.Value.Value, .5, .08)
	about(t, "ratio of ads", ads.Ratio.Value, ads.Total.Value*.5/1000, 1e-9)
	if !ads.CACKnown || ads.Payback < 0 || search.CACKnown || search.Payback != -1 {
		t.Errorf("ads %+v, search %+v", ads, search)
	}
	if !f.New.CACKnown || f.New.Payback < 1 || f.New.Ratio.Value <= 0 || f.New.Ratio.Low > f.New.Ratio.Value {
		t.Errorf("%+v", f.New)
	}
}

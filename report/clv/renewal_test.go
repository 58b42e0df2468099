package clv

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"parcours/report/clv/discrete"
	"parcours/report/dataset"
)

// subscriptions are monthly contracts with known laws, seen until the end of June 2022.
func subscriptions(seed uint64) periodShop {
	return periodShop{
		seed: seed, months: 30, size: 150, asOf: dataset.CivilDay(2022, 6, 30), leave: distuv.Beta{Alpha: .7, Beta: 3},
		contract: true, price: 2000, gap: 31,
	}
}

var subscriptionLaw = discrete.SBG{Alpha: .7, Beta: 3}

func about(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %.8g, want %.8g ± %.2g", what, got, want, tolerance)
	}
}

func TestRenewalsOfSubscribersAreRecovered(t *testing.T) {
	covered, points, parameters := 0, 0, [2]int{}
	const seeds = 60
	for seed := range uint64(seeds) {
		s := subscriptions(seed)
		r := fitRenewal(s.aggregates(s.customers(0)), dataset.Calendar{}, Settings{})
		if r == nil {
			t.Fatal("no fit")
		}
		// 31 days are two periods of follow-up; the cohort of January is truncated.
		if r.FollowUp != 2 || r.Cohorts != 26 || r.Customers != 26*150 || r.Renewals != 26 || len(r.Points) != 29+12+1 {
			t.Fatalf("%d cohorts, %d customers, follow-up %d, %d renewals, %d points", r.Cohorts, r.Customers, r.FollowUp, r.Renewals, len(r.Points))
		}
		for i, v := range []float64{.7, 3} {
			if r.Low[i] <= v && v <= r.High[i] {
				parameters[i]++
			}
		}
		for _, age := range []int{1, 6, 12, 30, 41} {
			e := r.Points[age].Expected
			points++
			if v := subscriptionLaw.Survival(age); e.Low <= v && v <= e.High {
				covered++
			}
		}
		if r.Dispersion < 1 || r.Dispersion > 1.5 {
			t.Errorf("dispersion %g of a shop that scatters as the model says", r.Dispersion)
		}
	}
	t.Logf("parameters covered %v, points %d of %d", parameters, covered, points)
	for _, n := range parameters {
		if n < 53 {
			t.Errorf("parameters are covered %d times", n)
		}
	}
	if rate := float64(covered) / float64(points); rate < .90 || rate > .99 {
		t.Errorf("points are covered at %g", rate)
	}
}

func TestTheRowOfRenewalsGoesOnWhereItWasObserved(t *testing.T) {
	s := subscriptions(4)
	r := fitRenewal(s.aggregates(s.customers(0)), dataset.Calendar{}, Settings{HorizonMonths: 24})
	if p := r.Points[0]; p.Expected != (Estimate{1, 1, 1}) || p.Observed != 1 || !p.Known {
		t.Errorf("age 0: %+v", p)
	}
	for i, p := range r.Points[1:] {
		// Three cohorts are known up to age 24: those of February to April 2020, with two months to follow.
		if p.Known != (p.Age <= 24) || int(p.Age) != i+1 {
			t.Errorf("age %d: known %t", p.Age, p.Known)
		}
		if p.Known && math.Abs(p.Observed-p.Expected.Value) > .05 {
			t.Errorf("age %d: observed %g, expected %g", p.Age, p.Observed, p.Expected.Value)
		}
		if e := p.Expected; !(0 < e.Low && e.Low < e.Value && e.Value < e.High && (p.Age == 25 || e.High < r.Points[i].Expected.High)) {
			t.Errorf("age %d: %+v", p.Age, e)
		}
	}
	// The row goes on from where it was observed.
	m := discrete.NewSBG(r.Params)
	about(t, "beyond", r.Points[30].Expected.Value, r.Points[24].Observed*m.Survival(30)/m.Survival(24), 1e-12)
	if len(r.Points) != 29+24+1 {
		t.Errorf("%d points", len(r.Points))
	}
}

func TestCohortsThatDifferWidenTheIntervals(t *testing.T) {
	s := subscriptions(1)
	alike := fitRenewal(s.aggregates(s.customers(0)), dataset.Calendar{}, Settings{})
	// Every other cohort is of another kind.
	other := s
	other.leave = distuv.Beta{Alpha: .7, Beta: 1}
	mixed := s.customers(0)
	for i, c := range other.customers(0) {
		if c.month%2 == 0 {
			mixed[i] = c
		}
	}
	r := fitRenewal(s.aggregates(mixed), dataset.Calendar{}, Settings{})
	if r.Dispersion < 1.5 {
		t.Errorf("dispersion %g", r.Dispersion)
	}
	width := func(e Estimate) float64 { return e.High - e.Low }
	if width(r.Points[6].Expected) < 1.2*width(alike.Points[6].Expected) {
		t.Errorf("%v against %v", r.Points[6].Expected, alike.Points[6].Expected)
	}
}

func TestWithoutEnoughRenewalsThereIsNoModel(t *testing.T) {
	s := subscriptions(1)
	s.months, s.asOf = 4, dataset.CivilDay(2020, 4, 30)
	if r := fitRenewal(s.aggregates(s.customers(0)), dataset.Calendar{}, Settings{}); r != nil {
		t.Errorf("a fit from %d renewals", r.Renewals)
	}
	if r := fitRenewal(&dataset.Aggregates{Manifest: dataset.Manifest{Grain: dataset.Month}}, dataset.Calendar{}, Settings{}); r != nil {
		t.Error("a fit to nothing")
	}
}

func TestAFewCohortsKeepTheTruncatedOne(t *testing.T) {
	s := subscriptions(2)
	s.months = 3
	all := s.customers(12)
	s.asOf = dataset.CivilDay(2020, 12, 31)
	r := fitRenewal(s.aggregates(all), dataset.Calendar{}, Settings{})
	if r == nil || r.Cohorts != 3 {
		t.Fatalf("%+v", r)
	}
}

func TestEveryCustomerStaysOrNobodyDoes(t *testing.T) {
	for name, leave := range map[string]distuv.Beta{"nobody leaves": {Alpha: 1e-9, Beta: 1e9}, "everybody leaves": {Alpha: 1e9, Beta: 1e-9}} {
		s := subscriptions(1)
		s.leave = leave
		s.months, s.asOf = 12, dataset.CivilDay(2020, 12, 31)
		a := s.aggregates(s.customers(0))
		r := fitRenewal(a, dataset.Calendar{}, Settings{})
		if r == nil {
			continue // nothing to fit is an answer as well
		}
		f := renewalForecast(a, dataset.Calendar{}, &Report{Margin: 1}, r, Settings{Draws: 20}, 30)
		for _, e := range f.estimates() {
			if math.IsNaN(e.Value+e.Low+e.High) || math.IsInf(e.Value+e.Low+e.High, 0) {
				t.Fatalf("%s: %+v", name, *e)
			}
		}
		for _, p := range r.Points {
			if e := p.Expected; !(0 <= e.Low && e.Low <= e.Value && e.Value <= e.High && e.High <= 1) {
				t.Errorf("%s: %+v", name, e)
			}
		}
	}
}

// expectedRenewals is the discounted value of the customers there at as-of, from the true law: the months to come each
// bring a price for whom they hold.
func expectedRenewals(s periodShop, all []periodCustomer, months int, rate float64) (value float64, active int) {
	last := int32(firstMonth + s.months - 1)
	for _, c := range all {
		age := last - c.month
		if !c.bought[age] {
			continue
		}
		active++
		for k := 1; k <= months; k++ {
			value += subscriptionLaw.ConditionalSurvival(int(age), k) * float64(s.price) * math.Pow(1+rate, -(float64(k)-.5)/12)
		}
	}
	return value, active
}

func TestTheValueOfSubscribersIsForecast(t *testing.T) {
	const seeds = 20
	covered := 0
	bias := 0.
	for seed := range uint64(seeds) {
		s := subscriptions(seed)
		s.dims = []string{"ads", "search"}
		all := s.customers(0)
		a := s.aggregates(all)
		set := Settings{Draws: 60, DiscountRate: .1, DiscountGiven: true}
		r := fitRenewal(a, dataset.Calendar{}, set)
		f := renewalForecast(a, dataset.Calendar{}, &Report{Margin: 1}, r, set, 30)
		value, active := expectedRenewals(s, all, 12, .1)
		if f.Equity.Low <= value && value <= f.Equity.High {
			covered++
		}
		bias += (f.Equity.Value/value - 1) / seeds
		// Who is there is known; next month they are the active customers that the forecast expects.
		there := 0.
		for _, c := range all {
			if age := firstMonth + 29 - c.month; c.bought[age] {
				there += subscriptionLaw.Retention(int(age) + 1)
			}
		}
		about(t, "active", f.Active.Value, there, .03*float64(active))
		about(t, "channels", f.Channels[0].Equity.Value+f.Channels[1].Equity.Value, f.Equity.Value, 1e-6*f.Equity.Value)
		if seed > 0 {
			continue
		}
		about(t, "buyers of subscriptions", f.Buyers.Value, f.Active.Value, 1e-9)
		checkForecast(t, f, a)
		// A new customer pays at once and then each month, from the middle of one to the middle of the next.
		about(t, "first", f.New.First, 2000, 1e-9)
		want := 2000.
		for k := 1; k <= 12; k++ {
			part := 1.
			if k == 12 {
				part = .5
			}
			want += part * subscriptionLaw.Survival(k) * 2000 * math.Pow(1.1, -float64(k)/12)
		}
		about(t, "new customer", f.New.Value.Value, want, .05*want)
	}
	t.Logf("equity covered %d of %d, bias %.4f", covered, seeds, bias)
	if covered < 17 || math.Abs(bias) > .01 {
		t.Errorf("equity is covered %d times, bias %g", covered, bias)
	}
}

// checkForecast holds what must be true of any forecast by periods.
func checkForecast(t *testing.T, f *Forecast, a *dataset.Aggregates) {
	t.Helper()
	for i, e := range f.estimates() {
		if !(e.Low <= e.Value && e.Value <= e.High) {
			t.Errorf("estimate %d: %+v", i, *e)
		}
	}
	value, historic, customers := 0., int64(0), int64(0)
	for _, c := range f.Cohorts {
		value += c.Value.Value
		historic += c.Historic
		customers += c.Customers
		previous := float64(c.Historic) / float64(c.Customers)
		for _, p := range c.Points {
			if p.Value.Value < previous-1e-9 {
				t.Errorf("cohort %d falls at age %d", c.Cohort, p.Age)
			}
			previous = p.Value.Value
		}
		if c.Active.Value < 0 || c.Active.Value > 1+1e-12 {
			t.Errorf("cohort %d: %g active", c.Cohort, c.Active.Value)
		}
	}
	about(t, "value of the cohorts", value, f.Equity.Value, 1e-9*f.Equity.Value)
	if historic != f.Historic || customers != f.Customers || customers != a.Totals.Customers {
		t.Errorf("%d of %d customers, historic %d of %d", customers, a.Totals.Customers, historic, f.Historic)
	}
	if len(f.Horizons) < 3 || f.Horizons[0].Discounted != f.Equity || f.Horizons[0].Value.Value <= f.Equity.Value ||
		f.Horizons[2].Discounted.Value < f.Horizons[1].Discounted.Value || f.Endless.Value < f.Horizons[2].Discounted.Value {
		t.Errorf("horizons %+v, without end %+v", f.Horizons, f.Endless)
	}
	if len(f.New.Curve) != int(f.Months)+1 || f.New.Curve[0].Value != f.New.First || f.New.Curve[f.Months] != f.New.Value {
		t.Errorf("curve %+v", f.New.Curve)
	}
	if !f.Bootstrap.Known || f.Gone.Value < 0 || f.Gone.Value > 1 || f.Buyers.Value > f.Active.Value*(1+1e-12) {
		t.Errorf("%+v, gone %+v, buyers %+v", f.Bootstrap, f.Gone, f.Buyers)
	}
}

package clv

import (
	"math"
	"math/rand/v2"
	"testing"

	"parcours/report/dataset"
)

// odd are shops at the limits of what can be, over 800 days with calibration at half of them.
func odd() map[string][]visit {
	rng := rand.New(rand.NewPCG(1, 2))
	const end = 20800
	shops := map[string][]visit{
		"one customer":        {{1, 20000, 500}},
		"one loyal customer":  steady(1, 20000, end, 10, 500),
		"two on the last day": {{1, end, 500}, {2, end, 700}},
		"three customers":     {{1, 20000, 500}, {2, 20100, 300}, {2, 20400, 100}, {3, 20790, 900}},
	}
	add := func(name string, v ...visit) { shops[name] = append(shops[name], v...) }
	for i := range int32(300) {
		first := 20000 + i*2
		add("nobody repeats", visit{i, first, 1000})
		add("everybody regular", steady(i, first, end, 30, 1000)...)
		add("same day", visit{i, end, 1000 + int64(i)})
		add("same first day", visit{i, 20000, 1000}, visit{i, 20000 + 1 + rng.Int32N(780), 2000})
		add("worth nothing", visit{i, first, 0}, visit{i, first + 1 + rng.Int32N(100), 0})
		add("worth the same", visit{i, first, 999}, visit{i, first + 1 + rng.Int32N(100), 999})
		add("only first purchases worth something", visit{i, first, 999}, visit{i, first + 1 + rng.Int32N(100), 0})
		add("amounts beyond measure", visit{i, first, 1e13}, visit{i, first + 1 + rng.Int32N(100), 1e13 + int64(i)*1e10})
		add("everybody twice on two days", visit{i, first, 100}, visit{i, first + 1, 100})
		add("bought again on the last day", visit{i, first, 100}, visit{i, end, 100 + int64(i)})
		add("a handful of daily buyers", visit{i, first, 100})
		if i < 12 {
			add("a handful of daily buyers", steady(1000+i, 20000, end, 1, 100)...)
		}
		if i < 11 {
			add("eleven repeaters", visit{i, first, 100}, visit{i, first + 5 + 3*i, 120})
		} else {
			add("eleven repeaters", visit{i, first, 100})
		}
		if i%2 == 0 {
			add("nothing after calibration", visit{i, 20000 + i, 100}, visit{i, 20010 + i, 200}, visit{i, 20030 + i, 300})
		} else {
			add("nothing after calibration", visit{i, 20000 + i, 100})
		}
		spend := int64(math.Exp(6 + 6*rng.NormFloat64()))
		add("spend without a mean", visit{i, first, 100}, visit{i, first + 9, max(spend, 1)}, visit{i, first + 50, max(spend, 1)})
		for k := range 1 + i%20 { // value grows with frequency
			add("loyal customers spend more", visit{i, first/2 + 10000 + k*17, int64(100 * (1 + i%20) * (1 + i%20))})
		}
	}
	return shops
}

// steady is a customer who buys every so many days.
func steady(customer int32, from, to, every int32, value int64) (all []visit) {
	for d := from; d <= to; d += every {
		all = append(all, visit{customer, d, value})
	}
	return all
}

func TestOddShopsHaveSoundPredictions(t *testing.T) {
	if testing.Short() {
		t.Skip("every strange shop")
	}
	for name, visits := range odd() {
		t.Run(name, func(t *testing.T) {
			s := newShop(visits, 20400, 20800)
			p := predictShop(t, s, quick(""))
			sound(t, p)
			if testing.Verbose() {
				t.Log(p.Chosen, p.Why, p.PoorWhy, p.Notes)
			}
		})
	}
}

func TestOddShopsMayBeForcedToAModel(t *testing.T) {
	shops := odd()
	if testing.Short() {
		t.Skip("every model on strange shops")
	}
	for _, name := range []string{"everybody regular", "everybody twice on two days"} {
		for _, model := range []string{"bg-nbd", "mbg-nbd", "pareto-nbd", "nbd", "bg-cnbd-k", "mbg-cnbd-k", "bg-bb", "sbg"} {
			t.Run(name+"/"+model, func(t *testing.T) {
				p := predictShop(t, newShop(shops[name], 20400, 20800), quick(model))
				sound(t, p)
				if p.Chosen != "" && p.Chosen != model {
					t.Errorf("chose %s", p.Chosen)
				}
			})
		}
	}
}

func TestPredictionsAreSoundForAnyCalendarAndSetting(t *testing.T) {
	if testing.Short() {
		t.Skip("every setting")
	}
	s, _, _ := usualLaw().simulate(5, 0)
	for name, change := range map[string]func(a *dataset.Aggregates, set *Settings){
		"weeks":         func(a *dataset.Aggregates, _ *Settings) { regroup(a, dataset.Week) },
		"quarters":      func(a *dataset.Aggregates, _ *Settings) { regroup(a, dataset.Quarter) },
		"one month":     func(_ *dataset.Aggregates, s *Settings) { s.HorizonMonths = 1 },
		"ten years":     func(_ *dataset.Aggregates, s *Settings) { s.HorizonMonths = 120 },
		"no discount":   func(_ *dataset.Aggregates, s *Settings) { s.DiscountGiven = true },
		"much discount": func(_ *dataset.Aggregates, s *Settings) { s.DiscountGiven, s.DiscountRate = true, 20 },
		"no dimension":  func(a *dataset.Aggregates, _ *Settings) { a.Cells = only(a.Cells) },
		"no test": func(a *dataset.Aggregates, _ *Settings) {
			a.Calibration, a.Manifest.Calibration = nil, dataset.NoCalibration
		},
		"yen":             func(a *dataset.Aggregates, _ *Settings) { a.Manifest.Digits = 0 },
		"no spend table":  func(a *dataset.Aggregates, _ *Settings) { a.Spend, a.EarlySpend = nil, nil },
		"no track table":  func(a *dataset.Aggregates, _ *Settings) { a.Track = nil },
		"late end":        func(a *dataset.Aggregates, _ *Settings) { a.Manifest.AsOf += 31 - 26 },
		"foreign scores":  func(a *dataset.Aggregates, _ *Settings) { a.Cells[3].R, a.Cells[4].F = 0, 99 },
		"foreign channel": func(a *dataset.Aggregates, _ *Settings) { a.Cells[len(a.Cells)-1].T += 9 },
	} {
		t.Run(name, func(t *testing.T) {
			a, set := s.aggregates(), quick("mbg-nbd")
			change(a, &set)
			p := predict(a, dataset.Calendar{}, plainReport(), Options{Settings: set})
			sound(t, p)
			if p.Forecast == nil {
				t.Error("no forecast")
			}
		})
	}
}

func regroup(a *dataset.Aggregates, g dataset.Grain) {
	a.Manifest.Grain = g
	for i, r := range a.Cells {
		a.Cells[i].Cohort = dataset.Calendar{}.PeriodOf(g, dataset.Calendar{}.Start(dataset.Month, r.Cohort))
	}
}

func only(rows []dataset.CellRow) (all []dataset.CellRow) {
	for _, r := range rows {
		if r.Dim == "" {
			all = append(all, r)
		}
	}
	return all
}

func TestRowsThatCannotBeAreRefused(t *testing.T) {
	s, _, _ := usualLaw().simulate(5, 0)
	a := s.aggregates()
	for i := range a.Cells {
		if r := &a.Cells[i]; r.Dim == "" && r.X > 0 {
			r.SumTX = r.SumT + 1
			break
		}
	}
	p := predict(a, dataset.Calendar{}, plainReport(), Options{})
	if p.Chosen != "" || p.Ladder[0].Why.ID != "clv.ladder.invalid" || p.Ladder[0].Why.Args["rows"] != "1" {
		t.Errorf("%v", p.Ladder)
	}
}

func TestNoModelWhenTheSiteSaysSo(t *testing.T) {
	s, _, _ := usualLaw().simulate(5, 0)
	if p := predictShop(t, s, Settings{Model: ModelNone}); p != nil {
		t.Error("a prediction")
	}
}

func TestWithoutDropOutNobodyIsSaidToStop(t *testing.T) {
	l := usualLaw()
	l.name, l.params = "nbd", []float64{1.2, 8}
	s, _, _ := l.simulate(4, 0)
	p := predictShop(t, s, quick(""))
	sound(t, p)
	if m := p.Holdout.Models; m[len(m)-1].Name != "nbd" {
		t.Errorf("tested models are %v", m)
	}
	if p.Chosen != "nbd" || p.Why[0].ID != "clv.why.no-dropout" {
		t.Errorf("%s because of %v", p.Chosen, p.Why)
	}
}

func TestRegularBuyersAreFound(t *testing.T) {
	l := usualLaw()
	l.name, l.k, l.params = "mbg-cnbd-k", 3, []float64{1, 2, .8, 3}
	s, _, _ := l.simulate(4, 0)
	p := predictShop(t, s, quick(""))
	sound(t, p)
	f, _ := p.Final.usable("mbg-cnbd-k")
	if p.Chosen != "mbg-cnbd-k" || f.K != 3 {
		t.Errorf("%s with k = %d because of %v", p.Chosen, f.K, p.Why)
	}
}

func TestCoarseCellsForecastNearlyTheSame(t *testing.T) {
	s, _, _ := usualLaw().simulate(6, 0)
	fine := predictShop(t, s, quick("mbg-nbd"))
	for _, r := range []int32{7, 28} {
		s.resolution = r
		p := predictShop(t, s, quick("mbg-nbd"))
		sound(t, p)
		approach(t, "equity", p.Forecast.Equity.Value/fine.Forecast.Equity.Value, 1, .005)
	}
}

package clv

import (
	"testing"

	"parcours/report/dataset"
)

// The observed curve of a cohort is per customer, those whose orders were all cancelled included. Points that are per
// customer with a purchase would make it jump where it is continued.
func TestPointsContinueTheObservedCurve(t *testing.T) {
	s, _, _ := usualLaw().simulate(9, 0)
	agg := s.aggregates()
	plain, withCancelled := plainReport(), plainReport()
	before := predict(agg, dataset.Calendar{}, plain, Options{Settings: quick("mbg-nbd")}).Forecast
	for _, c := range before.Cohorts {
		withCancelled.Observed = append(withCancelled.Observed, Observed{Cohort: c.Cohort, Size: c.Customers + 7})
	}
	after := predict(agg, dataset.Calendar{}, withCancelled, Options{Settings: quick("mbg-nbd")}).Forecast
	for i, c := range after.Cohorts {
		b := before.Cohorts[i]
		if b.Size != b.Customers || c.Size != c.Customers+7 || c.Value != b.Value {
			t.Fatalf("cohort %d: %d and %d of %d customers", c.Cohort, b.Size, c.Size, c.Customers)
		}
		for k, p := range c.Points {
			approach(t, "value of the cohort", p.Value.Value*float64(c.Size), b.Points[k].Value.Value*float64(b.Size), 1e-6)
		}
	}
}

func TestOrdersOfADayAreOnePurchaseInModelsByPeriod(t *testing.T) {
	agg := &dataset.Aggregates{Cells: []dataset.CellRow{
		{X: 0, Customers: 6}, {X: 2, Customers: 3}, {Dim: "Web", X: 9, Customers: 9},
	}}
	for orders, want := range map[int64]float64{0: 1, 15: 1, 20: .75} {
		agg.Totals.Orders = orders
		if got := purchasesPerOrder(agg); got != want {
			t.Errorf("%d orders: %g purchases each, want %g", orders, got, want)
		}
	}
}

// BG/CNBD-1 is BG/NBD: a site that asks for an Erlang model where purchases are not regular still gets its forecast.
func TestAnErlangModelIsThePlainOneWhenPurchasesAreNotRegular(t *testing.T) {
	s := cdnowSample(t)
	for model, plain := range map[string]string{"bg-cnbd-k": "bg-nbd", "mbg-cnbd-k": "mbg-nbd"} {
		got, want := predictShop(t, s, quick(model)), predictShop(t, s, quick(plain))
		if got.Chosen != plain || got.Forecast == nil || got.Forecast.Equity != want.Forecast.Equity || got.Why[0].ID != "clv.why.forced-plain" {
			t.Errorf("%s: %s, %v", model, got.Chosen, got.Why)
		}
	}
}

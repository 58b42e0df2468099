package dataset_test

import (
	"slices"
	"testing"

	"parcours/report/dataset"
)

func TestZeroRequestMeansTheDocumentedDefaults(t *testing.T) {
	var zero dataset.Request
	r := zero.WithDefaults()
	if r.Grain != dataset.Month || r.Cohort != dataset.ByFirstOrder || !slices.Equal(r.Window, []int32{30}) ||
		r.StepDays != 7 || r.MaxDropped != .05 || r.Negative() != dataset.NegativeRefund {
		t.Errorf("got %+v", r)
	}
	r.Tables.Orders = &dataset.Orders{Negative: dataset.NegativeOrder}
	if r.Negative() != dataset.NegativeOrder || !slices.Equal(r.Tables.Given(), []string{"orders"}) {
		t.Errorf("got %s, %v", r.Negative(), r.Tables.Given())
	}
}

func TestOnlyUnexpectedReasonsCountAsDropped(t *testing.T) {
	for reason, want := range map[dataset.Reason]bool{
		dataset.Filtered: false, dataset.Unidentified: false, dataset.AfterAsOf: false, dataset.ConflictingOrder: false,
		dataset.NoTime: true, dataset.BadTime: true, dataset.NoAmount: true, dataset.BadAmount: true,
		dataset.WrongCurrency: true, dataset.NoValue: true, dataset.BadValue: true,
	} {
		if reason.Dropped() != want {
			t.Errorf("%s: got %t", reason, !want)
		}
	}
}

package clv

import (
	"testing"
	"time"

	"parcours/report/dataset"
)

// report is what predictions need of the rest.
func plainReport() *Report { return &Report{Margin: 1, Mean: []Point{{Age: 0}}} }

func predictShop(t testing.TB, s *shop, set Settings) *Prediction {
	t.Helper()
	return predict(s.aggregates(), dataset.Calendar{}, plainReport(), Options{Settings: set})
}

func TestScratch(t *testing.T) {
	s := cdnowSample(t)
	a := s.aggregates()
	t.Log(len(a.Cells), len(a.Calibration), len(a.Spend), len(a.Track))
	from := time.Now()
	p := predict(a, dataset.Calendar{}, plainReport(), Options{})
	t.Log(time.Since(from))
	for _, st := range []*Stage{p.Calibration, p.Final} {
		t.Logf("%+v", *st)
		for _, f := range st.Models {
			t.Log(f.Name, f.K, f.Params, f.LogLikelihood, f.BIC, f.Status, f.Agree, f.Starts, f.ChiSquare, f.Evaluations)
		}
		t.Logf("%+v", *st.Spend)
	}
	h := p.Holdout
	for _, x := range h.Models {
		t.Logf("%+v", x)
	}
	for _, x := range h.Baselines {
		t.Logf("%+v", x)
	}
	for _, x := range h.ByX {
		t.Logf("%+v", x)
	}
	for _, x := range h.ByRecency {
		t.Logf("%+v", x)
	}
	for _, x := range h.Histogram {
		t.Logf("%+v", x)
	}
	if len(h.Weeks) > 26 {
		for _, x := range h.Weeks[19:26] {
			t.Logf("%+v", x)
		}
	}
	t.Log(h.Value)
	t.Logf("%+v", p.Why)
	t.Logf("%+v", p.Ladder)
	t.Logf("%+v", p.PoorWhy)
	t.Logf("%+v", p.Notes)
	if f := p.Forecast; f != nil {
		t.Logf("%+v", f.Equity)
		t.Logf("%+v", f.Horizons)
		t.Logf("%+v %+v %+v", f.Endless, f.Active, f.Gone)
		t.Logf("%+v %+v", f.AtRisk, f.Buyers)
		t.Logf("%+v", f.New)
		t.Logf("%+v", f.Cohorts)
		t.Logf("%+v", f.Segments)
		t.Logf("%+v", f.Channels)
		t.Logf("%+v", f.Matrix)
		t.Logf("%+v %v", f.Distribution, f.TopShare)
		t.Logf("%+v", f.Single)
		t.Logf("%+v", f.Bootstrap)
	}
}

func BenchmarkPredict(b *testing.B) {
	a := cdnowSample(b).aggregates()
	for b.Loop() {
		predict(a, dataset.Calendar{}, plainReport(), Options{})
	}
}
